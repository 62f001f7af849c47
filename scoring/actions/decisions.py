"""Deciding who is a key account: proposed, then approved, declined or, later, ended. Each with a reason."""

import calendar
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts.actions.next_steps import complete_task
from accounts.actions.timeline import record
from accounts.models import Account, AccountStatus, Task
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import Role, User
from scoring.actions.capacity import refuse_beyond_capacity
from scoring.actions.conversations import close_conversation_task, open_conversation
from scoring.cut_line import ROUNDING, Line
from scoring.models import Decision, Score, ScoreRun, ScoringModel

ALREADY_DECIDED = "already_decided"
BOTH_MISSING = gettext_noop(
    "Write down first what we expect from this key account and what the customer expects from us."
)
MISSING = {
    "reason": gettext_noop("Write down the reason."),
    "expectations_internal": gettext_noop("Write down what we expect from this key account first."),
    "expectations_external": gettext_noop("Write down what the customer expects from us first."),
}


@transaction.atomic
def propose_from_run(run: ScoreRun, *, by: User) -> list[Decision]:
    """Propose every account above the cut line that is no key account and has no open proposal.

    Returns the new proposals. Raises DomainError for a run that is not finished.
    """
    if run.finished_at is None:
        raise DomainError("run_not_finished", gettext_noop("The score run is not finished yet."))
    line = line_of(run.model)
    waiting = set(Decision.objects.waiting().values_list("account_id", flat=True))
    candidates = Score.objects.of_run(run).filter(account__key_since__isnull=True).select_related("account")
    candidates = candidates.exclude(account__status=AccountStatus.INACTIVE)
    proposals = []
    for score in above(candidates, line).exclude(account__in=waiting).ranked():
        decision = Decision.objects.create(account=score.account, run=run, proposed_by=by)
        record("decision.proposed", by=by, account=score.account, subject=decision, rank=score.rank)
        proposals.append(decision)
    return proposals


@transaction.atomic
def propose_account(account: Account, *, by: User, run: ScoreRun | None = None, reason: str = "") -> Decision:
    """Propose one account, above the line or not; one open proposal an account at most, none for an archived one."""
    _refuse_archived(account)
    if account.key_since is not None:
        raise DomainError("already_key", gettext_noop("This account is a key account already."))
    try:
        with transaction.atomic():
            decision = Decision.objects.create(account=account, run=run, proposed_by=by, reason=reason)
    except IntegrityError as error:
        raise DomainError(
            "already_proposed", gettext_noop("This account has been proposed already.")
        ) from error
    record("decision.proposed", by=by, account=account, subject=decision, reason=reason)
    return decision


@transaction.atomic
def approve_decision(  # noqa: PLR0913 - one keyword for each line of the certificate
    decision: Decision,
    *,
    by: User,
    reason: str,
    kam: User,
    expectations_internal: str = "",
    expectations_external: str = "",
    capacity_reason: str = "",
) -> Decision:
    """Make the account a key account: date, KAM, review in a year, and a task for the KAM to tell the customer.

    What both sides expect must stand first. A KAM beyond the capacity needs a reason of its own. Raises
    InvalidInput for what is missing, DomainError when decided or when the account has been archived.
    """
    refuse_decided(decision, Decision.State.PROPOSED)
    _refuse_archived(decision.account)
    texts = {
        "reason": reason.strip(),
        "expectations_internal": (expectations_internal or decision.expectations_internal).strip(),
        "expectations_external": (expectations_external or decision.expectations_external).strip(),
    }
    if not (texts["expectations_internal"] or texts["expectations_external"]):
        raise InvalidInput("expectations_missing", BOTH_MISSING, field="expectations_internal")
    for field, text in texts.items():
        require(field, text)
    if kam.role not in (Role.KAM, Role.LEADER) or not kam.is_active:
        raise InvalidInput(
            "not_a_kam", gettext_noop("%(name)s is not a key account manager."), {"name": kam.name}, "kam"
        )
    beyond = refuse_beyond_capacity(kam, capacity_reason)
    today = timezone.localdate()
    texts["capacity_reason"] = capacity_reason.strip() if beyond else ""
    values: dict[str, Any] = {**texts, "kam": kam, "valid_from": today, "review_on": a_year_later(today)}
    decision = _decide(decision, Decision.State.APPROVED, values, by)
    _set_key(decision.account, {"key_since": today, "kam": kam})
    record("decision.approved", by=by, account=decision.account, subject=decision, reason=reason, kam=kam)
    open_conversation(decision, by=by)
    return decision


