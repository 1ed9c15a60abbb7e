"""What a run tells of the examples that its network takes: how files are read for it."""

from collections.abc import Mapping

from nnctl.data import Report, inputs, load, peek
from nnctl.data.inputs import Inputs
from nnctl.data.tables import columns
from nnctl.data.tables.delimited import Dialect
from nnctl.errors import Problem, UsageError
from nnctl.predicting.headers import Beside
from nnctl.predicting.reading import Reading
from nnctl.runs import RunDirectory
from nnctl.runs.meaning import load_trained
from nnctl.spec import Spec
from nnctl.spec.sections import CLASS_TASKS, Value

INVERT = ("auto", "yes", "no")
_WRITTEN = ("delimiter", "quote", "header", "decimal", "encoding")


def make_reading(run: RunDirectory, spec: Spec, invert: str, fit: bool, report: Report) -> Reading:
    """How files are read for a run.

    Args:
        run: the run.
        spec: its spec.
        invert: whether light and dark of pictures change places: `auto`, `yes` or `no`.
        fit: whether what is drawn is scaled and moved to where training has it.
        report: told of what takes a while.

    Raises:
        UsageError: `invert` is something else.
        SpecError, DataError, RunError: what the run tells of its data, or these themselves, cannot be read.
    """
    if invert not in INVERT:
        hint = f"there are {', '.join(INVERT)}"
        raise UsageError(Problem("bad-value", f"--invert is {invert!r}, expected one of three words", hint=hint))
    known, learned, options = _read_inputs(run, spec, report), columns.read_columns(run.columns), spec.data.options
    told = {name: options[name] for name in _WRITTEN if options.get(name) is not None}
    missing, array = options.get("missing"), options.get("x")
    words = tuple(map(str, missing)) if isinstance(missing, list) else None
    written = Dialect(**told) if learned is not None else Dialect()  # type: ignore[arg-type]
    named = None if array is None else str(array)
    return Reading(known, learned, written, words, named, invert, fit, _find_beside(options, known), spec.data.older)


def _find_beside(options: Mapping[str, Value], known: Inputs) -> Beside:
    """What the options of a run's table say of columns that are no inputs; by number they have no name to be known by."""
    label, ignored = options.get("label"), options.get("ignore") or []
    held = (label if isinstance(label, list) else [label], ignored if isinstance(ignored, list) else [])
    numbered = options.get("header", True) is True and any(isinstance(each, int) for part in held for each in part)
    labels, left = (tuple(str(each) for each in part if each is not None) for part in held)
    answers = known.names if known.task in CLASS_TASKS else ()
    return Beside(labels, left, numbered or bool(options.get("features")), answers)


def _read_inputs(run: RunDirectory, spec: Spec, report: Report) -> Inputs:
    """What the run tells of its data, or, of a run from before it was kept, the data themselves."""
    if (known := inputs.read_inputs(run.inputs)) is not None:
        return known
    report("the run has no inputs.json: reading its data", None)
    spec = load_trained(run, peek=peek, said=report)
    return inputs.learn_inputs(load(spec.data, report, columns.read_columns(run.columns)), inputs.list_targets(spec))
