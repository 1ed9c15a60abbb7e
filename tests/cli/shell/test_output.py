import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nnctl.cli.shell import output

ROOT = Path(__file__).parents[3]
Begun = Callable[..., CompletedProcess[bytes]]


@pytest.fixture
def begun(tmp_path: Path) -> Begun:
    """Runs code after streams that are prepared, in a shell's command so that it may close or redirect some."""

    def begun(code: str, redirection: str = "", **environment: str) -> CompletedProcess[bytes]:
        (tmp_path / "code.py").write_text(f"from nnctl.cli.shell import output\noutput.prepare_streams()\n{code}\n")
        return subprocess.run(
            ["sh", "-c", f'"$0" code.py {redirection}', sys.executable], cwd=tmp_path, capture_output=True, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )  # fmt: skip

    return begun


def test_whatever_python_prints_is_plain(begun: Begun) -> None:
    done = begun(
        "import sys, warnings\n"
        "print('a\\x1b[2J', '\\u202e', end='\\n\\n')\n"
        "sys.stdout.writelines(['b\\x9b\\n'])\n"
        "warnings.warn('c\\x1b]0;title\\x07')\n"
        "raise ValueError('d\\x1b[31m')"
    )
    assert done.stdout.decode() == "a\\x1b[2J \\u202e\n\nb\\x9b\n"
    assert rb"c\x1b]0;title\x07" in done.stderr
    assert rb"ValueError: d\x1b[31m" in done.stderr
    assert b"\x1b" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"PYTHONIOENCODING": "ascii"}, rb"\xe9 \u20ac \xe9"),
        ({"PYTHONIOENCODING": "latin-1:strict"}, b"\xe9 \\u20ac \\xe9"),
        ({"PYTHONIOENCODING": "utf-8:surrogateescape"}, "é € \\xe9".encode()),
        ({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, rb"\xe9 \u20ac \xe9"),
        ({"LC_ALL": "xx_XX.broken", "LANG": "none"}, None),
    ],
)
def test_what_an_encoding_lacks_is_an_escape(environment: dict[str, str], shown: bytes | None, begun: Begun) -> None:
    done = begun("print('\\xe9 \\u20ac \\udce9')", **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert shown is None or done.stdout.rstrip() == shown


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_a_stream_that_is_closed_is_none_of_a_file(redirection: str, begun: Begun, tmp_path: Path) -> None:
    code = "with open('kept', 'wb', 0) as kept:\n    print('out')\n    output.complain('err')\n    assert kept.fileno() > 2"
    assert begun(code, redirection).returncode == 0
    assert (tmp_path / "kept").read_bytes() == b""


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@FULL
def test_what_is_said_to_nobody_is_no_error(begun: Begun) -> None:
    done = begun("print('out')\noutput.complain('err')\nimport sys; print('err', file=sys.stderr)", "2>/dev/full")
    assert (done.returncode, done.stdout) == (0, b"out\n")


@FULL
def test_results_that_are_lost_are_an_error(begun: Begun) -> None:
    done = begun(
        "import sys\n"
        "try:\n    print('out', flush=True)\nexcept OSError as error:\n    output.complain(error.strerror)\n"
        "    output.discard(1)\n    sys.exit(2)",
        ">/dev/full",
    )
    assert (done.returncode, done.stderr) == (2, b"No space left on device\n")


def test_a_terminal_that_was_closed_swallows_and_work_goes_on(tmp_path: Path) -> None:
    leader, terminal = os.openpty()
    code = (
        "import os, sys\nfrom nnctl.cli.shell import output\noutput.prepare_streams()\nprint('ready', flush=True)\n"
        "sys.stdin.read()\nprint('out', flush=True)\noutput.complain('err')\nopen('done', 'x').close()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=terminal, stderr=terminal, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(terminal)
    assert os.read(leader, 5) == b"ready"
    os.close(leader)
    process.communicate(timeout=30)
    assert (process.returncode, (tmp_path / "done").exists()) == (0, True)


def test_a_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    output.write_line("a\nb\x1b", end="|\n")
    csv.writer(output.Lines(), lineterminator="\n").writerow(["a\nb", "c\rd"])
    output.complain("a\n\x1bb")
    told = capsys.readouterr()
    assert told.out.splitlines() == [r"a\nb\x1b|", r'"a\nb",c\rd']
    assert told.err == "a\n\\x1bb\n"
