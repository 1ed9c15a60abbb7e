"""The schema of a spec: a file that editors read, offline.

Whoever wants it writes it once, where their editor is told of it, or beside specs that are shared: the line that names it there
holds on every machine.
"""

import json
from pathlib import Path
from typing import Any

from nnctl.data import SOURCES
from nnctl.errors import Problem, UsageError
from nnctl.files import write_text
from nnctl.spec.schema import TITLE, SourceForm, build_schema

FILE = "nnctl.schema.json"
LINE = f"# yaml-language-server: $schema={FILE}"
"""What a spec says at its top, so that an editor with a YAML language server finds the schema beside it."""


def make_schema() -> dict[str, Any]:
    """The schema of a spec, the installed data sources included."""
    return build_schema({name: SourceForm(source.summary, source.options) for name, source in SOURCES.items()})


def write_schema(folder: Path) -> Path:
    """Writes `nnctl.schema.json` into a folder, over an older one, and returns its path.

    Raises:
        UsageError: a file of this name is there that nnctl has not written, or the folder cannot be written to.
    """
    path = folder / FILE
    try:
        if path.exists() and not _is_ours(path):
            hint = "move it away; nnctl replaces only a schema of its own"
            raise UsageError(Problem("file-exists", f"{path} is there already", hint=hint))
        write_text(path, json.dumps(make_schema(), ensure_ascii=False) + "\n")
    except OSError as error:
        raise UsageError(Problem("unwritable-file", f"{path} cannot be written: {error.strerror}")) from None
    return path


def _is_ours(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("title") == TITLE
