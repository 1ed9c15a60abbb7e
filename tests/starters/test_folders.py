import os
from pathlib import Path

import pytest
from PIL import Image

from nnctl.errors import DataError
from nnctl.starters.folders import LARGEST, infer_options


def images(folder: str, *sizes: tuple[int, int]) -> None:
    """Six images a class, of these sizes (height, width) in turn."""
    for name in ("cat", "dog"):
        Path(folder, name).mkdir(parents=True)
        for index in range(6):
            height, width = sizes[index % len(sizes)]
            Image.new("RGB", (width, height), (40 * index, 0, 0)).save(Path(folder, name, f"{index}.png"))


def test_small_images_of_one_size_need_no_option() -> None:
    images("own", (28, 20))
    found = infer_options(Path("own"))
    assert (dict(found.options), found.validation) == ({}, False)
    assert "28 x 20" in found.facts[0]


@pytest.mark.parametrize(
    ("sizes", "size"),
    [
        ([(20, 30), (24, 30), (28, 36)], [24, 30]),
        ([(192, 96)], [96, 48]),
        ([(100, 400), (200, 400), (300, 400)], [48, 96]),
        ([(1, 2000)], [1, 96]),
    ],
)
def test_other_images_are_made_of_one_size_that_is_not_large(sizes: list[tuple[int, int]], size: list[int]) -> None:
    images("own", *sizes)
    found = infer_options(Path("own"))
    assert found.options == {"size": size}
    assert max(size) <= LARGEST
    assert f"{size[0]} x {size[1]}" in found.facts[0]


def test_validation_of_its_own_is_seen() -> None:
    images("own/train", (8, 8))
    images("own/val", (8, 8))
    assert infer_options(Path("own")).validation


def test_a_table_beside_the_images_names_their_classes() -> None:
    images("own", (8, 8))
    flat = Path("flat")
    flat.mkdir()
    for index, path in enumerate(sorted(Path("own").rglob("*.png"))):
        path.rename(flat / f"{index}.png")
    rows = "".join(f"{index}.png,{'cat' if index < 6 else 'dog'}\n" for index in range(12))
    (flat / "labels.csv").write_text("file,label\n" + rows)
    assert infer_options(flat).options == {"table": "labels.csv"}


def test_a_folder_without_classes_is_told() -> None:
    Path("own").mkdir()
    with pytest.raises(DataError, match="own"):
        infer_options(Path("own"))
    (Path("own") / "cat").mkdir()
    (Path("own") / "cat" / "notes.txt").write_text("x")
    with pytest.raises(DataError):
        infer_options(Path("own"))


def test_a_table_is_known_by_the_files_that_it_names() -> None:
    images("own", (8, 8))
    paths = sorted(path.relative_to("own") for path in Path("own").rglob("*.png"))
    rows = "".join(f"{index},{path},{'ab'[index % 2]}\n" for index, path in enumerate(paths))
    Path("own", "labels.csv").write_text("nr,filename,class\n" + rows)
    assert infer_options(Path("own")).options == {"table": "labels.csv", "columns": ["filename", "class"]}
    Path("own", "labels.csv").write_text("nr,notes\n1,none\n")
    assert infer_options(Path("own")).options == {}


def test_a_pipe_is_no_table_and_not_waited_for() -> None:
    images("own", (8, 8))
    os.mkfifo(Path("own", "labels.csv"))
    assert infer_options(Path("own")).options == {}


def test_a_table_is_looked_at_as_it_is_read() -> None:
    images("own/a", (8, 8))
    paths = sorted(path.relative_to("own") for path in Path("own").rglob("*.png"))
    rows = [(str(path).replace("/", "\\"), "cat" if index < 6 else "dog") for index, path in enumerate(paths)]
    splits = ["train", "val", "test"] * 4
    lines = [f"{path}; {kind}; {split}\n" for (path, kind), split in zip(rows, splits, strict=True)]
    Path("own", "labels.csv").write_text("image; kind; split\n" + "".join(lines))
    found = infer_options(Path("own"))
    assert (found.options, found.validation) == ({"table": "labels.csv", "columns": ["image", "kind"]}, True)
    Path("own", "labels.csv").write_text("File; Label; split\n" + "".join(lines))
    assert infer_options(Path("own")).options == {"table": "labels.csv"}


def test_folders_of_splits_by_other_names_are_seen() -> None:
    images("own/training_set", (8, 8))
    images("own/dev", (8, 8))
    assert infer_options(Path("own")).validation
