"""The spec of a run, read as its training took it, where later versions of nnctl may take it for something else."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from nnctl.runs.directory import RunDirectory
from nnctl.runs.manifest import Manifest
from nnctl.spec import load_spec
from nnctl.spec.load import Peek
from nnctl.spec.sections import Data, DataFacts, Spec
from nnctl.spec.text.overrides import Override


def load_trained(run: RunDirectory, overriding: Iterable[Override] = (), peek: Peek | None = None) -> Spec:
    """The resolved spec of a run, which goes on with what has become a mistake since it was trained.

    Args:
        run: the run.
        overriding: flags and their texts, as `load_spec` takes them.
        peek: tells what is known of the data without loading them, as `load_spec` takes it.

    Raises:
        SpecError: it is damaged, or its data are gone.
        RunError: the manifest cannot be read.
    """
    manifest = run.manifest
    look = None if peek is None else partial(_look, peek, manifest.reads_older is not None)
    return keep_meaning(load_spec(run.resolved, overriding, look, trained=True), manifest)


def _look(peek: Peek, older: bool, data: Data) -> DataFacts:
    """What is known of a run's data, read as its training did."""
    return peek(replace(data, older=older))


def keep_meaning(spec: Spec, manifest: Manifest) -> Spec:
    """The spec of a run with its data read, scaled and labelled as its training did.

    Shares of classes were numbers to predict up to version 0.1.0: a run that was trained so goes on being cut, scored and
    told of so.

    Args:
        spec: the run's resolved spec.
        manifest: the run's manifest.
    """
    data = replace(spec.data, older=manifest.reads_older is not None)
    if manifest.data.get("task") == "regression":
        data = replace(data, classes=False, probabilities=False)
    return replace(spec, data=data)
