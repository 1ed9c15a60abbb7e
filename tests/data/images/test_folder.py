import os
from pathlib import Path

import pytest

from nnctl.data.images.folder import list_images
from nnctl.errors import DataError


def codes(root, table=None):
    with pytest.raises(DataError) as caught:
        list_images(root, table, None)
    return [problem.code for problem in caught.value.problems]


def names(root, listing):
    return [str(Path(file).relative_to(root)) for file in listing.files]


def test_classes_in_natural_order_files_in_sorted_order(tree):
    root = tree("c10/b.png", "c10/a.png", "c9/sub/x.png", "c9/a.png", "c9/.DS_Store", "c9/Thumbs.db", ".git/x.png")
    found = list_images(root, None, None).splits
    assert list(found) == ["train"]
    assert names(root, found["train"]) == ["c9/a.png", "c9/sub/x.png", "c10/a.png", "c10/b.png"]
    assert found["train"].labels == ["c9", "c9", "c10", "c10"]


def test_a_file_that_is_no_image_may_lie_beside_the_classes(tree):
    assert names(tree("a/1.png", "README.md"), list_images(tree(), None, None).splits["train"]) == ["a/1.png"]
    assert codes(tree("stray.png")) == ["image-without-class"]


def test_splits_above_the_classes(tree):
    root = tree("train/a/1.png", "val/a/2.png", "Test/a/3.png")
    found = list_images(root, None, None).splits
    assert {split: names(root, listing) for split, listing in found.items()} == {
        "train": ["train/a/1.png"],
        "validation": ["val/a/2.png"],
        "test": ["Test/a/3.png"],
    }
    assert codes(tree("extra/a/4.png")) == ["unknown-split"]


def test_test_alone_is_a_class(tree):
    assert list_images(tree("test/1.png", "other/2.png"), None, None).splits["train"].labels == ["other", "test"]


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
    assert "a/inside.png" in names(root, list_images(root, None, None).splits["train"])
    (root / "a" / "out.png").symlink_to(tmp_path / "secret.png")
    (root / "c").symlink_to(tmp_path)
    (root / "d").symlink_to(root / "a")
    assert codes(root) == ["link-outside", "link-to-folder", "link-outside"]


@pytest.mark.parametrize("place", ["loop.png", "a/loop.png", "a/loop"])
def test_a_link_in_a_circle(tree, place):
    root = tree("a/1.png", "b/2.png")
    (root / place).symlink_to(Path(place).name)
    assert codes(root) == ["unreadable-data"]


def test_a_folder_that_is_itself_a_link(tree, tmp_path):
    (tmp_path / "link").symlink_to(tree("a/1.png"))
    assert list_images(tmp_path / "link", None, None).splits["train"].labels == ["a"]


def test_a_pipe_is_not_waited_for(tree):
    root = tree("a/1.png", "b/1.png")
    os.mkfifo(root / "a" / "2.png")
    assert codes(root) == ["unreadable-data"]
    (root / "a" / "2.png").unlink()
    (root / "b" / "2.png").symlink_to(root / "pipe")
    os.mkfifo(root / "pipe")
    assert codes(root) == ["unreadable-data"]


def test_a_name_that_is_no_text(tree):
    root = tree("a/1.png")
    Path(os.fsdecode(os.fsencode(root) + b"/a/\xff.png")).touch()
    assert codes(root) == ["bad-file-name"]


@pytest.mark.parametrize(
    ("train", "other", "split"),
    [
        ("training_set", "test_set", "test"),
        ("train_images", "dev_images", "validation"),
        ("seg_train", "seg_test", "test"),
        ("TRAIN", "Valid", "validation"),
        ("train2017", "val2017", "validation"),
        ("Train", "eval", "validation"),
        ("training", "hold_out", "validation"),
        ("trainset", "testset", "test"),
    ],
)
def test_folders_of_splits_by_their_usual_names(tree, train, other, split):
    found = list_images(tree(f"{train}/cats/1.png", f"{train}/dogs/2.png", f"{other}/cats/3.png"), None, None)
    assert {each: listing.labels for each, listing in found.splits.items()} == {
        "train": ["cats", "dogs"],
        split: ["cats"],
    }
    assert found.notes == []


def test_what_is_held_out_is_test_beside_validation(tree):
    found = list_images(tree("train/a/1.png", "val/a/2.png", "eval/a/3.png"), None, None)
    assert sorted(found.splits) == ["test", "train", "validation"]


def test_two_folders_of_one_split_are_refused(tree):
    assert codes(tree("train/a/1.png", "training_set/a/2.png")) == ["splits-clash"]
    assert codes(tree("test/a/1.png", "Testing/a/2.png")) == ["splits-clash", "splits-clash"]


