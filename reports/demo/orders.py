"""Three years of orders: seasons, growth and churn, discounts, costs and a few cancellations."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from accounts.models import Account, Offering, OfferingKind, OfferingReference, SalesLine
from kam.integrations.models import ImportBatch
from kam.lib.text import fold
from reports.demo import words

DAYS = 3 * 365
# Orders a month relative to the year's mean: a slow summer, a busy fourth quarter.
SEASON = [0.9, 0.95, 1.1, 1.0, 1.0, 0.95, 0.75, 0.7, 1.05, 1.15, 1.25, 1.2]
# Percent; most orders have none.
DISCOUNTS = [0, 0, 0, 3, 5, 8, 12]
# From this list price on an offering is a machine, bought one at a time.
MACHINE = 20000
# The position of a reversing line, beyond those of any order.
REVERSING = 99
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Article:
    offering: Offering
    price: int
    cost_share: float


@dataclass(frozen=True)
class Buyer:
    """How one customer buys; ``days`` counts from the first of the three years."""

    number: int
    account: Account
    per_month: float
    scale: float
    trend: float
    days: range
    mix: list[Article]
    subscriptions: list[Article]


@dataclass(frozen=True)
class Order:
    number: str
    day: date
    buyer: Buyer
    batch: ImportBatch


def build_offerings() -> list[Article]:
    """Create 40 offerings: seven groups and what belongs to them."""
    articles = []
    for code, name, kind, items in [*words.OFFERINGS, words.EXTRA]:
        group = _offering(code, name, kind, None)
        articles += [Article(_offering(c, n, kind, group), price, cost) for c, n, price, cost in items]
    return articles


def _offering(code: str, name: str, kind: str, group: Offering | None) -> Offering:
    offering = Offering.objects.create(
        code=code, name=name, kind=kind, parent=group, search_text=fold(f"{code} {name}")
    )
    OfferingReference.objects.create(offering=offering, source=words.SOURCE, external_id=code)
    return offering


def build_orders(
    accounts: list[Account], articles: list[Article], batch: ImportBatch, today: date, rng: Random
) -> int:
    """Write the sales lines of three years up to yesterday; returns how many. The roll-up is the caller's."""
    buyers = [_buyer(number, account, articles, rng) for number, account in enumerate(accounts)]
    start = today - timedelta(days=DAYS)
    lines = [line for buyer in buyers for line in _lines_of(buyer, start, batch, rng)]
    for row, line in enumerate(lines, start=2):
        line.row_number = row
    SalesLine.objects.bulk_create(lines, batch_size=2000)
    return len(lines)


def _buyer(number: int, account: Account, articles: list[Article], rng: Random) -> Buyer:
    """A customer has a size (few large ones), a trend, sometimes a late start or an early end."""
    size = rng.paretovariate(1.1)
    first = rng.randrange(0, DAYS - 200) if rng.random() < 0.2 else rng.randrange(0, 60)
    last = rng.randrange(first + 120, DAYS) if rng.random() < 0.12 else DAYS
    bought = [article for article in articles if article.offering.kind != OfferingKind.SUBSCRIPTION]
    subscribed = [article for article in articles if article.offering.kind == OfferingKind.SUBSCRIPTION]
    return Buyer(
        number=number,
        account=account,
        per_month=min(0.2 + 0.27 * size, 4.5),
        scale=min(size, 12.0),
        trend=rng.gauss(0.08, 0.22),
        days=range(first, last),
        mix=rng.sample(bought, k=rng.randint(6, 16)),
        subscriptions=rng.sample(subscribed, k=rng.randint(1, 3)) if rng.random() < 0.4 else [],
    )


def _lines_of(buyer: Buyer, start: date, batch: ImportBatch, rng: Random) -> list[SalesLine]:
    lines: list[SalesLine] = []
    for offset in buyer.days:
        day = start + timedelta(days=offset)
        chance = buyer.per_month / 30 * SEASON[day.month - 1] * (1 + buyer.trend) ** (offset / 365)
        if day.weekday() < 5 and rng.random() < chance * 7 / 5:
            lines += _purchase(Order(f"A{day:%y}{offset:04d}-{buyer.number:03d}", day, buyer, batch), rng)
        if day.day == 1:
            order = Order(f"R{day:%y%m}-{buyer.number:03d}", day, buyer, batch)
            lines += [_line(order, place, article) for place, article in enumerate(buyer.subscriptions)]
    return lines


def _purchase(order: Order, rng: Random) -> list[SalesLine]:
    buyer, lines = order.buyer, []
    for position in range(rng.randint(1, 5)):
        article = rng.choice(buyer.mix)
        if article.price > MACHINE and rng.random() > 0.04 * buyer.scale:
            continue  # a machine is a rare purchase
        quantity = 1 if article.price > MACHINE else rng.randint(1, max(2, int(buyer.scale * 3)))
        lines.append(_line(order, position, article, quantity, rng.choice(DISCOUNTS)))
    if lines and rng.random() < 0.02:
        lines.append(_reversal(lines[0]))
    return lines


def _line(order: Order, position: int, article: Article, quantity: int = 1, discount: int = 0) -> SalesLine:
    listed = Decimal(article.price * quantity)
    given = (listed * discount / 100).quantize(CENT)
    amount = listed - given
    return SalesLine(
        batch=order.batch,
        line_key=_key(order.number, position),
        content_hash=position,
        account=order.buyer.account,
        offering=article.offering,
        order_no=order.number,
        line_no=str(position + 1),
        ordered_on=order.day,
        quantity=quantity,
        unit_price=(amount / quantity).quantize(CENT),
        amount=amount,
        discount_amount=given,
        cost_amount=(listed * Decimal(str(article.cost_share))).quantize(CENT),
        currency="EUR",
        country=order.buyer.account.country,
    )


def _reversal(line: SalesLine) -> SalesLine:
    return SalesLine(
        batch=line.batch,
        line_key=_key(line.order_no, REVERSING),
        content_hash=REVERSING,
        account=line.account,
        offering=line.offering,
        order_no=f"S{line.order_no}",
        line_no="1",
        ordered_on=line.ordered_on,
        quantity=-line.quantity,
        unit_price=line.unit_price,
        amount=-line.amount,
        discount_amount=-(line.discount_amount or 0),
        cost_amount=-(line.cost_amount or 0),
        currency=line.currency,
        country=line.country,
        is_reversal=True,
    )


def _key(order: str, position: int) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.sha256(f"demo|{order}|{position}".encode()).digest()[:16])
