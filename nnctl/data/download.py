"""Where the files of public data sets lie, and how they come from their servers if they lie nowhere.

They are looked up in `$NNCTL_DATA_DIR`, then in Keras's own cache (`$KERAS_HOME/datasets`, `~/.keras/datasets`). What
is in neither is downloaded into the first of them that is set. `$NNCTL_DATA_URL` names another server, and
`$NNCTL_DATA_TIMEOUT` another number of seconds.
"""

import hashlib
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnctl.data.source import Report
from nnctl.errors import DataError, Place, Problem
from nnctl.files import replace_atomically

# The server of `keras.datasets`, https://github.com/keras-team/keras/blob/v3.15.1/keras/src/datasets/mnist.py
SERVER = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
TIMEOUT = 5.0  # seconds without a connection, or without a byte
_PATIENCE = 6  # such times without a chunk
_CHUNK = 1 << 15  # bytes
_FIRST: ContextVar[Path | None] = ContextVar("first", default=None)


@dataclass(frozen=True, slots=True)
class Remote:
    """A file on a server, by default Keras's.

    Attributes:
        file: where it lies below a folder of data sets (`fashion-mnist/train-labels-idx1-ubyte.gz`); its last part is
            its name on the server.
        sha256: the digest of its bytes, in hex. It is held against downloads only: a file packed anew by somebody else
            has the same arrays and another digest.
        most: the bytes that it has at most; a server that sends more is not listened to any longer.
        server: the address of the folder that it lies in.
    """

    file: str
    sha256: str
    most: int
    server: str = SERVER

    @property
    def url(self) -> str:
        """Its address, on the server that `$NNCTL_DATA_URL` may name."""
        server = os.environ.get("NNCTL_DATA_URL") or self.server
        return f"{server.rstrip('/')}/{self.file.rpartition('/')[2]}"

    @property
    def shown(self) -> str:
        """Its address as outputs show it: without the name and the password that may stand in front of the server's."""
        return re.sub("//.*@", "//", self.url)


class UnreachableError(DataError):
    """A file is neither on disk nor can it be downloaded: what `data.offline` is for."""


def list_folders() -> list[Path]:
    """The folders of data sets in the order in which they are searched; downloads go to the first.

    There is none without `$NNCTL_DATA_DIR` for who has no home: a container's user of any number.
    """
    own = os.environ.get("NNCTL_DATA_DIR")
    folders = [Path(own).expanduser()] if own else []
    with suppress(RuntimeError):
        folders.append(Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets")
    return folders


@contextmanager
def search_first(folder: Path | None) -> Iterator[None]:
    """Has a folder searched before all others, in which nothing is ever put: where a run has found its data."""
    token = _FIRST.set(folder)
    try:
        yield
    finally:
        _FIRST.reset(token)


def find_kept(*files: str) -> Path | None:
    """What the first folder of data sets that has any of some files holds of them; what may not be looked at is not there."""
    first = _FIRST.get()
    folders = [*(() if first is None else (first,)), *list_folders()]
    return next((folder / file for folder in folders for file in files if is_there(folder / file)), None)


def is_there(path: Path) -> bool:
    """Whether there is such a file; what may not be looked at, as in somebody else's home folder, is not there for nnctl."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def fetch_file(remote: Remote, report: Report, place: Place | None, offline: str | None = None) -> Path:
    """The path of a file on this disk, downloaded if need be.

    Args:
        remote: the file.
        report: told of the download's progress.
        place: where errors are shown.
        offline: the source that the hint proposes instead.

    Raises:
        UnreachableError: it is not on disk, and the download failed or brought another file.
    """
    if (kept := find_kept(remote.file)) is not None:
        return kept
    folders = list_folders()
    if not folders:
        message = f"{remote.file} has no folder to be looked for in: there is no home folder"
        raise UnreachableError(Problem("download-failed", message, place, _suggest(remote.file, offline)))
    target = folders[0] / remote.file
    try:
        _download(remote, target, report)
    except (OSError, ValueError) as error:
        message = f"{target.name} is not on disk, and {remote.shown} cannot be had: {_describe_error(error)}"
        raise UnreachableError(Problem("download-failed", message, place, _suggest(target.name, offline))) from None
    return target


def _download(remote: Remote, target: Path, report: Report) -> None:
    """Downloads into a temporary file, compares its digest, and only then gives it its name."""
    import requests

    seconds, digest, done = _read_timeout(), hashlib.sha256(), 0
    with _Watch(_PATIENCE * seconds) as watch, replace_atomically(target) as beside, requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, _make_adapter(watch))
        with session.get(remote.url, timeout=seconds, stream=True) as response, beside.open("wb") as file:
            response.raise_for_status()
            length = response.headers.get("content-length", "")
            total = int(length) if length.isdecimal() else 0
            for chunk in response.iter_content(_CHUNK):
                watch.feed()
                done += len(chunk)
                if max(done, total) > remote.most:
                    raise ValueError(f"the server sends more than {remote.most:,} bytes, the most that it has")
                file.write(chunk)
                digest.update(chunk)
                report(target.name, min(1.0, done / total) if total else None)
        if digest.hexdigest() != remote.sha256:
            raise ValueError("the file has another checksum than the known one")


class _Watch:
    """Breaks connections off that bring no chunk for some time, whatever they bring: a read waits for the next byte only, and a
    server that sends one every few seconds, of its header or of the file, would be read for ever.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.slow = self.over = False
        self.fed = threading.Event()
        self.sockets: list[socket.socket] = []
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.wait, daemon=True)

    def __enter__(self) -> "_Watch":
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.over = True
        self.feed()
        self.thread.join()
        for each in self.sockets:
            each.close()
        if self.slow and kind is not None and issubclass(kind, Exception):  # whatever the end of a connection became
            raise ValueError(f"the server sends less than {_CHUNK:,} bytes in {self.seconds:g} s") from None

    def wait(self) -> None:
        while not self.over:
            if not self.fed.wait(self.seconds):
                with self.lock:
                    self.slow = True
                    for each in self.sockets:
                        _break_off(each)
                return
            self.fed.clear()

    def feed(self) -> None:
        self.fed.set()

    def keep(self, connection: socket.socket) -> None:
        """Watches a connection: a second handle of it, since encryption takes the first one away."""
        with self.lock:
            self.sockets.append(connection.dup())
            if self.slow:
                _break_off(connection)


