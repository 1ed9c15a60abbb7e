import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.data import peek
from nnctl.engine.network import model_file
from nnctl.engine.train import Invocation, Trained, begin, run_to_end
from nnctl.errors import RunError, SpecError
from nnctl.metrics import Predictions
from nnctl.runs import history, verify_run
from nnctl.spec import Spec, load_spec

from .conftest import Quiet, prepared


@pytest.fixture
def run(read: Callable[..., Spec], tmp_path: Path) -> Callable[..., Trained]:
    """Trains the usual spec, with values set, into a run directory."""

    def run(*settings: str, observer: Quiet | None = None, spec: Spec | None = None) -> Trained:
        chosen = spec or read(*settings)
        training = prepared(chosen)
        directory = begin(
            training, Invocation(tmp_path / "spec.yaml", tmp_path / "runs", ["nnctl"], [("--set", "a=b")])
        )
        return run_to_end(training, directory, observer or Quiet())

    return run


def test_a_run_directory_holds_all_that_it_promises(run: Callable[..., Trained], tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("0123456789abcdef0123" * 2 + "\n")
    outcome = run("data.subset=300")
    path = outcome.run.path
    files = {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}
    assert files >= {
        "run.json", "spec.yaml", "resolved.yaml", "inputs.json", "scaling.json", "metrics.csv", "model.keras", "plots/curves.png",
        "plots/confusion.png", "plots/layers.png",
        "plots/mistakes.png", "eval/test/metrics.json", "eval/test/per_class.csv", "eval/test/confusion.csv",
        "eval/test/predictions.csv",
    }  # fmt: skip
    assert outcome.run.spec.read_bytes() == (tmp_path / "spec.yaml").read_bytes()
    manifest = outcome.manifest
    assert manifest.status == "done"
    assert manifest.epochs == len(history.read_history(outcome.run.metrics)) == 2
    assert manifest.test_looks == 1
    assert manifest.overrides == [["--set", "a=b"]]
    assert manifest.commit == "0123456789ab"
    assert manifest.data["examples"] == {"train": 240, "validation": 60, "test": 300}
    scores = {f"eval/test/{name}" for name in ("metrics.json", "per_class.csv", "confusion.csv", "predictions.csv")}
    told = {"spec.yaml", "resolved.yaml", "inputs.json", "scaling.json", "metrics.csv", "model.keras"}
    assert manifest.checksums.keys() == told | scores
    assert [verdict for verdict in verify_run(outcome.run) if verdict.fault] == []


@pytest.mark.parametrize(
    "setting", ["train.optimizer={adam: {clipnorm: 1.0}}", "train.precision=mixed_float16", "train.precision=auto"]
)
def test_the_resolved_spec_trains_to_the_same_bits(run: Callable[..., Trained], setting: str) -> None:
    first = run("data.subset=300", setting)
    second = run(spec=load_spec(first.run.resolved, peek=peek))
    for mine, theirs in zip(weights(first), weights(second), strict=True):
        assert mine.tobytes() == theirs.tobytes()
    assert second.run.resolved.read_text() == first.run.resolved.read_text()


def test_scores_are_those_of_the_stored_predictions_and_of_scikit_learn(run: Callable[..., Trained]) -> None:
    from sklearn import metrics

    outcome = run()
    folder = outcome.run.evaluation("test")
    told = json.loads((folder / "metrics.json").read_text())
    stored = Predictions.read(folder / "predictions.csv", task="multiclass", class_names=tuple("0123456789"))
    normalised = stored.output.astype(np.float64) / stored.output.sum(axis=1, keepdims=True, dtype=np.float64)
    assert told["accuracy"] == metrics.accuracy_score(stored.target, stored.predicted)
    assert told["f1_macro"] == pytest.approx(
        metrics.f1_score(stored.target, stored.predicted, average="macro"), abs=1e-12
    )
    assert told["confusion"] == metrics.confusion_matrix(stored.target, stored.predicted).tolist()
    assert told["log_loss"] == pytest.approx(metrics.log_loss(stored.target, normalised), rel=1e-5)


def test_an_interrupted_run_is_readable_and_keeps_its_best_model(run: Callable[..., Trained]) -> None:
    outcome = run("train.epochs=500", observer=Quiet(stop_after=40))
    assert outcome.manifest.status == "interrupted"
    assert 0 < outcome.manifest.epochs < 500
    assert model_file.load(outcome.run.model).count_params() == outcome.manifest.parameters
    assert outcome.evaluation is None


NEVER_FINITE = (  # the logarithm of outputs of which some are below 0
    "model.layers=[flatten, {dense: 10}]", "train.loss=mean_squared_error", "train.metrics=[poisson]",
    "train.monitor=val_poisson", "data.subset=300", "train.epochs=3", "train.early_stopping=1",
)  # fmt: skip


class Listening(Quiet):
    """An observer that remembers what it was told, and after how many epochs."""

    def __init__(self) -> None:
        super().__init__()
        self.told = list[tuple[int, str]]()

    def said(self, message: str) -> None:
        self.told.append((len(self.rows), message))


def test_a_monitor_that_is_never_finite_is_told_and_the_last_epoch_is_kept(run: Callable[..., Trained]) -> None:
    watching = Listening()
    outcome = run(*NEVER_FINITE, observer=watching)
    assert watching.told == [
        (1, "val_poisson is nan: until it is a finite number, the last epoch is kept and early stopping waits")
    ]
    assert watching.bests == [False, False, False]
    manifest = outcome.manifest
    assert (manifest.status, manifest.epochs, manifest.best_epoch, manifest.best) == ("done", 3, 3, None)
    assert manifest.message == "val_poisson was finite in no epoch: the last one is kept"
    assert outcome.evaluation is not None
    assert manifest.scores["test"]
    assert [verdict for verdict in verify_run(outcome.run) if verdict.fault] == []
    last = run(*NEVER_FINITE[:-2], "train.epochs=3", "train.monitor=loss")  # whose last epoch is its best
    assert last.manifest.best_epoch == 3
    assert [a.tobytes() for a in weights(outcome)] == [a.tobytes() for a in weights(last)]


def test_a_run_interrupted_in_its_first_epoch_has_no_model_and_says_so(run: Callable[..., Trained]) -> None:
    outcome = run("train.epochs=3", observer=Quiet(stop_after=1))
    assert (outcome.manifest.status, outcome.manifest.epochs, outcome.manifest.best_epoch) == ("interrupted", 0, None)
    assert not outcome.run.model.exists()


def test_a_run_that_is_interrupted_as_it_begins_says_so(run: Callable[..., Trained]) -> None:
    class Hasty(Quiet):
        def begun(self, *of: object) -> None:
            raise KeyboardInterrupt

    outcome = run(observer=Hasty())
    assert (outcome.manifest.status, outcome.manifest.epochs) == ("interrupted", 0)


def test_an_interrupt_that_a_library_turned_into_another_error_is_one(
    run: Callable[..., Trained], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As matplotlib's renderer does if the signal comes while it reads a path."""

    class Interrupted(Quiet):
        heard = False

        def trained(self) -> None:
            self.heard = True

        def interrupted(self) -> bool:
            return self.heard

    def drawn(*arguments: object) -> None:
        raise ValueError("Invalid bounding box")

    monkeypatch.setattr("nnctl.plots.draw_curves", drawn)
    outcome = run(observer=Interrupted())
    assert (outcome.manifest.status, outcome.manifest.epochs, outcome.evaluation) == ("interrupted", 2, None)
    with pytest.raises(ValueError, match="Invalid"):  # of an error that no signal caused it is the whole truth
        run()


def test_a_diverged_run_says_so(run: Callable[..., Trained]) -> None:
    outcome = run("train.optimizer=sgd", "train.learning_rate=1e30", "train.loss=mse", "data.scale=none")
    assert outcome.manifest.status == "diverged"
    json.loads((outcome.run.path / "run.json").read_text())


def test_a_loss_beyond_every_whole_number_is_finite_and_read_back(run: Callable[..., Trained]) -> None:
    wild = (
        "train.optimizer=sgd",
        "train.learning_rate=1e5",
        "train.loss=mse",
        "data.scale=none",
        "model.layers.2={dense: 10}",
    )
    outcome = run(*wild, "data.subset=100", "train.batch_size=100", "train.epochs=1")
    assert (outcome.run.manifest, outcome.manifest.status) == (outcome.manifest, "done")
    assert outcome.manifest.best is not None
    assert outcome.manifest.best > 2**70


def test_a_run_that_fails_says_why(run: Callable[..., Trained], tmp_path: Path) -> None:
    class Failing(Quiet):
        def ended_epoch(self, row: dict[str, float], best: bool) -> None:
            raise OSError("no space left on device")

    with pytest.raises(RunError, match="no space") as caught:
        run(observer=Failing())
    assert caught.value.problems[0].code == "cannot-write"
    (path,) = (tmp_path / "runs").iterdir()
    told = json.loads((path / "run.json").read_text())
    assert (told["status"], told["message"]) == ("failed", "OSError: no space left on device")


def test_what_cannot_be_built_leaves_no_run_behind(run: Callable[..., Trained], tmp_path: Path) -> None:
    with pytest.raises(SpecError):
        run("train.class_weight={42: 1.0}")
    assert not (tmp_path / "runs").exists()


def weights(outcome: Trained) -> list[np.ndarray]:
    return list(model_file.load(outcome.run.model).get_weights())
