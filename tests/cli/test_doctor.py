import json
import subprocess
from collections.abc import Callable

Nnctl = Callable[..., subprocess.CompletedProcess[str]]


def test_what_takes_no_tensorflow_is_told_though_it_cannot_be_loaded(nnctl: Nnctl) -> None:
    answer = nnctl("doctor")
    assert answer.returncode == 1
    told = answer.stdout
    for name in ("packages", "memory", "disk", "data"):
        assert f"\n{name}" in told
    assert told.index("\ndata ") < told.index("\ntensorflow ")
    assert "guarded" in told
    assert told.rstrip().endswith("1 to mend")


def test_json_has_each_condition(nnctl: Nnctl) -> None:
    answer = json.loads(nnctl("doctor", "--json").stdout)
    assert not answer["ok"]
    faults = [condition["name"] for condition in answer["conditions"] if condition["fault"]]
    assert faults == ["tensorflow"]
