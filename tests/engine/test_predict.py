import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from nnctl.data import load
from nnctl.engine.evaluate import revisit
from nnctl.engine.predict import Predictor
from nnctl.engine.train import Trained
from nnctl.metrics import Predictions
from nnctl.runs import RunDirectory
from nnctl.spec import Spec

from .conftest import Shelf, spec_in, train_in

Read = Callable[..., Spec]
NOTHING = io.BytesIO()
FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")


def silent(label: str, share: float | None) -> None:
    pass


def trained(spec: Spec, folder: Path) -> RunDirectory:
    return train_in(folder, spec).run


@pytest.fixture
def three(shelf: Shelf, tmp_path: Path) -> tuple[RunDirectory, Path]:
    """A run on arrays of three classes, and the arrays."""

    def make(folder: Path) -> Trained:
        arrays(folder, np.repeat(np.arange(3), 60))
        return train_in(folder, spec_in(folder, *own(folder, "model.layers.2.dense.units=3")))

    return shelf.copy("three classes", make, tmp_path).run, tmp_path / "own.npz"


def outputs(run: RunDirectory, *files: object) -> np.ndarray:
    predictor = Predictor(run, "auto", True, silent)
    return np.concatenate([block.output for block in predictor.predict([str(file) for file in files], NOTHING)])


def arrays(folder: Path, y: np.ndarray, width: int = 5) -> Path:
    x = np.random.default_rng(0).normal(size=(len(y), width)) + y.reshape(len(y), -1)[:, :1]
    np.savez(folder / "own.npz", x=x.astype(np.float32), y=y)
    return folder / "own.npz"


def own(folder: Path, *more: str) -> list[str]:
    return ["data.source=npz", f"data.path={folder}/own.npz", "data.test=0.25", "train.epochs=2", *more]


def scored(run: RunDirectory, task: str, names: tuple[str, ...]) -> Predictions:
    kind = json.loads((run.evaluation("test") / "metrics.json").read_text())["output"]
    return Predictions.read(run.evaluation("test") / "predictions.csv", task, names, kind)


SIGMOID = "model.layers.2={dense: {units: %d, activation: sigmoid}}"


@pytest.mark.parametrize(
    ("task", "y", "settings"),
    [
        ("multiclass", np.repeat(np.arange(3), 60), ["model.layers.2.dense.units=3"]),
        (
            "multiclass",
            np.repeat(np.arange(3), 60),
            ["model.layers.2={dense: 3}", "train.loss={categorical_crossentropy: {from_logits: true}}"],
        ),
        ("binary", np.repeat([0, 1], 60), [SIGMOID % 1, "train.loss=binary_crossentropy"]),
        (
            "binary",
            np.repeat([0, 1], 60),
            ["model.layers.2={dense: 1}", "train.loss={binary_crossentropy: {from_logits: true}}"],
        ),
        (
            "multilabel",
            np.random.default_rng(1).integers(0, 2, (120, 3)),
            [SIGMOID % 3, "train.loss=binary_crossentropy"],
        ),
        ("regression", np.linspace(0, 3, 120), ["model.layers.2={dense: 1}", "train.loss=mse"]),
    ],
)
def test_files_get_the_outputs_that_evaluation_gave(
    task: str, y: np.ndarray, settings: list[str], read: Read, tmp_path: Path
) -> None:
    path = arrays(tmp_path, y)
    run = trained(read(*own(tmp_path, *settings)), tmp_path)
    predictor = Predictor(run, "auto", True, silent)
    assert predictor.meaning.task == task
    known = scored(run, task, predictor.names)
    expected = known.probabilities if task in ("binary", "multiclass") else known.output
    path.rename(tmp_path / "moved.npz")  # the run needs its data no more
    assert outputs(run, tmp_path / "moved.npz")[known.rows] == pytest.approx(expected, abs=1e-6)


