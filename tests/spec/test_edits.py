"""An edit of the text says what the same edit of the parsed tree says, whatever form the text is written in."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from nnctl.errors import SpecError
from nnctl.spec import load_spec
from nnctl.spec.dump import resolve_spec
from nnctl.spec.edits import Edit, apply, apply_to_spec, diff
from nnctl.spec.sections import Component, Spec

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
FORMS = """\
# a comment at the top
name: forms  # the name
data:
  source: {blobs: {noise: 0.5}}   # a source with options
  validation: 0.2
model:   # the network
  layers:
    # the first layer
    - flatten
    - Dense: {units: 12, activation: relu}   # wide
    - dense: 8        # its first argument

    - dense:
        units: 7      # seven
        # why tanh
        activation: tanh
    - dropout: 0.3
    - leaky_relu
    - dense:
        kernel_regularizer: {l2: 1e-4}
        units: 6
        activation: {leaky_relu: 0.1}
    - dense: {units: 3, activation: softmax,}
# in front of train
train:
  loss:    # the loss
    categorical_crossentropy:
      label_smoothing: 0.1  # a little
  optimizer: sgd  # plain
  learning_rate:
    cosine_decay: 0.01
  metrics: [accuracy, {top_k_categorical_accuracy: 2}]
  early_stopping: 4
  class_weight:
  epochs: 3
# the end
"""
RECURRENT = """\
data: {source: digits}
model:
  layers: [{bidirectional: {lstm: 8}}, batch_normalization, {dense: 10}]
train: {loss: {sparse_categorical_crossentropy: {from_logits: true}}, optimizer: {adam: {beta_1: 0.8}}}
"""


def component(plain: Any, family: str = "") -> Any:
    """A component's full form in the parsed tree."""
    return plain if isinstance(plain, dict) else {plain: {}}


def edited(spec: Spec, edit: Edit) -> Any:
    """The resolved tree after the same edit of the tree."""
    tree: Any = resolve_spec(spec)
    if edit.path == ("train", "early_stopping", "patience") and edit.kind == "set":
        tree["train"]["early_stopping"]["patience"] = edit.value
        return tree
    node = tree
    for step in edit.path[:-1]:
        node = inside(node, step)
    last = edit.path[-1]
    if isinstance(node, dict) and len(node) == 1 and last not in node and isinstance(next(iter(node.values())), dict):
        (node,) = node.values()
    if edit.kind == "insert":
        node.insert(last, edit.value)
    elif edit.kind == "remove":
        del node[last]
    else:
        node[last] = edit.value
    return tree


def inside(node: Any, step: str | int) -> Any:
    if isinstance(node, dict) and step not in node and len(node) == 1:
        (name,) = node
        return node[name][step]
    found = node[step]
    if isinstance(found, str) and (isinstance(step, int) or step in ("optimizer", "loss", "activation")):
        node[step] = found = {found: {}}
    return found


def possible(spec: Spec) -> Iterator[Edit]:
    """Edits that a rule might make of a spec."""
    for index, layer in enumerate(spec.layers):
        path = ("model", "layers", index)
        yield Edit((*path, "name"), f"layer{index}")
        yield from (
            Edit((*path, name), None, "remove")
            for name in layer.arguments
            if name != "units" and removable(layer, name)
        )
        if "units" in layer.arguments:
            yield Edit((*path, "units"), 3 if index == len(spec.layers) - 1 else 11)
            yield Edit((*path, "kernel_initializer"), "he_normal")
            yield Edit((*path, "kernel_regularizer"), {"l2": 0.001})
            yield Edit((*path, "activation"), "softmax")
        yield Edit(path, {"dropout": {"rate": 0.25}}, "insert")
        yield Edit(path, "flatten", "insert")
        if "rate" in layer.arguments:
            yield Edit((*path, "rate"), 0.125)
            yield Edit(path, kind="remove")
    yield Edit(("model", "layers", len(spec.layers)), "flatten", "insert")
    yield Edit(("train", "loss"), "mean_squared_error")
    if "crossentropy" in spec.train.loss.name:
        yield Edit(("train", "loss", "from_logits"), True)
    yield Edit(("train", "optimizer"), {"sgd": {"momentum": 0.9}})
    yield Edit(("train", "optimizer", "clipnorm"), 1.0)
    yield Edit(("train", "learning_rate"), 1e-5)
    yield Edit(("train", "batch_size"), 64)
    yield Edit(("train", "epochs"), 7)
    yield Edit(("data", "scale"), "unit")
    yield Edit(("data", "validation"), 0.25)
    if isinstance(spec.train.learning_rate, Component):
        yield Edit(("train", "learning_rate", "warmup_epochs"), 1.0)
    if spec.train.early_stopping:
        yield Edit(("train", "early_stopping", "patience"), 9)


