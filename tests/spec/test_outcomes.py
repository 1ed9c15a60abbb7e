import pytest

from nnctl.spec.outcomes import UNKNOWN, Outcome, add_up, count


@pytest.mark.parametrize(
    ("weights", "count"),
    [((), 0), (((),), 1), (((3, 4), (4,)), 16), (((0, 4), (4,)), 4), (((None, 4),), None), (None, None)],
)
def test_parameters_are_the_values_of_all_weights(weights, count) -> None:
    assert Outcome((4,), weights).parameters == count


def test_what_is_fixed_is_not_trained_and_a_view_takes_no_memory() -> None:
    found = Outcome((4,), ((3, 4), (4,), (4,)), fixed=((4,),), inside=2)
    assert found.trained == ((3, 4), (4,))
    assert (found.activations, Outcome((4,), view=True, inside=2).activations) == (6, 2)
    assert (UNKNOWN.trained, UNKNOWN.activations, UNKNOWN.parameters) == (None, None, None)


def test_a_sum_or_product_with_what_is_not_known_is_not_known() -> None:
    assert (count((2, 3, 4)), count(()), count((2, None))) == (24, 1, None)
    assert (add_up((2, 3)), add_up(()), add_up((2, None))) == (5, 0, None)
