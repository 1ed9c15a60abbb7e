from datetime import datetime, timedelta

from nnctl.runs.clock import compute_age, format_now, is_to_come, read_clock


def test_the_time_of_day_is_one_of_utc_in_seconds() -> None:
    told = datetime.fromisoformat(format_now())
    assert told.utcoffset() == timedelta(0)
    assert timedelta(0) <= read_clock() - told < timedelta(seconds=5)


def test_a_moment_is_to_come_when_clocks_that_differ_a_little_do_not_explain_it() -> None:
    now = read_clock()
    assert not is_to_come((now + timedelta(minutes=4)).isoformat(), now)
    assert is_to_come((now + timedelta(minutes=6)).isoformat(), now)
    assert not is_to_come("1970-01-01T00:00:00+00:00", now)


def test_how_long_ago_it_was_is_not_known_of_what_is_to_come() -> None:
    now = read_clock()
    assert compute_age((now + timedelta(days=1)).isoformat()) is None
    assert compute_age((now + timedelta(minutes=1)).isoformat()) == 0
    assert 60 <= (compute_age((now - timedelta(minutes=1)).isoformat()) or 0) < 90
