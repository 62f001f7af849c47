from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam.lib.tabular.values import ValueProblem, detect_date_order, parse_date

SEPTEMBER_28 = date(2025, 9, 28)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2025-09-28", "dmy"),
        ("2025-09-28", "mdy"),
        ("2025/9/28", "ymd"),
        ("20250928", "ymd"),
        ("28.09.2025", "dmy"),
        ("28.9.25", "dmy"),
        (" 28.09.2025 ", "dmy"),
        ("28/09/2025", "dmy"),
        ("28-9-2025", "dmy"),
        ("9/28/2025", "mdy"),
        ("09/28/25", "mdy"),
        ("25-09-28", "ymd"),
        ("28. September 2025", "dmy"),
        ("28 Sep 2025", "mdy"),
        ("28-SEP-2025", "dmy"),
    ],
)
def test_it_reads_dates_as_people_write_them(text, order):
    assert parse_date(text, order) == SEPTEMBER_28
    assert not isinstance(parse_date(text, order), datetime)


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("2010-12-01 08:26:00", "ymd", "2010-12-01 08:26"),
        ("2010-12-01T08:26", "dmy", "2010-12-01 08:26"),
        ("2010-12-01T08:26:00Z", "ymd", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        (
            "2010-12-01T08:26:00.5+02:00",
            "ymd",
            datetime(2010, 12, 1, 8, 26, 0, 500_000, timezone(timedelta(hours=2))),
        ),
        (
            "2010-12-01 08:26:00 -0330",
            "ymd",
            datetime(2010, 12, 1, 8, 26, 0, 0, timezone(-timedelta(hours=3.5))),
        ),
        ("01.12.2010 08:26 Uhr", "dmy", "2010-12-01 08:26"),
        ("1.12.2010, 8:26", "dmy", "2010-12-01 08:26"),
        ("02/23/26 08:55 PM", "mdy", "2026-02-23 20:55"),
        ("12/1/2010 12:05 am", "mdy", "2010-12-01 00:05"),
    ],
)
def test_it_keeps_the_time(text, order, moment):
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    assert parse_date(text, order) == moment
    assert parse_date(text, order).tzinfo == moment.tzinfo


@pytest.mark.parametrize(("year", "full"), [("00", 2000), ("68", 2068), ("69", 1969), ("99", 1999)])
def test_a_year_of_two_digits_turns_at_69(year, full):
    assert parse_date(f"01.02.{year}", "dmy") == date(full, 2, 1)


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("", "dmy", "empty"),
        ("  ", "dmy", "empty"),
        ("gestern", "dmy", "not_a_date"),
        ("31.02.2025", "dmy", "no_such_day"),
        ("2025-02-30", "ymd", "no_such_day"),
        ("13/28/2025", "mdy", "no_such_day"),
        ("28/09/2025", "mdy", "no_such_day"),
        ("2025-09-28 25:00", "ymd", "no_such_day"),
        ("9/28/2025 13:00 PM", "mdy", "no_such_day"),
        ("01.01.0205", "dmy", "not_a_date"),
        ("01.01.205", "dmy", "not_a_date"),
        ("01.01/2025", "dmy", "not_a_date"),
        ("40513", "dmy", "not_a_date"),
        ("28 Foo 2025", "dmy", "not_a_date"),
        ("２８.09.2025", "dmy", "not_a_date"),
    ],
)
def test_it_says_why_a_text_is_not_a_date(text, order, code):
    with pytest.raises(ValueProblem) as problem:
        parse_date(text, order)
    assert problem.value.code == code


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("1", date(1900, 1, 1)),
        ("59", date(1900, 2, 28)),
        ("61", date(1900, 3, 1)),
        ("40513", date(2010, 12, 1)),
        ("40513.5", datetime.fromisoformat("2010-12-01 12:00")),
        ("2958465", date(9999, 12, 31)),
    ],
)
def test_it_reads_day_numbers_of_excel_when_asked(serial, day):
    assert parse_date(serial, "ymd", serial=True) == day


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2068, 12, 31)), st.booleans())
def test_every_date_comes_back_from_every_notation(day, two_digits):
    year = "%y" if two_digits else "%Y"
    assert parse_date(day.isoformat(), "mdy") == day
    assert parse_date(day.strftime(f"%d.%m.{year}"), "dmy") == day
    assert parse_date(f"{day.day}/{day.month}/{day.strftime(year)}", "dmy") == day
    assert parse_date(f"{day.month}/{day.day}/{day.strftime(year)}", "mdy") == day


@given(st.datetimes(min_value=datetime.fromisoformat("1000-01-01"), timezones=st.sampled_from([None, UTC])))
def test_every_moment_comes_back_from_iso(moment):
    assert parse_date(moment.isoformat(), "dmy") == moment


@given(st.text(max_size=40), st.sampled_from(["dmy", "mdy", "ymd"]), st.booleans())
def test_any_text_is_a_date_or_a_problem(text, order, serial):
    try:
        assert isinstance(parse_date(text, order, serial), date)
    except ValueProblem as problem:
        assert problem.code


@pytest.mark.parametrize(
    ("samples", "guess"),
    [
        (["2025-09-28", "2025-01-02T10:00Z"], ("ymd", False)),
        (["01.02.2025"], ("dmy", False)),
        (["01/02/2025", "13/02/2025"], ("dmy", False)),
        (["01/02/2025", "02/13/2025 08:00 AM"], ("mdy", False)),
        (["01/02/2025", "03/04/2025"], (None, True)),
        (["13/02/2025", "02/13/2025"], (None, True)),
        (["2025-09-28", "03/04/2025"], (None, True)),
        (["2025-09-28", "13/04/2025"], ("dmy", False)),
        (["28. September 2025"], ("ymd", False)),
        (["20250928"], ("ymd", False)),
        (["", "offen"], (None, False)),
        ([], (None, False)),
    ],
)
def test_it_proves_the_order_and_never_guesses(samples, guess):
    assert detect_date_order(samples) == guess
