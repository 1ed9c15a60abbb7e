"""The results file keeps the parts that were not measured anew."""

import json
import sys
from pathlib import Path

from tests.bench import results
from tests.bench.programs import Setting, versions


def test_figures_of_the_same_machine_stay_beside_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results.write({"networks": {"machine": "a", "versions": {}, "figures": {"mlp": 1, "cnn": 2}}}, path)
    results.write({"networks": {"machine": "a", "versions": {}, "figures": {"cnn": 3}}}, path)
    assert results.read(path)["networks"]["figures"] == {"mlp": 1, "cnn": 3}
    results.write({"networks": {"machine": "b", "versions": {}, "figures": {"deep": 4}}}, path)
    assert results.read(path)["networks"]["figures"] == {"deep": 4}


def test_what_is_absent_this_time_drops_no_figures(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    whole, without = {"keras": "3", "torch": "2"}, {"keras": "3", "torch": None}
    results.write({"growth": {"machine": "a", "versions": whole, "figures": {"width": 1}}}, path)
    results.write({"growth": {"machine": "a", "versions": without, "figures": {"streamed": 2}}}, path)
    assert results.read(path)["growth"] == {"machine": "a", "versions": whole, "figures": {"width": 1, "streamed": 2}}
    results.write(
        {"growth": {"machine": "a", "versions": {"keras": "4", "torch": None}, "figures": {"depth": 3}}}, path
    )
    assert results.read(path)["growth"]["figures"] == {"depth": 3}


def test_a_part_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results.write({"networks": {"figures": {"mlp": [1.5, None]}}, "startup": {"machine": "a", "figures": {}}}, path)
    results.write({"startup": {"machine": "b", "figures": {"help": [0.2] * 30}}}, path)
    told = {"networks": {"figures": {"mlp": [1.5, None]}}, "startup": {"machine": "b", "figures": {"help": [0.2] * 30}}}
    assert results.read(path) == json.loads(path.read_text()) == told
    assert results.read(tmp_path / "none.json") == {}


def test_a_part_tells_where_it_is_from() -> None:
    part = results.part(Setting(Path("mnist.npz")), {"mlp": 1}, 90)
    assert part["figures"] == {"mlp": 1}
    assert part["minutes"] == 1.5
    assert part["machine"]["cores"] >= 1
    assert part["machine"]["memory"] > 2**28
    assert part["machine"]["processor"]
    assert part["versions"]["python"].split(".")[0] == str(sys.version_info.major)


def test_what_is_not_installed_has_no_version() -> None:
    found = versions(Setting(Path("mnist.npz")))
    assert found["numpy"]
    assert {"nnctl", "tensorflow", "keras", "torch", "jax"} <= found.keys()
