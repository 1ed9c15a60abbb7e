import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from nnctl.errors import Place, Source
from nnctl.spec import catalogue
from nnctl.spec.catalogue.entries import PATH, explain_exclusion, read_version
from nnctl.spec.catalogue.kinds import FAMILIES, Items, Kind, Number, Plain, list_families, parse_kind
from nnctl.spec.reader import MISFIT, Reader
from nnctl.spec.text.document import Keyed, Node, parse

PLACE = Place(Source("test", ""), 1, 1)
NAMES = [(family, name) for family in FAMILIES for name in catalogue.list_names(family)]
KINDS = sorted(
    {argument.kind for family, name in NAMES for argument in catalogue.find_entry(family, name).arguments.values()}
)


def node(value: Any) -> Node:
    """The node that writes a value."""
    if isinstance(value, dict):
        return Node({key: Keyed(PLACE, node(inner)) for key, inner in value.items()}, PLACE)
    return Node([node(item) for item in value] if isinstance(value, list) else value, PLACE)


def takes(expected: Kind, value: Any) -> bool:
    """Whether the reader lets a value through."""
    reader = Reader()
    found = reader.read_value(expected, node(value), "it")
    assert (found is MISFIT) == bool(reader.problems)
    return not reader.problems


def problems(family: str, text: str) -> list[str]:
    """What the reader says of a component, in YAML."""
    reader = Reader()
    reader.read_component(family, parse(Source("test", text)))
    return [problem.code for problem in reader.problems]


def beyond(expected: Kind) -> Iterator[Any]:
    """Values that the kind must refuse: just outside each bound, of the wrong length, of the wrong type."""
    yield from (math.nan, math.inf, -math.inf, {"no": 1})
    plain = {alternative.name for alternative in expected if isinstance(alternative, Plain)}
    numbers = [alternative for alternative in expected if isinstance(alternative, Number)]
    if "str" not in plain:
        yield from ("maybe", "2", "True")
    if "bool" not in plain:
        yield from (True, False)
    if "null" not in plain:
        yield None
    if not numbers:
        yield from (0, 1, 0.5)
    for number in numbers:
        if number.whole:
            yield from (2.0, 0.5)
        yield from (outside(sign, limit, number.whole) for sign, limit in number.bounds)
    lists = [alternative for alternative in expected if isinstance(alternative, Items)]
    if not lists:
        yield from ([], [1], ["maybe"])
    for items in lists:
        yield from ([bad] * max(1, items.least) for bad in beyond(items.item))
        if items.least:
            yield []
        if items.most is not None and items.most < 10:
            yield [good(items.item)] * (items.most + 1)


def outside(sign: str, limit: float, whole: bool) -> float:
    """The number nearest to a limit that is not within it."""
    step = {">=": -1, "<=": 1}.get(sign, 0)
    return int(limit) + step if whole else math.nextafter(limit, step * math.inf) if step else limit


def good(expected: Kind) -> Any:
    """A value that the kind takes."""
    return next(value for value in (1, 0.5, 0, 2, "relu", "mine", None) if takes(expected, value))


def test_it_was_made_by_a_keras_that_nnctl_works_with() -> None:
    assert re.fullmatch(r"3\.\d+\.\d+", read_version())


@pytest.mark.parametrize(
    ("family", "spelling", "name"),
    [
        *(("layer", spelling, "leaky_relu") for spelling in ("leaky_relu", "LeakyReLU", "leaky_re_lu")),
        *(
            ("layer", spelling, "max_pooling2d")
            for spelling in ("max_pooling2d", "MaxPooling2D", "MaxPool2D", "max_pool2d")
        ),
        *(("layer", spelling, "prelu") for spelling in ("prelu", "PReLU", "p_re_lu")),
        *(("optimizer", spelling, "rmsprop") for spelling in ("rmsprop", "RMSprop")),
        *(("loss", spelling, "mean_squared_error") for spelling in ("mse", "MSE", "MeanSquaredError")),
        *(("metric", spelling, "accuracy") for spelling in ("accuracy", "acc", "Accuracy")),
        *(("regularizer", spelling, "l1_l2") for spelling in ("l1_l2", "L1L2")),
        *(("activation", spelling, "silu") for spelling in ("silu", "swish")),
    ],
)
def test_a_component_is_found_by_each_of_its_spellings(family: str, spelling: str, name: str) -> None:
    found = catalogue.find_entry(family, spelling)
    assert found is not None
    assert found.name == name
    assert found.family == family
    assert spelling in catalogue.list_spellings(family)


