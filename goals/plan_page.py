"""What the plan page of an account shows, and how fresh each of its blocks is."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Activity, Task
from goals.balance import Balance, balance
from goals.contracts import ContractRow, contract_rows
from goals.engagements import EngagementYear, engagement_year
from goals.entries import KINDS, EntryKind
from goals.models import BetaParticipation, Plan, PlaybookRun, Promise
from goals.promotion import conversation_of
from goals.status import GoalRow, account_goals
from goals.work import unlinked
from scoring.actions.conversations import ticked_task
from scoring.models import Decision, PromotionConversation

STALE_DAYS = 90
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the plan; a stale one has not been touched for 90 days, an empty one never."""

    kind: EntryKind
    rows: list[Any]
    touched_at: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One of the guide's four steps, and whether this account has taken it."""

    label: Lazy
    done: bool
    missing: Lazy


@dataclass(frozen=True, slots=True)
class PlanPage:
    account: Account
    plan: Plan
    plan_stale: bool
    goals: list[GoalRow]
    blocks: dict[str, Block]
    decision: Decision | None
    runs: list[PlaybookRun]
    steps: list[Step]
    kept: int
    closed: int
    balance: Balance
    work_without_goal: int
    contracts: list[ContractRow]
    pipeline: Decimal
    betas: list[BetaParticipation]
    engagement: EngagementYear
    conversation: PromotionConversation | None = None
    ticked: Task | None = None
    overdue: list[Promise] = field(default_factory=list)

    @property
    def kept_rate(self) -> float | None:
        return self.kept / self.closed if self.closed else None


def plan_page(account: Account, today: date) -> PlanPage:
    """Return the plan of an account, in a fixed number of queries."""
    plan = Plan.objects.filter(account=account).first() or Plan(account=account, version=0)
    blocks = {code: _block(kind, account) for code, kind in KINDS.items() if kind.page == "goals:plan"}
    goals = account_goals(account, today)
    promises = blocks["promises"].rows
    values = blocks["values"].rows
    runs = list(account.playbook_runs.running().select_related("playbook"))
    decision = _decision(account)
    return PlanPage(
        account=account,
        plan=plan,
        plan_stale=_is_stale(plan.updated_at if plan.version else None),
        goals=goals,
        blocks=blocks,
        decision=decision,
        conversation=conversation_of(decision),
        ticked=ticked_task(conversation_of(decision)),
        runs=runs,
        steps=_steps(goals, blocks, bool(runs)),
        kept=sum(promise.state == "kept" for promise in promises),
        closed=sum(promise.state != "open" for promise in promises),
        balance=balance((row.direction, row.amount) for row in values if row.occurred_on > today - A_YEAR),
        work_without_goal=unlinked(Activity.objects.filter(account=account)).count(),
        contracts=contract_rows(blocks["contracts"].rows, today),
        engagement=engagement_year(account, today),
        pipeline=_open_value(blocks["opportunities"]),
        betas=list(
            account.beta_participations.select_related("programme").order_by("-programme__ends_on", "pk")
        ),
        overdue=[row for row in promises if row.state == "open" and row.due_on < today],
    )


def _block(kind: EntryKind, account: Account) -> Block:
    rows: QuerySet[Any] = kind.model.objects.filter(account=account)
    related = [name for name in ("contact", "owner", "goal", "offering") if name in kind.fields]
    found = list(rows.select_related(*related) if related else rows)
    touched = max((row.updated_at for row in found), default=None)
    return Block(kind, found, touched, _is_stale(touched))


def _decision(account: Account) -> Decision | None:
    rows = account.decisions.filter(state__in=["approved", "proposed"]).order_by("-created_at", "-pk")
    found: Decision | None = rows.with_conversation().first()
    return found


def _open_value(block: Block) -> Decimal:
    return sum((row.value or Decimal(0) for row in block.rows if row.is_open), Decimal(0))


def _is_stale(touched: datetime | None) -> bool:
    return touched is not None and touched < timezone.now() - timedelta(days=STALE_DAYS)


def _steps(goals: list[GoalRow], blocks: dict[str, Block], running: bool) -> list[Step]:
    expectations = {row.side for row in blocks["expectations"].rows}
    delivers = running or any(blocks[name].rows for name in ("promises", "procedures"))
    measured = any(row.status.measured_on and not row.status.stale for row in goals)
    ahead = any(row.resolved_on is None for row in blocks["challenges"].rows)
    ahead = ahead or any(row.state in ("idea", "running") for row in blocks["projects"].rows)
    ahead = ahead or any(row.is_open for row in blocks["opportunities"].rows)
    return [
        Step(
            _("Set goals"),
            bool(goals) and expectations == {"internal", "external"},
            _("Goals and the expectations of both sides are missing."),
        ),
        Step(_("Deliver"), delivers, _("No promise, procedure or playbook yet.")),
        Step(_("Measure growth"), measured, _("No goal has a current value.")),
        Step(_("Anticipate needs"), ahead, _("No open challenge, joint project or opportunity.")),
    ]
