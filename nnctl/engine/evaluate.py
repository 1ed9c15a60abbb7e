"""`nnctl evaluate`, without the terminal: a run's model on the data that it was trained with, or on others."""

import itertools
import re
import shlex
from dataclasses import replace
from pathlib import Path

from nnctl.data import Dataset, Report, find_data_reader, load, peek, read_scales
from nnctl.data.download import is_there, list_folders, search_first
from nnctl.data.sources import SOURCES
from nnctl.data.tables import columns
from nnctl.engine.alone import load_alone
from nnctl.engine.network import model_file
from nnctl.engine.network.indices import INDEX_HINT, IndexRange
from nnctl.engine.scoring import Evaluation, compile_model, evaluate
from nnctl.errors import DataError, Problem, SpecError, UsageError
from nnctl.plots.fonts import explain_letters
from nnctl.runs import Manifest, RunDirectory
from nnctl.runs.meaning import load_trained
from nnctl.spec import Spec
from nnctl.spelling import compose
from nnctl.version import __version__

SPLITS = ("test", "validation", "train")
_GONE = ("unreadable-data", "download-failed")  # codes of what is wrong with data that are not where they were
_LONGEST = 60  # letters of a folder, whose name has at most 255 bytes: four a letter


def revisit(run: RunDirectory, split: str, path: Path | None, report: Report) -> Evaluation:
    """Scores a run's best model on a split, and writes the result into the run.

    Args:
        run: the run.
        split: `test`, `validation` or `train`.
        path: a file to score on as a whole, read as the run's own source, or None for the run's data.
        report: told of what takes a while.

    Raises:
        UsageError: there is no such split.
        SpecError, DataError, RunError: the run's spec, data or model cannot be read, or the data are no longer those
            that the run was trained with.
    """
    if split not in SPLITS:
        hint = f"there are {', '.join(SPLITS)}"
        raise UsageError(Problem("unknown-split", f"no split is called {split!r}", hint=hint))
    if path is not None and split != "test":
        message = f"--data is scored as a whole, and --split {split} asks for a part of the run's own data"
        raise UsageError(Problem("contradiction", message, hint="leave one of them out"))
    run.confine()
    spec, dataset, alone = _load(run, path, report)
    if getattr(dataset, split) is None:
        had = [name for name in SPLITS if getattr(dataset, name) is not None]
        raise UsageError(Problem("no-split", f"the run has no {split} split", hint=f"it has {', '.join(had)}"))
    if told := explain_letters(dataset.names):
        report(told, None)
    for said in dataset.new.get(split, ()):
        report(said, None)
    if older := run.manifest.older:
        told = "its metrics.csv holds numbers as that version computed them, and these are"
        report(f"trained by nnctl {older}: {told} nnctl {__version__}'s, see the changelog", None)
    _check_indices(spec, dataset, split)
    model = model_file.load(run.model)
    label = None if path is None else choose_label(path, run.manifest)
    evaluation = evaluate(model, compile_model(model, spec, dataset), dataset, split, run, label, alone)
    if path is not None and label is not None:
        scored = {label: str(path.resolve())}
        run.revise(lambda manifest: {"scored": {**manifest.scored, **scored}})
    return evaluation


def _load(run: RunDirectory, path: Path | None, report: Report) -> tuple[Spec, Dataset, bool]:
    """The spec of a run, what is scored, and whether that is a file alone, without the data that the run was trained with.

    Raises:
        SpecError, DataError, RunError: they cannot be read, or the data are no longer those that the run was trained with.
    """
    if path is not None:
        spec = load_trained(run)
        if (dataset := load_alone(run, spec.data, path, report)) is not None:
            return spec, dataset, True
        report("the run has not kept all that its file needs: reading its data, too", None)
    with search_first(_find_folder(run, report)):
        try:
            spec = load_trained(run, peek=peek, said=report)
            if path is not None:
                spec = replace(spec, data=replace(spec.data, test=path, subset=None))
            learned = columns.read_columns(run.columns)
            dataset = replace(load(spec.data, report, learned), scales=read_scales(run.scaling))
        except (SpecError, DataError) as error:
            raise type(error)(*(_name_file(problem, run) for problem in error.problems)) from None
    if path is None:
        refuse_other_data(run, dataset, "name a file with `--data PATH`")
    return spec, dataset, False


def refuse_other_data(run: RunDirectory, dataset: Dataset, otherwise: str) -> None:
    """Refuses data that are not those that a run was trained with.

    Args:
        run: the run.
        dataset: what its spec reads now.
        otherwise: what else to do than to put the old data back.

    Raises:
        DataError: their fingerprint differs.
        RunError: the manifest cannot be read.
    """
    if dataset.fingerprint != run.manifest.data.get("fingerprint"):
        message = f"{dataset.origin} is not what the run was trained with: its fingerprint differs"
        raise DataError(Problem("data-changed", message, hint=f"put the old data back, or {otherwise}"))


def _find_folder(run: RunDirectory, report: Report) -> Path | None:
    """The folder of data sets that the run found its data in, if they are there and not where they are looked for anyway."""
    told = run.manifest.data
    source, origin = SOURCES.get(str(told.get("source"))), Path(str(told.get("origin")))
    names = () if source is None else (*source.files, *source.kept)
    if not names or not origin.is_absolute():
        return None
    found = next(
        (folder for folder in (origin, *origin.parents) if any(is_there(folder / name) for name in names)), None
    )
    if found is None or found in list_folders():
        return None
    report(f"the run names its data: looking in {found} first", None)
    return found


def _name_file(problem: Problem, run: RunDirectory) -> Problem:
    """A problem of data that are gone with what can be scored all the same."""
    if problem.code not in _GONE:
        return problem
    hint = f"where the file is now: `nnctl evaluate {shlex.quote(str(run.path))} --data FILE`"
    return replace(problem, hint=hint if problem.hint is None else f"{problem.hint}; or say {hint}")


def _check_indices(spec: Spec, dataset: Dataset, split: str) -> None:
    """Checks that a layer which reads indices holds those of a split.

    Raises:
        DataError: it does not.
    """
    reader, x = find_data_reader(spec.data, dataset, spec.layers), getattr(dataset, split).x
    if reader is None or reader.masks:
        return
    if problem := IndexRange(reader, x.shape[1:], x.dtype).find_problem([x], f"the examples of {split}"):
        raise DataError(replace(problem, place=None, hint=INDEX_HINT))


def choose_label(path: Path, manifest: Manifest) -> str:
    """What scores on a file of the user's are called: the file's name, in any script, with a number where another has it.

    A split of the run keeps its name, and so does each file that was scored before: one file, one folder of results.

    Args:
        path: the file.
        manifest: of the run.
    """
    for label, file in manifest.scored.items():
        if file == str(path.resolve()) and re.fullmatch(r"\w[\w.-]*", label):  # a run of others may say anything
            return label
    name = re.sub(r"[^\w.-]+", "-", compose(path.stem)).strip("-._")[:_LONGEST] or "data"
    name = f"{name}-data" if name.casefold() in SPLITS else name
    taken = {label.casefold() for label in (*manifest.scores, *manifest.scored)}  # some file systems tell no case apart
    numbered = (name if count == 1 else f"{name}-{count}" for count in itertools.count(1))
    return next(label for label in numbered if label.casefold() not in taken)
