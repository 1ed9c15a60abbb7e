import io
import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnctl.data.images.decoding import Conversion, decode
from nnctl.data.images.ink import measure_ink
from nnctl.data.inputs import Inputs
from nnctl.data.tables.columns import Columns
from nnctl.data.tables.feature import Feature
from nnctl.errors import DataError
from nnctl.predicting.reading import BLOCK, Block, Reading
from tests.data.images.test_ink import drawings

BYTES = np.rint(drawings() * 255).astype(np.uint8)
DRAWN = Reading(Inputs((20, 20), "uint8", "multiclass", ("a", "b"), 0, 230, 20, 50, measure_ink(drawings())))
COLOUR = Reading(Inputs((8, 8, 3), "uint8", "multiclass", ("a", "b"), 0, 255, 120, 50))
FLOATS = Reading(Inputs((3,), "float32", "multiclass", ("a", "b"), -9, 9, 0, 1))
TABLE = Reading(FLOATS.inputs, Columns((Feature("age", 1.0),)))


def read(reading: Reading, path: Path) -> list[Block]:
    return list(reading.read_blocks(path, path.name))


def code(reading: Reading, path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(reading, path)
    return caught.value.problems[0].code


def saved(folder: Path, image: np.ndarray, name: str = "a.png") -> Path:
    Image.fromarray(image).save(folder / name)
    return folder / name


def test_a_training_image_saved_as_png_comes_back_bit_for_bit(tmp_path: Path) -> None:
    for image in BYTES[:6]:
        (block,) = read(DRAWN, saved(tmp_path, image))
        assert block.x[0].tobytes() == image.tobytes()
        assert block.said == ()


def test_colours_are_converted_and_said(tmp_path: Path) -> None:
    (grey,) = read(DRAWN, saved(tmp_path, np.stack([BYTES[0]] * 3, axis=-1)))
    assert grey.x[0].tobytes() == BYTES[0].tobytes()
    assert grey.said == ("it is in colour: made grey",)
    (colour,) = read(COLOUR, saved(tmp_path, BYTES[0]))
    assert colour.x.shape == (1, 8, 8, 3)
    assert colour.said == ("it is grey: taken for all three colours", "20 x 20 pixels: resized to 8 x 8")


def test_a_stroke_on_nothing_is_seen_on_white(tmp_path: Path) -> None:
    clear = np.zeros((20, 20, 4), np.uint8)
    clear[..., 3] = BYTES[0]
    (block,) = read(DRAWN, saved(tmp_path, clear))
    assert np.abs(block.x[0].astype(int) - BYTES[0]).max() <= 1
    assert block.said[1] == "what is transparent taken for white"


def test_arrays_come_in_blocks(tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 256, (2 * BLOCK + 7, 20, 20), np.uint8)
    for name, array in (("c", x), ("fortran", np.asfortranarray(x)), ("channel", x[..., None]), ("float", x * 1.0)):
        np.savez_compressed(tmp_path / f"{name}.npz", x=array)
        blocks = read(DRAWN, tmp_path / f"{name}.npz")
        assert [row for block in blocks for row in block.rows or ()] == [*range(1, len(x) + 1)]
        assert np.concatenate([block.x for block in blocks]).tobytes() == x.tobytes()


def test_values_that_were_divided_are_refused_or_said(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=BYTES[:2] / 255)
    assert code(DRAWN, tmp_path / "a.npz") == "wrong-range"
    np.savez(tmp_path / "a.npz", x=np.full((2, 3), 0.5))
    assert "scales them itself" in read(FLOATS, tmp_path / "a.npz")[0].said[0]
    np.savez(tmp_path / "a.npz", x=np.full((2, 20, 20), 300))
    assert code(DRAWN, tmp_path / "a.npz") == "wrong-range"
    np.savez(tmp_path / "a.npz", x=np.array([[1, np.nan, 2]]))
    assert code(FLOATS, tmp_path / "a.npz") == "not-finite"


def test_the_content_tells_what_a_file_is(tmp_path: Path) -> None:
    misnamed = saved(tmp_path, BYTES[0]).rename(tmp_path / "a.csv")
    assert read(DRAWN, misnamed)[0].x[0].tobytes() == BYTES[0].tobytes()
    (tmp_path / "a.png").write_text("1,2,3\n")
    assert read(FLOATS, tmp_path / "a.png")[0].x.tolist() == [[1, 2, 3]]


def test_what_cannot_be_taken_is_refused(tmp_path: Path) -> None:
    stored = io.BytesIO()
    np.savez(stored, x=BYTES[:, :5])
    contents = {"empty": b"", "other": b"%PDF\0", "shape": stored.getvalue(), "cut": b"\x89PNG\r\n\x1a\n", "zip": b"PK"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    found = {name: code(DRAWN, tmp_path / name) for name in (*contents, "absent", ".")}
    assert found == {
        "empty": "no-examples", "other": "unknown-input", "shape": "wrong-input", "cut": "not-an-image",
        "zip": "not-npz", "absent": "unreadable-data", ".": "unreadable-data",
    }  # fmt: skip
    picture = saved(tmp_path, BYTES[0])
    assert code(FLOATS, picture) == code(TABLE, picture) == code(TABLE, tmp_path / "shape") == "wrong-input"


def test_wrong_files_are_told_at_the_end_and_keep_no_other_from_its_turn(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("1,2,3\n4,5,6\n")
    empty, got = tmp_path / "empty", list[Block]()
    empty.mkdir()
    with pytest.raises(DataError) as caught:
        got.extend(
            FLOATS.read_files(["absent.png", str(tmp_path / "rows.csv"), str(empty), "-"], io.BytesIO(b"7,8,9\n"))
        )
    assert [problem.code for problem in caught.value.problems] == ["unreadable-data", "no-examples"]
    assert [(block.name, block.rows) for block in got] == [(str(tmp_path / "rows.csv"), [1, 2]), ("stdin", [1])]
    assert np.concatenate([block.x for block in got]).tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def stored() -> bytes:
    content = io.BytesIO()
    np.savez(content, x=np.random.default_rng(0).normal(size=(3000, 3)).astype(np.float32))
    return content.getvalue()


@pytest.mark.parametrize(
    "content", ["".join(f"{i},{-i},{i / 7}\n" for i in range(9000)).encode(), stored()], ids=["csv", "npz"]
)
def test_what_can_be_read_once_gives_what_its_file_gives(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(content,))
    writer.start()

    def joined(name: str) -> bytes:
        return np.concatenate([block.x for block in FLOATS.read_files([name], io.BytesIO(content))]).tobytes()

    assert joined(str(tmp_path / "pipe")) == joined("-") == joined(str(tmp_path / "file"))
    writer.join()


def test_a_file_is_called_as_the_user_calls_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        list(FLOATS.read_files(["./x"], io.BytesIO()))
    assert caught.value.problems[0].message == "./x is empty, expected a picture, an npz file or a table"


def test_a_kept_file_is_called_by_its_name() -> None:
    for text, message in (
        ("1,2\n", "stdin has 2 columns, expected 3"),
        ("1,2,3\nx,2,3\n", "stdin, line 2, column 1 holds 'x'"),
    ):
        with pytest.raises(DataError, match=f"^[a-z-]+: {message}"):
            list(FLOATS.read_files(["-"], io.BytesIO(text.encode())))


def test_clear_parts_of_colours_are_white_as_in_training_and_before_what_lies_beneath(tmp_path: Path) -> None:
    colours = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    clear = np.dstack([colours, np.zeros((8, 8), np.uint8)])
    clear[:4, :, 3] = 255
    path = saved(tmp_path, clear)
    (block,) = read(COLOUR, path)
    assert np.array_equal(block.x[0][:4], colours[:4])
    assert (block.x[0][4:] == 255).all()
    assert block.said == ("what is transparent taken for white",)
    assert np.array_equal(block.x[0], decode(str(path), Conversion(8, 8, 3, resize=False), None))
    (older,) = read(replace(COLOUR, older=True), path)
    assert (older.x[0].tobytes(), older.said) == (colours.tobytes(), ())


def test_levels_of_sixteen_bits_come_as_in_training(tmp_path: Path) -> None:
    wide = np.random.default_rng(0).integers(0, 4096, (8, 8), dtype=np.uint16)
    path = saved(tmp_path, wide)
    deep = Reading(Inputs((8, 8, 1), "uint16", "multiclass", ("a", "b"), 12, 4090, 2000, 900))
    (block,) = read(deep, path)
    assert (block.x.dtype, block.said) == (np.uint16, ())
    assert np.array_equal(block.x[0, ..., 0], wide)
    (grey,) = read(deep, saved(tmp_path, np.full((8, 8), 255, np.uint8)))
    assert set(np.unique(grey.x)) == {4090}
    bytes_ = Reading(Inputs((8, 8, 1), "uint8", "multiclass", ("a", "b"), 0, 255, 120, 50))
    (narrow,) = read(bytes_, saved(tmp_path, wide * 16))
    assert narrow.said == ("it has levels of 16 bits, training 8: 65535 taken for 255",)
    assert np.abs(narrow.x[0, ..., 0].astype(float) - wide * 16 / 257).max() <= 0.5


def test_drawings_of_sixteen_bits_come_back_bit_for_bit(tmp_path: Path) -> None:
    wide = np.rint(drawings() * 3000).astype(np.uint16)
    ink = measure_ink((wide / wide.max()).astype(np.float32))
    deep = Reading(Inputs((20, 20), "uint16", "multiclass", ("a", "b"), 0, float(wide.max()), 200, 500, ink))
    for image in wide[:6]:
        (block,) = read(deep, saved(tmp_path, image))
        assert block.said == ()
        assert block.x[0].tobytes() == image.tobytes()


def test_examples_are_found_by_what_training_calls_them(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", test_images=BYTES[:3], test_labels=np.zeros(3))
    assert read(DRAWN, tmp_path / "a.npz")[0].x.tobytes() == BYTES[:3].tobytes()


def test_the_files_of_a_folder_are_taken_in_turn_and_what_is_not_read_is_said_once(tmp_path: Path) -> None:
    for number, image in enumerate(BYTES[:3], 9):
        saved(tmp_path, image, f"{number}.png")
    (tmp_path / "readme.txt").write_text("drawn by hand")
    (tmp_path / "10.png").write_bytes(b"1,2,3\n")
    got: list[Block] = []
    with pytest.raises(DataError, match=r"10\.png is no picture"):
        got.extend(DRAWN.read_files([str(tmp_path)], io.BytesIO()))
    assert [(block.name, block.rows) for block in got] == [(f"{tmp_path}/{name}.png", None) for name in (9, 11)]
    assert [block.said for block in got] == [(f"in {tmp_path} 1 file is not read: readme.txt",), ()]
