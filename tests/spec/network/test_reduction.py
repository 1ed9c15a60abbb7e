import pytest

from nnctl.spec.network.reduction import depends_on_batch, sums_up
from nnctl.spec.sections import Component


@pytest.mark.parametrize(
    ("name", "arguments", "depends"),
    [
        ("mean_squared_error", {}, False),
        ("mean_squared_error", {"reduction": "mean_with_sample_weight"}, False),
        ("mean_squared_error", {"reduction": "sum"}, True),
        ("circle", {}, True),
        ("dice", {}, True),
        ("dice", {"axis": None}, True),
        ("dice", {"axis": [-1]}, False),
        ("dice", {"axis": [1], "reduction": "sum"}, True),
        ("tversky", {"axis": [1, -2]}, True),
        ("cosine_similarity", {"axis": -2}, True),
        ("sparse_categorical_crossentropy", {"ignore_class": None}, False),
        ("sparse_categorical_crossentropy", {"ignore_class": 0}, True),
    ],
)
def test_a_loss_depends_on_the_batch_by_what_it_is_and_what_it_is_told(
    name: str, arguments: dict[str, object], depends: bool
) -> None:
    loss = Component("loss", name, arguments)  # type: ignore[arg-type]
    assert depends_on_batch(loss) == depends
    assert sums_up(loss) == (arguments.get("reduction") == "sum")
