"""The sections of the leadership portfolio, each built from its part of the snapshot."""

from django.utils.translation import gettext as _

from kam.lib import formatting
from kam.lib.charts import Frame, bars, waterfall
from reports import leadership_contribution, leadership_warnings
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


def concentration(data: Data, context: Context) -> Section:
    """The largest accounts beside the figures of how much hangs on them."""
    figures = [
        Figure(
            _("Revenue"), formatting.money_short(data["total"], context.currency), _("twelve months, net")
        ),
        Figure(_("Accounts"), formatting.number(data["accounts"]), _("with revenue")),
        Figure(_("Largest account"), formatting.percent(data["largest_share"]), _("of the revenue")),
        Figure(_("80% of the revenue"), formatting.number(data["accounts_for_80"]), _("accounts bring it")),
    ]
    measure = _("Revenue of the largest accounts in twelve months, net of reversals")
    rows = [
        (f"{place}. {row['name']}", amount(row["amount"]), None) for place, row in enumerate(data["top"], 1)
    ]
    chart = bars(Frame(context.message, measure, anchor="report-top"), rows, context.money) if rows else None
    note = _("Gini coefficient %(gini)s") % {"gini": formatting.number(data["gini"], 2)} if rows else ""
    return Section("concentration", context.message, measure, figures, chart, note=note)


def retention(data: Data, context: Context) -> Section:
    """What became of the revenue of those who were customers a year before."""
    figures = [
        Figure(_("Net revenue retention"), formatting.percent(data["nrr"]), _with_rates("nrr", data)),
        Figure(_("Gross revenue retention"), formatting.percent(data["grr"]), _with_rates("grr", data)),
        Figure(_("Customers kept"), formatting.percent(data["logo_retention"]), _("still buy")),
    ]
    if data["nrr"] is None:
        return Section("retention", context.message, "", figures)
    count = {"count": formatting.number(data["base_accounts"])}
    measure = _("Revenue of twelve months beside the twelve before; cohort of %(count)s customers") % count
    if "nrr_constant" in data:
        measure = _("%(measure)s; other currencies at the rate of each day") % {"measure": measure}
    chart = waterfall(
        Frame(context.message, measure, anchor="report-retention"),
        (_("Year before"), amount(data["base_revenue"])),
        [
            (_("Expansion"), amount(data["expansion"])),
            (_("Contraction"), -amount(data["contraction"])),
            (_("Lost"), -amount(data["churned"])),
            (_("New"), amount(data["new"])),
        ],
        (_("Twelve months"), amount(data["current_revenue"])),
        context.money,
    )
    return Section("retention", context.message, measure, figures, chart)


def _with_rates(name: str, data: Data) -> str:
    """Return what the rate counts and, where there are sales in other currencies, what it is at constant rates."""
    counts = _("with expansion") if name == "nrr" else _("without expansion")
    if f"{name}_constant" not in data or data[name] is None:
        return counts
    constant = data[f"{name}_constant"]
    if constant is None:
        return _("%(counts)s; at constant rates unknown: a rate is missing") % {"counts": counts}
    return _("%(counts)s; %(share)s at constant rates") % {
        "counts": counts,
        "share": formatting.percent(constant),
    }


def movers(data: Data, context: Context) -> Section:
    header = [_("Account"), _("Year before"), _("Twelve months"), _("Difference")]
    rows = [
        [
            row["name"],
            formatting.money_short(row["before"], context.currency),
            formatting.money_short(row["amount"], context.currency),
            formatting.money(row["change"], context.currency, 0, signed=True),
        ]
        for row in [*data["up"], *reversed(data["down"])]
    ]
    links = [str(row.get("source", "")) for row in [*data["up"], *reversed(data["down"])]]
    grid = Grid(header, rows, links=links) if rows else None
    return Section("movers", context.message, _("The largest gains and losses, net of reversals"), grid=grid)


def coverage(data: Data, context: Context) -> Section:
    figures = [
        Figure(_("Key accounts"), formatting.number(data["key_accounts"])),
        Figure(
            _("Without a manager"),
            formatting.number(data["without_kam"]),
            "",
            "neg" if data["without_kam"] else "",
        ),
        Figure(
            _("Without a goal"),
            formatting.number(data["without_goal"]),
            "",
            "warn" if data["without_goal"] else "",
        ),
    ]
    rows = [[row["name"], formatting.number(row["count"])] for row in data["people"]]
    grid = Grid([_("Key account manager"), _("Key accounts")], rows) if rows else None
    return Section("coverage", context.message, _("Who looks after the key accounts"), figures, grid=grid)


def risks(data: Data, context: Context) -> Section:
    lines = [
        GoalLine(
            title=row["title"],
            note=" · ".join(filter(None, [row["account"], row["who"], day_text(row["due_on"])])),
            value="",
            actual=row["progress"],
            plan=0.0,
            state=state_text(row["state"]),
            tone=state_tone(row["state"]),
        )
        for row in data["rows"]
    ]
    return Section("risks", context.message, _("Open goals that are behind, worst first"), goals=lines)


def decisions(data: Data, context: Context) -> Section:
    figures = [
        Figure(_("Proposed"), formatting.number(data["proposed"])),
        Figure(_("Approved"), formatting.number(data["approved"])),
        Figure(_("Declined"), formatting.number(data["declined"])),
        Figure(_("Ended"), formatting.number(data["ended"])),
    ]
    rows = [
        [row["name"], row["who"] or formatting.MISSING, day_text(row["since"])] for row in data["waiting"]
    ]
    grid = Grid([_("Account"), _("Proposed by"), _("Since")], rows, texts=1) if rows else None
    return Section("decisions", context.message, _("Key account decisions, all time"), figures, grid=grid)


BUILDERS: dict[str, Builder] = {
    "concentration": concentration,
    "retention": retention,
    "contribution": leadership_contribution.section,
    "movers": movers,
    "coverage": coverage,
    "warnings": leadership_warnings.section,
    "risks": risks,
    "decisions": decisions,
}
