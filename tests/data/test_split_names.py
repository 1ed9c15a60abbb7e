import pytest

from nnctl.data.split_names import HELD_OUT, find_split, settle


@pytest.mark.parametrize(("split", "names"), [
    ("train", ["train", "Training", "TRAIN", "training_set", "train_images", "seg_train", "TrainSet", "trainset", "train2017"]),
    ("validation", ["val", "valid", "Validation", "dev", "dev_set", "val-images", "validation data"]),
    ("test", ["test", "testing", "test_set", "seg_test", "TestData", "test1", "Test Images"]),
    (HELD_OUT, ["eval", "holdout", "hold_out", "held-out", "evaluation"]),
    (None, ["bus", "trainer", "contest", "latest", "tram", "images", "data", "set", "", "test_cats", "поезд_train", "devil"]),
])  # fmt: skip
def test_what_names_mean(split, names):
    assert {name: find_split(name) for name in names} == dict.fromkeys(names, split)


def test_what_is_held_out_is_validation_unless_that_is_there():
    assert settle(HELD_OUT, {"train", HELD_OUT}) == "validation"
    assert settle(HELD_OUT, {"train", "test", HELD_OUT}) == "validation"
    assert settle(HELD_OUT, {"train", "validation", HELD_OUT}) == "test"
    assert settle("test", {"train"}) == "test"
