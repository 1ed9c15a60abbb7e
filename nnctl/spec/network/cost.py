"""What a training will take: memory and arithmetic, from the shapes alone.

The numbers are those of the tensors that there must be. A library adds buffers of its own, and may free or recompute some:
they are for comparing specs and for seeing what will not fit, not for the last megabyte.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nnctl.spec.catalogue import traits
from nnctl.spec.outcomes import Outcome, Shape, Size, add_up, count
from nnctl.spec.sections import Component, DataFacts, Network, Spec

WEIGHT = 4  # bytes: weights, gradients and the optimizer's variables are float32 under every precision
ACTIVATION = {"float32": 4, "mixed_bfloat16": 2, "mixed_float16": 2}  # bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """What a training takes; None where it is not known.

    Attributes:
        input_shape: what the first layer gets, without the batch axis.
        layers: what each layer makes of its input.
        batch_size: examples a step; a batch larger than the data is one full batch.
        steps: steps of an epoch.
        examples: training examples of an epoch.
        parameters: values in all weights.
        trained: values in the weights that gradients change.
        products: multiplications with a weight for one example on its way forward.
        operations: floating-point operations of an epoch, a multiplication and an addition being two: training forward and
            backward, and validation forward. Products with weights only.
        memory: bytes by what they hold: `parameters`, `gradients`, `optimizer`, `activations` of one batch, and `data`: the
            training and validation examples as they are stored.
    """

    input_shape: Shape | None
    layers: tuple[Outcome, ...]
    batch_size: int
    steps: int | None
    examples: int | None
    parameters: Size
    trained: Size
    products: Size
    operations: Size
    memory: dict[str, Size]


def estimate_cost(spec: Spec, network: Network, facts: DataFacts, examples: int | None, validation: int) -> Cost:
    """What the training of a spec takes.

    Args:
        spec: the spec; the type of its products is decided.
        network: its layers, followed.
        facts: what is known of the data.
        examples: the training examples of an epoch, or None if they are not counted yet.
        validation: the validation examples, as far as they are known.
    """
    layers = network.outcomes
    batch_size = min(spec.train.batch_size, examples or spec.train.batch_size)
    shapes = _list_trained(layers)
    trained = None if shapes is None else add_up(count(shape) for shape in shapes)
    slots = None if shapes is None else count_optimizer_values(spec.train.optimizer, shapes)
    kept, parameters = add_up(each.activations for each in layers), add_up(each.parameters for each in layers)
    return Cost(
        input_shape=network.input,
        layers=() if network.shape is None else layers,
        batch_size=batch_size,
        steps=None if examples is None else -(-examples // batch_size),
        examples=examples,
        parameters=parameters,
        trained=trained,
        products=add_up(each.products for each in layers),
        operations=_count_operations(layers, examples, validation),
        memory={
            "parameters": _multiply(parameters, WEIGHT),
            "gradients": _multiply(trained, WEIGHT),
            "optimizer": _multiply(slots, WEIGHT),
            "activations": _multiply(kept, batch_size * ACTIVATION[spec.train.precision]),
            "data": _count_data_bytes(facts, examples, validation),
        },
    )


def estimate_demands(spec: Spec, work: Cost) -> list[tuple[int, int]]:
    """The bytes that each layer takes at the least: for its weights, their gradients and the optimizer's values; for a batch.

    Where all is known they add up to the memory of a training, but for its data; what is not known counts for nothing.
    """
    width = work.batch_size * ACTIVATION[spec.train.precision]
    return [(WEIGHT * _count_held(spec.train.optimizer, each), width * (each.activations or 0)) for each in work.layers]


def _count_held(optimizer: Component, layer: Outcome) -> int:
    """The values of a layer's weights, of their gradients, and of what an optimizer keeps beside them."""
    trained = layer.trained or ()
    gradients = sum(count(shape) or 0 for shape in trained)
    return (layer.parameters or 0) + gradients + count_optimizer_values(optimizer, trained)


def count_optimizer_values(optimizer: Component, shapes: Sequence[Shape]) -> int:
    """The values that an optimizer keeps beside weights of these shapes; a counter or two of single values is left out.

    As the `build` of each class of https://github.com/keras-team/keras/tree/v3.15.1/keras/src/optimizers has it;
    `tests/engine/test_cost.py` holds it against Keras.
    """
    given = optimizer.arguments
    kept = sum(_count_kept(optimizer, shape) for shape in shapes)
    every = sum(count(shape) or 0 for shape in shapes)
    averages = bool(given.get("use_ema")) + bool(given.get("gradient_accumulation_steps"))
    return kept + averages * every


def _count_kept(optimizer: Component, shape: Shape) -> int:
    """The values beside one weight. A table of embeddings counts as a matrix."""
    known, matrix = traits.get_optimizer(optimizer.name), len(shape) > 1
    each = known.slots + sum(bool(optimizer.arguments.get(flag)) for flag in known.more_slots)
    if known.matrix_slots is not None and len(shape) == 2:
        each = known.matrix_slots
    lines = (count(shape[:-1]) or 0) + (count((*shape[:-2], shape[-1])) or 0) if known.factored and matrix else 0
    return each * (count(shape) or 0) + lines


def _list_trained(layers: Sequence[Outcome]) -> list[Shape] | None:
    found: list[Shape] = []
    for layer in layers:
        if layer.trained is None or layer.parameters is None:
            return None
        found += layer.trained
    return found


def _count_operations(layers: Sequence[Outcome], examples: int | None, validation: int) -> Size:
    """Forward each product is done once; backward once more for the weights, and once for what lies below.

    The gradient of what a layer is fed is needed only where something below it is trained: the first layer's is not taken.
    As https://epoch.ai/blog/backward-forward-FLOP-ratio has it.
    """
    if examples is None:
        return None
    total, below = 0, False
    for layer in layers:
        if layer.products is None:
            return None
        passes = 1 + bool(layer.trained) + below
        total += 2 * layer.products * (passes * examples + validation)
        below = below or bool(layer.trained)
    return total


def _count_data_bytes(facts: DataFacts, examples: int | None, validation: int) -> Size:
    if facts.shape is None or facts.dtype is None or examples is None:
        return None
    bits = re.search(r"\d+$", facts.dtype)
    width = int(bits[0]) // 8 if bits else 1
    return _multiply(count(facts.shape), width * (examples + validation))


def _multiply(number: Size, factor: int) -> Size:
    return None if number is None else number * factor
