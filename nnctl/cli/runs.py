"""`nnctl runs`: what has been trained."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from nnctl.cli import options


def runs(runs: options.Runs = options.RUNS, json: options.Json = False) -> int:
    """List the runs, oldest first."""
    from rich.markup import escape
    from rich.table import Table

    from nnctl.cli import terminal
    from nnctl.errors import printable
    from nnctl.runs import listing

    manifests = [run.manifest for run in listing(runs)]
    if json:
        terminal.print_json([asdict(manifest) for manifest in manifests])
        return 0
    table = Table(
        "run", "status", "spec", "data", "epochs", "score", "age", box=None, padding=(0, 2), header_style="quiet"
    )
    for manifest in manifests:
        table.add_row(*(escape(printable(cell)) for cell in _cells(manifest)))
    terminal.results().print(table if manifests else f"no runs in {escape(str(runs))}")
    return 0


def _cells(manifest: Any) -> list[str]:
    data = manifest.data.get("source", "")
    told = str(data) if data == manifest.data.get("requested") else f"{data} (for {manifest.data.get('requested')})"
    return [
        manifest.id,
        manifest.status,
        manifest.spec,
        told,
        str(manifest.epochs),
        _score(manifest),
        _age(manifest.created),
    ]


def _score(manifest: Any) -> str:
    """The headline score, of test before validation before the best epoch's monitored number."""
    for split in ("test", "validation"):
        for name, value in manifest.scores.get(split, {}).items():
            if value is not None:
                return f"{split} {name} {value:.4f}"
    return "" if manifest.best is None else f"{manifest.monitor} {manifest.best:.4f}"


def _age(created: str) -> str:
    """The time since a moment, in the largest unit that it fills."""
    seconds = max(0, (datetime.now(UTC) - datetime.fromisoformat(created)).total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
