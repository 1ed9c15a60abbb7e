"""`nnctl schema`: the JSON Schema of a spec, for editors."""

from pathlib import Path
from typing import Annotated

from nnctl.cli import options
from nnctl.cli.shell import completion, envelope


def schema(
    write: Annotated[
        Path | None,
        options.option("FOLDER", "Write nnctl.schema.json into this folder, beside your specs.", completion.list_files),
    ] = None,
    json: options.Json = False,
) -> int:
    """Print the JSON Schema of a spec, by which editors complete and check it."""
    from nnctl.api.starting import SCHEMA_LINE, spec_schema, write_schema
    from nnctl.cli.shell import terminal

    path = None if write is None else write_schema(write)
    if json:
        envelope.tell({"path": None if path is None else str(path), "schema": spec_schema()})
        return 0
    if path is None:
        envelope.print_json(spec_schema())
        return 0
    console = terminal.results()
    console.print(f"written to {path}", style="name")
    console.print(f"a spec in this folder finds it by the line   {SCHEMA_LINE}", style="quiet")
    return 0
