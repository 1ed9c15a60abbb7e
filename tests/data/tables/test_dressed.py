import pytest

from nnctl.data.tables.dressed import find_number, has_parts, is_date, read_dressed, undress


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("12", 12, ""),
        ("$1,234.50", 1234.5, "$"),
        ("-$5", -5, "$"),
        ("$-5", -5, "$"),
        ("($5)", -5, "$"),
        ("(441077)", -441077, ""),
        ("12-", -12, ""),
        ("\u221212", -12, ""),
        ("12.-", 12, ""),
        ("CHF 12.\u2013", 12, "CHF"),
        ("Rs. 500", 500, "Rs."),
        ("R$ 500", 500, "R$"),
        ("12 EUR", 12, "EUR"),
        ("US$ 1.2M", 1.2, "US$ M"),
        ("45 %", 45, "%"),
        ("45%", 45, "%"),
        ("3\u2030", 3, "\u2030"),
        ("12kg", 12, "kg"),
        ("1,200 kg", 1200, "kg"),
        ("5 km/h", 5, "km/h"),
        ("3 m\u00b2", 3, "m\u00b2"),
        ("3 m2", 3, "m2"),
        ("-3 \u00b0C", -3, "\u00b0C"),
        ("36 months", 36, "months"),
        ("500 \u0440\u0443\u0431", 500, "\u0440\u0443\u0431"),
        ("300\u5143", 300, "\u5143"),
        ("10,000+", 10000, "+"),
        ("<0.1", 0.1, "<"),
        ("~ 50", 50, "~"),
        ("２６９円", 269, "円"),
        ("٣٤ kg", 34, "kg"),
        ("4,41,077", 441077, ""),
        ("1,23,45,678.5", 12345678.5, ""),
        ("1 234", 1234, ""),
        ("1\u202f234\u202f567", 1234567, ""),
        ("1\u2019234.50", 1234.5, ""),
        ("1_000_000", 1000000, ""),
        ("1e5 Pa", 1e5, "Pa"),
    ],
)
def test_a_number_is_read_whatever_it_is_dressed_with(text, number, unit):
    found = undress(text)
    assert found is not None
    assert (float(found.number), found.unit) == (number, unit)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("441\u202f077,50", 441077.5),
        ("\u20ac 1.234,50", 1234.5),
        ("1.234.567 kg", 1234567),
        ("0,5 l", 0.5),
        ("1'234,5", 1234.5),
    ],
)
def test_a_comma_may_begin_the_fraction(text, number):
    found = undress(text, ",")
    assert found is not None
    assert float(found.number) == number
    assert undress(text) is None
    assert find_number(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "A12",
        "SKU-12",
        "1.2.3",
        "555-1234",
        "12-A",
        "120/80",
        "#12",
        "10-20",
        "12:30",
        "1,2,3",
        "1 2",
        "x",
        "--5",
        "((5))",
    ],
)
def test_codes_and_lists_are_no_numbers(text):
    assert find_number(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "decimal", "number"),
    [
        ("12 kg", "kg", ".", 12),
        (" 0 ", "kg", ".", 0),  # nothing is nothing in every unit
        ("12", "", ".", 12),
        ("1234.5", "", ",", 1234.5),  # the reader of rows has put the point there
        ("(12)", "", ".", -12),
        ("1.234,5 kg", "kg", ",", 1234.5),
        ("12", "kg", ".", None),
        ("12 g", "kg", ".", None),
        ("1,5", "", ".", None),
        ("1_0", "", ".", None),
        ("x", "kg", ".", None),
    ],
)
def test_a_column_has_one_unit(text, unit, decimal, number):
    found = read_dressed(text, unit, decimal)
    assert (None if found is None else float(found)) == number


@pytest.mark.parametrize(
    "text",
    [
        *("2024-07-31", "31.7.2024", "7/31/24", "2024-07", "31 July 2024", "July 31, 2024", "05-Jan-24", "Sep 2024"),
        *("2019年7月22日", "2024년 7월", "2024-W39", "2022Q2", "Q3 2024"),
        *("2024-07-31T12:30:00Z", "2024-07-31 12:30:00+00:00", "Mon, 5 Jan 2024"),
    ],
)
def test_dates(text):
    assert is_date(text)
    assert not has_parts(text)


@pytest.mark.parametrize(
    "text",
    [
        "12:30",
        "12:30 PM",
        "1:02:03.5",
        "125:30",
        "5'11\"",
        "2h 30m",
        "1 d 4 h",
        "120/80",
        "4 x 6.5 x 1",
        "1.5x10^3",
        "52°31'N",
        "4 yrs 8 mo",
    ],
)
def test_amounts_in_several_numbers(text):
    assert has_parts(text)
    assert not is_date(text)


@pytest.mark.parametrize(
    "text", ["1.25", "2024.5", "10-20", "4x", "x 4", "1/x", "1234.56", "12", "x", "1.2.3", "Smith 20"]
)
def test_neither_date_nor_time(text):
    assert not is_date(text)
    assert not has_parts(text)
