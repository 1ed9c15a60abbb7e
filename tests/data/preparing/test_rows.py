import numpy as np
import pytest

from nnctl.data.preparing.labels import interpret_labels
from nnctl.data.source import Pair
from nnctl.spec.sections import Data

TEACHER = np.random.default_rng(0).dirichlet(np.ones(3), 40).astype(np.float32)
SEVERAL = np.random.default_rng(1).random((40, 3), np.float32)


def read(*ys, form="auto", classes=True, probabilities=False, x=None):
    examples = np.random.default_rng(2).random((len(ys[0]), 5)) if x is None else x
    pairs = [Pair(examples[: len(y)], np.asarray(y), "x", name) for y, name in zip(ys, "abc", strict=False)]
    data = Data("npz", {}, labels=form, classes=classes, probabilities=probabilities)
    return interpret_labels(pairs, data, None, [None] * len(pairs))


@pytest.mark.parametrize(
    "how", [{}, {"probabilities": True}, {"form": "one_hot"}, {"form": "one_hot", "classes": False}]
)
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_rows_of_shares_are_classes(how, dtype):
    found = read(TEACHER.astype(dtype), TEACHER[:4].astype(dtype), **how)
    assert (found.task, found.outputs, found.values[0].dtype) == ("multiclass", 3, np.float32)
    np.testing.assert_array_equal(found.values[1], TEACHER[:4].astype(dtype).astype(np.float32))


def test_two_columns_of_shares_are_two_classes():
    two = np.stack([TEACHER[:, 0], 1 - TEACHER[:, 0]], axis=1)
    assert [read(two, probabilities=each).task for each in (True, False)] == ["binary", "binary"]


def test_shares_stay_numbers_beside_a_loss_of_numbers_and_where_numbers_are_asked_for():
    assert read(TEACHER, classes=False).task == "regression"
    assert read(TEACHER, form="raw").task == "regression"


def test_other_splits_of_shares_may_hold_indices_or_one_hot_rows():
    found = read(TEACHER, np.array([2, 0]), np.eye(3)[[1, 2]])
    assert [values.tolist() for values in found.values[1:]] == [[[0, 0, 1], [1, 0, 0]], [[0, 1, 0], [0, 0, 1]]]
    assert {values.dtype for values in found.values} == {np.dtype(np.float32)}
    harder = read(np.eye(3)[[0, 1, 2]], TEACHER[:5])  # one-hot in training, shares in another split
    assert [values.shape for values in harder.values] == [(3, 3), (5, 3)]
    indices = read(np.eye(3)[[0, 1, 2]], np.array([2, 0]))
    assert [values.tolist() for values in indices.values] == [[0, 1, 2], [2, 0]]


@pytest.mark.parametrize(
    ("ys", "how", "code", "said"),
    [
        ([np.vstack([TEACHER, [[0.5, 0.2, 0]]])], {}, "bad-shares", "a sums to 0.7 at row 40"),
        ([np.vstack([TEACHER, [[-0.2, 0.6, 0.6]]])], {}, "bad-shares", "a holds -0.2 at row 40"),
        ([SEVERAL], {"form": "one_hot"}, "bad-shares", "shares of 3 classes are expected"),
        ([TEACHER, SEVERAL[:2]], {}, "bad-shares", "b sums to"),
        ([TEACHER, SEVERAL[:2]], {"probabilities": True}, "bad-shares", "b sums to"),
        ([TEACHER, np.array([0, 3])], {}, "label-out-of-range", "b is 3 at row 1"),
        ([TEACHER, np.array([0, 0.5])], {}, "fractional-label", "b is 0.5 at row 1"),
        ([TEACHER, np.array(["a", "b"])], {}, "bad-labels", "b holds texts"),
        ([TEACHER, np.array([["a", "b", "c"]])], {}, "splits-differ", "b holds texts"),
        ([TEACHER, np.array([0, 1])], {"classes": False}, "bad-labels", "b has the shape (2,)"),
        ([TEACHER, np.full((2, 4), 0.25)], {}, "splits-differ", "4 columns"),
        ([TEACHER], {"form": "integer"}, "bad-labels", "not one-hot"),
        ([np.eye(3)[[0, 0]] * 1.0 + [0, 1e-9, 0], np.eye(3)], {}, "unseen-class", "b is 2 at row 2"),
        ([np.array([[1, 0], [1, 1e-8]]) - [[0, 0], [0, 1e-8]]], {}, "one-class", "(0)"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_taken(refused, ys, how, code, said):
    assert said in refused(code, read, *ys, **how).message


def test_shares_of_which_none_is_the_largest_are_no_single_class():
    """That a rare class never has the largest share keeps nobody from learning how large its share is."""
    rare = np.stack([1 - TEACHER[:, 0] * 0.4, TEACHER[:, 0] * 0.4], axis=1)
    assert read(rare).task == "binary"


def test_shares_of_several_labels_are_labels_to_a_loss_of_probabilities():
    found = read(SEVERAL, SEVERAL[:3], probabilities=True)
    assert (found.task, found.outputs, found.values[0].dtype) == ("multilabel", 3, np.float32)
    np.testing.assert_array_equal(found.values[1], SEVERAL[:3])
    hard = read(SEVERAL, np.array([[0, 1, 1.0], [1, 1, 0]]), probabilities=True)
    assert [hard.task, hard.values[1].tolist()] == ["multilabel", [[0, 1, 1], [1, 1, 0]]]


@pytest.mark.parametrize(
    ("y", "how"),
    [(SEVERAL, {}), (SEVERAL * 2, {"probabilities": True}), (SEVERAL - 0.1, {"probabilities": True})],
    ids=["another loss", "above 1", "below 0"],
)
def test_other_rows_stay_numbers(y, how):
    assert read(y, **how).task == "regression"


def test_what_a_network_is_to_reconstruct_stays_numbers():
    """An autoencoder of pixels is trained with `binary_crossentropy`, too."""
    assert read(SEVERAL, probabilities=True, x=SEVERAL).task == "regression"
    assert read(SEVERAL, probabilities=True, x=np.random.default_rng(9).random((40, 3))).task == "multilabel"


ONE_EACH = np.eye(3, dtype=np.uint8)[[0, 1, 2, 1]]
SOME = np.array([[1, 1, 0], [0, 0, 0]], np.uint8)


@pytest.mark.parametrize("how", [{"probabilities": True}, {"form": "multilabel"}])
def test_one_label_each_by_chance_is_told_from_classes_by_loss_or_user(how):
    found = read(ONE_EACH, SOME, **how)
    assert (found.task, found.outputs) == ("multilabel", 3)
    assert [each.tolist() for each in found.values] == [ONE_EACH.tolist(), SOME.tolist()]


def test_one_label_each_in_all_splits_is_a_class_unless_the_user_says_otherwise():
    assert read(ONE_EACH, ONE_EACH, probabilities=True).task == "multiclass"
    assert read(ONE_EACH, ONE_EACH, form="multilabel").task == "multilabel"
    assert read(ONE_EACH[:, :2], form="multilabel").task == "multilabel"


def test_one_label_each_in_training_alone_is_refused_beside_a_loss_of_classes(refused):
    problem = refused("splits-differ", read, ONE_EACH, SOME)
    assert "b has 2 labels at row 0" in problem.message
    assert "labels: multilabel" in problem.hint
    refused("splits-differ", read, ONE_EACH, SOME, probabilities=True, form="one_hot")


def test_shares_of_a_yes_can_be_insisted_on(refused):
    assert read(TEACHER, form="multilabel").task == "multilabel"
    refused("bad-labels", read, SEVERAL * 3, form="multilabel")
