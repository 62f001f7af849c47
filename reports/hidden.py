"""What was taken out of a customer's report, in words: which kind of thing and how often, never what it said."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[tuple[str, str], Promise] = {
    ("score", ""): _("Score with its reasons"),
    ("goals", "rows"): _("Internal goals"),
    ("goals", "why"): _("Reasons of goals"),
    ("goals", "cause"): _("Causes why goals are behind"),
    ("steps", "rows"): _("Internal tasks and steps"),
    ("steps", "reason"): _("Reasons of next steps"),
    ("promises", "rows"): _("Internal promises"),
    ("summary", "next_order_on"): _("When we expect the next order"),
    ("summary", "order_overdue"): _("Whether an order is overdue"),
}
LINKS = _("Links to the sales lines")
OTHER = _("Other internal fields")


def hidden_lines(hidden: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return (what, how often) for the page, in the reader's language."""
    counts: dict[str, int] = {}
    for entry in hidden:
        field = entry["field"]
        default = LINKS if field.startswith("source") else OTHER
        label = str(LABELS.get((entry["part"], field), default))
        counts[label] = counts.get(label, 0) + entry["count"]
    return sorted(counts.items())
