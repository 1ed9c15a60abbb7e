"""`make torture`: runs are killed, starved and damaged at random; each must end with the bits of one that was left alone.

    python -m tests.torture [--kills N] [--minutes M] [--seed N] [--keep FOLDER] [--only MOMENT ...]

`--only` takes one kind of moment alone, or several, over and over for M minutes: kills, signals, saves, twice, files, verbs,
seeds, overlay, ids, hangup, clocks, space. Without it, it ends when N SIGKILLs at random instants are done and every other
torture has had its turn, or after M minutes. Exit code 0 if nothing differed, else 1.
"""

import argparse
import errno
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from nnctl.runs import RunDirectory, verify_run
from tests.torture.comparison import differences, final
from tests.torture.kinds import KINDS, spec_of
from tests.torture.moments import MOMENTS, tidy
from tests.torture.process import Process, at_stage, die, preload, quiet

USUAL = ("kills", "signals", "saves", "twice", "files")
HARMS = ("deleted", "truncated", "flipped")


class Torture:
    """One worker's share of the tortures.

    Args:
        folder: where its runs lie.
        seed: what its dice are thrown with.
        deadline: `time.monotonic()` when it must end.
    """

    def __init__(self, folder: Path, seed: int, deadline: float) -> None:
        self.folder, self.dice, self.deadline = folder, random.Random(seed), deadline
        self.done: Counter[str] = Counter()
        self.faults: list[str] = []
        self.tidy, self.start = tidy, start
        self.whole: dict[str, tuple[dict[str, object], float]] = {}

    def over(self) -> bool:
        return time.monotonic() > self.deadline

    def reference(self, kind: str) -> tuple[dict[str, object], float]:
        """The final state of a run that is left alone, and the seconds that it takes."""
        if kind not in self.whole:
            folder = self.fresh(kind)
            process = Process(folder, "train", "spec.yaml")
            assert process.wait() == 0, process.said
            self.whole[kind] = final(only(folder)), time.monotonic() - process.begun
        return self.whole[kind]

    def fresh(self, kind: str) -> Path:
        """A folder with a spec and no run."""
        folder = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=self.folder))
        (folder / "spec.yaml").write_text(spec_of(kind))
        return folder

    def kill_at_random(self, kind: str) -> None:
        """SIGKILL at a random instant, then while it is resumed, and again, until the dice let one come to its end."""
        _, seconds = self.reference(kind)
        folder = self.fresh(kind)
        process = start(folder)
        # What is left to do shrinks from resume to resume, and so does what a kill can hit.
        while not self.over() and self.dice.random() < 0.85:
            if process.wait(self.dice.uniform(0.1, 0.8) * seconds) is not None:
                break
            process.kill()
            process.wait()
            self.done["SIGKILL at a random instant"] += 1
            process = start(folder)
        self.ends_well(folder, kind, process, "SIGKILL")

    def signal_at_random(self, kind: str) -> None:
        """SIGINT or SIGTERM at a random instant, with a second one close behind every other time."""
        _, seconds = self.reference(kind)
        folder, number = self.fresh(kind), self.dice.choice((signal.SIGINT, signal.SIGTERM))
        process = start(folder)
        if process.wait(self.dice.uniform(0.1, 1.1) * seconds) is None:
            process.kill(number)
            if self.dice.random() < 0.5 and process.wait(self.dice.uniform(0, 0.1)) is None:
                process.kill(number)
            code = process.wait()
            self.done[number.name] += 1
            if code not in (0, 128 + number, -number):
                self.fault(folder, f"{number.name} ended it with {code}")
            process = start(folder)
        self.ends_well(folder, kind, process, number.name)

    def sabotage(self, kind: str, stage: int, act: Callable[[], None], name: str) -> bool:
        """Something happens in front of the n-th change of the disk; False if there are not so many."""
        folder = self.fresh(kind)
        if self.dice.random() < 0.4:  # it happens in a resume instead
            Process(folder, "train", "spec.yaml", sabotage=at_stage(self.dice.randrange(20, 60), die)).wait()
        code = start(folder, at_stage(stage, act)).wait()
        if code == 0:
            shutil.rmtree(folder)
            return False
        self.done[name] += 1
        if name != "SIGKILL in a save" and code != 2:
            self.fault(folder, f"{name} ended it with {code}")
        self.ends_well(folder, kind, start(folder), name)
        return True

    def damage_each_file(self, kind: str) -> None:
        """Each file of an interrupted run is deleted, truncated and flipped in turn: named, or of no consequence."""
        _, seconds = self.reference(kind)
        folder = self.fresh(kind)
        process = start(folder)
        while process.wait(seconds * self.dice.uniform(0.02, 0.1)) is None:
            if runs(folder) and len(list(only(folder).checkpoints.glob("ck-*"))) >= 2:
                process.kill()
        if not runs(folder):
            return
        path = only(folder).path
        for file in sorted(each.relative_to(path) for each in path.rglob("*") if each.is_file()):
            for harm in HARMS if not self.over() else ():
                copy = self.fresh(kind)
                shutil.copytree(path, copy / "runs" / path.name)
                harmed(copy / "runs" / path.name / file, harm, self.dice)
                self.refused_or_equal(copy, kind, file.as_posix(), harm)

    def refused_or_equal(self, folder: Path, kind: str, file: str, harm: str) -> None:
        """A damaged run is resumed to the same bits, or refused in a few lines, and is then as it was."""
        process = Process(folder, "train", "--resume", next((folder / "runs").iterdir()).relative_to(folder).as_posix())
        code = process.wait()
        self.done["file damaged"] += 1
        if code == 2 and "Traceback" not in process.said:
            self.done["of these, refused in so many words"] += 1
            return shutil.rmtree(folder)
        return self.ends_well(folder, kind, process, f"{file} {harm}", code, file)

    def two_at_once(self, kind: str) -> None:
        """Of two processes that resume one run exactly one wins."""
        _, seconds = self.reference(kind)
        folder = self.fresh(kind)
        process = start(folder)
        while process.wait(seconds * 0.05) is None:
            if runs(folder):
                process.kill()
        both = [start(folder), start(folder)]
        codes = [each.wait() for each in both]
        self.done["two resumes at once"] += 1
        # A loser that comes when the winner is done finds a finished run, which is an answer, too.
        if sorted(map(str, codes)) != ["0", "2"] and "is finished" not in both[0].said:
            self.fault(folder, f"two resumes ended with {codes}")
        self.ends_well(folder, kind, start(folder), "two at once")

    def ends_well(
        self, folder: Path, kind: str, process: Process, what: str, code: int | None = None, damaged: str = ""
    ) -> None:
        """The run comes to its end, differs in nothing, and verifies, but for a file that was damaged on purpose."""
        code = process.wait() if code is None else code
        for _ in range(3):
            if code == 0:
                break
            code = start(folder).wait()
            self.done["resumes"] += 1
        if code != 0:
            return self.fault(folder, f"{what}: ended with {code}")
        self.done["runs compared"] += 1
        run = only(folder)
        wrong = differences(self.reference(kind)[0], final(run))
        # A flipped bit of run.json may be one of a checksum that stands in it.
        named = () if damaged == "run.json" else (each for each in verify_run(run) if each.name != damaged)
        wrong += [f"{each.name}: {each.fault}" for each in named if each.fault]
        return self.fault(folder, f"{what}: {', '.join(wrong)}") if wrong else tidy(folder)

    def fault(self, folder: Path, text: str) -> None:
        self.faults.append(f"{folder.name}: {text}")
        print(f"FAULT {folder}: {text}", flush=True)


