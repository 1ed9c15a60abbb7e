"""`train.init_from`: the file that weights are taken from, found and looked at before anything of it is read."""

from pathlib import Path

from nnctl.errors import Place, Problem, RunError
from nnctl.files.formats import BEGIN, ZIP, name_weights_format
from nnctl.files.opening import open_regular
from nnctl.runs.directory import RunDirectory

_HINT = "expected the path of a run or of a .keras file, relative to the spec's"


def find_weights(path: Path, place: Place | None) -> Path:
    """The model's file: of a run its `model.keras`.

    Args:
        path: a run or a file.
        place: where the spec names it.

    Raises:
        RunError: there is nothing of that path, a run whose links lead out of it, or a file of another kind, as a pickle is.
    """
    if path.is_dir():
        RunDirectory(path).confine()
        return path / "model.keras"
    if not path.exists():
        raise RunError(Problem("no-model", f"there is no {path}", place, _HINT))
    try:
        with open_regular(path) as content:
            begin = content.read(BEGIN)
    except OSError as error:
        raise RunError(Problem("bad-model", f"{path} cannot be read: {error.strerror or error}", place)) from None
    found = name_weights_format(begin)
    if found is not None or not begin.startswith(ZIP):
        hint = "weights are taken from a run of nnctl's or from a .keras file; a pickle would run any code it holds"
        raise RunError(
            Problem("bad-model", f"{path} is {found or 'no zip archive'}, expected a .keras file", place, hint)
        )
    return path
