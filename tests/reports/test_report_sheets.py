"""The data sheet of a report: several sheets, heads in words, and cells that go on calculating."""

import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from goals.models import Goal, Metric, Promise, ValueEntry
from reports.sheet_paper import WIDEST, laid_out
from reports.sheet_words import HEADS, LEFT_OUT, ORDER
from reports.sheets import report_xlsx
from reports.snapshot import Order, build_snapshot
from tests.factories import make_goal, make_offering, make_sales

TODAY = date(2026, 6, 30)


@pytest.fixture
def voltaik(account, alice):
    press, care = make_offering(name="Press"), make_offering(name="=Care()")
    make_sales(account, [("400", date(2024, 8, 1)), ("600", date(2025, 2, 3))], offering=press)
    make_sales(account, [("900", date(2025, 9, 1)), ("-100", date(2026, 5, 9))], offering=care)
    make_goal(account, "Less downtime", visibility="shareable", owner=alice)
    Promise.objects.create(
        account=account, text="Price list", promised_on=date(2026, 6, 1), due_on=date(2026, 6, 20)
    )
    return account


def snapshot_of(account, language="en", template="progress"):
    return build_snapshot(Order(account, TODAY, "internal", language, template))[0]


def sheets_of(book):
    found = CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {name: found.get_sheet_by_name(name).to_python() for name in found.sheet_names}


def formulas_of(book):
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name)
    return re.findall(r"<f>(.*?)</f>", text)


def test_totals_and_differences_are_formulas(voltaik):
    formulas = formulas_of(report_xlsx(snapshot_of(voltaik)))
    assert "B2+B6+B7" in formulas  # the year before and the two effects
    assert "SUM(C2:C3)" in formulas
    assert "C2-D2" in formulas


def test_what_is_calculated_stands_there_before_anything_is_calculated_again(voltaik):
    sheets = sheets_of(report_xlsx(snapshot_of(voltaik)))
    offerings = sheets["Offerings"]
    assert offerings[0] == ["Code", "Name", "Twelve months", "Year before", "Difference", "Change in percent"]
    assert offerings[-1][2:5] == [800.0, 1000.0, -200.0]
    effects = {row[0]: row[1] for row in sheets["Orders and size"]}
    assert effects["Year before"] + effects["Number of orders"] + effects["Size of orders"] == pytest.approx(
        effects["Twelve months"]
    )


@pytest.mark.parametrize(
    ("language", "name", "head"), [("de", "Angebote", "Zwölf Monate"), ("en", "Offerings", "Twelve months")]
)
def test_heads_are_words_in_the_language_of_the_report(voltaik, language, name, head):
    assert head in sheets_of(report_xlsx(snapshot_of(voltaik, language)))[name][0]


@pytest.mark.parametrize("template", ["progress", "quarterly", "kickoff", "portfolio"])
def test_every_field_of_every_template_has_a_head(voltaik, template):
    account = None if template == "portfolio" else voltaik
    for part in snapshot_of(account, template=template)["parts"]:
        rows = [row for value in part["data"].values() if isinstance(value, list) for row in value]
        names = {key for key, value in part["data"].items() if not isinstance(value, list | dict)}
        names |= {key for row in rows for key in row}
        plain = {name.removesuffix("_before") for name in names - LEFT_OUT}
        if part["code"] != "purpose":
            assert plain - set(HEADS) - {"orders", "rank"} == set()


def parts_of(book, ending):
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return [parts.read(name).decode() for name in parts.namelist() if name.endswith(ending)]


def test_every_sheet_prints_across_as_wide_as_the_page_with_its_head_on_each(voltaik):
    book = report_xlsx(snapshot_of(voltaik))
    sheets = [text for text in parts_of(book, ".xml") if "<worksheet " in text]
    assert all('orientation="landscape"' in text and 'fitToHeight="0"' in text for text in sheets)
    (names,) = parts_of(book, "xl/workbook.xml")
    assert names.count("_xlnm.Print_Titles") == names.count("_xlnm.Print_Area") == len(sheets)


def test_a_long_text_makes_its_row_high_and_not_its_column_endless(voltaik):
    Promise.objects.update(text="Word " * 60)
    sheets = [text for text in parts_of(report_xlsx(snapshot_of(voltaik)), ".xml") if "<worksheet " in text]
    assert any('customHeight="1"' in text for text in sheets)
    widths = [float(width) for text in sheets for width in re.findall(r'<col [^>]*width="([0-9.]+)"', text)]
    assert max(widths) < WIDEST + 4


