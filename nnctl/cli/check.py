"""`nnctl check`: every mistake of a spec at once, and what will train badly, without TensorFlow."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nnctl.cli import options
from nnctl.cli.shell import completion

if TYPE_CHECKING:
    from nnctl.diagnosis import Diagnosis, Selection
    from nnctl.errors import Problem
    from nnctl.spec import Spec


def check(
    specs: Annotated[list[Path], options.argument("SPEC...", "YAML specs.", completion.specs)],
    settings: options.Settings = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    json: options.Json = False,
) -> int:
    """Find every mistake in specs and what will train badly, at once and without TensorFlow."""
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import findings
    from nnctl.diagnosis import selection
    from nnctl.errors import render

    chosen = selection(select or (), ignore or ())
    answers = [_answer(path, settings, chosen) for path in specs]
    if json:
        terminal.print_json([_document(answer) for answer in answers])
    for answer in () if json else answers:
        if answer.diagnosis is None or answer.spec is None:
            terminal.notes().print(render(answer.problems), markup=False)
        else:
            terminal.results().print(f"[good]ok[/]  {answer.path}: {_summary(answer.spec)}")
            findings.show(answer.diagnosis.findings, answer.spec.source, terminal.results())
    return max(answer.code for answer in answers)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What there is to say of one spec.

    Attributes:
        path: its file.
        problems: the mistakes that keep it from being read.
        spec: the spec, and
        diagnosis: what will train badly; both None where there are mistakes.
    """

    path: Path
    problems: tuple["Problem", ...] = ()
    spec: "Spec | None" = None
    diagnosis: "Diagnosis | None" = None

    @property
    def code(self) -> int:
        """The exit code that it asks for."""
        return 2 if self.diagnosis is None else int(self.diagnosis.bad)


def _answer(path: Path, settings: list[str] | None, chosen: "Selection") -> _Answer:
    from nnctl.api import load_spec
    from nnctl.data import plan_ahead
    from nnctl.diagnosis import check
    from nnctl.errors import NnctlError

    try:
        spec = load_spec(path, options.overriding(settings))
        return _Answer(path, (), spec, check(plan_ahead(spec), chosen))
    except NnctlError as error:
        return _Answer(path, error.problems)


def _document(answer: _Answer) -> dict[str, object]:
    """An answer as JSON has it."""
    from nnctl.cli.views.findings import plain

    told = {"spec": str(answer.path), "ok": answer.diagnosis is not None, "problems": [*map(_plain, answer.problems)]}
    if answer.diagnosis is None or answer.spec is None:
        return {**told, "findings": []}
    found = [plain(finding, answer.spec.source) for finding in answer.diagnosis.findings]
    return {**told, "findings": found, "summary": _summary(answer.spec)}


def _summary(spec: "Spec") -> str:
    return f"{spec.name}, {len(spec.layers)} layers, {spec.train.epochs} epochs on {spec.data.source}"


def _plain(problem: "Problem") -> dict[str, object]:
    """A problem as JSON has it: its place as file, line and column."""
    place, told = problem.place, {"code": problem.code, "message": problem.message, "hint": problem.hint}
    where = {} if place is None else place.document()
    origin = {} if place is None or place.origin is None else {"from": place.origin.document()}
    return {**told, **where, **origin}
