"""`run.json`: what a run is, where it stands and what came of it, written anew at each change of state."""

import errno
import json
import re
import sys
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nnctl import bounds
from nnctl.errors import Problem, RunError
from nnctl.files import read_bytes, write_text
from nnctl.version import NUMBERS_SINCE, READING_SINCE

MOST_SEEDS = 10_000  # of one set
GROWN = "the loss is more than a million times what it was"  # how the message begins of a run that diverged so
STATUSES = ("running", "done", "interrupted", "failed", "diverged")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of `run.json`.

    Attributes:
        id: the name that the run's directory was made with.
        name: the spec's name.
        status: one of `STATUSES`.
        spec: the path of the spec as the user typed it.
        command: the command line.
        overrides: the values that `--set` and other flags put in the file's place, as [flag, text].
        seed: the seed.
        created: when the run began, UTC, ISO 8601.
        ended: when it ended, or None.
        reading: the version of nnctl whose reading of the data it goes by, where a later one has gone on with it; else None.
        versions: of nnctl, Python, Keras, TensorFlow and NumPy.
        platform: operating system, processor, threads, oneDNN and devices: what bits depend on.
        commit: the git commit of the spec's folder, twelve digits, or None; whether files have changed since is not known.
        data: the source that was loaded, where from, why if it is a fallback, the size of each split, the fingerprint.
        engine: how the network was compiled, and why so.
        parameters: the number of weights, trainable or not.
        monitor: the number that told which epoch is best.
        epochs: how many epochs the history holds.
        best_epoch: the epoch (from 1) whose weights the saved model has, or None before there is one: the best, or, where
            `best` is None, the last.
        best: the monitored number at the best epoch, or None if it has been finite in no epoch.
        scores: headline metrics of each split that was evaluated.
        scored: the files of the user's that were scored, by what their scores are called.
        test_looks: how often the test split was scored.
        process: the process that trains it, or that did last: its id, host, boot and start.
        fingerprint: the SHA-256 of what the spec says beside its lengths and paths.
        seconds: how long it has been trained, all resumptions together.
        resumed: where it was resumed from, as [epochs done, steps of the next], each time.
        drift: what differed where it was resumed all the same, in words; its bits are no longer those of one training.
        seeds: the set of runs with consecutive seeds that it is one of: what they are known by (`set`), the `first` of their
            seeds and the `count`; empty if it stands alone.
        parents: the ids of runs that this one began from.
        message: what ended the run, if something did, and why the monitor did not tell which epoch is best.
        checksums: the SHA-256 of each file that is complete, by its path in the run.
    """

    id: str
    name: str
    status: str
    spec: str
    command: list[str]
    overrides: list[list[str]]
    seed: int
    created: str
    ended: str | None = None
    reading: str | None = None
    versions: dict[str, str] = field(default_factory=dict)
    platform: dict[str, Any] = field(default_factory=dict)
    commit: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    engine: dict[str, Any] = field(default_factory=dict)
    parameters: int | None = None
    monitor: str | None = None
    epochs: int = 0
    best_epoch: int | None = None
    best: float | None = None
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    scored: dict[str, str] = field(default_factory=dict)
    test_looks: int = 0
    process: dict[str, Any] = field(default_factory=dict)
    fingerprint: str | None = None
    seconds: float = 0.0
    resumed: list[list[int]] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)
    seeds: dict[str, Any] = field(default_factory=dict)
    parents: list[str] = field(default_factory=list)
    message: str | None = None
    checksums: dict[str, str] = field(default_factory=dict)

    @property
    def grown(self) -> bool:
        """Whether it diverged with a loss that is finite, and has a row for each of its epochs."""
        return self.status == "diverged" and (self.message or "").startswith(GROWN)

    @property
    def older(self) -> str | None:
        """The version of nnctl that made it, if some numbers have been computed otherwise since then."""
        return self._find_older(NUMBERS_SINCE)

    @property
    def reads_older(self) -> str | None:
        """The version of nnctl that made it, if some data have been read, scaled or labelled otherwise since then."""
        return self._find_older(READING_SINCE, self.reading)

    def _find_older(self, since: str, kept: str | None = None) -> str | None:
        made = kept or self.versions.get("nnctl", "0")
        return made if _rank_version(made) < _rank_version(since) else None

    def write(self, path: Path) -> None:
        """Writes the manifest atomically.

        Raises:
            ValueError: it holds NaN or infinity, which JSON does not have.
            OSError: it cannot be written, or would be too large to be read again.
        """
        text = json.dumps(asdict(self), indent=2, allow_nan=False) + "\n"
        if len(text) > bounds.MANIFEST:
            raise OSError(errno.EFBIG, f"it would be larger than {bounds.MANIFEST:,} bytes", str(path))
        write_text(path, text)


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises:
        RunError: the file is missing, is not JSON, or is not a manifest.
    """
    hint = "a run directory is made by `nnctl train`; `nnctl runs` lists them"
    try:
        content = json.loads(read_bytes(path, bounds.MANIFEST).decode("utf-8"), parse_constant=_refuse_constant)
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is not JSON"
        raise RunError(Problem("bad-run", f"{path} cannot be read: {reason}", hint=hint)) from None
    known = {field.name for field in fields(Manifest)}
    needed = ("id", "name", "status", "created")
    if not isinstance(content, dict) or any(not isinstance(content.get(key), str) for key in needed):
        raise RunError(Problem("bad-run", f"{path} is not the manifest of a run", hint=hint))
    if not _is_well_formed(content):
        raise RunError(Problem("bad-run", f"{path} is damaged: a field is not of its type", hint=hint))
    blank = {"spec": "", "command": [], "overrides": [], "seed": 0}
    return Manifest(**{**blank, **{key: value for key, value in content.items() if key in known}})


