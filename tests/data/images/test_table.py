import os
from pathlib import Path

import pytest

from nnctl.data.images.cells import ImageTable
from nnctl.data.images.folder import list_images
from nnctl.data.images.table import find_split_columns
from nnctl.errors import DataError


def table(root, text, name="labels.csv"):
    (root / name).write_text(text, encoding="utf-8")
    return name


def codes(root, name):
    with pytest.raises(DataError) as caught:
        list_images(root, name, None)
    return [problem.code for problem in caught.value.problems]


def taken(root, text, **how):
    """The files and labels of each split, and the notes."""
    found = list_images(root, table(root, text), None, **how)
    splits = {
        split: [
            (str(Path(file).relative_to(root)), label)
            for file, label in zip(listing.files, listing.labels, strict=True)
        ]
        for split, listing in found.splits.items()
    }
    return splits, found.notes


def test_a_table_of_paths_and_labels(tree):
    root = tree("x/1.png", "x/2.png")
    found, notes = taken(root, "id,label,file\n1,cat,x/2.png\n2,dog,x/1.png\n")
    assert found == {"train": [("x/2.png", "cat"), ("x/1.png", "dog")]}
    assert notes == ["columns of labels.csv that are not read: 'id'"]


@pytest.mark.parametrize("text", [
    "file,label\nx/1.png, cat\nx/2.png,cat\n",
    "file, label\nx/1.png, cat\nx/2.png,cat \n",
    "file;label\nx/1.png;cat\nx/2.png;cat\n",
    "File\tLABEL\nx/1.png\tcat\nx/2.png\tcat\n",
    "file,label\nx\\1.png,cat\n.\\x\\2.png,cat\n",
    '"file","label"\n"x/1.png","cat"\n"x/2.png"," cat"\n',
])  # fmt: skip
def test_how_a_table_is_written_makes_no_difference(tree, text):
    root = tree("x/1.png", "x/2.png")
    found, notes = taken(root, text)
    assert [(os.path.normpath(file), label) for file, label in found["train"]] == [
        ("x/1.png", "cat"),
        ("x/2.png", "cat"),
    ]
    assert notes == []


def test_a_run_of_before_goes_on_with_the_labels_that_it_was_trained_with(tree):
    root = tree("1.png", "2.png")
    text = "file,label,split\n1.png, cat,train\n2.png,cat,test\n"
    assert taken(root, text, older=True)[0] == {"train": [("1.png", " cat"), ("2.png", "cat")]}


def test_names_of_files_and_classes_are_one_however_they_are_spelt(tree):
    root = tree("caf\u00e9.png", "the\u0301.png")
    found, _ = taken(root, "file,label\ncafe\u0301.png,\u00e9\nth\u00e9.png,e\u0301\n")
    assert found["train"] == [("caf\u00e9.png", "\u00e9"), ("the\u0301.png", "\u00e9")]


def test_a_column_of_splits_is_used(tree):
    root = tree("1.png", "2.png", "3.png", "4.png")
    found, notes = taken(root, "file,label,Set\n1.png,a,Train\n2.png,b,training\n3.png,a,val\n4.png,b,TEST\n")
    assert found == {
        "train": [("1.png", "a"), ("2.png", "b")],
        "validation": [("3.png", "a")],
        "test": [("4.png", "b")],
    }
    assert notes == []


def test_folds_and_other_columns_are_named_and_not_used(tree):
    root = tree("1.png", "2.png")
    found, notes = taken(root, "file,label,fold,kind\n1.png,a,0,train\n2.png,b,1,bus\n")
    assert list(found) == ["train"]
    assert notes == ["columns of labels.csv that are not read: 'fold', 'kind'"]


def test_a_split_that_is_not_understood_is_refused(tree):
    root = tree("1.png", "2.png", "3.png", "4.png")
    rows = "file,label,split\n1.png,a,train\n2.png,b,train\n3.png,a,test\n4.png,b,{}\n"
    assert codes(root, table(root, rows.format("extra"))) == ["bad-table"]
    assert codes(root, table(root, rows.format(""))) == ["bad-table"]
    assert codes(root, table(root, "file,label,split,set\n1.png,a,train,test\n2.png,b,test,train\n")) == [
        "splits-clash"
    ]
    assert codes(root, table(root, "file,label,split\n1.png,a,val\n2.png,b,test\n3.png,a,train\n4.png,b,eval,x\n")) == [
        "bad-table"
    ]


def test_what_a_column_of_splits_is():
    rows = [(2, ["train", "train", "a"]), (3, ["eval", "train", "train"]), (4, ["val"])]
    found = find_split_columns(ImageTable(["split", "kind", "class"], rows), range(3))
    assert found == {0: {"train": "train", "eval": "test", "val": "validation"}}


@pytest.mark.parametrize(("labels", "classes"), [
    (["1.0", "2", "10.0", "2.0"], ["1", "2", "10", "2"]),
    (["1.0", "cat", "2", "2"], ["1.0", "cat", "2", "2"]),
    (["01", "1", "2", "2"], ["01", "1", "2", "2"]),
])  # fmt: skip
def test_numbers_are_names_of_classes_in_one_form(tree, labels, classes):
    root = tree("1.png", "2.png", "3.png", "4.png")
    rows = "".join(f"{index}.png,{label}\n" for index, label in enumerate(labels, 1))
    assert [label for _, label in taken(root, "file,label\n" + rows)[0]["train"]] == classes


def test_images_that_no_row_names_and_that_two_do_are_told(tree):
    root = tree("1.png", "sub/2.PNG", "sub/notes.txt", "3.jpg", ".git/4.png")
    _, notes = taken(root, "file,label\n1.png,a\n./1.png,b\n")
    assert notes == [
        "images that labels.csv names more than once: 1.png",
        "2 images in the folder that labels.csv does not name: 3.jpg, sub/2.PNG",
    ]


@pytest.mark.parametrize(("text", "code"), [
    ("path,label\n1.png,a\n", "missing-column"),
    ("", "missing-column"),
    ("file,label\n", "no-examples"),
    ("file,label\n1.png\n", "bad-table"),
    ("file,label\n,a\n", "bad-table"),
    ("file,label\n1.png,a,b\n", "bad-table"),
    ('file,label\n"1.png,a', "bad-table"),
    ("file,label\nnone.png,a\n", "missing-image"),
    ("file,label\n../out.png,a\n", "link-outside"),
    ("file,label\n..\\out.png,a\n", "link-outside"),
    ("file,label\n/etc/passwd,a\n", "link-outside"),
])  # fmt: skip
def test_what_is_wrong_with_a_table(tree, text, code):
    root = tree("1.png", "../out.png")
    assert codes(root, table(root, text)) == [code]


def test_a_table_that_is_not_there_or_no_text(tree):
    root = tree("1.png")
    assert codes(root, "labels.csv") == ["unreadable-data"]
    (root / "labels.csv").write_bytes(b"file,label\n\xff,a\n")
    assert codes(root, "labels.csv") == ["bad-table"]
    os.mkfifo(root / "pipe")
    assert codes(root, "pipe") == ["unreadable-data"]
