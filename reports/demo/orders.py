"""Three years of orders: seasons, growth and churn, discounts, costs and a few cancellations."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from accounts.models import Account, Offering, OfferingReference, SalesLine
from kam.integrations.models import ImportBatch
from kam.lib.text import fold
from reports.demo import words

DAYS = 3 * 365
# Orders a month relative to the year's mean: a slow summer, a busy fourth quarter.
SEASON = [0.9, 0.95, 1.1, 1.0, 1.0, 0.95, 0.75, 0.7, 1.05, 1.15, 1.25, 1.2]
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Article:
    offering: Offering
    price: int
    cost_share: float


def build_offerings() -> list[Article]:
    """Create 40 offerings: seven groups and what belongs to them."""
    articles = []
    for code, name, kind, items in [*words.OFFERINGS, words.EXTRA]:
        group = _offering(code, name, kind, None)
        articles += [Article(_offering(c, n, kind, group), price, cost) for c, n, price, cost in items]
    return articles


def _offering(code: str, name: str, kind: str, group: Offering | None) -> Offering:
    offering = Offering.objects.create(code=code, name=name, kind=kind, parent=group, search_text=fold(f"{code} {name}"))
    OfferingReference.objects.create(offering=offering, source=words.SOURCE, external_id=code)
    return offering


def build_orders(accounts: list[Account], articles: list[Article], batch: ImportBatch, today: date, rng: Random) -> int:
    """Write the sales lines of three years up to yesterday; returns how many. The roll-up is the caller's."""
    lines: list[SalesLine] = []
    for number, account in enumerate(accounts):
        lines += _of_account(number, account, articles, batch, today, rng)
    SalesLine.objects.bulk_create(lines, batch_size=2000)
    return len(lines)


def _of_account(
    number: int, account: Account, articles: list[Article], batch: ImportBatch, today: date, rng: Random
) -> list[SalesLine]:
    """A customer has a size (few large ones), a trend, sometimes a late start or an early end."""
    size = rng.paretovariate(1.1)
    per_month = min(0.25 + 0.35 * size, 6.0)
    trend = rng.gauss(0.08, 0.22)
    first = rng.randrange(0, DAYS - 200) if rng.random() < 0.2 else rng.randrange(0, 60)
    last = rng.randrange(first + 120, DAYS) if rng.random() < 0.12 else DAYS
    mix = rng.sample(articles, k=rng.randint(6, 16))
    scale = min(size, 12.0)
    lines: list[SalesLine] = []
    start = today - timedelta(days=DAYS)
    for offset in range(first, last):
        day = start + timedelta(days=offset)
        chance = per_month / 30 * SEASON[day.month - 1] * (1 + trend) ** (offset / 365)
        if day.weekday() < 5 and rng.random() < chance * 7 / 5:
            order = f"A{number:03d}-{offset:04d}"
            lines += _order(order, account, mix, scale, day, batch, rng)
    return lines


def _order(
    order: str, account: Account, mix: list[Article], scale: float, day: date, batch: ImportBatch, rng: Random
) -> list[SalesLine]:
    lines = []
    for position in range(rng.randint(1, 5)):
        article = rng.choice(mix)
        quantity = 1 if article.price > 20000 else rng.randint(1, max(2, int(scale * 3)))
        if article.price > 20000 and rng.random() > 0.12 * scale:
            continue  # a machine is a rare purchase
        discount = rng.choice([0, 0, 0, 3, 5, 8, 12])
        lines.append(_line(order, position, article, quantity, discount, day, account, batch))
    if lines and rng.random() < 0.02:
        lines.append(_reversal(lines[0], day))
    return lines


def _line(
    order: str, position: int, article: Article, quantity: int, discount: int, day: date, account: Account, batch: ImportBatch
) -> SalesLine:
    listed = Decimal(article.price * quantity)
    given = (listed * discount / 100).quantize(CENT)
    amount = listed - given
    return SalesLine(
        batch=batch, line_key=_key(order, position), content_hash=position, account=account, offering=article.offering,
        order_no=order, line_no=str(position + 1), ordered_on=day, quantity=quantity, unit_price=(amount / quantity).quantize(CENT),
        amount=amount, discount_amount=given, cost_amount=(listed * Decimal(str(article.cost_share))).quantize(CENT),
        currency="EUR", country=account.country,
    )  # fmt: skip


def _reversal(line: SalesLine, day: date) -> SalesLine:
    return SalesLine(
        batch=line.batch, line_key=_key(line.order_no, 99), content_hash=99, account=line.account, offering=line.offering,
        order_no=f"S{line.order_no}", line_no="1", ordered_on=day, quantity=-line.quantity, unit_price=line.unit_price,
        amount=-line.amount, discount_amount=-(line.discount_amount or 0), cost_amount=-(line.cost_amount or 0),
        currency="EUR", country=line.country, is_reversal=True,
    )  # fmt: skip


def _key(order: str, position: int) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.sha256(f"demo|{order}|{position}".encode()).digest()[:16])
