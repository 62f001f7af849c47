"""What the plan shows of the conversation about key account status, and what can be accepted in it."""

from goals.models import Expectation
from scoring.models import Decision, PromotionConversation

SHORT = 160


def conversation_of(decision: Decision | None) -> PromotionConversation | None:
    """Return the conversation of a decision; decisions from before conversations were kept have none."""
    return getattr(decision, "conversation", None) if decision else None


def acceptable(decision: Decision) -> list[tuple[str, str]]:
    """Return (id or side, words) of what can still be accepted.

    Where the plan has no expectation of a side yet, what the decision said stands in for it under the side's name.
    """
    rows = list(decision.account.expectations.all())
    said = {"internal": decision.expectations_internal, "external": decision.expectations_external}
    known = {row.side for row in rows}
    found = [(str(row.pk), row.side, row.text) for row in rows if row.accepted_at is None]
    found += [(side, side, text) for side, text in said.items() if text and side not in known]
    labels = dict(Expectation.Side.choices)
    return [(key, f"{labels[side]}: {_short(text)}") for key, side, text in sorted(found, key=_by_side)]


def _by_side(entry: tuple[str, str, str]) -> tuple[str, str]:
    return entry[1], entry[0]


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
