"""Heads that do not give what the loss takes."""

from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.loss import (
    find_activation,
    find_loss,
    find_width,
    is_binary,
    is_categorical,
    takes_logits,
)
from nnctl.diagnosis.facts.network import LayerFacts
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.fixes import LOSS, has_argument, keep_last_activation, set_activation
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.catalogue import traits
from nnctl.spec.network.meaning import is_looked_behind
from nnctl.spec.sections import CLASS_TASKS


def _locate(head: LayerFacts) -> tuple[str | int, ...]:
    return head.applied[-1].path if head.applied else head.path


@rule("H01", "softmax-on-one-unit", "error", "static", Cause.HEAD, sure=True)
def softmax_on_one_unit(facts: Facts) -> Finding | None:
    """Softmax over a single output.

    What: the last layer has one unit and its activation is softmax.
    Why: softmax divides each output by the sum of all; of one output that is always 1. The loss cannot change, and the
        network never learns.
    Confirm: the predictions are all 1.
    Fix: `sigmoid` for two classes, `linear` for a number.
    Source: NeuraLint (Nikanjam et al., TOSEM 2022), and Keras warns of it, too.
    """
    head, loss = facts.network.head, facts.spec.train.loss
    if not head.gives.shares or find_width(facts) != 1:
        return None
    better = "linear" if facts.known.task == "regression" or takes_logits(loss) else "sigmoid"
    losing = is_categorical(loss) or (facts.known.task == "regression" and is_binary(loss))
    swap = (Edit(LOSS, find_loss(facts)),) if losing else ()
    found = f"{head.activation} over one unit: its output is always 1"
    return Finding(
        found, "the loss cannot change", _locate(head), head.where, Fix((*set_activation(head, better), *swap))
    )


@rule("H02", "no-probabilities", "error", "static", Cause.HEAD, sure=True)
def no_probabilities(facts: Facts) -> Finding | None:
    """A loss that takes probabilities, and outputs that are none.

    What: a crossentropy (or the Kullback-Leibler divergence) without `from_logits`, behind outputs that can be negative or
        are cut off at 0: no activation at all, `relu`, `tanh`, ...
    Why: Keras clips what it takes for a probability to [1e-7, 1 - 1e-7]. Outside of that the gradient is 0, and what is
        cut off never comes back.
    Confirm: the outputs of an example do not sum to 1, or the first loss is far from ln(classes).
    Fix: `from_logits: true` on the loss, or `softmax` (one class of several) or `sigmoid` (yes or no) on the last layer.
    Source: UMLAUT (Schoop et al., CHI 2021); NeuraLint; AutoTrainer; keras.src.backend.tensorflow.nn.
    """
    head, loss = facts.network.head, facts.spec.train.loss
    probable = head.gives.shares or head.gives.positive
    if not (is_categorical(loss) or is_binary(loss)) or takes_logits(loss) or probable:
        return None
    targets = None if facts.dataset is None else facts.dataset.targets
    if targets is not None and not targets.shares:
        return None  # numbers that are no probabilities either: H12 tells of the loss, and no head would mend it
    effect = "values that are not probabilities are clipped and have no gradient"
    if facts.known.task == "regression" and is_binary(loss):
        fix = Fix.set(
            LOSS, "mean_squared_error", f"`{find_activation(loss)}` on the last layer, if the targets lie in [0, 1]"
        )
    elif head.activation == "linear" and has_argument(loss, "from_logits"):
        fix = Fix.set((*LOSS, "from_logits"), True, f"`{find_activation(loss)}` on the last layer")
    else:
        fix = Fix(set_activation(head, find_activation(loss)))
    found = f"{loss.name} takes probabilities (from_logits is false), and the last activation is {head.activation}"
    return Finding(found, effect, _locate(head), head.where, fix)


