"""A run that version 0.1.0 made at commit 1b887c7 is read by today's code as it was then.

`earlier_runs/` holds the run (interrupted inside its third epoch of four, then evaluated; without its pictures), and what
that code made of it: `unbroken.csv`, the metrics.csv of the same training left alone, and `pictures.csv`, what `nnctl
predict RUN FILE… --csv` said of ten pictures. Other processors round otherwise, so numbers are compared to four digits.
"""

import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from nnctl.runs import RunDirectory, verify_run

from .conftest import ROOT, Nnctl

KEPT = Path(__file__).parent / "earlier_runs"
PROBABILITIES = [f"p_{digit}" for digit in range(10)]


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    """A copy of the run, in the folder that nnctl looks for runs in."""
    (found,) = (path.parent for path in KEPT.glob("*/run.json"))
    return RunDirectory(Path(shutil.copytree(found, tmp_path / "runs" / found.name)))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def numbers(table: list[dict[str, str]], names: list[str]) -> np.ndarray:
    return np.array([[float(row[name]) for name in names] for row in table])


def test_it_is_whole_and_names_no_machine(run: RunDirectory) -> None:
    assert [each.name for each in verify_run(run) if each.fault] == []
    assert run.manifest.status == "interrupted"
    assert run.manifest.process["host"] == "localhost"
    content = b"".join(path.read_bytes() for path in run.path.rglob("*") if path.is_file())
    assert not any(place in content for place in (b"/home/", b"/root/", b"/tmp/", b"/work/"))


def test_it_is_evaluated_to_the_scores_that_it_holds(nnctl: Nnctl, run: RunDirectory) -> None:
    held = json.loads((run.evaluation("test") / "metrics.json").read_text())
    table = rows((run.evaluation("test") / "predictions.csv").read_text())
    done = nnctl("evaluate", "latest", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads((run.evaluation("test") / "metrics.json").read_text())
    assert [name for name in told if name in held] == list(held)
    assert "trained by nnctl 0.1.0: its metrics.csv holds numbers as that version computed them" in done.stderr
    assert told["confusion"] == held["confusion"]
    scores = [name for name, value in held.items() if isinstance(value, float)]
    assert {name: told[name] for name in scores} == pytest.approx({name: held[name] for name in scores}, abs=1e-4)
    now = rows((run.evaluation("test") / "predictions.csv").read_text())
    assert [(row["row"], row["target"]) for row in now] == [(row["row"], row["target"]) for row in table]
    assert numbers(now, PROBABILITIES) == pytest.approx(numbers(table, PROBABILITIES), abs=1e-4)


def test_it_says_of_arrays_what_its_evaluation_said(nnctl: Nnctl, run: RunDirectory, tmp_path: Path) -> None:
    held = rows((run.evaluation("test") / "predictions.csv").read_text())
    np.savez(tmp_path / "own.npz", x=load_digits().images.astype(np.uint8)[[int(row["row"]) for row in held]])
    done = nnctl("predict", "latest", "own.npz", "--csv")
    assert done.returncode == 0, done.stderr
    assert numbers(rows(done.stdout), PROBABILITIES) == pytest.approx(numbers(held, PROBABILITIES), abs=1e-4)


def test_it_says_of_pictures_what_it_said_then(nnctl: Nnctl, run: RunDirectory) -> None:
    held = rows((KEPT / "pictures.csv").read_text())
    done = nnctl("predict", "latest", *(ROOT / row["file"] for row in held), "--csv")
    assert done.returncode == 0, done.stderr
    told = rows(done.stdout)
    assert [row["predicted"] for row in told] == [row["predicted"] for row in held]
    assert numbers(told, PROBABILITIES) == pytest.approx(numbers(held, PROBABILITIES), abs=1e-4)


def test_it_is_debugged(nnctl: Nnctl, run: RunDirectory) -> None:
    done = nnctl("debug", "latest", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["status"], told["epochs"], told["findings"]) == ("interrupted", 2, [])
    assert told["scores"]["held"] == pytest.approx(run.manifest.scores["test"]["accuracy"])


def test_it_is_resumed_to_where_its_training_would_have_come(nnctl: Nnctl, run: RunDirectory) -> None:
    done = nnctl("train", "--resume", "latest", "--allow-drift")
    assert done.returncode == 0, done.stderr
    assert (run.manifest.status, run.manifest.epochs, run.manifest.resumed) == ("done", 4, [[2, 11]])
    whole, told = rows((KEPT / "unbroken.csv").read_text()), rows(run.metrics.read_text())
    names = [name for name in whole[0] if name != "seconds"]
    assert list(told[0]) == list(whole[0])
    # Rates are now written in fewer decimals, which are the same float32.
    assert numbers(told[:2], names).astype("float32").tolist() == numbers(whole[:2], names).astype("float32").tolist()
    assert [row["learning_rate"] for row in told] == ["0.005"] * 4
    assert numbers(told, names) == pytest.approx(numbers(whole, names), abs=0.01)
    assert [each.name for each in verify_run(run) if each.fault] == []
