"""The time of day, read in one place: it may jump, so that no duration is computed from it, and what it said is not believed."""

from datetime import UTC, datetime, timedelta

SKEW = timedelta(minutes=5)  # that clocks of two machines may differ by, as Kerberos has it (RFC 4120, 8.2)


def read_clock() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


def format_now() -> str:
    """The time of day as a manifest holds it: ISO 8601, in seconds."""
    return read_clock().isoformat(timespec="seconds")


def is_to_come(moment: str, now: datetime) -> bool:
    """Whether a moment (ISO 8601) lies in the future, by more than clocks differ: whoever wrote it down had another clock."""
    return datetime.fromisoformat(moment) > now + SKEW


def compute_age(moment: str) -> float | None:
    """The seconds since a moment (ISO 8601); None if it is to come, so that nobody knows how long ago it was."""
    now = read_clock()
    return None if is_to_come(moment, now) else max(0.0, (now - datetime.fromisoformat(moment)).total_seconds())
