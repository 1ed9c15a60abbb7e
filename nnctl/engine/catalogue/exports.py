"""What a module of Keras exports: its classes, or its functions where a family is one of functions."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnctl.engine.catalogue.docstrings import parse_arguments, parse_first_sentence
from nnctl.engine.network.build import find_module


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a signature.

    Attributes:
        name: its name.
        required: whether it has no default.
        default: its default as JSON has it (a tuple is a list), None where it is required.
    """

    name: str
    required: bool
    default: Any


@dataclass(frozen=True, slots=True)
class Export:
    """A class or function of Keras.

    Attributes:
        name: its own name (`MaxPooling2D`).
        others: the other names it is exported under (`MaxPool2D`), sorted.
        doc: the first sentence of its docstring.
        parameters: its parameters in the order of its signature, the input of a function left out.
        docs: the docstring's prose for each parameter that it describes.
        takes_more: whether it takes keyword arguments that its signature does not name.
    """

    name: str
    others: tuple[str, ...]
    doc: str
    parameters: tuple[Parameter, ...]
    docs: Mapping[str, str]
    takes_more: bool


def read_exports(module: str) -> dict[str, Export]:
    """The components that a module exports, by name.

    Args:
        module: its dotted path (`keras.layers`). Of `keras.activations` these are the functions of one tensor, `x`; of
            every other module its classes.
    """
    found: dict[Callable[..., Any], list[str]] = {}
    holder = find_module(module)
    wanted = _is_activation if module == "keras.activations" else inspect.isclass
    for name in sorted(vars(holder)):
        thing = getattr(holder, name)
        if not name.startswith("_") and wanted(thing):
            found.setdefault(thing, []).append(name)
    made = [_read_export(thing, names) for thing, names in found.items()]
    return {export.name: export for export in sorted(made, key=lambda export: export.name)}


def convert_to_snake_case(name: str) -> str:
    """A class's name as Keras writes it in lower case (`LeakyReLU` is `leaky_re_lu`), after its `to_snake_case`."""
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


def _is_activation(thing: Any) -> bool:
    return inspect.isfunction(thing) and next(iter(inspect.signature(thing).parameters), None) == "x"


def _read_export(thing: Callable[..., Any], names: list[str]) -> Export:
    own = thing.__name__ if thing.__name__ in names else names[0]
    others = tuple(name for name in names if name != own)
    signature = inspect.signature(thing.__init__ if inspect.isclass(thing) else thing)
    _, *rest = signature.parameters.values()  # the object itself, or the activation's input
    parameters = tuple(
        _read_parameter(each) for each in rest if each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)
    )
    doc = inspect.cleandoc(thing.__doc__ or "")
    docs = parse_arguments(doc, {parameter.name for parameter in parameters})
    return Export(own, others, parse_first_sentence(doc), parameters, docs, _takes_more(rest))


def _takes_more(parameters: list[inspect.Parameter]) -> bool:
    """Whether there is a `**kwargs`; beside `*args` it is the signature of `object`, which takes nothing."""
    kinds = {parameter.kind for parameter in parameters}
    return inspect.Parameter.VAR_KEYWORD in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds


def _read_parameter(found: inspect.Parameter) -> Parameter:
    required = found.default is found.empty
    return Parameter(found.name, required, None if required else _list_tuples(found.default))


def _list_tuples(value: Any) -> Any:
    return [_list_tuples(item) for item in value] if isinstance(value, (list, tuple)) else value
