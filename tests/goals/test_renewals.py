"""When a contract ends, renews itself, or can still be given notice."""

from datetime import date

import pytest

from goals.renewals import Term, current_end, renewal

START, END = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("term", "today", "state"),
    [
        (Term(START, END), date(2025, 12, 31), "ahead"),
        (Term(START, END), date(2026, 10, 1), "running"),
        (Term(START, END), date(2026, 10, 2), "ends"),
        (Term(START, END), END, "ends"),
        (Term(START, END), date(2027, 1, 1), "ended"),
        (Term(START, END, 90, 12), date(2026, 7, 4), "notice"),
        (Term(START, END, 90, 12), date(2026, 10, 2), "notice"),
        (Term(START, END, 90, 12), date(2026, 10, 3), "renews"),
        (Term(START, END, 90, 12, date(2026, 9, 1)), date(2026, 10, 3), "ends"),
        (Term(START, END, 90, 12, date(2026, 9, 1)), date(2027, 1, 1), "ended"),
    ],
)
def test_the_state_of_a_contract(term: Term, today: date, state: str) -> None:
    assert renewal(term, today).state == state


def test_notice_is_counted_back_from_the_end_of_the_present_term() -> None:
    found = renewal(Term(START, END, 90, 12), date(2027, 9, 20))
    assert (found.ends_on, found.days_left) == (date(2027, 12, 31), 102)
    assert (found.notice_until, found.notice_left) == (date(2027, 10, 2), 12)


@pytest.mark.parametrize(
    ("end", "months", "on", "expected"),
    [
        (date(2026, 8, 31), 6, date(2026, 9, 1), date(2027, 2, 28)),
        (date(2026, 6, 30), 6, date(2026, 7, 1), date(2026, 12, 31)),
        (date(2026, 1, 30), 1, date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 1, 30), 1, date(2026, 3, 1), date(2026, 3, 30)),
        (date(2024, 2, 29), 12, date(2024, 3, 1), date(2025, 2, 28)),
    ],
)
def test_short_months_do_not_shift_later_terms(end: date, months: int, on: date, expected: date) -> None:
    assert current_end(Term(date(2024, 1, 1), end, 0, months), on) == expected
