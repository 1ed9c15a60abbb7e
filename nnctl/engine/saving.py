"""`model.keras`: written so that plain Keras, without nnctl, loads it and takes what the source holds."""

from pathlib import Path

import keras

from nnctl.engine import build
from nnctl.errors import Problem, RunError
from nnctl.files import replacing
from nnctl.spec.sections import Spec


def save(model: keras.Sequential, spec: Spec, path: Path) -> None:
    """Writes the model atomically, with its scaling inside, compiled with Keras's own loss and optimizer.

    The optimizer's state is left out: the file is for using the network, and half its size.

    Args:
        model: the trained model.
        spec: the spec that it was built from.
        path: where to; ends in `.keras`.

    Raises:
        OSError: the file cannot be written; what was there stays.
    """
    plain = keras.Sequential(
        [keras.Input(model.input_shape[1:], dtype=model.inputs[0].dtype, name="input"), *model.layers]
    )
    plain.compile(optimizer=build.built(spec.train.optimizer), loss=build.built(spec.train.loss))
    with replacing(path) as beside:
        plain.save(beside)


def load(path: Path) -> keras.Sequential:
    """The model in a file.

    Raises:
        RunError: the file is missing, damaged, or not a model that Keras takes in its safe mode.
    """
    if not path.is_file():
        hint = "no epoch of this run ended; train it again" if (path.parent / "run.json").is_file() else None
        raise RunError(Problem("no-model", f"there is no {path}", hint=hint))
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # whatever Keras raises, it is about this file
        raise RunError(Problem("bad-model", f"{path} is damaged or not a Keras model: {_first_line(error)}")) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
