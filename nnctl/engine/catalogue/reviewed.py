"""The reviewed table, `reviewed.yaml`: what Keras does not say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any, TypeVar

from nnctl.spec.text.document import read, strip_places

TABLE = Path(__file__).with_name("reviewed.yaml")

T = TypeVar("T")
Named = Mapping[str, T]


@dataclass(frozen=True, slots=True)
class Review:
    """What the table says of one family, section by section.

    A section is by argument; one whose name begins with `own_` is by class and then by argument, and comes first. Its keys may
    name several classes.

    Attributes:
        module: where Keras exports the family.
        names: of the classes whose name in YAML is not their name in snake case.
        aliases: further spellings of a class.
        renamed: arguments that are called something else in YAML.
        kinds, own_kinds: what an argument may be, in the language of `nnctl.spec.catalogue.kinds`.
        kwargs: the arguments behind a signature's `**kwargs`, each with kind, default and doc.
        added: the arguments that nnctl adds to each component, likewise.
        first: the argument that may stand for all, of classes whose first argument is not required; else it is that one.
        required: arguments that Keras gives a default that cannot be used.
        defaults, own_defaults: defaults that are not Keras's.
        withheld, own_withheld: the reason for which an argument is not offered; it completes "is not offered: ...".
        docs, own_docs: prose where Keras has none or none that fits.
        excluded: the reason for which a class is not offered; it completes "it ...".
        ours: components of nnctl's own, with doc, first and arguments.
        traits: what is known of a component beyond its signature: a row for each, in the words of `nnctl.spec.catalogue.traits`.
    """

    module: str
    names: Named[str] = field(default_factory=dict)
    aliases: Named[list[str]] = field(default_factory=dict)
    renamed: Named[str] = field(default_factory=dict)
    kinds: Named[str] = field(default_factory=dict)
    own_kinds: Named[Named[str]] = field(default_factory=dict)
    kwargs: Named[Named[Any]] = field(default_factory=dict)
    added: Named[Named[Any]] = field(default_factory=dict)
    first: Named[str] = field(default_factory=dict)
    required: Named[list[str]] = field(default_factory=dict)
    defaults: Named[Any] = field(default_factory=dict)
    own_defaults: Named[Named[Any]] = field(default_factory=dict)
    withheld: Named[str] = field(default_factory=dict)
    own_withheld: Named[Named[str]] = field(default_factory=dict)
    docs: Named[str] = field(default_factory=dict)
    own_docs: Named[Named[str]] = field(default_factory=dict)
    excluded: Named[str] = field(default_factory=dict)
    ours: Named[Named[Any]] = field(default_factory=dict)
    traits: Named[list[Any]] = field(default_factory=dict)


def read_reviews() -> dict[str, Review]:
    """The table, by family, each `$name` of its kinds replaced by what that stands for."""
    table = strip_places(read(TABLE))  # which, unlike PyYAML's own loaders, refuses a class that stands twice
    return {family: Review(**_spell_out(sections, table["kinds"])) for family, sections in table["families"].items()}


def find_own(section: Named[Named[T]], class_name: str) -> dict[str, T]:
    """What a section by class says of one class, from every key that names it."""
    return {
        argument: value
        for classes, arguments in section.items()
        if class_name in classes.split()
        for argument, value in arguments.items()
    }


def _spell_out(value: Any, kinds: Mapping[str, str]) -> Any:
    """The value with every `$name` in its texts replaced; kinds may refer to kinds."""
    if isinstance(value, dict):
        return {key: _spell_out(inner, kinds) for key, inner in value.items()}
    if not isinstance(value, str) or "$" not in value:
        return value
    return _spell_out(Template(value).substitute(kinds), kinds)
