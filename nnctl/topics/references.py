"""Where what a topic names as its source can be read."""

import re
from collections.abc import Iterator

from nnctl.topics.prose import prose

# What says by itself where it is: an address, a number of arXiv or of a publisher.
LOCATOR = re.compile(r"https?://\S|doi:10\.\d{4,}/\S|arXiv:\d{4}\.\d{4,5}")


def references(source: str) -> Iterator[str]:
    """The works that a source names, each in full with its address; nothing for what says itself where it is.

    Args:
        source: what a topic names, its parts between semicolons: `UMLAUT; Kingma and Ba 2015, 2.1`.
    """
    for part in source.split(";"):
        if LOCATOR.search(part):
            continue
        words = set(re.findall(r"\w+", part))
        yield from (text for name, text in prose("reference").items() if words.issuperset(name.split()))
        if "StackOverflow" in words:
            yield from (f"https://stackoverflow.com/q/{number}" for number in re.findall(r"\b\d{7,}\b", part))
