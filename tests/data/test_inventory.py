from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.data import SOURCES, fetch, stock

Refused = Callable[..., Any]


def quiet(label: str, share: float | None) -> None:
    pass


def of(name: str) -> Any:
    return next(each for each in stock() if each.name == name)


def test_every_source_is_listed_in_order() -> None:
    assert [each.name for each in stock()] == list(SOURCES)
    assert all(each.summary for each in stock())


def test_what_is_known_without_loading() -> None:
    digits = of("digits")
    assert (digits.task, digits.shape, digits.outputs, digits.train) == ("multiclass", (8, 8), 10, 1797)
    assert (digits.origin, digits.path, digits.ready) == ("built in", None, True)
    own = of("npz")
    assert (own.task, own.shape, own.origin, own.ready) == (None, None, "data.path", None)


def test_a_set_is_here_once_its_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (of("mnist").path, of("mnist").ready, of("mnist").origin) == (None, False, "downloaded")
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path))
    (tmp_path / "mnist.npz").touch()
    assert (of("mnist").path, of("mnist").ready) == (str(tmp_path / "mnist.npz"), True)


def test_of_several_files_all_must_be_there(tmp_path: Path) -> None:
    folder = tmp_path / "keras" / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    files = SOURCES["fashion_mnist"].files
    for file in files[:-1]:
        (folder.parent / file).touch()
    assert of("fashion_mnist").path is None
    (folder.parent / files[-1]).touch()
    assert of("fashion_mnist").path == str(folder)


@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
def test_a_set_that_is_kept_otherwise_is_here_too(name: str, tmp_path: Path) -> None:
    for kept in SOURCES[name].kept:
        path = tmp_path / "keras" / "datasets" / kept
        path.mkdir(parents=True)
        assert of(name).path == str(path)
        path.rmdir()
    assert (of(name).path, of(name).ready) == (None, False)


def test_what_may_have_to_be_downloaded_says_as_what() -> None:
    for source in SOURCES.values():
        assert not (source.files and (source.needs_path or not source.takes_path)), source.name
        assert source.files or source.needs_path or not source.takes_path, source.name


def test_a_set_that_is_there_is_read_and_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mnist_like: Any
) -> None:
    np.savez(tmp_path / "mnist.npz", **mnist_like(60_000, 10_000))
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path))
    assert fetch("mnist", quiet) == str(tmp_path / "mnist.npz")


def test_a_damaged_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused) -> None:
    (tmp_path / "mnist.npz").write_bytes(b"half of it")
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path))
    refused("not-npz", fetch, "mnist", quiet)


def test_what_cannot_be_had_says_why(refused: Refused) -> None:
    assert "no connection" in refused("download-failed", fetch, "mnist", quiet).message


@pytest.mark.parametrize(("name", "said"), [("digits", "comes with nnctl"), ("npz", "reads your own file")])
def test_what_is_not_downloaded_is_not_fetched(name: str, said: str, refused: Refused) -> None:
    problem = refused("nothing-to-fetch", fetch, name, quiet)
    assert said in problem.message
    assert "mnist" in problem.hint
    assert "digits" not in problem.hint


def test_an_unknown_name_gets_the_nearest(refused: Refused) -> None:
    assert refused("unknown-source", fetch, "mnits", quiet).hint == "did you mean 'mnist'?"


def test_what_may_not_be_looked_at_is_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path))
    (tmp_path / "mnist.npz").touch()
    assert of("mnist").ready
    monkeypatch.setattr(Path, "exists", fail)
    assert not of("mnist").ready
