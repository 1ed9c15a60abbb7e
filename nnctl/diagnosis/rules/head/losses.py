"""Losses, metrics and labels that do not go together."""

from nnctl.diagnosis import budget, thresholds
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.loss import find_activation, find_loss, find_width, is_binary, is_categorical
from nnctl.diagnosis.facts.network import read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.fixes import LOSS, set_activation
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import CLASS_TASKS, Component


@rule("H05", "binary-loss-for-one-of-many", "info", "static", Cause.HEAD)
def binary_loss_for_one_of_many(facts: Facts) -> Finding | None:
    """A loss of yes or no for each class, where each example has one class.

    What: `binary_crossentropy`, three classes and more, one of them an example.
    Why: it is a mean over the classes, all but one of which are "no": with many classes the gradient is small, and plain
        SGD hardly moves. With few classes or Adam it does no harm.
    Confirm: the same training with `categorical_crossentropy`.
    Fix: `categorical_crossentropy` and `softmax`.
    Source: StackOverflow 41327601, 44322611.
    """
    loss, many = facts.spec.train.loss, facts.known.outputs or 0
    if not is_binary(loss) or facts.known.task != "multiclass" or many <= 2 or find_width(facts) != many:
        return None
    slow = not budget.is_adaptive(facts) and many >= thresholds.MANY_CLASSES
    head = facts.network.head
    level: Level | None = "warning" if slow else None
    edits = () if head.gives.shares else set_activation(head, "softmax")
    fix = Fix((Edit(LOSS, "categorical_crossentropy"), *edits))
    found = f"{loss.name} over {many} classes, of which each example has exactly one"
    effect = f"a mean over the classes: the gradient is about {many} times smaller"
    return Finding(found, effect, LOSS, "train.loss", fix, level, confidence=0.6)


@rule("H06", "one-of-many-for-several", "error", "static", Cause.HEAD, sure=True)
def one_of_many_for_several(facts: Facts) -> Finding | None:
    """Softmax or its loss, where an example may have several labels.

    What: the data hold several labels an example, and the head is softmax or the loss a categorical crossentropy.
    Why: softmax makes the labels compete: two that are both right get one half each, and none gets its own threshold.
    Confirm: the outputs of an example sum to 1, its labels do not.
    Fix: `sigmoid` and `binary_crossentropy`.
    Source: Goodfellow et al., Deep Learning, 2016, 6.2.2.
    """
    head, loss = facts.network.head, facts.spec.train.loss
    if facts.known.task != "multilabel" or find_width(facts) == 1:
        return None
    if not (head.gives.shares or is_categorical(loss)):
        return None
    named = loss.name if is_categorical(loss) else head.activation
    found = f"{named} expects one of {facts.known.outputs} labels, and an example may have several"
    edits = () if head.activation == "sigmoid" else set_activation(head, "sigmoid")
    fix = Fix((*edits, Edit(LOSS, "binary_crossentropy")))
    path = LOSS if is_categorical(loss) else head.applied[-1].path
    return Finding(found, "labels that are true together compete with each other", path, head.where, fix)


@rule("H07", "outputs-and-classes", "info", "static", Cause.HEAD, sure=True)
def outputs_and_classes(facts: Facts) -> Finding | None:
    """More or fewer outputs than the loss can use.

    What: a categorical crossentropy over one output; or, with a sparse one, more outputs than there are classes.
    Why: over one output the share is always 1 and the loss 0: nothing is learned. Outputs beyond the classes only cost
        weights, since no label ever names them.
    Confirm: the loss is 0 from the first step.
    Fix: `binary_crossentropy` for two classes with one output, `mean_squared_error` for a number; `units` as many as
        there are classes.
    Source: StackOverflow 44151760's kind; keras.losses normalises the outputs by their sum.
    """
    head, loss, count = facts.network.head, facts.spec.train.loss, find_width(facts)
    if is_categorical(loss) and count == 1:
        found = f"{loss.name} over one output: its probability is always 1"
        edits: tuple[Edit, ...] = (Edit(LOSS, find_loss(facts)),)
        if facts.known.task == "binary" and head.activation != "sigmoid":
            edits = (*edits, *set_activation(head, "sigmoid"))
        return Finding(found, "the loss is always 0, and nothing is learned", LOSS, "train.loss", Fix(edits), "error")
    many = facts.known.outputs
    indices = is_categorical(loss) and traits.get_loss(loss.name).labels == "integer"
    if not indices or count is None or many is None or count <= many:
        return None
    fix = Fix.set((*head.path, "units"), many) if "units" in head.inner.arguments else None
    found = f"{count} outputs for {many} classes"
    return Finding(found, "the other outputs only add weights", (*head.path, "units"), head.where, fix)


