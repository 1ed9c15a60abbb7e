from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.data import peek
from nnctl.errors import Source
from nnctl.spec import load_spec
from nnctl.spec.catalogue import keys
from nnctl.spec.dump import dump, format_plain, format_value, resolve_spec
from nnctl.spec.text.document import parse, strip_places

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_a_resolved_spec_says_the_same_and_resolves_to_itself(config: Path, tmp_path: Path) -> None:
    text = dump(load_spec(config, peek=peek))
    path = tmp_path / "resolved.yaml"
    path.write_text(text)
    assert dump(load_spec(path, peek=peek)) == text


def test_defaults_of_nnctl_and_of_keras_are_written_out(write: Callable[..., Path]) -> None:
    told = resolve_spec(load_spec(write()))
    assert told["train"]["shuffle"] is True
    assert told["data"]["split_seed"] == 0
    assert told["model"]["layers"][1]["dense"]["kernel_initializer"] == "glorot_uniform"
    assert told["train"]["optimizer"]["adam"]["beta_1"] == 0.9


def test_paths_are_absolute(write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(digits="npz\n  path: own.npz")
    assert resolve_spec(load_spec(Path("spec.yaml")))["data"]["path"] == str(tmp_path / "own.npz")


def test_small_numbers_survive(write: Callable[..., Path], tmp_path: Path) -> None:
    spec = load_spec(write(**{"0.01": "1e-7"}))
    path = tmp_path / "again.yaml"
    path.write_text(dump(spec))
    assert load_spec(path).train.learning_rate == 1e-7


def test_a_default_that_keras_spells_otherwise_has_its_name(write: Callable[..., Path]) -> None:
    told = resolve_spec(load_spec(write(flatten="embedding: {input_dim: 17, output_dim: 2}\n    - flatten")))
    assert told["model"]["layers"][0]["embedding"]["embeddings_initializer"] == "random_uniform"


def test_what_no_spec_says_is_not_resolved(write: Callable[..., Path]) -> None:
    spec = load_spec(
        write("data: {source: digits}\nmodel: {layers: [{dense: 1}]}\ntrain: {loss: mean_squared_error}\n")
    )
    assert spec.data.numbers
    assert set(resolve_spec(spec)["data"]) <= set(keys.DATA)


@pytest.mark.parametrize("text", ["1e-3", "-2E+5", ".5e1", "1.e4", "0o17", "0x1f", "yes", "1.5", "12", "~"])
def test_a_text_that_a_spec_would_read_as_something_else_has_quotes(text: str) -> None:
    """YAML 1.2 knows numbers that YAML 1.1, which is written with, does not."""
    for written in (format_plain({"label": text}), f"label: {format_value(text)}"):
        assert strip_places(parse(Source("", written))) == {"label": text}
