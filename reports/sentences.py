"""The message of each part of a report, proposed from its figures, and what follows from it.

Both are written from the redacted parts in the report's language: a sentence cannot tell what is hidden.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kam.lib import formatting
from reports import relationship
from reports.review_sentences import CONSEQUENCES, MESSAGES

Data = dict[str, Any]
LEVEL = 0.005  # half a percent is no news
CARRIES = Decimal("0.4")  # an offering with this part of the growth carries it
GOOD = ("on_track", "achieved")
BAD = ("off_track", "missed", "at_risk")


def message(code: str, parts: dict[str, Data], currency: str) -> str:
    """Return the proposed title of a part."""
    write = _MESSAGES.get(code)
    return write(parts, currency) if write else code


def therefore(code: str, parts: dict[str, Data]) -> str:
    """Return what follows from a part, or an empty text."""
    write = _CONSEQUENCES.get(code)
    return write(parts[code]) if write else ""


def _revenue(parts: dict[str, Data], currency: str) -> str:
    found = parts["summary"]
    growth = found["growth"]
    if growth is None:
        if Decimal(found["revenue"]) == 0:
            return _("No revenue in the last twelve months")
        amount = formatting.money_short(found["revenue"], currency)
        return _("%(amount)s revenue in twelve months, without a year before to compare with") % {
            "amount": amount
        }
    share = {"share": formatting.percent(abs(growth), 0 if abs(growth) >= 0.1 else 1)}
    if abs(growth) < LEVEL:
        return _("Revenue is level with the year before")
    if growth < 0:
        return _("Revenue is %(share)s below the year before") % share
    carrier = _carrier(parts)
    if carrier:
        return _("Revenue is %(share)s above the year before, carried by %(name)s") % {
            **share,
            "name": carrier,
        }
    return _("Revenue is %(share)s above the year before") % share


def _carrier(parts: dict[str, Data]) -> str:
    gained = Decimal(parts["summary"]["revenue"]) - Decimal(parts["summary"]["revenue_before"])
    for row in parts.get("offerings", {}).get("rows", []):  # nothing carries it where they were left out
        if row["name"] and gained > 0 and Decimal(row["amount"]) - Decimal(row["before"]) > gained * CARRIES:
            return str(row["name"])
    return ""


def _summary(parts: dict[str, Data], currency: str) -> str:
    found = parts["summary"]
    if not found["orders"]:
        return _("No order in the last twelve months")
    count = ngettext("%(count)s order", "%(count)s orders", found["orders"])
    words = {
        "orders": count % {"count": formatting.number(found["orders"])},
        "average": formatting.money_short(found["average"], currency),
    }
    return _("%(orders)s in twelve months, %(average)s on average") % words


def _change(parts: dict[str, Data], currency: str) -> str:
    found = parts["change"]
    if not (found["orders_before"] or found["orders_after"]):
        return _("No order in the year before either")
    by_orders, by_size = Decimal(found["orders_effect"]), Decimal(found["size_effect"])
    if by_orders == by_size == 0:
        return _("Orders and their size are as a year before")
    largest = by_orders if abs(by_orders) >= abs(by_size) else by_size
    amount = {"amount": formatting.money_short(abs(largest), currency)}
    if largest is by_orders:
        return (
            _("More orders bring %(amount)s") if largest > 0 else _("Fewer orders cost %(amount)s")
        ) % amount
    return (
        _("Larger orders bring %(amount)s") if largest > 0 else _("Smaller orders cost %(amount)s")
    ) % amount


def _offerings(parts: dict[str, Data], currency: str) -> str:
    rows, total = parts["offerings"]["rows"], Decimal(parts["summary"]["revenue"])
    if not rows or total <= 0 or Decimal(rows[0]["amount"]) <= 0:
        return _("Nothing was bought in the last twelve months")
    share = Decimal(rows[0]["amount"]) / total
    words = {"name": rows[0]["name"] or _("Sales without an offering"), "share": formatting.percent(share, 0)}
    return _("%(name)s makes up %(share)s of the revenue") % words


def _goals(parts: dict[str, Data], currency: str) -> str:
    states = [row["state"] for row in parts["goals"]["rows"]]
    good, bad = (sum(state in wanted for state in states) for wanted in (GOOD, BAD))
    if not states:
        return _("No goals have been agreed yet")
    words = {"good": good, "bad": bad, "all": len(states)}
    if good == len(states):
        return (
            ngettext("The goal is on track or achieved", "All %(all)s goals are on track or achieved", good)
            % words
        )
    if not bad:
        return _("%(good)s of %(all)s goals are on track or achieved") % words
    if not good:
        return ngettext("%(bad)s goal needs attention", "%(bad)s goals need attention", bad) % words
    return (
        ngettext(
            "%(good)s of %(all)s goals are on track or achieved, %(bad)s needs attention",
            "%(good)s of %(all)s goals are on track or achieved, %(bad)s need attention",
            bad,
        )
        % words
    )


def _score(parts: dict[str, Data], currency: str) -> str:
    found = parts["score"]
    if not found:
        return _("The account has not been scored yet")
    words = {
        "total": formatting.number(found["total"], 1),
        "rank": found["rank"],
        "accounts": formatting.number(found["accounts"]),
    }
    rated = [part for part in found["parts"] if part["contribution"] is not None]
    if not rated:
        return _("Score %(total)s, rank %(rank)s of %(accounts)s") % words
    strongest = max(rated, key=lambda part: float(part["contribution"]))
    return _("Score %(total)s, rank %(rank)s of %(accounts)s, carried by %(name)s") % {
        **words,
        "name": strongest["name"],
    }


def _promises(parts: dict[str, Data], currency: str) -> str:
    rows = parts["promises"]["rows"]
    late = sum(row["overdue"] for row in rows)
    if not rows:
        return _("No promise is open")
    words = {"count": len(rows), "late": late}
    said = ngettext("%(count)s promise is open", "%(count)s promises are open", len(rows)) % words
    overdue = ngettext("%(late)s is overdue", "%(late)s are overdue", late) % words
    return f"{said}, {overdue}" if late else said


def _steps(parts: dict[str, Data], currency: str) -> str:
    rows = parts["steps"]["rows"]
    if not rows:
        return _("No next step is planned")
    said = ngettext("%(count)s next step", "%(count)s next steps", len(rows)) % {"count": len(rows)}
    dates = [date.fromisoformat(row["due_on"]) for row in rows if row["due_on"]]
    return (
        _("%(steps)s, the first by %(day)s") % {"steps": said, "day": formatting.date(min(dates))}
        if dates
        else said
    )


def _after_change(data: Data) -> str:
    by_orders, by_size = Decimal(data["orders_effect"]), Decimal(data["size_effect"])
    if min(by_orders, by_size) >= 0:
        return _("Agree on the next steps that keep this growth.") if max(by_orders, by_size) > 0 else ""
    if by_orders <= by_size:
        return _("Find out together which orders have stayed away, and why.")
    return _("Look together at what has been ordered in smaller amounts, and why.")


def _after_goals(data: Data) -> str:
    bad = sum(row["state"] in BAD for row in data["rows"])
    if not data["rows"]:
        return _("Agree on the first joint goal.")
    return _("Agree on cause and next step for each goal that is behind.") if bad else ""


def _after_promises(data: Data) -> str:
    return (
        _("Give each overdue promise a new date today.")
        if any(row["overdue"] for row in data["rows"])
        else ""
    )


def _after_steps(data: Data) -> str:
    return "" if data["rows"] else _("Agree on one step with a name and a date.")


_MESSAGES: dict[str, Callable[[dict[str, Data], str], str]] = {
    "promises": _promises,
    "summary": _summary,
    "revenue": _revenue,
    "change": _change,
    "offerings": _offerings,
    "goals": _goals,
    "score": _score,
    "steps": _steps,
    "relationship": relationship.message,
    **MESSAGES,
}
_CONSEQUENCES: dict[str, Callable[[Data], str]] = {
    "change": _after_change,
    "goals": _after_goals,
    "promises": _after_promises,
    "steps": _after_steps,
    "relationship": relationship.therefore,
    **CONSEQUENCES,
}
