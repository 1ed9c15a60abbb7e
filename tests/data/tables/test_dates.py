from datetime import UTC, datetime, timedelta, timezone

import pytest

from nnctl.data.tables.dates import TimesError, hold_dates, is_date, parse_times


def micro(*parts: int, zone: timezone = UTC) -> int:
    return (datetime(*parts, tzinfo=zone) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("2024-01-31", micro(2024, 1, 31)),
        ("2024/1/5", micro(2024, 1, 5)),
        ("2024.02.29", micro(2024, 2, 29)),
        ("2024-01", micro(2024, 1, 1)),
        ("2024-01-31T12:30", micro(2024, 1, 31, 12, 30)),
        ("2024-01-31 12:30:15.25", micro(2024, 1, 31, 12, 30, 15, 250_000)),
        ("2024-01-31 12:30:15.123456789", micro(2024, 1, 31, 12, 30, 15, 123_456)),
        ("2024-01-31T12:30:15Z", micro(2024, 1, 31, 12, 30, 15)),
        ("2024-01-31 12:30:15+02:00", micro(2024, 1, 31, 12, 30, 15, zone=timezone(timedelta(hours=2)))),
        ("2024-01-31 12:30:15-0530", micro(2024, 1, 31, 12, 30, 15, zone=timezone(-timedelta(hours=5, minutes=30)))),
        ("1969-12-31", micro(1969, 12, 31)),
        ("20240131", 20240131),
        ("1706659200123456789", 1706659200123456789),
        ("-1.5", -1.5),
    ],
)
def test_a_time_is_a_number_or_a_date_with_the_year_in_front(word: str, value: float) -> None:
    assert parse_times([word]) == ([value], None)


def test_a_day_beyond_twelve_tells_day_from_month() -> None:
    days = parse_times(["05.01.2024", "31.01.2024 08:15"])
    assert days.values == [micro(2024, 1, 5), micro(2024, 1, 31, 8, 15)]
    assert days.told == "31.01.2024 08:15 is read with the day in front"
    months = parse_times(["1/5/2024", "1/31/2024"])
    assert months.values == [micro(2024, 1, 5), micro(2024, 1, 31)]
    assert months.told == "1/31/2024 is read with the month in front"


@pytest.mark.parametrize(
    ("words", "at", "said"),
    [
        (["01.02.2024", "03.02.2024"], "01.02.2024", "cannot be told apart"),
        (["31/01/2024", "01/31/2024"], "31/01/2024", "the day stands in two places"),
        (["31.01.24"], "31.01.24", "neither a number nor a date"),
        (["2024-01-31", "soon"], "soon", "in other rows '2024-01-31'"),
        (["2024-02-30"], "2024-02-30", "no date"),
        (["31.02.2024"], "31.02.2024", "no date"),
        (["2024-01-31", "31.01.2024"], "2024-01-31", "in other rows"),
        (["2024-01-31T10:00Z", "2024-01-31T10:00"], "2024-01-31T10:00", "without a zone"),
        (["2024-01-31 25:00"], "2024-01-31 25:00", "no date"),
        (["inf"], "inf", "neither"),
        (["p1"], "p1", "neither a number nor a date"),
    ],
)
def test_what_cannot_be_ordered_is_refused(words: list[str], at: str, said: str) -> None:
    with pytest.raises(TimesError) as caught:
        parse_times(words)
    assert (caught.value.word, said in caught.value.message) == (at, True)
    assert caught.value.hint


def test_which_texts_are_dates() -> None:
    assert all(map(is_date, ("2024-01-31", "31.1.2024", "1/31/2024 10:00", "2024-01", "2024.1.31")))
    assert not any(map(is_date, ("20240131", "1.5", "2024", "31.01.24", "10:00", "a-b-c", "3867.1", "1999.12")))


DAYS = ("2024-01-31", "2024-02-01")


@pytest.mark.parametrize(
    ("name", "words", "dates"),
    [
        ("date", DAYS, True),
        ("x", ("31.1.2024", "1.2.2024"), True),
        ("sold", ("20240131", "20240201"), True),
        ("sold", ("20240131", "20241301"), False),
        ("amount", ("20240131", "20240132"), False),
        ("timestamp", ("1706659200", "1706659260"), True),
        ("created_at", ("1706659200123", "1706659260000"), True),
        ("amount", ("1706659200", "1706659260"), False),
        ("timeout", ("30", "60"), False),
        ("year", ("2023", "2024"), False),
        ("birth_date", DAYS, False),
        ("DOB", DAYS, False),
        ("date", DAYS[:1], False),
        ("date", (*DAYS, "soon"), False),
        ("date", (), False),
    ],
)
def test_columns_of_dates_are_known_by_their_values(name: str, words: tuple[str, ...], dates: bool) -> None:
    assert hold_dates(name, words) == dates


def test_whole_numbers_of_any_length_are_no_days():
    for digits in (9, 14, 18, 19, 40):
        assert not hold_dates("uid", [str(10**digits + i) for i in range(9)])
