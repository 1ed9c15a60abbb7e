"""Rules of what layers take their input for; that the mask is lost is Keras's own word."""

import warnings
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from nnctl.data import peek
from nnctl.diagnosis import Facts, apply_rules, collect_facts
from nnctl.diagnosis.finding import Edit, Finding
from nnctl.diagnosis.rules.index import RULES
from nnctl.engine.network.build import build_component
from nnctl.errors import SpecError
from nnctl.spec import catalogue, load_spec
from nnctl.spec.catalogue import traits
from nnctl.spec.network.plan import make_plan
from nnctl.spec.sections import Component

from ...conftest import made

HEAD = "{dense: {units: 2, activation: softmax}}"
EMBEDDED = "{embedding: {input_dim: 20, output_dim: 4, mask_zero: true}}"
# What layers need to be built, where they need something.
NEEDED = {
    "units": 4, "filters": 4, "kernel_size": 1, "rate": 0.5, "stddev": 0.1, "scale": 2.0, "size": 2, "n": 2,
    "layer": Component("layer", "dense", {"units": 4}), "groups": 2, "dims": [2, 1], "target_shape": [16],
    "output_size": 2, "equation": "abc,cd->abd", "output_shape": [None, 4],
}  # fmt: skip


@pytest.fixture
def find(tmp_path: Path) -> Callable[..., list[Finding]]:
    def find(shape: tuple[int, ...], layers: str, *codes: str) -> list[Finding]:
        np.savez(tmp_path / "d.npz", x=np.ones((40, *shape), np.int32), y=np.arange(40) % 2)
        path = tmp_path / "s.yaml"
        loss = "sparse_categorical_crossentropy"
        path.write_text(f"data: {{source: npz, path: d.npz}}\nmodel: {{layers: [{layers}]}}\ntrain: {{loss: {loss}}}\n")
        spec = load_spec(path, peek=peek)
        assert spec.facts is not None
        found: Facts = collect_facts(make_plan(spec, spec.facts, 40))
        return [one for one in apply_rules(found) if one.code in codes]

    return find


@pytest.mark.parametrize(
    ("layers", "lost"),
    [
        (f"{EMBEDDED}, {{conv1d: {{filters: 4, kernel_size: 3}}}}, global_average_pooling1d", "layers[1] conv1d"),
        (f"{EMBEDDED}, flatten", "layers[1] flatten"),
        (f"{EMBEDDED}, {{dropout: 0.1}}, global_max_pooling1d", "layers[2] global_max_pooling1d"),
        (
            f"{EMBEDDED}, {{gru: {{units: 4, return_sequences: true}}}}, max_pooling1d, flatten",
            "layers[2] max_pooling1d",
        ),
        (f"{EMBEDDED}, {{dense: 4}}, global_average_pooling1d", None),
        (f"{EMBEDDED}, {{lstm: {{units: 4, return_sequences: true}}}}, {{bidirectional: {{layer: {{gru: 4}}}}}}", None),
        ("{embedding: {input_dim: 20, output_dim: 4}}, flatten", None),
    ],
)
def test_a_mask_is_lost_where_keras_says_so(find: Callable[..., list[Finding]], layers: str, lost: str | None) -> None:
    found = find((6,), f"{layers}, {HEAD}", "A20")
    assert [one.where for one in found] == ([] if lost is None else [lost])
    assert all("loses the mask of layers[0] embedding" in one.found for one in found)


def build(name: str) -> keras.Layer | None:
    """A layer with as few arguments as it takes; None for one that reads no steps."""
    entry, known = catalogue.get_entry("layer", name), traits.get_layer(name)
    if known.augments or known.reads_integers:
        return None
    arguments = {key: NEEDED[key] for key, argument in entry.arguments.items() if argument.required and key in NEEDED}
    if name == "bidirectional":
        arguments["layer"] = Component("layer", "gru", {"units": 4})
    try:
        return build_component(Component("layer", name, arguments))  # type: ignore[arg-type]
    except (SpecError, TypeError, ValueError):
        return None  # it needs more, as those do that read sounds or words


