import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from typer.main import get_command

from nnctl.cli.main import app
from nnctl.cli.shell import output, verbs

Nnctl = Callable[..., CompletedProcess[str]]
ROOT: Any = get_command(app)


def walk(group: Any = ROOT, front: str = "nnctl") -> Iterator[tuple[str, Any]]:
    """Every verb by its words."""
    for name, verb in group.commands.items():
        yield f"{front} {name}", verb
        yield from walk(verb, f"{front} {name}") if hasattr(verb, "commands") else ()


@pytest.mark.parametrize(("words", "verb"), list(walk()), ids=lambda each: each if isinstance(each, str) else "")
def test_each_verb_has_examples_that_its_options_read(words: str, verb: Any) -> None:
    lines = verb.epilog.splitlines()
    assert lines[0].startswith("Example")
    for line in lines[1:]:
        line = line.strip().rpartition(" | ")[2]
        assert line.startswith(words)
        group, rest = ROOT, shlex.split(line)[1:]
        context: Any = None
        while hasattr(group, "commands") and rest and rest[0] in group.commands:
            group = group.commands[rest.pop(0)]
        context = group.make_context(words, rest)
        assert context.args == []


def test_every_verb_stands_in_a_group() -> None:
    assert [name for name, verb in ROOT.commands.items() if not verb.rich_help_panel] == []


def test_every_verb_is_made_quiet(tmp_path: Path) -> None:
    loud = [w for w, v in walk() if "-q" not in [o for p in v.params for o in p.opts] and w != "nnctl data"]
    assert loud == []


def test_quiet_leaves_remarks_out_and_tells_results_and_errors(nnctl: Nnctl, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    assert nnctl("list").stderr.startswith("next ")
    quiet = nnctl("list", "-q")
    assert quiet.stderr == ""
    assert quiet.stdout == nnctl("list").stdout
    assert nnctl("check", "absent.yaml", "--quiet").stderr.startswith("unreadable-file: ")


def test_a_console_of_faults_is_never_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    from nnctl.cli.shell import terminal

    output.ask_quiet(True)
    try:
        terminal.notes().print("remark")
        terminal.faults().print("fault")
    finally:
        output.ask_quiet(False)
    assert capsys.readouterr().err == "fault\n"


@pytest.mark.parametrize("words", [["train"], ["data", "show"], ["runs", "verify"], []])
def test_help_is_that_of_the_verb(nnctl: Nnctl, words: list[str]) -> None:
    asked, told = nnctl("help", *words), nnctl(*words, "--help")
    assert (asked.returncode, asked.stdout) == (0, told.stdout)
    assert "Usage: nnctl" in told.stdout


def test_help_of_what_is_no_verb(nnctl: Nnctl) -> None:
    done = nnctl("help", "trian")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: nnctl has no verb 'trian'\n  did you mean `nnctl train")


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("words", [w.split()[1:] for w, _ in walk()], ids=" ".join)
def test_help_cuts_no_option_at_any_width(nnctl: Nnctl, words: list[str], columns: int) -> None:
    code = f"import os; os.environ['COLUMNS'] = '{columns}'\nfrom nnctl.cli.main import main; main()"
    told = nnctl(*words, "--help", code=code).stdout
    group = ROOT
    for word in words:
        group = group.commands[word]
    assert [name for each in group.params for name in each.opts if name.startswith("--") and name not in told] == []
    assert all(len(line) <= columns for line in told.splitlines() if "nnctl " not in line)


def test_an_example_is_a_line_below_its_head() -> None:
    assert verbs.format_examples("a") == "Example:\n  a"
    assert verbs.format_examples("a", "b") == "Examples:\n  a\n  b"
