"""Which source a `data` section means, and what is wrong with the section whatever the data hold."""

import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from nnctl.data.source import DataSource, find_place
from nnctl.data.sources import SOURCES
from nnctl.errors import DataError, Place, Problem
from nnctl.spec.catalogue import keys
from nnctl.spec.catalogue.belonging import find_home
from nnctl.spec.catalogue.kinds import Entries, Family, Items, Kind, describe_kind, parse_kind
from nnctl.spec.catalogue.loaders import suggest_option, suggest_source
from nnctl.spec.sections import ROWS, Data
from nnctl.spelling import find_certain, find_nearest


def select_source(data: Data) -> DataSource:
    """The source that the section names.

    Raises:
        DataError: with every mistake: an unknown source or option, a path missing or of no use, an unfit `offline`.
    """
    source = SOURCES.get(data.source)
    if source is None:
        raise DataError(_explain_unknown(data.source, data.places.get("source"), tuple(SOURCES)))
    checks = (
        _find_option_problems,
        _find_path_problems,
        _find_offline_problems,
        _find_split_problems,
        _find_skip_problems,
    )
    problems = [problem for check in checks for problem in check(source, data)]
    if problems:
        raise DataError(*problems)
    return source


def check_paths(data: Data) -> None:
    """Checks that what the section's paths name is there: regular files or folders.

    Raises:
        DataError: with every path that is not.
    """
    problems = [problem for key, path in _list_paths(data) if (problem := _find_fault(path, data.places.get(key)))]
    if problems:
        raise DataError(*problems)


def replace_path(data: Data, key: str, path: Path) -> Data:
    """The section with `path` as its path, whose faults are shown where `key` stands."""
    places = dict(data.places)
    places.pop("path", None)
    if key in data.places:
        places["path"] = data.places[key]
    return replace(data, path=path, places=places)


def adapt_section(data: Data, known: Collection[str], texts: Sequence[str] | None, numbers: bool) -> Data:
    """The section as another file is read with it: a table is taken for what it is in training, and nothing is weighed.

    Args:
        data: the section.
        known: the options that its source takes.
        texts: the columns that hold texts in training; None of what is no table.
        numbers: whether the table's labels are numbers in training.
    """
    if texts is not None and data.labels == "auto":
        data = replace(data, labels="raw" if numbers else "integer")
    if "sample_weight" in known:
        return replace(data, options={**data.options, "sample_weight": "none"})
    return replace(data, options={**data.options, "categories": list(texts)}) if texts else data


def _explain_unknown(name: str, where: Place | None, names: tuple[str, ...]) -> Problem:
    near = find_nearest(name, names)
    hint = f"did you mean {near!r}?" if near else f"there are {', '.join(names)}"
    told, meant = suggest_source(name, names)
    message = f"there is no data source {name!r}"
    return Problem("unknown-source", message, where, told or hint, meant or find_certain(name, names))


def _find_option_problems(source: DataSource, data: Data) -> Iterator[Problem]:
    for name, value in data.options.items():
        if name not in source.options:
            home = find_home("data.source", name) if name in keys.DATA else None
            hint, meant = home or suggest_option(name, source.options)
            hint = hint or (f"it takes {', '.join(source.options)}" if source.options else "it takes none")
            message = f"the source {source.name} has no argument {name!r}"
            yield Problem("unknown-option", message, find_place(data, f"source.{name}:"), hint, meant)
        elif not _fits(parse_kind(source.options[name]), value):
            wanted = describe_kind(parse_kind(source.options[name]))
            message = f"{source.name}'s {name} is {value!r}, expected {wanted}"
            yield Problem("bad-value", message, find_place(data, f"source.{name}"))


