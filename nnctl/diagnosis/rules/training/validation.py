"""What is watched while training, and what ends it."""

from collections.abc import Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.rates import RATE
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.network.watched import rises
from nnctl.spec.sections import CLASS_TASKS, Component, Train

_STOPPING = ("train", "early_stopping")


@rule("C05", "no-held-out-examples", "info", "static", Cause.DATA, sure=True)
def no_held_out_examples(facts: Facts) -> Iterator[Finding]:
    """Validation that tells nothing of unseen examples.

    What: `validation` or `test` is the file that is trained on, or both are the same file; or early stopping watches the
        training loss.
    Why: the network has memorised what it was trained on; what chose the best epoch is no test any more.
    Confirm: the same figures on examples that nothing has seen.
    Fix: a share: `validation: 0.1`.
    Source: Hastie et al. 2009, The Elements of Statistical Learning, 7.2.
    """
    data, train = facts.spec.data, facts.spec.train
    for key, other, what in (
        ("validation", data.path, "the training examples themselves"),
        ("test", data.path, "the training examples themselves"),
        ("test", data.validation, "the validation examples"),
    ):
        given = getattr(data, key)
        if given is not None and given == other and not isinstance(given, float):
            path = ("data", key)
            fix = Fix.set(path, thresholds.HELD_OUT)
            yield Finding(
                f"{key} is {what}", "scores say nothing about unseen examples", path, f"data.{key}", fix, "warning"
            )
    if train.early_stopping is not None and not facts.known.is_validated(data):
        fix = Fix.set(("data", "validation"), thresholds.HELD_OUT)
        found = "early stopping without validation: it watches the training loss"
        yield Finding(found, "it cannot see overfitting", _STOPPING, "train.early_stopping", fix)


@rule("C06", "stops-too-early", "info", "static", Cause.BUDGET)
def stops_too_early(facts: Facts) -> Finding | None:
    """Early stopping that ends training at its first hiccup, or never.

    What: a patience of one epoch, or of as many as there are; a `min_delta` that most epochs do not reach.
    Why: a validation loss is not smooth: one epoch without progress says nothing.
    Confirm: the epoch at which training ends, beside a training to the end. A run that did end before its epochs were over,
        and came to nothing, confirms it.
    Fix: `patience: 5`, and no `min_delta`.
    Source: Prechelt 1998, Early Stopping: But When?
    """
    stopping, epochs = facts.spec.train.early_stopping, facts.spec.train.epochs
    if stopping is None:
        return None
    path, delta = (*_STOPPING, "patience"), (*_STOPPING, "min_delta")
    if stopping.patience >= epochs > 1:
        found = f"a patience of {stopping.patience} in a training of {epochs} epochs"
        fix = Fix((Edit(_STOPPING, kind="remove"),))
        return Finding(found, "training never stops early", path, "train.early_stopping", fix)
    hasty = stopping.patience == 1 and epochs > 2
    picky = stopping.min_delta >= thresholds.STOPPING_DELTA and facts.known.task in CLASS_TASKS
    if not hasty and not picky:
        return None
    said = ["training stops at the first epoch without progress"] * hasty
    said += [f"only progress of {stopping.min_delta:g} counts"] * picky
    edits = [Edit(path, thresholds.PATIENCE)] * hasty + [Edit(delta, kind="remove")] * picky
    ended = facts.run is not None and len(facts.run.losses) < epochs
    level: Level | None = "warning" if picky or ended else None
    effect, at = "it may stop long before anything is learned", path if hasty else delta
    return Finding("; ".join(said), effect, at, "train.early_stopping", Fix(tuple(edits)), level, confidence=0.6)


@rule("C12", "watched-the-wrong-way", "error", "static", Cause.BUDGET, sure=True)
def watched_the_wrong_way(facts: Facts) -> Iterator[Finding]:
    """A monitored number that is taken for better where it is worse.

    What: `mode: max` for a number of which less is better (a loss, an error), or `mode: min` for one of which more is better.
    Why: the worst epoch is kept as the best one, and early stopping ends training, or a plateau lowers the rate, as soon as
        it works.
    Confirm: the best epoch is the first.
    Fix: leave `mode` out.
    Source: keras.callbacks.EarlyStopping, keras.callbacks.ReduceLROnPlateau.
    """
    train, rate = facts.spec.train, facts.spec.train.learning_rate
    watched = train.monitor or "val_loss"
    if _is_against(train, watched, train.mode):
        path = ("train", "mode") if "mode" in train.places else (*_STOPPING, "mode")
        found = f"the best epoch is the one with the {'largest' if train.mode == 'max' else 'smallest'} {watched}"
        yield Finding(found, "the worst epoch is kept", path, "train.mode", Fix((Edit(path, kind="remove"),)))
    if isinstance(rate, Component) and (mode := rate.arguments.get("mode")):
        watched, at = str(rate.arguments.get("monitor") or "val_loss"), (*RATE, "mode")
        if _is_against(train, watched, str(mode)):
            found = f"the rate falls unless {watched} {'grows' if mode == 'max' else 'falls'}"
            yield Finding(
                found,
                "it falls as long as training makes progress",
                at,
                "train.learning_rate",
                Fix((Edit(at, kind="remove"),)),
            )


def _is_against(train: Train, watched: str, mode: str) -> bool:
    """Whether a mode takes for better what of this number is worse."""
    return mode != "auto" and (mode == "max") != rises(train, watched)
