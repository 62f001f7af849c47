"""Charts of a report as charts of PowerPoint: with their figures in a sheet behind them, for people to go on with."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.util import Pt

from kam.lib import formatting
from kam.lib.charting import Number, Plot
from reports.columns import unit_of
from reports.slides.house import SMALL, colour, plain

Box = tuple[float, float, float, float]
TYPES = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "waterfall": XL_CHART_TYPE.COLUMN_STACKED,
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
}


class _Writer(CategoryWorkbookWriter):
    """The sheet behind a chart: no text in it is taken for a formula, and nothing tells when it was written."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: Any) -> Iterator[tuple[Any, Any]]:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(xlsx_file, options)
        book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  # any fixed moment
        yield book, book.add_worksheet()
        book.close()


class _Figures(CategoryChartData):
    @property
    def _workbook_writer(self) -> _Writer:
        return _Writer(self)


def add_chart(slide: Any, plot: Plot, box: Box, words: str) -> None:
    """Draw the chart into a box (points); ``words`` say to those who do not see it what it shows."""
    figures = _waterfall(plot) if plot.kind == "waterfall" else _compared(plot)
    frame = slide.shapes.add_chart(TYPES[plot.kind], *map(Pt, box), figures)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", plain(words))
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(SMALL), colour("text")
    _quiet_axes(chart, plot)
    chart.has_title = False
    chart.has_legend = plot.kind != "waterfall" and len(plot.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size = Pt(SMALL)
    _DRESS[plot.kind](chart, plot)


def _compared(plot: Plot) -> _Figures:
    """Of actual and previous year the previous one first, so that the actual stands in front of it."""
    figures = _Figures(number_format="#,##0.00")
    figures.categories = _labels(plot)
    in_front = plot.kind in ("bars", "columns")
    for name, values in reversed(plot.series) if in_front else plot.series:
        figures.add_series(plain(name), [None if value is None else float(value) for value in values])
    return figures


def _labels(plot: Plot) -> list[str]:
    """Columns carry the change against the previous year below their names."""
    if plot.kind != "columns":
        return [plain(label) for label in plot.labels]
    (_actual, after), (_previous, before) = plot.series
    return [
        f"{plain(label)}\n{_change(now, then)}"
        for label, now, then in zip(plot.labels, after, before, strict=True)
    ]


def _change(now: Number | None, then: Number | None) -> str:
    if now is None or not then or then < 0:
        return formatting.MISSING
    return formatting.percent(float(now) / float(then) - 1, 0, signed=True)


def _quiet_axes(chart: Any, plot: Plot) -> None:
    names, values = chart.category_axis, chart.value_axis
    values.visible = plot.kind == "line"  # the others carry their values
    values.has_major_gridlines = False
    names.has_major_gridlines = False
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.tick_labels.font.size = Pt(SMALL)
    names.format.line.color.rgb = colour("border-strong")
    names.reverse_order = plot.kind in ("bars", "stacked")


def _dress_compared(chart: Any, plot: Plot) -> None:
    drawing = chart.plots[0]
    drawing.gap_width, drawing.overlap = 55, 45
    series = list(drawing.series)
    for one in series:
        _fill(one, "py")
    _fill(series[-1], "ac")
    labels = series[-1].data_labels
    labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
    labels.number_format, labels.number_format_is_linked = number_format(plot), False
    labels.font.size, labels.font.bold = Pt(SMALL), plot.kind == "columns"


def _dress_line(chart: Any, plot: Plot) -> None:
    """The first line in accent, the others grey, as on the page."""
    chart.value_axis.tick_labels.font.size = Pt(SMALL)
    chart.value_axis.tick_labels.number_format = number_format(plot)
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.value_axis.format.line.fill.background()
    for place, series in enumerate(chart.plots[0].series):
        shade = colour("accent" if place == 0 else "c-other")
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = shade, Pt(2)
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 6
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = shade
        series.marker.format.line.fill.background()


def _dress_stacked(chart: Any, plot: Plot) -> None:
    drawing = chart.plots[0]
    drawing.gap_width, drawing.overlap = 55, 100
    for place, series in enumerate(drawing.series):
        _fill(series, f"c{place + 1}" if place < 6 else "c-other")


def _fill(series: Any, name: str) -> None:
    series.invert_if_negative = False
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = colour(name)


def number_format(plot: Plot) -> str:
    """Return how a spreadsheet writes the figures of a chart: in thousands or millions when they are that large."""
    if plot.measure.kind == "percent":
        return "0.0%"
    if plot.measure.kind == "number":
        return "#,##0"
    values = [value for _name, column in plot.series for value in column if value is not None]
    unit, name = unit_of(values, plot.measure.currency)  # type: ignore[arg-type]  # money is Decimal
    digits = {1: "#,##0", 1000: "#,##0,", 10**6: "#,##0.0,,"}[unit]
    if plot.kind == "columns":  # the line below the title names the unit
        return digits
    symbol = formatting.SYMBOLS.get(plot.measure.currency, plot.measure.currency)
    if formatting.is_german():
        return f'{digits}"{formatting.NBSP}{name.replace(" ", formatting.NBSP)}"'
    return f'"{symbol}"{digits}"{name.removeprefix(symbol)}"'


def _waterfall(plot: Plot) -> _Figures:
    """A level nobody sees, and on it what adds, what takes and the totals at both ends."""
    rows = list(levels([float(value or 0) for value in plot.series[0][1]]))
    room = max((max(low + height, 0) for _kind, low, height in rows), default=0) * 0.12
    figures = _Figures(number_format="#,##0.00")
    figures.categories = [plain(label) for label in plot.labels]
    figures.add_series(_("Level"), [low for _kind, low, _height in rows])
    for kind, name in (("total", _("Total")), ("up", _("Increase")), ("down", _("Decrease"))):
        figures.add_series(name, [height if found == kind else None for found, _low, height in rows])
    figures.add_series(_("Label"), [room] * len(rows))
    return figures


def levels(values: list[float]) -> Iterator[tuple[str, float, float]]:
    """Yield (kind, level below, height) for totals at both ends and steps between; below zero both are negative."""
    at = 0.0
    for place, value in enumerate(values):
        if place in (0, len(values) - 1):
            yield "total", 0.0, value
            at = value
            continue
        low, high = sorted((at, at + value))
        kind = "up" if value >= 0 else "down"
        at += value
        if low >= 0:
            yield kind, low, high - low
        elif high <= 0:
            yield kind, high, low - high
        else:  # it crosses zero: stacked columns cannot say so, the label has the exact step
            yield kind, 0.0, high if value > 0 else low


def _dress_waterfall(chart: Any, plot: Plot) -> None:
    drawing = chart.plots[0]
    drawing.gap_width, drawing.overlap = 55, 100
    base, total, up, down, label = drawing.series
    for series, name in ((total, "ac"), (up, "pos"), (down, "neg")):
        _fill(series, name)
    for series in (base, label):
        series.format.fill.background()
    values: list[Number | None] = plot.series[0][1]
    for place, value in enumerate(values):
        frame = label.points[place].data_label.text_frame
        ends = place in (0, len(values) - 1)
        frame.text = plot.measure.text(value or 0, signed=not ends)
        frame.paragraphs[0].runs[0].font.size = Pt(SMALL)
        frame.paragraphs[0].runs[0].font.bold = ends
        label.points[place].data_label.position = XL_LABEL_POSITION.INSIDE_BASE


_DRESS: dict[str, Callable[[Any, Plot], None]] = {
    "bars": _dress_compared,
    "columns": _dress_compared,
    "waterfall": _dress_waterfall,
    "line": _dress_line,
    "stacked": _dress_stacked,
}
