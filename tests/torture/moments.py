"""Moments of other kinds: other verbs, several seeds, a file system of layers, process ids that come again, hang-ups, clocks."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnctl.runs import RunDirectory, verify_run
from tests.torture.comparison import differences, final
from tests.torture.process import Process, at_stage, die, unshare_mounts
from tests.torture.space import leave_no_space

if TYPE_CHECKING:
    from tests.torture.__main__ import Torture

_FETCHED = os.urandom(1 << 21)
_VERBS = {
    "evaluate": ("evaluate", "latest", "--split", "validation"),
    "debug": ("debug", "latest"),
    "init": ("init", "mine", "--force"),
}


def kill_verbs(torture: "Torture", kind: str) -> None:
    """`evaluate`, `debug`, `init` and `data fetch` die in front of each change of the disk; the next one finds nothing of it."""
    whole, _ = torture.reference(kind)
    folder = torture.fresh(kind)
    assert Process(folder, "train", "spec.yaml").wait() == 0
    for verb, words in _VERBS.items():
        for stage in range(torture.dice.randrange(2), 200, 2):
            if torture.over() or Process(folder, *words, sabotage=at_stage(stage, die)).wait() != -signal.SIGKILL:
                break
            torture.done[f"SIGKILL in {verb}"] += 1
        if (code := Process(folder, *words).wait()) not in (0, 1):
            return torture.fault(folder, f"{verb} ended with {code}")
    with serve() as url:
        _kill_fetches(torture, folder, url)
    run = RunDirectory(next((folder / "runs").iterdir()))
    now = final(run)
    now["manifest"][-1].pop("validation", None)
    wrong = differences(whole, now)
    wrong += [f"{each.name}: {each.fault}" for each in verify_run(run) if each.fault]
    wrong += [str(path) for path in folder.rglob(".*-nnctl-*")] + [
        name for name in run.manifest.checksums if "/." in name
    ]
    return torture.fault(folder, f"verbs: {', '.join(wrong)}") if wrong else torture.tidy(folder)


def _kill_fetches(torture: "Torture", folder: Path, url: str) -> None:
    """Downloads are killed at random instants; one that is left alone brings the file and nothing else."""
    for _ in range(4):
        process = Process(folder, sabotage=lambda: _fetch(folder, url))
        if process.wait(torture.dice.uniform(0.02, 0.3)) is None:
            process.kill()
            process.wait()
            torture.done["SIGKILL in data fetch"] += 1
    code = Process(folder, sabotage=lambda: _fetch(folder, url)).wait()
    found = [path.name for path in (folder / "sets").iterdir()]
    if code != 0 or found != ["one.npz"] or (folder / "sets" / "one.npz").read_bytes() != _FETCHED:
        torture.fault(folder, f"data fetch ended with {code} and left {', '.join(found)}")


def _fetch(folder: Path, url: str) -> None:
    from nnctl.data.download import Remote, fetch_file

    os.environ.update(NNCTL_DATA_DIR=str(folder), NNCTL_DATA_URL=url)
    fetch_file(
        Remote("sets/one.npz", hashlib.sha256(_FETCHED).hexdigest(), len(_FETCHED)), lambda label, share: None, None
    )
    os._exit(0)


class _Slow(BaseHTTPRequestHandler):
    """A server that takes a fifth of a second."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(_FETCHED)))
        self.end_headers()
        for start in range(0, len(_FETCHED), len(_FETCHED) // 16):
            try:
                self.wfile.write(_FETCHED[start : start + len(_FETCHED) // 16])
            except OSError:  # whoever asked is dead
                return
            time.sleep(0.01)

    def log_message(self, *words: object) -> None:
        pass


@contextmanager
def serve() -> Iterator[str]:
    """A server in a process of its own; its address."""
    server = HTTPServer(("127.0.0.1", 0), _Slow)
    if (pid := os.fork()) == 0:
        server.serve_forever()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.server_close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def kill_seeds(torture: "Torture", kind: str) -> None:
    """`train --seeds 3` is killed at random instants, and resumed until it ends with the table of one that was not."""
    words = ("train", "spec.yaml", "--seeds", "3")
    whole = torture.fresh(kind)
    process = Process(whole, *words)
    assert process.wait() == 0, process.said
    seconds = time.monotonic() - process.begun
    folder = torture.fresh(kind)
    process = Process(folder, *words)
    for _ in range(6):
        if torture.over() or process.wait(torture.dice.uniform(0.05, 0.6) * seconds) is not None:
            break
        process.kill()
        process.wait()
        torture.done["SIGKILL among seeds"] += 1
        process = (
            Process(folder, "train", "--resume", "latest")
            if list(folder.glob("runs/*/run.json"))
            else Process(folder, *words)
        )
    if (code := process.wait()) != 0:
        return torture.fault(folder, f"seeds ended with {code}: {process.said[-300:]}")
    torture.done["sets of seeds compared"] += 1
    tables = [(each / "said.txt").read_text().rpartition("3 seeds")[2] for each in (whole, folder)]
    ends = [[final(run) for run in _list_by_seed(each)] for each in (whole, folder)]
    wrong = [f"{len(ends[1])} runs"] if len(ends[1]) != 3 else []
    wrong += [name for one, other in zip(*ends, strict=False) for name in differences(one, other)]
    wrong += ["the table"] if tables[0] != tables[1] else []
    if wrong:
        return torture.fault(folder, f"seeds: {', '.join(wrong)}")
    torture.tidy(whole)
    return torture.tidy(folder)


def _list_by_seed(folder: Path) -> list[RunDirectory]:
    runs = [RunDirectory(path.parent) for path in folder.glob("runs/*/run.json")]
    return sorted(runs, key=lambda run: run.manifest.seed)


def kill_on_layers(torture: "Torture", kind: str) -> None:
    """A run that lies in the lower layer of an overlay file system, as in an image of a container, is resumed and killed."""
    _, seconds = torture.reference(kind)
    folder = torture.fresh(kind)
    process = Process(folder, "train", "spec.yaml")
    while process.wait(0.3 * seconds) is None:
        if list(folder.glob("runs/*/checkpoint/ck-*")):
            process.kill()
    if not list(folder.glob("runs/*/run.json")):
        return torture.tidy(folder)
    if not _mount_layers(folder):
        torture.done["overlay: skipped, it cannot be mounted here"] += 1
        return torture.tidy(folder)
    for _ in range(3):
        sabotage = at_stage(torture.dice.randrange(60), die) if torture.dice.random() < 0.5 else lambda: None
        process = torture.start(folder, sabotage)
        if process.wait(torture.dice.uniform(0.1, 0.8) * seconds) is None:
            process.kill()
        torture.done["SIGKILL on an overlay"] += process.wait() == -signal.SIGKILL
    return torture.ends_well(folder, kind, torture.start(folder), "overlay")


def _mount_layers(folder: Path) -> bool:
    """Puts an overlay on the runs of a folder, which become its lower layer, in this process's own namespace of mounts."""
    if not unshare_mounts():
        return False
    (folder / "runs").rename(folder / "lower")
    for name in ("runs", "upper", "work"):
        (folder / name).mkdir()
    layers = ",".join(
        f"{key}={folder / name}" for key, name in (("lowerdir", "lower"), ("upperdir", "upper"), ("workdir", "work"))
    )
    command = ["mount", "-t", "overlay", "overlay", "-o", layers, str(folder / "runs")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def repeat_ids(torture: "Torture", kind: str) -> None:
    """Every process has the same id, as the first of each container has, and dies in a save beside what the last one left."""
    folder = torture.fresh(kind)
    for _ in range(5):
        stage = torture.dice.randrange(4, 80)
        code = torture.start(folder, lambda stage=stage: _take_id(at_stage(stage, die))).wait()  # type: ignore[misc]
        if code != -signal.SIGKILL:
            break
        torture.done["SIGKILL with the same process id"] += 1
    return torture.ends_well(folder, kind, torture.start(folder, lambda: _take_id(lambda: None)), "same id")


def _take_id(sabotage: Callable[[], None]) -> None:
    import threading

    os.getpid, threading.get_native_id = lambda: 1, lambda: 1
    sabotage()


def hang_up(torture: "Torture", kind: str) -> None:
    """The terminal is closed at a random instant; behind `nohup` training goes on, else it ends with 129."""
    _, seconds = torture.reference(kind)
    folder, spared = torture.fresh(kind), torture.dice.random() < 0.5
    terminal, other = os.openpty()
    process = Process(folder, "train", "spec.yaml", sabotage=lambda: _take_terminal(terminal, other, spared))
    os.close(other)
    # What it prints is read, or it would wait for whoever reads it.
    reader = _read_all(terminal, torture.dice.uniform(0.1, 1.1) * seconds)
    code = process.wait()
    torture.done["hang-up behind nohup" if spared else "hang-up"] += reader
    expected = (0,) if spared or not reader else (0, 128 + signal.SIGHUP, -signal.SIGHUP)
    if code not in expected:
        torture.fault(folder, f"a hang-up{' behind nohup' if spared else ''} ended it with {code}")
    return torture.ends_well(folder, kind, torture.start(folder), "hang-up")


def _take_terminal(terminal: int, other: int, spared: bool) -> None:
    os.close(terminal)
    os.setsid()
    fcntl.ioctl(other, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(other, number)
    os.close(other)
    if spared:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _read_all(terminal: int, seconds: float) -> bool:
    """Reads a terminal for so long, and closes it; False if whoever writes to it has ended before."""
    os.set_blocking(terminal, False)
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            try:
                if not os.read(terminal, 65536):
                    return False
            except BlockingIOError:
                time.sleep(0.005)
            except OSError:  # EIO: nobody has the other end open
                return False
        return True
    finally:
        os.close(terminal)


def turn_clocks(torture: "Torture", kind: str) -> None:
    """The time of day jumps by up to sixty years whenever it is read, while a training is killed and resumed."""
    _, seconds = torture.reference(kind)
    folder, seed = torture.fresh(kind), torture.dice.randrange(2**32)
    for _ in range(3):
        process = torture.start(folder, lambda: _jump(seed))
        if process.wait(torture.dice.uniform(0.1, 0.8) * seconds) is not None:
            break
        process.kill()
        process.wait()
        torture.done["SIGKILL while clocks jump"] += 1
    if list(folder.glob("runs/*/run.json")):
        listed = Process(folder, "runs", sabotage=lambda: _jump(seed))
        found = Process(folder, "train", "--resume", "latest", sabotage=lambda: _jump(seed))
        if listed.wait() != 0 or found.wait() != 0:
            torture.fault(folder, f"clocks: {found.said[-300:]}")
    return torture.ends_well(folder, kind, torture.start(folder, lambda: _jump(seed)), "clocks")


def _jump(seed: int) -> None:
    import random

    from nnctl.runs import clock

    dice = random.Random(seed + os.getpid())

    class Jumping(datetime):
        @classmethod
        def now(cls, zone: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + timedelta(days=dice.uniform(-20_000, 22_000))

    clock.datetime = Jumping  # type: ignore[misc]


MOMENTS: dict[str, Callable[["Torture", str], None]] = {
    "verbs": kill_verbs, "seeds": kill_seeds, "overlay": kill_on_layers, "ids": repeat_ids, "hangup": hang_up,
    "clocks": turn_clocks, "space": leave_no_space,
}  # fmt: skip
"""What is done to a run, by the name under which `--only` asks for it."""


def tidy(folder: Path) -> None:
    """Removes a folder, an overlay on its runs first."""
    if os.path.ismount(folder / "runs"):
        subprocess.run(["umount", "--lazy", str(folder / "runs")], check=False)
    shutil.rmtree(folder)
