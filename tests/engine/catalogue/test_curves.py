"""Each formula that `nnctl explain` shows, computed as it is written, is what Keras computes; so is each point of a curve."""

import inspect
import math
import re
from typing import Any

import keras
import numpy as np
import pytest

from nnctl.engine.catalogue.curves import format_curves
from nnctl.spec import catalogue
from nnctl.topics.curves import PATH
from nnctl.topics.prose import read_prose

X = np.array([-7.3, -2.6, -1.0, -0.7, -0.2, 0.0, 0.3, 0.5, 0.9, 1.0, 2.4, 6.5])
FORMULAS = {
    (family, name): told["formula"]
    for family in ("activation", "loss")
    for name, told in read_prose(family).items()
    if "formula" in (told or {})
}
MANY = {
    "max": np.maximum,
    "min": np.minimum,
    "sum": np.sum,
    "mean": np.mean,
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
}
ONE = {name: getattr(math, name) for name in ("exp", "log", "sqrt", "erf", "tanh", "cosh")} | {
    "max": max,
    "min": min,
    "abs": abs,
}


def defaults(function: Any) -> dict[str, Any]:
    """The arguments that a formula names, at Keras's defaults."""
    return {
        name: each.default
        for name, each in inspect.signature(function).parameters.items()
        if each.default is not each.empty
    }


def said(formula: str, names: dict[str, Any]) -> Any:
    """A formula's value; `, with d = ...` gives a name to a part of it."""
    formula, _, given = formula.partition(", with ")
    if given:
        name, _, part = given.partition(" = ")
        names = {**names, name: eval(part, {}, names)}
    return eval(formula, {}, names)


@pytest.mark.parametrize("name", [name for family, name in FORMULAS if family == "activation"])
def test_an_activation_is_its_formula(name: str) -> None:
    function = keras.activations.get(name)
    formula = FORMULAS["activation", name]
    if "sum(" in formula:
        told = said(formula, {**MANY, "x": X})
    else:
        told = [said(formula, {**ONE, **defaults(function), "x": float(x)}) for x in X]
    np.testing.assert_allclose(np.asarray(function(X[np.newaxis].astype("float32")))[0], told, rtol=2e-5, atol=2e-6)


def test_sparsemax_has_no_formula_while_keras_computes_another() -> None:
    """By Martins and Astudillo (2016) the outputs sum to 1; once they do, the formula can be shown."""
    found = np.asarray(keras.activations.sparsemax(np.array([[0.9, 0.4, 0.1]], "float32")))
    assert found.sum() == pytest.approx(0.3, abs=1e-6)
    assert ("activation", "sparsemax") not in FORMULAS


@pytest.mark.parametrize("name", [name for family, name in FORMULAS if family == "loss"])
def test_a_loss_is_its_formula(name: str) -> None:
    """Of one example with one output (or one right class of four), in float64."""
    made = getattr(keras.losses, str(catalogue.get_entry("loss", name).class_name))
    formula = FORMULAS["loss", name]
    one, p = 0.8, np.array([0.1, 0.6, 0.05, 0.25])
    y: Any = np.array([0.0, 1.0, 0.0, 0.0])
    if name == "kl_divergence":
        y = np.array([0.3, 0.4, 0.2, 0.1])
    names = {**defaults(made.__init__), **MANY, "abs": np.abs, "cosh": np.cosh}
    if "p[y]" in formula:
        told = said(formula, {**names, "y": 1, "p": p})
        found = made()(np.array([1]), p[np.newaxis].astype("float32"))
    elif re.search(r"\bsum\(", formula):
        names["max"] = lambda *given: max(*given) if len(given) > 1 else np.max(given[0])
        told = said(formula, {**names, "y": y, "p": p})
        found = made()(y[np.newaxis].astype("float32"), p[np.newaxis].astype("float32"))
    else:
        for target in (1.0, 3.0) if name in ("huber", "poisson") else (1.0,):
            told = said(formula, {**names, "y": target, "p": one})
            found = made()(np.array([[target]], "float32"), np.array([[one]], "float32"))
            assert float(found) == pytest.approx(told, rel=1e-4, abs=1e-6)
    assert float(found) == pytest.approx(float(told), rel=1e-4, abs=1e-6)


def test_the_curves_are_those_of_this_keras() -> None:
    assert PATH.read_text(encoding="utf-8") == format_curves(), "run `make catalogue`"
