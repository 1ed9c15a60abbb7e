from pathlib import Path

import pytest
from PIL import Image

from nnctl.data.images.folder import list_images
from nnctl.data.images.unreadable import find_broken, leave_out_unreadable
from nnctl.data.source import silent
from nnctl.errors import DataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two classes of three pictures; of `b` one is cut off, one no picture."""
    for number, name in enumerate(("a/1.png", "a/2.png", "a/3.png", "b/1.png", "b/2.png", "b/3.png")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.effect_noise((32, 32), 40 + number).save(tmp_path / name)
    whole = (tmp_path / "b/2.png").read_bytes()
    (tmp_path / "b/2.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b/3.png").write_bytes(b"no picture")
    return tmp_path


def test_what_cannot_be_decoded_is_found_in_its_order(folder: Path) -> None:
    files = [str(folder / name) for name in ("b/3.png", "a/1.png", "b/2.png", "b/1.png")]
    told: list[float | None] = []
    assert find_broken(files, None, lambda label, share: told.append(share)) == [files[0], files[2]]
    assert told == [0, 0.25, 0.5, 0.75]


def test_it_is_left_out_counted_and_named(folder: Path) -> None:
    found = leave_out_unreadable(list_images(folder, None, None), folder, None, silent)
    assert [str(Path(file).relative_to(folder)) for file in found.files] == ["a/1.png", "a/2.png", "a/3.png", "b/1.png"]
    assert found.splits["train"].labels == ["a", "a", "a", "b"]
    assert found.notes == ["2 pictures that cannot be read are left out: b/2.png, b/3.png"]


def test_files_that_a_table_names_and_are_not_there_are_left_out_with_them(folder: Path) -> None:
    (folder / "t.csv").write_text("file,label\na/1.png,x\nb/1.png,y\nb/3.png,y\ngone.png,y\na/2.png,\n")
    with pytest.raises(DataError) as caught:
        list_images(folder, "t.csv", None)
    assert [problem.code for problem in caught.value.problems] == ["missing-image", "bad-table"]
    listed = list_images(folder, "t.csv", None, skip=("unlabelled", "unreadable"))
    found = leave_out_unreadable(listed, folder, None, silent)
    assert found.splits["train"].labels == ["x", "y"]
    assert "1 picture without a label is left out: line 6" in found.notes
    assert "2 pictures that cannot be read are left out: gone.png, b/3.png" in found.notes


def test_a_class_of_which_nothing_is_left_is_refused(folder: Path) -> None:
    (folder / "b/1.png").write_bytes(b"")
    with pytest.raises(DataError, match="no picture of 'b' can be read"):
        leave_out_unreadable(list_images(folder, None, None), folder, None, silent)
    for number in (1, 2, 3):
        (folder / f"a/{number}.png").write_bytes(b"x")
    with pytest.raises(DataError, match="none of the 6 pictures of train can be read"):
        leave_out_unreadable(list_images(folder, None, None), folder, None, silent)
