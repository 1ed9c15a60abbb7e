"""The JSON Schema of a spec: what editors complete, describe and underline by.

Made of the same tables that `check` goes by: the keys, the kinds, the catalogue. A key that a table gains is in the schema.
The dialect is draft-07: the newest that the YAML language server, VS Code, JetBrains and SchemaStore all take in full
(https://github.com/redhat-developer/yaml-language-server, https://www.schemastore.org/).

A schema cannot say what takes a look at several keys or at files: shapes, outputs, labels, names that stand once.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from nnctl.spec import catalogue
from nnctl.spec.catalogue import keys, tables
from nnctl.spec.catalogue.keys import Key
from nnctl.spec.catalogue.kinds import FAMILIES, Choice, Entries, Family, Items, Kind, Number, Plain, kind
from nnctl.spec.catalogue.tables import ABSENT
from nnctl.spec.load import NAME
from nnctl.spec.network.augmentation import augments
from nnctl.spec.train_section import DURATION

DIALECT = "http://json-schema.org/draft-07/schema#"
TITLE = "nnctl spec"
Schema = dict[str, Any]
_TYPES = {"bool": "boolean", "str": "string", "path": "string", "null": "null"}
_LIMITS = {">=": "minimum", "<=": "maximum", ">": "exclusiveMinimum", "<": "exclusiveMaximum"}
_INTERPOLATED = {"$ref": "#/definitions/interpolated"}
# `maxProperties: 1` says the same, and makes the language server propose nothing inside the map.
_SEVERAL: Schema = {"minProperties": 2}
# What each section must have, unless `base` names a spec that may have it.
_NEEDED = {"": ["data", "model", "train"], "data": ["source"], "model": ["layers"], "train": ["loss"]}


class SourceForm(NamedTuple):
    """What the schema says of a data source: its line in lists, and the kind of each of its own arguments."""

    summary: str
    options: Mapping[str, str]


def schema(sources: Mapping[str, SourceForm]) -> Schema:
    """The schema of the whole spec, as JSON has it.

    Args:
        sources: the data sources by name, which `nnctl.data` knows.
    """
    definitions: Schema = {family: _family(family, catalogue.names(family)) for family in FAMILIES}
    for family in FAMILIES:
        definitions |= {f"{family}.{name}": _component(family, name) for name in catalogue.names(family)}
    if "vars" in keys.TOP:
        note = "The value of an entry of `vars`."
        definitions["interpolated"] = {"type": "string", "pattern": r"\$\{.+\}", "description": note}
    given = {**_special(), "data.source": _source(sources), "data.offline": {"enum": [None, *sources]}}
    whole = _whole() if "base" in keys.TOP else {}
    about = {"$schema": DIALECT, "title": TITLE, "description": f"A spec of nnctl, on Keras {catalogue.version()}."}
    return {**about, **_table(keys.TOP, "", given), **whole, "definitions": definitions}


def _whole() -> Schema:
    """That what must be there is there, or a `base` that may have it."""
    sections = {name: {"required": needed} for name, needed in _NEEDED.items() if name}
    return {"if": {"required": ["base"]}, "else": {"required": _NEEDED[""], "properties": sections}}


def _table(table: Mapping[str, Key], prefix: str, given: Mapping[str, Schema]) -> Schema:
    """A map with the keys of a table."""
    properties = {name: _key(f"{prefix}{name}", key, given) for name, key in table.items()}
    needed = [] if "base" in keys.TOP else _NEEDED.get(prefix.removesuffix("."), [])
    required = {"required": needed} if needed else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **required}


def _key(path: str, key: Key, given: Mapping[str, Schema]) -> Schema:
    inner, default, example = tables.inner(path), tables.default(path), tables.example(path)
    doc = f"{key.doc} For example `{example}`." if example.startswith("{") else key.doc
    ways = list(_given(path, given[path])) if path in given else [_kind(key.kind)] if key.kind else []
    ways += [] if inner is None else [_table(inner, f"{path}.", given)]
    return {
        "description": _described(doc, default),
        **_either(ways),
        **({} if default is ABSENT else {"default": default}),
        **(_example(example) if example else {}),
    }


def _given(path: str, form: Schema) -> Iterable[Schema]:
    """The ways of a key that has a form of its own, and a reference to a variable."""
    return [*form.get("anyOf", [form]), *([] if path == "vars" else [_INTERPOLATED])]


def _example(text: str) -> Schema:
    """An example; a map is a snippet, as the language server calls each map among `examples` `[object Object]`."""
    value = _json(tables.plain(text))
    return {"defaultSnippets": [{"label": text, "body": value}]} if isinstance(value, dict) else {"examples": [value]}


def _json(value: Any) -> Any:
    """A value as JSON has it, where a key is a text."""
    return json.loads(json.dumps(value))


def _described(doc: str, default: object) -> str:
    return doc if default is ABSENT else f"{doc} Default: {json.dumps(default)}."


def _family(family: str, names: Iterable[str]) -> Schema:
    """A component of a family: a name that needs no arguments, or a map of one name and what it takes."""
    entries = [catalogue.named(family, name) for name in names]
    others = {entry.name: catalogue.spelled(entry)[1:] for entry in entries}
    bare = [entry for entry in entries if not _required(entry)]
    aliases = [spelling for entry in bare for spelling in others[entry.name]]
    proposed = {"enum": [entry.name for entry in bare], "enumDescriptions": [entry.doc for entry in bare]}
    patterns = {_exactly(others[e.name]): _reference(e) for e in entries if others[e.name]}
    ways: list[Schema] = [
        *([{"type": "string", **proposed}] if bare else []),  # an empty `enum` makes the language server refuse it all
        *([{"type": "string", "pattern": _exactly(aliases)}] if aliases else []),
        {
            "type": "object",
            "properties": {entry.name: {"description": entry.doc, "allOf": [_reference(entry)]} for entry in entries},
            "patternProperties": patterns,
            "additionalProperties": False,
            "minProperties": 1,
            "not": _SEVERAL,
        },
    ]
    return _either(ways)


def _exactly(names: Iterable[str]) -> str:
    return f"^({'|'.join(re.escape(name) for name in names)})$"


def _reference(entry: catalogue.Entry) -> Schema:
    return {"$ref": f"#/definitions/{entry.family}.{entry.name}"}


def _required(entry: catalogue.Entry) -> list[str]:
    return [argument.name for argument in entry.arguments.values() if argument.required]


def _component(family: str, name: str) -> Schema:
    """What stands behind a component's name: its arguments, its first argument, or nothing."""
    entry = catalogue.named(family, name)
    required = _required(entry)
    arguments: Schema = {
        "type": "object",
        "properties": {argument.name: _argument(argument) for argument in entry.arguments.values()},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }
    first = None if entry.first is None or set(required) - {entry.first} else entry.arguments[entry.first]
    ways = [arguments, *([] if first is None else [_kind(first.kind)]), *([] if required else [{"type": "null"}])]
    return {"title": name, "description": entry.doc, **_either(ways)}


