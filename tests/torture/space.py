"""Folders that are read-only, and file systems that are full: what each verb says of them, and what becomes of the run."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.torture.process import Process, unshare_mounts

if TYPE_CHECKING:
    from tests.torture.__main__ import Torture

_VERBS = (
    ("train", "spec.yaml"), ("train", "spec.yaml", "--seeds", "2"), ("evaluate", "latest", "--split", "validation"),
    ("predict", "latest", "one.csv"), ("debug", "spec.yaml", "--lr"), ("init", "mine"), ("schema", "--write", "."),
    ("data", "show", "spec.yaml", "--out", "sheet.png"), ("runs",),
)  # fmt: skip


def leave_no_space(torture: "Torture", kind: str) -> None:
    """Each verb in a folder that cannot be written to, or soon is full: an answer, or exit 2 and what is missing."""
    folder = torture.fresh(kind)
    assert Process(folder, "train", "spec.yaml").wait() == 0
    (folder / "one.csv").write_text(",".join(["1"] * 64) + "\n")
    for words in _VERBS:
        free = torture.dice.choice((None, 0, 30, 100))
        if torture.over():
            break
        copy = torture.fresh(kind)
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        (copy / "said.txt").unlink()
        if not unshare_mounts(try_only=True):
            torture.done["no space: skipped, nothing can be mounted here"] += 1
            break
        process = Process(copy, *words, sabotage=_make_full(copy, free))
        code, name = process.wait(), " ".join(words)
        torture.done["no space" if free is not None else "read-only"] += 1
        if code not in (0, 1, 2) or "Traceback" in process.said or (code == 2 and ": " not in process.said):
            torture.fault(copy, f"{name} with {free} KiB left ended with {code}")
        else:
            torture.tidy(copy)
    return torture.tidy(folder)


def _make_full(folder: Path, free: int | None) -> Callable[[], None]:
    """What puts a file system of its own in a folder's place, in a new process: with `free` KiB left, or read-only."""

    def mount(*words: str) -> None:
        subprocess.run(["mount", *words], check=True)

    def sabotage() -> None:
        assert unshare_mounts()
        os.chdir(os.sep)
        if free is None:
            mount("--bind", str(folder), str(folder))
            mount("-o", "remount,bind,ro", str(folder))
        else:
            kept = folder.with_name(f"{folder.name}-kept")
            shutil.copytree(folder, kept)
            mount("-t", "tmpfs", "tmpfs", str(folder))
            shutil.copytree(kept, folder, dirs_exist_ok=True)
            shutil.rmtree(kept)
            used = os.statvfs(folder)
            size = (used.f_blocks - used.f_bfree) * used.f_frsize // 1024 + free
            mount("-o", f"remount,size={size}k", str(folder))
        os.chdir(folder)

    return sabotage
