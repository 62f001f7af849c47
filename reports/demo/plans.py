"""Plans and goals of the key accounts: some on track, some behind, some closed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounts.facts import account_facts
from accounts.models import Account
from goals.actions import goals as actions
from goals.actions.check_ins import CheckIn, check_in
from goals.actions.metrics import create_metric, measure_facts, metric_for_fact
from goals.models import (
    AccountYear,
    Challenge,
    Expectation,
    Goal,
    JointProject,
    Measurement,
    Metric,
    Plan,
    Promise,
    ValueEntry,
)
from kam.users.models import User
from reports.demo import texts
from reports.demo.clock import as_of, at

MONTH = 30
# quantize() rounds to the exponent of its argument.
THOUSAND = Decimal("1E3")


@dataclass(frozen=True)
class Planned:
    """An account with who plans for it."""

    account: Account
    kam: User
    today: date


def build_plans(accounts: list[tuple[Account, User]], today: date, rng: Random) -> None:
    """Write a plan and two to four goals for each (account, KAM), with a year of measurements."""
    for account, kam in accounts:
        planned = Planned(account, kam, today)
        _plan(planned, rng)
        _revenue_goal(planned, rng)
        for measured in rng.sample(texts.MEASURED, k=rng.randint(1, 2)):
            _measured_goal(planned, measured, rng)
        if rng.random() < 0.6:
            _goal_in_words(planned, rng)
    for month in range(13):
        measure_facts(today - timedelta(days=MONTH * month))


def _plan(planned: Planned, rng: Random) -> None:
    account, kam, today = planned.account, planned.kam, planned.today
    why, how, what, ours, theirs = rng.choice(texts.PLANS)
    Plan.objects.create(
        account=account,
        why=why,
        how=how,
        what=what,
        purpose_ours=ours,
        purpose_customer=theirs,
        shared=["what", "purpose_customer"],
    )
    accepted = at(today - timedelta(days=rng.randint(60, 300)))
    for side, text in zip(("internal", "external"), rng.choice(texts.EXPECTATIONS), strict=True):
        by = str(account.contacts.first() or kam) if side == "internal" else kam.name
        values = {"accepted_at": accepted, "accepted_by": by} if rng.random() < 0.7 else {}
        Expectation.objects.create(account=account, side=side, text=text, **values)
    Promise.objects.bulk_create(_promise(planned, text, rng) for text in rng.sample(texts.PROMISES, k=3))
    title, solution, result = rng.choice(texts.CHALLENGES)
    raised = today - timedelta(days=rng.randint(20, 150))
    solved: dict[str, Any] = {}
    if rng.random() < 0.6:
        solved = {"solution": solution, "result": result, "resolved_on": raised + timedelta(days=15)}
        solved["visibility"] = "shareable"
    Challenge.objects.create(account=account, title=title, raised_on=raised, **solved)
    for direction, kind, given, amount in rng.sample(texts.GIVEN, k=3):
        day = today - timedelta(days=rng.randint(5, 200))
        ValueEntry.objects.create(
            account=account,
            direction=direction,
            kind=kind,
            text=given,
            amount=amount,
            occurred_on=day,
            visibility="shareable" if direction == "give" else "internal",
        )
    _project_and_year(planned, rng)


def _promise(planned: Planned, text: str, rng: Random) -> Promise:
    due = planned.today + timedelta(days=rng.randint(-40, 25))
    closed = {"state": rng.choice(["kept", "kept", "kept", "broken"]), "closed_on": due}
    return Promise(
        account=planned.account,
        text=text,
        contact=planned.account.contacts.first(),
        promised_on=due - timedelta(days=14),
        due_on=due,
        owner=planned.kam,
        **(closed if due < planned.today - timedelta(days=6) else {}),
    )


def _project_and_year(planned: Planned, rng: Random) -> None:
    title, ours, theirs = rng.choice(texts.PROJECTS)
    JointProject.objects.create(
        account=planned.account,
        title=title,
        benefit_ours=ours,
        benefit_customer=theirs,
        state=rng.choice(["idea", "running", "running"]),
        due_on=planned.today + timedelta(days=rng.randint(30, 200)),
        owner=planned.kam,
    )
    sold = max(account_facts(planned.account, as_of=planned.today, window="12m").revenue, Decimal(20_000))
    wallet = round(sold * (1 + Decimal(rng.randint(20, 300)) / 150), -4)
    AccountYear.objects.create(
        account=planned.account,
        year=planned.today.year,
        planned_revenue=wallet * 2 / 5,
        wallet=wallet,
        wallet_source="Angabe der Werksleitung",
    )


def _span(planned: Planned, rng: Random) -> dict[str, Any]:
    start = planned.today - timedelta(days=rng.randint(90, 330))
    return {"start_on": start, "due_on": start + timedelta(days=365), "owner": planned.kam}


def _revenue_goal(planned: Planned, rng: Random) -> None:
    """Set a revenue goal where revenue has not collapsed meanwhile; few would plan with such a customer."""
    span = _span(planned, rng)
    start, now = (
        account_facts(planned.account, as_of=day, window="12m").revenue
        for day in (span["start_on"], planned.today)
    )
    if not start or now < start * Decimal("0.97"):
        return
    aim = (max(now / start, Decimal(1)) - 1) / Decimal(str(rng.uniform(0.5, 1.2))) + Decimal("1.04")
    with as_of(at(span["start_on"], 9)):
        metric = metric_for_fact(planned.account, "revenue", by=planned.kam)
        values = span | {"metric": metric, "title": "Umsatz der letzten zwölf Monate steigern"}
        values |= {"start_value": start, "target_value": (start * aim).quantize(THOUSAND)}
        values["why"] = "Der Ausbau des Werks erhöht den Bedarf."
        actions.create_goal(planned.account, values=values, by=planned.kam)


def _measured_goal(planned: Planned, measured: tuple[Any, ...], rng: Random) -> None:
    name, unit, direction, start, target, title, why, how, side = measured
    span = _span(planned, rng)
    with as_of(at(span["start_on"], 9)):
        metric = create_metric(
            planned.account, values={"name": name, "unit": unit, "direction": direction}, by=planned.kam
        )
        values = span | {"metric": metric, "title": title, "why": why, "how": how, "side": side}
        values |= {"start_value": Decimal(str(start)), "target_value": Decimal(str(target))}
        values["visibility"] = "internal" if side == "ours" else "shareable"
        goal = actions.create_goal(planned.account, values=values, by=planned.kam)
    pace = rng.choice([0.35, 0.7, 0.9, 1.0, 1.05, 1.2])
    Measurement.objects.bulk_create(_measurements(metric, goal, pace, planned, rng))
    if pace > 1.1 and rng.random() < 0.5:
        actions.close_goal(goal, outcome="achieved", by=planned.kam, note="Vorzeitig erreicht.")
    elif pace < 0.5:
        check_in(goal, CheckIn(note="Umbau im Werk verzögert sich um zwei Monate."), by=planned.kam)


def _measurements(
    metric: Metric, goal: Goal, pace: float, planned: Planned, rng: Random
) -> list[Measurement]:
    """A value a month along the way, at a pace (1: as planned) and with some noise."""
    start, target = goal.start_value or Decimal(0), goal.target_value or Decimal(1)
    days = (goal.due_on - goal.start_on).days
    rows = []
    for elapsed in range(0, min(days, (planned.today - goal.start_on).days) + 1, MONTH):
        share = min(1.1, pace * elapsed / days + (rng.uniform(-0.04, 0.04) if elapsed else 0))
        value = (start + (target - start) * Decimal(str(share))).quantize(Decimal("0.1"))
        day = goal.start_on + timedelta(days=elapsed)
        rows.append(Measurement(metric=metric, measured_on=day, value=value, created_by=planned.kam))
    return rows


def _goal_in_words(planned: Planned, rng: Random) -> None:
    title, why, steps = rng.choice(texts.IN_WORDS)
    span = _span(planned, rng)
    with as_of(at(span["start_on"], 9)):
        values = span | {"title": title, "why": why, "side": "joint", "visibility": "shareable"}
        values["verdict"] = rng.choice(["on_track", "on_track", "at_risk", "off_track", ""])
        goal = actions.create_goal(planned.account, values=values, by=planned.kam)
        for place, step in enumerate(steps, start=1):
            due = goal.start_on + timedelta(days=360 * place // len(steps))
            milestone = actions.add_milestone(goal, values={"title": step, "due_on": due}, by=planned.kam)
            if due < planned.today and rng.random() < 0.8:
                actions.tick_milestone(milestone, done=True, by=planned.kam)
