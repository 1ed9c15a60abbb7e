"""What was meant by what stands in the place of a component or a value: a Python call, a name elsewhere, a web page's quote."""

import re
from dataclasses import dataclass, replace
from typing import Any

from nnctl.errors import Place
from nnctl.spec.catalogue.calls import Call, read_call, read_python
from nnctl.spec.catalogue.elsewhere import NO_SHAPE
from nnctl.spec.catalogue.entries import Entry, find_entry, list_spellings
from nnctl.spec.catalogue.foreign import ENTROPIES, find_foreign, fold_foreign
from nnctl.spec.catalogue.kinds import Items, Kind, Number
from nnctl.spec.text.patch import format_flow
from nnctl.spec.text.typography import make_plain, name_foreign, read_enclosed
from nnctl.spelling import find_nearest

_NAMED = ("name", "type", "class_name", "class", "kind")
_SEPARATED = re.compile(r"([:,])(?=\S)")
_DIMENSION = re.compile(r"([123])d\b")


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a value.

    Attributes:
        hint: it in words.
        meant: what surely was meant, as YAML in the place of what stands there; None where more than one thing may have been.
        place: what it takes the place of.
    """

    hint: str
    meant: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a component is read for.

    Attributes:
        axes: how many axes the data have beside their channels: 2 for images.
        entropy: the cross-entropy that fits the last layer.
    """

    axes: int = 2
    entropy: str = "sparse_categorical_crossentropy"


def advise_component(family: str, written: str, place: Place, kind: Kind, expectation: Expectation) -> Advice | None:
    """What to do about a name that no component of a family has, or None if nothing is known of it."""
    text, spot = _read_whole(written, place)
    plain = make_plain(text)
    call = read_call(plain, family, expectation.axes)
    if call is not None:
        return _write_call(call, spot, expectation)
    if family == "layer" and fold_foreign(plain.partition("(")[0]) in ("input", "inputs", "inputlayer"):
        return Advice(f"{NO_SHAPE}, and no layer says it", None, spot)
    if plain != text:
        bare, colon, rest = plain.strip("\"'").partition(":")
        if found := find_entry(family, bare) or _find_meant(family, bare, expectation):
            spaced = _SEPARATED.sub(r"\1 ", rest).strip()
            meant = f"{found.name}: {spaced}" if colon else found.name
            return Advice(f"write `{meant}`: {name_foreign(text)} is no plain one", meant, spot)
    if family == "activation" and fold_foreign(written) in ("none", "null", "linear"):
        return Advice("leave it out, or write linear", "linear", place)
    if found := _find_meant(family, written.removesuffix("()"), expectation):
        told = "" if family != "loss" or fold_foreign(written) not in ENTROPIES else " It fits the last layer"
        return Advice(f"did you mean {found.name!r}?{told}", found.name, place)
    if other := _find_elsewhere(family, written):
        return Advice(other, None, place)
    return None


def advise_value(written: str, place: Place, kind: Kind) -> Advice | None:
    """What to do about a text that is not of a kind: Python's `(3, 3)` and `1/100`, digits and brackets of another width."""
    text, spot = _read_whole(written, place)
    plain = make_plain(text)
    value = read_python(plain)
    if value is not None:
        if isinstance(value, float) and value.is_integer() and not _fits(value, kind):
            value = int(value)
        told = format_flow(value)
        return Advice(f"write {told}", told if _fits(value, kind) else None, spot)
    if plain != text:
        told = plain.strip("\"'")
        return Advice(f"write {told}: {name_foreign(text)} is no plain one", told, spot)
    return None


def advise_first(entry: Entry, written: object, place: Place, expectation: Expectation) -> Advice | None:
    """What to do about several positional arguments: `dense: 10, softmax`, `dense: [10, softmax]`."""
    if isinstance(written, list) and len(written) > 0 and all(isinstance(each, dict) for each in written):
        named = {name: value for each in written for name, value in each.items()}
        told = format_flow({entry.name: named})[1:-1]
        return (
            Advice(f"write `{told}`: arguments have no dashes", None, place)
            if named.keys() <= {*entry.arguments}
            else None
        )
    values = [part for part in re.split(r"[,\s]+", written) if part] if isinstance(written, str) else written
    if (
        not isinstance(values, list)
        or len(values) < 2
        or not all(isinstance(each, (str, int, float)) for each in values)
    ):
        return None
    call = read_call(f"{entry.name}({', '.join(map(str, values))})", entry.family, expectation.axes)
    if call is None or call.lost or len(call.values) != len(values):
        return None
    text = format_flow(call.values)
    return Advice(f"write `{entry.name}: {text}`", text if isinstance(written, str) else None, place)


