from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nnctl.data import peek
from nnctl.errors import UsageError
from nnctl.spec import load_spec
from nnctl.starters import TEMPLATES, make_starter, write_starter

from .conftest import quiet

Npz = Callable[..., Path]
ROWS = np.arange(200)
LABELS = {
    "binary": ROWS % 2,
    "multiclass": np.array(["a, b", "true", "#1", "d"] * 50),
    "multilabel": np.stack([ROWS % 2, ROWS % 3 == 0, ROWS % 5 == 0], 1).astype(np.uint8),
    "years": ROWS + 1900,
    "targets": np.stack([ROWS / 9, ROWS / 7], 1),
}


def refused(*arguments: Any) -> Any:
    with pytest.raises(UsageError) as caught:
        write_starter(make_starter(*arguments, quiet))
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_is_a_right_spec(name: str) -> None:
    starter = make_starter(None, name, None, False, quiet)
    write_starter(starter)
    assert starter.path == Path(f"{name}.yaml")
    spec = load_spec(starter.path, peek=peek)
    assert (spec.name, spec.data.source) == (name, TEMPLATES[name].source)
    assert any(layer.name == "conv2d" for layer in spec.layers) == TEMPLATES[name].convolutions


@pytest.mark.parametrize("labels", LABELS)
def test_what_is_written_for_data_is_a_right_spec(labels: str, npz: Npz) -> None:
    starter = make_starter("mine", None, npz(LABELS[labels]), False, quiet)
    write_starter(starter)
    spec = load_spec(Path("mine.yaml"), peek=peek)
    assert (spec.data.path, starter.template) == (Path("own.npz"), "mlp")


def test_a_table_is_read_as_its_columns_ask_for() -> None:
    rows = "".join(f"{i},{i / 7 if i % 9 else ''},{'red' if i % 3 else ''},{['no', 'yes'][i % 2]}\n" for i in range(60))
    Path("own.csv").write_text("id,size,colour,buys it?\n" + rows)
    starter = make_starter(None, None, Path("own.csv"), False, quiet)
    write_starter(starter)
    spec = load_spec(Path("own.yaml"), peek=peek)
    assert spec.data.options == {"label": "buys it?", "ignore": ["id"]}
    told = " ".join(starter.found)
    assert "Columns of numbers: 1. Columns of categories, and how many: colour 2." in told
    assert "Missing in training, and filled in by it: size " in told
    assert "Column 'id' is left out: it numbers the rows." in told
    assert "'yes'" in starter.text


@pytest.mark.parametrize("splits", [("",), ("train", "val", "test")])
def test_a_folder_of_images_is_read_as_its_folders_ask_for(splits: tuple[str, ...]) -> None:
    for folder in (Path("own", split, name) for split in splits for name in ("cat", "dog")):
        folder.mkdir(parents=True)
        for index in range(12):
            Image.new("RGB", (200 + index, 100), (20 * index, 0, 0)).save(folder / f"{index}.png")
    starter = make_starter(None, None, Path("own"), False, quiet)
    write_starter(starter)
    spec = load_spec(Path("own.yaml"), peek=peek)
    assert (spec.data.source, spec.data.options, starter.template) == ("images", {"size": [47, 96]}, "cnn")
    own = len(splits) > 1
    assert (spec.data.validation, spec.data.test) == ((None, None) if own else (0.2, 0.2))


@pytest.mark.parametrize("shape", [(8, 8), (28, 28), (64, 48, 3), (50, 3)])
def test_images_of_any_size_get_a_network_that_takes_them(shape: Any, npz: Npz) -> None:
    x = np.random.default_rng(0).integers(0, 255, (40, *shape), dtype=np.uint8)
    starter = make_starter(None, None, npz(np.arange(40) % 4, x), False, quiet)
    write_starter(starter)
    spec = load_spec(Path("own.yaml"), peek=peek)
    assert any(layer.name == "conv2d" for layer in spec.layers) == (min(shape[:2]) >= 12)


def test_without_a_word_it_is_the_mlp() -> None:
    assert make_starter(None, None, None, False, quiet).path == Path("mlp.yaml")


@pytest.mark.parametrize(
    ("name", "path", "run"),
    [
        ("x", "x.yaml", "x"),
        ("x.yml", "x.yml", "x"),
        ("a/b/x.yaml", "a/b/x.yaml", "x"),
        ("v1.2", "v1.2.yaml", "v1.2"),
        ("my net", "my net.yaml", "my-net"),
        ("Ünï", "Ünï.yaml", "Ünï"),
        ("日本", "日本.yaml", "日本"),
    ],
)
def test_a_name_becomes_a_file_and_the_name_of_its_runs(name: str, path: str, run: str) -> None:
    write_starter(make_starter(name, "mlp", None, False, quiet))
    assert load_spec(Path(path), peek=peek).name == run


def test_a_name_that_is_no_files_becomes_spec() -> None:
    assert make_starter("folder/..", "mlp", None, False, quiet).path == Path("folder/...yaml")
    assert make_starter("/", "mlp", None, False, quiet).path == Path("/spec.yaml")
    assert make_starter("a folder/", "mlp", None, False, quiet).path == Path("a folder.yaml")


def test_the_path_is_relative_to_the_spec(npz: Npz) -> None:
    given = npz(ROWS % 2)
    write_starter(make_starter("specs/mine", None, given, False, quiet))
    assert "path: ../own.npz" in Path("specs/mine.yaml").read_text()
    assert load_spec(Path("specs/mine.yaml"), peek=peek).data.path == Path("specs/../own.npz")
    write_starter(make_starter("absolute", None, given.resolve(), False, quiet))
    assert load_spec(Path("absolute.yaml"), peek=peek).data.path == given.resolve()


def test_a_file_is_replaced_only_by_force() -> None:
    Path("x.yaml").write_text("mine")
    assert refused("x", None, None, False).code == "file-exists"
    assert Path("x.yaml").read_text() == "mine"
    write_starter(make_starter("x", None, None, True, quiet))
    assert Path("x.yaml").read_text() != "mine"


def test_a_folder_is_never_replaced() -> None:
    Path("x.yaml").mkdir()
    assert refused("x", None, None, True).code == "file-exists"


def test_a_template_that_does_not_fit_the_data_is_refused(npz: Npz) -> None:
    assert refused(None, "cnn", npz(ROWS % 2), False).code == "unfit-template"
    assert refused(None, "tabulr", None, False).code == "unknown-template"
    assert not Path("own.yaml").exists()


def test_a_folder_that_cannot_be_written_to_is_told() -> None:
    Path("file").write_text("x")
    assert refused("file/x", None, None, False).code == "unwritable-file"
    assert refused("x" * 300, None, None, False).code == "unwritable-file"


def test_shares_of_classes_get_a_loss_that_takes_them(npz: Npz) -> None:
    shares = np.random.default_rng(0).dirichlet((2, 2, 1), 200)
    write_starter(starter := make_starter("mine", None, npz(shares), False, quiet))
    spec = load_spec(Path("mine.yaml"), peek=peek)
    assert (spec.train.loss.name, [metric.name for metric in spec.train.metrics or ()]) == (
        "categorical_crossentropy",
        ["accuracy"],
    )
    assert "- dense: {units: 3, activation: softmax}" in starter.text
    assert spec.data.labels == "auto"
    assert "each counted by its largest share" in " ".join(starter.found)
