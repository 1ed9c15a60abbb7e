from collections import Counter

import numpy as np
import pytest
from PIL import Image

from nnctl.data import decide_scaling, load, peek
from nnctl.data.images.pictures import Pictures
from nnctl.errors import DataError


def silent(label, share):
    pass


@pytest.fixture
def folder(tmp_path):
    """Makes a folder a class; the pictures are told apart by their size, mode and numbers."""

    def make(name="set", /, classes=("c1", "c2", "c10"), count=10, size=(6, 5), mode="RGB"):
        rng = np.random.default_rng(len(name))
        for label in classes:
            (tmp_path / name / label).mkdir(parents=True, exist_ok=True)
            for index in range(count):
                picture = Image.fromarray(rng.integers(0, 256, (*size, 3), dtype=np.uint8)).convert(mode)
                picture.save(tmp_path / name / label / f"{index}.png")
        return tmp_path / name

    return make


def both(section, path, options=None, **values):
    """What peek tells and load finds, once it is sure that they agree."""
    data = section("images", options, path=path, **values)
    told, found = peek(data), load(data, silent)
    assert (told.shape, told.dtype) == (found.train.x.shape[1:], found.train.x.dtype.name)
    assert (told.task, told.outputs) == (found.task, found.outputs)
    cut_for_validation = 0 if values.get("validation") is None else len(found.validation)
    assert told.train == len(found.train) + cut_for_validation
    return found


def test_a_folder_a_class(section, folder):
    root = folder()
    found = both(section, root, validation=0.25)
    assert found.train.x.shape[1:] == (6, 5, 3)
    assert found.train.x.dtype == np.uint8
    assert (found.task, found.class_names) == ("multiclass", ("c1", "c2", "c10"))
    assert [Counter(split.y.tolist()) for split in (found.train, found.validation, found.test)] == [
        {0: 6, 1: 6, 2: 6},
        {0: 2, 1: 2, 2: 2},
        {0: 2, 1: 2, 2: 2},
    ]
    row = found.train.rows[0]
    with Image.open(sorted((root / "c1").iterdir())[row]) as first:
        assert np.array_equal(found.train.x[0], np.asarray(first))


def test_streamed_is_held_but_for_where_the_pixels_are(section, folder):
    root = folder()
    held, streamed = (both(section, root, {"memory": how}, validation=0.25) for how in ("hold", "stream"))
    assert isinstance(streamed.train.x, Pictures)
    assert held.fingerprint == streamed.fingerprint
    for split in ("train", "validation", "test"):
        mine, theirs = getattr(held, split), getattr(streamed, split)
        assert np.array_equal(mine.x, theirs.x[:])
        assert np.array_equal(mine.y, theirs.y)


def test_statistics_of_streamed_images(section, folder):
    data = section("images", {"memory": "stream"}, path=folder(), scale="standard")
    found = load(data, silent)
    scaled, pixels = decide_scaling(data, found), found.train.x[:].astype(np.float64)
    assert np.allclose(scaled.mean, pixels.mean(axis=0))
    assert np.allclose(scaled.variance, pixels.var(axis=0))


def test_splits_of_its_own(section, folder, tmp_path):
    for name in ("set/train", "set/val", "set/test"):
        folder(name, count=4)
    found = both(section, tmp_path / "set")
    assert [len(split) for split in (found.train, found.validation, found.test)] == [12, 12, 12]
    shared = both(section, tmp_path / "set", validation=0.25)
    assert (len(shared.train), len(shared.validation)) == (9, 3)


def test_validation_from_another_folder_goes_by_names(section, folder):
    found = load(section("images", path=folder(), validation=folder("other", classes=("c10",), count=2)), silent)
    assert found.validation.y.tolist() == [2, 2]


def test_a_class_that_training_has_not(section, folder, refused):
    data = section("images", path=folder(), validation=folder("other", classes=("new",)))
    message = refused("unseen-class", load, data, silent).message
    assert "'new' of " in message
    assert "/new/" in message


@pytest.mark.parametrize(("options", "shape"), [
    ({"size": 4}, (4, 4, 3)), ({"size": [4, 7]}, (4, 7, 3)), ({"size": [4, 7], "mode": "grey"}, (4, 7, 1)),
])  # fmt: skip
def test_sizes_and_modes(section, folder, options, shape):
    assert both(section, folder(), options).train.x.shape[1:] == shape


