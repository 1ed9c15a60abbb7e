"""`results.json`: the newest record of each case, so that the suite can be measured in parts and go on where it was stopped."""

import functools
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nnctl
from tests.bench.debugging import summary
from tests.bench.debugging.suite import HERE, cases

PATH = HERE / "results.json"


def code() -> str:
    """Eight hex digits over the source that was measured: records of other digits are another program's."""
    root = Path(nnctl.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(each for suffix in ("py", "json") for each in root.rglob(f"*.{suffix}")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:8]


def read(path: Path = PATH) -> list[dict[str, Any]]:
    """The records that there are, in the suite's order; none of cases that it no longer has."""
    return _ordered(json.loads(path.read_text())["records"]) if path.is_file() else []


def add(records: Iterable[dict[str, Any]], path: Path = PATH) -> str:
    """Puts records in the place of older ones of their cases, writes the file and `results.md` beside it; the tables."""
    kept = _ordered([*read(path), *records])
    found = summary.results(kept)
    text = summary.markdown(found)
    lines = ",\n".join(f"    {json.dumps(record)}" for record in kept)
    path.write_text(f'{json.dumps(found, indent=1)[:-2]},\n "records": [\n{lines}\n ]\n}}\n')
    path.with_suffix(".md").write_text(text)
    return text


def _ordered(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last record of each case, in the suite's order."""
    known = {each["name"]: each for each in records}
    return [known[name] for name in _names() if name in known]


@functools.cache
def _names() -> list[str]:
    """The cases in the suite's order; making them takes a second."""
    return [case.name for case in cases()]