def _fits(wanted: Kind, value: object) -> bool:
    """Whether a bare value is of a kind; options are scalars, and lists and maps of them, never components."""
    if isinstance(value, dict):
        return any(
            all(_fits(each.value, inner) for inner in value.values()) for each in wanted if isinstance(each, Entries)
        )
    if isinstance(value, list):
        lists = [each for each in wanted if isinstance(each, Items)]
        return any(_is_long_enough(each, value) and all(_fits(each.item, item) for item in value) for each in lists)
    scalar = value is None or isinstance(value, (bool, int, float, str))
    plain = [each for each in wanted if not isinstance(each, (Items, Entries, Family))]
    return scalar and any(each.fits(value) for each in plain)  # type: ignore[arg-type]


def _is_long_enough(items: Items, value: list[object]) -> bool:
    return items.least <= len(value) and (items.most is None or len(value) <= items.most)


def _find_path_problems(source: DataSource, data: Data) -> Iterator[Problem]:
    if source.needs_path and data.path is None and "path" not in data.options:  # which is told where it stands
        hint = f"add `path: FILE`; for a set with a name there are {', '.join(_list_named())}"
        yield Problem("missing-path", f"the source {source.name} needs a path", find_place(data), hint)
    for key, path in () if source.takes_path else _list_paths(data):
        message = f"{source.name} comes with its package and reads no file, so {key} cannot be {path}"
        yield Problem("unused-path", message, find_place(data, key), "`source: npz` reads arrays from a file")


def _list_named() -> list[str]:
    return [source.name for source in SOURCES.values() if not source.needs_path]


def _find_offline_problems(source: DataSource, data: Data) -> Iterator[Problem]:
    where = data.places.get("offline")
    shipped = tuple(each.name for each in SOURCES.values() if not each.takes_path)
    if data.offline is None:
        return
    other = SOURCES.get(data.offline)
    if other is None:
        yield _explain_unknown(data.offline, where, shipped)
    elif other.takes_path:
        message = f"{other.name} may have to be downloaded itself, so it cannot stand in for {source.name}"
        yield Problem("bad-offline", message, where, f"there are {', '.join(shipped)}")
    elif source.needs_path or not source.takes_path:
        message = f"{source.name} is never downloaded, so `offline` has no use"
        yield Problem("bad-offline", message, where, "remove it")
    elif (mine := _describe_examples(source)) != (theirs := _describe_examples(other)):
        yield Problem("bad-offline", f"{other.name} has {theirs}, {source.name} has {mine}", where)


def _find_split_problems(source: DataSource, data: Data) -> Iterator[Problem]:
    """What keeps `split` from cutting: a source without columns, or nothing that is cut from the training examples."""
    if data.split is None:
        return
    where = find_place(data, "split")
    ((kind, column),) = data.split.items()
    if source.column is None and (kind, column) != ("time", ROWS):
        message = f"split cuts by {column!r}, and {source.name} has no column but its examples and labels"
        hint = f"`split: {{time: {ROWS}}}` if the rows stand in the order of time"
        yield Problem("no-column", message, where, hint)


def _find_skip_problems(source: DataSource, data: Data) -> Iterator[Problem]:
    """What is to be left out where there is none of it."""
    for lack in data.skip or {}:
        if data.skips(lack) and lack not in source.lacks:
            others = ", ".join(each.name for each in SOURCES.values() if lack in each.lacks)
            what = {"unlabelled": "an example without a label", "unreadable": "a picture that cannot be read"}[lack]
            message = f"skip leaves out what is {lack}, and {source.name} has never {what}"
            yield Problem("unused-skip", message, find_place(data, "skip"), f"remove it; it is for {others}")


def _describe_examples(source: DataSource) -> str:
    return f"examples of shape {source.facts.shape} and {source.facts.outputs} outputs ({source.facts.task})"


def _list_paths(data: Data) -> Iterator[tuple[str, Path]]:
    for key, value in (("path", data.path), ("validation", data.validation), ("test", data.test)):
        if isinstance(value, Path):
            yield key, value


def _find_fault(path: Path, where: Place | None) -> Problem | None:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Problem("unreadable-data", f"{path} cannot be read: {reason}", where)
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return Problem("unreadable-data", f"{path} is neither a file nor a folder", where)
