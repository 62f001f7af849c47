"""Figures read as a German or an English reader writes them."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kam.lib import formatting

N = "\u00a0"


@pytest.mark.parametrize(
    ("language", "function", "arguments", "text"),
    [
        ("de", "money", (Decimal("1234567.891"),), f"1.234.567,89{N}€"),
        ("en", "money", (Decimal("1234567.891"),), "€1,234,567.89"),
        ("de", "money", (Decimal("-3"), "CHF"), f"−3,00{N}CHF"),
        ("en", "money", (Decimal("-3"), "CHF"), f"−CHF{N}3.00"),
        ("en", "money", (1234, "JPY"), "¥1,234"),
        ("de", "money_short", (1_234_567,), f"1,2{N}Mio.{N}€"),
        ("en", "money_short", (1_234_567,), "€1.2m"),
        ("de", "money_short", (999_950,), f"1,0{N}Mio.{N}€"),
        ("de", "money_short", (999_400,), f"1,0{N}Mio.{N}€"),
        ("de", "money_short", (350_400,), f"350{N}Tsd.{N}€"),
        ("en", "money_short", (-12,), "−€12"),
        ("de", "percent", (0.125,), f"12,5{N}%"),
        ("en", "percent", (Decimal("0.125"),), "12.5%"),
        ("de", "number", (0.285, 2), "0,29"),
        ("de", "number", (Decimal("12.50"),), "12,5"),
        ("en", "number", (float("nan"),), "–"),
        ("de", "number", (None,), "–"),
        ("de", "number", (-0.001, 2), "0,00"),
        ("de", "date", (dt.date(2026, 11, 23),), "23.11.2026"),
        ("en", "date", (dt.date(2026, 11, 23),), "23 Nov 2026"),
        ("de", "moment", (dt.datetime(2026, 11, 23, 13, 30, tzinfo=dt.UTC),), f"23.11.2026, 14:30{N}Uhr"),
        ("en", "days_from_now", (dt.date(2026, 11, 25), dt.date(2026, 11, 23)), "in 2 days"),
        ("en", "days_from_now", (dt.date(2026, 11, 22), dt.date(2026, 11, 23)), "yesterday"),
    ],
)
def test_a_figure_reads_as_its_reader_writes_it(language, function, arguments, text):
    with translation.override(language):
        assert getattr(formatting, function)(*arguments) == text


def test_an_abbreviated_month_ends_with_a_full_stop_in_german(monkeypatch):
    monkeypatch.setattr(formatting.timezone, "localdate", lambda: dt.date(2026, 1, 1))
    days = [dt.date(2026, 11, 23), dt.date(2026, 5, 4)]
    with translation.override("de"):
        assert [formatting.short_date(day) for day in days] == ["Mo., 23. Nov.", "Mo., 4. Mai"]
    with translation.override("en"):
        assert [formatting.short_date(day) for day in days] == ["Mon 23 Nov", "Mon 4 May"]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_a_written_number_is_never_further_off_than_half_its_last_digit(value):
    with translation.override("de"):
        text = formatting.number(value, 2)
    back = Decimal(text.replace(".", "").replace(",", ".").replace("−", "-"))
    assert abs(back - value) <= Decimal("0.005")


@given(st.one_of(st.none(), st.floats(), st.integers(-(10**18), 10**18)))
def test_no_figure_breaks_a_page(value):
    for function in (formatting.number, formatting.money, formatting.money_short, formatting.percent):
        assert function(value)


def test_a_figure_of_numpy_is_a_figure():
    with translation.override("en"):
        assert formatting.number(np.float64(0.25), 2) == "0.25"


def render(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_an_icon_is_decoration_unless_it_has_a_name():
    assert 'aria-hidden="true"' in render('{% icon "check" %}')
    assert 'aria-label="&lt;b&gt;"' in render('{% icon "check" label=name %}', name="<b>")


def test_a_change_says_its_direction_in_words():
    with translation.override("en"):
        assert "up by" in render("{% delta 3 %}")
        assert "down by" in render("{% delta value %}", value=-2)
        assert "unchanged" in render("{% delta value %}", value=None)


def test_a_width_stays_inside_its_track():
    assert render("{{ a|percent_width }} {{ b|percent_width }}", a=0.27, b=7) == "27% 100%"


def test_the_rail_shows_only_rooms_that_exist(rf):
    nav = Template(
        "{% load ui %}{% navigation as nav %}{% for item in nav.program %}{{ item.name }} {% endfor %}"
    )
    assert "jobs:list" in nav.render(Context({"request": rf.get("/jobs/")}))
