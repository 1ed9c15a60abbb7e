"""What a run's training took its labels for, which later versions of nnctl may take for something else."""

from dataclasses import replace

from nnctl.runs.manifest import Manifest
from nnctl.spec.sections import Spec


def keep_meaning(spec: Spec, manifest: Manifest) -> Spec:
    """The spec of a run with its labels taken as its training took them.

    Shares of classes were numbers to predict up to version 0.1.0: a run that was trained so goes on being cut, scored and
    told of so.

    Args:
        spec: the run's resolved spec.
        manifest: the run's manifest.
    """
    if manifest.data.get("task") != "regression":
        return spec
    return replace(spec, data=replace(spec.data, classes=False, probabilities=False))
