import pytest

from nnctl.data.memory import available

KILO = 1024


def test_this_machine_has_memory():
    assert available.measure_available() > 2**20


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A folder of the system's own files: 4,000 kB are free, and nothing is limited."""
    (tmp_path / "meminfo").write_text("MemTotal:       9000 kB\nMemAvailable:   4000 kB\n")
    monkeypatch.setattr(available, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(available, "_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(available, "_LIMITS", tmp_path / "limits")
    return tmp_path


@pytest.mark.parametrize(
    ("groups", "limit"),
    [
        (None, "memory.max"),
        ("0::/user.slice/app\n", "user.slice/app/memory.max"),
        ("0::/user.slice/app\n", "user.slice/memory.max"),
        ("5:cpu,memory:/docker/a\n0::/\n", "memory/docker/a/memory.limit_in_bytes"),
        ("4:memory:/docker/a\n", "memory/memory.limit_in_bytes"),
    ],
)
def test_the_smaller_of_machine_and_container_counts(groups, limit, machine):
    assert available.measure_available() == 4000 * KILO
    if groups is not None:
        (machine / "groups").write_text(groups)
    path = machine / "limits" / limit
    path.parent.mkdir(parents=True)
    for text, told in (("max\n", 4000 * KILO), ("9223372036854771712\n", 4000 * KILO), ("1000\n", 1000)):
        path.write_text(text)
        assert available.measure_available() == told


def test_what_is_left_of_the_address_space_counts(machine, monkeypatch):
    (machine / "statm").write_text("10 5 4 3 2 1 0\n")
    monkeypatch.setattr(available, "_SIZES", machine / "statm")
    monkeypatch.setattr("resource.getrlimit", lambda which: (50 * 4096, -1))
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 4096}.__getitem__)
    assert available.measure_available() == available.measure_address_space() == 40 * 4096
    (machine / "statm").unlink()
    assert available.measure_address_space() == 50 * 4096
    monkeypatch.setattr("resource.getrlimit", lambda which: (-1, -1))
    assert available.measure_address_space() is None
    assert available.measure_available() == 4000 * KILO


def test_without_linux_half_of_the_machine_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(available, "_MEMINFO", tmp_path / "none")
    monkeypatch.setattr(available, "_LIMITS", tmp_path / "none")
    monkeypatch.setattr("os.sysconf", {"SC_PHYS_PAGES": 10, "SC_PAGE_SIZE": 4096}.__getitem__)
    assert available.measure_available() == 20480


def test_three_quarters_are_the_limit(monkeypatch, refused):
    monkeypatch.setattr(available, "measure_available", lambda: 4 * 2**20)
    available.afford("a.npz", 3 * 2**20, None)
    message = refused("out-of-memory", available.afford, "a.npz", 3 * 2**20 + 1, None).message
    assert message == "a.npz takes 3.0 MiB in memory, more than 75 % of the 4.0 MiB that are free"


def test_nothing_is_refused_where_the_system_does_not_tell(monkeypatch):
    monkeypatch.setattr(available, "measure_available", lambda: None)
    assert available.afford("a.npz", 2**60, None) is None
