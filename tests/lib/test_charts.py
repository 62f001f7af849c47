"""Charts are messages with a drawing and a table that both policy and reader accept."""

import datetime as dt
import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import vl_convert
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kam.lib import vega
from kam.lib.charting import LABEL_HEIGHT, LINE_HEIGHT, lowered
from kam.lib.charts import PERCENT, Frame, Measure, bars, line, stacked, waterfall
from kam.lib.charts_matrix import Bubble, Direction, Fields, bubbles
from kam.lib.charts_portfolio import histogram, lorenz, whale
from kam.lib.charts_ranking import bump

EURO = Measure("money")
FRAME = Frame("Two accounts bring half", "Revenue in €")
DAYS = [dt.date(2026, month, 1) for month in range(1, 7)]
NASTY = "<script>alert(1)</script> & \"Söhne\" '); alert(1); ('"


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def bar_chart(label: str = "Voltaik"):
    return bars(
        FRAME, [(label, Decimal("4820000.50"), Decimal("4100000")), ("Nordlicht", Decimal("-20"), None)], EURO
    )


BUILDERS = {
    "bars": bar_chart,
    "stacked": lambda: stacked(
        FRAME, ["Potential", "Fit"], [("A", [Decimal("2.7"), Decimal("1.5")]), ("B", [1, 2])]
    ),
    "line": lambda: line(
        FRAME, {"A": list(zip(DAYS, range(6), strict=True)), "B": list(zip(DAYS, range(6), strict=True))}
    ),
    "waterfall": lambda: waterfall(FRAME, ("A", 5), [("x", 2), ("y", -1)], ("B", 6)),
    "waterfall, cut": lambda: waterfall(
        FRAME, ("A", 7.9), [("x", 0.5), ("y", -0.2)], ("B", 8.2), Measure(decimals=2)
    ),
    "lorenz": lambda: lorenz(FRAME, [(0.5, 0.2), (1.0, 1.0)]),
    "bubbles": lambda: bubbles(
        FRAME,
        [Bubble("A", 2, 8, 5, "Key", before=(1, 7)), Bubble("B", 3, 4, 2, "Other")],
        Fields(Direction("x"), Direction("y"), ("a", "b", "c", "d")),
    ),
    "histogram": lambda: histogram(FRAME, [(0, 0.1, 3), (0.1, 0.2, 5)], PERCENT, hot=0.15),
    "whale": lambda: whale(FRAME, [0.6, 1.0, 1.2, 1.0], (3, "3 accounts: 120 %")),
    "bump": lambda: bump(FRAME, ["Q1", "Q2"], {"A": [("Q1", 1), ("Q2", 2)], "B": [("Q1", 2)]}),
}
EMPTY = {
    "bars": lambda: bars(FRAME, []),
    "stacked": lambda: stacked(FRAME, ["a"], []),
    "line": lambda: line(FRAME, {}),
    "lorenz": lambda: lorenz(FRAME, []),
    "histogram": lambda: histogram(FRAME, []),
    "bubbles": lambda: bubbles(FRAME, [], Fields(Direction("x"), Direction("y"))),
    "whale": lambda: whale(FRAME, [0.6, 1.0, 1.2, 1.0], (3, "3 accounts: 120 %")),
}


@pytest.mark.parametrize("name", BUILDERS)
def test_a_drawing_keeps_the_strict_policy(name):
    chart = BUILDERS[name]()

    for svg in (chart.svg, chart.narrow):
        parse(svg)
        assert not re.search(r"<style|\sstyle=|<script|\son\w+=|href=|url\(", svg)


@pytest.mark.parametrize("name", BUILDERS)
def test_a_drawing_takes_every_colour_from_the_theme(name):
    chart = BUILDERS[name]()

    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', chart.svg + chart.narrow)) - {
        "none",
        "transparent",
    }
    assert all(colour.startswith("var(--") for colour in colours), colours
    known = {re.sub(r"var\(--|\)", "", colour) for colour in colours}
    assert known <= set(vega.PAPER)


@pytest.mark.parametrize("name", BUILDERS)
def test_a_drawing_has_a_name_and_its_marks_have_one(name):
    chart = BUILDERS[name]()

    root = parse(chart.svg)
    assert root.get("role") == "img"
    assert root.find("{*}title").text == "Two accounts bring half"
    marks = root.findall(".//*[@data-mark]")
    assert marks
    assert all(mark.get("aria-label") and "undefined" not in mark.get("aria-label") for mark in marks)


