"""The floor counts every product of an epoch and nothing else."""

from tests.bench.products import WIDTHS, operations


def test_the_products_of_the_mlp_are_those_that_are_known() -> None:
    # 535,040 multiply-adds forward, as many for the weights' gradients, 133,632 for the inputs' (none of the first layer).
    assert operations(WIDTHS["mlp"], trained=1, scored=0) == 2 * (2 * 535_040 + 133_632)
    assert operations(WIDTHS["mlp"], trained=0, scored=1) == 2 * 535_040
    assert operations(WIDTHS["mlp"], trained=54_000, scored=6_000) == 54_000 * 2_407_424 + 6_000 * 1_070_080
