import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.runs.commit import find_commit

A, B, LONG = "a1" * 20, "b2" * 20, "c3" * 32
Repository = Callable[..., Path]
Git = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Writes a repository's files by hand, those that tell its commit, and returns the folder that it is of."""

    def repository(files: dict[str, str | bytes], folder: str = "work") -> Path:
        for name, content in {"objects/x": "", **files}.items():
            path = tmp_path / folder / ".git" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path / folder

    return repository


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"HEAD": f"{A}\n"}, A),
        ({"HEAD": LONG}, LONG),
        ({"HEAD": "ref: refs/heads/main\n", "refs/heads/main": f"{A}\n"}, A),
        ({"HEAD": "ref: refs/heads/a/b.c-d\n", "refs/heads/a/b.c-d": f"{LONG}\n"}, LONG),
        ({"HEAD": b"ref: refs/heads/na\xefve\n", "packed-refs": A.encode() + b" refs/heads/na\xefve\n"}, A),
        ({"HEAD": "ref: refs/heads/main\n", "packed-refs": f"# pack-refs\n{B} refs/heads/mai\n^{B}\n{A} refs/heads/main\n"}, A),
        ({"HEAD": "ref: refs/heads/a", "refs/heads/a": f"{A}\n", "packed-refs": f"{B} refs/heads/a\n"}, A),
        ({"HEAD": "ref: refs/heads/a", "refs/heads/a": "ref: refs/heads/b\n", "refs/heads/b": f"{A}\n"}, A),
        ({"HEAD": "ref: refs/heads/main\n"}, None),  # no commit yet
        ({"HEAD": "ref: refs/heads/.invalid\n"}, None),  # refs in a reftable
        ({"HEAD": "ref: refs/heads/a", "refs/heads/a": "ref: refs/heads/a\n"}, None),
        ({"HEAD": "ref: HEAD"}, None),
        ({"HEAD": "ref: refs/../secret", "secret": A}, None),
        ({"HEAD": "ref: refs/heads/../../secret", "secret": A}, None),
        ({"HEAD": "ref: secret", "secret": A}, None),
        ({"HEAD": "ref: /etc/hostname"}, None),
        ({"HEAD": "ref: refs/heads/a\0b"}, None),
        ({"HEAD": "gitdir: x\0y", "commondir": "\0"}, None),
        ({"HEAD": A[:-1]}, None),
        ({"HEAD": A.replace("a", "g")}, None),
        ({"HEAD": A + " " * 5000}, None),
        ({"HEAD": ""}, None),
    ],
)  # fmt: skip
def test_the_commit_is_read_from_files(repository: Repository, files: dict[str, str], told: str | None) -> None:
    folder = repository(files)
    (folder / "deep" / "er").mkdir(parents=True)
    assert find_commit(folder) == find_commit(folder / "deep" / "er") == (None if told is None else told[:12])


def test_a_folder_in_no_repository_has_none(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert find_commit(tmp_path) is None
    assert find_commit(tmp_path / "not" / "there") is None


def test_the_nearest_repository_counts_and_a_bare_one_is_none(repository: Repository) -> None:
    outer = repository({"HEAD": A})
    inner = repository({"HEAD": B}, "work/inner")
    bare = outer / "configs"
    shutil.copytree(inner / ".git", bare)
    (bare / "config").write_text("[core]\n\tbare = false\n\tworktree = .\n")
    assert (find_commit(inner), find_commit(bare), find_commit(outer)) == (B[:12], A[:12], A[:12])


@pytest.mark.parametrize("name", ["HEAD", "refs/heads/main", "packed-refs", "commondir"])
@pytest.mark.parametrize("kind", ["pipe", "endless", "link", "huge", "folder"])
def test_nothing_is_waited_for(repository: Repository, tmp_path: Path, name: str, kind: str) -> None:
    """What somebody else's repository holds need not be what git would have written."""
    folder = repository({"HEAD": "ref: refs/heads/main\n"})
    path, other = folder / ".git" / name, tmp_path / "other"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    other.write_text(A)
    make: dict[str, Callable[[], object]] = {
        "pipe": lambda: os.mkfifo(path),
        "endless": lambda: path.symlink_to("/dev/zero"),
        "link": lambda: path.symlink_to(other),
        "huge": lambda: (path.touch(), os.truncate(path, 2**40)),
        "folder": lambda: path.mkdir(),
    }
    make[kind]()
    assert find_commit(folder) is None


@pytest.mark.parametrize("told", ["pipe", "gitdir: /dev\n", "gitdir: ../away", "gitdir:\n", "gitdir: a\0b", "x"])
def test_a_file_in_the_place_of_the_folder_leads_on_or_nowhere(tmp_path: Path, told: str) -> None:
    if told == "pipe":
        os.mkfifo(tmp_path / ".git")
    else:
        (tmp_path / ".git").write_text(told)
    assert find_commit(tmp_path) is None


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Real git, in `tmp_path/work`, with no settings but its own."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for name, value in {
        "CONFIG_GLOBAL": os.devnull,
        "CONFIG_NOSYSTEM": "1",
        "CEILING_DIRECTORIES": str(tmp_path),
    }.items():
        monkeypatch.setenv(f"GIT_{name}", value)
    (tmp_path / "work").mkdir()

    def git(*arguments: str, place: str = "work") -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        return subprocess.run(command, cwd=tmp_path / place, capture_output=True, text=True, check=True).stdout.strip()

    return git


def test_git_says_the_same(git: Git, tmp_path: Path) -> None:
    work = tmp_path / "work"

    def agreed(place: str = "work") -> bool:
        return find_commit(tmp_path / place) == git("rev-parse", "HEAD", place=place)[:12]

    git("init", "-q", "-b", "main")
    assert find_commit(work) is None
    for message in ("one", "two"):
        git("commit", "-q", "--allow-empty", "-m", message)
        assert agreed()
    git("pack-refs", "--all")
    assert agreed()
    git("worktree", "add", "-q", "-b", "side", "../side", "HEAD~1")
    assert agreed("side")
    git("pack-refs", "--all")
    assert agreed("side")
    git("checkout", "-q", "--detach", "HEAD~1")
    assert agreed()
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "side"), "sub")
    assert agreed("work/sub")


def test_a_repository_of_sha256_has_twelve_digits_too(git: Git, tmp_path: Path) -> None:
    git("init", "-q", "--object-format=sha256")
    git("commit", "-q", "--allow-empty", "-m", "one")
    assert find_commit(tmp_path / "work") == git("rev-parse", "HEAD")[:12]


@pytest.mark.parametrize("place", ["work", "work/configs"])
def test_no_program_that_a_repository_names_is_run(git: Git, tmp_path: Path, place: str) -> None:
    """As a whole, and embedded as a bare repository in a folder of one that is sound."""
    git("init", "-q")
    if place != "work":
        (tmp_path / place).mkdir()
        git("init", "-q", place=place)
        for path in (tmp_path / place / ".git").iterdir():
            path.rename(tmp_path / place / path.name)
        (tmp_path / place / ".git").rmdir()
        (tmp_path / place / "config").write_text(
            "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n"
        )
    ran = tmp_path / "ran"
    git("config", "core.fsmonitor", f"touch {ran}; false", place=place)
    git("status", place=place)
    assert ran.exists(), "git no longer runs it by itself: this test is of no use"
    ran.unlink()
    find_commit(tmp_path / place)
    assert not ran.exists()
