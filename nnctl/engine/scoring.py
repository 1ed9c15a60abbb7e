"""What a model says of a split: its outputs as probabilities or numbers, in one table that every score comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np

from nnctl import metrics, plots
from nnctl.data import Dataset, Split
from nnctl.data.inputs import list_targets
from nnctl.engine.bars import find_unbeaten
from nnctl.engine.boundary import draw_plane, has_plane
from nnctl.engine.loop.streaming import make_validation
from nnctl.engine.loop.training import choose_validation_batch
from nnctl.engine.network.labels import Targets
from nnctl.metrics import Bar, Predictions, Scores, answers
from nnctl.plots.style import shorten_apart
from nnctl.predicting import naming
from nnctl.runs import RunDirectory
from nnctl.runs.directory import compute_checksums
from nnctl.spec.network.meaning import Meaning
from nnctl.spec.sections import Spec

MOST_MISTAKES = 25  # a sheet of five by five
_LETTERS = 20  # of a class's name in a caption: a line


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A split's predictions, and the scores that were computed from them.

    Attributes:
        split: which split, or the name of other data.
        predictions: one row an example.
        scores: the full table.
        folder: where they were written.
        unbeaten: what needs no network, and was not beaten.
        pictures: what was drawn of them.
    """

    split: str
    predictions: Predictions
    scores: Scores
    folder: Path
    unbeaten: tuple[Bar, ...] = ()
    pictures: tuple[Path, ...] = ()


def evaluate(
    model: keras.Model, targets: Targets, dataset: Dataset, split: str, run: RunDirectory, label: str | None = None,
    alone: bool = False,
) -> Evaluation:  # fmt: skip
    """Scores a model on a split and writes `eval/LABEL/` and its pictures into the run.

    Args:
        model: a model that takes examples as they are stored, compiled with the loss and metrics of its spec.
        targets: the forms of its labels, and what its outputs are.
        dataset: the data.
        split: `train`, `validation` or `test`; must be there.
        run: where to write; looking at its own test is counted in its manifest.
        label: what the scores are called where they are not of the run's own split; the split's name if left out.
        alone: whether the training examples are not there, so that nothing is compared with what can be learned of them.
    """
    label = label or split
    examples: Split = getattr(dataset, split)
    predictions, watched = predict_split(model, targets, dataset, examples)
    scores = metrics.score(predictions, watched)
    folder = run.evaluation(label)
    predictions.write(folder / "predictions.csv")
    scores.write(folder)
    pictures, title = run.plots if label == "test" else folder, f"{run.manifest.name}, {label}"
    drawn = list(draw(predictions, scores, examples, pictures, title))
    if has_plane(targets.spec, dataset, predictions):
        drawn.append(pictures / "boundary.png")
        draw_plane(model, dataset, examples, predictions, drawn[-1], title)
    unbeaten = () if alone else tuple(find_unbeaten(targets, dataset, examples, predictions, scores))
    evaluation = Evaluation(label, predictions, scores, folder, unbeaten, tuple(sorted(drawn)))
    _record(evaluation, run)
    return evaluation


def predict_split(
    model: keras.Model, targets: Targets, dataset: Dataset, split: Split
) -> tuple[Predictions, dict[str, float] | None]:
    """The model's outputs on a split, with the labels beside them; and its loss and metrics, as validation has them."""
    train = targets.spec.train
    batch = choose_validation_batch(model, train.loss, min(train.batch_size, len(dataset.train)))
    scoring = make_validation(model, split, batch, targets.make_whole_metrics(), keep=True)
    watched = scoring.evaluate()
    return make_predictions(scoring.outputs, targets.meaning, dataset, split, list_targets(targets.spec)), watched


def compile_model(model: keras.Model, spec: Spec, dataset: Dataset) -> Targets:
    """Gives a model that was read from a file the loss and the metrics of its spec, as training had them.

    Returns:
        The forms of its labels.
    """
    targets = Targets(dataset.plan(spec), dataset, model.output_shape[-1], number=dataset.number)
    model.compile(loss=targets.build_loss(), metrics=targets.build_metrics(), jit_compile=False)
    return targets


