import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.spec import load_spec
from nnctl.spec.dump import dump, resolve_spec
from nnctl.spec.fingerprint import compute_fingerprint

Write = Callable[..., Path]


def of(path: Path, *settings: str) -> str:
    return compute_fingerprint(load_spec(path, [("--set", text) for text in settings]))


@pytest.mark.parametrize(
    "setting",
    ["train.epochs=9", "train.max_time=1h", "train.checkpoint=5", "name=x", "train.tensorboard=true"],
)
def test_lengths_and_names_are_free(write: Write, setting: str) -> None:
    path = write()
    assert of(path, setting) == of(path)


@pytest.mark.parametrize(
    "setting",
    [
        "seed=4", "train.batch_size=31", "model.layers.1.dense.units=17", "train.xla=true", "data.validation=0.3",
        "data.validation=none", "data.split={time: rows}", "data.skip={unlabelled: true}",
        "train.shuffle=false", "train.learning_rate=0.02",
        "train.augment=[random_flip]",
    ],
)  # fmt: skip
def test_what_bits_depend_on_is_not(write: Write, setting: str) -> None:
    path = write()
    assert of(path, setting) != of(path)


def test_names_and_numbers_stand_side_by_side(write: Write) -> None:
    one = of(write(), "train.class_weight={cat: 2, 3: .5, 1: 1}")
    assert one == of(write(), "train.class_weight={1: 1, 3: .5, cat: 2}")
    assert one != of(write(), "train.class_weight={1: 1, 3: 2, cat: .5}")


def test_fingerprints_stay_what_they_were(write: Write) -> None:
    """Runs of earlier versions are resumed by them."""
    path = write()
    sections = resolve_spec(load_spec(path, [("--set", "train.class_weight={10: 2, 9: 3}")]))
    del sections["name"]
    for key in ("path", "offline", "split", "skip"):
        del sections["data"][key]
    for key in ("epochs", "max_time", "checkpoint", "tensorboard", "init_from"):
        sections["train"].pop(key, None)
    expected = hashlib.sha256(json.dumps(sections, sort_keys=True).encode()).hexdigest()
    assert of(path, "train.class_weight={10: 2, 9: 3}") == expected


def test_the_resolved_spec_has_the_same_and_files_may_move(write: Write) -> None:
    path = write(digits="npz\n  path: a.npz\n  test: b.npz")
    resolved = write(dump(load_spec(path)), name="resolved.yaml")
    assert of(resolved) == of(path) == of(path, "data.path=c.npz", "data.test=d.npz")
    assert of(path, "data.test=0.2") != of(path)
