import math

import pytest

from nnctl.diagnosis.margin import compute_margin


def test_the_margin_is_two_standard_errors_of_a_difference_of_shares() -> None:
    assert compute_margin(0.4, 0.6, 100) == pytest.approx(2 * math.sqrt(0.5 * 0.5 / 100 + 0.5 * 0.5 / 100))
    assert compute_margin(0.4, 0.6, 100_000) == compute_margin(1.0, 1.0, 10) == 0.05