@rule("H03", "squashed-twice", "error", "static", Cause.HEAD, sure=True)
def squashed_twice(facts: Facts) -> Finding | None:
    """Outputs that are squeezed twice: softmax or sigmoid over what is bounded already.

    What: the loss has `from_logits: true` and the head tanh, sparsemax or another that squeezes; or softmax or sigmoid stands
        after one of these. After softmax and sigmoid as the last word Keras looks for the logits by itself: that is only told.
    Why: logits have to range far: from outputs between 0 and 1, softmax over k classes makes at most e / (e + k - 1),
        23 % of ten. The loss cannot come near 0, and gradients are small.
    Confirm: with ten classes the loss stays above 1.46, however well the classes are told apart.
    Fix: one of the two: `from_logits: false`, or no activation.
    Source: TheDeepChecker (Ben Braiek and Khomh, TOSEM 2023), redundant softmax.
    """
    head, loss = facts.network.head, facts.spec.train.loss
    effect = "the loss has a floor well above 0"
    level: Level | None = None
    if takes_logits(loss) and head.gives.bounded:
        if is_looked_behind(facts.spec.layers):
            effect, level = (
                "Keras takes the logits from before the activation: nothing is lost, but one of the two is not needed",
                "info",
            )
        applied = find_activation(loss)
        right = head.activation == applied
        fix = Fix.set((*LOSS, "from_logits"), False) if right else Fix(set_activation(head, "linear"))
        found = f"the loss applies {applied} itself (from_logits is true), and the last activation is {head.activation}"
    elif (head.gives.shares or head.gives.probability) and any(
        traits.get_activation(name).bounded for name in head.activations[:-1]
    ):
        fix = Fix(keep_last_activation(head))
        found = f"{head.activation} after {' and '.join(head.activations[:-1])}"
    else:
        return None
    return Finding(found, effect, _locate(head), head.where, fix, level)


@rule("H04", "sigmoid-for-one-of-many", "warning", "static", Cause.HEAD)
def sigmoid_for_one_of_many(facts: Facts) -> Finding | None:
    """A yes or no for each class, and a loss for one class among all.

    What: a categorical crossentropy without `from_logits`, and a head of `sigmoid`, `softplus` or `exponential` units.
    Why: the outputs do not sum to 1. Keras divides them by their sum, so only their ratios are learned: where all saturate
        together, no gradient is left.
    Confirm: the same training with softmax.
    Fix: `softmax`; or, if an example may have several classes, `binary_crossentropy`.
    Source: StackOverflow 55328966, 59278771; DeepLocalize's benchmark.
    """
    head, loss = facts.network.head, facts.spec.train.loss
    if not is_categorical(loss) or takes_logits(loss) or not head.gives.positive:
        return None
    if facts.known.task not in CLASS_TASKS or find_width(facts) == 1:
        return None
    found = (
        f"{loss.name} expects probabilities that sum to 1, and {head.activation} gives each class its own probability"
    )
    fix = Fix(set_activation(head, "softmax"))
    level: Level | None = "info" if facts.known.outputs == 2 else None
    return Finding(
        found, "only the ratios of the outputs are learned", _locate(head), head.where, fix, level, confidence=0.7
    )


@rule("H16", "hinge-without-signs", "error", "static", Cause.HEAD, sure=True)
def hinge_without_signs(facts: Facts) -> Finding | None:
    """A hinge loss on an output that is never negative.

    What: `hinge` or `squared_hinge`, one output, and a last activation that gives nothing below 0.
    Why: these losses tell two classes apart by the sign of the output: one class is never predicted.
    Confirm: every prediction is of one class.
    Fix: no activation, or `tanh`.
    Source: keras.losses.Hinge: max(1 - y * output, 0) with y = -1 or 1.
    """
    head, loss = facts.network.head, facts.spec.train.loss
    never = head.gives.positive or head.gives.clips
    if traits.get_loss(loss.name).output != "signed" or find_width(facts) != 1 or not never:
        return None
    found = f"{loss.name} tells classes apart by the sign of the output, and {head.activation} is never negative"
    return Finding(
        found, "one class is never predicted", _locate(head), head.where, Fix(set_activation(head, "linear"))
    )