@transaction.atomic
def decline_decision(decision: Decision, *, by: User, reason: str) -> Decision:
    """Say no to a proposal, with the reason on record."""
    refuse_decided(decision, Decision.State.PROPOSED)
    require("reason", reason.strip())
    decision = _decide(decision, Decision.State.DECLINED, {"reason": reason.strip()}, by)
    record("decision.declined", by=by, account=decision.account, subject=decision, reason=reason)
    return decision


@transaction.atomic
def end_decision(decision: Decision, *, by: User, reason: str) -> Decision:
    """End key status. The decision keeps why the account once entered; why it left stands on the timeline."""
    refuse_decided(decision, Decision.State.APPROVED)
    require("reason", reason.strip())
    text = f"{decision.reason}\n\n{reason.strip()}" if decision.reason else reason.strip()
    values = {
        "state": Decision.State.ENDED,
        "ended_on": timezone.localdate(),
        "reason": text,
        "review_on": None,
    }
    decision = save_changes(decision, values, expected_version=None)
    account = decision.account
    close_reminder(decision, by=by)
    close_conversation_task(decision, by=by)
    before = {"key_since": account.key_since, "kam": account.kam}
    _set_key(account, {"key_since": None, "kam": None})
    record("decision.ended", by=by, account=account, subject=decision, reason=reason, before=before)
    return decision


@transaction.atomic
def record_expectations(
    decision: Decision, *, by: User, internal: str, external: str, expected_version: int | None = None
) -> Decision:
    """Write down what we and the customer expect, before anybody approves."""
    refuse_decided(decision, Decision.State.PROPOSED)
    values = {"expectations_internal": internal.strip(), "expectations_external": external.strip()}
    decision = save_changes(decision, values, expected_version=expected_version)
    record("decision.expectations_recorded", by=by, account=decision.account, subject=decision)
    return decision


def no_longer_qualifying(user: User) -> list[Score]:
    """Return the scores of key accounts beyond the exit line of the run people look at, as far as seen."""
    run = ScoreRun.objects.latest()
    if run is None:
        return []
    line = line_of(run.model)
    key = Score.objects.of_run(run).for_ranking().visible_to(user).filter(account__key_since__isnull=False)
    return [score for score in key if not line.stays(score.rank, score.total)]


def close_reminder(decision: Decision, *, by: User) -> None:
    """Tick the open reminder of a decision off, if there is one."""
    for task in Task.objects.open().filter(key=review_key(decision)).select_related("account"):
        complete_task(task, by=by)


def review_key(decision: Decision) -> str:
    """Return the key that lets a decision have one open reminder."""
    return f"decision:{decision.pk}:review"


def line_of(model: ScoringModel) -> Line:
    """Return the model's cut line."""
    if model.cut_kind == ScoringModel.CutKind.TOP_N:
        return Line(top=int(model.cut_value), exit=model.exit_value)
    return Line(threshold=model.cut_value, exit=model.exit_value)


def above(scores: Any, line: Line) -> Any:
    """Narrow scores to those above the line."""
    if line.top is not None:
        return scores.filter(rank__lte=line.top)
    return scores.filter(total__gt=(line.threshold or 0.0) - ROUNDING)


def a_year_later(day: date) -> date:
    """Return the same day a year later; 29 February becomes the 28th."""
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))


def _decide(decision: Decision, state: str, values: dict[str, Any], by: User) -> Decision:
    decided = {**values, "state": state, "decided_by": by, "decided_at": timezone.now()}
    return save_changes(decision, decided, expected_version=None)


def _set_key(account: Account, values: dict[str, Any]) -> None:
    save_changes(account, values, expected_version=None)


def _refuse_archived(account: Account) -> None:
    if account.status == AccountStatus.INACTIVE:
        message = gettext_noop("%(name)s is archived. Bring the account back first, or decline the proposal.")
        raise DomainError("account_inactive", message, {"name": account.display_name})


def refuse_decided(decision: Decision, expected: str) -> None:
    """Look at the row as it stands now: two leaders may decide at the same moment."""
    state = Decision.objects.select_for_update().values_list("state", flat=True).get(pk=decision.pk)
    if state != expected:
        raise DomainError(
            ALREADY_DECIDED,
            gettext_noop("This has been decided already: %(state)s."),
            {"state": Decision.State(state).label},
        )


def require(field: str, text: str) -> None:
    """Raise InvalidInput for a text that has to be written down and is not."""
    if not text:
        raise InvalidInput(f"{field}_missing", MISSING[field], field=field)


def missing_expectations(decision: Decision) -> str:
    """Return what has to be written down before a proposal can be approved, in words; nothing when all is."""
    if decision.state != Decision.State.PROPOSED:
        return ""
    fields = ("expectations_internal", "expectations_external")
    open_ = [MISSING[field] for field in fields if not getattr(decision, field).strip()]
    if not open_:
        return ""
    return gettext(BOTH_MISSING if len(open_) == len(fields) else open_[0])
