"""The sections of a progress report, each built from its part of the snapshot."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kam.lib import formatting
from kam.lib.charts import Chart, Frame, bars, waterfall
from reports import leadership_sections as leadership
from reports import relationship
from reports import review_sections as review
from reports.blocks import (
    Builder,
    Context,
    Data,
    Figure,
    GoalLine,
    Grid,
    Section,
    amount,
    day_text,
    state_text,
    state_tone,
)
from reports.columns import Column, columns, unit_of
from reports.templates import SECTIONS


def promises(data: Data, context: Context) -> Section:
    rows = [
        [row["text"], row["to"] or formatting.MISSING, row["who"] or formatting.MISSING, _due(row)]
        for row in data["rows"]
    ]
    grid = Grid([_("Promise"), _("To whom"), _("Who"), _("Until")], rows, texts=2) if rows else None
    return Section("promises", context.message, _("What we promised and have not closed"), grid=grid)


def _due(row: Data) -> str:
    day = day_text(row["due_on"])
    return _("%(day)s, overdue") % {"day": day} if row["overdue"] else day


def summary(data: Data, context: Context) -> Section:
    """Key figures of twelve months, each beside the twelve months before."""
    currency, source = context.currency, data.get("source", "")
    growth = data["growth"]
    figures = [
        Figure(
            _("Revenue"),
            formatting.money_short(data["revenue"], currency),
            _("year before %(value)s") % {"value": formatting.money_short(data["revenue_before"], currency)},
            source=source,
        ),
        Figure(
            _("Difference"),
            formatting.percent(growth, signed=True),
            _("against the year before"),
            _tone(growth),
        ),
        Figure(
            _("Orders"),
            formatting.number(data["orders"]),
            _("year before %(value)s") % {"value": formatting.number(data["orders_before"])},
            source=source,
        ),
        Figure(
            _("Average order"),
            formatting.money_short(data["average"], currency),
            _("year before %(value)s") % {"value": formatting.money_short(data["average_before"], currency)},
            source=source,
        ),
    ]
    return Section(
        "summary", context.message, _period(data), figures, note=_customer_since(data), source=source
    )


def _period(data: Data) -> str:
    days = {"first": day_text(data["from"]), "last": day_text(data["to"])}
    return _("%(first)s to %(last)s, net of reversals") % days


def _customer_since(data: Data) -> str:
    if not data["first_order_on"]:
        return ""
    days = {"first": day_text(data["first_order_on"]), "last": day_text(data["last_order_on"])}
    said = _("Customer since %(first)s, last order on %(last)s.") % days
    if data.get("next_order_on"):
        words = (
            _("The next order was expected around %(day)s.")
            if data["next_order_on"] < data["to"]
            else _("The next order is expected around %(day)s.")
        )
        return f"{said} {words % {'day': day_text(data['next_order_on'])}}"
    return said


def _tone(share: float | None) -> str:
    return "" if not share else "pos" if share > 0 else "neg"


def revenue(data: Data, context: Context) -> Section:
    rows = [_column(row) for row in data["quarters"]]
    _unit, name = unit_of([row.actual for row in rows] + [row.previous for row in rows], context.currency)
    words = {"unit": name, "first": rows[0].label, "last": rows[-1].label}
    measure = _("Revenue in %(unit)s and change in per cent, %(first)s to %(last)s, net of reversals") % words
    last = data["quarters"][-1]
    note = (
        _("* until %(day)s, beside the same days of the year before") % {"day": day_text(last["until"])}
        if last["partial"]
        else ""
    )
    chart = columns(Frame(context.message, measure, note, "report-revenue"), rows, context.money)
    return Section("revenue", context.message, measure, chart=chart, note=note, source=data.get("source", ""))


def _column(row: Data) -> Column:
    day = date.fromisoformat(row["from"])
    label = f"Q{(day.month - 1) // 3 + 1} {day:%y}" if day.month % 3 == 1 else formatting.month(day)
    return Column(
        f"{label}*" if row["partial"] else label,
        amount(row["actual"]),
        amount(row["previous"]),
        row["partial"],
    )


def change(data: Data, context: Context) -> Section:
    words = {
        "before": formatting.number(data["orders_before"]),
        "after": formatting.number(data["orders_after"]),
    }
    measure = _("What changed the revenue: %(before)s orders before, %(after)s now, and their size") % words
    chart = waterfall(
        Frame(context.message, measure, anchor="report-change"),
        (_("Year before"), amount(data["before"])),
        [
            (_("Number of orders"), amount(data["orders_effect"])),
            (_("Size of orders"), amount(data["size_effect"])),
        ],
        (_("Twelve months"), amount(data["after"])),
        context.money,
    )
    return Section("change", context.message, measure, chart=chart, source=data.get("source", ""))


def offerings(data: Data, context: Context) -> Section:
    measure = _("Revenue by offering in twelve months, beside the year before, net of reversals")
    rows = [
        (row["name"] or _("Without offering"), amount(row["amount"]), amount(row["before"]))
        for row in data["rows"]
    ]
    note = _("and %(count)s more") % {"count": data["more"]} if data["more"] else ""
    chart: Chart | None = None
    if rows:
        chart = bars(
            Frame(context.message, measure, note, "report-offerings"), _distinct(rows), context.money
        )
    return Section(
        "offerings", context.message, measure, chart=chart, note=note, source=data.get("source", "")
    )


def _distinct(rows: list[tuple[str, Decimal, Decimal]]) -> list[tuple[str, Decimal, Decimal | None]]:
    """Two offerings of one name stay two bars."""
    names = [name for name, _now, _before in rows]
    return [
        (name if names.count(name) == 1 else f"{name} ({place})", now, before)
        for place, (name, now, before) in enumerate(rows, start=1)
    ]


def goals(data: Data, context: Context) -> Section:
    measure = _("Bar: way to the target; line: where it should be by now")
    return Section(
        "goals", context.message, measure, goals=[_goal(row, context.currency) for row in data["rows"]]
    )


def _goal(row: Data, currency: str) -> GoalLine:
    who = [row["who"], _("due %(day)s") % {"day": day_text(row["due_on"])}]
    return GoalLine(
        title=row["title"],
        note=" · ".join(filter(None, who)),
        value="" if row["target"] is None else _on_the_way(row, currency),
        actual=row["progress"],
        plan=row["elapsed"],
        state=state_text(row["state"]),
        tone=state_tone(row["state"]),
    )


def _on_the_way(row: Data, currency: str) -> str:
    """Return actual / target; metrics that are computed measure money in the currency of the account."""
    if row["unit"] == "money":
        return " / ".join(formatting.money(row[key], currency, 0) for key in ("current", "target"))
    if row["unit"] == "percent":
        return " / ".join(formatting.percent(row[key]) for key in ("current", "target"))
    named = {"count": "", "number": "", "days": _("days")}.get(row["unit"], row["unit"])
    unit = f"{formatting.NBSP}{named}" if named else ""
    return f"{formatting.number(row['current'])} / {formatting.number(row['target'])}{unit}"


def score(data: Data, context: Context) -> Section:
    if not data:
        return Section("score", context.message)
    words = {"model": data["model"], "version": data["version"], "day": day_text(data["as_of"])}
    header = [_("Criterion"), _("Rating"), _("Weight"), _("Contribution")]
    rows = [
        [
            part["name"],
            formatting.number(part["rating"], 1) if part["applies"] else _("not applicable"),
            formatting.percent(part["weight"], 0),
            formatting.number(part["contribution"], 2),
        ]
        for part in data["parts"]
    ]
    note = ""
    if data["completeness"] < 1:
        low, high = formatting.number(data["low"], 1), formatting.number(data["high"], 1)
        note = _("Ratings are missing: between %(low)s and %(high)s.") % {"low": low, "high": high}
    measure = _("Model %(model)s, version %(version)s, as of %(day)s") % words
    return Section("score", context.message, measure, grid=Grid(header, rows), note=note)


def steps(data: Data, context: Context) -> Section:
    rows = [[row["title"], row["who"] or formatting.MISSING, day_text(row["due_on"])] for row in data["rows"]]
    grid = Grid([_("Next step"), _("Who"), _("Until")], rows, texts=1) if rows else None
    end = {"day": formatting.date(context.as_of + timedelta(days=1))}
    return Section("steps", context.message, _("From %(day)s on, the first first") % end, grid=grid)


def left_out_section(rows: list[Data], context: Context) -> Section:
    """Return which sections could not be built, and why the report does without them."""
    title = ngettext(
        "%(count)s section is missing from this report",
        "%(count)s sections are missing from this report",
        len(rows),
    ) % {"count": formatting.number(len(rows))}
    body = [[str(SECTIONS.get(row["code"], row["code"])), row["reason"]] for row in rows]
    grid = Grid([_("Section"), _("Why it is missing")], body, texts=1)
    return Section("left-out", title, _("Left out when the report was built"), grid=grid)


def since_section(since: Data, context: Context) -> Section:
    """Return what is different from the last report for the same readers."""
    rows = [
        [_label(row["code"]), _value(row, "before", context), _value(row, "now", context)]
        for row in since["rows"]
    ]
    rows += [[row["title"], state_text(row["before"]), state_text(row["now"])] for row in since["goals"]]
    day = {"day": day_text(since["as_of"])}
    grid = Grid([_("What"), _("Then"), _("Now")], rows) if rows else None
    return Section(
        "since", _("Since the last report of %(day)s") % day, _("The same figures, then and now"), grid=grid
    )


def _label(code: str) -> str:
    names = {
        "revenue": _("Revenue"),
        "quarter": _("Revenue of the quarter"),
        "orders": _("Orders"),
        "average": _("Average order"),
        "score": _("Score"),
    }
    return names[code]


def _value(row: Data, when: str, context: Context) -> str:
    value: Any = row[when]
    if row["code"] in ("revenue", "quarter", "average"):
        return formatting.money(value, context.currency)
    return formatting.number(value, 0 if row["code"] == "orders" else 1)


BUILDERS: dict[str, Builder] = {
    "promises": promises,
    "summary": summary,
    "revenue": revenue,
    "change": change,
    "offerings": offerings,
    "goals": goals,
    "score": score,
    "steps": steps,
    "relationship": relationship.section,
    **review.BUILDERS,
    **leadership.BUILDERS,
}