_MOST = 2**63 - 1  # of a whole number, such as a seed; a float, such as a loss, may be any that is finite
_NUMBER = (int, float, type(None))
_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(
        ("data", "scores", "scored", "engine", "platform", "process", "versions", "checksums", "seeds"), (dict,)
    ),
    **dict.fromkeys(("command", "overrides", "parents", "resumed", "drift"), (list,)),
    **dict.fromkeys(("epochs", "seed", "test_looks"), (int,)),
    **dict.fromkeys(("best_epoch", "parameters"), (int, type(None))),
    **dict.fromkeys(("monitor", "message", "commit", "ended", "reading"), (str, type(None))),
    "spec": (str,),
    "best": _NUMBER,
}


def _rank_version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _is_of_kind(value: Any, kinds: tuple[type, ...]) -> bool:
    if isinstance(value, (int, float)) and not abs(value) <= (_MOST if isinstance(value, int) else sys.float_info.max):
        return False
    return isinstance(value, kinds) and not isinstance(value, bool)


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _is_seed_set(told: dict[str, Any]) -> bool:
    known = isinstance(told.get("set"), str) and re.fullmatch("[0-9a-f]{16}", told["set"]) is not None
    numbers = _is_of_kind(told.get("first"), (int,)) and _is_of_kind(told.get("count"), (int,))
    return known and numbers and 1 < told["count"] <= MOST_SEEDS


def _is_well_formed(content: dict[str, Any]) -> bool:
    """Whether the fields that are there hold what listing and evaluating count on."""
    if any(key in content and not _is_of_kind(content[key], kinds) for key, kinds in _KINDS.items()):
        return False
    if content.get("seeds") and not _is_seed_set(content["seeds"]):
        return False
    scores = [
        value for split in content.get("scores", {}).values() if isinstance(split, dict) for value in split.values()
    ]
    if not all(isinstance(split, dict) for split in content.get("scores", {}).values()):
        return False
    if not all(_is_of_kind(score, _NUMBER) for score in scores):
        return False
    try:
        created = datetime.fromisoformat(content["created"])
        return created.tzinfo is not None and created.astimezone(UTC) is not None
    except (ValueError, OverflowError):
        return False
