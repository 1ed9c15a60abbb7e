"""`nnctl trace` as a command."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.engine.conftest import Nnctl, spec_in, train_in

Write = Callable[..., Path]


def test_the_forward_pass_is_printed(nnctl: Nnctl, write: Write) -> None:
    done = nnctl("trace", write(), "--example", "3", "--unit", "1:2")
    assert done.returncode == 0, done.stderr
    for line in (
        "tiny, weights as training begins with them",
        "layers[0] flatten  8 x 8 -> 64",
        "layers[1] dense  64 -> 16, 1,040 weights",
        "  a = relu(x @ W + b)",
        "unit 2 of layers[1] dense",
        "probabilities",
        "loss: categorical_crossentropy",
    ):
        assert line in done.stdout.splitlines(), done.stdout
    assert "█" in done.stdout


def test_optimizers_stand_below_each_other_and_many_steps_in_a_table(nnctl: Nnctl, write: Write) -> None:
    done = nnctl("trace", write(), "--optimizer", "sgd", "--optimizer", "adam", "--steps", "10")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line for line in lines if line in ("sgd", "adam")] == ["sgd", "adam"]
    assert sum(line.startswith("  10 ") for line in lines) == 2
    assert "2 of 2 agree within 0.1%" in lines


def test_json_holds_the_numbers(nnctl: Nnctl, write: Write) -> None:
    told = json.loads(nnctl("trace", write(), "--json").stdout)
    assert (told["ok"], told["command"], told["trained"]) == (True, "trace", False)
    forward = told["forward"]
    unit = forward["units"][forward["chosen"]]
    total = np.dot(np.array(unit["inputs"]), np.array(unit["weights"])) + unit["bias"]
    assert np.isclose(total, unit["sum"], rtol=1e-5)
    (update,) = told["updates"]
    assert (update["optimizer"], update["rate"], told["batch"]) == ("adam", 0.01, 32)
    assert [each["step"] for each in update["course"]] == [0, 1]
    assert all(each["checked"] is None or each["checked"]["agrees"] for each in told["backward"])
    assert np.isclose(-np.log(forward["answers"][forward["example"]["label"]]), forward["loss"]["value"], rtol=1e-5)


def test_what_is_not_there_is_one_line_and_exit_code_2(nnctl: Nnctl, write: Write) -> None:
    for flags, code in (
        (("--example", "9999999"), "no-example"),
        (("--unit", "9:0"), "no-layer"),
        (("--unit", "1:99"), "no-unit"),
    ):
        done = nnctl("trace", write(), *flags)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines()[-2].startswith(f"{code}: ") or done.stderr.splitlines()[-1].startswith(
            f"{code}: "
        )


def test_a_run_without_a_model_is_refused_and_one_with_is_traced(nnctl: Nnctl, tmp_path: Path) -> None:
    run = train_in(tmp_path, spec_in(tmp_path)).run
    done = nnctl("trace", run.path)
    assert done.returncode == 0, done.stderr
    assert "the best model of a run" in done.stdout
    run.model.unlink()
    done = nnctl("trace", run.path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no-model: " in done.stderr
    assert "Traceback" not in done.stderr
