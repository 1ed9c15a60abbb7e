"""`nnctl check`: every mistake of a spec at once, without TensorFlow."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from nnctl.cli import options


def check(
    specs: Annotated[list[Path], typer.Argument(metavar="SPEC...", help="YAML specs.", show_default=False)],
    settings: options.Settings = None,
    json: options.Json = False,
) -> int:
    """Find every mistake in specs, at once and without TensorFlow."""
    from nnctl.cli import terminal
    from nnctl.errors import render

    answers = [_answer(path, settings) for path in specs]
    if json:
        terminal.print_json([{k: v for k, v in answer.items() if k != "raw"} for answer in answers])
    for answer in () if json else answers:
        if answer["ok"]:
            terminal.results().print(f"[good]ok[/]  {answer['spec']}: {answer['summary']}")
        else:
            terminal.notes().print(render(answer["raw"]), markup=False)
    return 0 if all(answer["ok"] for answer in answers) else 2


def _answer(path: Path, settings: list[str] | None) -> dict[str, Any]:
    """What there is to say of one spec."""
    from nnctl.data import peek
    from nnctl.errors import NnctlError
    from nnctl.spec import load_spec

    try:
        spec = load_spec(path, options.overriding(settings), peek)
    except NnctlError as error:
        problems = [_plain(problem) for problem in error.problems]
        return {"spec": str(path), "ok": False, "problems": problems, "raw": error.problems}
    summary = f"{spec.name}, {len(spec.layers)} layers, {spec.train.epochs} epochs on {spec.data.source}"
    return {"spec": str(path), "ok": True, "problems": [], "summary": summary}


def _where(place: Any) -> dict[str, Any]:
    return {"file": place.source.name, "line": place.line, "column": place.column}


def _plain(problem: Any) -> dict[str, Any]:
    """A problem as JSON: its place as file, line and column."""
    place = problem.place
    where = {} if place is None else _where(place)
    if place is not None and place.origin is not None:
        where["from"] = _where(place.origin)
    return {**{key: value for key, value in asdict(problem).items() if key != "place"}, **where}
