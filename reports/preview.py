"""A report before it is built: what its sections would say, and what would be hidden from a customer."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override

from reports.hidden import hidden_lines
from reports.redaction import CUSTOMER
from reports.sentences import message
from reports.snapshot import Order, parts_of
from reports.templates import AHEAD, SECTIONS, chosen_sections


@dataclass(frozen=True, slots=True)
class Line:
    """A section with the message it would carry; a customer never sees one that is ``internal``."""

    code: str
    label: Promise
    message: str
    looks_ahead: bool
    internal: bool


@dataclass(frozen=True, slots=True)
class Preview:
    lines: list[Line]
    hidden: list[tuple[str, int]]


def preview(order: Order) -> Preview:
    """Return what an account's report would say, and what a customer's version leaves out."""
    sections = chosen_sections(order.template)
    outside, hidden = parts_of(replace(order, audience="customer"), sections)
    customer = order.audience == "customer"
    shown = outside if customer else parts_of(order, sections)[0]
    with override(order.language):
        lines = [_line(code, shown, order) for code in sections]
    return Preview(lines, hidden_lines([entry for entry in hidden if entry["part"] in sections]))


def _line(code: str, parts: dict[str, Any], order: Order) -> Line:
    said = message(code, parts, order.account.currency) if code in parts and order.account else ""
    return Line(code, SECTIONS[code], said, code in AHEAD, code not in CUSTOMER)
