"""`model.keras`: written so that plain Keras, without nnctl, loads it and takes what the source holds."""

from pathlib import Path

import keras

from nnctl.errors import Problem, RunError
from nnctl.files import replacing


def save(model: keras.Sequential, path: Path) -> None:
    """Writes the model atomically, with its scaling inside.

    It is not compiled: the file is for using the network, and without the optimizer's state it is half as large.

    Args:
        model: the trained model.
        path: where to; ends in `.keras`.

    Raises:
        OSError: the file cannot be written; what was there stays.
    """
    plain = keras.Sequential(
        [keras.Input(model.input_shape[1:], dtype=model.inputs[0].dtype, name="input"), *model.layers]
    )
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