def test_a_folder_that_an_archive_unpacks_into_itself(tree):
    root = tree("seg_train/seg_train/sea/1.png", "seg_train/seg_train/forest/2.png", "seg_test/seg_test/sea/3.png")
    found = list_images(root, None, None).splits
    assert {split: listing.labels for split, listing in found.items()} == {"train": ["forest", "sea"], "test": ["sea"]}


def test_a_class_called_train_holds_images_and_no_folders(tree):
    found = list_images(tree("bus/1.png", "car/2.png", "train/3.png"), None, None)
    assert found.splits["train"].labels == ["bus", "car", "train"]
    assert "train is taken for a class" in found.notes[0]


def test_folders_of_splits_without_classes_are_no_classes(tree):
    assert codes(tree("train/cat.1.png", "test/2.png")) == ["image-without-class", "image-without-class"]
    assert "unknown-split" in codes(tree("unlabelled/3.png"))


def test_folders_that_hold_the_same_folders_are_no_classes(tree):
    root = tree("day1/cats/1.png", "day1/dogs/2.png", "day2/cats/3.png", "day2/dogs/4.png")
    assert codes(root) == ["classes-unclear"]
    assert list_images(root, None, None, older=True).splits["train"].labels == ["day1", "day1", "day2", "day2"]


def test_folders_below_a_class_are_told(tree):
    root = tree("cats/persian/1.png", "cats/siamese/2.png", "dogs/3.png")
    found = list_images(root, None, None)
    assert found.splits["train"].labels == ["cats", "cats", "dogs"]
    (note,) = found.notes
    assert "cats (persian, siamese)" in note
    assert "dogs" not in note


def test_a_class_is_one_however_its_name_is_spelt(tree):
    root = tree("train/caf\u00e9/1.png", "train/the\u0301/2.png", "test/cafe\u0301/3.png", "train/cafe\u0301/4.png")
    found = list_images(root, None, None).splits
    assert found["train"].labels == ["caf\u00e9", "caf\u00e9", "th\u00e9"]
    assert found["test"].labels == ["caf\u00e9"]
    assert list_images(root, None, None, older=True).splits["test"].labels == ["cafe\u0301"]


def test_files_beside_the_classes_are_named(tree):
    (note,) = list_images(tree("a/1.png", "b/2.png", "labels.csv", "README.md", ".hidden"), None, None).notes
    assert note == "files beside the class folders are not read: README.md, labels.csv"


def test_a_run_of_before_goes_on_with_the_folders_that_it_was_trained_with(tree):
    root = tree("train/a/1.png", "training/a/2.png", "valid/a/3.png", "val/a/4.png")
    found = list_images(root, None, None, older=True).splits
    assert {split: names(root, listing) for split, listing in found.items()} == {
        "train": ["training/a/2.png"],
        "validation": ["val/a/4.png"],
    }
    other = tree("../other/training_set/a/1.png", "../other/test_set/a/2.png").parent / "other"
    assert list_images(other, None, None, older=True).splits["train"].labels == ["test_set", "training_set"]


def test_a_folder_too_many_is_told_with_the_path_that_is_meant(tree):
    root = tree("archive/cats/1.png", "archive/dogs/2.png")
    with pytest.raises(DataError) as caught:
        list_images(root, None, None)
    assert [problem.code for problem in caught.value.problems] == ["one-class"]
    assert f"path: {root}/archive" in caught.value.problems[0].hint
    assert list_images(root, None, None, older=True).splits["train"].labels == ["archive", "archive"]


def test_pictures_beside_the_class_folders_have_no_label_and_may_be_left_out(tree):
    root = tree("a/1.png", "b/2.png", "3.png")
    assert codes(root) == ["image-without-class"]
    found = list_images(root, None, None, skip=["unlabelled"])
    assert names(root, found.splits["train"]) == ["a/1.png", "b/2.png"]
    assert found.notes == ["1 picture without a label is left out: 3.png"]


@pytest.mark.parametrize(
    ("endings", "told"),
    [((".txt", ".md"), "texts (.md, .txt)"), ((".wav", ".WAV"), "recordings (.wav)"), ((".mp4",), "videos")],
)
def test_a_folder_of_something_else_is_one_problem(endings, told, tmp_path):
    for label in ("a", "b"):
        (tmp_path / label).mkdir()
        for number, ending in enumerate(endings):
            (tmp_path / label / f"{number}{ending}").write_bytes(b"x")
    with pytest.raises(DataError) as caught:
        list_images(tmp_path, None, None)
    (problem,) = caught.value.problems
    assert problem.code == "not-an-image"
    assert told in problem.message
    assert problem.hint
    (tmp_path / "a" / "picture.png").write_bytes(b"x")  # one image among them: each of the others is named
    list_images(tmp_path, None, None)
