import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl import api
from nnctl.data import load, silent
from nnctl.engine.train import prepare

BOTH = "scale: standard, target_scale: standard"
RANDOM = np.random.default_rng(0)


def text(name: str, path: Path, more: str, layers: str, train: str) -> str:
    return (
        f"name: {name}\nseed: 1\ndata: {{source: npz, path: {path}, validation: 0.2, test: 0.2, {more}}}\n"
        f"model: {{layers: {layers}}}\ntrain: {{optimizer: sgd, batch_size: 32, epochs: 1, {train}}}\n"
    )


def train(folder: Path, name: str, data: str, more: str, **kinds: Any) -> Any:
    layers, rate = kinds.get("layers", "[{dense: {units: 1, name: out}}]"), kinds.get("rate", 0.1)
    begin = f", init_from: {kinds['begin']}" if "begin" in kinds else ""
    spec = folder / f"{name}.yaml"
    loss = kinds.get("loss", "mse")
    spec.write_text(text(name, folder / data, more, layers, f"loss: {loss}, learning_rate: {rate}{begin}"))
    return api.train(api.load_spec(spec), folder / "runs")


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of one line, the second of which lies elsewhere, and a run on the first."""
    folder = tmp_path_factory.mktemp("numbers")
    for name, mean, spread in (("a", 0, 1), ("b", 40, 7)):
        x = RANDOM.normal(mean, spread, (120, 3))
        np.savez(folder / f"{name}.npz", x=x.astype("f4"), y=(x @ [1, 2, 3] + 5).astype("f4"))
    train(folder, "first", "a.npz", BOTH)
    return folder


def find_run(folder: Path) -> Path:
    return next((folder / "runs").glob("*-first-*"))


def answer(run: Any, folder: Path, file: str = "b.npz") -> np.ndarray:
    return np.concatenate([block.output for block in api.predict(run, [str(folder / file)]).blocks])


@pytest.mark.parametrize("keras_file", [False, True])
def test_a_network_gives_the_answers_of_the_run_that_it_begins_with(numbers: Path, keras_file: bool) -> None:
    begin = find_run(numbers)
    source = shutil.copy(begin / "model.keras", numbers / "alone.keras") if keras_file else begin
    made = train(numbers, f"second-{keras_file}", "b.npz", BOTH, rate=1e-12, begin=source)
    expected = answer(api.load_run(begin), numbers)
    np.testing.assert_allclose(answer(made, numbers), expected, atol=1e-4)
    assert made.predictions("test").target.mean() > 100  # in the data's own numbers
    again = api.resume(made, 2)
    np.testing.assert_allclose(answer(again, numbers), expected, atol=1e-4)


def test_what_is_not_asked_for_follows_the_run(numbers: Path) -> None:
    made = train(numbers, "auto", "b.npz", "target_scale: standard", rate=1e-12, begin=find_run(numbers))
    np.testing.assert_allclose(answer(made, numbers), answer(api.load_run(find_run(numbers)), numbers), atol=1e-4)
    assert "scale: standard" in made.directory.resolved.read_text()


def transfer(folder: Path, data: str, more: str, **kinds: Any) -> Any:
    """What is said of a network that begins with the run."""
    layers = kinds.get("layers", "[{dense: {units: 1, name: out}}]")
    (folder / "t.yaml").write_text(
        text("t", folder / data, more, layers, f"loss: mse, learning_rate: 0.1, init_from: {find_run(folder)}")
    )
    spec = api.load_spec(folder / "t.yaml")
    dataset = load(spec.data, silent)
    return prepare(dataset.plan(spec), dataset)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (BOTH, ("its own mean and deviation", "targets are standardised by its own")),
        ("scale: unit, target_scale: standard", ("as new ones: `scale: unit` is asked for", "its own mean")),
        ("scale: standard", ("its own mean", "`target_scale: standard` takes them as there")),
    ],
)
def test_what_is_done_is_said(numbers: Path, more: str, told: tuple[str, ...]) -> None:
    made = transfer(numbers, "b.npz", more)
    assert len(made.transfer.told) == len(told)
    assert all(part in line for part, line in zip(told, made.transfer.told, strict=True))


def test_a_new_head_answers_in_the_numbers_of_the_new_data(tmp_path: Path, numbers: Path) -> None:
    deep = "[{dense: {units: 4, name: low}}, {dense: {units: 1, name: %s}}]"
    begin = train(numbers, "deep", "a.npz", BOTH, layers=deep % "head").directory.path
    spec = numbers / "head.yaml"
    given = f"loss: mse, learning_rate: 0.1, init_from: {begin}"
    spec.write_text(
        text("head", numbers / "b.npz", BOTH, deep.replace("units: 1", "units: 1, use_bias: false") % "new", given)
    )
    read = api.load_spec(spec)
    made = prepare((data := load(read.data, silent)).plan(read), data)
    assert made.transfer is not None
    assert made.transfer.taken == ("low",)
    assert abs(made.scales.inputs.mean).max() < 1
    assert abs(made.scales.targets.mean[0] - data.train.y.mean()) < 1e-2
    assert "the last layer is new" in made.transfer.told[1]


def test_bytes_are_divided_as_they_were(tmp_path: Path, read: Callable[..., Any]) -> None:
    for name, most in (("a", 256), ("b", 12)):
        np.savez(tmp_path / f"{name}.npz", x=RANDOM.integers(0, most, (60, 4)).astype(np.uint8), y=np.arange(60) % 2)
    layers = "[{dense: {units: 1, activation: sigmoid}}]"
    first = train(tmp_path, "first", "a.npz", "", layers=layers, loss="binary_crossentropy")
    made = train(
        tmp_path,
        "second",
        "b.npz",
        "",
        layers=layers,
        loss="binary_crossentropy",
        rate=1e-12,
        begin=first.directory.path,
    )
    assert made.manifest.data["scale"]["inputs"] == "divided by 255"
    np.testing.assert_allclose(answer(made, tmp_path), answer(first, tmp_path), atol=1e-6)


def test_other_columns_are_scaled_by_themselves_and_said(tmp_path: Path) -> None:
    rows = RANDOM.normal(size=(60, 2))
    for name, header in (("a", "one,two,y"), ("b", "one,three,y")):
        lines = [f"{a},{b},{a - b}" for a, b in rows]
        (tmp_path / f"{name}.csv").write_text("\n".join([header, *lines, ""]))
    spec = "seed: 1\ndata: {{source: {{csv: {{label: y}}}}, path: {}}}\nmodel: {{layers: [{{dense: 1}}]}}\n"
    spec += "train: {{loss: mse, optimizer: sgd, learning_rate: 0.1, epochs: 1{}}}\n"
    (tmp_path / "a.yaml").write_text(spec.format(tmp_path / "a.csv", ""))
    run = api.train(api.load_spec(tmp_path / "a.yaml"), tmp_path / "runs")
    (tmp_path / "b.yaml").write_text(spec.format(tmp_path / "b.csv", f", init_from: {run.directory.path}"))
    read = api.load_spec(tmp_path / "b.yaml")
    made = prepare((data := load(read.data, silent)).plan(read), data)
    assert made.transfer is not None
    assert made.transfer.told == ("the examples are standardised, as new ones: its columns differ ('three', 'two')",)
