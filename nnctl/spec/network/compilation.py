"""What of a training is compiled with XLA: by what the network holds and how much work there is."""

from dataclasses import dataclass, replace
from typing import Literal

from nnctl.spec.catalogue import traits
from nnctl.spec.network.cost import WEIGHT, Cost, count_optimizer_values
from nnctl.spec.sections import Component, Spec

# Measured on two cores, Keras 3.15.1, TensorFlow 2.21, MNIST in batches of 128. A step under XLA beside one as a graph: the
# article's MLP 0.5 ms less, two layers of 16 units 0.2, eight of 64 units 0.8, with two dropouts 2, with two batch
# normalisations 2.6; an LSTM over 28 steps 5, a GRU 6, two directions 9. Its first call takes 0.4 to 0.8 s longer with three
# to six such layers, 1 to 1.3 s with a recurrent one. Convolutions become 2.5 to 25 times slower.
SAVED_A_LAYER, SAVED_BY_RECURRENCE = 0.08e-3, 1e-3  # seconds a step, at least
COMPILING, COMPILING_A_LAYER, COMPILING_RECURRENCE = 0.2, 0.08, 0.8  # seconds more than tracing a graph
# What XLA on the CPU does at least as well as TensorFlow's own kernels has the trait `xla`: products, element by element,
# normalisation, random masks (`nnctl.engine.loop.xla_random`), means and maxima over whole axes, loops over time.
#
# oneDNN, which a graph multiplies with, is faster at large matrices than XLA, by more than XLA saves around them: with the
# update compiled a step takes 3 % less at 1.5e9 products forward (two layers of 2,048 units, batch 256), 8 at 1.9e9, 12 to 15
# at 3e9 and 6e9; the same at 0.9e9. Normalisation and dropout make up for it, so it holds for plain layers.
LARGE = 1.5e9  # multiply-adds of a batch forward
# The update alone: Keras's optimizers go over weights, gradients and their own values once for each operation, XLA once in
# all. A network of 2.8 million weights behind a convolution, batch 32: Adam 32 -> 22 ms a step, AdamW 33 -> 21, Nadam 36 ->
# 22, RMSprop 25 -> 20, Lion 26 -> 21, Adagrad 23 -> 19, SGD with momentum 22 -> 19, Adam with clipnorm 32 -> 27: 0.9 to 2.4 ns
# for each value that the optimizer keeps. 43,000 weights take 0.3 ms more. Nothing gained: SGD without momentum, Adafactor
# (1 ms more), Muon (80 ms more), accumulated gradients (2 ms more). The first call takes 0.1 to 0.8 s longer.
SAVED_A_VALUE, LAUNCHING, COMPILING_UPDATE = 1e-9, 0.2e-3, 0.5  # seconds a step and kept value, a step, and once

Xla = bool | Literal["update"]


@dataclass(frozen=True, slots=True)
class Compilation:
    """What is compiled with XLA.

    Attributes:
        xla: True if a chunk of steps is one XLA computation; `update` if steps run as a TensorFlow graph, in which the
            optimizer's update is one XLA computation; False if all of it is a graph.
        reason: why, for people.
    """

    xla: Xla
    reason: str

    @property
    def name(self) -> str:
        """What it is called where people read."""
        return "graph, its update by XLA" if self.xla == "update" else "XLA" if self.xla else "graph"


def choose_compilation(spec: Spec, work: Cost) -> Compilation:
    """How to compile the steps of a training.

    Args:
        spec: the spec; its `train.xla` has the last word.
        work: what the training takes; its steps are known.
    """
    if spec.train.xla is not None:
        return Compilation(spec.train.xla, "as train.xla says")
    assert work.steps is not None
    steps = spec.train.epochs * work.steps
    reason = _find_objection(spec, steps, work)
    if reason is None:
        return Compilation(True, f"{steps:,} steps of layers that XLA fuses")
    if steps * (SAVED_A_VALUE * _count_fused(spec, work) - LAUNCHING) > COMPILING_UPDATE:
        return Compilation("update", f"{reason}; the update of {work.trained:,} weights gains")
    return Compilation(False, reason)


def expect_compilation(spec: Spec, work: Cost) -> Compilation | None:
    """What `choose_compilation` will say; None if that depends on a number of steps, or on shapes, not known yet."""
    little, much = (choose_compilation(spec, _assume_size(spec, work, size)) for size in (0, 10**12))
    return little if little == much else None


def _assume_size(spec: Spec, work: Cost, size: int) -> Cost:
    """What a training takes whose steps and weights, where they are not known, are so many."""
    if work.trained is None:
        kept = count_optimizer_values(spec.train.optimizer, [(size,)])
        work = replace(work, trained=size, products=size, memory={**work.memory, "optimizer": kept * WEIGHT})
    return replace(work, steps=size) if work.steps is None else work


def _find_objection(spec: Spec, steps: int, work: Cost) -> str | None:
    """What speaks against compiling whole steps, if anything does."""
    if spec.train.augment:
        return "augmentation does not compile under XLA"
    if spec.train.precision != "float32":
        return f"{spec.train.precision} has not been seen to gain from XLA on a CPU"
    if spec.data.options.get("embed"):
        return "the embedding of columns is not known to gain from XLA on a CPU"
    layers = _list_layers(spec.layers)
    if slow := next((layer.name for layer in layers if traits.get_layer(layer.name).xla is None), None):
        return f"{slow} is not known to gain from XLA on a CPU"
    plain = all(traits.get_layer(layer.name).xla == "plain" for layer in layers)
    if (work.products or 0) * work.batch_size >= LARGE and plain:
        return "products this large are faster without XLA"
    if steps < _find_break_even(layers):
        return f"{steps:,} steps are too few to pay for compiling"
    return None


def _count_fused(spec: Spec, work: Cost) -> int:
    """How many values the optimizer keeps whose update gains from XLA; 0 if none do, or if they are not known.

    The gradient of a table of embeddings holds a few rows, of which XLA would make all.
    """
    optimizer, layers = spec.train.optimizer, [layer.name for layer in _list_layers(spec.layers)]
    scattered = "embedding" in layers or bool(spec.data.options.get("embed"))
    if not traits.get_optimizer(optimizer.name).fuses or optimizer.arguments.get("gradient_accumulation_steps"):
        return 0
    return 0 if scattered or spec.train.precision == "mixed_float16" else (work.memory["optimizer"] or 0) // WEIGHT


def _find_break_even(layers: list[Component]) -> float:
    """From how many steps on compiling these layers takes less time than it saves."""
    recurrent = sum(traits.get_layer(layer.name).gates > 0 for layer in layers)
    saved = SAVED_A_LAYER * len(layers) + SAVED_BY_RECURRENCE * recurrent
    return (COMPILING + COMPILING_A_LAYER * len(layers) + COMPILING_RECURRENCE * recurrent) / saved


def _list_layers(layers: tuple[Component, ...]) -> list[Component]:
    """The layers and those that they wrap."""
    inner = [value for layer in layers for value in layer.arguments.values() if isinstance(value, Component)]
    return [*layers, *(layer for layer in inner if layer.family == "layer")]
