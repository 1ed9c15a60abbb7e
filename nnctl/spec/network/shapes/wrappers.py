"""The shapes of layers that hold another layer."""

from dataclasses import replace

from nnctl.spec.catalogue import traits
from nnctl.spec.network.shapes.apply import apply
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import UNKNOWN, Outcome, Shape, ShapeError, add_up, count


def _apply_inside(layer: Layer, argument: str, shape: Shape) -> Outcome:
    """What the layer inside makes of the shape; its mistake becomes the wrapper's, at the argument that holds it."""
    try:
        return apply(layer.get_inner(argument), shape)
    except ShapeError as error:
        raise ShapeError(f"inside {layer.name}: {error.message}", argument, error.hint) from None


def distribute(layer: Layer, shape: Shape) -> Outcome:
    """The same layer on each step."""
    if len(shape) < 2:
        message = f"time_distributed needs steps and something at each, (steps, features) at least, got {shape}"
        hint = f"use the {layer['layer'].name} by itself, or keep the steps in the layers above"
        raise ShapeError(message, None, hint)
    inner = _apply_inside(layer, "layer", shape[1:])
    given = None if inner.shape is None else (shape[0], *inner.shape)
    often = {"products": count((shape[0], inner.products)), "inside": count((shape[0], inner.inside))}
    return Outcome(given, inner.weights, inner.fixed, view=inner.view, **often)


def read_both_ways(layer: Layer, shape: Shape) -> Outcome:
    """One layer from the first step to the last and one from the last to the first, joined along the last axis."""
    forward = layer.get_inner("layer")
    _require_both_ways(forward, "layer")
    there = _apply_inside(layer, "layer", shape)
    if layer["backward_layer"] is None:
        _require_direction(forward, "layer", backwards=False)
        back = there
    else:
        backward = layer.get_inner("backward_layer")
        _require_both_ways(backward, "backward_layer")
        _require_direction(backward, "backward_layer", backwards=not forward["go_backwards"])
        back = _apply_inside(layer, "backward_layer", shape)
    if there.weights is None or back.weights is None:
        return UNKNOWN
    products = add_up((there.products, back.products))
    inside = add_up((there.activations, back.activations))
    merged = _merge(layer, there.shape, back.shape)
    return Outcome(merged, there.weights + back.weights, there.fixed + back.fixed, products, inside)


def _require_both_ways(inner: Layer, argument: str) -> None:
    if not traits.get_layer(inner.name).gates:
        message = f"bidirectional needs a recurrent layer inside, got {inner.name}"
        raise ShapeError(message, argument, "lstm, gru or simple_rnn")


def _require_direction(inner: Layer, argument: str, *, backwards: bool) -> None:
    if bool(inner["go_backwards"]) != backwards:
        message = "bidirectional needs one layer that goes forwards and one that goes backwards"
        raise ShapeError(message, argument, f"`go_backwards: {str(backwards).lower()}` in the {inner.name}")


def _merge(layer: Layer, there: Shape | None, back: Shape | None) -> Shape | None:
    mode = layer["merge_mode"]
    if there is None or back is None or mode is None:
        return None
    if there != back:
        message = f"bidirectional needs two layers that give the same shape, got {there} and {back}"
        raise ShapeError(message, "backward_layer", "the same units and return_sequences in both")
    if mode == "concat":
        return (*there[:-1], None if there[-1] is None else 2 * there[-1])
    return there


def normalize_spectrum(layer: Layer, shape: Shape) -> Outcome:
    """The layer inside with its kernel divided by its largest singular value, which a vector of its own estimates."""
    inner = layer.get_inner("layer")
    if not traits.get_layer(inner.name).one_kernel:  # Keras asks it for an attribute `kernel` or `embeddings`
        message = f"spectral_normalization needs a layer with one kernel inside, got {inner.name}"
        raise ShapeError(message, "layer", "a dense, convolution or embedding layer")
    inside = _apply_inside(layer, "layer", shape)
    if inside.weights is None:
        return UNKNOWN
    vector = (1, inside.weights[0][-1])
    return replace(inside, weights=(*inside.weights, vector), fixed=(*inside.fixed, vector))
