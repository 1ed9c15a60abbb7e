"""`python -m tests.readme` writes the generated blocks of the README and the guides anew; the tests compare them.

<!-- file PATH -->     the YAML block below holds that file
<!-- run [FOLDER] -->  the console block below holds what its `$ nnctl ...` line prints, run in that folder
<!-- keys -->, <!-- sources -->  the table below comes from the code
<!-- bench line -->, <!-- bench chart -->  what stands below comes from tests/bench/results.json
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from nnctl.topics.guides import list_pages

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = (README, *list_pages())
_BLOCK = re.compile(r"<!-- (file|run) ?([^>\n]*?) ?-->\n```(\w+)\n(.*?)```\n", re.DOTALL)
_TABLE = re.compile(r"<!-- (keys|sources|bench line|bench chart) -->\n((?:[|!]|An epoch).*\n)*")


def written(page: Path, *, trainings: bool) -> str:
    """A page with every generated block made anew; those that train only if asked to."""
    text = _TABLE.sub(lambda found: f"<!-- {found[1]} -->\n{table(found[1], page)}", page.read_text())
    return _BLOCK.sub(lambda found: _block(found, trainings), text)


def table(name: str, page: Path) -> str:
    """A generated table; its head stands below the comment, which would end it elsewhere."""
    if name.startswith("bench "):
        from tests.bench import results, tables

        return tables.line(results.read()) if name == "bench line" else tables.chart(page.parent)
    return _keys() if name == "keys" else _sources()


def run(line: str, folder: Path) -> str:
    """What a line of a page prints, both streams in order; what differs from machine to machine is evened out."""
    data = os.environ.get("NNCTL_DATA_DIR", "")
    with tempfile.TemporaryDirectory() as runs:
        environment = {**os.environ, "COLUMNS": "80", "TERM": "dumb", "NNCTL_RUNS": runs, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", *shlex.split(line)]
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    told = done.stdout.replace(runs, "runs").replace(data, "~/.keras/datasets") if data else done.stdout
    lines = (line.rstrip().replace(runs, "runs") for line in told.strip("\n").splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def commands(text: str) -> list[tuple[str, Path, str]]:
    """Each `$ nnctl ...` of a page, the folder that it runs in, and what the page says that it prints."""
    found = []
    for kind, where, _, body in _BLOCK.findall(text):
        if kind == "run":
            line, _, output = body.partition("\n")
            found.append((line.removeprefix("$ "), ROOT / where, output))
    return found


def takes_time(line: str) -> bool:
    """Whether a command trains or traces: what it prints depends on the machine, and it is run beside TensorFlow's tests."""
    return "--help" not in line and any(f" {verb} " in line for verb in ("train", "debug", "trace"))


def masked(text: str) -> str:
    """The text with every number replaced: a training's numbers depend on the machine.

    The four hexadecimal digits that end a run's name need not hold a decimal one.
    """
    text = re.sub(r"(\d{8}-\d{6}-[\w-]+)-[0-9a-f]{4}\b", r"\1-0", re.sub(r" +", " ", text))
    return re.sub(r"[0-9a-f]*\d[0-9a-f.,e-]*", "#", text)


def _block(found: re.Match[str], trainings: bool) -> str:
    kind, where, language, body = found.groups()
    head = f"<!-- {kind}{' ' + where if where else ''} -->\n```{language}\n"
    if kind == "file":
        return f"{head}{(ROOT / where).read_text()}```\n"
    line = body.partition("\n")[0].removeprefix("$ ")
    if takes_time(line) and not trainings:
        return found[0]
    return f"{head}$ {line}\n{run(line, ROOT / where)}```\n"


def _keys() -> str:
    from nnctl.spec.catalogue import keys

    tables = {"": keys.TOP, "data.": keys.DATA, "model.": keys.MODEL, "train.": keys.TRAIN}
    return "| key | what it holds |\n|---|---|\n" + "".join(
        f"| `{prefix}{name}` | {key.doc} |\n"
        for prefix, table in tables.items()
        for name, key in table.items()
        if key.kind
    )


def _sources() -> str:
    from nnctl.data import SOURCES

    rows = (f"| `{name}` | {source.summary} | {_origin(source)} |\n" for name, source in SOURCES.items())
    return "| source | what | where it comes from |\n|---|---|---|\n" + "".join(rows)


def _origin(source: object) -> str:
    if getattr(source, "needs_path", False):
        return "`data.path`"
    return "on disk, or downloaded" if getattr(source, "files", ()) else "built in"


if __name__ == "__main__":
    for each in PAGES:
        each.write_text(written(each, trainings=True))
