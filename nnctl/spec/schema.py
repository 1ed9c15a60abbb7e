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
from nnctl.spec.catalogue.entries import read_version, spell_entry
from nnctl.spec.catalogue.keys import Key
from nnctl.spec.catalogue.kinds import FAMILIES, Choice, Entries, Family, Items, Kind, Number, Plain, parse_kind
from nnctl.spec.catalogue.tables import ABSENT
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


def build_schema(sources: Mapping[str, SourceForm]) -> Schema:
    """The schema of the whole spec, as JSON has it.

    Args:
        sources: the data sources by name, which `nnctl.data` knows.
    """
    definitions: Schema = {family: _make_family(family, catalogue.list_names(family)) for family in FAMILIES}
    for family in FAMILIES:
        definitions |= {f"{family}.{name}": _make_component(family, name) for name in catalogue.list_names(family)}
    if "vars" in keys.TOP:
        note = "The value of an entry of `vars`."
        definitions["interpolated"] = {"type": "string", "pattern": r"\$\{.+\}", "description": note}
    given = {**_make_special(), "data.source": _make_source(sources), "data.offline": {"enum": [None, *sources]}}
    whole = _require_needed() if "base" in keys.TOP else {}
    about = f"A spec of nnctl, on Keras {read_version()}."
    top = {"$schema": DIALECT, "title": TITLE, "description": about, **_make_table(keys.TOP, "", given)}
    return {**top, **whole, "definitions": definitions}


def _require_needed() -> Schema:
    """That what must be there is there, or a `base` that may have it."""
    sections = {name: {"required": needed} for name, needed in _NEEDED.items() if name}
    return {"if": {"required": ["base"]}, "else": {"required": _NEEDED[""], "properties": sections}}


def _make_table(table: Mapping[str, Key], prefix: str, given: Mapping[str, Schema]) -> Schema:
    """A map with the keys of a table."""
    properties = {name: _make_key(f"{prefix}{name}", key, given) for name, key in table.items()}
    needed = [] if "base" in keys.TOP else _NEEDED.get(prefix.removesuffix("."), [])
    required = {"required": needed} if needed else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **required}


def _make_key(path: str, key: Key, given: Mapping[str, Schema]) -> Schema:
    inner, default, example = tables.find_inner(path), tables.find_default(path), tables.make_example(path)
    doc = f"{key.doc} For example `{example}`." if example.startswith("{") else key.doc
    ways = list(_list_ways(path, given[path])) if path in given else [_make_kind(key.kind)] if key.kind else []
    ways += [] if inner is None else [_make_table(inner, f"{path}.", given)]
    return {
        "description": _describe(doc, default),
        **_join_ways(ways),
        **({} if default is ABSENT else {"default": default}),
        **(_make_example(example) if example else {}),
    }


def _list_ways(path: str, form: Schema) -> Iterable[Schema]:
    """The ways of a key that has a form of its own, and a reference to a variable."""
    return [*form.get("anyOf", [form]), *([] if path == "vars" else [_INTERPOLATED])]


def _make_example(text: str) -> Schema:
    """An example; a map is a snippet, as the language server calls each map among `examples` `[object Object]`."""
    value = json.loads(json.dumps(tables.parse_value(text)))  # in JSON a key is a text
    return {"defaultSnippets": [{"label": text, "body": value}]} if isinstance(value, dict) else {"examples": [value]}


def _describe(doc: str, default: object) -> str:
    return doc if default is ABSENT else f"{doc} Default: {json.dumps(default)}."


def _make_family(family: str, names: Iterable[str]) -> Schema:
    """A component of a family: a name that needs no arguments, or a map of one name and what it takes."""
    entries = [catalogue.get_entry(family, name) for name in names]
    others = {entry.name: spell_entry(entry)[1:] for entry in entries}
    bare = [entry for entry in entries if not _list_required(entry)]
    aliases = [spelling for entry in bare for spelling in others[entry.name]]
    proposed = {"enum": [entry.name for entry in bare], "enumDescriptions": [entry.doc for entry in bare]}
    patterns = {_match_exactly(others[e.name]): _refer_to(e) for e in entries if others[e.name]}
    ways: list[Schema] = [
        *([{"type": "string", **proposed}] if bare else []),  # an empty `enum` makes the language server refuse it all
        *([{"type": "string", "pattern": _match_exactly(aliases)}] if aliases else []),
        {
            "type": "object",
            "properties": {entry.name: {"description": entry.doc, "allOf": [_refer_to(entry)]} for entry in entries},
            "patternProperties": patterns,
            "additionalProperties": False,
            "minProperties": 1,
            "not": _SEVERAL,
        },
    ]
    return _join_ways(ways)


def _match_exactly(names: Iterable[str]) -> str:
    return f"^({'|'.join(re.escape(name) for name in names)})$"


def _refer_to(entry: catalogue.Entry) -> Schema:
    return {"$ref": f"#/definitions/{entry.family}.{entry.name}"}


def _list_required(entry: catalogue.Entry) -> list[str]:
    return [argument.name for argument in entry.arguments.values() if argument.required]


