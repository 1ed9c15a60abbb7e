"""What the README and the guides show is what happens."""

import re
from pathlib import Path

import pytest

from .readme import PAGES, README, ROOT, commands, run, takes_time, written

INSTANT = [each for page in PAGES for each in commands(page.read_text()) if not takes_time(each[0])]
MOST = 10_000  # bytes of the README: who has five minutes reads all of it


@pytest.mark.parametrize(("line", "folder", "told"), INSTANT, ids=[line for line, _, _ in INSTANT])
def test_a_command_prints_what_the_page_says(line: str, folder: Path, told: str) -> None:
    assert run(line, folder) == told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_tables_are_those_of_the_project(page: Path) -> None:
    assert written(page, trainings=False) == page.read_text(), "run `make readme`"


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE)) <= targets, page
    assert {"help", "train", "test", "fast", "lint", "fmt", "catalogue", "bench", "readme", "clean"} <= targets
    assert "nnctl train configs/mnist_mlp.yaml" in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_is_a_front_door() -> None:
    text = README.read_text()
    assert len(text.encode()) <= MOST
    assert {page.parent for page in PAGES} - {ROOT} <= {ROOT / link for link in re.findall(r"\]\(([^)]+)\)", text)}
