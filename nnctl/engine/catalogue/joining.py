"""Joins what Keras says with what the reviewed table says, into the catalogue."""

import json
from collections.abc import Mapping
from typing import Any

import keras

from nnctl.engine.catalogue.entries import Joiner, make_own_entry
from nnctl.engine.catalogue.exports import Export, read_exports
from nnctl.engine.catalogue.reviewed import Review, read_reviews
from nnctl.engine.catalogue.stale import require_known
from nnctl.spec.catalogue.kinds import Number, parse_kind


def format_catalogue() -> str:
    """The catalogue as the text of its file."""
    return json.dumps(join_catalogue(), indent=1, ensure_ascii=False) + "\n"


def join_catalogue() -> dict[str, Any]:
    """The catalogue as plain values: Keras's version, the families, and what is excluded from them.

    Families and components are sorted by name; arguments stand in the order of Keras's signature.

    Raises:
        LookupError: the reviewed table lacks an argument of Keras's, or names a class or argument that Keras lacks.
    """
    families, excluded = {}, {}
    for family, review in sorted(read_reviews().items()):
        known = read_exports(review.module)
        require_known(family, review, known)
        families[family] = _join_family(family, review, known)
        excluded[family] = dict(sorted(review.excluded.items()))
    return {"keras": keras.__version__, "families": families, "excluded": excluded}


def _join_family(family: str, review: Review, known: Mapping[str, Export]) -> dict[str, Any]:
    joiner = Joiner(family, review, known)
    offered = [export for export in known.values() if export.name not in review.excluded]
    made = {joiner.make_name(export): joiner.make_entry(export) for export in offered}
    made |= {name: make_own_entry(family, review, name, entry) for name, entry in review.ours.items()}
    for entry in made.values():
        for argument in entry["arguments"].values():
            if "default" in argument:
                argument["default"] = _read_default(argument["default"], argument["kind"])
    return dict(sorted(made.items()))


def _read_default(default: Any, text: str) -> Any:
    """A default as the reader would return it: where a kind takes any number, 0 is 0.0."""
    numbers = [
        each
        for each in parse_kind(text)
        if isinstance(each, Number) and isinstance(default, int) and each.fits(default)
    ]
    return default if not numbers or numbers[0].whole else float(default)
