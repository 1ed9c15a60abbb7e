import pytest

from nnctl.data.arrays.npz_names import find_examples, find_names, find_single, is_usual

PLAIN = {"train": ("x_train", "y_train")}


@pytest.mark.parametrize(
    ("held", "pairs"),
    [
        (["x", "y"], {"train": ("x", "y")}),
        (["X", "Y", "z"], {"train": ("X", "Y")}),
        (["y"], {"train": ("x", "y")}),
        (["x_train", "y_train", "x_test", "y_test"], PLAIN | {"test": ("x_test", "y_test")}),
        (["x_train", "y_train", "x_val", "y_val", "x_valid", "y_valid"], PLAIN | {"validation": ("x_valid", "y_valid")}),
        (["x_train", "y_train", "y_test"], PLAIN | {"test": ("x_test", "y_test")}),
        (["x", "y", "x_test", "y_test"], {"train": ("x", "y"), "test": ("x_test", "y_test")}),
        (["x", "y", "x_test"], {"train": ("x", "y")}),
        (["x", "y", "x_train", "y_train"], PLAIN),
        *((["x_train", "y_train", f"x_{dev}", f"y_{dev}"], PLAIN | {"validation": (f"x_{dev}", f"y_{dev}")})
          for dev in ("dev", "valid", "val", "validation", "eval", "holdout")),
        (["x_train", "y_train", "x_dev", "y_dev", "x_eval", "y_eval"],
         PLAIN | {"validation": ("x_dev", "y_dev"), "test": ("x_eval", "y_eval")}),
        (["X_train", "y_train", "X_test", "y_test"], {"train": ("X_train", "y_train"), "test": ("X_test", "y_test")}),
        (["train_x", "train_y", "test_x", "test_y"], {"train": ("train_x", "train_y"), "test": ("test_x", "test_y")}),
        (["Xtr", "ytr", "Xte", "yte"], {"train": ("Xtr", "ytr"), "test": ("Xte", "yte")}),
        (["xTrain", "yTrain"], {"train": ("xTrain", "yTrain")}),
        (["train_images", "train_labels", "val_images", "val_labels", "test_images", "test_labels"],
         {"train": ("train_images", "train_labels"), "validation": ("val_images", "val_labels"),
          "test": ("test_images", "test_labels")}),
        (["data", "labels"], {"train": ("data", "labels")}),
        (["features", "targets", "feature_names"], {"train": ("features", "targets")}),
        (["data", "images", "labels"], {}),
        (["data", "x", "y"], {"train": ("x", "y")}),
        (["labels", "names"], {}),
        (["x_test", "y_test"], {}),
        (["pictures", "kinds"], {}),
        ([], {}),
    ],
)  # fmt: skip
def test_the_usual_names(held, pairs):
    found = find_names(held)
    assert found.pairs == pairs
    used = {name for pair in pairs.values() for name in pair}
    assert found.list_unused(held) == [name for name in held if name not in used]


@pytest.mark.parametrize(
    ("held", "weight"),
    [
        (["x", "y", "sample_weight"], "sample_weight"),
        (["x_train", "y_train", "sample_weights"], "sample_weights"),
        (["x_train", "y_train", "sample_weight", "train_sample_weight"], "train_sample_weight"),
        (["x", "y", "sample_weight_train"], "sample_weight_train"),
        (["x", "y", "sample_weight_test", "weights", "w"], None),
    ],
)
def test_the_names_of_weights(held, weight):
    assert find_names(held).weight == weight
    assert find_names(held, older=True).weight is None


def test_a_run_of_before_has_the_pairs_that_it_was_trained_with():
    assert find_names(["x", "y", "x_test", "y_test"], older=True).pairs == {"train": ("x", "y")}
    assert find_names(["x_train", "y_train", "x_dev", "y_dev"], older=True).pairs == PLAIN
    assert find_names(["data", "labels"], older=True).pairs == {}


def test_a_split_alone_and_examples_alone():
    assert find_single(["x_dev", "y_dev", "ids"]).pairs == {"train": ("x_dev", "y_dev")}
    assert find_single(["x_dev", "y_dev", "x_test", "y_test"]).pairs == {}
    assert find_examples(["X_test", "ids"]) == "X_test"
    assert find_examples(["images", "x"]) == "x"
    assert find_examples(["ids"]) is None


def test_what_needs_no_word():
    assert is_usual(("X", "y"))
    assert is_usual(("x_val", "y_val"))
    assert not is_usual(("x_dev", "y_dev"))
    assert not is_usual(("data", "labels"))
