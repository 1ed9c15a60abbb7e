import pytest

from nnctl.spec import Path, catalogue
from nnctl.spec.catalogue import keys, tables
from nnctl.spec.catalogue.kinds import list_families, parse_kind
from nnctl.spec.catalogue.slots import SPEC, Slot, find_slot, is_first


def test_every_key_has_a_slot_of_its_kind() -> None:
    for path, key in tables.walk_keys():
        slot = find_slot(tuple(path.split(".")))
        assert slot.kind == (parse_kind(key.kind) if key.kind else ()), path
    assert [find_slot((name,)).keys for name in ("data", "model", "train")] == [keys.DATA, keys.MODEL, keys.TRAIN]
    maps = {name: slot.keys for name in keys.TRAIN if (slot := find_slot(("train", name))).keys}
    assert maps == {"early_stopping": keys.EARLY_STOPPING, "checkpoint": keys.CHECKPOINT}
    assert find_slot(("data", "split")).keys == keys.SPLIT
    assert not find_slot(("train", "epochs")).keys


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("train", "optimizer"), ["optimizer"]),
        (("train", "learning_rate"), ["schedule"]),
        (("model", "layers", 3), ["layer"]),
        (("train", "metrics", 0), ["metric"]),
        (("train", "augment", 1), ["layer"]),
        (("model", "layers"), []),
        (("train", "epochs"), []),
        (("train", "optimizer", "sgd"), []),
        (("no", "such", "key"), []),
    ],
)
def test_components_stand_where_their_kind_says(path: Path, found: list[str]) -> None:
    assert find_slot(path).families == found
    assert find_slot(path).named == bool(found)


def test_a_data_source_is_named_like_a_component() -> None:
    assert find_slot(("data", "source")).named
    assert find_slot(("data", "source")).find_component("mnist") is None
    assert not find_slot(("data", "path")).named


def test_a_component_is_found_under_each_of_its_spellings() -> None:
    layer = find_slot(("model", "layers", 0))
    assert layer.find_component("Dense") is layer.find_component("dense") is catalogue.get_entry("layer", "dense")
    assert layer.find_component("sgd") is None
    assert layer.find_component(7) is None


def test_arguments_stand_inside_their_component() -> None:
    layer = find_slot(("model", "layers", 0))
    dense, wrapper = (catalogue.get_entry("layer", name) for name in ("dense", "bidirectional"))
    assert list_families(layer.follow("activation", dense).kind) == ["activation"]
    inner = layer.follow("layer", wrapper)
    assert inner.find_component("lstm") is catalogue.get_entry("layer", "lstm")
    assert inner.path == ()  # a `source` in there is none of data's
    assert layer.follow("no_such", dense) == Slot()
    assert layer.follow("units") == Slot()  # of which component?


def test_a_value_alone_is_the_first_key_of_a_map() -> None:
    assert find_slot(("train", "early_stopping")).first == "patience"
    assert find_slot(("train", "checkpoint")).first == "every_seconds"
    assert find_slot(("train",)).first is None  # a section is a map
    assert find_slot(("train", "epochs")).first is None
    assert SPEC.first is None


def test_a_map_behind_a_name_is_a_first_argument_if_a_component_is_its_only_key() -> None:
    wrapper, dense = (catalogue.get_entry("layer", name) for name in ("bidirectional", "dense"))
    assert is_first(wrapper, ["lstm"])
    assert not is_first(wrapper, ["layer"])
    assert not is_first(wrapper, ["lstm", "merge_mode"])
    assert not is_first(dense, ["units"])
    assert not is_first(catalogue.get_entry("layer", "flatten"), ["x"])
