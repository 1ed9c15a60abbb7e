"""What to start from: data sources and templates."""

import inspect
import re
from collections.abc import Iterator

from nnctl.data import SOURCES, DataSource
from nnctl.spec.catalogue.kinds import describe_kind, parse_kind
from nnctl.starters import TEMPLATES
from nnctl.topics.prose import format_value, read_prose, unfold
from nnctl.topics.topic import Row, Shelf, Topic

# What the toy sets share, so that their functions do not say it eight times.
_DRAWN = {
    "samples": "how many examples are drawn.",
    "noise": "how far the examples are strewn; 0 is none.",
    "classes": "how many classes there are.",
    "length": "how many numbers an example holds.",
}
_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


def make_shelves() -> Iterator[Shelf]:
    """The shelves of data sources and of templates."""
    yield Shelf(
        "sources",
        "source",
        "where examples come from, in `data.source`; `nnctl data list` says what is on this disk",
        names=lambda: tuple(SOURCES),
        topic=_find_source,
        spellings=lambda: tuple(SOURCES),
    )
    yield Shelf(
        "templates",
        "template",
        "specs that `nnctl init --template` begins with",
        names=lambda: tuple(TEMPLATES),
        topic=_find_template,
        spellings=lambda: tuple(TEMPLATES),
    )


def _find_source(text: str) -> Topic | None:
    name, _, option = text.partition(".")
    source = SOURCES.get(name)
    if source is None or (option and option not in source.options):
        return None
    rows = {row.name: row for row in _list_options(source)}
    if option:
        row = rows[option]
        sections = [("Takes", row.takes), *([("Default", row.default)] if row.default else [])]
        return Topic("argument", text, row.doc, tuple(sections), see=(name,))
    told = read_prose("source").get(name) or {}
    when = (("When to use it", unfold(told["when"])),) if "when" in told else ()
    sections = [*when, ("Where from", _describe_origin(source))]
    about = (f"{source.summary}.", tuple(sections), tuple(rows.values()), _make_example(source, told))
    return Topic("source", name, *about, source=told.get("source", ""))


def _list_options(source: DataSource) -> Iterator[Row]:
    """A source's own arguments, as what declares them has them."""
    parameters = inspect.signature(source.declared).parameters
    docs = _parse_docs(inspect.getdoc(source.declared) or "")
    for name, text in source.options.items():
        default = format_value(parameters[name].default)
        yield Row(name, describe_kind(parse_kind(text)), default, docs.get(name) or _DRAWN.get(name, ""))


def _parse_docs(doc: str) -> dict[str, str]:
    """What a docstring says of each argument of a function, each attribute of a class."""
    _, _, rest = doc.replace("\nAttributes:\n", "\nArgs:\n").partition("\nArgs:\n")
    block = rest.partition("\n\n")[0]
    return {found[1]: unfold(found[2]) for found in _ARGUMENT.finditer(block)}


def _describe_origin(source: DataSource) -> str:
    if source.needs_path:
        return "the file or folder in `data.path`"
    if source.files:
        return "`data.path`, $NNCTL_DATA_DIR, Keras's cache, or a download: `nnctl data fetch` gets it"
    return "built in: it needs no network"


def _make_example(source: DataSource, told: dict[str, str]) -> str:
    path = f"\n  path: {told.get('path', 'mine.' + source.name)}" if source.needs_path else ""
    return f"data:\n  source: {told.get('example', source.name)}{path}"


def _find_template(name: str) -> Topic | None:
    template = TEMPLATES.get(name)
    if template is None:
        return None
    commands = (f"nnctl init --template {name}", f"nnctl train {name}.yaml")
    sections = (("Data", f"{template.source}, unless `--data` brings your own"),)
    return Topic("template", name, template.summary, sections, commands=commands, see=(template.source,))
