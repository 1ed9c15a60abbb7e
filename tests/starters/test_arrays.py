from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.data import load
from nnctl.errors import DataError
from nnctl.starters.arrays import infer_options
from nnctl.starters.survey import survey

from .conftest import quiet

X, Y = np.random.default_rng(0).normal(size=(60, 3)), np.arange(60) % 2


@pytest.mark.parametrize(
    ("arrays", "options"),
    [
        ({"x": X, "y": Y}, {}),
        ({"X": X, "Y": Y}, {}),
        ({"x": X, "y": Y, "names": Y}, {}),
        ({"pictures": X, "classes": Y}, {"x": "pictures", "y": "classes"}),
        ({"output": Y, "signals": X}, {"x": "signals", "y": "output"}),
        ({"b": Y, "a": X}, {"x": "a", "y": "b"}),
        ({"a": X[:, 0], "b": X[:, 0]}, {"x": "a", "y": "b"}),
        ({"a": X, "b": Y[:50]}, {}),
        ({"a": X, "b": Y, "c": Y}, {}),
        ({"a": X, "b": np.array(7)}, {}),
    ],
)
def test_two_arrays_of_other_names_are_told_apart(arrays: Any, options: Any) -> None:
    np.savez("own.npz", **arrays)
    found = infer_options(Path("own.npz"))
    assert (dict(found.options), found.validation) == (options, False)
    assert all(repr(name) in found.facts[0] for name in options.values())


def test_usual_names_need_no_option_and_are_told() -> None:
    np.savez("own.npz", images=X, targets=Y, dev_images=X, dev_targets=Y)
    found = infer_options(Path("own.npz"))
    assert (dict(found.options), found.facts, found.validation) == (
        {},
        ["The examples are 'images', and their labels 'targets'."],
        True,
    )


def test_validation_of_its_own_is_seen() -> None:
    np.savez("own.npz", x_train=X, y_train=Y, x_val=X, y_val=Y)
    assert infer_options(Path("own.npz")).validation
    assert survey(Path("own.npz"), False, quiet).own_validation


def test_objects_and_what_is_no_npz_are_told() -> None:
    np.savez("own.npz", a=X, b=np.array([{}] * 60))
    assert infer_options(Path("own.npz")).options == {}
    Path("own.npz").write_text("x")
    with pytest.raises(DataError, match=r"own\.npz"):
        infer_options(Path("own.npz"))


def test_what_is_found_can_be_read() -> None:
    from nnctl.spec.sections import Data

    np.savez("own.npz", targets=Y, images=X)
    found = survey(Path("own.npz"), False, quiet)
    dataset = load(Data(found.source, found.options, path=found.path), quiet)
    assert (dataset.task, dataset.train.x.shape[1:]) == ("binary", (3,))
