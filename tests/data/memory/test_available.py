from nnctl.data.memory import available

KILO = 1024


def test_this_machine_has_memory():
    assert available.measure_available() > 2**20


def test_the_smaller_of_machine_and_container_counts(tmp_path, monkeypatch):
    meminfo, limit = tmp_path / "meminfo", tmp_path / "memory.max"
    meminfo.write_text("MemTotal:       9000 kB\nMemAvailable:   4000 kB\n")
    monkeypatch.setattr(available, "_MEMINFO", meminfo)
    monkeypatch.setattr(available, "_LIMIT", limit)
    assert available.measure_available() == 4000 * KILO
    limit.write_text("max\n")
    assert available.measure_available() == 4000 * KILO
    limit.write_text("1000\n")
    assert available.measure_available() == 1000


def test_without_linux_half_of_the_machine_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(available, "_MEMINFO", tmp_path / "none")
    monkeypatch.setattr(available, "_LIMIT", tmp_path / "none")
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
