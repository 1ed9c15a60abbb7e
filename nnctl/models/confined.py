"""The process that reads weights: how it is started, fed and heard, and what its end says."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from nnctl.errors import Problem, RunError
from nnctl.models.graph import damage

MARK = b"reads"  # what the process says first: it has started, and bounded itself
_PROGRAM = Path(__file__).with_name("reader.py")
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # without these Python itself may not start
# Threads for products that are never taken would cost 10 ms; "::" keeps HDF5 from loading plugins (H5PLset_loading_state).
_GIVEN = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "HDF5_PLUGIN_PRELOAD": "::"}
_SECONDS, _BYTES_A_SECOND, _MOST_SECONDS = 5, 2 * 2**20, 60  # 50,000 arrays take 18 MB, and 6 s to read
_STARTING = 60  # seconds: from a slow disk, on a machine with other work


class ReaderProcess:
    """A process that reads one file of weights, of which nothing is left when the block ends.

    It is nnctl's own program under the Python that runs nnctl, isolated (`python -I`): it stands in `/`, imports from where
    nnctl does and from nowhere else, has an environment of its own and no terminal. It bounds itself before it is given
    anything (see `reader`), and is killed if it lives longer than its processor time explains. There is no way around it,
    not for runs of one's own either: it takes a tenth of a second, and `predict` four.

    Args:
        size: of the file, in bytes.

    Raises:
        RunError: it cannot be started, which says nothing of the file.
    """

    def __init__(self, size: int) -> None:
        self.seconds = min(_MOST_SECONDS, _SECONDS + size // _BYTES_A_SECOND)
        self.late = False
        try:
            self._process = subprocess.Popen(
                _make_command(size, self.seconds),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={**_GIVEN, **{name: os.environ[name] for name in _KEPT if name in os.environ}},
                start_new_session=True,  # Ctrl-C is meant for nnctl, which ends this process
            )
        except OSError as error:
            raise _explain_start(f"it cannot be started: {error.strerror or error}") from None
        self._watch = threading.Timer(_STARTING + 4 * self.seconds, self._kill)
        self._watch.daemon = True

    def __enter__(self) -> Self:
        """Begins to count its time."""
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Ends the process, whatever it does."""
        self._watch.cancel()
        self._process.kill()
        self._stdout.close()
        self._close_stdin()
        self._process.wait()

    def give(self, content: bytes) -> None:
        """Hands over the file. That the process has ended meanwhile is told when its answer is read.

        Raises:
            RunError: it does not come so far as to be given anything.
        """
        if self._stdout.read(len(MARK)) != MARK:
            raise _explain_start(f"before it was given anything, it {self._name_end()}")
        with contextlib.suppress(BrokenPipeError):
            self._stdin.write(content)
        self._close_stdin()

    def take(self, count: int) -> bytearray:
        """The next bytes of its answer.

        Raises:
            RunError: it has ended without them.
        """
        taken = bytearray(count)
        room = memoryview(taken)
        while room:
            got = self._stdout.readinto(room)  # type: ignore[attr-defined]
            if not got:
                raise damage(self._explain_end())
            room = room[got:]
        return taken

    def _explain_end(self) -> str:
        """What is wrong with a file that the process has not survived."""
        end = self._name_end()
        if self.late or end == "was ended by SIGXCPU":
            return f"its weights take more than {self.seconds} s to read"
        return f"its weights cannot be read: the process that reads them {end}"

    def _name_end(self) -> str:
        try:
            code = self._process.wait(_STARTING)
        except subprocess.TimeoutExpired:
            return "does not answer"
        try:
            return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        except ValueError:
            return f"was ended by signal {-code}"

    def _kill(self) -> None:
        self.late = True
        self._process.kill()

    def _close_stdin(self) -> None:
        with contextlib.suppress(BrokenPipeError):  # of what was left to be written
            self._stdin.close()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout


def _explain_start(reason: str) -> RunError:
    """The error where the process does not come to be; `admit` puts the file's name in front."""
    message = f"was not looked at, for want of the process that reads weights: {reason}"
    hint = f"{sys.executable} must run, and `ulimit -u`, `ulimit -n` and the memory leave room for one more process"
    return RunError(Problem("no-reader", message, hint=hint))


def _make_command(size: int, seconds: int) -> list[str]:
    unwritten = ["-B"] if sys.dont_write_bytecode else []
    found = [importlib.util.find_spec(name) for name in ("numpy", "h5py")]
    places = {str(Path(each.origin).parents[1]) for each in found if each is not None and each.origin}
    return [sys.executable, "-I", *unwritten, str(_PROGRAM), str(size), str(seconds), *sorted(places)]
