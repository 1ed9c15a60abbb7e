"""Layers, optimizers, losses and the other families of the catalogue."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from nnctl.spec import catalogue
from nnctl.spec.catalogue import Argument, Entry, tables
from nnctl.spec.catalogue.kinds import describe_kind, parse_kind
from nnctl.topics.curves import draw_component
from nnctl.topics.metrics import list_sections
from nnctl.topics.prose import format_value, read_prose, unfold
from nnctl.topics.topic import Row, Shelf, Topic


def _frame_kernel(family: str) -> str:
    """A network whose dense layer has a component of a family for its kernel, with a gap where that is named."""
    return f"model:\n  layers:\n    - dense: {{{{units: 64, kernel_{family}: {{}}}}}}"


# The shelves, with what each family is, and where a component of it stands in a spec.
_FAMILIES = {
    "layer": ("layers", "what a network is made of, in `model.layers`", "model:\n  layers:\n"),
    "activation": (
        "activations",
        "what bends the output of a layer, so that layers can do more than one could",
        "model:\n  layers:\n    - dense: {{units: 64, activation: {}}}",
    ),
    "loss": ("losses", "what training minimises, in `train.loss`", "train:\n  loss: {}"),
    "optimizer": ("optimizers", "how the loss is minimised, in `train.optimizer`", "train:\n  optimizer: {}"),
    "schedule": ("schedules", "how the learning rate changes, in `train.learning_rate`", "train:\n  learning_rate: {}"),
    "metric": ("metrics", "what is watched while training, in `train.metrics`", "train:\n  metrics: [{}]"),
    "initializer": ("initializers", "what weights begin with", _frame_kernel("initializer")),
    "regularizer": ("regularizers", "what is added to the loss for large weights", _frame_kernel("regularizer")),
    "constraint": ("constraints", "what weights are held to after each step", _frame_kernel("constraint")),
}

# What the letters of a formula stand for.
_GIVEN = {
    "loss": "Of one example; y is the target, p the output",
    "activation": "x is the input",
    "layer": "x is the input, W and b are the weights",
    "optimizer": "w is a weight, g its gradient, t the number of the step; m, v and a are kept",
}


def make_shelves() -> Iterator[Shelf]:
    """A shelf for each family."""
    for family, (name, what, _) in _FAMILIES.items():
        yield _make_shelf(family, name, what)


def _make_shelf(family: str, name: str, what: str) -> Shelf:
    return Shelf(
        name,
        family,
        what,
        names=lambda: _order_names(family),
        topic=lambda text: _find_topic(family, text),
        spellings=lambda: (*catalogue.list_spellings(family), *_map_others(family)),
        group=lambda text: _read_places(family).get(text, ("other", {}))[0],
        others=lambda text: _read_places(family).get(text, ("other", {}))[1].get("also", ()),
    )


def _order_names(family: str) -> tuple[str, ...]:
    """The names as their prose has them, group by group, what has none last."""
    told = [name for name in _read_places(family) if name in catalogue.list_names(family)]
    return (*told, *(name for name in catalogue.list_names(family) if name not in told))


@cache
def _read_places(family: str) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """The group and the prose of each name; only layers stand in groups."""
    found = read_prose(family)
    groups = found if family == "layer" else {"": found}
    return {name: (group, entry or {}) for group, entries in groups.items() for name, entry in entries.items()}


@cache
def _map_others(family: str) -> Mapping[str, str]:
    """The name for each other name in words."""
    return {each: name for name, (_, told) in _read_places(family).items() for each in told.get("also", ())}


def _find_topic(family: str, text: str) -> Topic | None:
    name, _, argument = text.partition(".")
    entry = catalogue.find_entry(family, _map_others(family).get(name, name))
    if entry is None:
        return None
    if argument:
        return _make_argument(entry, entry.arguments[argument]) if argument in entry.arguments else None
    told = _read_places(family).get(entry.name, ("", {}))[1]
    when = (("When to use it", unfold(told["when"])),) if "when" in told else ()
    sections = (*when, *_list_formulas(entry, told), *list_sections(entry))
    return Topic(
        family,
        entry.name,
        unfold(told.get("what", entry.doc)),
        sections,
        tuple(_make_row(argument) for argument in entry.arguments.values()),
        _make_example(entry, told),
        notes=tuple(_list_withheld(entry)),
        source=_format_source(entry, told),
        see=tuple(told.get("see", ())),
    )


def _list_formulas(entry: Entry, told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """How it is computed, and its curve in a block of code."""
    if "formula" in told:
        yield "Formula", f"```\n{told['formula']}\n```\n\n{_GIVEN[entry.family]}."
    if "gradient" in told:
        given = "g is the gradient of the loss by the output, dx that by the input; `nnctl trace SPEC` puts numbers in"
        yield "Gradient", f"```\n{told['gradient']}\n```\n\n{given}."
    if lines := draw_component(entry.family, entry.name):
        yield _name_curve(told.get("curve")), "\n".join(["```", *lines, "```"])


def _name_curve(asked: Mapping[str, Any] | None) -> str:
    if asked is None:
        return "Curve"
    over = (
        "over the probability of the right class"
        if asked["to"] < 1
        else f"over the output, for the target {asked['target']}"
    )
    return f"Curve, {over}"


def _list_withheld(entry: Entry) -> Iterable[tuple[str, str]]:
    if entry.withheld:
        yield "Not offered", "; ".join(f"{name}: {reason}" for name, reason in entry.withheld.items())


def _make_row(argument: Argument) -> Row:
    default = None if argument.required else format_value(argument.default)
    return Row(argument.name, describe_kind(parse_kind(argument.kind)), default, argument.doc)


def _make_argument(entry: Entry, argument: Argument) -> Topic:
    row = _make_row(argument)
    default = "must be given" if row.default is None else row.default
    sections = (("Takes", row.takes), ("Default", default))
    return Topic("argument", f"{entry.name}.{argument.name}", row.doc, sections, see=(entry.name,))


def _format_source(entry: Entry, told: Mapping[str, Any]) -> str:
    keras = f"{entry.module}.{entry.class_name}" if entry.class_name else "nnctl's own"
    return f"{keras}; {unfold(told['source'])}" if "source" in told else keras


def _make_example(entry: Entry, told: Mapping[str, Any]) -> str:
    """A piece of a spec: the one that is told, or the component with the arguments that it must have."""
    text = str(told.get("example") or _make_least(entry)).rstrip()
    if text.startswith(("data:", "model:", "train:")):
        return text
    frame = _FAMILIES[entry.family][2]
    if entry.family == "layer":
        return frame + "\n".join(f"    - {line}" for line in text.splitlines())
    return frame.format(text if ":" not in text else f"{{{text}}}")


def _make_least(entry: Entry) -> str:
    needed = [argument for argument in entry.arguments.values() if argument.required]
    if not needed:
        return entry.name
    if [argument.name for argument in needed] == [entry.first]:
        return f"{entry.name}: {tables.make_value(needed[0].kind)}"
    given = ", ".join(f"{argument.name}: {tables.make_value(argument.kind)}" for argument in needed)
    return f"{entry.name}: {{{given}}}"
