import pytest

from nnctl.errors import Place, Source
from nnctl.spec.catalogue import list_names, traits
from nnctl.spec.network.fit import (
    choose_label_form,
    find_problems,
    find_target_scale_problems,
    takes_classes,
    takes_numbers,
    takes_yes,
)
from nnctl.spec.sections import Component, Data, DataFacts

TEN, TWO = DataFacts(task="multiclass", outputs=10), DataFacts(task="binary", outputs=2)
MANY, REAL = DataFacts(task="multilabel", outputs=4), DataFacts(task="regression", outputs=3)
HEAD = Component("layer", "dense", {})


def data(labels: str = "auto") -> Data:
    return Data("x", {}, labels=labels)


@pytest.mark.parametrize(
    ("loss", "facts", "units", "form"),
    [
        ("sparse_categorical_crossentropy", TEN, 10, "integer"),
        ("categorical_crossentropy", TEN, 10, "one_hot"),
        ("kl_divergence", TEN, 10, "one_hot"),
        ("mean_squared_error", TEN, 10, "one_hot"),
        ("mean_squared_error", TWO, 1, "binary"),
        ("binary_crossentropy", TWO, 1, "binary"),
        ("binary_crossentropy", TWO, 2, "one_hot"),
        ("hinge", TWO, 1, "signed"),
        ("squared_hinge", TEN, 10, "signed"),
        ("binary_crossentropy", MANY, 4, "number"),
        ("hinge", MANY, 4, "signed"),
        ("mean_squared_error", REAL, 3, "number"),
        ("huber", REAL, 3, "number"),
    ],
)
def test_labels_follow_the_loss(loss: str, facts: DataFacts, units: int, form: str) -> None:
    assert choose_label_form(loss, data(), facts, units) == form


@pytest.mark.parametrize(("labels", "form"), [("integer", "integer"), ("one_hot", "one_hot"), ("raw", "number")])
def test_unless_the_user_says_otherwise(labels: str, form: str) -> None:
    assert choose_label_form("mean_squared_error", data(labels), TEN, 10) == form


def test_several_labels_follow_the_loss_as_if_they_were_found_so() -> None:
    for loss, form in (("binary_crossentropy", "number"), ("hinge", "signed"), ("mean_squared_error", "number")):
        assert choose_label_form(loss, data("multilabel"), MANY, 4) == choose_label_form(loss, data(), MANY, 4) == form


def test_outputs_that_classes_without_an_example_ask_for_are_told() -> None:
    facts = DataFacts(task="multiclass", outputs=4, absent=(0,))
    loss = Component("loss", "categorical_crossentropy", {})
    (problem,) = find_problems(loss, data(), facts, HEAD, (3,))
    assert problem.message == (
        "the data have 4 classes, and dense gives 3 outputs to categorical_crossentropy; no training example has class 0"
    )
    assert problem.hint == "units: 4; or number the classes 0, 1, 2, ... without a gap"


def codes(loss: str, facts: DataFacts, output: tuple[int | None, ...], labels: str = "auto") -> list[str]:
    found = find_problems(Component("loss", loss, {}), data(labels), facts, HEAD, output)
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    ("loss", "facts", "output"),
    [
        ("categorical_crossentropy", TEN, (10,)),
        ("categorical_crossentropy", TEN, (None,)),
        ("sparse_categorical_crossentropy", TEN, (12,)),
        ("binary_crossentropy", TWO, (1,)),
        ("binary_crossentropy", TWO, (2,)),
        ("hinge", TWO, (1,)),
        ("categorical_crossentropy", TWO, (2,)),
        ("binary_crossentropy", MANY, (4,)),
        ("mean_squared_error", REAL, (3,)),
        ("circle", TEN, (64,)),
        ("categorical_crossentropy", DataFacts(), (3, 3)),
        ("categorical_crossentropy", DataFacts(task="multiclass"), (7,)),
    ],
)
def test_what_fits_is_left_alone(loss: str, facts: DataFacts, output: tuple[int | None, ...]) -> None:
    assert codes(loss, facts, output) == []


@pytest.mark.parametrize(
    ("loss", "facts", "output", "code"),
    [
        ("categorical_crossentropy", TEN, (5,), "outputs"),
        ("categorical_crossentropy", TEN, (12,), "outputs"),
        ("sparse_categorical_crossentropy", TEN, (9,), "outputs"),
        ("categorical_crossentropy", TEN, (28, 10), "output-shape"),
        ("binary_crossentropy", MANY, (3,), "outputs"),
        ("mean_squared_error", REAL, (1,), "outputs"),
        ("sparse_categorical_crossentropy", REAL, (3,), "loss-and-labels"),
        ("sparse_categorical_crossentropy", MANY, (4,), "loss-and-labels"),
    ],
)
def test_what_cannot_be_fed_is_said(loss: str, facts: DataFacts, output: tuple[int | None, ...], code: str) -> None:
    assert codes(loss, facts, output) == [code]


