"""A snapshot: everything a report says, frozen as JSON. Page, PDF, sheet and API are renderings of it alone."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import override

from accounts.models import Account
from kam.users.models import Organisation
from reports.figures import account_figures
from reports.leadership import portfolio_figures
from reports.leadership_sentences import portfolio_headline, portfolio_message
from reports.redaction import redact
from reports.sentences import headline, message, therefore

EDITION = 1
LEADING = {
    "progress": ("change", "goals", "promises"),
    "portfolio": ("retention", "coverage", "risks"),
}
Snapshot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked for: an account (None: the portfolio) as of a day, for whom, in which language."""

    account: Account | None
    as_of: date
    audience: str = "internal"
    language: str = "de"
    template: str = "progress"


def build_snapshot(order: Order, previous: Snapshot | None = None) -> tuple[Snapshot, list[dict[str, Any]]]:
    """Return the frozen report and the list of what was hidden from it.

    The same database and the same order always give the same snapshot: nothing in it tells when it was made.
    """
    company = Organisation.current()
    with override(order.language):
        if order.account is None:
            parts, hidden = portfolio_figures(order.as_of), []
            name, title = company.name, portfolio_headline
            currency = company.currency
        else:
            parts = account_figures(order.account, order.as_of)
            parts, hidden = redact(parts) if order.audience == "customer" else (parts, [])
            name, title, currency = order.account.display_name, headline, order.account.currency
        say = portfolio_message if order.account is None else message
        snapshot: Snapshot = {
            "edition": EDITION,
            "template": order.template,
            "audience": order.audience,
            "language": order.language,
            "as_of": order.as_of.isoformat(),
            "company": company.name,
            "currency": currency,
            "name": name,
            "title": title(name, parts, currency),
            "parts": [
                {
                    "code": code,
                    "message": say(code, parts, currency),
                    "therefore": therefore(code, parts) if order.account else "",
                    "data": data,
                }
                for code, data in parts.items()
            ],
        }
    snapshot["messages"] = _leading(snapshot)
    snapshot["since"] = compared(snapshot, previous) if previous else None
    return snapshot, hidden


def _leading(snapshot: Snapshot) -> list[str]:
    """The three messages on the first page."""
    wanted = LEADING[snapshot["template"]]
    return [part["message"] for part in snapshot["parts"] if part["code"] in wanted]


def data_of(snapshot: Snapshot, code: str) -> dict[str, Any]:
    """Return the figures of a part, an empty dict where the report has none."""
    return next((part["data"] for part in snapshot["parts"] if part["code"] == code), {})


def compared(snapshot: Snapshot, previous: Snapshot) -> dict[str, Any]:
    """Return what the last report for the same readers said, beside what this one says."""
    figures = [
        ("revenue", "summary", "revenue"),
        ("orders", "summary", "orders"),
        ("average", "summary", "average"),
        ("score", "score", "total"),
    ]
    rows = [
        {"code": code, "before": data_of(previous, part).get(key), "now": data_of(snapshot, part).get(key)}
        for code, part, key in figures
        if data_of(previous, part).get(key) is not None and data_of(snapshot, part).get(key) is not None
    ]
    before = {row["title"]: row["state"] for row in data_of(previous, "goals").get("rows", [])}
    goals = [
        {"title": row["title"], "before": before[row["title"]], "now": row["state"]}
        for row in data_of(snapshot, "goals").get("rows", [])
        if before.get(row["title"], row["state"]) != row["state"]
    ]
    return {"as_of": previous["as_of"], "rows": rows, "goals": goals}


def digest(snapshot: Snapshot) -> str:
    """Return the SHA-256 of a snapshot, whatever the order of its keys in the database."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