def make_predictions(
    outputs: np.ndarray, meaning: Meaning, dataset: Dataset, split: Split, targets: Sequence[str] = ()
) -> Predictions:
    """Outputs, float32 of shape (n, units), with the labels of their split beside them.

    Args:
        outputs: the outputs.
        meaning: what they are.
        dataset: the data.
        split: the examples that they are of.
        targets: the names of the numbers to predict, where these are known.
    """
    if meaning.task == "binary" and meaning.units > 2:  # those beyond the two classes are never right
        meaning = replace(meaning, task="multiclass")
    numbers = tuple(targets) if meaning.task == "regression" and len(targets) == dataset.outputs else None
    known = dataset.class_names or numbers or tuple(map(str, range(dataset.outputs)))
    names = known if meaning.kind == "embedding" else naming.name_answers(known, meaning)
    target = split.y.reshape(outputs.shape) if meaning.task == "regression" else dataset.decide(split)
    return Predictions(split.rows, target, outputs, meaning, names)


def draw(predictions: Predictions, scores: Scores, split: Split, folder: Path, title: str) -> Iterator[Path]:
    """Draws what suits the task: residuals; or ranking, the confusion matrix, confidence and, of images, the worst mistakes.

    Yields:
        The path of each picture, once it is drawn.
    """
    if _draw_ranking(predictions, folder / "ranking.png", title):
        yield folder / "ranking.png"
    if predictions.task == "regression":
        names = predictions.class_names
        plots.draw_residuals(predictions.target, predictions.predicted, names, folder / "residuals.png", title)
        yield folder / "residuals.png"
    if scores.confusion is None:
        return
    if predictions.proper and predictions.answered.all():
        right = predictions.predicted == predictions.target
        bins = metrics.bin_confidence(predictions.confidence.astype(np.float64), right)
        plots.draw_reliability(*bins, folder / "reliability.png", title)
        yield folder / "reliability.png"
    plots.draw_confusion(scores.confusion, predictions.class_names, folder / "confusion.png", title)
    yield folder / "confusion.png"
    images = split.x.ndim == 3 or (split.x.ndim == 4 and split.x.shape[-1] in (1, 3))
    if images and len(chosen := metrics.find_mistakes(predictions, MOST_MISTAKES)):
        names = shorten_apart(predictions.class_names, _LETTERS)
        captions = [_describe_mistake(predictions, names, index) for index in chosen]
        plots.draw_mistakes(split.x[chosen], captions, folder / "mistakes.png", f"Most confident mistakes: {title}")
        yield folder / "mistakes.png"


def _draw_ranking(predictions: Predictions, path: Path, title: str) -> bool:
    """Draws ROC and precision-recall curves of two classes, or of several labels; False where there is nothing to rank."""
    meaning, target, names = predictions.meaning, predictions.target, predictions.class_names
    if not meaning.decides or predictions.task == "multiclass" or not predictions.answered.all():
        return False
    output = predictions.output
    if predictions.task == "binary":
        output = answers.compute_ranking(output, meaning)[:, np.newaxis]
        target, names = target[:, np.newaxis], names[1:]
    plots.draw_ranking(output, target == 1, names, path, title)
    return True


def pick_headline(scores: Scores) -> dict[str, float | None]:
    """The few numbers that a run is known by: those computed here, whatever a metric of the spec is called."""
    wanted = ("accuracy", "f1_macro", "log_loss", "subset_accuracy", "mse", "mae", "r2")
    if scores.output == "embedding":
        return {"loss": scores.overall["loss"]} if "loss" in scores.overall else {}  # type: ignore[dict-item]
    return {name: scores.own[name] for name in wanted if name in scores.own}  # type: ignore[misc]


def _record(evaluation: Evaluation, run: RunDirectory) -> None:
    split, headline = evaluation.split, pick_headline(evaluation.scores)
    there = (path for path in evaluation.folder.iterdir() if not path.name.startswith("."))  # those are not finished
    sums = compute_checksums(run.path, *sorted(path for path in there if path.suffix in (".csv", ".json")))
    run.revise(
        lambda manifest: {
            "scores": {**manifest.scores, split: headline},
            "test_looks": manifest.test_looks + (split == "test"),
            "checksums": {**manifest.checksums, **sums},
        }
    )


def _describe_mistake(predictions: Predictions, names: Sequence[str], index: int) -> str:
    told, was = int(predictions.predicted[index]), int(predictions.target[index])
    sure = predictions.confidence[index]
    return f"{names[was]} read as {names[told]}, {f'{sure:.2f}' if predictions.proper else f'score {sure:.3g}'}"