def advise_map(family: str, given: dict[str, Any], place: Place) -> Advice | None:
    """What to do about a component whose name is a value: `{name: sgd, lr: 0.01}` is `sgd` and a rate."""
    key = next((key for key in _NAMED if isinstance(given.get(key), str)), None)
    entry = None if key is None else find_entry(family, given[key]) or _find_meant(family, given[key], Expectation())
    if key is None or entry is None:
        return None
    rest = {name: value for name, value in given.items() if name != key}
    rate = next((rest.pop(name) for name in ("lr", "learning_rate") if family == "optimizer" and name in rest), None)
    told = format_flow({entry.name: rest} if rest else entry.name)
    told = told[1:-1] if rest and family == "layer" else told
    written = f"`{told if family == 'layer' else f'{family}: {told}'}`"
    return Advice(
        f"write {written}" + (f" and `learning_rate: {format_flow(rate)}`" if rate is not None else ""), None, place
    )


def _write_call(call: Call, place: Place, expectation: Expectation) -> Advice:
    """The YAML of a Python call."""
    entry = call.entry
    if entry.family == "loss" and entry.name == Expectation().entropy and call.values.keys() <= {"from_logits"}:
        entry = find_entry("loss", expectation.entropy) or entry
    value = replace(call, entry=entry).value
    line = place.source.find_line(place.line)[: place.column - 1]
    flow = "{" in line or "[" in line
    bare = entry.family == "layer" and line.rstrip().endswith("-") and not flow
    told = format_flow(value)
    told = told[1:-1] if bare and isinstance(value, dict) else told
    lost = f"; {', '.join(call.lost)} has no counterpart here" if call.lost else ""
    if call.rate is not None:
        key, rate = line.strip(" {").rpartition(",")[2].strip().rstrip(":") or entry.family, format_flow(call.rate)
        meant = (
            f"{told}, learning_rate: {rate}"
            if flow
            else f"{told}\n{' ' * (len(line) - len(line.lstrip()))}learning_rate: {rate}"
        )
        hint = f"write `{key}: {told}` and `learning_rate: {rate}`{lost}"
        return Advice(hint, None if lost else meant, place)
    shown = f"`- {told}`" if bare else f"`{told}`"
    return Advice(f"write {shown}{lost}", None if lost else told, place)


def _find_meant(family: str, written: str, expectation: Expectation) -> Entry | None:
    """The component that another library's name means, or one in short, or of another number of axes."""
    if family == "loss" and fold_foreign(written) in ENTROPIES:
        return find_entry("loss", expectation.entropy)
    foreign = find_foreign(family, written, expectation.axes)
    if foreign is not None:
        return find_entry(family, foreign.name)
    bare = written.rpartition(".")[2]
    own = find_entry(family, bare) or find_entry(family, bare.lower()) if "." in written else None
    return own or find_entry(family, fold_foreign(written))


def _find_elsewhere(family: str, written: str) -> str | None:
    """What a name is that belongs to another family: accuracy is no loss."""
    if family == "layer":
        found = find_entry("activation", written) or find_entry("activation", fold_foreign(written))
        return f"an activation on its own is `- activation: {found.name}`" if found is not None else None
    if family == "loss" and (metric := find_entry("metric", written)) is not None:
        return (
            f"{metric.name} is a metric, without a gradient to follow: `metrics: [{metric.name}]`, and a loss beside it"
        )
    if family == "optimizer" and find_entry("schedule", written) is not None:
        return f"a schedule is a rate: `learning_rate: {written}`"
    return None


def find_nearest_component(family: str, written: str, choices: list[str], expectation: Expectation) -> str | None:
    """The spelling of a family that looks most like a name; of several numbers of axes the one that fits the data."""
    guess = find_nearest(written, [*list_spellings(family), *choices])
    found = find_entry(family, guess) if guess else None
    if found is None or _DIMENSION.search(fold_foreign(written)) or not _DIMENSION.search(found.name):
        return guess if found is None else found.name
    fitting = find_entry(family, _DIMENSION.sub(f"{expectation.axes}d", found.name))
    return (fitting or found).name


def _read_whole(written: str, place: Place) -> tuple[str, Place]:
    """A text and what commas of Python have cut off it, and where both stand."""
    if place.origin is not None or not any(each in written for each in "(（【［["):
        return written, place
    line = place.source.find_line(place.line)[place.column - 1 :]
    found = read_enclosed(line).rstrip()
    return (found, replace(place, width=len(found))) if found.startswith(written) else (written, place)


def _fits(value: object, kind: Kind) -> bool:
    """Whether a value of Python is of a kind."""
    if isinstance(value, list):
        lists = [each for each in kind if isinstance(each, Items)]
        fits = [len(value) >= each.least and (each.most is None or len(value) <= each.most) for each in lists]
        return any(fits)
    return any(each.fits(value) for each in kind if isinstance(each, Number))  # type: ignore[arg-type]
