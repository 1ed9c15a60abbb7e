"""Processes that begin with what nnctl imports already imported: a fork instead of a start, which takes longer than most verbs.

    python -m tests.forks DESCRIPTOR WORD

is the process that they are forked from: `light`, without TensorFlow, which a fork may then be refused, or `heavy`, with it.
"""

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

from tests.torture.process import preload, quiet

ROOT = Path(__file__).parent.parent
_LIGHT = (
    "matplotlib.figure",
    "nnctl.cli.main",
    "nnctl.data.loading",
    "nnctl.diagnosis",
    "nnctl.topics",
    "sklearn.datasets",
)
_HEAD = 4  # bytes that tell the length of what follows


class Forks:
    """Makes processes; ends with its own.

    Args:
        word: `light` or `heavy`.
    """

    def __init__(self, word: str) -> None:
        self._channel, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tests.forks", str(theirs.fileno()), word]
        self._server = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()

    def close(self) -> None:
        """Ends it."""
        self._channel.close()
        self._server.wait()

    def start(
        self, arguments: Sequence[object], folder: Path, environment: Mapping[str, str], out: int, err: int,
        refused: Sequence[str] = (), code: str | None = None,
    ) -> "Forked":  # fmt: skip
        """Begins `nnctl ARGUMENTS`, or `python -c CODE ARGUMENTS`.

        Args:
            arguments: the command line.
            folder: where it runs.
            environment: all of its environment.
            out: the descriptor of the file or pipe that it prints to.
            err: that of what it reports to.
            refused: packages that it cannot import; none of them is imported yet.
            code: what runs instead of nnctl.
        """
        told = {"folder": str(folder), "environment": dict(environment), "refused": list(refused), "code": code}
        return Forked(self, self.ask({**told, "arguments": list(map(str, arguments))}, [out, err]))

    def run(
        self, arguments: Sequence[object], folder: Path, environment: Mapping[str, str], **more: Any
    ) -> subprocess.CompletedProcess[str]:
        """What `start` begins, run to its end."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            code = self.start(arguments, folder, environment, out.fileno(), err.fileno(), **more).wait()
            told = [file.read().decode("utf-8") for file in (out, err) if file.seek(0) == 0]
        return subprocess.CompletedProcess(list(map(str, arguments)), code, *told)

    def ask(self, request: dict[str, Any], files: Sequence[int] = ()) -> Any:
        """What the process says to a request."""
        _send(self._channel, request, files)
        return _receive(self._channel)[0]


class Forked:
    """A process that was begun.

    Attributes:
        pid: its id.
        returncode: its exit code, negative for a signal, or None while it runs or is not yet known to have ended.
        seconds: of all processors, that it had until it ended, without those of the system.
    """

    def __init__(self, forks: Forks, pid: int) -> None:
        self._forks, self.pid, self.seconds = forks, pid, 0.0
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self.returncode is None:
            self.returncode, self.seconds = self._forks.ask({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float = 300) -> int:
        """The exit code; TimeoutError if it still runs after so many seconds, and is then killed."""
        end, pause = time.monotonic() + timeout, 0.001
        while self.poll() is None:
            if time.monotonic() > end:
                self.kill()
                raise TimeoutError(f"process {self.pid} did not end")
            time.sleep(pause := min(2 * pause, 0.05))
        assert self.returncode is not None
        return self.returncode

    def kill(self) -> None:
        """Sends SIGKILL, if it still runs."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Sends a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)


class _Refusal(MetaPathFinder):
    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.split(".")[0] in self.names:
            raise ImportError(f"guarded: {name}")


def _send(channel: socket.socket, value: object, files: Sequence[int] = ()) -> None:
    content = json.dumps(value).encode()
    head = len(content).to_bytes(_HEAD, "big")
    socket.send_fds(channel, [head], files) if files else channel.sendall(head)
    channel.sendall(content)


def _receive(channel: socket.socket) -> tuple[Any, list[int]]:
    """A value, and the files that came with it; EOFError if the other end is closed."""
    head, files, *_ = socket.recv_fds(channel, _HEAD, 2)
    if not head:
        raise EOFError
    length, content = int.from_bytes(head, "big"), b""
    while len(content) < length:
        content += channel.recv(length - len(content))
    return json.loads(content), files


def _serve(channel: socket.socket) -> None:
    """Forks at each request, and tells who has ended, until the other end is closed."""
    while True:
        try:
            request, files = _receive(channel)
        except EOFError:
            return
        if "ended" in request:
            done, status, used = os.wait4(request["ended"], os.WNOHANG)
            _send(channel, [os.waitstatus_to_exitcode(status) if done else None, used.ru_utime])
            continue
        if (pid := os.fork()) == 0:
            channel.close()
            _become(request, *files)
        for file in files:
            os.close(file)
        _send(channel, pid)


def _become(request: dict[str, Any], out: int, err: int) -> None:
    """Turns this fork into what is asked for, and ends it."""
    code = 70
    try:
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        sys.argv = ["-c" if request["code"] else "nnctl", *request["arguments"]]
        assert not {*request["refused"]} & {*sys.modules}
        sys.meta_path.insert(0, _Refusal(request["refused"]))
        if request["code"]:
            exec(request["code"], {"__name__": "__main__"})
        else:
            _nnctl()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _nnctl() -> None:
    from nnctl.__main__ import main

    main()


def _load(word: str) -> None:
    """Imports what takes long, and starts no thread."""
    if word == "heavy":
        with quiet():
            preload()
    else:
        for name in _LIGHT:
            importlib.import_module(name)


if __name__ == "__main__":
    _load(sys.argv[2])
    _serve(socket.socket(fileno=int(sys.argv[1])))
    os._exit(0)  # to take apart what was imported takes a second
