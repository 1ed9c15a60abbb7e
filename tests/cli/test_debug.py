"""What `nnctl debug` says by itself; `tests/engine/test_debug_command.py` runs it."""

import pytest

from nnctl.api import Standing
from nnctl.cli.debug import _format_headline, _format_verdict
from nnctl.cli.shell.terminal import assemble
from nnctl.diagnosis import Diagnosis
from nnctl.diagnosis.facts.baselines import Baselines
from nnctl.diagnosis.finding import Finding
from nnctl.diagnosis.success import Shortfall


def found(code: str) -> Finding:
    return Finding("f", "e", ("train",)).replace(code=code, level="warning")


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([], "nothing found that keeps the network from learning"),
        (["H02"], "mend H02 first; `nnctl explain H02` tells more"),
        (["C01", "R01"], "mend C01 first, and if that is not enough R01; `nnctl explain C01` tells more"),
        (
            ["C11", "R07", "P03"],
            "mend C11 first, and if that is not enough R07 and P03; `nnctl explain C11` tells more",
        ),
    ],
)
def test_the_last_line_says_what_to_mend_first_and_what_the_others_are_for(codes: list[str], said: str) -> None:
    causes = tuple(map(found, codes))
    told = _format_verdict(Diagnosis(causes, causes[0] if causes else None, causes[1:]))
    assert assemble(*told).plain == said


def test_a_run_is_told_with_what_needs_no_network() -> None:
    base = Baselines("accuracy", 0.1, 0.9, 0.95)
    told = _format_headline(Standing("runs/x", "done", 2, {"train": 0.5}, base))
    assert told == (
        "runs/x: done after 2 epochs; train 0.500; "
        "without a network: trivial 0.100, linear 0.900, neighbour 0.950 (accuracy)"
    )
    assert _format_headline(Standing("runs/x", "failed", 0, {}, None)) == "runs/x: failed after 0 epochs; "


def test_no_cause_is_no_all_clear_where_a_network_stays_below_what_needs_none() -> None:
    short = Shortfall("accuracy", 0.683, {"nearest neighbours": 0.82, "linear": 0.787}, 120)
    told = _format_verdict(Diagnosis((), None, (), short, ("R02 another-head", "R05 another-optimizer")))
    assert assemble(*told).plain == (
        "no cause found, but accuracy 0.683 after 120 steps stays below nearest neighbours 0.820 and linear 0.787; "
        "tried without success: R02 another-head, R05 another-optimizer"
    )
    assert "there was no suspicion to try" in assemble(*_format_verdict(Diagnosis((), None, (), short))).plain
