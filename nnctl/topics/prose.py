"""The prose that no table of the spec holds: when to use a thing, an example, where it comes from.

A YAML file a shelf in `prose/`, read when it is first asked for; an entry may hold any of

what      one sentence, where Keras's own says too little
when      when to use it
formula   how it is computed, in Python's signs
gradient  how the gradient of the loss goes back through it (of layers)
curve     of a loss with one output: the target, and the outputs from and to which its curve is drawn
example   a piece of a spec, or the component alone
source    a paper, beside its name in Keras
see       other topics
also      other names in words, Chinese ones too

`term.yaml` has fields of its own, which its first line names.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("prose")
_LOADER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@cache
def read_prose(shelf: str) -> Mapping[str, Any]:
    """The entries of a shelf by name, or by group and name."""
    found: Mapping[str, Any] = yaml.load((FOLDER / f"{shelf}.yaml").read_text(encoding="utf-8"), _LOADER)
    return found


def unfold(text: str) -> str:
    """A text without the line ends that its file is folded with."""
    return " ".join(text.split())


def format_value(value: Any) -> str:
    """A value in YAML, on one line."""
    return _format_scalar(value) if value is None or isinstance(value, bool | int | float | str) else _dump(value)


@lru_cache(maxsize=None, typed=True)  # an argument's default is nearly always one of a few, and 1 is not true
def _format_scalar(value: float | str | None) -> str:
    return _dump(value)


def _dump(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, sort_keys=False)
    return str(text).removesuffix("\n").removesuffix("\n...")
