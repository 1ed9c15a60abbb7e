"""`nnctl check`: every mistake of a spec at once, and what will train badly, without TensorFlow."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import completion, envelope, subjects
from nnctl.cli.shell.numbers import format_count
from nnctl.errors import NnctlError, Problem, UsageError, render

if TYPE_CHECKING:
    from nnctl.diagnosis import Diagnosis, Selection
    from nnctl.spec import Spec

    Answer = tuple[tuple[Problem, ...], Spec | None, Diagnosis | None, tuple[str, ...]]


def check(
    specs: Annotated[list[Path], options.argument("SPEC...", "YAML specs.", completion.list_specs)],
    settings: options.Settings = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    no_data: Annotated[bool, typer.Option("--no-data", help="Do not read the labels.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Also write a copy of each spec with the edits that need no trial.")
    ] = False,
    json: options.Json = False,
) -> int:
    """Find every mistake in specs and what will train badly, at once and without TensorFlow."""
    from nnctl.api.checking import parse_selection
    from nnctl.cli.shell import output, terminal
    from nnctl.cli.views import findings

    chosen = parse_selection(select or (), ignore or ())
    if fix:
        return _fix(specs, settings, chosen, not no_data, json)
    answers = [_judge(path, settings, chosen, not no_data) for path in specs]
    if json:
        envelope.tell({"specs": [_document_answer(path, each) for path, each in zip(specs, answers, strict=True)]})
    for path, (problems, spec, diagnosis, not_checked) in zip(specs, answers, strict=True):
        if diagnosis is None or spec is None:
            envelope.add_problems(*problems)
            output.complain(render(problems))
        elif not json:
            terminal.results().print(
                terminal.assemble(("ok", "good"), f"  {subjects.name_spec(path)}: {_summarise(spec)}")
            )
            findings.show_unchecked(not_checked, terminal.results())
            findings.show(diagnosis.findings, spec.source, terminal.results())
    return max(map(_choose_code, answers))


def _fix(specs: list[Path], settings: list[str] | None, chosen: "Selection", labels: bool, json: bool) -> int:
    """Writes each spec, with the edits made that need no trial, beside it; tells these, and what is left.

    Raises:
        UsageError: values are set, or a spec comes through a pipe, which no file holds; or something else stands where a
            mended spec would.
        SpecError: a file cannot be read at all.
    """
    from nnctl.api.fixing import mend, write_mended
    from nnctl.cli.views import mended as view

    if settings:
        hint = "write the value into the file, or leave out `--fix`"
        raise UsageError(Problem("usage", "`--fix` changes a file, and a value of `--set` is in none", hint=hint))
    codes, told = [], list[dict[str, object]]()
    for path in specs:
        subjects.refuse_stream(path)
        mended = mend(path, chosen, labels)
        fixed = write_mended(mended.after.written, path) if mended.edits else None
        answer = mended.problems, mended.spec, mended.diagnosis, mended.not_checked
        codes.append(_choose_code(answer))
        if json:
            told.append({**_document_answer(path, answer), **view.document(mended, fixed)})
            envelope.tell({"specs": told})
        view.show(mended, fixed, path, json)
    return max(codes)


def _judge(path: Path, settings: list[str] | None, chosen: "Selection", labels: bool) -> "Answer":
    """The mistakes that keep a spec from being read; or the spec, and what will train badly."""
    from nnctl.api.checking import check, glance

    try:
        spec = subjects.load_spec(path, options.merge_overrides(settings))
        seen = glance(spec, labels)
        return (), spec, check(seen.plan, chosen), seen.not_checked
    except NnctlError as error:
        return error.problems, None, None, ()


def _document_answer(path: Path, answer: "Answer") -> dict[str, object]:
    """What there is to say of a spec as JSON has it."""
    from nnctl.api.checking import document_finding

    problems, spec, diagnosis, not_checked = answer
    code = _choose_code(answer)
    told = {"spec": subjects.name_spec(path), "ok": code == 0, "exit_code": code}
    errors = [problem.document() for problem in problems]
    if diagnosis is None or spec is None:
        return {**told, "errors": errors, "summary": None, "findings": [], "not_checked": []}
    found = [document_finding(finding, spec.source) for finding in diagnosis.findings]
    return {**told, "errors": errors, "summary": _summarise(spec), "findings": found, "not_checked": list(not_checked)}


def _choose_code(answer: "Answer") -> int:
    """The exit code of one spec alone."""
    diagnosis = answer[2]
    return 2 if diagnosis is None else int(diagnosis.bad)


def _summarise(spec: "Spec") -> str:
    layers, epochs = format_count(len(spec.layers), "layer"), format_count(spec.train.epochs, "epoch")
    return f"{spec.name}, {layers}, {epochs} on {spec.data.source}"
