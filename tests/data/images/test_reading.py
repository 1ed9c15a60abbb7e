import numpy as np
import pytest
from PIL import Image

from nnctl.data.images.reading import peek, read_images
from nnctl.data.memory.limit import Limit, PastLimitError
from nnctl.spec.sections import DataFacts


@pytest.fixture
def folder(tmp_path):
    """A folder of two classes, two images of 4 x 6 pixels each, and a way to add others."""

    def add(place, size=(6, 4), mode="RGB", value=0):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        Image.new(mode, size, value if mode == "L" else (value, 0, 0)).save(tmp_path / place)
        return tmp_path

    for number, place in enumerate(("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png")):
        add(place, value=number)
    return add


def taken(data, size=None, mode="auto", memory="auto"):
    said = []
    found = read_images(data, lambda text, share: said.append(text), size, mode, None, None, memory)
    assert said == [f"looking at {len(found.train.x):,} images"]
    return found


def test_a_folder_a_class(section, folder, tmp_path):
    data = section("images", path=tmp_path)
    found = taken(data)
    assert found.train.x.shape == (4, 4, 6, 3)
    assert found.train.x[:][:, 0, 0, 0].tolist() == [0, 1, 2, 3]
    assert found.train.y.tolist() == ["cat", "cat", "dog", "dog"]
    assert (found.test, found.validation, found.title) == (None, None, tmp_path.name)
    assert peek(data) == (DataFacts((4, 6, 3), "uint8", "binary", 2, 4), False)


@pytest.mark.parametrize(
    ("options", "shape"),
    [({"mode": "grey"}, (4, 6, 1)), ({"size": 5}, (5, 5, 3)), ({"size": [2, 3], "mode": "grey"}, (2, 3, 1))],
)
def test_what_is_asked_for(section, folder, tmp_path, options, shape):
    data = section("images", options, path=tmp_path)
    assert peek(data)[0].shape == taken(data, **options).train.x.shape[1:] == shape


def test_sizes_that_differ(section, folder, tmp_path, refused):
    data = section("images", path=folder("dog/3.png", (500, 300)))
    problem = refused("sizes-differ", peek, data)
    assert "from 4 x 6 to 300 x 500" in problem.message
    assert "size: [224, 224]" in problem.hint  # the larger of the two sizes, no side above 224
    refused("sizes-differ", taken, data)


def test_labels_that_are_no_numbers(section, folder, tmp_path, refused):
    assert refused("bad-labels", taken, section("images", path=tmp_path, labels="raw")).place is not None


def test_labels_that_are_numbers(section, tmp_path, folder):
    root = tmp_path / "numbers"
    for name in ("numbers/1.5/a.png", "numbers/2/b.png"):
        folder(name)
    assert taken(section("images", path=root, labels="raw")).train.y.tolist() == [1.5, 2.0]


def test_one_class(section, folder, tmp_path, refused):
    folder("alone/cat/1.png")
    assert "(cat)" in refused("one-class", peek, section("images", path=tmp_path / "alone")).message


@pytest.fixture
def deep(tmp_path):
    """A folder of two classes of four pictures each, 12 bits in 16; and a way to put a table into it."""
    levels = np.random.default_rng(0).integers(0, 4096, (8, 5, 4), dtype=np.uint16)
    for number, each in enumerate(levels):
        (tmp_path / "deep" / "ab"[number % 2]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(each).save(tmp_path / "deep" / "ab"[number % 2] / f"{number}.png")
    return tmp_path / "deep", levels


@pytest.mark.parametrize("memory", ["hold", "store", "stream"])
def test_sixteen_bits_are_kept_however_images_are(section, deep, memory):
    from nnctl.data import load
    from nnctl.data.source import silent

    root, levels = deep
    data = section("images", {"memory": memory}, path=root, test=0.25)
    assert peek(data) == (DataFacts((5, 4, 1), "uint16", "binary", 2, 8), False)
    dataset = load(data, silent)
    order = [*levels[::2], *levels[1::2]]
    assert dataset.train.x.dtype == np.uint16
    assert np.array_equal(dataset.train.x[:][..., 0], [order[row] for row in dataset.train.rows])
    assert dataset.notes == ()


def test_what_becomes_of_levels_and_clear_parts_is_told(section, deep):
    root, _ = deep
    Image.new("LA", (4, 5), (9, 9)).save(root / "a" / "clear.png")
    found = taken(section("images", path=root))
    assert found.notes == (
        "1 of 9 images can have clear parts: they are taken for white",
        "8 of 9 images have levels of 16 bits: those of 8 bits are widened, 255 becomes 65535",
    )
    older = taken(section("images", path=root, older=True))
    assert (older.train.x.dtype, older.train.x.conversion.white) == (np.uint8, False)
    assert "whatever colour lies beneath" in older.notes[0]
    assert "65535 becomes 255" in older.notes[1]


def written(folder, labels):
    for index in range(len(labels)):
        folder(f"{index}.png", value=index)
    rows = "".join(f"{index}.png,{label}\n" for index, label in enumerate(labels))
    root = folder("0.png")
    (root / "labels.csv").write_text("file,label\n" + rows)
    return root


def test_fractions_in_a_table_are_numbers_to_predict(section, folder, refused):
    root = written(folder, ["1.5", "2", "-3.25", "2"])
    for how in ({}, {"labels": "raw"}):
        data = section("images", {"table": "labels.csv"}, path=root, **how)
        found = read_images(data, lambda text, share: None, None, "auto", "labels.csv", None, "auto")
        assert found.train.y.tolist() == [1.5, 2, -3.25, 2]
    facts, _ = peek(section("images", {"table": "labels.csv"}, path=root))
    assert (facts.task, facts.outputs) == ("regression", 1)
    facts, _ = peek(section("images", {"table": "labels.csv"}, path=root, classes=True))
    assert (facts.task, facts.outputs) == ("multiclass", 3)


def test_whole_numbers_in_a_table_are_names_of_classes(section, folder):
    root = written(folder, ["10", "2.0", "1", "2"])
    data = section("images", {"table": "labels.csv"}, path=root)
    assert peek(data)[0].outputs == 3
    found = read_images(data, lambda text, share: None, None, "auto", "labels.csv", None, "auto")
    assert found.train.y.tolist() == ["10", "2", "1", "2"]


def test_where_labels_alone_are_looked_at_no_image_is_opened(section, folder, tmp_path):
    folder("dog/3.png").joinpath("cat/1.png").write_bytes(b"no image")
    args = (lambda text, share: None, None, "auto", None, None, "auto")
    found = read_images(section("images", path=tmp_path), *args, Limit())
    assert found.train.y.tolist() == ["cat", "cat", "dog", "dog", "dog"]
    assert [file.rsplit("/", 2)[1:] for file in found.train.x.files][:2] == [["cat", "1.png"], ["cat", "2.png"]]
    with pytest.raises(PastLimitError, match="within"):
        read_images(section("images", path=tmp_path), *args, Limit(seconds=-1))
