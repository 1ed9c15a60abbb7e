"""What `make` installs is what pyproject.toml asks for, each file known by its hash."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.lock import LOCK, ROOT, UNKNOWN, audit, judged, read

TEXT = LOCK.read_text()
LOCKED = read(TEXT)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
WANTED = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["dev"],
    *PROJECT["build-system"]["requires"],
]


@pytest.mark.parametrize("text", WANTED)
def test_the_lock_has_what_the_project_asks_for(text: str) -> None:
    wanted = Requirement(text)
    version, _ = LOCKED[re.sub(r"[-_.]+", "-", wanted.name).lower()]
    assert version in wanted.specifier


def test_every_version_is_exact_and_every_file_has_a_hash() -> None:
    lines = [line for line in TEXT.splitlines() if line[:1].isalnum()]
    assert len(lines) == len(LOCKED) > len(WANTED)
    for name, (version, hashes) in LOCKED.items():
        assert re.fullmatch(r"[0-9][0-9a-z.]*", version), name
        assert hashes, name
        assert len(hashes) == len(set(hashes)), name
    assert TEXT.count("--hash=sha256:") == sum(len(hashes) for _, hashes in LOCKED.values())


def test_the_lock_names_no_server() -> None:
    assert "://" not in TEXT
    assert "index-url" not in TEXT


def test_make_takes_nothing_that_has_no_hash() -> None:
    installs = [line for line in (ROOT / "Makefile").read_text().splitlines() if "pip install" in line]
    assert len(installs) == 2
    assert "--require-hashes --only-binary :all: -r constraints.txt" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


KNOWN = {"name": "keras", "version": "3.15.1", "vulns": []}
VULNERABLE = {
    "name": "pillow",
    "version": "11.3.0",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["12.2.0"]}],
}
SKIPPED = {"name": "h5py", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("packages", "code", "told"),
    [
        ([KNOWN], 0, "make audit: 1 packages, no known vulnerability"),
        ([KNOWN, VULNERABLE], 1, "pillow 11.3.0: PYSEC-1 CVE-1, fixed in 12.2.0"),
        ([KNOWN, SKIPPED], UNKNOWN, "make audit: cannot tell for h5py: the database does not know them"),
        ([SKIPPED, VULNERABLE], 1, "pillow 11.3.0: PYSEC-1 CVE-1, fixed in 12.2.0\nmake audit: cannot tell for h5py"),
        ([SKIPPED], UNKNOWN, "make audit: cannot tell: the database of known vulnerabilities is out of reach"),
        ([], UNKNOWN, "make audit: cannot tell: the database of known vulnerabilities is out of reach"),
    ],
)
def test_what_was_not_looked_up_is_not_called_safe(packages: list[dict[str, object]], code: int, told: str) -> None:
    found, line = judged(json.dumps({"dependencies": packages, "fixes": []}))
    assert found == code
    assert line.startswith(told)


def test_an_audit_that_cannot_run_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(tool: str, folder: Path) -> Path:
        raise OSError(tool)

    monkeypatch.setattr("tests.lock._install", refuse)
    assert audit() == UNKNOWN
    assert capsys.readouterr().out == "make audit: cannot tell: the database of known vulnerabilities is out of reach\n"
