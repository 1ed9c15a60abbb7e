"""`model.keras`: written so that plain Keras, without nnctl, loads it and takes what the source holds."""

from pathlib import Path

import keras

from nnctl.engine.network.rebuilding import rebuild
from nnctl.errors import Problem, RunError
from nnctl.files import replace_atomically
from nnctl.models import admit


def save(model: keras.Model, path: Path) -> None:
    """Writes the model atomically, with its scaling inside.

    It is not compiled: the file is for using the network, and without the optimizer's state it is half as large.

    Args:
        model: the trained model.
        path: where to; ends in `.keras`.

    Raises:
        OSError: the file cannot be written; what was there stays.
    """
    if isinstance(model, keras.Sequential):
        entry = keras.Input(model.input_shape[1:], dtype=model.inputs[0].dtype, name="input")
        plain = keras.Sequential([entry, *model.layers])
    else:
        plain = keras.Model(model.inputs[0], model.outputs[0])
    with replace_atomically(path) as beside:
        plain.save(beside)


def load(path: Path) -> keras.Model:
    """The model in a file, built anew from what passed nnctl's own gate; Keras is never handed the file.

    Raises:
        RunError: the file is missing, damaged, or holds what nnctl does not build.
    """
    if not path.exists():
        raise RunError(Problem("no-model", f"there is no {path}", hint=_explain_missing(path.parent)))
    return rebuild(admit(path))


def _explain_missing(folder: Path) -> str | None:
    """Why a run has no model. Version 0.1.0 left none, either, where the monitored number was finite in no epoch."""
    if not (folder / "run.json").is_file():
        return None
    if (folder / "metrics.csv").is_file():
        lost = "the training was broken off, or its monitored number was finite in no epoch"
        return f"{lost}; `nnctl train --resume` goes on with it, with `--epochs` if it is done"
    return "no epoch of this run has ended; `nnctl train --resume` goes on with one that was interrupted"
