"""Networks that are larger than they need to be."""

from collections.abc import Iterator

from nnctl.diagnosis import budget, thresholds
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.network import read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.rule import Cause, rule


@rule("A14", "large-for-the-data", "info", "static", Cause.REGULARISATION)
def large_for_the_data(facts: Facts) -> Finding | None:
    """Many more weights than examples, and nothing against overfitting.

    What: more than 50 weights for each training example, without dropout, penalty, augmentation or early stopping.
    Why: such a network can memorise its examples. It may still do well; watch the validation loss.
    Confirm: the validation loss rises while the training loss falls.
    Fix: early stopping, which keeps the best epoch.
    Source: Zhang et al., ICLR 2017, Understanding Deep Learning Requires Rethinking Generalization.
    """
    spent, train = budget.compute_budget(facts), facts.spec.train
    if spent is None or facts.network.parameters <= thresholds.WEIGHTS_PER_EXAMPLE * spent.examples:
        return None
    held = any(
        layer.known.drops or layer.known.adds_noise or layer.known.batch_statistics for layer in facts.network.layers
    )
    penalised = any(read_argument(layer.inner, "kernel_regularizer") for layer in facts.network.weighted)
    if held or penalised or train.augment or train.early_stopping or read_argument(train.optimizer, "weight_decay"):
        return None
    found = f"{facts.network.parameters:,} weights for {spent.examples:,} examples"
    validated = facts.known.is_validated(facts.spec.data)
    fix = Fix.set(("train", "early_stopping"), thresholds.PATIENCE) if validated else None
    return Finding(found, "expect overfitting", (), "", fix, confidence=0.5)


@rule("A15", "huge-dense", "info", "static", Cause.ARCHITECTURE, sure=True)
def huge_dense(facts: Facts) -> Iterator[Finding]:
    """One dense layer with most of a large network's weights.

    What: a dense layer of more than 20 million weights.
    Why: after `flatten` each pixel of each filter has weights of its own: memory and time go there, and it overfits.
    Confirm: the layer table.
    Fix: `global_average_pooling2d` in the place of `flatten`, or more pooling.
    Source: Lin et al., ICLR 2014, Network in Network, 3.2.
    """
    layers = facts.network.layers
    for before, layer in zip((None, *layers), layers, strict=False):
        if layer.component.name == "dense" and layer.parameters > thresholds.LARGE_DENSE:
            flat = before is not None and before.component.name == "flatten" and len(before.input or ()) > 2
            fix = Fix((Edit(before.item, "global_average_pooling2d"),)) if before and flat else None
            found = f"{layer.parameters:,} weights in one layer"
            yield Finding(
                found, "this costs memory and time, and makes overfitting likely", layer.item, layer.where, fix
            )