def test_a_table_takes_the_runs_own_columns_and_names(read: Read, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [f"{a:.3f},{c},{'yes' if a > 0 else 'no'}" for a, c in zip(rng.normal(size=90), "abc" * 30, strict=True)]
    (tmp_path / "own.csv").write_text("\n".join(["age,city,bought", *rows]) + "\n")
    spec = read(
        "data.source={csv: {label: bought}}", f"data.path={tmp_path}/own.csv", "data.test=0.3", SIGMOID % 1,
        "train.loss=binary_crossentropy",
    )  # fmt: skip
    run = trained(spec, tmp_path)
    assert Predictor(run, "auto", True, silent).names == ("no", "yes")
    known = scored(run, "binary", ("no", "yes"))
    assert outputs(run, tmp_path / "own.csv")[known.rows] == pytest.approx(known.probabilities, abs=1e-6)
    (tmp_path / "turned.csv").write_text("city,age\n" + "\n".join(f"{r.split(',')[1]},{r.split(',')[0]}" for r in rows))
    assert np.array_equal(outputs(run, tmp_path / "turned.csv"), outputs(run, tmp_path / "own.csv"))
    # `evaluate --data` and `predict` say the same of what training has not.
    new = "column 'city' holds 'z', which training does not have, in 30 of 90 rows"
    other, told = tmp_path / "other.csv", list[str]()
    other.write_text((tmp_path / "own.csv").read_text().replace(",c,", ",z,"))
    revisit(run, "test", other, lambda label, share: told.append(label))
    assert new in told
    blocks = list(Predictor(run, "auto", True, silent).predict([str(other)], io.BytesIO()))
    assert [said for block in blocks for said in block.said] == [new]


def test_a_regression_tells_the_name_of_its_column(read: Read, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,b,price\n" + "".join(f"{i},{i % 7},{i / 3:.2f}\n" for i in range(60)))
    spec = read(
        "data.source={csv: {label: price}}", f"data.path={tmp_path}/own.csv", "data.test=0.3",
        "model.layers.2={dense: 1}", "train.loss=mse",
    )  # fmt: skip
    assert Predictor(trained(spec, tmp_path), "auto", True, silent).names == ("price",)


def test_the_command_line_tells_the_good_and_then_the_bad(three: tuple[RunDirectory, Path]) -> None:
    run, path = three
    command = [sys.executable, "-m", "nnctl", "predict", str(run.path), "absent.csv", "-", "--json", "--top", "1"]
    with path.open("rb") as stdin:
        done = subprocess.run(command, stdin=stdin, capture_output=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 2
    assert done.stderr.decode().strip() == "unreadable-data: absent.csv cannot be read: No such file or directory"
    answer = json.loads(done.stdout)
    assert (answer["exit_code"], [each["code"] for each in answer["errors"]]) == (2, ["unreadable-data"])
    told = answer["predictions"]
    assert {each["file"] for each in told} == {"stdin"}
    assert [each["row"] for each in told] == list(range(1, 181))
    assert told[0]["confidence"] == pytest.approx(float(outputs(run, path)[0].max()), abs=1e-6)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunDirectory, np.ndarray, np.ndarray]:
    """A network trained on the 5,000 digits for some seconds, and 100 digits that it did not see."""
    from nnctl.spec import load_spec

    from ..conftest import SPEC

    folder = tmp_path_factory.mktemp("digits")
    (folder / "spec.yaml").write_text(SPEC.replace("digits", "mnist_5k").replace("units: 16", "units: 128"))
    settings = [("--set", text) for text in ("train.epochs=8", "train.learning_rate=0.002", "data.test=0.2")]
    spec = load_spec(folder / "spec.yaml", settings)
    test = load(spec.data, silent).test
    assert test is not None
    chosen = np.linspace(0, len(test) - 1, 60).astype(int)
    return trained(spec, folder), test.x[chosen], test.y[chosen]


def right(
    run: RunDirectory, images: list[np.ndarray], y: np.ndarray, folder: Path, invert: str = "auto", fit: bool = True
) -> float:
    files = [folder / f"{index}.png" for index in range(len(images))]
    for file, image in zip(files, images, strict=True):
        Image.fromarray(image).save(file)
    told = Predictor(run, invert, fit, silent).predict([str(file) for file in files], NOTHING)
    return float(np.mean([block.output.argmax() == label for block, label in zip(told, y, strict=True)]))


def scan(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A digit in pencil on grey paper: 3 to 6 times as large, off the middle, under uneven light, with noise."""
    side = int(rng.integers(84, 168))
    page, (top, left) = np.zeros((240, 320)), rng.integers(5, (235 - side, 315 - side))
    page[top : top + side, left : left + side] = np.asarray(Image.fromarray(image).resize((side, side))) / 255
    down, across = np.meshgrid(np.linspace(0, 1, 240), np.linspace(0, 1, 320), indexing="ij")
    light = 0.85 - 0.3 * (down * rng.random() + across * rng.random())
    return np.rint(255 * np.clip(light * (1 - 0.75 * page) + rng.normal(0, 0.02, page.shape), 0, 1)).astype(np.uint8)


def test_scans_are_mended(digits: tuple[RunDirectory, np.ndarray, np.ndarray], tmp_path: Path) -> None:
    run, x, y = digits
    clean = right(run, list(x), y, tmp_path)
    assert clean >= 0.85
    assert right(run, list(x), y, tmp_path, "no", fit=False) == clean  # what is like training stays as it is
    assert right(run, [255 - image for image in x], y, tmp_path) == clean
    rng = np.random.default_rng(0)
    scans = [scan(image, rng) for image in x]
    assert right(run, scans, y, tmp_path, "no", fit=False) <= 0.3
    assert right(run, scans, y, tmp_path) >= clean - 0.1


@pytest.mark.parametrize("name", ["DejaVuSans", "DejaVuSansMono", "DejaVuSerif"])
def test_digits_of_fonts_are_mended(
    name: str, digits: tuple[RunDirectory, np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    images, y = [], np.tile(np.arange(10), 3)
    for size in (24, 60, 150):
        font = ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)
        for digit in range(10):
            page = Image.new("L", (2 * size, 2 * size), "white")
            ImageDraw.Draw(page).text((size * 0.3, size * 0.2), str(digit), "black", font)
            images.append(np.asarray(page))
    run, _, _ = digits
    assert right(run, images, y, tmp_path, "no", fit=False) <= 0.3
    assert right(run, images, y, tmp_path) >= 0.7
