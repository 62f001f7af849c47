"""What the accounts leave after discounts, goods and service: a part of the leadership portfolio."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.amounts import amount_text
from accounts.models import Account
from accounts.windows import Span
from goals.contributions import Books, all_books, movements
from goals.periods import Period
from goals.profitability import account_contribution, fell_while_revenue_rose
from kam.lib import formatting
from kam.lib.charts import Frame, waterfall
from reports.blocks import Context, Data, Figure, Grid, Section, amount
from reports.links import url

SHOWN = 5


def contributed(now: Span, before: Span) -> Data:
    """Return the steps from list revenue to contribution over the accounts whose lines state their cost.

    The others are counted and left out: without costs all of their revenue would look like contribution.
    """
    period, base = _period(now), _period(before)
    (then, _known), (books, costed) = all_books(base), all_books(period)
    known = [books[pk] for pk in books if pk in costed]
    results = [account_contribution(row) for row in known]
    net = _sum(row.net_revenue for row in results)
    all_net = _sum(account_contribution(row).net_revenue for row in books.values())
    contribution = _sum(row.contribution for row in results)
    return {
        "accounts": len(books),
        "costed": len(known),
        "covered": float(net / all_net) if all_net > 0 else None,
        "list_revenue": amount_text(_sum(row.list_revenue for row in known)),
        "discounts": amount_text(_sum(row.discounts for row in known)),
        "goods": amount_text(_sum(row.cost_of_goods for row in known)),
        "service": amount_text(_sum(row.cost_to_serve for row in known)),
        "contribution": amount_text(contribution),
        "rate": float(contribution / net) if net > 0 else None,
        "fell": _fell(then, books, costed),
        "source": url("goals:portfolio_growth"),
    }


def _period(span: Span) -> Period:
    return Period(span.start or date.min, span.end)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _fell(then: Books, books: Books, costed: set[UUID]) -> list[dict[str, Any]]:
    """Return the accounts whose contribution fell while their revenue rose, with costs known in both periods."""
    found = fell_while_revenue_rose(movements(then, books))
    rows = [row for row in found if UUID(row.account) in costed and UUID(row.account) in then][:SHOWN]
    names = Account.objects.in_bulk([UUID(row.account) for row in rows])
    return [
        {
            "name": names[UUID(row.account)].display_name,
            "revenue_change": amount_text(row.revenue_change),
            "change": amount_text(row.contribution_after - row.contribution_before),
            "source": url("accounts:detail", pk=row.account),
        }
        for row in rows
    ]


def section(data: Data, context: Context) -> Section:
    """The steps as a bridge, beside how much of the revenue they cover."""
    measure = _("From list revenue to contribution, twelve months")
    if not data["costed"]:
        return Section("contribution", context.message, measure)
    money = context.currency
    figures = [
        Figure(
            pgettext("money", "Contribution"),
            formatting.money_short(data["contribution"], money),
            _rate(data),
        ),
        Figure(_("Discounts"), formatting.money_short(data["discounts"], money)),
        Figure(
            _("Accounts with costs"),
            formatting.number(data["costed"]),
            _("%(share)s of the revenue") % {"share": formatting.percent(data["covered"], 0)},
        ),
    ]
    chart = waterfall(
        Frame(context.message, measure, anchor="report-contribution"),
        (_("List revenue"), amount(data["list_revenue"])),
        [
            (_("Discounts"), -amount(data["discounts"])),
            (_("Goods"), -amount(data["goods"])),
            (_("Cost to serve"), -amount(data["service"])),
        ],
        (pgettext("money", "Contribution"), amount(data["contribution"])),
        context.money,
    )
    rows = [
        [
            row["name"],
            formatting.money(row["revenue_change"], money, 0, signed=True),
            formatting.money(row["change"], money, 0, signed=True),
        ]
        for row in data["fell"]
    ]
    header = [_("Contribution fell while revenue rose"), _("Revenue"), pgettext("money", "Contribution")]
    links = [str(row.get("source", "")) for row in data["fell"]]
    grid = Grid(header, rows, links=links) if rows else None
    return Section("contribution", context.message, measure, figures, chart, grid)


def _rate(data: Data) -> str:
    return _("%(share)s of the net revenue") % {"share": formatting.percent(data["rate"])}


def message(data: Data) -> str:
    if not data["costed"]:
        return _("No sales line states its cost: contribution is unknown")
    if data["rate"] is None:
        return _("The revenue with known costs is not positive")
    words = {"share": formatting.percent(data["rate"], 0), "count": formatting.number(len(data["fell"]))}
    if data["fell"]:
        return (
            _(
                "%(share)s of the net revenue is left; contribution fell while revenue rose at %(count)s or more"
            )
            if len(data["fell"]) == SHOWN
            else _("%(share)s of the net revenue is left; contribution fell while revenue rose at %(count)s")
        ) % words
    return _("%(share)s of the net revenue is left after discounts, goods and service") % words
