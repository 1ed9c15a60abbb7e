"""One entry of the catalogue: a component of Keras as its signature, its docstring and the reviewed table have it."""

from collections.abc import Mapping
from typing import Any

from nnctl.engine.catalogue.exports import Export, Parameter, convert_to_snake_case
from nnctl.engine.catalogue.reviewed import Review, find_own
from nnctl.engine.catalogue.rows import make_traits

Json = dict[str, Any]


class Joiner:
    """Makes the entries of one family.

    Args:
        family: its name.
        review: what the reviewed table says of it.
        known: what Keras exports of it; prose that one class lacks is taken from the first that has it.
    """

    def __init__(self, family: str, review: Review, known: Mapping[str, Export]) -> None:
        self.family, self.review = family, review
        self.prose = {name: doc for export in reversed(list(known.values())) for name, doc in export.docs.items()}

    def make_name(self, export: Export) -> str:
        """What the component is called in YAML."""
        return self.review.names.get(export.name, convert_to_snake_case(export.name))

    def make_entry(self, export: Export) -> Json:
        """The component's entry.

        Raises:
            LookupError: the reviewed table has neither a kind nor a reason to withhold for an argument, or no prose, or no row.
        """
        withheld, arguments = {}, {}
        for parameter in self._list_parameters(export):
            name = self.review.renamed.get(parameter.name, parameter.name)
            if reason := self._find_reason(export, name):
                withheld[name] = reason
            else:
                arguments[name] = self._join_argument(export, name, parameter)
        return {
            "class": export.name,
            "module": self.review.module,
            "aliases": self._list_aliases(export),
            "doc": export.doc,
            "first": self._find_first(export, arguments),
            "arguments": {**arguments, **{name: dict(added) for name, added in self.review.added.items()}},
            "withheld": dict(sorted(withheld.items())),
            "traits": make_traits(self.family, export.name, self.review.traits.get(export.name)),
        }

    def _list_parameters(self, export: Export) -> list[Parameter]:
        """The signature's parameters, then those that its `**kwargs` are known to take."""
        more = self.review.kwargs
        named = {parameter.name for parameter in export.parameters}
        own = [parameter for parameter in export.parameters if parameter.name not in more]
        return own + [
            Parameter(name, False, argument["default"])
            for name, argument in more.items()
            if name in named or export.takes_more
        ]

    def _find_reason(self, export: Export, name: str) -> str | None:
        if reason := find_own(self.review.own_withheld, export.name).get(name):
            return reason
        offered = name in find_own(self.review.own_kinds, export.name)
        return None if offered else self.review.withheld.get(name)

    def _join_argument(self, export: Export, name: str, parameter: Parameter) -> Json:
        more = self.review.kwargs.get(name, {})
        kind = find_own(self.review.own_kinds, export.name).get(name) or self.review.kinds.get(name) or more.get("kind")
        doc = more.get("doc") or self._find_doc(export, name, parameter)
        if kind is None or doc is None:
            lacking = "kind" if kind is None else "prose"
            raise LookupError(f"the reviewed table has no {lacking} for {self.family} {export.name}'s {name}")
        return {"kind": kind, **self._find_default(export, name, parameter), "doc": doc}

    def _find_doc(self, export: Export, name: str, parameter: Parameter) -> str | None:
        reviewed = find_own(self.review.own_docs, export.name).get(name) or self.review.docs.get(name)
        return reviewed or export.docs.get(parameter.name) or self.prose.get(parameter.name)

    def _find_default(self, export: Export, name: str, parameter: Parameter) -> Json:
        if name in self.review.required.get(export.name, ()):
            return {}
        changed = {**self.review.defaults, **find_own(self.review.own_defaults, export.name)}
        if name in changed:
            return {"default": changed[name]}
        return {} if parameter.required else {"default": parameter.default}

    def _find_first(self, export: Export, arguments: Mapping[str, Json]) -> str | None:
        if export.name in self.review.first:
            return self.review.first[export.name]
        first = next(iter(arguments), None)
        return first if first is not None and "default" not in arguments[first] else None

    def _list_aliases(self, export: Export) -> list[str]:
        """Every other spelling: the names in Keras, the same in its snake case, and what the table adds."""
        names = (export.name, *export.others)
        lower = [name.lower() if self.family == "optimizer" else convert_to_snake_case(name) for name in names]
        return sorted({*names, *lower, *self.review.aliases.get(export.name, ())} - {self.make_name(export)})


def make_own_entry(family: str, review: Review, name: str, entry: Mapping[str, Any]) -> Json:
    """The entry of a component of nnctl's own, which the reviewed table describes completely."""
    return {
        "class": None,
        "module": review.module,
        "aliases": [],
        "doc": entry["doc"],
        "first": entry["first"],
        "arguments": {**entry["arguments"], **{name: dict(added) for name, added in review.added.items()}},
        "withheld": {},
        "traits": make_traits(family, name, review.traits.get(name)),
    }
