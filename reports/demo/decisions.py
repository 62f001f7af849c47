"""Two versions of the scoring model, their runs, and the decisions made on these."""

from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from kam.integrations.models import ImportBatch
from kam.users.models import Role, User
from reports.demo import texts, words
from reports.demo.clock import as_of, at
from reports.demo.conversations import date_conversations, hold_conversations
from reports.demo.customers import Cast
from reports.demo.made import note_made
from scoring.actions import decisions as actions
from scoring.actions.criteria import criterion_of_fact, update_criterion
from scoring.actions.runs import compute_run, create_run
from scoring.actions.scoring_models import CutLine, Draft, Item, Provenance, activate_model, create_model
from scoring.models import Criterion, Decision, ScoreRun, ScoringModel

YEAR = 365
# In days before today: the runs of last year's version, then those of the current one.
EARLIER_RUNS, LATER_RUNS = (YEAR, 270, 180, 90), (14, 0)
TENURE = {"type": "linear", "bounds": [0, 3 * YEAR], "direction": "higher"}
REVENUE = {"type": "log", "bounds": "portfolio", "direction": "higher"}
KEY_ACCOUNTS = 16


def build_decisions(cast: Cast, batch: ImportBatch, today: date, rng: Random) -> list[Decision]:
    """Score last year and this year, decide on both, and leave a few proposals waiting; returns the approved."""
    earlier = _earlier_model(cast.leader)
    first, *_ = [_run(earlier, today - timedelta(days=age), cast.leader) for age in EARLIER_RUNS]
    approved = _decide_last_year(first, cast, rng)
    later = _later_model(cast.leader, batch)
    *_, current = [_run(later, today - timedelta(days=age), cast.leader) for age in LATER_RUNS]
    note_made(batch, [earlier, later])
    return approved + _decide_this_year(current, cast, rng)


def _earlier_model(leader: User) -> ScoringModel:
    items = [Item(_criterion("product_fit")), Item(_criterion("average_transaction_size"), window="12m")]
    items += [Item(_criterion("relationships")), Item(_criterion("tenure_days"), rule=TENURE)]
    provenance = Provenance("roc", {"ranks": [1, 2, 3, 4]}, texts.PARTICIPANTS)
    draft = Draft(items, provenance, CutLine(value=KEY_ACCOUNTS, exit_value=KEY_ACCOUNTS + 6))
    return activate_model(create_model(words.MODEL, draft, by=leader), by=leader)


def _later_model(leader: User, batch: ImportBatch) -> ScoringModel:
    known = set(Criterion.objects.values_list("pk", flat=True))
    revenue = criterion_of_fact("revenue", by=leader)
    if revenue.pk not in known:
        revenue = update_criterion(
            revenue, by=leader, need_de=words.REVENUE_NEED[0], need_en=words.REVENUE_NEED[1]
        )
        note_made(batch, [revenue])
    items = [Item(revenue, rule=REVENUE, window="12m"), Item(_criterion("product_fit"))]
    items += [Item(_criterion("revenue_potential")), Item(_criterion("cultural_fit"))]
    items += [Item(_criterion("tenure_days"), rule=TENURE)]
    provenance = Provenance("swing", {"swings": [100, 85, 70, 45, 30]}, texts.PARTICIPANTS)
    draft = Draft(items, provenance, CutLine(value=KEY_ACCOUNTS + 4, exit_value=KEY_ACCOUNTS + 10))
    return activate_model(create_model(words.MODEL, draft, by=leader), by=leader)


def _criterion(code: str) -> Criterion:
    return Criterion.objects.get(code=code)


def _run(model: ScoringModel, day: date, leader: User) -> ScoreRun:
    """Compute a run as of a day and let it look as old as that."""
    moment = at(day, 4)
    with as_of(moment):
        run = create_run(model, as_of=day, by=leader, queue=False)
        compute_run(run)
    ScoreRun.objects.filter(pk=run.pk).update(created_at=moment, finished_at=moment)
    ScoringModel.objects.filter(pk=model.pk, approved_at__gt=moment).update(
        created_at=moment, approved_at=moment, used_at=moment
    )
    return ScoreRun.objects.get(pk=run.pk)


def _decide_last_year(run: ScoreRun, cast: Cast, rng: Random) -> list[Decision]:
    """Approve most of last year's proposals, decline some, and end one of the approved meanwhile."""
    moment = at(run.as_of + timedelta(days=12), 11)
    with as_of(moment):
        proposals = actions.propose_from_run(run, by=cast.leader)
        approved = [_approve(decision, cast, rng) for decision in proposals[3:]]
        for decision, reason in zip(proposals[:3], texts.DECLINED, strict=True):
            actions.decline_decision(decision, by=cast.leader, reason=reason)
    _date([decision.pk for decision in proposals], moment)
    day = timezone.localdate(moment)
    date_conversations(approved, day)
    hold_conversations([_fresh(decision) for decision in approved], day + timedelta(days=4))
    with as_of(at(run.as_of + timedelta(days=250))):
        ended = actions.end_decision(_fresh(approved[-1]), by=cast.leader, reason=texts.ENDED)
    Decision.objects.filter(pk=ended.pk).update(ended_on=run.as_of + timedelta(days=250))
    return [_fresh(decision) for decision in approved[:-1]]


def _decide_this_year(run: ScoreRun, cast: Cast, rng: Random) -> list[Decision]:
    """Approve the first four, decline two, leave the others waiting, some with expectations written down."""
    moment = timezone.now() - timedelta(days=2)
    with as_of(moment):
        proposals = actions.propose_from_run(run, by=cast.leader)
        approved = [_approve(decision, cast, rng) for decision in proposals[:4]]
        for decision, reason in zip(proposals[4:6], texts.DECLINED, strict=False):
            actions.decline_decision(decision, by=cast.leader, reason=reason)
        for decision in proposals[6:9]:
            internal, external = rng.choice(texts.EXPECTATIONS)
            actions.record_expectations(decision, by=cast.leader, internal=internal, external=external)
    _date([decision.pk for decision in proposals], moment)
    date_conversations(approved, timezone.localdate(moment))
    hold_conversations([_fresh(approved[0])], timezone.localdate(moment) + timedelta(days=1))
    return [_fresh(decision) for decision in approved]


def _approve(decision: Decision, cast: Cast, rng: Random) -> Decision:
    internal, external = rng.choice(texts.EXPECTATIONS)
    account = decision.account
    kam = account.owner if account.owner and account.owner.role == Role.KAM else rng.choice(cast.of(Role.KAM))
    return actions.approve_decision(
        decision,
        by=cast.leader,
        reason=rng.choice(texts.APPROVED),
        kam=kam,
        expectations_internal=internal,
        expectations_external=external,
    )


def _date(decisions: list[object], moment: datetime) -> None:
    """Let decisions and the key status they gave begin on the day of the decision."""
    day = timezone.localdate(moment)
    rows = Decision.objects.filter(pk__in=decisions)
    rows.update(created_at=moment)
    rows.filter(decided_at__isnull=False).update(decided_at=moment)
    approved = rows.filter(state=Decision.State.APPROVED).select_related("account")
    approved.update(valid_from=day, review_on=actions.a_year_later(day))
    for decision in approved:
        decision.account.key_since = day
        decision.account.save(update_fields=["key_since"])


def _fresh(decision: Decision) -> Decision:
    return Decision.objects.select_related("account", "kam").get(pk=decision.pk)
