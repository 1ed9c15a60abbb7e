import pytest

from nnctl.spec.catalogue import get_entry, keys
from nnctl.spec.catalogue.belonging import find_section, suggest_argument, suggest_key


@pytest.mark.parametrize(
    ("section", "key", "hint", "meant"),
    [
        ("", "layers", "put it under `model:`", None),
        ("", "loss", "put it under `train:`", None),
        ("model", "train", "`train:` stands at the top of the spec: one level out", None),
        ("model", "epochs", "put it under `train:`", None),
        ("train", "validation_split", "put it under `data:` as `validation`", None),
        ("train", "lr", "did you mean 'learning_rate'?", "learning_rate"),
        ("train", "patience", "put it under `train: early_stopping:`, one level in", None),
        ("train.early_stopping", "epochs", "put it under `train:`: one level out", None),
        ("train", "momentum", "`optimizer: {sgd: {momentum: ...}}`", None),
        ("model", "units", "`- dense: {units: ...}`", None),
        ("model", "dense", "`- dense: ...`", None),
        ("model", "input_shape", "the shape comes from the data", None),
        ("train", "verbose", "nnctl train -q", None),
        ("train", "callbacks", "early_stopping: {patience: 3}", None),
        ("train", "zzz", "None", None),
    ],
)
def test_a_key_is_led_to_where_it_belongs(section: str, key: str, hint: str, meant: str | None) -> None:
    own = {"": keys.TOP, "model": keys.MODEL, "train": keys.TRAIN, "train.early_stopping": keys.EARLY_STOPPING}[section]
    told = suggest_key(section, key, own)
    assert hint in str(told[0])
    assert told[1] == meant


def test_a_key_that_is_led_to_a_section_stands_for_it() -> None:
    assert (find_section("the spec", "loss"), find_section("the spec", "dataset"), find_section("the spec", "zz")) == (
        "train", "data", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("family", "name", "argument", "hint"),
    [
        ("layer", "dense", "neurons", "'units'"),
        ("layer", "conv2d", "stride", "'strides'"),
        ("layer", "flatten", "input_shape", "the shape comes from the data"),
        ("layer", "dense", "dropout", "`- dropout: 0.3`"),
        ("layer", "dense", "l2", "kernel_regularizer: {l2: 0.01}"),
        ("optimizer", "sgd", "lr", "`learning_rate:` in `train`"),
    ],
)
def test_an_argument_elsewhere_is_led_to_its_own(family: str, name: str, argument: str, hint: str) -> None:
    told = suggest_argument(get_entry(family, name), argument)
    assert told is not None
    assert hint in told[0]
