import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnctl import pages

ASKED = "glibc.malloc.hugetlb=1"
# What a process of Python writes as it begins, whatever it goes on to do.
BEGUN = "import os; print('begun', os.environ.get('GLIBC_TUNABLES', ''), flush=True)"


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the process would have begun anew as."""
    kept: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: kept.append([path, *arguments]))
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "nnctl", "train", "spec.yaml"])
    monkeypatch.setenv("GLIBC_TUNABLES", "")
    return kept


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "enabled"
    path.write_text("always [madvise] never\n")
    monkeypatch.setattr(pages, "_KERNEL", path)
    return path


@pytest.mark.parametrize(("given", "asked"), [("", ASKED), ("glibc.malloc.check=3", f"glibc.malloc.check=3:{ASKED}")])
def test_the_same_command_begins_anew_with_what_was_set_and_the_wish(
    begun: list[list[str]], kernel: Path, monkeypatch: pytest.MonkeyPatch, given: str, asked: str
) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", given)
    pages.ask_for_huge_pages()
    assert begun == [[sys.executable, sys.executable, "-m", "nnctl", "train", "spec.yaml"]]
    assert os.environ["GLIBC_TUNABLES"] == asked
    pages.ask_for_huge_pages()
    assert len(begun) == 1  # once


@pytest.mark.parametrize("told", ["[always] madvise never\n", "always madvise [never]\n", None])
def test_a_kernel_that_gives_them_to_all_or_to_nobody_is_not_asked(
    begun: list[list[str]], kernel: Path, told: str | None
) -> None:
    if told is None:
        kernel.unlink()
    else:
        kernel.write_text(told)
    pages.ask_for_huge_pages()
    assert (begun, os.environ["GLIBC_TUNABLES"]) == ([], "")


def test_who_has_decided_is_not_overruled(
    begun: list[list[str]], kernel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=0")
    pages.ask_for_huge_pages()
    assert (begun, os.environ["GLIBC_TUNABLES"]) == ([], "glibc.malloc.hugetlb=0")


def test_a_process_that_cannot_begin_anew_goes_on(
    begun: list[list[str]], kernel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: str, arguments: list[str]) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(os, "execv", refused)
    pages.ask_for_huge_pages()


@pytest.mark.parametrize(("verb", "asks"), [("train", True), ("check", False)])
def test_only_a_training_begins_anew_and_keeps_its_arguments_and_exit_code(
    tmp_path: Path, verb: str, asks: bool
) -> None:
    (tmp_path / "sitecustomize.py").write_text(BEGUN, encoding="utf-8")
    paths = os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    done = subprocess.run(
        [sys.executable, "-m", "nnctl", verb, "absent.yaml"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths, "GLIBC_TUNABLES": ""},
        cwd=Path(__file__).parent.parent,
    )
    again = asks and pages._given_if_asked_for()
    assert done.stdout.splitlines() == (["begun ", f"begun {ASKED}"] if again else ["begun "])
    assert done.returncode == 2
    assert "absent.yaml" in done.stderr