def _make_component(family: str, name: str) -> Schema:
    """What stands behind a component's name: its arguments, its first argument, or nothing."""
    entry = catalogue.get_entry(family, name)
    required = _list_required(entry)
    arguments: Schema = {
        "type": "object",
        "properties": {argument.name: _make_argument(argument) for argument in entry.arguments.values()},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }
    first = None if entry.first is None or set(required) - {entry.first} else entry.arguments[entry.first]
    ways = [arguments, *([] if first is None else [_make_kind(first.kind)]), *([] if required else [{"type": "null"}])]
    return {"title": name, "description": entry.doc, **_join_ways(ways)}


def _make_argument(argument: catalogue.Argument) -> Schema:
    found = ABSENT if argument.required else argument.default
    told = {} if argument.required else {"default": argument.default}
    return {"description": _describe(argument.doc, found), **_make_kind(argument.kind), **told}


def _make_source(sources: Mapping[str, SourceForm]) -> Schema:
    maps = {name: _make_options(form) for name, form in sources.items()}
    one = {"type": "object", "properties": maps, "additionalProperties": False, "minProperties": 1, "not": _SEVERAL}
    names = {"enum": list(sources), "enumDescriptions": [form.summary for form in sources.values()]}
    return {"anyOf": [{"type": "string", **names}, one]}


def _make_options(form: SourceForm) -> Schema:
    inner = {
        name: {"description": f"The source's own argument `{name}`.", **_make_kind(text)}
        for name, text in form.options.items()
    }
    return {"description": form.summary, "type": ["object", "null"], "properties": inner, "additionalProperties": False}


def _make_kind(text: str) -> Schema:
    """The schema of a text of the language of kinds."""
    return _make_ways(parse_kind(text))


def _make_ways(alternatives: Kind) -> Schema:
    texts = [each.text for each in alternatives if isinstance(each, Choice)]
    ways: list[Schema] = [{"enum": texts}] if texts else []
    # null last: of ways that fit equally badly the language server's message names the first.
    rest = [each for each in alternatives if not isinstance(each, Choice)]
    ways += [_make_way(each) for each in sorted(rest, key=lambda each: each == Plain("null"))]
    texted = any(isinstance(each, Plain) and each.name in ("str", "path") for each in alternatives)
    if "vars" in keys.TOP and not texted:
        ways.append(_INTERPOLATED)
    return _join_ways(ways)


def _join_ways(ways: list[Schema]) -> Schema:
    return {"anyOf": ways} if len(ways) > 1 else ways[0] if ways else {}


def _make_way(alternative: Number | Plain | Items | Family | Entries) -> Schema:
    if isinstance(alternative, Plain):
        return {"type": _TYPES[alternative.name]}
    if isinstance(alternative, Family):
        return {"$ref": f"#/definitions/{alternative.name}"}
    if isinstance(alternative, Items):
        most = {} if alternative.most is None else {"maxItems": alternative.most}
        return {"type": "array", "items": _make_ways(alternative.item), "minItems": alternative.least, **most}
    if isinstance(alternative, Entries):
        return {"type": "object", "additionalProperties": _make_ways(alternative.value)}
    limits: Schema = {_LIMITS[sign]: _tidy(limit) for sign, limit in alternative.bounds if sign in _LIMITS}
    unlike = [{"const": _tidy(limit)} for sign, limit in alternative.bounds if sign == "!="]
    return {"type": "integer" if alternative.whole else "number", **limits, **({"not": unlike[0]} if unlike else {})}


def _tidy(limit: float) -> int | float:
    return int(limit) if limit == int(limit) else limit


# Letters of any script: what JSON Schema can say of them is which of ASCII's signs are none.
_NAME = r"^[^\s!-/:-@\[-`{-~][^\s!-,/:-@\[-^`{-~]{0,63}$"


def _make_special() -> dict[str, Schema]:
    """The schema of each key whose form no kind says, by its path."""
    duration = {"type": "string", "pattern": rf"^(?![0.]+[smh]?$){DURATION.pattern}$"}
    return {
        "vars": {"type": ["object", "null"]},
        "name": {"type": "string", "pattern": _NAME, "not": {"const": "latest"}},
        "train.max_time": {"anyOf": [{"type": "null"}, {"type": "number", "exclusiveMinimum": 0}, duration]},
        "train.class_weight": {"anyOf": [{"enum": [None, "balanced"]}, _make_weights()]},
        "train.augment": {"anyOf": [{"type": "null"}, _make_augmentations()]},
    }


def _make_weights() -> Schema:
    """A factor for each class; a map's keys are texts in JSON, whole numbers among them."""
    names = {"not": {"pattern": "^(-[0-9]+|true|false)$"}}
    return {"type": "object", "propertyNames": names, "additionalProperties": {"type": "number", "minimum": 0}}


def _make_augmentations() -> Schema:
    """A list of layers, none of them one that changes nothing at random."""
    idle = [name for name in catalogue.list_names("layer") if not augments(name)]
    spelled = [spelling for name in idle for spelling in spell_entry(catalogue.get_entry("layer", name))]
    unfit = {"anyOf": [{"enum": spelled}, {"type": "object", "propertyNames": {"enum": spelled}, "minProperties": 1}]}
    layer: Schema = {"allOf": [{"$ref": "#/definitions/layer"}, {"not": unfit}]}
    return {"type": "array", "items": layer, "maxItems": 50}
