import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Nnctl = Callable[..., CompletedProcess[str]]
BROKEN = {"activation: softmax": "activation: relu"}


def test_the_edit_is_written_beside_the_spec_and_never_over_something_else(
    nnctl: Nnctl, write: Callable[..., Path]
) -> None:
    spec = write(**BROKEN)
    done = nnctl("debug", spec, "--select", "H", "--fix")
    fixed = spec.with_name("spec.fixed.yaml")
    assert (done.returncode, str(fixed) in done.stderr) == (1, True)
    assert "H02" in done.stdout
    assert fixed.read_text() == spec.read_text().replace("activation: relu}\ntrain", "activation: softmax}\ntrain")
    assert nnctl("debug", spec, "--select", "H", "--fix").returncode == 1
    fixed.write_text("mine")
    done = nnctl("debug", spec, "--select", "H", "--fix")
    assert (done.returncode, "file-exists" in done.stderr, fixed.read_text()) == (2, True, "mine")


def test_json_tells_the_cause_its_alternatives_and_the_edit(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    done = nnctl("debug", write(**BROKEN), "--select", "H", "--json")
    told = json.loads(done.stdout)
    assert told["primary"]["code"] == "H02"
    assert told["primary"]["place"]["line"] == 10
    assert told["primary"]["fix"]["edits"] == [
        {"path": ["model", "layers", 2, "activation"], "value": "softmax", "kind": "set"}
    ]
    assert "+    - dense: {units: 10, activation: softmax}" in told["primary"]["fix"]["diff"]
    assert told["alternatives"] == []


def test_a_healthy_spec_ends_with_0(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    done = nnctl("debug", write(**{"epochs: 2": "epochs: 40"}), "--select", "H,A")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "nothing found that keeps the network from learning")
