"""The runs of `train --seeds N`, which differ in nothing but their seed: each of them names the whole set."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from nnctl.errors import Problem, RunError
from nnctl.runs.lock import hold_lock
from nnctl.runs.lookup import Listed, read_runs
from nnctl.runs.manifest import Manifest

_ENDED = ("done", "diverged")  # statuses behind which there is nothing left to train
_Run = TypeVar("_Run")


@dataclass(frozen=True, slots=True)
class SeedSet:
    """Runs that are trained one after the other, and summarised together.

    Attributes:
        id: what their manifests know it by, 16 hexadecimal digits; "" for a run that stands alone.
        seeds: all of their seeds, in the order in which they are trained.
    """

    id: str
    seeds: range

    def document(self) -> dict[str, Any]:
        """It as `run.json` holds it; empty for a run that stands alone."""
        return {"set": self.id, "first": self.seeds.start, "count": len(self.seeds)} if self.id else {}

    @contextmanager
    def hold(self, root: Path) -> Iterator[None]:
        """Holds the right to train runs of the set in the block.

        Raises:
            RunError: another process holds it, or the folder of the runs cannot be made or written to.
        """
        if not self.id:
            yield
            return
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"no run directory can be made in {root}: {error.strerror}"
            raise RunError(
                Problem("bad-runs", message, hint="`--runs DIR` or $NNCTL_RUNS name another place")
            ) from None
        name = f".seeds-{self.id}.lock"
        with hold_lock(root, name, "these seeds"):
            try:
                yield
            finally:
                (root / name).unlink(missing_ok=True)


def begin_set(first: int, count: int) -> SeedSet:
    """A new set of `count` consecutive seeds; one alone is none."""
    return SeedSet(secrets.token_hex(8) if count > 1 else "", range(first, first + count))


def read_set(manifest: Manifest) -> SeedSet:
    """The set that a run is one of, itself alone if it is of none."""
    told = manifest.seeds or {"set": "", "first": manifest.seed, "count": 1}
    return SeedSet(told["set"], range(told["first"], told["first"] + told["count"]))


def find_members(asked: SeedSet, root: Path) -> dict[int, Listed | None]:
    """The run of each seed of a set, by seed and in order, None where it has not begun.

    Of several with one seed, of which all but one are copies, it is one that has come to its end, or the newest.
    """
    found: dict[int, Listed | None] = dict.fromkeys(asked.seeds)
    for each in read_runs(root):
        seed, kept = each.manifest.seed, found.get(each.manifest.seed)
        if each.manifest.seeds.get("set") == asked.id and seed in found:
            ended = kept is not None and kept.manifest.status in _ENDED and each.manifest.status not in _ENDED
            found[seed] = kept if ended else each
    return found


def list_open(listed: Iterable[tuple[_Run, Manifest]]) -> list[tuple[_Run, int, int]]:
    """The sets that are not at their end, and that nobody trains.

    Args:
        listed: all runs of a folder, oldest first, each with what it says of itself; `lost` is a status of one, too.

    Returns:
        The newest run of each, how many of its seeds are still to be trained, and of how many.
    """
    last, ended, busy = dict[str, tuple[_Run, int]](), dict[str, set[int]](), set[str]()
    for run, manifest in listed:
        asked = read_set(manifest)
        last[asked.id] = run, len(asked.seeds)
        ended.setdefault(asked.id, set()).update({manifest.seed} if manifest.status in _ENDED else ())
        busy |= {asked.id} if manifest.status == "running" else set()
    left = {name: count - len(ended[name]) for name, (_, count) in last.items() if name and name not in busy}
    return [(*last[name][:1], number, last[name][1]) for name, number in left.items() if number > 0]