def test_what_becomes_of_a_mask_is_what_keras_does() -> None:
    names = [name for name in catalogue.list_names("layer") if traits.get_layer(name).mask != "makes"]
    built = {name: layer for name in names if (layer := build(name)) is not None}
    assert len(built) > 70
    kept = {name for name, layer in built.items() if layer.supports_masking}
    assert kept == {name for name in built if traits.get_layer(name).mask is not None}
    mask = np.ones((2, 4), bool)
    ended = {name for name in kept if built[name].compute_mask(np.ones((2, 4, 4)), mask) is None}
    recurrent = {name for name in kept if traits.get_layer(name).states or name == "bidirectional"}
    assert ended == {name for name in built if traits.get_layer(name).mask == "ends"} | recurrent


def test_padding_changes_the_answer_of_a_network_that_loses_the_mask() -> None:
    model = keras.Sequential([keras.layers.Embedding(20, 4, mask_zero=True), keras.layers.Conv1D(4, 3)])
    model.add(keras.layers.GlobalAveragePooling1D())
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        short, padded = model(np.array([[3, 4, 5, 6]])), model(np.array([[3, 4, 5, 6, 0, 0]]))
    assert any("destroy the mask" in str(each.message) for each in told)
    assert not np.allclose(short, padded)


@pytest.mark.parametrize(
    ("shape", "layers", "heard"),
    [
        ((3, 32, 32), "{conv2d: {filters: 4, kernel_size: 3}}, flatten", True),
        ((4, 28, 28), "max_pooling2d, flatten", True),
        ((32, 32, 3), "{conv2d: {filters: 4, kernel_size: 3}}, flatten", False),
        ((3, 32, 32), "{permute: {dims: [2, 3, 1]}}, {conv2d: {filters: 4, kernel_size: 3}}, flatten", False),
        ((3, 32, 32), "flatten", False),
        ((3, 32, 4), "{conv2d: {filters: 4, kernel_size: 3}}, flatten", False),
    ],
)
def test_channels_that_stand_first_are_told(
    find: Callable[..., list[Finding]], shape: tuple[int, ...], layers: str, heard: bool
) -> None:
    found = find(shape, f"{layers}, {HEAD}", "A21")
    assert bool(found) == heard
    assert all(one.fix is not None and one.fix.edits[0].value == {"permute": {"dims": [2, 3, 1]}} for one in found)


@pytest.mark.parametrize(
    ("zeros", "embedding", "reader", "heard"),
    [
        (8, "input_dim: 20, output_dim: 4", "{gru: 4}", True),
        (8, "input_dim: 20, output_dim: 4, mask_zero: true", "{gru: 4}", False),
        (2, "input_dim: 20, output_dim: 4", "{gru: 4}", False),
        (8, "input_dim: 20, output_dim: 4", "global_average_pooling1d", False),
    ],
)
def test_padding_that_a_recurrent_layer_reads(
    facts: Callable[..., Facts], zeros: int, embedding: str, reader: str, heard: bool
) -> None:
    x = np.random.default_rng(0).integers(1, 20, (60, 12)).astype(np.int32)
    x[:, 12 - zeros :] = 0
    layers = f"[{{embedding: {{{embedding}}}}}, {reader}, {{dense: {{units: 2, activation: softmax}}}}]"
    known = facts(f"model.layers={layers}", "data.scale=none", data=made(x, np.arange(60) % 2))
    found = list(RULES["A22"].apply(known))
    assert bool(found) == heard
    assert all(f"{zeros / 12:.0%} of a sequence" in one.found for one in found)
    assert all(one.fix is not None and one.fix.edits[0].path[-1] == "mask_zero" for one in found)


@pytest.mark.parametrize(
    ("zeros", "layers", "heard"),
    [(8, "gru: 4", True), (2, "gru: 4", False), (8, "masking", False), (8, "global_average_pooling1d", False)],
)
def test_padding_of_numbers_is_masked_by_a_layer_of_its_own(
    facts: Callable[..., Facts], zeros: int, layers: str, heard: bool
) -> None:
    x = np.random.default_rng(0).normal(size=(60, 12, 3)).astype(np.float32)
    x[:, 12 - zeros :] = 0
    reader = {"gru: 4": "{gru: 4}", "masking": "masking, {gru: 4}"}.get(layers, layers)
    text = f"model.layers=[{reader}, {{dense: {{units: 2, activation: softmax}}}}]"
    found = list(RULES["A22"].apply(facts(text, "data.scale=none", data=made(x, np.arange(60) % 2))))
    assert bool(found) == heard
    for one in found:
        assert f"{zeros / 12:.0%} of a sequence" in one.found
        assert one.fix is not None
        assert one.fix.edits == (Edit(("model", "layers", 0), {"masking": {"mask_value": 0.0}}, "insert"),)
