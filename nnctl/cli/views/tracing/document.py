"""A trace as JSON has it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nnctl.api import Forward, Traced, TracedLayer, TracedSlope, TracedUnit, TracedUpdate

_MOST = 1_000  # numbers of an array that are told; of a larger one its shape, bounds and zeros are


def document(traced: "Traced") -> dict[str, object]:
    """It as JSON has it; a number that is not finite is null."""
    return {
        "subject": traced.subject,
        "trained": traced.trained,
        "forward": _document_forward(traced.forward),
        "backward": [_document_slope(each) for each in traced.backward],
        "followed": traced.followed,
        "batch": traced.count,
        "updates": [_document_update(each) for each in traced.updates],
    }


def finite(value: float | None) -> float | None:
    """A number, or None for one that JSON does not have."""
    return value if value is not None and abs(value) < float("inf") else None


def list_numbers(array: "NDArray[Any] | None") -> object:
    """The numbers of an array as lists; None of one that is too large or is not there."""
    if array is None or array.size > _MOST:
        return None
    return _clean(array.astype("float64").tolist())


def _clean(value: Any) -> object:
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(each) for each in value]
    return finite(value) if isinstance(value, float) else value


def _document_forward(forward: "Forward") -> dict[str, object]:
    example, loss = forward.example, forward.loss
    return {
        "example": {
            "index": example.index,
            "row": example.row,
            "label": example.label,
            "weight": example.weight,
            "stored": list_numbers(example.stored),
            "fed": list_numbers(example.fed),
        },
        "layers": [_document_layer(each) for each in forward.layers],
        "units": [_document_unit(each) for each in forward.units],
        "chosen": forward.chosen,
        "answers": {name: finite(value) for name, value in forward.answers.items()},
        "probable": forward.probable,
        "loss": {
            "name": loss.name,
            "formula": loss.formula,
            "steps": list(loss.steps),
            "value": finite(loss.value),
            "penalty": finite(loss.penalty),
        },
    }


def _document_layer(layer: "TracedLayer") -> dict[str, object]:
    return {
        "index": layer.index,
        "name": layer.name,
        "activation": layer.activation,
        "formula": layer.formula,
        "input": list(layer.input),
        "output": list(layer.output.shape),
        "parameters": layer.parameters,
        "idle": layer.idle,
        "zeros": layer.zeros,
        "least": finite(float(layer.output.min())),
        "most": finite(float(layer.output.max())),
        "values": list_numbers(layer.output),
    }


def _document_unit(unit: "TracedUnit") -> dict[str, object]:
    return {
        "layer": unit.layer,
        "unit": unit.unit,
        "position": list(unit.position),
        "offset": list(unit.offset),
        "inputs": list_numbers(unit.inputs),
        "weights": list_numbers(unit.weights),
        "bias": finite(unit.bias),
        "sum": finite(unit.total),
        "activation": unit.activation,
        "outputs": list_numbers(unit.outputs),
    }


def _document_slope(slope: "TracedSlope") -> object:
    return _clean(asdict(slope))


def _document_update(update: "TracedUpdate") -> object:
    course = [dict(zip(("step", "loss", "weight"), each, strict=True)) for each in update.course]
    return _clean({**asdict(update), "course": course})
