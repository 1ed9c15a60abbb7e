"""What the README shows is what happens."""

import re
from pathlib import Path

import pytest

from .readme import README, ROOT, commands, run, written

TEXT = README.read_text()
INSTANT = [(line, folder, told) for line, folder, told in commands(TEXT) if " train " not in line or "--help" in line]


@pytest.mark.parametrize(("line", "folder", "told"), INSTANT, ids=[line for line, _, _ in INSTANT])
def test_a_command_prints_what_the_readme_says(line: str, folder: Path, told: str) -> None:
    assert run(line, folder) == told


def test_files_and_tables_are_those_of_the_project() -> None:
    assert written(TEXT, trainings=False) == TEXT, "run `make readme`"


def test_every_shell_command_of_the_readme_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"make ([a-z]+)", TEXT))
    assert named <= targets
    assert {"help", "train", "test", "fast", "lint", "fmt", "catalogue", "bench", "readme", "clean"} <= targets
    assert "nnctl train configs/mnist_mlp.yaml" in (ROOT / "Makefile").read_text()


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", TEXT)
    assert [link for link in links if not (ROOT / link).exists()] == []
