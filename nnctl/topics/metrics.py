"""What a metric takes of the network's output, and how it is computed, as `explain` tells it."""

from collections.abc import Iterator

from nnctl.spec.catalogue import Entry, traits
from nnctl.topics.prose import read_prose


def list_sections(entry: Entry) -> Iterator[tuple[str, str]]:
    """What is told of a metric beside its prose; nothing of any other component."""
    if entry.family != "metric":
        return
    known, told = traits.get_metric(entry.name), read_prose("computed")
    yield "Takes", told["takes"][known.takes]
    if "average" in entry.arguments:
        yield "Averages", told["averages"]
    if known.whole is not None:
        yield "Computed", f"Of validation, and by `nnctl evaluate`, from all outputs: {told['whole'][known.whole]}."
