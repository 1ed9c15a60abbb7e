import numpy as np
import pytest

from nnctl.data.preparing.labels import interpret_labels
from nnctl.data.source import Pair
from nnctl.spec.sections import Data


def read(train, *others, form="auto", known=None, classes=False, probabilities=False, numbers=False):
    pairs = [Pair(np.zeros(len(y)), np.asarray(y), "x", name) for y, name in zip((train, *others), "abc", strict=False)]
    data = Data("npz", {}, labels=form, classes=classes, probabilities=probabilities, numbers=numbers)
    return interpret_labels(pairs, data, known, [None] * len(pairs))


@pytest.mark.parametrize("dtype", ["u1", "i4", "i8", "u8"])
def test_integers_are_classes(dtype):
    found = read(np.array([0, 2, 1], dtype), np.array([2], dtype))
    assert (found.task, found.outputs, found.class_names) == ("multiclass", 3, None)
    np.testing.assert_array_equal(found.values[1], np.array([2], np.int32), strict=True)


def test_two_classes_make_a_binary_task():
    assert read([0, 1, 1]).task == "binary"
    assert read(np.array([True, False])).task == "binary"


def test_a_column_is_taken_for_a_list():
    assert read([[0], [2], [1]]).values[0].shape == (3,)
    assert read([[0.5], [2], [1]]).values[0].shape == (3,)


def test_the_source_may_know_more_classes_than_the_labels_show():
    assert read([0, 1, 1], known=10).outputs == 10


def test_texts_are_names_in_alphabetical_order():
    found = read(["cat", "ant", "dog"], ["dog"])
    assert (found.task, found.outputs, found.class_names) == ("multiclass", 3, ("ant", "cat", "dog"))
    assert [list(values) for values in found.values] == [[1, 0, 2], [2]]
    assert read(np.array(["ä", "b"])).class_names == ("b", "ä")
    assert read(np.array(["ä".encode(), b"b"])).class_names == ("b", "ä")


def test_floats_are_numbers_unless_integers_are_asked_for():
    assert (read([0.0, 1.0, 2.0]).task, read([0.0, 1.0, 2.0]).values[0].dtype) == ("regression", np.float32)
    for form in ("integer", "one_hot"):
        assert (read([0.0, 1.0, 2.0], form=form).task, read([0.0, 1.0], form=form).task) == ("multiclass", "binary")


@pytest.mark.parametrize("form", ["auto", "integer", "one_hot"])
@pytest.mark.parametrize("dtype", ["u1", "i8", "f4", "?"])
def test_one_hot_rows_are_classes(form, dtype):
    found = read(np.eye(3, dtype=dtype)[[0, 2, 1, 1]], form=form)
    assert (found.task, found.outputs, list(found.values[0])) == ("multiclass", 3, [0, 2, 1, 1])


def test_other_zeros_and_ones_are_several_labels():
    found = read([[0, 1, 1], [0, 0, 0]], [[0, 1, 0]])
    assert (found.task, found.outputs, found.values[0].dtype) == ("multilabel", 3, np.uint8)
    np.testing.assert_array_equal(found.values[1], [[0, 1, 0]])


def test_several_floats_are_several_targets():
    found = read([[0.5, 1], [2, 3]])
    assert (found.task, found.outputs, found.values[0].shape) == ("regression", 2, (2, 2))


def test_raw_takes_numbers_as_they_stand():
    found = read([3, 4, 1999], form="raw", known=10)
    assert (found.task, found.outputs, list(found.values[0])) == ("regression", 1, [3, 4, 1999])
    assert read(np.eye(2), form="raw").outputs == 2


