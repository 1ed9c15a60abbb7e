"""One forward pass, one backward pass, one step of gradient descent, made visible layer by layer."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnctl.diagnosis.facts.network import LayerFacts, NetworkFacts
from nnctl.diagnosis.facts.probes import LayerProbe
from nnctl.engine.loop.training import Training
from nnctl.runs.diagnostics import LayerCheck
from nnctl.spec.catalogue import traits
from nnctl.spec.network.reduction import depends_on_batch

EXAMPLES = 256
_MOST_BATCHES = 16  # of them, where the loss depends on the batch
_FEW = 1e-5  # an output that never gets further from 0 than this counts as 0: TheDeepChecker's bound
_SATURATED_SHARE = 0.9  # of examples: TheDeepChecker


class Layers:
    """Looks at the layers of a training, changing nothing in it.

    Args:
        training: the training.
        network: the network's layers, as its spec has them.
        often: whether it looks more than a few times.
    """

    def __init__(self, training: Training, network: NetworkFacts, often: bool = False) -> None:
        self.training = training
        self.facts = network.weighted
        users = find_users_layers(training.model)
        self.layers = [users[facts.index] for facts in self.facts]
        self.ends = [users[_find_end(facts, network)] for facts in self.facts]
        outputs = [layer.output for layer in self.ends]
        self.network = keras.Model(training.model.inputs, [*outputs, training.model.outputs[0]]) if outputs else None
        self.loss = training.targets.build_loss()
        train = training.dataset.train
        rows = np.linspace(0, len(train.x) - 1, min(EXAMPLES, len(train.x))).astype(int)
        self.x, self.y = tf.constant(train.x[rows]), tf.constant(train.y[rows])
        size = training.steps.batch_size if depends_on_batch(training.spec.train.loss) else len(rows)
        starts = range(0, len(rows), size)[:_MOST_BATCHES]
        self.batches = [slice(start, min(start + size, len(rows))) for start in starts]
        # As a graph, whose making costs what a few passes cost that are not made into one.
        self._compute = tf.function(self._compute_passes, autograph=False) if often else self._compute_passes

    def compare(self, answers: Any) -> Any:
        """The loss of answers to the examples, without penalties; one that depends on the batch over batches of training's size.

        Batches count as Keras counts them in the loss of an epoch: by their examples.
        """
        if len(self.batches) == 1:
            return self.loss(self.y, answers)
        losses = [self.loss(self.y[rows], answers[rows]) for rows in self.batches]
        return self.average(losses)

    def average(self, values: Sequence[Any]) -> Any:
        """The mean of a value for each batch, as it counts in the loss of an epoch."""
        sizes = [rows.stop - rows.start for rows in self.batches]
        return sum(size * value for size, value in zip(sizes, values, strict=True)) / sum(sizes)

    def probe(self, step: Callable[[], None]) -> tuple[LayerProbe, ...]:
        """The layers as they are; one step of the optimizer, which `step` makes, is taken back."""
        if self.network is None:
            return ()
        _, outputs, gradients = self.run_passes()
        return self.compute_probes(outputs, gradients, self.copy_kernels(), self._measure_updates(step))

    def compute_probes(
        self,
        outputs: Sequence[Any],
        gradients: Sequence[np.ndarray],
        kernels: Sequence[np.ndarray],
        updates: Sequence[np.ndarray],
    ) -> tuple[LayerProbe, ...]:
        """The layers by their outputs, gradients, kernels and what a step changed in these."""
        return tuple(
            _probe(*each)
            for each in zip(self.facts, map(np.asarray, outputs), gradients, kernels, updates, strict=True)
        )

    def compute_checks(
        self,
        outputs: Sequence[Any],
        gradients: Sequence[np.ndarray],
        kernels: Sequence[np.ndarray],
        updates: Sequence[np.ndarray],
    ) -> tuple[LayerCheck, ...]:
        """What of the layers is looked at on the way of a training, for which less is computed; arguments as above."""
        return tuple(_check(*each) for each in zip(self.facts, outputs, gradients, kernels, updates, strict=True))

    def copy_kernels(self) -> list[np.ndarray]:
        """A copy of the kernel of each layer."""
        return [np.array(_find_kernel(layer).numpy()) for layer in self.layers]

    def run_passes(self) -> tuple[tuple[float, float], Sequence[Any], list[np.ndarray]]:
        """The loss and the penalties, the outputs of each layer, and the gradient of each kernel, without the penalties'.

        Nothing changes: the network runs as it does when it is used. Keras's recurrent layers draw their dropout masks even
        then, so that the seeds are put back.
        """
        if self.network is None:
            return (math.nan, math.nan), (), []
        seeds = [(each, each.numpy()) for each in self.network.variables if "int" in each.dtype]
        loss, penalties, outputs, gradients = self._compute()
        for variable, value in seeds:
            variable.assign(value)
        return (float(loss), float(penalties)), outputs, [each.numpy() for each in gradients]

    def _compute_passes(self) -> tuple[Any, Any, list[Any], list[Any]]:
        """What `run_passes` tells, as tensors."""
        assert self.network is not None
        kernels = [_find_kernel(layer).value for layer in self.layers]
        with tf.GradientTape() as tape:
            *outputs, answer = self.network(self.x, training=False)
            loss = self.compare(answer)
        found = tape.gradient(loss, kernels)
        penalties = tf.add_n([tf.cast(each, tf.float32) for each in self.network.losses] or [tf.zeros(())])
        zeros = [tf.zeros(kernel.shape, tf.float32) for kernel in kernels]
        gradients = [none if g is None else tf.convert_to_tensor(g) for g, none in zip(found, zeros, strict=True)]
        return loss, penalties, outputs, gradients

    def _measure_updates(self, step: Callable[[], None]) -> list[np.ndarray]:
        """What one step changes in each kernel."""
        held = SavedVariables(self.training)
        before = self.copy_kernels()
        step()
        after = self.copy_kernels()
        held.restore()
        return [later - earlier for later, earlier in zip(after, before, strict=True)]


class SavedVariables:
    """Every number of a training, to go back to.

    Args:
        training: the training.
    """

    def __init__(self, training: Training) -> None:
        model = training.model
        self.variables = [
            *model.variables,
            *model.optimizer.variables,
            *(v for m in model.metrics for v in m.variables),
        ]
        if training.augmentation is not None:
            self.variables += training.augmentation.variables
        self.values = [variable.numpy() for variable in self.variables]

    def restore(self) -> None:
        """Puts every number back."""
        for variable, value in zip(self.variables, self.values, strict=True):
            variable.assign(value)


def find_users_layers(model: keras.Model) -> list[keras.Layer]:
    """The layers that the spec names, without the scaling in front of them and behind them."""
    return [layer for layer in model.layers if not layer.name.startswith(("input", "output_scaling"))]


def find_kernels(model: keras.Model, network: NetworkFacts) -> list[Any]:
    """The variable that is the kernel of each layer with weights, in order."""
    users = find_users_layers(model)
    return [_find_kernel(users[facts.index]) for facts in network.weighted]


def _find_end(facts: LayerFacts, network: NetworkFacts) -> int:
    """The index of the layer behind which the activation of a layer has been applied."""
    own = facts.component.arguments.get("activation")
    if own is not None or facts.activation == "linear":
        return facts.index
    for layer in network.layers[facts.index + 1 :]:
        if layer.weighted:
            break
        if layer.component.name in ("activation", facts.activation):
            return layer.index
    return facts.index


def _find_kernel(layer: keras.Layer) -> Any:
    """The first weight of a layer: its kernel; of a wrapper or a recurrent layer, that of what it holds."""
    return layer.trainable_weights[0] if layer.trainable_weights else layer.weights[0]


# Where a training diverges, sums are beyond every float: inf and NaN tell so.
@np.errstate(over="ignore", invalid="ignore")
def _probe(
    facts: LayerFacts, output: np.ndarray, gradient: np.ndarray, kernel: np.ndarray, update: np.ndarray
) -> LayerProbe:
    units = output.reshape(-1, output.shape[-1]).astype(np.float32)
    weight = _compute_rms(kernel)
    return LayerProbe(
        index=facts.index,
        mean=float(units.mean()),
        deviation=float(units.std()),
        zeros=float(np.mean(units == 0)),
        dead=_measure_dead(facts.activation, units),
        saturated=_measure_saturated(facts.activation, units),
        gradient=_compute_rms(gradient),
        weight=weight,
        update=_compute_rms(update) / max(weight, 1e-12),
    )


@np.errstate(over="ignore", invalid="ignore")
def _check(facts: LayerFacts, output: Any, gradient: np.ndarray, kernel: np.ndarray, update: np.ndarray) -> LayerCheck:
    known, units = traits.get_activation(facts.activation), np.empty((1, 0), np.float32)
    if known.dies or known.saturates is not None:
        units = np.asarray(output).reshape(-1, output.shape[-1]).astype(np.float32, copy=False)
    return LayerCheck(
        index=facts.index,
        name=facts.component.name,
        gradient=_compute_rms(gradient),
        update=_compute_rms(update) / max(_compute_rms(kernel), 1e-12),
        dead=_measure_dead(facts.activation, units),
        saturated=_measure_saturated(facts.activation, units),
    )


def _measure_dead(activation: str | None, units: np.ndarray) -> float:
    if not traits.get_activation(activation).dies:
        return 0.0
    return float(
        np.mean(np.maximum(units.max(axis=0), -units.min(axis=0)) <= _FEW)
    )  # far faster than to take abs of all


def _measure_saturated(activation: str | None, units: np.ndarray) -> float:
    bounds = traits.get_activation(activation).saturates
    if bounds is None:
        return 0.0
    low, high = bounds
    outside = np.mean((units <= low) | (units >= high), axis=0)
    return float(np.mean(outside > _SATURATED_SHARE))


def _compute_rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
