"""Tables and goals on slides: hairlines instead of boxes, figures right, bars drawn over their cells."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from kam.lib import formatting
from kam.lib.vega import PAPER
from reports.blocks import GoalLine, Grid
from reports.slides.deck import goal_lines, lines_of, shares
from reports.slides.house import INNER, MARGIN, SMALL, colour, write

HEAD, LINE, PAD = 26, 20, 12  # points
BAR = 14
GOAL_WIDTHS = [0.48, 0.2, 0.18, 0.14]
TONES = {"pos": "pos", "neg": "neg", "warn": "warn", "info": "info"}


def add_table(slide: Any, grid: Grid, top: float) -> None:
    """Draw a table; how wide its columns are follows from what stands in them."""
    widths = shares(grid)
    heights = [LINE * lines_of(row, widths) + PAD for row in grid.rows]
    table = _table(slide, grid, widths, heights, top)
    for place, row in enumerate(grid.rows, 1):
        for column, text in enumerate(row):
            _cell(table.cell(place, column), text, right=column > grid.texts, bold=column == 0)


def add_goals(slide: Any, goals: Sequence[GoalLine], top: float) -> None:
    """Draw goals as rows with a bar: how much of the way is gone, and where it should be by now."""
    head = Grid(
        [_("Goal"), _("Progress"), _("Actual / target") if any(g.value for g in goals) else "", _("State")],
        [],
    )
    heights = [LINE * goal_lines(goal) + PAD for goal in goals]
    table = _table(slide, head, GOAL_WIDTHS, heights, top)
    middle = top + HEAD
    for place, goal in enumerate(goals, 1):
        _cell(table.cell(place, 0), goal.title, bold=True)
        write(table.cell(place, 0).text_frame.add_paragraph(), goal.note, SMALL, "muted")
        _cell(table.cell(place, 1), formatting.percent(goal.actual, 0), right=True, tone="muted")
        _cell(table.cell(place, 2), goal.value, right=True)
        _cell(table.cell(place, 3), goal.state, right=True, tone=TONES.get(goal.tone, "muted"), bold=True)
        middle += heights[place - 1] / 2
        if goal.actual is not None:
            _bar(slide, goal, (MARGIN + INNER * GOAL_WIDTHS[0] + 8, middle), INNER * GOAL_WIDTHS[1] - 76)
        middle += heights[place - 1] / 2


def _bar(slide: Any, goal: GoalLine, start: tuple[float, float], full: float) -> None:
    left, top = start[0], start[1] - BAR / 2
    add_rectangle(slide, (left, top, full, BAR), "sunken")
    way = min(1.0, max(0.0, goal.actual or 0.0))
    if way:
        add_rectangle(slide, (left, top + 4, full * way, BAR - 8), "ac")
    if goal.plan > 0:
        add_rectangle(slide, (left + full * min(1.0, goal.plan) - 1, top - 2, 2, BAR + 4), "text")


def add_rectangle(slide: Any, box: tuple[float, float, float, float], name: str) -> None:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Pt, box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(name)
    shape.line.fill.background()
    style = shape._element.find(qn("p:style"))  # a shadow, of the library's sample
    shape._element.remove(style)
    properties = shape._element.nvSpPr.cNvPr  # the table beside it says the same in words
    properties.append(
        parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}"><adec:decorative '
            'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
        )
    )


def _table(slide: Any, head: Grid, widths: Sequence[float], heights: Sequence[float], top: float) -> Any:
    """Return a table with its head; ``head`` says how the columns are called and which are texts."""
    header, texts = head.header, head.texts
    box = (MARGIN, top, INNER, HEAD + sum(heights))
    frame = slide.shapes.add_table(len(heights) + 1, len(header), *map(Pt, box))
    table = frame.table
    style = table._tbl.tblPr
    style.set("bandRow", "0")
    style.find(qn("a:tableStyleId")).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
    for column, width in enumerate(widths):
        table.columns[column].width = Pt(INNER * width)
    for place, height in enumerate((HEAD, *heights)):
        table.rows[place].height = Pt(height)
    for column, text in enumerate(header):
        _cell(table.cell(0, column), text, right=column > texts, tone="muted")
    return table


def _cell(cell: Any, text: str, *, right: bool = False, tone: str = "text", bold: bool = False) -> None:
    cell.margin_left, cell.margin_right = Pt(0 if not right else 8), Pt(0 if right else 8)
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    write(paragraph, text, SMALL, tone, bold=bold)
    cell._tc.get_or_add_tcPr().append(_hairline())


def _hairline() -> Any:
    return parse_xml(
        f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill><a:srgbClr val="{PAPER["border"].removeprefix("#")}"/>'
        "</a:solidFill></a:lnB>"
    )