def test_what_is_not_there_is_not_found() -> None:
    assert catalogue.find_entry("layer", "convolution") is None
    assert catalogue.find_entry("layer", "adam") is None
    assert explain_exclusion("layer", "dense") is None
    with pytest.raises(KeyError):
        catalogue.list_names("cake")


def test_an_entry_says_what_a_component_takes() -> None:
    dense = catalogue.find_entry("layer", "dense")
    assert (dense.class_name, dense.module, dense.first) == ("Dense", "keras.layers", "units")
    assert dense.arguments["units"].required
    assert not dense.arguments["use_bias"].required
    assert dense.arguments["use_bias"].default is True
    assert list(dense.arguments)[:3] == ["units", "activation", "use_bias"]
    assert catalogue.find_entry("schedule", "one_cycle").class_name is None


def test_an_entry_is_made_once() -> None:
    assert catalogue.find_entry("layer", "conv2d") is catalogue.find_entry("layer", "Conv2D")


@pytest.mark.parametrize("spelling", ["MultiHeadAttention", "multi_head_attention", "multiheadattention"])
def test_an_excluded_component_has_a_reason_in_any_spelling(spelling: str) -> None:
    assert "two inputs" in explain_exclusion("layer", spelling)


@pytest.mark.parametrize("name", ["Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"])
def test_no_layer_that_runs_code_is_offered(name: str) -> None:
    assert catalogue.find_entry("layer", name) is None
    assert "code" in explain_exclusion("layer", name)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_spelling_means_two_things(family: str) -> None:
    file = json.loads(PATH.read_text(encoding="utf-8"))["families"][family]
    spellings = Counter([*file, *(alias for entry in file.values() for alias in entry["aliases"])])
    assert [spelling for spelling, count in spellings.items() if count > 1] == []
    assert [spelling for spelling in spellings if explain_exclusion(family, spelling)] == []
    assert set(spellings) == set(catalogue.list_spellings(family))


@pytest.mark.parametrize(("family", "name"), NAMES, ids=[f"{family}-{name}" for family, name in NAMES])
def test_an_entry_is_complete(family: str, name: str) -> None:
    entry = catalogue.find_entry(family, name)
    assert entry.first is None or entry.first in entry.arguments
    assert entry.doc.endswith(".")
    for argument in entry.arguments.values():
        assert argument.doc.endswith((".", "!", "?")), argument
        assert set(list_families(parse_kind(argument.kind))) <= set(FAMILIES)
        assert argument.required or takes(parse_kind(argument.kind), argument.default), argument
    assert not set(entry.withheld) & set(entry.arguments)


def test_no_argument_is_a_callable_or_a_path() -> None:
    arguments = {argument for family, name in NAMES for argument in catalogue.find_entry(family, name).arguments}
    assert not arguments & {"function", "filepath", "fn", "cell", "call_fn", "module", "standardize", "split"}


