"""Where the demo company is itself, how its customers pay, and the two criteria that follow from that."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounts.actions.sites import create_site
from accounts.models import Account
from kam.integrations.models import ImportBatch
from kam.users.models import Role, User
from reports.demo import texts, words
from reports.demo.customers import Cast
from reports.demo.made import note_made
from scoring.actions.criteria import criterion_of_fact, update_criterion
from scoring.models import AccountEstimate, Criterion

# Of all accounts so many have paid no invoice yet that anybody evaluated.
WITHOUT_PAYMENTS = 0.12
STATED_DAYS_AGO = 21
# As the anchors of «geographic proximity» say: within the hour, the same day, a day's journey.
RULES: dict[str, dict[str, Any]] = {
    "service_distance": {
        "type": "steps",
        "steps": [[50, 10], [200, 7], [600, 4], [1000, 1]],
        "below": 10,
        "interpolate": True,
    },
    "days_beyond_terms": {"type": "days_beyond_terms", "bounds": [-5, 45], "direction": "lower"},
}

# The business need each serves, German and English.
NEEDS = {
    "service_distance": (
        "Wer nah an einem Standort liegt, bekommt schnell Hilfe, und das kostet uns wenig.",
        "Whoever is near one of our sites gets help fast, and that costs us little.",
    ),
    "days_beyond_terms": (
        "Wachstum auf Rechnung trägt nur, wer sein Zahlungsziel einhält.",
        "Growth on account needs customers who pay within terms.",
    ),
}


def build_service(
    accounts: Iterable[Account], cast: Cast, batch: ImportBatch, today: date, rng: Random
) -> None:
    """Write our sites, a statement on payments for most accounts, and the criteria computed from both."""
    leader, book_keeper = cast.leader, cast.of(Role.OPERATIONS)[0]
    note_made(batch, [create_site(values=dict(values), by=leader) for values in words.SITES])
    AccountEstimate.objects.bulk_create(_payments(accounts, book_keeper, today, rng))
    note_made(batch, [_criterion(fact, rule, leader) for fact, rule in RULES.items()])


def _payments(accounts: Iterable[Account], by: User, today: date, rng: Random) -> Iterable[AccountEstimate]:
    for account in sorted(accounts, key=lambda each: each.sort_key):
        if rng.random() < WITHOUT_PAYMENTS:
            continue
        # Most pay about on time, a few very late: a long tail, so that a rule has outliers to show.
        days = rng.gauss(4, 6) + (rng.expovariate(1 / 25) if rng.random() < 0.15 else 0)
        yield AccountEstimate(
            account=account,
            kind=AccountEstimate.Kind.DAYS_BEYOND_TERMS,
            value=Decimal(f"{days:.1f}"),
            source=texts.PAYMENT_SOURCE,
            confidence=AccountEstimate.Confidence.HIGH,
            stated_on=today - timedelta(days=STATED_DAYS_AGO),
            stated_by=by,
        )


def _criterion(fact: str, rule: dict[str, Any], leader: User) -> Criterion:
    need_de, need_en = NEEDS[fact]
    criterion = criterion_of_fact(fact, by=leader)
    return update_criterion(criterion, by=leader, rule=rule, need_de=need_de, need_en=need_en)
