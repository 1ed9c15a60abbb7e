import os
from pathlib import Path

import pytest

from nnctl.data.images.folder import list_images, make_natural_key
from nnctl.errors import DataError


@pytest.fixture
def tree(tmp_path):
    """Makes empty files below a folder."""

    def make(*paths):
        for path in paths:
            (tmp_path / "set" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "set" / path).touch()
        return tmp_path / "set"

    return make


def codes(root, table=None):
    with pytest.raises(DataError) as caught:
        list_images(root, table, None)
    return [problem.code for problem in caught.value.problems]


def names(root, listing):
    return [str(Path(file).relative_to(root)) for file in listing.files]


def test_natural_order():
    assert sorted(["b", "a10", "a9", "10", "9", "a"], key=make_natural_key) == ["9", "10", "a", "a9", "a10", "b"]


def test_classes_in_natural_order_files_in_sorted_order(tree):
    root = tree("c10/b.png", "c10/a.png", "c9/sub/x.png", "c9/a.png", "c9/.DS_Store", "c9/Thumbs.db", ".git/x.png")
    found = list_images(root, None, None)
    assert list(found) == ["train"]
    assert names(root, found["train"]) == ["c9/a.png", "c9/sub/x.png", "c10/a.png", "c10/b.png"]
    assert found["train"].labels == ["c9", "c9", "c10", "c10"]


def test_a_file_that_is_no_image_may_lie_beside_the_classes(tree):
    assert names(tree("a/1.png", "README.md"), list_images(tree(), None, None)["train"]) == ["a/1.png"]
    assert codes(tree("stray.png")) == ["image-without-class"]


def test_splits_above_the_classes(tree):
    root = tree("train/a/1.png", "val/a/2.png", "Test/a/3.png")
    found = list_images(root, None, None)
    assert {split: names(root, listing) for split, listing in found.items()} == {
        "train": ["train/a/1.png"],
        "validation": ["val/a/2.png"],
        "test": ["Test/a/3.png"],
    }
    assert codes(tree("extra/a/4.png")) == ["unknown-split"]


def test_test_alone_is_a_class(tree):
    assert list_images(tree("test/1.png", "other/2.png"), None, None)["train"].labels == ["other", "test"]


def test_what_is_missing(tree, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.png").touch()
    assert codes(tmp_path / "empty") == ["no-examples"]
    assert codes(tmp_path / "file.png") == ["not-a-folder"]
    root = tree("a/1.png")
    (root / "b").mkdir()
    (root / "c").mkdir()
    assert codes(root) == ["empty-class", "empty-class"]


def test_links_that_lead_out(tree, tmp_path):
    root = tree("a/1.png", "b/2.png")
    (tmp_path / "secret.png").touch()
    (root / "a" / "inside.png").symlink_to(root / "b" / "2.png")
    assert "a/inside.png" in names(root, list_images(root, None, None)["train"])
    (root / "a" / "out.png").symlink_to(tmp_path / "secret.png")
    (root / "c").symlink_to(tmp_path)
    (root / "d").symlink_to(root / "a")
    assert codes(root) == ["link-outside", "link-to-folder", "link-outside"]


def test_a_folder_that_is_itself_a_link(tree, tmp_path):
    (tmp_path / "link").symlink_to(tree("a/1.png"))
    assert list_images(tmp_path / "link", None, None)["train"].labels == ["a"]


def test_a_pipe_is_not_waited_for(tree):
    root = tree("a/1.png", "b/1.png")
    os.mkfifo(root / "a" / "2.png")
    assert codes(root) == ["unreadable-data"]
    (root / "a" / "2.png").unlink()
    (root / "b" / "2.png").symlink_to(root / "pipe")
    os.mkfifo(root / "pipe")
    assert codes(root) == ["unreadable-data"]
    assert codes(root, "pipe") == ["unreadable-data"]


def test_a_name_that_is_no_text(tree):
    root = tree("a/1.png")
    Path(os.fsdecode(os.fsencode(root) + b"/a/\xff.png")).touch()
    assert codes(root) == ["bad-file-name"]


def table(root, text, name="labels.csv"):
    (root / name).write_text(text, encoding="utf-8")
    return name


def test_a_table_of_paths_and_labels(tree):
    root = tree("x/1.png", "x/2.png")
    found = list_images(root, table(root, "id,label,file\n1,cat,x/2.png\n2,dog,x/1.png\n"), None)["train"]
    assert (names(root, found), found.labels) == (["x/2.png", "x/1.png"], ["cat", "dog"])


@pytest.mark.parametrize(("text", "code"), [
    ("path,label\n1.png,a\n", "missing-column"),
    ("", "missing-column"),
    ("file,label\n", "no-examples"),
    ("file,label\n1.png\n", "bad-table"),
    ("file,label\n,a\n", "bad-table"),
    ('file,label\n"1.png,a', "bad-table"),
    ("file,label\nnone.png,a\n", "missing-image"),
    ("file,label\n../out.png,a\n", "link-outside"),
    ("file,label\n/etc/passwd,a\n", "link-outside"),
])  # fmt: skip
def test_what_is_wrong_with_a_table(tree, text, code):
    root = tree("1.png")
    assert codes(root, table(root, text)) == [code]


def test_a_table_that_is_not_there_or_no_text(tree):
    root = tree("1.png")
    assert codes(root, "labels.csv") == ["unreadable-data"]
    (root / "labels.csv").write_bytes(b"file,label\n\xff,a\n")
    assert codes(root, "labels.csv") == ["bad-table"]
