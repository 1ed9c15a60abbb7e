"""The tool under test, as its user meets it: the command line and its JSON, inside a warm process."""

import contextlib
import io
import json
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

_PROBLEM = re.compile(r"^(?:\S.*:\d+:\d+ )?([a-z]+(?:-[a-z]+)*): ", re.MULTILINE)
LOUD = ("error", "warning")
"""The levels that count as a report."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command said.

    Attributes:
        code: the exit code.
        seconds: how long it took, TensorFlow's start aside.
        primary: the first finding, as the JSON has it, or None.
        alternatives: the findings beside it.
        findings: all findings.
        problems: the codes of a refusal.
        said: the last of what stood on stderr, where the command failed.
    """

    code: int
    seconds: float
    primary: Mapping[str, Any] | None = None
    alternatives: Sequence[Mapping[str, Any]] = ()
    findings: Sequence[Mapping[str, Any]] = ()
    problems: Sequence[str] = ()
    said: str = ""

    @property
    def loud(self) -> list[Mapping[str, Any]]:
        """The findings at `warning` or above."""
        return [finding for finding in self.findings if finding["level"] in LOUD]

    @property
    def first(self) -> Mapping[str, Any] | None:
        """The first finding, if it is loud."""
        return self.primary if self.primary is not None and self.primary["level"] in LOUD else None


class Tool(Protocol):
    """Whatever diagnoses specs and runs."""

    def check(self, spec: Path) -> Answer:
        """The static rules."""

    def debug(self, subject: Path) -> Answer:
        """The diagnosis of a spec or of a run."""

    def train(self, spec: Path, runs: Path) -> tuple[Answer, Path | None]:
        """Trains; the run directory, or None where there is none."""

    def patched(self, text: str, edits: Sequence[Mapping[str, Any]]) -> str:
        """A spec's text with a fix in it."""


class Nnctl:
    """nnctl itself."""

    def check(self, spec: Path) -> Answer:
        code, seconds, told, said = command("check", str(spec), "--json")
        answer = next(iter((told or {}).get("specs", ())), {})
        return _answer(code, seconds, answer, [problem["code"] for problem in answer.get("errors", ())], said)

    def debug(self, subject: Path) -> Answer:
        code, seconds, told, said = command("debug", str(subject), "--json")
        return _answer(code, seconds, told or {}, refusals(said) if code == 2 else (), said)

    def train(self, spec: Path, runs: Path) -> tuple[Answer, Path | None]:
        code, seconds, _, said = command("train", str(spec), "--runs", str(runs), "--json")
        made = sorted(runs.glob("*/run.json"))
        return Answer(code, seconds, said=said), made[-1].parent if made else None

    def patched(self, text: str, edits: Sequence[Mapping[str, Any]]) -> str:
        from nnctl.spec.edits import Edit, apply  # type: ignore[import-not-found, unused-ignore]

        return str(apply(text, [Edit(tuple(edit["path"]), edit.get("value"), edit["kind"]) for edit in edits]))


def refusals(said: str) -> list[str]:
    """The codes of the problems in a refusal's text: `file:line:column code: message`, or without a place."""
    return _PROBLEM.findall(said)


def command(*arguments: str) -> tuple[int, float, Any, str]:
    """Runs nnctl's command line here: exit code, seconds, what stdout held as JSON (or None), the end of stderr."""
    from nnctl.cli.main import main

    out, err, kept, begun = io.StringIO(), io.StringIO(), sys.argv, time.perf_counter()
    sys.argv = ["nnctl", *arguments]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.argv = kept
    seconds = time.perf_counter() - begun
    try:
        told = json.loads(out.getvalue())
    except ValueError:
        told = None
    return code, seconds, told, err.getvalue()[-500:] if code else ""


def _answer(code: int, seconds: float, told: Mapping[str, Any], problems: Sequence[str], said: str) -> Answer:
    findings = told.get("findings") or ()
    primary = told.get("primary", next(iter(findings), None))
    return Answer(code, seconds, primary, told.get("alternatives") or (), findings, problems, said)
