"""`nnctl check`: every mistake of a spec at once, and what will train badly, without TensorFlow."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nnctl.cli import options
from nnctl.cli.shell import completion
from nnctl.errors import NnctlError, Problem, render

if TYPE_CHECKING:
    from nnctl.diagnosis import Diagnosis, Selection
    from nnctl.spec import Spec

    Answer = tuple[tuple[Problem, ...], Spec | None, Diagnosis | None]


def check(
    specs: Annotated[list[Path], options.argument("SPEC...", "YAML specs.", completion.list_specs)],
    settings: options.Settings = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    json: options.Json = False,
) -> int:
    """Find every mistake in specs and what will train badly, at once and without TensorFlow."""
    from nnctl.api.checking import parse_selection
    from nnctl.cli.shell import output, terminal
    from nnctl.cli.views import findings

    chosen = parse_selection(select or (), ignore or ())
    answers = [_judge(path, settings, chosen) for path in specs]
    if json:
        terminal.print_json([_document_answer(path, answer) for path, answer in zip(specs, answers, strict=True)])
    for path, (problems, spec, diagnosis) in () if json else zip(specs, answers, strict=True):
        if diagnosis is None or spec is None:
            output.complain(render(problems))
        else:
            terminal.results().print(terminal.assemble(("ok", "good"), f"  {path}: {_summarise(spec)}"))
            findings.show(diagnosis.findings, spec.source, terminal.results())
    return max(2 if diagnosis is None else int(diagnosis.bad) for _, _, diagnosis in answers)


def _judge(path: Path, settings: list[str] | None, chosen: "Selection") -> "Answer":
    """The mistakes that keep a spec from being read; or the spec, and what will train badly."""
    from nnctl.api.checking import check
    from nnctl.api.specs import load_spec

    try:
        spec = load_spec(path, options.merge_overrides(settings))
        return (), spec, check(spec, chosen)
    except NnctlError as error:
        return error.problems, None, None


def _document_answer(path: Path, answer: "Answer") -> dict[str, object]:
    """What there is to say of a spec as JSON has it."""
    from nnctl.api.checking import document_finding

    problems, spec, diagnosis = answer
    told = {"spec": str(path), "ok": diagnosis is not None, "problems": [*map(_document_problem, problems)]}
    if diagnosis is None or spec is None:
        return {**told, "findings": []}
    found = [document_finding(finding, spec.source) for finding in diagnosis.findings]
    return {**told, "findings": found, "summary": _summarise(spec)}


def _summarise(spec: "Spec") -> str:
    return f"{spec.name}, {len(spec.layers)} layers, {spec.train.epochs} epochs on {spec.data.source}"


def _document_problem(problem: Problem) -> dict[str, object]:
    """A problem as JSON has it: its place as file, line and column."""
    place, told = problem.place, {"code": problem.code, "message": problem.message, "hint": problem.hint}
    where = {} if place is None else place.document()
    origin = {} if place is None or place.origin is None else {"from": place.origin.document()}
    return {**told, **where, **origin}
