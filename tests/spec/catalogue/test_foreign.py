import pytest

from nnctl.spec.catalogue.entries import find_entry
from nnctl.spec.catalogue.foreign import FOREIGN, find_foreign, find_foreign_names, fold_foreign, is_foreign


@pytest.mark.parametrize("family", FOREIGN)
def test_every_name_elsewhere_leads_to_a_component_and_to_arguments_of_it(family: str) -> None:
    for written, known in FOREIGN[family].items():
        assert written == fold_foreign(written)
        for axes in (1, 2, 3):
            found = find_foreign(family, written, axes)
            entry = None if found is None else find_entry(family, found.name)
            assert entry is not None, (written, axes)
            taken = {*known.takes, *(own for _, own in known.words)} - {""}
            assert taken <= set(entry.arguments), written


def test_a_number_of_axes_in_the_name_is_that_of_the_component() -> None:
    found = find_foreign("layer", "nn.MaxPool1d", 2)
    assert found is not None
    assert found.name == "max_pooling1d"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("nn.Linear", "dense"),
        ("BatchNorm1d", "batch_normalization"),
        ("fc", "dense"),
        ("f1", "f1_score"),
        ("xyz", None),
    ],
)
def test_names_elsewhere_are_found(written: str, meant: str | None) -> None:
    assert [name for _, name in find_foreign_names(written)] == ([meant] if meant else [])


def test_a_name_here_is_no_foreign_one() -> None:
    assert [is_foreign(each) for each in ("Linear", "torch.optim.Adam", "Dense", "dense", "train.epochs")] == [
        True, True, False, False, False,
    ]  # fmt: skip
