"""Where what a topic names as its source can be read."""

import re
from collections.abc import Iterator

from nnctl.topics.prose import read_prose

# What says by itself where it is: an address, a number of arXiv or of a publisher.
LOCATOR = re.compile(r"https?://\S|doi:10\.\d{4,}/\S|arXiv:\d{4}\.\d{4,5}")


def find_references(source: str) -> Iterator[str]:
    """The works that a source names, each with its address, and in full unless it is; nothing for what says where it is.

    Args:
        source: what a topic names, its parts between semicolons: `UMLAUT; Kingma and Ba 2015, 2.1`.
    """
    for part in source.split(";"):
        if LOCATOR.search(part):
            continue
        words = set(re.findall(r"\w+", part))
        for name, text in read_prose("reference").items():
            if words.issuperset(name.split()):
                work, _, address = text.rpartition(", ")
                yield address if work in part else text
        if "StackOverflow" in words:
            yield from (f"https://stackoverflow.com/q/{number}" for number in re.findall(r"\b\d{7,}\b", part))