@pytest.mark.parametrize("text", KINDS)
def test_a_kind_refuses_what_is_just_beyond_it(text: str) -> None:
    expected = parse_kind(text)
    assert [value for value in beyond(expected) if takes(expected, value)] == []


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("layer", "dense: {units: 2, use_bias: 'maybe'}"),
        ("layer", "dense: {units: 0}"),
        ("layer", "dense: {units: 2.0}"),
        ("layer", "dropout: 1.5"),
        ("layer", "dropout: -0.1"),
        ("layer", "dropout: {rate: 0.5, seed: -1}"),
        ("layer", "conv2d: {filters: 2, kernel_size: [3, 3, 3]}"),
        ("layer", "conv2d: {filters: 2, kernel_size: 3, padding: causal}"),
        ("layer", "conv2d: {filters: 2, kernel_size: 3, activation: glu}"),
        ("layer", "batch_normalization: {momentum: 5}"),
        ("layer", "batch_normalization: {axis: 0}"),
        ("layer", "gaussian_dropout: 1.0"),
        ("layer", "adaptive_max_pooling2d: 1"),
        ("layer", "lstm: {units: 2, return_state: true}"),
        ("layer", "lstm: {units: 2, bias_initializer: null}"),
        ("layer", "reshape: [2, 0]"),
        ("layer", "embedding: {input_dim: 2, output_dim: 2, weights: [1]}"),
        ("layer", "bidirectional: {layer: {lstm: 2}, merge_mode: null}"),
        ("optimizer", "sgd: {momentum: 5}"),
        ("optimizer", "sgd: {learning_rate: 0.1}"),
        ("optimizer", "adam: {beta_1: 1}"),
        ("optimizer", "adamw: {weight_decay: null}"),
        ("optimizer", "adam: {gradient_accumulation_steps: 1}"),
        ("loss", "binary_crossentropy: {label_smoothing: 2}"),
        ("loss", "mse: {reduction: none}"),
        ("metric", "precision: {thresholds: [0.5, 0.6]}"),
        ("schedule", "exponential_decay: {initial_learning_rate: -1000, decay_epochs: 1, decay_rate: 0.9}"),
        ("schedule", "exponential_decay: {initial_learning_rate: 0.1, decay_rate: 0.9}"),
        ("schedule", "step_decay: {initial_learning_rate: 0.1, factor: 1}"),
        ("schedule", "cosine_decay: {initial_learning_rate: 0.1, decay_steps: 100}"),
        ("schedule", "cosine_decay: {initial_learning_rate: 0.1, warmup_epochs: -1}"),
        ("activation", "gelu: {approximate: true}"),
        ("initializer", "he_normal: {seed: 0.5}"),
        ("regularizer", "l2: -1"),
        ("constraint", "max_norm: -1"),
    ],
)
def test_what_keras_does_not_allow_is_refused(family: str, text: str) -> None:
    assert len(problems(family, text)) == 1


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("layer", "dense: 512"),
        ("layer", "Dense: {units: 512, activation: ReLU, kernel_regularizer: {l2: 1e-4}}"),
        ("layer", "dense: {units: 3, activation: {leaky_relu: 0.1}, kernel_initializer: {he_normal: {seed: 3}}}"),
        ("layer", "dense: {units: 3, activation: null, dtype: mixed_float16, name: head, trainable: false}"),
        ("layer", "conv2d: {filters: 64, kernel_size: [3, 5], strides: [2, 1], padding: same, dilation_rate: 1}"),
        ("layer", "cropping2d: [[1, 2], 3]"),
        ("layer", "zero_padding3d: {padding: [[1, 0], 1, 2]}"),
        ("layer", "max_pooling2d"),
        ("layer", "max_pooling2d: {pool_size: 2, strides: null}"),
        ("layer", "softmax: [1, 2]"),
        ("layer", "relu: 6"),
        ("layer", "bidirectional: {lstm: 32}"),
        ("layer", "time_distributed: {dense: 3}"),
        ("layer", "random_flip: horizontal"),
        ("layer", "random_rotation: [-0.1, 0.2]"),
        ("layer", "dropout: {rate: 0.5, noise_shape: [null, 1, 4]}"),
        ("layer", "gru: {units: 4, use_cudnn: auto}"),
        ("layer", "reshape: [28, -1]"),
        ("optimizer", "sgd: {momentum: 0.9, nesterov: true, clipnorm: 1, use_ema: true, ema_momentum: 0.5}"),
        ("optimizer", "RMSprop"),
        ("loss", "categorical_crossentropy: {from_logits: true, label_smoothing: 0.1}"),
        ("loss", "huber: 2"),
        ("metric", "top_k_categorical_accuracy: 3"),
        ("metric", "f1_score: {average: macro, threshold: 0.5, name: f1}"),
        ("metric", "pearson_correlation: {axis: 0}"),
        ("schedule", "cosine_decay: {initial_learning_rate: 0.1, warmup_epochs: 0.5}"),
        ("schedule", "piecewise_constant_decay: {boundaries: [2.5, 4], values: [0.1, 0.01, 0.001]}"),
        ("schedule", "constant: {learning_rate: 0.1, warmup_epochs: 2}"),
        ("constraint", "max_norm: {max_value: 3, axis: [0, 1, 2]}"),
        ("initializer", "constant: -0.5"),
    ],
)
def test_what_keras_documents_is_let_through(family: str, text: str) -> None:
    assert problems(family, text) == []
