import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from .conftest import GUARD

Nnctl = Callable[..., CompletedProcess[str]]
CONFIG = Path(__file__).parents[2] / "configs" / "breast_cancer_binary.yaml"
VERBS = ("init", "check", "train", "evaluate", "runs", "data")


def test_every_verb_has_help_and_is_in_the_list_of_verbs(nnctl: Nnctl) -> None:
    listed = nnctl("--help")
    assert listed.returncode == 0
    for verb in VERBS:
        told = nnctl(verb, "--help")
        assert told.returncode == 0
        assert f"nnctl {verb}" in told.stdout
        assert verb in listed.stdout


def test_without_a_verb_the_help_is_shown(nnctl: Nnctl) -> None:
    done = nnctl()
    assert done.returncode == 2
    assert "Usage" in done.stdout + done.stderr


def test_a_wrong_flag_or_verb_is_one_headed_line(nnctl: Nnctl) -> None:
    for arguments in (["tarin"], ["train"], ["train", "--epoch", "3", "x.yaml"], ["train", "--epochs", "x", "y.yaml"]):
        done = nnctl(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("usage: ")
        assert "Traceback" not in done.stderr


def test_help_needs_neither_numpy_nor_yaml(nnctl: Nnctl) -> None:
    code = GUARD.replace('("tensorflow", "keras")', '("tensorflow", "keras", "numpy", "yaml", "matplotlib", "sklearn")')
    assert nnctl("--help", code=code).returncode == 0


# What a command has loaded when it ends, behind its exit code, on the last line of stderr.
LOADED = """
import json, os, sys
from nnctl.cli.main import _run
code = _run()
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""
# Whose modules read the command line and draw its help, some only with some versions of Typer; and what setuptools puts in
# front of every start.
SHELL = {
    "typer",
    "rich",
    "shellingham",
    "annotated_doc",
    "click",
    "typing_extensions",
    "nnctl",
    "__main__",
    "_distutils_hack",
}


def loaded(done: CompletedProcess[str]) -> tuple[set[str], set[str]]:
    """The modules of nnctl and the packages of others; C extensions come with helpers whose names tell their version."""
    code, names = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    others = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    return {name for name in names if name.startswith("nnctl.")}, {each for each in others if "cython" not in each}


def test_help_loads_the_command_line_alone(nnctl: Nnctl) -> None:
    own, others = loaded(nnctl("--help", code=LOADED))
    assert others <= SHELL
    assert {name for name in own if not name.startswith("nnctl.cli")} == {"nnctl.errors", "nnctl.version"}
    assert not {name for name in own if name.startswith("nnctl.cli.views")}


def test_check_loads_what_reads_and_judges_a_spec_and_no_more(nnctl: Nnctl) -> None:
    """Of a set that is built in: a user's file is looked at with what reads its kind."""
    own, others = loaded(nnctl("check", CONFIG, code=LOADED))
    assert others <= SHELL | {"yaml"}
    rooms = {name.split(".")[1] for name in own}
    needed = {"api", "bounds", "cli", "data", "diagnosis", "errors", "files", "runs", "spec", "spelling", "version"}
    assert rooms == needed
    assert {name for name in own if name.startswith("nnctl.api.")} == {"nnctl.api.checking", "nnctl.api.specs"}
    assert {name for name in own if name.startswith("nnctl.cli.views.")} == {
        "nnctl.cli.views.findings",
        "nnctl.cli.views.tables",  # which folds what is found
    }
    folders = {"images", "arrays", "memory", "preparing"}  # of what loads examples
    assert not {name for name in own if name.startswith("nnctl.data.") and name.split(".")[2] in folders}


def test_help_loads_neither_markdown_nor_tracebacks_and_leaves_them_to_be_loaded(nnctl: Nnctl) -> None:
    code = (
        "import sys; from nnctl.cli.main import _run; _run()\n"
        "loaded = {'rich.markdown', 'rich.traceback', 'markdown_it', 'pygments', 'pydantic'} & {*sys.modules}\n"
        "from rich.markdown import Markdown; from rich.traceback import Traceback\n"
        "print(loaded, Markdown.__module__, Traceback.__module__)"
    )
    for arguments in (["--help"], ["check", "-h"]):
        done = nnctl(*arguments, code=code)
        assert "Usage: nnctl" in done.stdout
        assert done.stdout.splitlines()[-1] == "set() rich.markdown rich.traceback"


def test_no_verb_waits_for_pydantic(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    code = "import sys; sys.modules['pydantic'] = None\nfrom nnctl.cli.main import main\nmain()"
    assert nnctl("check", write(), code=code).returncode == 0


def test_the_guard_bites(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    """Training does need TensorFlow: if it got by without, the guard would prove nothing."""
    done = nnctl("train", write())
    assert done.returncode == 70
    assert "guarded: " in done.stderr


def test_a_bug_is_one_line_and_a_saved_traceback(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    done = nnctl("train", write())
    head, tail = done.stderr.strip().splitlines()[-2:]
    assert head.startswith("bug: ")
    saved = Path(tail.rpartition(" ")[2])
    assert "Traceback" in saved.read_text()
    saved.unlink()


def test_the_version_is_told(nnctl: Nnctl) -> None:
    import nnctl as package

    assert nnctl("--version").stdout.strip() == f"nnctl {package.__version__}"


def test_a_reader_who_has_seen_enough_of_the_help_is_no_failure(tmp_path: Path) -> None:
    """As in `nnctl --help | head -1`: the pipe is closed before the help is written."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", GUARD, "--help"],
        stdout=writing,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


# SIGINT in a compiled library, which says something else instead.
TURNED = """
import signal, nnctl.cli.main as main
from nnctl.errors import Problem, SpecError
def app(**more):
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        {then}
main.app = app
main.main()
"""


@pytest.mark.parametrize("error", ["ValueError('Invalid bounding box')", "SpecError(Problem('x', 'y'))"])
def test_an_interrupt_that_became_another_error_is_an_interrupt(nnctl: Nnctl, error: str) -> None:
    done = nnctl(code=TURNED.format(then=f"raise {error} from None"))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_second_interrupt_does_not_wait_for_what_the_first_has_to_unwind(nnctl: Nnctl) -> None:
    done = nnctl(code=TURNED.format(then="signal.raise_signal(signal.SIGINT)"))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("module", ["nnctl.cli.main", "rich", "nnctl.spec"])
def test_an_interrupt_while_modules_are_loaded_shows_no_traceback(nnctl: Nnctl, module: str) -> None:
    code = (
        "import signal, sys\n"
        "class Slow:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "from nnctl.__main__ import main; main()"
    )
    done = nnctl("check", "absent.yaml", code=code)
    assert (done.returncode, done.stdout, done.stderr) in [(-signal.SIGINT, "", ""), (130, "", "")]


# What ends a command that nobody foresaw; nnctl is asked for nothing before.
ENDED = """
import errno, nnctl.cli.main as main
def app(**more):
    {then}
main.app = app
main.main()
"""


@pytest.mark.parametrize(
    ("then", "code", "head"),
    [
        ("raise MemoryError", 2, "out-of-memory: "),
        ("bytearray(1 << 62)", 2, "out-of-memory: "),
        (
            "raise OSError(errno.ENOSPC, 'No space left on device', 'a\\x1b')",
            2,
            r"disk: a\x1b: No space left on device",
        ),
        ("open('absent')", 2, "system: absent: No such file or directory"),
        ("'\\udce9'.encode()", 2, r"bad-encoding: '\udce9' is no text in utf-8"),
        ("open('a\\0b')", 2, "bad-path: "),
        ("raise KeyError('a\\x1b[2J')", 70, r"bug: KeyError: 'a\x1b[2J'"),
        ("raise ValueError('\\n')", 70, "bug: ValueError: "),
    ],
)
def test_what_the_machine_lacks_is_no_bug(nnctl: Nnctl, then: str, code: int, head: str, tmp_path: Path) -> None:
    done = nnctl(code=f"import os, tempfile; tempfile.tempdir = {str(tmp_path)!r}\n" + ENDED.format(then=then))
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(head)
    assert "Traceback" not in done.stderr
    assert all(line.isprintable() for path in tmp_path.glob("nnctl-*.txt") for line in path.read_text().split("\n"))


def test_a_bug_is_told_where_its_traceback_cannot_be_kept(nnctl: Nnctl) -> None:
    code = "import tempfile; tempfile.tempdir = '/nowhere'\n" + ENDED.format(then="1 // 0")
    done = nnctl(code=code)
    assert done.returncode == 70
    assert done.stderr.startswith("bug: ZeroDivisionError")
    assert "the traceback cannot be saved: No such file or directory" in done.stderr


@pytest.mark.parametrize("flag", ["--epochs=\n\x1b[31m", "--\n\x1b[31m", "\x1b[31m\n\u202e"])
def test_a_wrong_flag_is_shown_plain(nnctl: Nnctl, flag: str) -> None:
    done = nnctl("train", flag)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 2
    assert all(line.isprintable() for line in done.stderr.splitlines())


@pytest.mark.parametrize("encoding", ["ascii", "latin-1:strict", "utf-8:surrogateescape"])
@pytest.mark.parametrize(
    "arguments", [["--help"], ["list"], ["explain", "dense"], ["data", "list"], ["check", CONFIG]], ids=str
)
def test_an_output_that_cannot_encode_is_no_error(
    nnctl: Nnctl, arguments: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    assert nnctl(*arguments, code="from nnctl.cli.main import main; main()").returncode == 0