def _break_off(connection: socket.socket) -> None:
    with suppress(OSError):  # the other side was first
        connection.shutdown(socket.SHUT_RDWR)


def _make_adapter(watch: _Watch) -> Any:
    """What opens connections for requests, each of them watched."""
    from requests.adapters import HTTPAdapter

    def watched(pool: Any) -> Any:
        class Connection(pool.ConnectionCls):  # type: ignore[misc]
            def _new_conn(self) -> socket.socket:
                made: socket.socket = super()._new_conn()
                watch.keep(made)
                return made

        return type(pool.__name__, (pool,), {"ConnectionCls": Connection})

    def watch_all(manager: Any) -> Any:
        manager.pool_classes_by_scheme = {key: watched(pool) for key, pool in manager.pool_classes_by_scheme.items()}
        return manager

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *given: Any, **named: Any) -> None:
            super().init_poolmanager(*given, **named)
            watch_all(self.poolmanager)

        def proxy_manager_for(self, *given: Any, **named: Any) -> Any:
            return watch_all(super().proxy_manager_for(*given, **named))

    return Adapter()


def _read_timeout() -> float:
    text = os.environ.get("NNCTL_DATA_TIMEOUT")
    try:
        seconds = float(text) if text else TIMEOUT
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 3600:
        raise ValueError(f"NNCTL_DATA_TIMEOUT is {text!r}, expected seconds")
    return seconds


def _describe_error(error: Exception) -> str:
    """A failed download in a few words: requests' own texts are a paragraph of nested exceptions."""
    from requests import exceptions

    if isinstance(error, exceptions.Timeout):
        return f"no answer within {_read_timeout():g} s"
    if isinstance(error, exceptions.HTTPError):
        return f"the server answers {error.response.status_code}" if error.response is not None else "no answer"
    if isinstance(error, exceptions.ChunkedEncodingError):
        return "the download broke off"
    if isinstance(error, exceptions.ConnectionError):
        return f"no answer within {_read_timeout():g} s" if "Read timed out" in str(error) else "no connection"
    if isinstance(error, exceptions.RequestException):
        return "not an address that can be downloaded from"
    if isinstance(error, OSError):
        return f"{error.filename} cannot be written: {error.strerror}"
    return str(error)


def _suggest(name: str, offline: str | None) -> str:
    ways = f"put {name} into a folder that $NNCTL_DATA_DIR names, or set `path:`"
    return f"{ways}, or set `offline: {offline}`" if offline else ways
