"""The spec of a run, read as its training took it, where later versions of nnctl may take it for something else."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nnctl import bounds
from nnctl.errors import NnctlError, Problem, RunError, SpecError
from nnctl.files import read_bytes
from nnctl.runs.directory import RunDirectory
from nnctl.runs.manifest import Manifest
from nnctl.spec import load_spec
from nnctl.spec.load import Peek
from nnctl.spec.network.watched import rises
from nnctl.spec.sections import Data, DataFacts, Spec
from nnctl.spec.text.overrides import Override

Say = Callable[[str, float | None], None]
"""Told a sentence, as `nnctl.data.source.Report` is."""


def load_trained(
    run: RunDirectory, overriding: Iterable[Override] = (), peek: Peek | None = None, said: Say = lambda *_: None
) -> Spec:
    """The resolved spec of a run, which goes on with what has become a mistake since it was trained.

    A run may be somebody else's, so that its spec has no base: without `peek` nothing outside of the run is read.

    Args:
        run: the run.
        overriding: flags and their texts, as `load_spec` takes them.
        peek: tells what is known of the data without loading them, as `load_spec` takes it.
        said: told which files the run has its reader read, before `peek` reads them.

    Raises:
        SpecError: it is damaged, or its data are gone.
        RunError: it is not there, or it or the manifest cannot be read.
    """
    manifest = run.manifest

    def look(data: Data) -> DataFacts:
        assert peek is not None
        if named := ", ".join(map(str, list_outside(data))):
            said(f"the run names its data: reading {named}", None)
        return peek(_keep_data_meaning(data, manifest))

    spec = load_resolved(run, overriding, None if peek is None else look)
    return keep_meaning(spec if manifest.older is None else _mend_mode(spec, run), manifest)


def load_resolved(run: RunDirectory, overriding: Iterable[Override] = (), peek: Peek | None = None) -> Spec:
    """The resolved spec of a run as its file has it.

    Raises:
        SpecError: it is damaged, or its data are gone.
        RunError: it is not there, or it cannot be read.
    """
    try:
        return load_spec(run.resolved, overriding, peek, trained=True, alone=True)
    except SpecError as error:
        if error.problems[0].code != "unreadable-file":
            raise
        again = f", or train it again: `nnctl train {run.spec}`" if run.spec.is_file() else ""
        hint = f"the run cannot be used without it: put it back from a copy of the run{again}"
        raise RunError(Problem("bad-run", error.problems[0].message, hint=hint)) from None


def list_outside(data: Data) -> list[Path]:
    """What is read because a run names it, and not its user: files and folders."""
    return [each for each in dict.fromkeys((data.path, data.validation, data.test)) if isinstance(each, Path)]


def _mend_mode(spec: Spec, run: RunDirectory) -> Spec:
    """The spec of an older run with the direction of its monitor left open where the user's spec leaves it open.

    Version 0.1.0 wrote `mode: min` into the resolved spec for a metric that has a name of its own, whatever it measures.
    """
    if spec.train.monitor is None or spec.train.mode == ("max" if rises(spec.train, spec.train.monitor) else "min"):
        return spec
    try:
        written = load_spec(run.spec, [(flag, text) for flag, text in run.manifest.overrides], trained=True, alone=True)
    except NnctlError:  # what it was based on is gone
        return spec
    return spec if written.train.mode != "auto" else replace(spec, train=replace(spec.train, mode="auto"))


def load_written(run: RunDirectory, said: Say = lambda *_: None) -> Spec | None:
    """The spec of a run as its user wrote it, with the flags that it was trained with, for the lines that it stands on.

    It is the user's file where that still is what the run was trained with, else the run's copy; None where neither can be read,
    as a copy cannot that has a `base`.

    Args:
        run: the run.
        said: told which file outside of the run is read for it.

    Raises:
        RunError: the manifest cannot be read.
    """
    manifest = run.manifest
    overriding = [(flag, text) for flag, text in manifest.overrides]
    for path in _find_users_file(run, Path(manifest.spec), said):
        with suppress(NnctlError):
            return load_spec(path, overriding, trained=True)
    with suppress(NnctlError):
        return load_spec(run.spec, overriding, trained=True, alone=True)
    return None


def _find_users_file(run: RunDirectory, path: Path, said: Say) -> Iterator[Path]:
    """The user's own file of a run's spec, if it is there and still the same; it is not opened if it cannot be."""
    try:
        if not path.is_file() or path.stat().st_size != run.spec.stat().st_size:
            return
        said(f"the run names its user's spec: reading {path}", None)
        if read_bytes(run.spec, bounds.SPEC) == read_bytes(path.resolve(), bounds.SPEC):
            yield path
    except (OSError, ValueError):
        return


def keep_meaning(spec: Spec, manifest: Manifest) -> Spec:
    """The spec of a run with its data read, scaled and labelled as its training did.

    Shares of classes were numbers to predict up to version 0.1.0, and whole numbers were classes to a loss for numbers: a run
    that was trained so goes on being cut, scored and told of so.

    Args:
        spec: the run's resolved spec.
        manifest: the run's manifest.
    """
    return replace(spec, data=_keep_data_meaning(spec.data, manifest))


def _keep_data_meaning(data: Data, manifest: Manifest) -> Data:
    """The section, read as the training did: what its labels were taken for then, no loss overrules."""
    data, task = replace(data, older=manifest.reads_older is not None), manifest.data.get("task")
    if task == "regression":
        return replace(data, classes=False, probabilities=False)
    return data if task is None else replace(data, numbers=False)