@pytest.mark.parametrize(
    ("train", "others", "keywords", "code", "said"),
    [
        ([0, 1, -1], [], {}, "negative-label", "-1 at row 2"),
        ([0.0, 1.5], [], {"form": "integer"}, "fractional-label", "1.5 at row 1"),
        ([0, 1, 1999], [], {}, "label-out-of-range", "1999 at row 2"),
        ([0, 1, 10], [], {"known": 10}, "label-out-of-range", "10 at row 2"),
        ([0, 1], [[0, 10]], {"known": 10}, "label-out-of-range", "b is 10 at row 1"),
        ([1, 1, 1], [], {}, "one-class", "(1)"),
        (["a", "a"], [], {}, "one-class", "(a)"),
        (np.eye(3)[[1, 1]], [], {}, "one-class", "(1)"),
        ([0, 1, 3, 3], [[0, 2]], {}, "unseen-class", "2 at row 1"),
        (["a", "c"], [["c", "b"]], {}, "unseen-class", "'b' at row 1"),
        (["a", "c"], [["zebra"]], {}, "unseen-class", "'zebra' at row 0"),
        (["a", "c"], [[0, 1]], {}, "splits-differ", "numbers"),
        ([0, 1], [["a"]], {}, "bad-labels", "texts"),
        ([0, 1], [], {"form": "multilabel"}, "bad-labels", "one column"),
        (["a", "b"], [], {"form": "raw"}, "bad-labels", "texts"),
        ([[0.5, 1], [1, 0]], [], {"form": "integer"}, "bad-labels", "not one-hot"),
        ([[2, 1], [1, 0]], [], {}, "bad-labels", "neither one-hot"),
        ([["a", "b"]], [], {}, "bad-labels", "neither one-hot"),
        (np.zeros((2, 2, 2)), [], {}, "bad-labels", "(2, 2, 2)"),
        ([0, 1], [np.eye(2)], {}, "bad-labels", "(2, 2)"),
        (np.eye(2), [np.eye(3)], {}, "splits-differ", "3 columns"),
        (np.eye(2), [np.ones((1, 2))], {}, "splits-differ", "b has 2 labels at row 0"),
        ([0.5, np.nan], [], {}, "not-finite", "row 1"),
        (np.array([b"\xff", b"a"]), [], {}, "bad-labels", "UTF-8"),
    ],
)
def test_labels_that_cannot_be_taken(refused, train, others, keywords, code, said):
    assert said in refused(code, read, train, *others, **keywords).message


def test_fractional_labels_of_known_classes_are_not_taken_for_numbers(refused):
    refused("fractional-label", read, [0.0, 0.5], known=10)
    assert read([0.0, 3.0], known=10).task == "multiclass"


def test_numbers_under_a_loss_for_classes_are_told_by_the_loss(refused):
    assert "mean_squared_error" in str(refused("fractional-label", read, [0.5, 2.5], classes=True).hint)


def test_names_that_are_numbers_are_in_the_order_of_numbers():
    pair = Pair(np.zeros((4, 1)), np.array(["10", "9", "-1", "10"]))
    found = interpret_labels([pair], Data("csv", {}), None, [None])
    assert (found.class_names, found.values[0].tolist()) == (("-1", "9", "10"), [2, 1, 0, 2])


def test_labels_of_a_file_of_lines_are_told_by_line(refused):
    train = Pair(np.zeros((2, 1)), np.array(["a", "b"]))
    test = Pair(np.zeros((2, 1)), np.array(["a", "c"]), "x", "kind", lines=np.array([2, 7]))
    problem = refused("unseen-class", interpret_labels, [train, test], Data("csv", {}), None, [None, None])
    assert problem.message == "kind is 'c' on line 7, a class that no training example has"


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_one_share_an_example_is_that_of_a_yes_to_a_loss_of_probabilities(dtype):
    y = np.array([0, 0.25, 0.5, 1], dtype)
    found = read(y, np.array([0, 1]), np.array([[0.75]], dtype), classes=True, probabilities=True)
    assert (found.task, found.outputs, found.values[0].dtype) == ("binary", 2, np.float32)
    assert [values[:, 1].tolist() for values in found.values] == [[0, 0.25, 0.5, 1], [0, 1], [0.75]]


