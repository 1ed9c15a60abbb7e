"""What the reviewed table says of things that Keras does not have, or no longer has."""

from collections.abc import Iterator, Mapping

from nnctl.engine.catalogue.exports import Export
from nnctl.engine.catalogue.reviewed import Review


def require_known(family: str, review: Review, known: Mapping[str, Export]) -> None:
    """Checks that the table speaks only of classes and arguments that there are.

    Raises:
        LookupError: with everything that it says in vain.
    """
    vain = sorted({*_find_classes(review, known), *_find_arguments(review, known), *_find_own_arguments(review, known)})
    if vain:
        raise LookupError(f"the reviewed table speaks in vain of {family}: {', '.join(vain)}")


def _find_classes(review: Review, known: Mapping[str, Export]) -> Iterator[str]:
    by_class = (review.names, review.aliases, review.first, review.required, review.excluded, review.traits)
    by_classes = (review.own_kinds, review.own_defaults, review.own_withheld, review.own_docs)
    named = [name for section in by_class for name in section]
    named += [name for own in by_classes for key in own for name in key.split()]
    return (name for name in named if name not in known and name not in review.ours)


def _find_arguments(review: Review, known: Mapping[str, Export]) -> Iterator[str]:
    there = {name for export in known.values() for name in _list_names(review, export)}
    sections = (review.kinds, review.defaults, review.withheld, review.docs)
    return (f"an argument {name}" for section in sections for name in section if name not in there)


def _find_own_arguments(review: Review, known: Mapping[str, Export]) -> Iterator[str]:
    for own in (review.own_kinds, review.own_defaults, review.own_withheld, review.own_docs):
        for classes, arguments in own.items():
            for name in set(classes.split()) & set(known):
                yield from (
                    f"{name}'s {argument}" for argument in arguments if argument not in _list_names(review, known[name])
                )


def _list_names(review: Review, export: Export) -> set[str]:
    """The arguments of a class by their names in YAML."""
    signature = {review.renamed.get(parameter.name, parameter.name) for parameter in export.parameters}
    return signature | (set(review.kwargs) if export.takes_more else set())
