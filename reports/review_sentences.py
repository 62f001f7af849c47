"""The messages of the quarterly review and of the kick-off, and what follows from them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kam.lib import formatting

Data = dict[str, Any]
LEVEL = 0.005


def _quarter(parts: dict[str, Data], currency: str) -> str:
    """Against the plan where the reader may know it, against the year before otherwise."""
    data = parts["quarter"]
    start = date.fromisoformat(data["from"])
    words = {"quarter": f"Q{(start.month - 1) // 3 + 1} {start.year}"}
    if start.month % 3 != 1:
        words["quarter"] = _("the quarter from %(day)s") % {"day": formatting.date(start)}
    actual, plan, before = (Decimal(data.get(key) or 0) for key in ("actual", "plan", "previous"))
    words["amount"] = formatting.money_short(actual, currency)
    other = plan if plan > 0 else before
    if other <= 0:
        return _("%(quarter)s brought %(amount)s, without a year before to compare with") % words
    share = float((actual - other) / other)
    words["share"] = formatting.percent(abs(share), 0 if abs(share) >= 0.1 else 1)
    return _compared(share, plan > 0) % words


def _compared(share: float, with_plan: bool) -> str:
    if abs(share) < LEVEL:
        return _("%(quarter)s is on plan") if with_plan else _("%(quarter)s is level with the year before")
    if with_plan:
        return (
            _("%(quarter)s is %(share)s above plan")
            if share > 0
            else _("%(quarter)s is %(share)s below plan")
        )
    if share > 0:
        return _("%(quarter)s is %(share)s above the year before")
    return _("%(quarter)s is %(share)s below the year before")


def _kept(parts: dict[str, Data], currency: str) -> str:
    rows = parts["kept"]["rows"]
    if not rows:
        return _("No promise was closed")
    words = {"kept": sum(row["kept"] for row in rows), "all": len(rows)}
    return (
        ngettext(
            "%(kept)s of %(all)s promise was kept", "%(kept)s of %(all)s promises were kept", words["all"]
        )
        % words
    )


def _projects(parts: dict[str, Data], currency: str) -> str:
    running = sum(row["state"] == "running" for row in parts["projects"]["rows"])
    if not running:
        return _("No joint project is running")
    return ngettext("%(count)s joint project is running", "%(count)s joint projects are running", running) % {
        "count": running
    }


def _choices(parts: dict[str, Data], currency: str) -> str:
    count = len(parts["choices"]["rows"])
    if not count:
        return _("Nothing waits for a decision")
    return ngettext("%(count)s point wants a decision", "%(count)s points want a decision", count) % {
        "count": count
    }


def _ahead(parts: dict[str, Data], currency: str) -> str:
    rows = parts["ahead"]["rows"]
    if not rows:
        return _("Nothing is dated for the next quarter yet")
    words = {"count": len(rows), "day": formatting.date(date.fromisoformat(rows[0]["due_on"]))}
    return (
        ngettext(
            "%(count)s date in the next quarter, on %(day)s",
            "%(count)s dates in the next quarter, the first on %(day)s",
            len(rows),
        )
        % words
    )


def _challenges(parts: dict[str, Data], currency: str) -> str:
    rows = parts["challenges"]["rows"]
    if not rows:
        return _("No challenge has been noted")
    words = {"solved": sum(row["resolved_on"] is not None for row in rows), "all": len(rows)}
    return (
        ngettext(
            "%(solved)s of %(all)s challenge is resolved",
            "%(solved)s of %(all)s challenges are resolved",
            len(rows),
        )
        % words
    )


def _values(parts: dict[str, Data], currency: str) -> str:
    rows = parts["values"]["rows"]
    given = sum((Decimal(row["worth"]) for row in rows if row.get("worth")), Decimal(0))
    if given:
        return _("Worth %(value)s to the customer beyond the invoice") % {
            "value": formatting.money_short(given, currency)
        }
    return _("Both sides gave beyond the invoice") if rows else _("Nothing was noted beyond the invoice")


def _purpose(parts: dict[str, Data], currency: str) -> str:
    if parts["purpose"].get("rows"):
        return _("Why we work together, how, and what we want to reach")
    return _("Why we work together has not been written down yet")


def _team(parts: dict[str, Data], currency: str) -> str:
    ours, theirs = parts["team"]["ours"], parts["team"]["theirs"]
    if not ours:
        return _("Nobody is named for this account yet")
    words = {"name": ours[0]["name"], "ours": len(ours), "theirs": len(theirs)}
    return _("%(name)s leads the work; %(ours)s of us, %(theirs)s of the customer's people") % words


def _expectations(parts: dict[str, Data], currency: str) -> str:
    rows = parts["expectations"]["rows"]
    if not rows:
        return _("No expectation has been written down yet")
    words = {"accepted": sum(row["accepted"] for row in rows), "all": len(rows)}
    return (
        ngettext(
            "%(accepted)s of %(all)s expectation is accepted",
            "%(accepted)s of %(all)s expectations are accepted",
            words["all"],
        )
        % words
    )


def _procedures(parts: dict[str, Data], currency: str) -> str:
    count = len(parts["procedures"]["rows"])
    if not count:
        return _("No procedure has been agreed yet")
    return ngettext("%(count)s procedure is agreed", "%(count)s procedures are agreed", count) % {
        "count": count
    }


def _after_quarter(data: Data) -> str:
    plan, actual = data.get("plan"), Decimal(data["actual"])
    if plan is not None and actual < Decimal(plan):
        return _("Name the orders that close the gap, with a date for each.")
    return ""


def _after_kept(data: Data) -> str:
    broken = any(not row["kept"] for row in data["rows"])
    return _("Say what will be different for each promise that was broken.") if broken else ""


def _after_choices(data: Data) -> str:
    return _("Decide each point today, or name who decides until when.") if data["rows"] else ""


def _after_ahead(data: Data) -> str:
    return "" if data["rows"] else _("Agree on at least one date before you part.")


def _after_expectations(data: Data) -> str:
    open_ones = any(not row["accepted"] for row in data["rows"])
    if open_ones or not data["rows"]:
        return _("Ask each side to accept or to change what the other expects.")
    return ""


MESSAGES: dict[str, Callable[[dict[str, Data], str], str]] = {
    "quarter": _quarter,
    "kept": _kept,
    "projects": _projects,
    "challenges": _challenges,
    "values": _values,
    "choices": _choices,
    "ahead": _ahead,
    "purpose": _purpose,
    "team": _team,
    "expectations": _expectations,
    "procedures": _procedures,
}
CONSEQUENCES: dict[str, Callable[[Data], str]] = {
    "quarter": _after_quarter,
    "kept": _after_kept,
    "choices": _after_choices,
    "ahead": _after_ahead,
    "expectations": _after_expectations,
}
