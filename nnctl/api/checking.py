"""What will train badly, from Python; and the one form that findings have as JSON."""

from nnctl import data, diagnosis
from nnctl.api.specs import Written, take_spec
from nnctl.data import SOURCES, plan_ahead
from nnctl.data.facts import Glance, find_label_problems
from nnctl.diagnosis import Diagnosis, Finding, Fix, Selection, parse_selection
from nnctl.errors import Source, SpecError
from nnctl.spec import Spec
from nnctl.spec.edits import apply, diff
from nnctl.spec.network.plan import Plan

__all__ = ["apply_fix", "check", "document_diagnosis", "document_finding", "glance", "parse_selection"]

EVERYTHING = Selection()


def check(spec: Spec | Written | Plan, chosen: Selection = EVERYTHING, labels: bool = True) -> Diagnosis:
    """What will train badly in a spec, from the spec and its labels, at once and without TensorFlow. Nothing is written.

    >>> check(load_spec("first.yaml", {"model.layers.2.activation": "linear"})).primary.code
    'H02'

    Args:
        spec: the spec, or what `load_spec` takes; or the plan of its training, which knows of the data what `load_data` found.
        chosen: which findings are told, as `parse_selection(select=["H"], ignore=["H05"])` says it.
        labels: whether to look at the labels, as `glance` does; of a plan they are known.

    Returns:
        The verdict: the findings, and the one to mend first.

    Raises:
        DataError: the data cannot be looked at, or their labels cannot be trained on.
        SpecError: the labels do not fit the spec; a comment of the spec names no rule's code, or it cannot be read.
    """
    return diagnosis.check(spec if isinstance(spec, Plan) else glance(take_spec(spec), labels).plan, chosen)


def glance(spec: Spec, labels: bool = True) -> Glance:
    """How a spec is trained, by what a look at its data and their labels tells; nothing is downloaded.

    At most 64 MiB of labels are read, for a second: what was not looked at is said.

    Args:
        spec: the spec.
        labels: whether to look at the labels.

    Raises:
        SpecError, DataError: the labels are not what training takes, as it says so itself.
    """
    if not labels:
        return Glance(plan_ahead(spec), ("the labels: --no-data leaves them out",))
    source = SOURCES[spec.data.source]
    if source.looks:
        return data.look_at_labels(spec)
    plan, given = plan_ahead(spec), spec.train.class_weight
    if spec.data.path is not None:
        return Glance(plan, (f"the labels: {source.name} is read as a whole",))
    if isinstance(given, dict) and (source.class_names is None or spec.data.options):
        return Glance(plan, ("the keys of class_weight: what the classes are called, training tells",))
    if problems := find_label_problems(plan, source.class_names, False):
        raise SpecError(*problems)
    return Glance(plan)


def document_diagnosis(diagnosis: Diagnosis, source: Source) -> dict[str, object]:
    """A verdict as JSON has it: the cause to mend first, the others that it may be, and every finding.

    Args:
        diagnosis: the verdict.
        source: the spec's text, which the edits are shown in.
    """
    return {
        "primary": None if diagnosis.primary is None else document_finding(diagnosis.primary, source),
        "alternatives": [document_finding(finding, source) for finding in diagnosis.alternatives],
        "findings": [document_finding(finding, source) for finding in diagnosis.findings],
    }


def document_finding(finding: Finding, source: Source) -> dict[str, object]:
    """A finding as JSON has it."""
    where = None if finding.place is None else finding.place.document()
    told = ("code", "level", "stage", "confidence", "where", "found", "effect", "checked", "explained_by")
    fix = None if finding.fix is None else _document_fix(finding.fix, source)
    return {**{name: getattr(finding, name) for name in told}, "place": where, "fix": fix}


def apply_fix(fix: Fix, source: Source) -> str | None:
    """The spec's text with a fix applied, or None where it cannot be told in this text."""
    try:
        return apply(source.text, fix.edits)
    except SpecError:
        return None


def _document_fix(fix: Fix, source: Source) -> dict[str, object]:
    after = apply_fix(fix, source)
    edits = [{"path": list(edit.path), "value": edit.value, "kind": edit.kind} for edit in fix.edits]
    return {"edits": edits, "diff": None if after is None else diff(source.text, after, source.name)}