@pytest.mark.parametrize("name", BUILDERS)
def test_every_row_of_the_table_has_a_cell_for_every_head(name):
    table = BUILDERS[name]().table

    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.header)}
    assert all(isinstance(cell, str) for row in table.rows for cell in row)


@pytest.mark.parametrize("name", EMPTY)
def test_a_chart_without_figures_is_still_a_chart(name):
    assert EMPTY[name]().svg.startswith("<svg")


def test_a_name_that_looks_like_markup_stays_a_name():
    chart = bar_chart(NASTY)

    root = parse(chart.svg)
    assert any(NASTY in (mark.get("aria-label") or "") for mark in root.iter())
    assert "<script" not in render_to_string("_components/chart.html", {"chart": chart})


def test_the_table_has_money_to_the_cent_and_the_drawing_short():
    with translation.override("de"):
        chart = bar_chart()

    assert chart.table.rows[0][1] == "4.820.000,50\u00a0€"
    assert "4,8\u00a0Mio.\u00a0€" in chart.svg


def test_the_reader_of_english_gets_english_figures():
    with translation.override("en"):
        chart = bar_chart()

    assert chart.table.rows[0][1] == "€4,820,000.50"
    assert "€4.8m" in chart.svg


def test_a_drawing_is_made_once(monkeypatch):
    cache.clear()
    made = []
    draw = vl_convert.vegalite_to_svg
    monkeypatch.setattr(
        vl_convert, "vegalite_to_svg", lambda *args, **kwargs: made.append(1) or draw(*args, **kwargs)
    )

    first, second = bar_chart(), bar_chart()

    assert first.svg == second.svg
    assert len(made) == 1  # paper needs no more
    assert first.narrow == second.narrow
    assert len(made) == 2


