"""The kinds of entries of a plan: one table, one set of fields and one name in addresses each."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from goals.models import (
    AccountPeriod,
    AccountYear,
    Challenge,
    Contract,
    Expectation,
    JointProject,
    Opportunity,
    Procedure,
    Promise,
    ValueEntry,
)


@dataclass(frozen=True, slots=True)
class EntryKind:
    """``verb`` begins the timeline's verbs, ``managers_only`` says who may write, ``page`` where it is shown."""

    code: str
    model: Any
    fields: tuple[str, ...]
    verb: str
    label: Lazy
    add_label: Lazy
    managers_only: bool = False
    page: str = "goals:plan"


_KINDS = (
    EntryKind(
        "expectations",
        Expectation,
        ("side", "text"),
        "expectation",
        _("Expectations"),
        _("Add an expectation"),
        True,
    ),
    EntryKind(
        "promises",
        Promise,
        ("text", "contact", "promised_on", "due_on", "owner", "visibility"),
        "promise",
        _("Promises"),
        _("Note a promise"),
    ),
    EntryKind(
        "procedures",
        Procedure,
        ("title", "customer_text", "internal_text"),
        "procedure",
        _("Procedures"),
        _("Add a procedure"),
    ),
    EntryKind(
        "projects",
        JointProject,
        ("title", "benefit_ours", "benefit_customer", "state", "due_on", "owner", "result", "visibility"),
        "joint_project",
        _("Joint projects"),
        _("Add a joint project"),
    ),
    EntryKind(
        "challenges",
        Challenge,
        ("title", "raised_on", "goal", "solution", "result", "resolved_on", "visibility"),
        "challenge",
        _("Challenges"),
        _("Note a challenge"),
    ),
    EntryKind(
        "values",
        ValueEntry,
        ("direction", "kind", "text", "amount", "occurred_on", "visibility"),
        "value",
        _("Give and get"),
        _("Note what was given or got"),
    ),
    EntryKind(
        "contracts",
        Contract,
        (
            "title",
            "offering",
            "start_on",
            "end_on",
            "notice_days",
            "renews_by",
            "value",
            "cancelled_on",
            "note",
        ),
        "contract",
        _("Contracts"),
        _("Note a contract"),
    ),
    EntryKind(
        "opportunities",
        Opportunity,
        (
            "title",
            "kind",
            "offering",
            "contract",
            "value",
            "stage",
            "expected_on",
            "owner",
            "reason",
            "outcome",
        ),
        "opportunity",
        _("Opportunities"),
        _("Note an opportunity"),
    ),
    EntryKind(
        "years",
        AccountYear,
        ("year", "planned_revenue", "wallet", "wallet_source", "other_cost"),
        "account_year",
        _("Plan and wallet by year"),
        _("Add a year"),
        True,
    ),
    EntryKind(
        "periods",
        AccountPeriod,
        ("name", "start_on", "end_on"),
        "account_period",
        _("Periods"),
        _("Add a period"),
        True,
        "goals:growth",
    ),
)
KINDS: dict[str, EntryKind] = {kind.code: kind for kind in _KINDS}
