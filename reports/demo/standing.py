"""What the demo's people wrote down about room, strength and stage: twice a year, with gaps."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from accounts.facts import facts_table
from accounts.models import Account
from reports.demo import texts
from reports.demo.clock import as_of, at
from scoring.actions.estimates import Statement, state_estimate
from scoring.models import Decision

# In days before today.
ROUNDS = (210, 18)
MISSING = 0.15


def build_standing(accounts: Iterable[Account], today: date, rng: Random) -> None:
    """Let whoever looks after a key account or a proposed one say how much room it has and how we stand."""
    proposed = set(Decision.objects.waiting().values_list("account_id", flat=True))
    chosen = sorted((a for a in accounts if a.is_key or a.pk in proposed), key=lambda a: a.sort_key)
    table = facts_table(["revenue"], as_of=today, window="12m")
    revenue = dict(zip(table.account_ids, table.values["revenue"].tolist(), strict=True))
    for account in chosen:
        if rng.random() < MISSING:
            continue
        room = rng.uniform(1.05, 2.6)
        strength = rng.uniform(4.5, 9.0)
        for age in ROUNDS:
            potential = round(max(revenue.get(account.pk, 0.0), 20_000) * room / 5_000) * 5_000
            _say(account, "potential", potential, today - timedelta(days=age), rng)
            ours = min(10.0, max(1.0, strength))
            _say(account, "strength", ours, today - timedelta(days=age), rng, rng.uniform(5.5, 8.0))
            _say(account, "stage", min(5, max(1, round(ours / 2))), today - timedelta(days=age), rng)
            room, strength = room * rng.uniform(0.9, 1.15), strength + rng.uniform(-0.8, 1.4)


def _say(
    account: Account, kind: str, value: float, day: date, rng: Random, rival: float | None = None
) -> None:
    said = Statement(
        kind=kind,
        value=Decimal(f"{value:.1f}"),
        source=rng.choice(texts.ESTIMATE_SOURCES),
        confidence=rng.choice(["low", "medium", "medium", "high"]),
        rival_value=Decimal(f"{rival:.1f}") if rival else None,
        stated_on=day,
    )
    by = account.kam or account.owner
    if by is not None:
        with as_of(at(day, 14)):
            state_estimate(account, said, by=by)