def removable(layer: Component, name: str) -> bool:
    return name in ("activation", "use_bias", "kernel_regularizer", "kernel_initializer", "padding")


def rebuilt(tree: Any, folder: Path) -> Any:
    path = folder / "tree.yaml"
    path.write_text(yaml.safe_dump(tree, sort_keys=False))
    return resolve_spec(load_spec(path))


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[str], Spec]:
    def loaded(text: str) -> Spec:
        path = tmp_path / "edited.yaml"
        path.write_text(text, newline="")
        return load_spec(path)

    return loaded


TEXTS = {path.stem: path.read_text() for path in CONFIGS} | {
    "forms": FORMS,
    "recurrent": RECURRENT,
    "crlf": FORMS.replace("\n", "\r\n"),
    "cr": FORMS.replace("\n", "\r"),
    "next line": FORMS.replace("\n", "\x85"),
    "line separator": FORMS.replace("\n", "\u2028"),
    "unfinished": FORMS.removesuffix("\n# the end\n"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_an_edit_of_the_text_is_an_edit_of_the_tree(name: str, loaded: Callable[[str], Spec], tmp_path: Path) -> None:
    text = TEXTS[name]
    spec = loaded(text)
    for edit in possible(spec):
        patched = apply(text, [edit])
        told = resolve_spec(loaded(patched))
        assert told == rebuilt(edited(spec, edit), tmp_path), (edit, diff(text, patched, name))
        if edit.kind == "insert":
            assert [line for line in text.splitlines() if line not in patched.splitlines()] in (
                [],
                [text.splitlines()[2]],
            )
        lost = [comment for comment in comments(text) if comment not in patched]
        assert len(lost) <= (edit.kind == "remove" or edit.path == ("train", "loss")), (edit, diff(text, patched, name))


def comments(text: str) -> set[str]:
    return {line.partition("#")[2].strip() for line in text.splitlines() if "#" in line}


def test_edits_follow_one_another(loaded: Callable[[str], Spec]) -> None:
    chosen = random.Random(3)
    for _ in range(30):
        text = FORMS
        for _ in range(6):
            edit = chosen.choice(
                [e for e in possible(loaded(text)) if "units" not in e.path and e.path != ("train", "loss")]
            )
            text = apply(text, [edit])
        loaded(text)


@pytest.mark.parametrize(
    ("written", "path", "value", "becomes"),
    [
        ("- dropout: 0.3", ("rate",), 0.5, "- dropout: 0.5"),
        ("- dropout: 0.3  # some", ("seed",), 1, "- dropout: {rate: 0.3, seed: 1}  # some"),
        ("- dense: 5", ("activation",), "relu", "- dense: {units: 5, activation: relu}"),
        ("- flatten  # flat", ("name",), "x", "- flatten: {name: x}  # flat"),
        ("- flatten:  # flat", ("name",), "x", "- flatten: {name: x}  # flat"),
        (
            "- dense:\n        units: 5  # five",
            ("use_bias",),
            False,
            "- dense:\n        units: 5  # five\n        use_bias: false",
        ),
        (
            "- dense: {units: 5}",
            ("kernel_regularizer",),
            {"l2": 1e-4},
            "- dense: {units: 5, kernel_regularizer: {l2: 0.0001}}",
        ),
        ("- bidirectional: {lstm: 5}", ("layer", "units"), 6, "- bidirectional: {layer: {lstm: 6}}"),
        ("- dense:\n        units: 5", (), {"dense": {"units": 6}}, "- dense: {units: 6}"),
    ],
)
def test_a_form_opens_up_no_further_than_it_must(written: str, path: Any, value: Any, becomes: str) -> None:
    text = f"model:\n  layers:\n    {written}\n    - dense: 3\n"
    assert apply(text, [Edit(("model", "layers", 0, *path), value)]) == text.replace(written, becomes)


def test_a_bare_optimizer_and_loss_get_braces() -> None:
    text = "train:\n  loss: mse  # squares\n  optimizer: sgd\n"
    done = apply(text, [Edit(("train", "optimizer", "momentum"), 0.9), Edit(("train", "loss", "reduction"), "sum")])
    assert done == "train:\n  loss: {mse: {reduction: sum}}  # squares\n  optimizer: {sgd: {momentum: 0.9}}\n"


def test_what_an_alias_names_is_written_out_where_it_is_edited_and_refused_where_it_is_shared() -> None:
    text = "model:\n  layers:\n    - dense: &a {units: 5}\n    - dense: *a\n"
    done = apply(text, [Edit(("model", "layers", 1, "units"), 6)])
    assert yaml.safe_load(done)["model"]["layers"] == [{"dense": {"units": 5}}, {"dense": {"units": 6}}]
    with pytest.raises(SpecError, match="shared"):
        apply(text, [Edit(("model", "layers", 0, "units"), 6)])


@pytest.mark.parametrize(
    "path", [("model", "layers", 9, "units"), ("train", "loss", "from_logits"), ("model", "layers", 0, "x", "y")]
)
def test_what_is_not_written_cannot_be_edited(path: Any) -> None:
    with pytest.raises(SpecError, match="cannot be edited"):
        apply("model:\n  layers:\n    - dense: 5\n", [Edit(path, 1)])


def test_a_difference_is_told_as_a_unified_diff() -> None:
    told = diff("a: 1\nb: 2", "a: 1\nb: 3", "x.yaml")
    assert told == "--- x.yaml\n+++ x.yaml\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n"


@pytest.fixture
def spec(write: Callable[..., Path]) -> Spec:
    return load_spec(write(), [("--set", "train.epochs=7")])


def test_edits_are_made_in_turn_and_overrides_stay(spec: Spec) -> None:
    layers = ("model", "layers")
    edits = [
        Edit((*layers, 1, "units"), 5), Edit((*layers, 1), {"dropout": 0.5}, "insert"), Edit((*layers, 0), kind="remove"),
        Edit(("train", "optimizer", "beta_1"), 0.5), Edit(("data", "scale"), "standard"),
    ]  # fmt: skip
    made = apply_to_spec(spec, [*edits, Edit((*layers, 0), "flatten", "insert")])
    assert [layer.name for layer in made.layers] == ["flatten", "dropout", "dense", "dense"]
    assert (made.layers[1].arguments["rate"], made.layers[2].arguments["units"]) == (0.5, 5)
    assert made.train.optimizer.arguments["beta_1"] == 0.5
    assert (made.data.scale, made.train.epochs) == ("standard", 7)
    assert [layer.name for layer in spec.layers] == ["flatten", "dense", "dense"]  # what was given stays as it was


def test_a_bare_name_gets_arguments_and_an_argument_goes(spec: Spec) -> None:
    made = apply_to_spec(spec, [Edit(("train", "loss", "label_smoothing"), 0.1)])
    assert (made.train.loss.name, made.train.loss.arguments["label_smoothing"]) == ("categorical_crossentropy", 0.1)
    again = apply_to_spec(made, [Edit(("train", "loss", "label_smoothing"), kind="remove")])
    assert "label_smoothing" not in again.train.loss.arguments


def test_edits_that_give_no_spec_are_refused(spec: Spec) -> None:
    with pytest.raises(SpecError):
        apply_to_spec(spec, [Edit(("model", "layers", 1, "units"), -1)])


def test_an_argument_inside_a_wrapper_is_found(write: Callable[..., Path]) -> None:
    path = ("model", "layers", 1, "layer", "activation")
    layers = "[flatten, {time_distributed: {layer: {dense: 4}}}, {dense: 10}]"
    made = apply_to_spec(load_spec(write(), [("--set", f"model.layers={layers}")]), [Edit(path, "tanh")])
    inner = made.layers[1].arguments["layer"]
    assert isinstance(inner, Component)
    assert inner.arguments["activation"] == Component("activation", "tanh", {})


def test_a_value_that_is_put_in_stays_as_it_was(spec: Spec) -> None:
    """A fix is tried more than once, alone and beside others."""
    value = {"dense": {"units": 5}}
    apply_to_spec(spec, [Edit(("model", "layers", 1), value), Edit(("model", "layers", 1, "units"), 6)])
    assert value == {"dense": {"units": 5}}


def test_what_nobody_wrote_is_removed_from_a_spec_and_not_from_a_text(spec: Spec) -> None:
    edits = [Edit(("train", "loss"), "mean_squared_error"), Edit(("train", "loss", "label_smoothing"), kind="remove")]
    assert apply_to_spec(spec, edits).train.loss == Component("loss", "mean_squared_error", {})
    gone = [Edit(("train", "early_stopping"), kind="remove"), Edit(("train", "early_stopping", "mode"), kind="remove")]
    assert apply_to_spec(spec, gone).train.early_stopping is None
    with pytest.raises(SpecError, match="there is no 'label_smoothing'"):
        apply(spec.source.text, edits)


def test_a_value_alone_makes_room_for_the_other_keys_of_its_map() -> None:
    text = "train:\n  early_stopping: 4  # epochs\n  checkpoint: 60\n"
    edits = [Edit(("train", "early_stopping", "min_delta"), 0.1), Edit(("train", "checkpoint", "every_seconds"), 30)]
    told = "train:\n  early_stopping: {patience: 4, min_delta: 0.1}  # epochs\n  checkpoint: {every_seconds: 30}\n"
    assert apply(text, edits) == told


def test_a_text_with_tabs_behind_its_values_is_edited() -> None:
    """PyYAML's own parser refuses what libyaml reads."""
    text = "train:\n  epochs: 3\t# few\n  loss: mse\t\n"
    assert apply(text, [Edit(("train", "epochs"), 4)]) == text.replace("3", "4")