def test_grey_if_every_image_is(section, folder):
    root = folder(mode="L")
    assert both(section, root).train.x.shape[1:] == (6, 5, 1)
    assert both(section, root, {"mode": "rgb"}).train.x.shape[1:] == (6, 5, 3)
    Image.new("RGB", (5, 6), "red").save(root / "c1" / "red.png")
    assert both(section, root).train.x.shape[1:] == (6, 5, 3)


def test_sizes_that_differ_ask_for_one(section, folder, refused):
    root = folder()
    folder(size=(8, 9), classes=("c1",), count=1)
    for work in (peek, lambda data: load(data, silent)):
        problem = refused("sizes-differ", work, section("images", path=root))
        assert "from 6 x 5 to 8 x 9" in problem.message
        assert problem.hint == "say what to make of them: `source: {images: {size: [8, 9]}}`"


@pytest.mark.parametrize("options", [
    {"size": [4]}, {"size": [4, 4, 3]}, {"size": 0}, {"size": 1 << 20}, {"mode": "blue"}, {"memory": "disk"},
])  # fmt: skip
def test_options_that_are_none(section, folder, refused, options):
    refused("bad-value", peek, section("images", options, path=folder()))


def test_a_subset_decodes_no_more_than_it_needs(section, folder):
    root = folder()
    whole = both(section, root)
    found = both(section, root, subset=6)
    assert len(found.train) == 6
    for path in root.rglob("*.png"):
        unused = path.stat().st_size // 2
        if path not in _paths(root, found):
            with path.open("r+b") as opened:
                opened.truncate(unused)
    assert load(section("images", path=root, subset=6), silent).fingerprint == found.fingerprint != whole.fingerprint


def _paths(root, dataset):
    files = [path for label in ("c1", "c2", "c10") for path in sorted((root / label).iterdir())]
    return {files[row] for split in (dataset.train, dataset.test) for row in split.rows}


def test_a_table_with_classes_or_numbers(section, folder):
    root = folder(classes=("all",), count=10)
    rows = "".join(f"all/{index}.png,{index % 2},{index / 2}\n" for index in range(10))
    (root / "classes.csv").write_text("file,label,weight\n" + rows)
    assert both(section, root, {"table": "classes.csv"}).class_names == ("0", "1")
    (root / "numbers.csv").write_text("file,weight,label\n" + rows)
    found = both(section, root, {"table": "numbers.csv"}, labels="raw")
    assert (found.task, found.train.y.dtype) == ("regression", np.float32)
    (root / "texts.csv").write_text("file,label\nall/1.png,heavy\n")
    with pytest.raises(DataError, match="heavy"):
        load(section("images", {"table": "texts.csv"}, path=root, labels="raw"), silent)


def test_one_class_only(section, folder, refused):
    data = section("images", path=folder(classes=("cats",)))
    for work in (peek, lambda data: load(data, silent)):
        assert "one class only (cats)" in refused("one-class", work, data).message


@pytest.mark.parametrize("memory", ["hold", "stream"])
def test_broken_images_are_named_at_their_place(section, folder, refused, memory):
    root = folder()
    path = root / "c2" / "3.png"
    path.write_bytes(path.read_bytes()[:70])
    problem = refused("damaged-image", load, section("images", {"memory": memory}, path=root), silent)
    assert str(path) in problem.message
    assert problem.place.line == 2


def test_a_text_among_the_images(section, folder, refused):
    root = folder()
    (root / "c2" / "notes.txt").write_text("all of these are cats")
    for work in (peek, lambda data: load(data, silent)):
        assert "notes.txt is no image" in refused("not-an-image", work, section("images", path=root)).message


def test_a_table_whose_columns_have_other_names(section, folder, refused):
    root = folder(classes=("a", "b"))
    rows = [f"{label}/{index}.png,{label}" for label in "ab" for index in range(10)]
    (root / "labels.csv").write_text("path,kind\n" + "\n".join(rows) + "\n")
    found = both(section, root, {"table": "labels.csv", "columns": ["path", "kind"]})
    assert found.class_names == ("a", "b")
    data = section("images", {"table": "labels.csv"}, path=root)
    assert "path, kind; name them: `columns:" in refused("missing-column", peek, data).hint