def test_who_gave_what_is_said_in_words(voltaik):
    ValueEntry.objects.create(
        account=voltaik, direction="give", text="Audit", amount=2400, occurred_on=date(2026, 5, 1)
    )
    rows = sheets_of(report_xlsx(snapshot_of(voltaik, "de")))["Über die Rechnung hinaus"]
    assert rows[0][:2] == ["Wer gab", "Text"] and rows[1][0] == "Wir haben gegeben"


def test_no_text_is_a_formula(voltaik):
    assert not [formula for formula in formulas_of(report_xlsx(snapshot_of(voltaik))) if "Care" in formula]


def test_the_same_snapshot_gives_the_same_bytes_whenever(voltaik, time_machine):
    snapshot = snapshot_of(voltaik)
    time_machine.move_to("2026-07-01 08:00")
    first = report_xlsx(snapshot)
    time_machine.move_to("2031-02-03 04:05")
    assert report_xlsx(snapshot) == first


def test_the_goals_stand_in_reading_order_whatever_order_the_database_keeps(voltaik):
    snapshot = json.loads(json.dumps(snapshot_of(voltaik), sort_keys=True))
    head = sheets_of(report_xlsx(snapshot))["Goals"][0]
    assert head[0] == "Title"
    places = [head.index(name) for name in ("Side", "State", "Who", "Until", "Time gone")]
    assert places == sorted(places)


def test_a_column_without_anything_in_it_is_left_out(voltaik):
    head = sheets_of(report_xlsx(snapshot_of(voltaik)))["Goals"][0]
    assert "Cause" not in head and "Why" not in head
    Goal.objects.update(cause="Supplier is late")
    assert "Cause" in sheets_of(report_xlsx(snapshot_of(voltaik)))["Goals"][0]


def test_every_field_has_a_place_in_the_reading_order():
    assert set(ORDER.split()) == set(HEADS) - LEFT_OUT


@pytest.mark.parametrize(
    ("unit", "target", "shown"),
    [("money", 5000, "EUR"), ("percent", Decimal("0.9"), "%"), ("Stück", 7, "Stück")],
)
def test_a_goal_says_its_unit_in_words(voltaik, unit, target, shown):
    metric = Metric.objects.create(account=voltaik, name="Uptime", unit=unit)
    Goal.objects.update(metric=metric, start_value=0, target_value=target)
    head, row = sheets_of(report_xlsx(snapshot_of(voltaik)))["Goals"]
    assert (row[head.index("Unit")], row[head.index("Target")]) == (shown, float(target))


def test_the_goals_print_readably_on_one_page_across(voltaik, alice):
    words = {"why": "Longer runs, fewer calls at night " * 6, "cause": "Ersatzteilverfügbarkeit " * 8}
    Goal.objects.update(title="Stillstandszeiten der Verpackungsanlagen halbieren", **words)
    book = report_xlsx(snapshot_of(voltaik))
    place = list(sheets_of(book)).index("Goals") + 1
    (sheet,) = parts_of(book, f"worksheets/sheet{place}.xml")
    columns = re.findall(r'<col min="(\d+)" max="(\d+)" width="([0-9.]+)"', sheet)
    wide = sum((int(last) - int(first) + 1) * 7 * float(width) for first, last, width in columns)
    assert 'fitToWidth="2"' not in sheet
    assert 1026 / wide > 0.7  # of 11 points that leaves nearly 8


def test_so_many_columns_that_one_page_would_be_tiny_take_two():
    texts = {(0, column): f"Head{column}-" + "x" * 20 for column in range(12)}
    assert laid_out(texts).pages == 2


def test_no_word_is_cut_and_no_row_higher_than_a_workbook_can_hold():
    texts = {(0, column): "Head" for column in range(6)}
    texts |= {(1, column): "Wiederbeschaffungszeitraum " * 100 for column in range(6)}
    layout = laid_out(texts)
    assert min(layout.widths.values()) >= len("Wiederbeschaffungszeitraum")
    assert layout.heights[1] <= 409


def test_single_figures_have_a_column_of_the_year_before_only_where_one_is_compared(voltaik):
    sheets = sheets_of(report_xlsx(snapshot_of(voltaik)))
    assert sheets["Key figures"][0][:3] == ["Figure", "Value", "Year before"]
    assert sheets["Orders and size"][0] == ["Figure", "Value"]
