"""matplotlib in processes of their own, in folders and homes of every kind."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import SPEC

DRAWING = "import sys; from nnctl.cli.main import main; sys.argv[1:] = ['data', 'show', 's.yaml', '--out', 'sheet.png']; main()"


def draw(folder: Path, **variables: str) -> None:
    """Draws a picture in a folder as the command line does, which says nothing of it to stderr."""
    (folder / "s.yaml").write_text(SPEC)
    kept = {name: value for name, value in os.environ.items() if name not in ("HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", DRAWING],
        cwd=folder,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "sheet.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("home", ["/proc/nowhere", os.devnull, "~", "fresh"])
def test_a_home_of_any_kind_is_not_spoken_of(home: str, tmp_path: Path) -> None:
    temporary, inside, folder = tmp_path / "temporary", tmp_path / "home", tmp_path / "here"
    for each in (temporary, folder):
        each.mkdir()
    draw(folder, HOME=str(inside) if home == "fresh" else home, TMPDIR=str(temporary))
    assert list(temporary.iterdir()) == []
    lists = [path.parent.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("fontlist*")]
    assert lists == (["home/.cache/nnctl/matplotlib"] if home == "fresh" else [])


def test_a_folder_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    draw(tmp_path, HOME=str(tmp_path / "home"), MPLCONFIGDIR=str(tmp_path / "lists"))
    assert [path.parent.name for path in tmp_path.rglob("fontlist*")] == ["lists"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"foo.bar: 1\nfont.size: \x1b[2J\n"])
def test_settings_that_lie_about_are_not_read(content: bytes | None, tmp_path: Path) -> None:
    for path in (tmp_path / "matplotlibrc", tmp_path / "lists" / "matplotlibrc"):
        path.parent.mkdir(exist_ok=True)
        os.mkfifo(path) if content is None else path.write_bytes(content)
    draw(tmp_path, MPLCONFIGDIR=str(tmp_path / "lists"), MPLBACKEND="nonsense")


def test_no_program_is_started_for_the_list_of_fonts(tmp_path: Path) -> None:
    (tmp_path / "fc-list").write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    (tmp_path / "fc-list").chmod(stat.S_IRWXU)
    draw(tmp_path, HOME=str(tmp_path), PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert not (tmp_path / "started").exists()


def test_variables_and_functions_are_left_as_they_were() -> None:
    code = (
        "import os, logging, nnctl.cli.main; from nnctl.plots.library import load_matplotlib;"
        "before, exists = dict(os.environ), os.path.exists; load_matplotlib().figure.Figure;"
        "assert (dict(os.environ), os.path.exists, logging.getLogger('matplotlib').level) == (before, exists, 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_notebook_has_its_own_settings(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("font.size: 31\n")
    code = "from nnctl.plots.library import load_matplotlib; assert load_matplotlib().rcParams['font.size'] == 31"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
