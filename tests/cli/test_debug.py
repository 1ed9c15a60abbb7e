"""What `nnctl debug` says by itself; `tests/engine/test_debug_command.py` runs it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.cli.debug import _verdict, _write
from nnctl.diagnosis import Diagnosis
from nnctl.diagnosis.finding import Finding, Fix
from nnctl.errors import UsageError
from nnctl.spec import load_spec


def found(code: str) -> Finding:
    return Finding("f", "e", ("train",)).with_(code=code, level="warning")


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([], "[good]nothing found[/] that keeps the network from learning"),
        (["H02"], "mend [name]H02[/] first; `nnctl explain H02` tells more"),
        (["C01", "R01"], "mend [name]C01[/] first, and if that is not enough R01; `nnctl explain C01` tells more"),
        (
            ["C11", "R07", "P03"],
            "mend [name]C11[/] first, and if that is not enough R07 and P03; `nnctl explain C11` tells more",
        ),
    ],
)
def test_the_last_line_says_what_to_mend_first_and_what_the_others_are_for(codes: list[str], said: str) -> None:
    causes = tuple(map(found, codes))
    assert _verdict(Diagnosis(causes, causes[0] if causes else None, causes[1:])) == said


def test_a_pipe_in_the_place_of_the_mended_spec_is_not_waited_for(write: Callable[..., Path]) -> None:
    path = write()
    os.mkfifo(path.with_name("spec.fixed.yaml"))
    with pytest.raises(UsageError, match="is there already"):
        _write(load_spec(path), path, Fix.setting(("train", "epochs"), 3), "")
