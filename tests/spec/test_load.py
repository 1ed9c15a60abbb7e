"""Golden pairs: `NAME.yaml` is a wrong spec, `NAME.txt` what a user reads of it.

After a change of wording, `NNCTL_GOLDEN=write pytest tests/spec/test_load.py` writes the texts anew; read the diff.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.data import peek
from nnctl.errors import SpecError, render
from nnctl.spec import Component, load_spec

FOLDER = Path(__file__).parent / "mistakes"
MISTAKES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_told_as_it_should_be(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(SpecError) as caught:
        load_spec(Path(f"{name}.yaml"), peek=peek)
    told = render(caught.value.problems) + "\n"
    golden = FOLDER / f"{name}.txt"
    if os.environ.get("NNCTL_GOLDEN") == "write":
        golden.write_text(told)
    assert told == golden.read_text()


def test_every_text_has_its_spec() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == MISTAKES


def test_a_spec_is_what_the_file_says(write: Callable[..., Path]) -> None:
    spec = load_spec(write(), peek=peek)
    assert (spec.name, spec.seed) == ("tiny", 3)
    assert (spec.data.source, spec.data.validation) == ("digits", 0.2)
    assert [layer.name for layer in spec.layers] == ["flatten", "dense", "dense"]
    assert spec.layers[1].arguments["units"] == 16
    assert spec.train.optimizer.name == "adam"
    assert (spec.train.learning_rate, spec.train.batch_size, spec.train.epochs) == (0.01, 32, 2)
    assert spec.source.text.startswith("name: tiny")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dropout: 0.3", "dropout: {rate: 0.3}"),
        ("Dense: {units: 3}", "dense: 3"),
        ("leaky_re_lu: 0.1", "leaky_relu: 0.1"),
        ("LeakyReLU: {negative_slope: 0.1}", "leaky_relu: 0.1"),
        ("MaxPool2D", "max_pooling2d"),
        ("bidirectional: {lstm: 4}", "bidirectional: {layer: {lstm: {units: 4}}}"),
        (
            "dense: {units: 2, kernel_regularizer: {L2: 1e-4}}",
            "dense: {units: 2, kernel_regularizer: {l2: {l2: 0.0001}}}",
        ),
        ("reshape: [8, 8, 1]", "reshape: {target_shape: [8, 8, 1]}"),
    ],
)
def test_the_three_forms_and_all_spellings_mean_the_same(write: Callable[..., Path], written: str, meant: str) -> None:
    layers = [load_spec(write(flatten=form)).layers[0] for form in (written, meant)]
    assert layers[0] == layers[1]


def test_what_is_left_out_takes_its_default(write: Callable[..., Path]) -> None:
    text = "data: {source: digits}\nmodel: {layers: [flatten, {dense: 10}]}\ntrain: {loss: mse}\n"
    spec = load_spec(write(text, name="my net.yaml"), peek=peek)
    assert spec.name == "my-net"
    assert load_spec(write(text, name="企鹅 数据.yaml"), peek=peek).name == "企鹅-数据"
    assert load_spec(write(f"name: 企鹅\n{text}"), peek=peek).name == "企鹅"
    assert load_spec(write(f"name: Gro\u0308ße\n{text}"), peek=peek).name == "Größe"
    assert spec.train.optimizer == Component("optimizer", "adam", {})
    assert (spec.seed, spec.train.learning_rate, spec.train.batch_size, spec.train.epochs) == (0, None, 32, 10)


def test_paths_are_relative_to_the_spec(write: Callable[..., Path], tmp_path: Path) -> None:
    spec = load_spec(write(digits="npz\n  path: sub/own.npz"))
    assert spec.data.path == tmp_path / "sub" / "own.npz"


def test_validation_may_be_none(write: Callable[..., Path]) -> None:
    path = write(**{"validation: 0.2": "validation: none"})
    assert load_spec(path, peek=peek).data.validation is None


def test_early_stopping_is_a_patience_or_a_map(write: Callable[..., Path]) -> None:
    for form in ("early_stopping: 4", "early_stopping: {patience: 4, monitor: val_loss}"):
        train = load_spec(write(**{"epochs: 2": form})).train
        assert train.early_stopping is not None
        assert train.early_stopping.patience == 4


def test_a_thousand_mistakes_are_all_told(write: Callable[..., Path]) -> None:
    layers = "\n".join("    - dense: {unit: 1}" for _ in range(500))
    with pytest.raises(SpecError) as caught:
        load_spec(write(**{"    - flatten": layers}), peek=peek)
    assert len(caught.value.problems) == 500
