"""A spec as YAML with every value written out, defaults of nnctl and of Keras included: `resolved.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from nnctl.spec import catalogue
from nnctl.spec.sections import Component, Data, Spec, Train

# A bare name among these says all that there is to say; Keras itself gives them so in its defaults.
_LEAVES = ("activation", "initializer", "regularizer", "constraint")


def resolve_spec(spec: Spec) -> dict[str, Any]:
    """The spec as plain maps, lists and scalars; paths are absolute, so that the text means the same anywhere."""
    return {
        "name": spec.name,
        "seed": spec.seed,
        "data": _simplify_data(spec.data),
        "model": {"layers": [simplify(layer) for layer in spec.layers]},
        "train": _simplify_train(spec.train),
    }


def dump(spec: Spec) -> str:
    """The spec as YAML, every value resolved; reading it gives a spec that builds, trains and scores as this one does."""
    return format_document(resolve_spec(spec))


def format_document(document: dict[str, Any]) -> str:
    """Plain maps, lists and scalars as the YAML of a spec."""
    return format_plain(_escape(document))


def format_plain(document: Any) -> str:
    """What a program has put together as the YAML of a spec; `${vars.name}` in a text refers to what it names."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def format_value(value: Any) -> str:
    """A plain value as YAML on one line: `{units: 4}`, `'64'`."""
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return text.removesuffix("\n").removesuffix("\n...")


def _escape(value: Any) -> Any:
    """The value with each `${` of its texts written so that it refers to nothing."""
    if isinstance(value, dict):
        return {key: _escape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_escape(item) for item in value]
    return value.replace("${", "$${") if isinstance(value, str) else value


def _simplify_data(data: Data) -> dict[str, Any]:
    values = {field.name: simplify(getattr(data, field.name)) for field in fields(data)}
    source: Any = {data.source: values["options"]} if data.options else data.source
    validation = "none" if data.validation is None else values["validation"]
    # What the loss and the output tell, and the version of a run, no spec says.
    dropped = ("options", "places", "classes", "probabilities", "numbers", "older")
    return {**{k: v for k, v in values.items() if k not in dropped}, "source": source, "validation": validation}


def _simplify_train(train: Train) -> dict[str, Any]:
    values = {field.name: simplify(getattr(train, field.name)) for field in fields(train) if field.name != "places"}
    if (stopping := train.early_stopping) is not None:
        values["early_stopping"] = {field.name: getattr(stopping, field.name) for field in fields(stopping)}
    values["max_time"] = values.pop("max_seconds")
    values["checkpoint"] = {"every_seconds": values.pop("every_seconds")}
    return {**values, "xla": "auto" if train.xla is None else train.xla}


def simplify(value: Any) -> Any:
    """A value of a section as maps, lists and scalars; a component with its defaults, a path absolute."""
    if isinstance(value, Component):
        return _simplify_component(value)
    if isinstance(value, Path):
        return str(value.absolute())
    if isinstance(value, Mapping):
        return {key: simplify(inner) for key, inner in value.items()}
    return [simplify(item) for item in value] if isinstance(value, (list, tuple)) else value


def _simplify_component(component: Component) -> Any:
    if component.family in _LEAVES and not component.arguments:
        return component.name
    entry = catalogue.find_entry(component.family, component.name)
    defaults = {} if entry is None else {a.name: a.default for a in entry.arguments.values() if not a.required}
    known = entry.arguments if entry else component.arguments
    values = {**defaults, **component.arguments}
    arguments = {name: simplify(values[name]) for name in known if name in values}
    return {component.name: arguments} if arguments else component.name


class _Dumper(yaml.SafeDumper):
    """Writes what stands in two places twice, without an anchor."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


# Texts that YAML 1.2 reads as numbers and YAML 1.1, which PyYAML writes, does not: they get quotes.
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.?[0-9]+|[0-9]+\.[0-9]*)[eE][-+]?[0-9]+$|0o[0-7]+$"),
    [*"-+.0123456789"],
)