def test_the_narrow_drawing_is_in_the_language_of_the_wide_one():
    with translation.override("de"):
        german = bar_chart()
        expected = bar_chart().narrow
    with translation.override("en"):
        assert german.narrow == expected
        assert bar_chart().narrow != expected


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_no_address_is_ever_loaded(tmp_path, scheme):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n4711\n")
    address = f"file://{secret}" if scheme == "file" else "http://127.0.0.1:1/secret.csv"
    spec = {
        "data": {"url": address},
        "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }

    with pytest.raises(ValueError, match="inline"):
        vega.render(spec, "x", "x")


def test_totals_of_a_cut_axis_are_broken_bars_and_the_subtitle_says_so():
    with translation.override("en"):
        cut = BUILDERS["waterfall, cut"]()
        whole = waterfall(FRAME, ("A", 5), [("x", -4)], ("B", 1))

    assert "axis from" in cut.subtitle
    assert "axis from" not in whole.subtitle
    bar = r'aria-label="{}: [^"]*"[^>]*d="M[0-9.,]+h[0-9.]+v[0-9.]+h-[0-9.]+Z"'
    assert all(re.search(bar.format(total), cut.svg) for total in "AB")
    assert (cut.svg.count('fill="var(--surface)"'), whole.svg.count('fill="var(--surface)"')) == (2, 0)


def test_a_long_name_takes_two_lines_on_a_phone_and_is_not_cut():
    chart = waterfall(FRAME, ("Vorjahr", 5), [("Zahl der Bestellungen", -4)], ("B", 1))

    assert ">Zahl der<" in chart.narrow and ">Bestellungen<" in chart.narrow
    assert ">Zahl der Bestellungen<" in chart.svg


@pytest.mark.parametrize("step", [Decimal("72600000"), Decimal("-200000000")])
@pytest.mark.parametrize("name", ["Neu", "Bearbeitungszentrum B400"])
def test_words_beyond_a_bar_have_room(step, name):
    start = Decimal(233_000_000)
    bridge = waterfall(FRAME, ("Vorjahr", start), [(name, step)], ("Jahr", start + step), EURO)
    for chart in (bridge, bars(FRAME, [(name, step, None), ("B", start, start)], EURO)):
        for svg in (chart.svg, chart.narrow):
            left = float(re.search(r'transform="translate\(([0-9.]+),', svg)[1])
            ends = re.findall(r'text-anchor="start" transform="translate\(([0-9.]+),[^>]*>([^<]*)<', svg)
            assert len(ends) >= 2
            assert all(left + float(at) + 6 * len(words) <= vega.width_of(svg) + 1 for at, words in ends)


def test_drawings_of_one_kind_are_equally_wide_whatever_their_names_take():
    short, long = bars(FRAME, [("A", 1, None)]), bars(FRAME, [("Bearbeitungszentrum B400", 1, None)])

    assert abs(vega.width_of(short.svg) - vega.width_of(long.svg)) < 2


def test_paper_has_colours_instead_of_variables():
    paper = vega.for_paper(bar_chart().svg)

    assert "var(" not in paper
    assert 'font-family="Inter"' in paper


def test_places_far_below_share_one_row_of_a_bump_chart():
    near = {"A": [("Q1", 1), ("Q2", 2)], "B": [("Q1", 2), ("Q2", 1)]}
    far = near | {"C": [("Q1", 180), ("Q2", 3)], "D": [("Q1", 190), ("Q2", 4)]}
    svg = bump(FRAME, ["Q1", "Q2"], far).svg
    assert float(parse(svg).attrib["viewBox"].split()[3]) < 250
    assert "5+  C · D" in "".join(parse(svg).itertext())


def test_lines_of_a_bump_chart_are_dashed_where_the_method_changed():
    ranks = {"A": [("Q1", 1), ("Q2", 2), ("Q3", 2)], "B": [("Q1", 2), ("Q2", 1), ("Q3", 1)]}

    def dashed(svg: str) -> int:
        return sum(mark.attrib.get("stroke-dasharray") == "2,4" for mark in parse(svg).iter())

    assert dashed(bump(FRAME, ["Q1", "Q2", "Q3"], ranks).svg) == 0
    assert dashed(bump(FRAME, ["Q1", "Q2", "Q3"], ranks, (), {"Q2"}).svg) == 2


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6))
def test_names_at_the_end_of_lines_never_cover_each_other(values: list[int]) -> None:
    last = {f"S{place}": value for place, value in enumerate(values)}
    moved = lowered(last, [*values, 0])
    step = LINE_HEIGHT / (max(values) or 1)
    places = sorted((max(values) - value) * step + moved[name] for name, value in last.items())
    assert all(lower - upper >= LABEL_HEIGHT - 1e-9 for upper, lower in pairwise(places))
    assert moved[max(last, key=lambda name: last[name])] == 0  # the highest stays where its line ends


def test_the_ten_largest_bubbles_are_named_also_in_a_crowd() -> None:
    crowd = [Bubble(f"Customer {n:02}", 5 + n % 3 / 4, 5 + n % 4 / 4, 100 - n) for n in range(14)]
    drawing = bubbles(FRAME, crowd, Fields(Direction("x"), Direction("y"))).svg
    named = [n for n in range(14) if f">Customer {n:02}</text>" in drawing]
    assert named == list(range(10))


@pytest.mark.parametrize("length", range(20, 30))
def test_a_label_that_is_cut_keeps_letters_whole(length):
    name = "a" * (length % 3) + "\U0001f600" * length
    values = [{"name": name, "value": 1}]
    encoding = {"y": {"field": "name", "type": "nominal"}, "x": {"field": "value", "type": "quantitative"}}
    drawn = vega.render({"data": {"values": values}, "mark": "bar", "encoding": encoding}, "x", "x")
    assert "\U0001f600…" in drawn or name in drawn
    assert not any("\ue000" <= letter < "\uf900" for letter in drawn)


@pytest.mark.parametrize("letter", [*map(chr, range(32)), "\x7f", "\ufffe", "\uffff"])
def test_a_letter_that_no_xml_has_ends_no_process(letter):
    values = [{"name": f"a{letter}b", "value": 1}]
    encoding = {"y": {"field": "name", "type": "nominal"}, "x": {"field": "value", "type": "quantitative"}}
    assert "<svg" in vega.render({"data": {"values": values}, "mark": "bar", "encoding": encoding}, "x", "x")


def test_paper_has_no_letter_that_no_xml_has():
    assert vega.for_paper("<svg >a\ufffe\x1fb</svg>") == '<svg font-family="Inter" >ab</svg>'