@rule("H11", "distance-between-classes", "info", "static", Cause.LABELS)
def distance_between_classes(facts: Facts) -> Finding | None:
    """A loss for numbers, where the labels are classes.

    What: a squared or absolute error on class labels.
    Why: after softmax or sigmoid its gradient fades where the network is sure and wrong. The squared error still works,
        more slowly; the absolute error over several classes often stalls, and both fail after `relu`.
    Confirm: the same training with a crossentropy.
    Fix: the crossentropy that fits the outputs.
    Source: Golik et al., Interspeech 2013 (squared error); Zhang and Sabuncu, NeurIPS 2018 (absolute error); TheDeepChecker.
    """
    head, loss = facts.network.head, facts.spec.train.loss
    distance = traits.get_loss(loss.name).distance
    if distance is None or facts.known.task not in CLASS_TASKS:
        return None
    better = find_loss(facts)
    want = find_activation(Component("loss", better, {}))
    edits = () if head.activation == want else set_activation(head, want)
    stalls = distance == "absolute" and (facts.known.outputs or 0) > 2
    level: Level | None = "warning" if stalls or head.gives.clips else None
    found = f"{loss.name} on classes, behind {head.activation}"
    effect = "the gradient vanishes where the network is confident and wrong"
    return Finding(found, effect, LOSS, "train.loss", Fix((Edit(LOSS, better), *edits)), level, confidence=0.6)


@rule("H13", "accuracy-of-numbers", "info", "static", Cause.SYMPTOM, sure=True)
def accuracy_of_numbers(facts: Facts) -> Finding | None:
    """Accuracy, where the targets are numbers.

    What: a metric counts right answers, and the task is regression.
    Why: a predicted number is hardly ever equal to its target: the metric is about 0 however good the network is. What
        watches it (`monitor`) keeps an epoch at random.
    Confirm: the metric stays at 0 while the loss falls.
    Fix: `mean_absolute_error`.
    Source: StackOverflow 48934338, 62566558; TheDeepChecker.
    """
    train = facts.spec.train
    if facts.known.task != "regression":
        return None
    for index, metric in enumerate(train.metrics or ()):
        if traits.get_metric(metric.name).counts_right:
            path = ("train", "metrics", index)
            watched = (train.monitor or "").removeprefix("val_") == (read_argument(metric, "name") or metric.name)
            edits = [Edit(path, "mean_absolute_error")]
            edits += [Edit(("train", "monitor"), "loss")] if watched else []
            effect = "it stays near 0 whatever is learned"
            found = f"{metric.name} counts correct classes, and the targets are numbers"
            return Finding(found, effect, path, "train.metrics", Fix(tuple(edits)), "warning" if watched else None)
    return None


@rule("H15", "smoothed-away", "warning", "static", Cause.LABELS)
def smoothed_away(facts: Facts) -> Finding | None:
    """Label smoothing that leaves little of the labels.

    What: `label_smoothing` of one half and more.
    Why: the target of the right class is 1 - s + s / k: with s = 1 all classes are equally right.
    Confirm: the same training without it.
    Fix: `label_smoothing: 0.1`.
    Source: Szegedy et al., CVPR 2016, who use 0.1.
    """
    smoothing = float(read_argument(facts.spec.train.loss, "label_smoothing") or 0)
    if smoothing < thresholds.SMOOTHED:
        return None
    path = (*LOSS, "label_smoothing")
    found = f"label_smoothing is {smoothing:g}: the labels hardly distinguish the classes"
    level: Level | None = "error" if smoothing >= 1 else None
    return Finding(found, "little is left to learn", path, "train.loss", Fix.set(path, thresholds.SMOOTHING), level)
