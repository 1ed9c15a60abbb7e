"""The suite's cases as data: planted faults, healthy specs, real programs; each a YAML text with what is known of it.

Half of the families of faults, and half of the healthy specs, lie in `held/`: they are kept aside while rules are made, and
evaluated once. The rule: names in the order of their SHA-256, the first half is held. Parents and real programs are open.
What lies in `blind/` came later, from somebody who had seen the taxonomy and no rule, and was evaluated once likewise.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.bench.debugging import arrays, planting

HERE = Path(__file__).parent
HALVES = ("open", "held", "blind")


@dataclass(frozen=True, slots=True)
class Case:
    """One spec of the suite.

    Attributes:
        name: unique in the suite.
        kind: `fault`, `healthy` or `program` (a real program with its faults in it).
        half: `open`, `held` or `blind`.
        text: the spec.
        family: of a fault; empty for others.
        level: `easy`, `medium` or `subtle`, of a fault.
        parent: the text of the healthy spec that it was made from; empty for a healthy one.
        codes: the codes of findings that name the cause.
        stage: where it could be found at the earliest: `check`, `data`, `probe`, `training`.
        mendable: whether an edit of the spec can mend it.
        refused: codes of problems that name the cause where nnctl refuses the spec.
        trips: of a healthy spec: the naive rule that it is built to trip.
    """

    name: str
    kind: str
    half: str
    text: str
    family: str = ""
    level: str = ""
    parent: str = ""
    codes: tuple[str, ...] = ()
    stage: str = ""
    mendable: bool = True
    refused: tuple[str, ...] = ()
    trips: str = ""

    def write(self, folder: Path, text: str | None = None) -> Path:
        """Writes the spec, or another text in its place, and the files of data that it names; returns its path."""
        text = self.text if text is None else text
        arrays.write_named(text, folder)
        path = folder / f"{self.name}.yaml"
        path.write_text(text)
        return path


def cases(halves: Iterable[str] = HALVES) -> list[Case]:
    """Every case of the halves, in the order of their files; real programs last."""
    halves = tuple(halves)
    found = [case for half in halves for case in (*_faults(half), *_healthy(half))]
    return found + [case for half in halves if half != "held" for case in _programs(half)]


def parents() -> dict[str, planting.Tree]:
    """The healthy parents by name."""
    return _read("parents.yaml")


def sample(of: Sequence[Case], count: int) -> list[Case]:
    """A fixed choice of cases: in the order of the SHA-256 of their names, so that faults and healthy ones mix."""
    return sorted(of, key=lambda case: rank("sample " + case.name))[:count]


def held(names: Iterable[str]) -> set[str]:
    """The names that the rule keeps aside."""
    order = sorted(names, key=rank)
    return set(order[: len(order) // 2])


def rank(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _faults(half: str) -> Iterator[Case]:
    trees = parents()
    for family, known in _read(f"{half}/faults.yaml").items():
        for level, fault in known["faults"].items():
            parent, name = trees[fault["parent"]], f"{family}-{level}"
            text = planting.written(name, planting.planted(parent, [(path, value) for path, value in fault["edits"]]))
            healthy = planting.written(name, parent)
            yield Case(name, "fault", half, text, family, level, healthy, **_known(known))


def _healthy(half: str) -> Iterator[Case]:
    trees = {**(parents() if half == "open" else {}), **_read(f"{half}/healthy.yaml")}
    for name, tree in trees.items():
        yield Case(name, "healthy", half, planting.written(name, tree), trips=tree.get("trips", ""))


def _programs(half: str) -> Iterator[Case]:
    for name, known in _read(f"{half}/programs.yaml").items():
        faulty = planting.planted(known["fixed"], [(path, value) for path, value in known["edits"]])
        texts = (planting.written(name, tree) for tree in (faulty, known["fixed"]))
        text, healthy = texts
        yield Case(name, "program", half, text, parent=healthy, **_known(known))


def _known(known: dict[str, Any]) -> dict[str, Any]:
    told = {"codes": tuple(known["codes"]), "refused": tuple(known.get("refused", ()))}
    return {**told, "stage": known.get("stage", ""), "mendable": known.get("mendable", True)}


def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((HERE / name).read_text()))