def test_labels_that_the_loss_cannot_take_are_said() -> None:
    assert codes("categorical_crossentropy", TEN, (10,), "integer") == ["loss-and-labels"]
    assert codes("sparse_categorical_crossentropy", TEN, (10,), "one_hot") == ["loss-and-labels"]
    assert codes("categorical_crossentropy", TEN, (10,), "one_hot") == []


@pytest.mark.parametrize(
    ("output", "hint"),
    [((8, 8, 1), "add `- flatten` after it"), ((8, None, 1), "insert `- flatten`"), ((8, 8, 3), "insert")],
)
def test_an_output_of_as_many_values_as_targets_is_flattened_behind_its_layer(
    output: tuple[int | None, ...], hint: str
) -> None:
    facts = DataFacts(task="regression", outputs=64)
    (problem,) = find_problems(Component("loss", "mean_squared_error", {}), data(), facts, HEAD, output)
    assert problem.hint is not None
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize(
    ("loss", "named"),
    [
        ("sparse_categorical_crossentropy", "categorical_crossentropy"),
        ("categorical_generalized_cross_entropy", "categorical_crossentropy"),
        ("circle", "categorical_crossentropy"),
    ],
)
def test_shares_of_classes_are_no_index(loss: str, named: str) -> None:
    shares = DataFacts(task="multiclass", outputs=10, shares=True)
    place = Place(Source("spec.yaml", f"loss: {loss}"), 0, 6)
    (found,) = find_problems(Component("loss", loss, {}, place), data(), shares, HEAD, (10,))
    assert (found.code, found.place, found.hint) == ("loss-and-labels", place, f"`{named}` takes shares")
    assert "shares of 10 classes" in found.message
    for other in ("categorical_crossentropy", "kl_divergence", "binary_crossentropy", "mean_squared_error"):
        assert find_problems(Component("loss", other, {}), data(), shares, HEAD, (10,)) == []


def test_which_losses_take_shares_follows_from_their_traits() -> None:
    assert [takes_classes(loss) for loss in ("kl_divergence", "hinge", "circle", "mean_squared_error", "poisson", "dice")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    taken = {loss for loss in list_names("loss") if takes_yes(loss)}
    assert taken == {"binary_crossentropy", "binary_focal_crossentropy"}


@pytest.mark.parametrize("name", list_names("loss"))
def test_targets_are_standardised_for_losses_of_differences_alone(name: str) -> None:
    scaled, loss = Data("x", {}, target_scale="standard"), Component("loss", name, {})
    found = find_target_scale_problems(loss, scaled, REAL)
    assert bool(found) != traits.get_loss(name).difference
    assert [problem.code for problem in found] in ([], ["contradiction"])
    assert all(name in problem.message and "`mean_squared_error`" in str(problem.hint) for problem in found)
    assert find_target_scale_problems(loss, data(), REAL) == []
    assert find_target_scale_problems(loss, scaled, TEN) == []  # that nothing is scaled there is said by itself


def dense(units: int, activation: str = "linear") -> Component:
    return Component("layer", "dense", {"units": units, "activation": activation})


@pytest.mark.parametrize("name", list_names("loss"))
def test_one_output_without_bounds_is_a_number_to_a_loss_of_numbers(name: str) -> None:
    numbers = {
        *("huber", "log_cosh", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error"),
        *("mean_squared_logarithmic_error", "poisson"),
    }
    assert takes_numbers(name, [dense(8), dense(1)]) == (name in numbers)
    assert not takes_numbers(name, [dense(1), dense(8)])


@pytest.mark.parametrize(
    ("activation", "taken"),
    [
        *(("linear", True), ("relu", True), ("softplus", True), ("exponential", True), ("relu6", True)),
        *(("sigmoid", False), ("tanh", False), ("hard_sigmoid", False), ("softmax", False)),
    ],
)
def test_an_output_between_two_bounds_is_no_number(activation: str, taken: bool) -> None:
    assert takes_numbers("mean_squared_error", [dense(1, activation)]) == taken
    assert takes_numbers("mean_squared_error", [dense(1), Component("layer", "dropout", {})])
    behind = [dense(1), Component("layer", "activation", {"activation": Component("activation", activation, {})})]
    assert takes_numbers("mean_squared_error", behind) == taken


def test_two_classes_are_two_whatever_the_loss_takes_them_for() -> None:
    (found,) = find_problems(Component("loss", "hinge", {}), data(), TWO, HEAD, (10,))
    assert (found.message, found.hint) == ("the data have 2 classes, and dense gives 10 outputs to hinge", "units: 1")


def test_one_output_for_many_classes_may_be_meant_for_numbers() -> None:
    (found,) = find_problems(Component("loss", "mean_squared_error", {}), data(), TEN, HEAD, (1,))
    assert found.hint == "units: 10; if the labels are numbers to predict, `data.labels: raw`"
    (found,) = find_problems(Component("loss", "categorical_crossentropy", {}), data(), TEN, HEAD, (1,))
    assert found.hint == "units: 10"
