"""What to start from: data sources and templates."""

from collections.abc import Iterator

from nnctl.data import DataSource, sources
from nnctl.spec.kinds import expected, kind
from nnctl.starters import TEMPLATES
from nnctl.topics.prose import paragraph, prose
from nnctl.topics.topic import Row, Shelf, Topic


def shelves() -> Iterator[Shelf]:
    """The shelves of data sources and of templates."""
    yield Shelf(
        "sources",
        "source",
        "where examples come from, in `data.source`; `nnctl data list` says what is on this disk",
        names=lambda: tuple(sources()),
        topic=_source,
        spellings=lambda: tuple(sources()),
    )
    yield Shelf(
        "templates",
        "template",
        "specs that `nnctl init --template` begins with",
        names=lambda: tuple(TEMPLATES),
        topic=_template,
        spellings=lambda: tuple(TEMPLATES),
    )


def _source(text: str) -> Topic | None:
    name, _, option = text.partition(".")
    source = sources().get(name)
    if source is None or (option and option not in source.options):
        return None
    told = prose("source").get(name) or {}
    options = told.get("options", {})
    if option:
        takes = expected(kind(source.options[option]))
        return Topic("argument", text, options.get(option, ""), (("Takes", takes),), see=(name,))
    rows = tuple(Row(each, expected(kind(text)), "", options.get(each, "")) for each, text in source.options.items())
    when = (("When to use it", paragraph(told["when"])),) if "when" in told else ()
    sections = (*when, ("Where from", _origin(source)))
    return Topic(
        "source", name, f"{source.summary}.", sections, rows, _example(source, told), source=told.get("source", "")
    )


def _origin(source: DataSource) -> str:
    if source.needs_path:
        return "the file or folder in `data.path`"
    if source.files:
        return "`data.path`, $NNCTL_DATA_DIR, Keras's cache, or a download: `nnctl data fetch` gets it"
    return "built in: it needs no network"


def _example(source: DataSource, told: dict[str, str]) -> str:
    path = f"\n  path: {told.get('path', 'mine.' + source.name)}" if source.needs_path else ""
    return f"data:\n  source: {told.get('example', source.name)}{path}"


def _template(name: str) -> Topic | None:
    template = TEMPLATES.get(name)
    if template is None:
        return None
    commands = (f"nnctl init --template {name}", f"nnctl train {name}.yaml")
    sections = (("Data", f"{template.source}, unless `--data` brings your own"),)
    return Topic("template", name, template.summary, sections, commands=commands, see=(template.source,))
