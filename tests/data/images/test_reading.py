import pytest
from PIL import Image

from nnctl.data.images.reading import peek, read_images
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
