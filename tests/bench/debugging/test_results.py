"""The results file holds the newest record of each case, whatever part of the suite was measured."""

import json
from pathlib import Path
from typing import Any

from tests.bench.debugging import results
from tests.bench.debugging.suite import cases


def record(name: str, found: bool) -> dict[str, Any]:
    head: dict[str, Any] = {"name": name, "kind": "fault", "half": "open", "mendable": False, "refused": False}
    return {**head, "found": found, "top1": found, "top3": found, "stage": None, "seconds": {}, "program": "a"}


def test_a_record_takes_the_place_of_an_older_one_and_the_others_stay(tmp_path: Path) -> None:
    path, (first, second, *_) = tmp_path / "results.json", [case.name for case in cases()]
    assert results.read(path) == []
    results.add([record(second, False), record("gone from the suite", True)], path)
    results.add([record(first, True)], path)
    text = results.add([record(second, True)], path)
    assert results.read(path) == json.loads(path.read_text())["records"] == [record(first, True), record(second, True)]
    assert text == path.with_suffix(".md").read_text()
    assert "100.0% (2 of 2" in text
