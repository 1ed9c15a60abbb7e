"""All shelves, and the way from what a user types to the topics that are meant."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module

from nnctl.errors import Problem, UsageError
from nnctl.spec import catalogue
from nnctl.spec.catalogue.entries import explain_exclusion
from nnctl.spec.catalogue.foreign import find_foreign_names, is_foreign
from nnctl.spec.catalogue.kinds import FAMILIES
from nnctl.spelling import find_nearest
from nnctl.topics import questions
from nnctl.topics.topic import Shelf, Topic

# Each is a module of this package with a function `make_shelves`; what has topics of its own adds its line here.
_PROVIDERS = ("guides", "sections", "terms", "components", "examples", "findings", "codes")
_MOST = 4  # names that are proposed


@cache
def list_shelves() -> tuple[Shelf, ...]:
    """Every shelf, in the order of lists."""
    return tuple(shelf for name in _PROVIDERS for shelf in import_module(f"nnctl.topics.{name}").make_shelves())


def find_shelf(name: str) -> Shelf:
    """The shelf of a name, in the plural or the singular.

    Raises:
        UsageError: there is none.
    """
    found = _match_shelf(name)
    if found is None:
        names = [each.name for each in list_shelves()]
        near = find_nearest(name, names)
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(names)}"
        raise UsageError(Problem("unknown-kind", f"there is no kind {name!r} to list", hint=hint))
    return found


def find_topics(words: Sequence[str]) -> list[Topic]:
    """The topics that words mean: one, or several of different kinds that share a name (`softmax`).

    A kind in front tells which is meant: `layer softmax`, `layer.softmax`.

    Raises:
        UsageError: there is none; the hint names the nearest.
    """
    text = " ".join(words).strip()
    parts = text.split(".")
    # What stands deep in a spec is known by its last words: train.optimizer.sgd.momentum, model.layers.1.dense
    tails = [".".join(parts[-2:]), parts[-1]] if len(parts) > 2 else []
    ways = (_find_foreign, _find_meant) if is_foreign(text) else (_find_meant, _find_foreign)
    found = next((topics for way in ways for each in (text, *tails) if (topics := way(each))), [])
    if not found and not (found := _answer(text)):
        raise UsageError(Problem("unknown-topic", f"there is no topic {text!r}", hint=_make_hint(text)))
    # A guide or a term says what its name means to most; it names the key or the layer that shares it.
    return found[:1] if found[0].kind in ("guide", "term") else found


def _answer(text: str) -> list[Topic]:
    """The topic that answers a question in words best, and below it the next best; nothing for a name."""
    kind, _, rest = text.partition(" ")
    if not questions.is_question(text) or (rest and " " not in rest and _match_shelf(kind)):
        return []
    best, others = (found := questions.rank(text, list_shelves()))[:1], found[1 : 1 + _MOST]
    return [replace(topic, see=tuple(map(_name, others))) for topic in best]


def _name(topic: Topic) -> str:
    """A topic by its name, with its kind where others share it."""
    alone = find_topics([topic.name]) == [topic]
    return topic.name if alone else f"{topic.kind} {topic.name}"


def _find_meant(text: str) -> list[Topic]:
    """The topics of a text, of one kind if it begins with one."""
    kind, _, rest = text.replace(".", " ").partition(" ")
    chosen = _match_shelf(kind) if rest else None
    found = [] if chosen is None else _find_on((chosen,), text[len(kind) + 1 :])
    return found or _find_on(list_shelves(), text)


def _find_foreign(text: str) -> list[Topic]:
    """The topics of what another library calls so: `nn.Linear` is `dense`."""
    names = find_foreign_names(text)
    meant = (
        [f"{family} {name}" for family, name in names] if names or not is_foreign(text) else [text.rpartition(".")[2]]
    )
    return [topic for each in meant for topic in _find_meant(each)]


def _find_on(among: Sequence[Shelf], text: str) -> list[Topic]:
    """The topics of a name as it is written, else as it sounds."""
    exact = [topic for each in among if (topic := each.topic(text)) is not None]
    return exact or [topic for each in among for topic in _match_sound(each, text)][:1]


def _match_sound(shelf: Shelf, text: str) -> Iterator[Topic]:
    for spelling in shelf.spellings():
        if _fold(spelling) == _fold(text) and (topic := shelf.topic(spelling)) is not None:
            yield topic


def _match_shelf(name: str) -> Shelf | None:
    return next((each for each in list_shelves() if _fold(name) in (_fold(each.name), _fold(each.noun))), None)


def _fold(text: str) -> str:
    return "".join(character for character in text.lower() if character not in " -_")


def _make_hint(text: str) -> str:
    for family in FAMILIES:
        if reason := explain_exclusion(family, text):
            return f"Keras has a {family} of this name, which a spec cannot hold: it {reason}"
    if owners := _find_owners(text):
        return f"it is an argument: {', '.join(f'`nnctl explain {owner}`' for owner in owners)}"
    return _propose(text)


def _find_owners(text: str) -> list[str]:
    """The components that have an argument of this name, the best known first."""
    known = ("dense", "conv2d", "lstm", "sgd", "rmsprop", "adam")
    entries = [catalogue.get_entry(family, name) for family in FAMILIES for name in catalogue.list_names(family)]
    found = [entry.name for entry in entries if text in entry.arguments]
    first = sorted(
        dict.fromkeys(found), key=lambda name: (name not in known, known.index(name) if name in known else 0)
    )
    return [f"{name}.{text}" for name in first[:_MOST]]


def _list_spellings() -> Iterator[str]:
    return (spelling for each in list_shelves() for spelling in each.spellings())


def _propose(text: str) -> str:
    names: dict[str, str] = {}
    for spelling in [*(name for each in list_shelves() for name in each.names()), *_list_spellings()]:
        names.setdefault(spelling.lower(), spelling)  # a name before its spelling as a class: `dropout`, not `Dropout`
    near = [names[name] for name in get_close_matches(text.lower(), names, n=_MOST, cutoff=0.7)]
    meant = find_nearest(text, names.values())
    proposed = list(dict.fromkeys([*([meant] if meant else []), *near]))
    if not proposed:
        return "`nnctl list` shows what there is, kind by kind"
    quoted = " or ".join(repr(name) for name in proposed[:_MOST])
    return f"did you mean {quoted}?"