@pytest.mark.parametrize("keywords", [{}, {"classes": True}, {"classes": True, "probabilities": True, "form": "raw"}])
def test_elsewhere_it_is_a_number(keywords):
    assert read([0.25, 0.5], **keywords).task == "regression"


def test_zeros_and_ones_stay_indices_beside_a_loss_of_probabilities():
    found = read([0.0, 1.0, 1.0], classes=True, probabilities=True)
    assert (found.task, found.values[0].dtype) == ("binary", np.int32)


def test_texts_are_one_class_however_they_are_spelt():
    found = read(["caf\u00e9", "th\u00e9", "cafe\u0301"], ["the\u0301"], [b"caf\xc3\xa9"])
    assert found.class_names == ("caf\u00e9", "th\u00e9")
    assert [each.tolist() for each in found.values] == [[0, 1, 0], [1], [0]]


def test_a_run_of_before_has_texts_just_as_they_stand(refused):
    pairs = [Pair(np.zeros((2, 1)), np.array(y), "x", "y") for y in (["cafe\u0301", "the"], ["caf\u00e9"])]
    data = Data("npz", {}, older=True)
    refused("unseen-class", interpret_labels, pairs, data, None, [None] * 2)
    assert interpret_labels(pairs[:1], data, None, [None]).class_names == ("cafe\u0301", "the")


@pytest.mark.parametrize("dtype", ["u1", "i4", "i8"])
def test_whole_numbers_are_numbers_to_a_loss_for_them(dtype):
    found = read(np.array([3, 8, 3], dtype), np.array([0, 1], dtype), numbers=True)
    assert (found.task, found.outputs, [y.dtype for y in found.values]) == ("regression", 1, [np.float32] * 2)
    assert [y.tolist() for y in found.values] == [[3, 8, 3], [0, 1]]
    assert read(np.array([-1, 1, 1], "i4"), numbers=True).task == "regression"
    # One that only another split has is a number, too: 2 is no class of 0 and 1.
    assert read(np.array([0, 1, 1], dtype), np.array([2], dtype), numbers=True).task == "regression"


def test_to_a_loss_for_numbers_too_these_are_classes():
    assert read(np.array([0, 1, 1]), np.array([1, 0]), numbers=True).task == "binary"
    assert read(np.array([True, False]), numbers=True).task == "binary"
    assert read(["cat", "ant"], numbers=True).class_names == ("ant", "cat")
    assert read(np.array([0, 1, 2]), known=3, numbers=True).task == "multiclass"
    assert read(np.array([0, 1, 2]), form="one_hot", numbers=True).task == "multiclass"


def test_names_of_classes_are_one_in_any_form_unless_a_run_is_older(refused):
    forms = "café", "cafe\u0301"
    train = Pair(np.zeros((4, 1)), np.array(["1.0", forms[0], forms[1], "True"]))
    test = Pair(np.zeros((3, 1)), np.array(["1", forms[1], "TRUE"]))
    found = interpret_labels([train, test], Data("csv", {}), None, [None, None])
    assert found.class_names == ("1.0", "True", "café")
    assert [values.tolist() for values in found.values] == [[0, 2, 2, 1], [0, 2, 1]]
    older = Data("csv", {}, older=True)
    assert interpret_labels([train], older, None, [None]).outputs == 4
    refused("unseen-class", interpret_labels, [train, test], older, None, [None, None])


def test_signs_stored_as_floats_are_no_numbers_to_a_loss_of_probabilities(refused):
    y = np.array([-1.0, 1.0, 1.0], np.float32)
    data = Data("npz", {}, classes=True, probabilities=True)
    problem = refused("negative-label", interpret_labels, [Pair(np.zeros((3, 1)), y)], data, None, [None])
    assert "-1" in problem.message
    assert interpret_labels([Pair(np.zeros((3, 1)), y)], Data("npz", {}), None, [None]).task == "regression"
    older = Data("npz", {}, classes=True, probabilities=True, older=True)
    assert interpret_labels([Pair(np.zeros((3, 1)), y)], older, None, [None]).task == "regression"
