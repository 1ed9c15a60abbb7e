"""A program runs at a terminal, and what it said, how long it took and how much memory it held is known."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.process import FailedError, plain, run


def program(*lines: str) -> list[str]:
    return [sys.executable, "-c", "\n".join(lines)]


def test_lines_come_with_their_time(tmp_path: Path) -> None:
    lines = ["import time, sys", "print('first', flush=True)", "time.sleep(0.3)", "print('last', file=sys.stderr)"]
    ended = run(program(*lines), tmp_path)
    assert [line for _, line in ended.lines] == ["first", "last"]
    (first, _), (last, _) = ended.lines
    assert 0 < first < first + 0.25 < last <= ended.seconds


def test_it_is_a_terminal_and_a_bar_drawn_anew_is_a_line_each_time(tmp_path: Path) -> None:
    lines = ["import sys", "assert sys.stdout.isatty() and sys.stderr.isatty()", r"print('\x1b[1mone\x1b[0m\rtwo\n\n')"]
    assert [line for _, line in run(program(*lines), tmp_path).lines] == ["one", "two"]
    assert plain("\x1b[?25l\x1b[2K  epoch 1\x1b[0m ") == "epoch 1"


def test_memory_is_that_of_the_program_alone(tmp_path: Path) -> None:
    """Asked for in a process of its own: what its parent holds, here pytest and all that it has loaded, counts in."""
    asked = (
        "import sys; from pathlib import Path; from tests.bench.process import run\n"
        "for size in (300, 500): print(run([sys.executable, '-c', f'held = bytearray({size} * 2**20)'], Path()).peak)"
    )
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=root).stdout
    large, larger = map(int, told.split())
    assert 300 * 2**20 <= large < 400 * 2**20
    assert larger - large == pytest.approx(200 * 2**20, rel=0.05)


def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="ZeroDivisionError"):
        run(program("1 / 0"), tmp_path)


def test_a_program_ends_early_once_it_has_said_enough(tmp_path: Path) -> None:
    lines = ["import time", "for n in range(100):", "    print(n, flush=True)", "    time.sleep(0.1)"]
    ended = run(program(*lines), tmp_path, enough=lambda line: line == "2")
    assert "2" in [line for _, line in ended.lines]
    assert len(ended.lines) < 50


def test_settings_reach_the_program(tmp_path: Path) -> None:
    ended = run(program("import os", "print(os.environ['SAID'])"), tmp_path, {"SAID": "so"})
    assert [line for _, line in ended.lines] == ["so"]
