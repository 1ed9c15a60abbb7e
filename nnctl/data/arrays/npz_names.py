"""Which arrays of an npz file are the examples, the labels and the weights of which split, by what people call them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nnctl.data.split_names import HELD_OUT, SPLITS, WORDS, settle

_ROLES = {
    "x": ("x", "data", "images", "features", "inputs"),
    "y": ("y", "labels", "label", "targets", "target"),
    "weight": ("sampleweight", "sampleweights"),
}
# Beside the words for splits in other places, where they are no languages.
_SHORT: dict[str, tuple[str, ...]] = {"train": ("tr",), "validation": (), "test": ("te",), HELD_OUT: ()}
# What names ended with before others were known, the first that is there.
_OLDER = {"test": ("test",), "validation": ("validation", "valid", "val")}
_BETWEEN = re.compile("[^a-z0-9]")
Pairs = dict[str, tuple[str, str]]
_Found = dict[tuple[str, str], str]

_WORDS = {split: (*words, *_SHORT[split]) for split, words in WORDS.items()}
# What each name means, capitals and what stands between its words left out: a role, its word, and the word for a split or "".
_MEANINGS = {
    name: (role, word, split)
    for role, words in _ROLES.items()
    for word in words
    for split in ("", *(each for words in _WORDS.values() for each in words))
    for name in (word + split, split + word)
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the arrays of a file are.

    Attributes:
        pairs: the names of the examples and labels of each split: of training, and of others if there are any; {} if it cannot
            be told. Of a pair of which one array is there the other is named as well: reading it tells what is missing.
        weight: the name of the weights of the training examples, or None.
    """

    pairs: Pairs
    weight: str | None = None

    def list_unused(self, held: Sequence[str]) -> list[str]:
        """The names of the arrays that are none of these."""
        used = {self.weight, *(name for pair in self.pairs.values() for name in pair)}
        return [name for name in held if name not in used]


def find_names(held: Sequence[str], older: bool = False) -> Names:
    """What the arrays of a file are by the usual names, in whichever order of words: `x_train`, `X_dev`, `test_labels`, `data`.

    Args:
        held: the names of the arrays.
        older: whether they are taken as they were before 0.3.0.
    """
    if older:
        return Names(_find_older(held))
    found = _sort_roles(held)
    train = next((word for word in (*_WORDS["train"], "") if _make_pair(found, word)), None)
    if train is None:
        return Names({})
    pairs = {"train": _make_pair(found, train), **_find_held_out(found, train == "")}
    weight = next((found["weight", word] for word in (train, "", *_WORDS["train"]) if ("weight", word) in found), None)
    return Names({split: pair for split, pair in pairs.items() if pair}, weight)


def find_single(held: Sequence[str]) -> Names:
    """What the arrays of a file are that holds one split alone, whichever: for a file that is held out."""
    pairs = [pair for pair in _find_held_out(_sort_roles(held), True).values() if pair]
    return Names({"train": pairs[0]} if len(pairs) == 1 else {})


def find_examples(held: Sequence[str]) -> str | None:
    """The name of the examples in a file that may have no labels: `x`, else test's, else training's; None if there are none."""
    found = _sort_roles(held)
    words = ("", *_WORDS["test"], *_WORDS["train"])
    return next((found["x", word] for word in words if ("x", word) in found), None)


def is_usual(pair: tuple[str, str]) -> bool:
    """Whether a pair has the names of Keras's files: x and y, perhaps with the split behind them, capitals or not."""
    return all(re.fullmatch("[xy](_(train|test|validation|valid|val))?", name.lower()) for name in pair)


def _sort_roles(held: Sequence[str]) -> _Found:
    """The name of each role's array for each word for a split; where several can be meant, that which is called x or y."""
    meant: dict[tuple[str, str], dict[str, str]] = {}
    for name in held:
        role, word, split = _MEANINGS.get(_BETWEEN.sub("", name.lower()), ("", "", ""))
        meant.setdefault((role, split), {}).setdefault(word, name)
    chosen = {key: words.get(key[0]) or next(iter(words.values())) for key, words in meant.items() if key[0]}
    return {key: name for key, name in chosen.items() if key[0] in meant[key] or len(meant[key]) == 1}


def _make_pair(found: _Found, split: str) -> tuple[str, str] | None:
    """The examples and labels of a word for a split; of x alone, or of y, the other is what it would be called."""
    x, y = found.get(("x", split)), found.get(("y", split))
    if not (x and y) and not any(
        name and _MEANINGS[_BETWEEN.sub("", name.lower())][1] in ("x", "y") for name in (x, y)
    ):
        return None
    ending = f"_{split}" if split else ""
    return x or f"x{ending}", y or f"y{ending}"


def _find_held_out(found: _Found, alone: bool) -> dict[str, tuple[str, str] | None]:
    """The pairs of the other splits; beside x and y `alone` only whole ones."""
    known = {split for split, words in _WORDS.items() for word in words if ("x", word) in found or ("y", word) in found}
    words: dict[str, list[str]] = {split: [*_WORDS[split]] for split in SPLITS if split != "train"}
    words[settle(HELD_OUT, known)] += _WORDS[HELD_OUT]
    pairs: dict[str, tuple[str, str] | None] = {}
    for split, some in words.items():
        made = (_make_pair(found, word) for word in some)
        whole = (pair for pair in made if pair and (not alone or set(pair) <= set(found.values())))
        pairs[split] = next(whole, None)
    return pairs


def _find_older(held: Sequence[str]) -> Pairs:
    known = {name.lower(): name for name in reversed(held)}

    def pair(ending: str) -> tuple[str, str] | None:
        x, y = f"x{ending}", f"y{ending}"
        return (known.get(x, x), known.get(y, y)) if x in known or y in known else None

    train = pair("_train")
    if train is None:
        alone = pair("")
        return {} if alone is None else {"train": alone}
    found = {
        split: next(filter(None, (pair(f"_{each}") for each in endings)), None) for split, endings in _OLDER.items()
    }
    return {"train": train, **{split: named for split, named in found.items() if named}}
