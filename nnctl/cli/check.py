"""`nnctl check`: every mistake of a spec at once, and what will train badly, without TensorFlow."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnctl.cli import completion, options

if TYPE_CHECKING:
    from nnctl.diagnosis import Selection


def check(
    specs: Annotated[
        list[Path],
        typer.Argument(metavar="SPEC...", help="YAML specs.", show_default=False, autocompletion=completion.specs),
    ],
    settings: options.Settings = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    json: options.Json = False,
) -> int:
    """Find every mistake in specs and what will train badly, at once and without TensorFlow."""
    from nnctl.cli import findings, terminal
    from nnctl.diagnosis import selection
    from nnctl.errors import render

    chosen = selection(select or (), ignore or ())
    answers = [_answer(path, settings, chosen) for path in specs]
    if json:
        terminal.print_json([{k: v for k, v in answer.items() if k not in ("raw", "code")} for answer in answers])
    for answer in () if json else answers:
        if answer["ok"]:
            terminal.results().print(f"[good]ok[/]  {answer['spec']}: {answer['summary']}")
            diagnosis, source = answer["raw"]
            findings.show(diagnosis.findings, source, terminal.results())
        else:
            terminal.notes().print(render(answer["raw"]), markup=False)
    return max(int(answer["code"]) for answer in answers)


def _answer(path: Path, settings: list[str] | None, chosen: "Selection") -> dict[str, Any]:
    """What there is to say of one spec, and the exit code that it asks for."""
    from nnctl.api import load_spec
    from nnctl.cli.findings import plain
    from nnctl.data import peek
    from nnctl.diagnosis import check
    from nnctl.errors import NnctlError

    try:
        spec = load_spec(path, options.overriding(settings))
        diagnosis = check(spec, peek(spec.data), chosen)
    except NnctlError as error:
        problems = [_plain(problem) for problem in error.problems]
        return {"spec": str(path), "ok": False, "code": 2, "problems": problems, "findings": [], "raw": error.problems}
    summary = f"{spec.name}, {len(spec.layers)} layers, {spec.train.epochs} epochs on {spec.data.source}"
    told = {"problems": [], "findings": [plain(finding, spec.source) for finding in diagnosis.findings]}
    raw = (diagnosis, spec.source)
    return {"spec": str(path), "ok": True, "code": int(diagnosis.bad), **told, "summary": summary, "raw": raw}


def _where(place: Any) -> dict[str, Any]:
    return {"file": place.source.name, "line": place.line, "column": place.column}


def _plain(problem: Any) -> dict[str, Any]:
    """A problem as JSON: its place as file, line and column."""
    place = problem.place
    where = {} if place is None else _where(place)
    if place is not None and place.origin is not None:
        where["from"] = _where(place.origin)
    return {**{key: value for key, value in asdict(problem).items() if key != "place"}, **where}