def _argument(argument: catalogue.Argument) -> Schema:
    found = ABSENT if argument.required else argument.default
    told = {} if argument.required else {"default": argument.default}
    return {"description": _described(argument.doc, found), **_kind(argument.kind), **told}


def _source(sources: Mapping[str, SourceForm]) -> Schema:
    maps = {name: _options(form) for name, form in sources.items()}
    one = {"type": "object", "properties": maps, "additionalProperties": False, "minProperties": 1, "not": _SEVERAL}
    names = {"enum": list(sources), "enumDescriptions": [form.summary for form in sources.values()]}
    return {"anyOf": [{"type": "string", **names}, one]}


def _options(form: SourceForm) -> Schema:
    options = {
        name: {"description": f"The source's own argument `{name}`.", **_kind(text)}
        for name, text in form.options.items()
    }
    return {
        "description": form.summary,
        "type": ["object", "null"],
        "properties": options,
        "additionalProperties": False,
    }


def _kind(text: str) -> Schema:
    """The schema of a text of the language of kinds."""
    return _ways(kind(text))


def _ways(alternatives: Kind) -> Schema:
    texts = [each.text for each in alternatives if isinstance(each, Choice)]
    ways: list[Schema] = [{"enum": texts}] if texts else []
    # null last: of ways that fit equally badly the language server's message names the first.
    rest = [each for each in alternatives if not isinstance(each, Choice)]
    ways += [_way(each) for each in sorted(rest, key=lambda each: each == Plain("null"))]
    texted = any(isinstance(each, Plain) and each.name in ("str", "path") for each in alternatives)
    if "vars" in keys.TOP and not texted:
        ways.append(_INTERPOLATED)
    return _either(ways)


def _either(ways: list[Schema]) -> Schema:
    return {"anyOf": ways} if len(ways) > 1 else ways[0] if ways else {}


def _way(alternative: Number | Plain | Items | Family | Entries) -> Schema:
    if isinstance(alternative, Plain):
        return {"type": _TYPES[alternative.name]}
    if isinstance(alternative, Family):
        return {"$ref": f"#/definitions/{alternative.name}"}
    if isinstance(alternative, Items):
        most = {} if alternative.most is None else {"maxItems": alternative.most}
        return {"type": "array", "items": _ways(alternative.item), "minItems": alternative.least, **most}
    if isinstance(alternative, Entries):
        return {"type": "object", "additionalProperties": _ways(alternative.value)}
    limits: Schema = {_LIMITS[sign]: _tidy(limit) for sign, limit in alternative.bounds if sign in _LIMITS}
    unlike = [{"const": _tidy(limit)} for sign, limit in alternative.bounds if sign == "!="]
    return {"type": "integer" if alternative.whole else "number", **limits, **({"not": unlike[0]} if unlike else {})}


def _tidy(limit: float) -> int | float:
    return int(limit) if limit == int(limit) else limit


def _special() -> dict[str, Schema]:
    """The schema of each key whose form no kind says, by its path."""
    return {
        "vars": {"type": ["object", "null"]},
        "name": {"type": "string", "pattern": f"^{NAME.pattern}$", "not": {"const": "latest"}},
        "train.max_time": {"anyOf": [{"type": "null"}, {"type": "number", "exclusiveMinimum": 0}, _duration()]},
        "train.class_weight": {"anyOf": [{"enum": [None, "balanced"]}, _weights()]},
        "train.augment": {"anyOf": [{"type": "null"}, _augmentations()]},
    }


def _duration() -> Schema:
    return {"type": "string", "pattern": rf"^(?![0.]+[smh]?$){DURATION.pattern}$"}


def _weights() -> Schema:
    """A factor for each class; a map's keys are texts in JSON, whole numbers among them."""
    names = {"not": {"pattern": "^(-[0-9]+|true|false)$"}}
    return {"type": "object", "propertyNames": names, "additionalProperties": {"type": "number", "minimum": 0}}


def _augmentations() -> Schema:
    """A list of layers, none of them one that changes nothing at random."""
    idle = [name for name in catalogue.names("layer") if not augments(name)]
    spelled = [spelling for name in idle for spelling in catalogue.spelled(catalogue.named("layer", name))]
    unfit = {"anyOf": [{"enum": spelled}, {"type": "object", "propertyNames": {"enum": spelled}, "minProperties": 1}]}
    layer: Schema = {"allOf": [{"$ref": "#/definitions/layer"}, {"not": unfit}]}
    return {"type": "array", "items": layer, "maxItems": 50}
