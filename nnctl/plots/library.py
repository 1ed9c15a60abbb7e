"""matplotlib, loaded without a word, and without settings but its own.

It looks for settings in the present folder first, whoever's that is: a pipe there has no end, bytes that are no UTF-8 end the
import, and what it does not understand of them it prints. It keeps its list of fonts at home, and tells of a home that cannot be
written to; to make that list it starts `fc-list`, whatever program of this name lies first in the folders of PATH. None of it
changes a picture: `nnctl.plots.style` sets every setting anew.
"""

import errno
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from nnctl.data.arrays.cache import find_cache

_SETTINGS = "matplotlibrc"
_MEMORY = Path("/dev/shm")  # Linux: files in memory, also where all of a container is read-only


@cache
def load_matplotlib() -> ModuleType:
    """The package; `font_manager`, `figure` and `colors` are imported with it.

    In a program of somebody else's, such as a notebook, it is imported as everybody imports it, whose own pictures it draws.

    Raises:
        OSError: no folder can be written to for as long as it is imported.
    """
    with ExitStack() as stack:
        if "matplotlib" not in sys.modules and "nnctl.cli.main" in sys.modules:
            stack.enter_context(_hide_surroundings(stack.enter_context(_open_place())))
        import matplotlib.colors
        import matplotlib.figure
        import matplotlib.font_manager
        import matplotlib.style  # it looks for the user's styles, where nobody has hidden them
    return matplotlib


def hide_programs() -> AbstractContextManager[None]:
    """Lets no program be found by its name in the block: below a file none lies."""
    return _set_variables(PATH=os.devnull)


@contextmanager
def _open_place() -> Iterator[str]:
    """A folder for the list of fonts: one that is kept, or, where none can be written to, one that the block ends with."""
    with ExitStack() as stack:
        yield _find_kept() or stack.enter_context(_make_temporary())


def _find_kept() -> str | None:
    asked = os.environ.get("MPLCONFIGDIR")
    with suppress(OSError, RuntimeError):  # RuntimeError: nobody knows where the home is
        folder = Path(asked) if asked else find_cache() / "matplotlib"
        folder.mkdir(parents=True, exist_ok=True)
        return str(folder.resolve()) if os.access(folder, os.W_OK) else None
    return None


def _make_temporary() -> tempfile.TemporaryDirectory[str]:
    for folder in (None, _MEMORY):
        with suppress(OSError):
            return tempfile.TemporaryDirectory(prefix="nnctl-", dir=folder)
    raise OSError(errno.EROFS, "no folder for temporary files can be written to: $TMPDIR names one", tempfile.tempdir)


@contextmanager
def _hide_surroundings(place: str) -> Iterator[None]:
    """Leaves matplotlib alone with its own settings and a folder in the block, and keeps it quiet."""
    found = find_spec("matplotlib")
    own = "" if found is None or found.origin is None else str(Path(found.origin).parent / "mpl-data" / _SETTINGS)
    log, exists = logging.getLogger("matplotlib"), os.path.exists
    level = log.level
    log.setLevel(logging.ERROR)
    # Of all places the present folder comes first, and no variable says otherwise.
    os.path.exists = lambda path: path != _SETTINGS and exists(path)
    try:
        with _set_variables(MPLCONFIGDIR=place, MATPLOTLIBRC=own, MPLBACKEND="agg"), hide_programs():
            yield
    finally:
        os.path.exists = exists
        log.setLevel(level)


@contextmanager
def _set_variables(**given: str) -> Iterator[None]:
    kept = {name: os.environ.pop(name, None) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
