import hashlib
import threading
import time
from pathlib import Path

import pytest

from nnctl.data.download import SERVER, Remote, UnreachableError, fetch_file, list_folders

CONTENT = bytes(range(256)) * 4096  # 1 MiB
REMOTE = Remote("sets/one.npz", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


def silent(label, fraction):
    pass


def test_a_good_download_lands_in_the_first_folder_and_is_not_asked_for_twice(server, tmp_path, monkeypatch):
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path / "own"))
    server.files["one.npz"] = CONTENT
    first = fetch_file(REMOTE, silent, None)
    assert first == tmp_path / "own" / "sets" / "one.npz"
    assert first.read_bytes() == CONTENT
    assert fetch_file(REMOTE, silent, None) == first
    assert server.asked == ["one.npz"]


def test_without_a_folder_of_ones_own_it_lands_in_keras_cache(server, tmp_path):
    server.files["one.npz"] = CONTENT
    assert fetch_file(REMOTE, silent, None) == tmp_path / "keras" / "datasets" / "sets" / "one.npz"


def test_progress_is_reported_from_some_share_to_the_whole(server):
    server.files["one.npz"] = CONTENT
    seen = []
    fetch_file(REMOTE, lambda label, fraction: seen.append((label, fraction)), None)
    fractions = [fraction for _, fraction in seen]
    assert {label for label, _ in seen} == {"one.npz"}
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < 1 == fractions[-1]


def test_a_file_in_the_own_folder_goes_before_keras_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path / "own"))
    for folder in list_folders():
        (folder / "sets").mkdir(parents=True)
        (folder / "sets" / "one.npz").write_bytes(b"")
    assert fetch_file(REMOTE, silent, None) == tmp_path / "own" / "sets" / "one.npz"
    (tmp_path / "own" / "sets" / "one.npz").unlink()
    assert fetch_file(REMOTE, silent, None) == tmp_path / "keras" / "datasets" / "sets" / "one.npz"


def wrong_content(server):
    server.files["one.npz"] = CONTENT[:-1] + b"?"


def cut_short(server):
    server.files["one.npz"] = CONTENT[:5000]
    server.length = len(CONTENT)


def short_and_honest(server):
    server.files["one.npz"] = CONTENT[:5000]


def goes_on(server):
    server.files["one.npz"] = CONTENT * 8


def says_nothing(server):
    server.silent = True


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (wrong_content, "another checksum"),
        (cut_short, "broke off"),
        (short_and_honest, "another checksum"),
        (lambda server: None, "answers 404"),
        (goes_on, "more than 1,048,576 bytes"),
        (says_nothing, "no answer within 0.3 s"),
    ],
    ids=["wrong content", "cut short", "short and honest", "404", "without end", "silent"],
)
def test_a_failed_download_says_why_and_leaves_no_file(server, tmp_path, refused, fault, reason):
    fault(server)
    problem = refused("download-failed", fetch_file, REMOTE, silent, None, "mnist_5k")
    assert reason in problem.message
    assert server.url in problem.message
    assert [path for path in (tmp_path / "keras").rglob("*") if path.is_file()] == []
    for way in ("$NNCTL_DATA_DIR", "`path:`", "`offline: mnist_5k`"):
        assert way in problem.hint


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["file", "file of no length", "header", "100 Continue"],
)
def test_a_server_that_trickles_is_not_listened_to_for_ever(server, tmp_path, monkeypatch, refused, begin, drop):
    monkeypatch.setenv("NNCTL_DATA_TIMEOUT", "0.2")
    server.begin, server.drop = begin, drop
    started = time.monotonic()
    message = refused("download-failed", fetch_file, REMOTE, silent, None).message
    assert 1 < time.monotonic() - started < 5
    assert "less than 32,768 bytes in 1.2 s" in message
    assert [path for path in (tmp_path / "keras").rglob("*") if path.is_file()] == []
    assert [each.name for each in threading.enumerate() if "(wait)" in each.name] == []


def test_a_slow_server_that_keeps_the_pace_is_heard_to_the_end(server, monkeypatch):
    monkeypatch.setenv("NNCTL_DATA_TIMEOUT", "0.1")
    content = CONTENT[: 1 << 19]
    remote = Remote("sets/one.npz", hashlib.sha256(content).hexdigest(), len(content))
    server.begin = b"HTTP/1.1 200 OK\r\nContent-Length: 524288\r\n\r\n"
    server.drop = CONTENT[: 1 << 15]  # a chunk in 0.05 s, 16 of them: longer than 0.6 s in all
    started = time.monotonic()
    assert fetch_file(remote, silent, None).read_bytes() == content
    assert time.monotonic() - started > 0.6


def test_nobody_listens(refused):
    assert "no connection" in refused("download-failed", fetch_file, REMOTE, silent, None).message


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "file:///etc", "nonsense"])
def test_other_kinds_of_address_are_not_downloaded_from(monkeypatch, refused, url):
    monkeypatch.setenv("NNCTL_DATA_URL", url)
    assert "not an address" in refused("download-failed", fetch_file, REMOTE, silent, None).message


@pytest.mark.parametrize("secret", ["me:hidden", "me:hid/den", "me:hid@den", "hidden"])
def test_a_password_in_the_address_is_not_shown(monkeypatch, refused, secret):
    monkeypatch.setenv("NNCTL_DATA_URL", f"http://{secret}@127.0.0.1:9/sets")
    message = refused("download-failed", fetch_file, REMOTE, silent, None).message
    assert "http://127.0.0.1:9/sets/one.npz" in message
    assert not any(word in message for word in ("me:", "hid", "den"))


def test_a_folder_that_cannot_be_written_to(server, tmp_path, monkeypatch, refused):
    server.files["one.npz"] = CONTENT
    (tmp_path / "file").touch()
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path / "file"))
    assert "cannot be written" in refused("download-failed", fetch_file, REMOTE, silent, None).message


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "inf"])
def test_a_timeout_that_is_no_number_of_seconds(server, monkeypatch, refused, seconds):
    monkeypatch.setenv("NNCTL_DATA_TIMEOUT", seconds)
    assert "NNCTL_DATA_TIMEOUT" in refused("download-failed", fetch_file, REMOTE, silent, None).message
    assert server.asked == []


def test_the_error_is_what_offline_catches():
    with pytest.raises(UnreachableError):
        fetch_file(REMOTE, silent, None)


def test_nothing_is_printed_by_the_download(server, capfd):
    server.files["one.npz"] = CONTENT
    fetch_file(REMOTE, silent, None)
    assert capfd.readouterr() == ("", "")


def test_the_address_is_keras_own_unless_another_is_named(monkeypatch):
    monkeypatch.delenv("NNCTL_DATA_URL")
    assert REMOTE.url == f"{SERVER}one.npz"


def test_keras_cache_is_below_the_home_folder_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert list_folders() == [Path(tmp_path) / ".keras" / "datasets"]


def test_who_has_no_home_and_names_no_folder_is_told_so(monkeypatch, refused):
    def fail():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", fail)
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.delenv("NNCTL_DATA_DIR", raising=False)
    problem = refused("download-failed", fetch_file, REMOTE, silent, None)
    assert "no home folder" in problem.message
    assert "$NNCTL_DATA_DIR" in problem.hint