def start(folder: Path, sabotage: Callable[[], None] = lambda: None) -> Process:
    """Resumes the folder's run, or trains where there is none yet."""
    if found := runs(folder):
        return Process(folder, "train", "--resume", f"runs/{found[-1].name}", sabotage=sabotage)
    return Process(folder, "train", "spec.yaml", sabotage=sabotage)


def runs(folder: Path) -> list[Path]:
    """The runs that have begun: those with a manifest."""
    return sorted(path.parent for path in folder.glob("runs/*/run.json"))


def only(folder: Path) -> RunDirectory:
    return RunDirectory(runs(folder)[-1])


def harmed(path: Path, harm: str, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    if harm == "deleted":
        path.unlink()
    elif harm == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif content:
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        path.write_bytes(content)


def starve() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/full/disk")


def work(torture: Torture, kills: int, kinds: list[str], first: int) -> None:
    """One worker's turn: kills at random, and beside them each of the other tortures twice for each kind; files come last."""
    stage, rounds, others = first, 2 * len(kinds), list(MOMENTS.values())
    for round_ in range(10_000):
        kind, enough = kinds[round_ % len(kinds)], torture.done["SIGKILL at a random instant"] >= kills
        if torture.over() or (enough and round_ >= rounds):
            break
        for _ in range(0 if enough else 3):
            torture.kill_at_random(kind)
        if round_ < rounds:
            torture.signal_at_random(kind)
            stage = sabotage_saves(torture, kind, stage, first)
        if round_ % 4 == 1 and not torture.over():
            torture.two_at_once(kind)
        if not torture.over():
            others[(round_ + 3 * first) % len(others)](torture, kind)
        tell(torture, first, round_)
    if not torture.over():
        torture.damage_each_file(kinds[first])


def work_only(torture: Torture, asked: list[str], kinds: list[str], first: int) -> None:
    """One worker's turn at some kinds of moments, over and over."""
    stage = first
    for round_ in range(10_000):
        kind = kinds[round_ % len(kinds)]
        for name in asked:
            if torture.over():
                return
            if name == "saves":
                stage = sabotage_saves(torture, kind, stage, first)
            else:
                usual = (
                    torture.kill_at_random,
                    torture.signal_at_random,
                    None,
                    torture.two_at_once,
                    torture.damage_each_file,
                )
                act = dict(zip(USUAL, usual, strict=True)).get(name)
                MOMENTS[name](torture, kind) if act is None else act(kind)
        tell(torture, first, round_)


def sabotage_saves(torture: Torture, kind: str, stage: int, first: int) -> int:
    """Power and space fail in front of a change of the disk; the number of the next one."""
    for act, name in ((die, "SIGKILL in a save"), (starve, "disk full")):
        if not torture.over() and not torture.sabotage(kind, stage, act, name):
            stage = first
    return stage + 2


def tell(torture: Torture, first: int, round_: int) -> None:
    told = ", ".join(f"{count} {name}" for name, count in torture.done.items())
    print(f"worker {first}, round {round_ + 1}: {told}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=44)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", nargs="+", choices=(*USUAL, *MOMENTS), default=[])
    asked = parser.parse_args()
    with quiet():
        preload()
    begun = time.monotonic()
    root = Path(tempfile.mkdtemp(prefix="torture-", dir=asked.keep))
    results = [_worker(root, asked, index, begun) for index in range(2)]
    done, faults = Counter[str](), list[str]()
    for pid, path in results:
        os.waitpid(pid, 0)
        told = json.loads(path.read_text()) if path.is_file() else {"done": {}, "faults": ["a worker died"]}
        done.update(told["done"])
        faults += told["faults"]
    for name, count in done.items():
        print(f"{count:6} {name}")
    print(
        f"{len(faults):6} differences  ({len(KINDS)} kinds of network, {(time.monotonic() - begun) / 60:.1f} minutes)"
    )
    if not faults:
        shutil.rmtree(root)
    return 1 if faults else 0


def _worker(root: Path, asked: argparse.Namespace, index: int, begun: float) -> tuple[int, Path]:
    """Forks a worker; its process id, and the file that it will tell its results in."""
    path = root / f"{index}.json"
    sys.stdout.flush()
    if (pid := os.fork()) != 0:
        return pid, path
    code = 1
    try:
        torture = Torture(root, 2 * asked.seed + index, begun + 60 * asked.minutes - 20)
        kinds = list(KINDS)[index::2]
        work_only(torture, asked.only, kinds, index) if asked.only else work(
            torture, -(-asked.kills // 2), kinds, index
        )
        path.write_text(json.dumps({"done": torture.done, "faults": torture.faults}))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
