"""Contracts and opportunities: some end soon, some renew themselves, some are won, one is late."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db.models import F, Sum

from accounts.amounts import Units
from accounts.models import Account, AccountMonth, Offering, SalesLine
from accounts.windows import months_before
from goals.models import AccountYear, Contract, Opportunity
from kam.users.models import User
from reports.demo import texts_pipeline as texts

# Days from today to the end of the term: the first ones want attention, some notices are nearly over.
ENDS = (58, 96, 187, 240, 330, 415)
EXHAUSTED = 3
DAYS_OF_NOTICE = (0, 30, 90, 90, 180)


def build_pipeline(planned: list[tuple[Account, User]], today: date, rng: Random) -> None:
    """Give every account with a plan one or two contracts and a few opportunities."""
    offerings = list(Offering.objects.filter(parent__isnull=False).exclude(kind="no_goods").order_by("code"))
    services = [offering for offering in offerings if offering.kind != "goods"] or offerings
    for account, kam in planned:
        contracts = _contracts(account, services, today, rng)
        _opportunities(account, kam, contracts, offerings, today, rng)
    _exhaust(planned, today)


def _exhaust(planned: list[tuple[Account, User]], today: date) -> None:
    """Let a few of those who buy more units spend nearly all of it with us: their volume is exhausted."""
    end = today.replace(day=1)
    spans = [(months_before(end, 12), end), (months_before(end, 24), months_before(end, 12))]
    ids = [account.pk for account, _kam in planned]
    now, before = (
        dict(
            SalesLine.objects.filter(account__in=ids, ordered_on__gte=start, ordered_on__lt=stop)
            .order_by()
            .values("account")
            .annotate(units=Sum(Units(F("quantity"))))
            .values_list("account", "units")
        )
        for start, stop in spans
    )
    rising = [pk for pk in ids if now.get(pk, 0) > before.get(pk, 0) > 0][:EXHAUSTED]
    for year in AccountYear.objects.filter(account__in=rising, year=today.year):
        sold = AccountMonth.objects.filter(account=year.account_id, month__gte=spans[0][0], month__lt=end)
        year.wallet = round((sold.aggregate(net=Sum("net"))["net"] or Decimal(0)) * Decimal("1.1"), -3)
        year.save(update_fields=["wallet", "updated_at"])


def _contracts(account: Account, services: list[Offering], today: date, rng: Random) -> list[Contract]:
    made = []
    for title in rng.sample(texts.CONTRACTS, k=rng.choice([1, 1, 2])):
        ends_on = today + timedelta(days=rng.choice(ENDS) + rng.randint(-12, 12))
        made.append(
            Contract(
                account=account,
                title=title,
                offering=rng.choice(services),
                start_on=ends_on - timedelta(days=rng.choice([364, 729, 1094])),
                end_on=ends_on,
                notice_days=rng.choice(DAYS_OF_NOTICE),
                renews_by=rng.choice([None, 12, 12]),
                value=Decimal(rng.randint(8, 90) * 1000),
            )
        )
    return Contract.objects.bulk_create(made)


def _opportunities(
    account: Account,
    kam: User,
    contracts: list[Contract],
    offerings: list[Offering],
    today: date,
    rng: Random,
) -> None:
    made = []
    for kind, title, reason in rng.sample(texts.OPPORTUNITIES, k=rng.choice([1, 2, 2, 3])):
        stage = rng.choice(["seen", "qualified", "offered", "offered", "agreed", "won", "lost"])
        closed = stage in ("won", "lost")
        expected = today + timedelta(days=rng.randint(-150, -10) if closed else rng.randint(-15, 210))
        made.append(
            Opportunity(
                account=account,
                title=title,
                kind=kind,
                reason=reason,
                offering=rng.choice(offerings),
                contract=contracts[0] if kind == "renewal" else None,
                value=Decimal(rng.randint(12, 260) * 1000) if rng.random() < 0.9 else None,
                stage=stage,
                expected_on=expected,
                closed_on=expected if closed else None,
                outcome=rng.choice(texts.OUTCOMES[stage]) if closed else "",
                owner=kam,
            )
        )
    Opportunity.objects.bulk_create(made)
