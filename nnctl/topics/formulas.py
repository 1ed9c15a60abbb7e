"""How a component is computed, and how the gradient goes back through it, in Python's signs, as the prose has it."""

from typing import Any

from nnctl.topics.prose import read_prose, unfold

_ACTIVATION = "activation"


def find_formula(family: str, name: str, activation: str | None = None) -> str | None:
    """The formula of a layer, an activation, a loss or an optimizer; None where none is told.

    Args:
        family: what it is.
        name: its name in the catalogue.
        activation: what stands for `activation` in the formula of a layer; None leaves the word.
    """
    return _fill(_find_prose(family, name).get("formula"), activation)


def find_gradient(name: str, activation: str | None = None) -> str | None:
    """The rule by which the gradient goes back through a layer; None where none is told.

    `g` is the gradient of the loss by the output, `dx` that by the input, `dW` that by the weights W, and `z` what the
    activation is applied to.

    Args:
        name: the layer's name in the catalogue.
        activation: what stands for `activation` in the rule; None leaves the word.
    """
    return _fill(_find_prose("layer", name).get("gradient"), activation)


def _find_prose(family: str, name: str) -> dict[str, Any]:
    found = read_prose(family)
    groups = found.values() if family == "layer" else (found,)
    return next((dict(group[name] or {}) for group in groups if name in group), {})


def _fill(text: str | None, activation: str | None) -> str | None:
    """A formula with the name of its activation; one that changes nothing is left out."""
    if text is None or activation is None:
        return text if text is None else unfold(text)
    text = unfold(text)
    if activation != "linear":
        return text.replace(f"{_ACTIVATION}'", f"{activation}'").replace(f"{_ACTIVATION}(", f"{activation}(")
    text = text.replace(f" * {_ACTIVATION}'(z)", "").replace(f" * {_ACTIVATION}'(x)", "")
    head, opened, rest = text.partition(f"{_ACTIVATION}(")
    if not opened:
        return text
    depth, end = 1, 0
    while depth:
        depth += {"(": 1, ")": -1}.get(rest[end], 0)
        end += 1
    return f"{head}{rest[: end - 1]}{rest[end:]}"
