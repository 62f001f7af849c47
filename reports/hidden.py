"""What was taken out of a customer's report, in words: which kind of thing and how often, never what it said."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[tuple[str, str], Promise] = {
    ("score", ""): _("Score with its reasons"),
    ("relationship", ""): _("Health of the relationship"),
    ("goals", "rows"): _("Internal goals"),
    ("goals", "why"): _("Reasons of goals"),
    ("goals", "cause"): _("Causes why goals are behind"),
    ("steps", "rows"): _("Internal tasks and steps"),
    ("steps", "reason"): _("Reasons of next steps"),
    ("promises", "rows"): _("Internal promises"),
    ("quarter", "plan"): _("Planned revenue"),
    ("kept", "rows"): _("Internal promises"),
    ("projects", "rows"): _("Joint projects that are only an idea"),
    ("projects", "benefit_ours"): _("What joint projects bring us"),
    ("projects", "result"): _("Results of joint projects"),
    ("choices", "rows"): _("Internal points to decide"),
    ("choices", "cause"): _("Causes why goals are behind"),
    ("ahead", "rows"): _("Internal tasks and steps"),
    ("purpose", "rows"): _("Texts of our plan that are not shared"),
    ("challenges", "rows"): _("Internal challenges"),
    ("values", "rows"): _("Internal entries of give and take"),
    ("values", "worth_to_us"): _("What the customer's help is worth to us"),
    ("expectations", "rows"): _("Expectations of ours that were not accepted"),
    ("expectations", "conversation"): _("Conversation about key account status"),
    ("procedures", "rows"): _("Internal procedures"),
    ("procedures", "internal_text"): _("What we do in procedures"),
    ("summary", "next_order_on"): _("When we expect the next order"),
    ("summary", "order_overdue"): _("Whether an order is overdue"),
}
LINKS = _("Links to the rows behind the figures")
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
