import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Nnctl = Callable[..., CompletedProcess[str]]


def test_a_spec_is_shown_without_tensorflow(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    answer = nnctl("show", write().name, "--set", "train.epochs=9")
    lines = [" ".join(line.split()) for line in answer.stdout.splitlines()]
    assert answer.returncode == 0, answer.stderr
    for line in (
        "source: digits spec.yaml:4",
        "- dense: {units: 16, activation: relu} spec.yaml:9",
        "epochs: 9 --set",
        "shuffle: true default",
        "adam beta_1: 0.9, beta_2: 0.999, epsilon: 1.0e-07, amsgrad: false, use_ema: false, ema_momentum: 0.99",
        "layers[0] flatten 64 · · ·",
        "layers[1] dense 16 1,040 2.0 KiB 1,024",
        "all 1,210 3.2 KiB 1,184",
        "epoch 6.5 MFLOP 36 steps of 32; 9 epochs",
        "mode graph 324 steps are too few to pay for compiling",
    ):
        assert line in lines, answer.stdout


def test_json_has_everything(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    answer = json.loads(nnctl("show", write().name, "--json").stdout)
    own = {"format", "command", "ok", "exit_code", "errors"}
    assert set(answer) == own | {"spec", "origins", "layers", "cost", "compilation", "precision", "timing"}
    assert answer["spec"]["train"]["epochs"] == 2
    assert {"key": "train.shuffle", "value": True, "origin": "nnctl", "place": None} in answer["origins"]
    assert answer["layers"][1]["products"] == 64 * 16
    assert answer["cost"]["memory"]["optimizer"] == 2 * 4 * 1210
    assert answer["timing"] is None


def test_time_alone_loads_tensorflow(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    answer = nnctl("show", write().name, "--time")
    assert answer.returncode != 0
    assert "guarded" in answer.stderr


def test_a_wrong_spec_is_refused(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    answer = nnctl("show", write(**{"epochs: 2": "epochs: 0"}).name)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "spec.yaml:16:11 bad-value" in answer.stderr
