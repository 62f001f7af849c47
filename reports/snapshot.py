"""A snapshot: everything a report says, frozen as JSON. Page, PDF, sheet and API are renderings of it alone."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import override

from accounts.models import Account
from kam.users.models import Organisation
from reports import figures, relationship, review
from reports.attempts import attempt
from reports.leadership import portfolio_figures
from reports.leadership_sentences import portfolio_message
from reports.redaction import redact
from reports.sentences import message, therefore
from reports.source import Source
from reports.templates import NEEDS, TEMPLATES, chosen_sections

EDITION = 1
FIGURES = {**figures.FIGURES, **review.FIGURES, "relationship": relationship.figures}
Snapshot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked for: an account (None: the portfolio) as of a day, for whom, in which language.

    ``sections`` are some of the template's, None all of them; ``skipped`` are those that could not be built,
    with the reason that stands in the report. Without ``constant_rates`` a portfolio does not say what its retention
    would be at them: a page that is opened often need not read every foreign sales line.
    """

    account: Account | None
    as_of: date
    audience: str = "internal"
    language: str = "de"
    template: str = "progress"
    sections: tuple[str, ...] | None = None
    skipped: tuple[tuple[str, str], ...] = ()
    constant_rates: bool = True


def build_snapshot(order: Order, previous: Snapshot | None = None) -> tuple[Snapshot, list[dict[str, Any]]]:
    """Return the frozen report and the list of what was hidden from it.

    The same database and the same order always give the same snapshot: nothing in it tells when it was made.
    """
    company, account = Organisation.current(), order.account
    sections = chosen_sections(order.template, order.sections)
    name = account.display_name if account else company.name
    currency = company.currency  # in which every line is, whatever the customer pays in
    say = message if account else portfolio_message
    with override(order.language):
        parts, hidden = parts_of(order, sections)
        snapshot: Snapshot = {
            "edition": EDITION,
            "template": order.template,
            "audience": order.audience,
            "language": order.language,
            "as_of": order.as_of.isoformat(),
            "company": company.name,
            "currency": currency,
            "name": name,
            "parts": [
                {
                    "code": code,
                    "message": attempt(code, partial(say, code, parts, currency)),
                    "therefore": attempt(code, partial(therefore, code, parts)) if account else "",
                    "data": parts[code],
                }
                for code in sections
                if code in parts
            ],
        }
    if order.skipped:
        snapshot["left_out"] = [{"code": code, "reason": reason} for code, reason in order.skipped]
    said = {part["code"]: part["message"] for part in snapshot["parts"]}
    template = TEMPLATES[order.template]
    snapshot["title"] = _title(name, said, template.headline)
    snapshot["messages"] = [said[code] for code in template.leading if code in said]
    snapshot["since"] = compared(snapshot, previous) if previous else None
    return snapshot, [entry for entry in hidden if entry["part"] in sections]


def parts_of(order: Order, sections: list[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the figures of the sections and of what their messages need, and what was hidden from them."""
    if order.account is None:
        return portfolio_figures(order.as_of, sections, constant_rates=order.constant_rates), []
    source = Source(order.account, order.as_of)
    found = {code: attempt(code, partial(FIGURES[code], source)) for code in sections}
    skipped = dict(order.skipped)
    for section in sections:
        for code in NEEDS.get(section, ()):
            if code not in found and code not in skipped:
                found[code] = attempt(section, partial(FIGURES[code], source))
    return redact(found) if order.audience == "customer" else (found, [])


def _title(name: str, said: dict[str, str], headline: str) -> str:
    """Return the name and the most important message; without that section, the first message there is."""
    message = said.get(headline) or next(iter(said.values()), "")
    return f"{name}: {message}" if message else name


def data_of(snapshot: Snapshot, code: str) -> dict[str, Any]:
    """Return the figures of a part, an empty dict where the report has none."""
    return next((part["data"] for part in snapshot["parts"] if part["code"] == code), {})


def compared(snapshot: Snapshot, previous: Snapshot) -> dict[str, Any]:
    """Return what the last report for the same readers said, beside what this one says."""
    figures = [
        ("revenue", "summary", "revenue"),
        ("quarter", "quarter", "actual"),
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
