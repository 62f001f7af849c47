"""Rows of a sales file to sales lines or problems. Pure: no database, the same for dry run and commit.

A file has few different texts in a column, so each text is read once and remembered, and a piece of the file
is worked on column by column. That is what makes hundreds of thousands of rows a matter of seconds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import compress
from struct import unpack
from typing import Any

from django.utils.translation import gettext_noop

from accounts.imports.lines import Lines
from accounts.imports.numbers import FINE, FINE_PER_MONEY, times, to_fine, to_money
from accounts.imports.occurrences import Occurrences, line_half
from accounts.imports.plan import Plan
from accounts.imports.problems import WITHOUT_ACCOUNT, ProblemLog
from kam.lib.tabular.problems import RowProblem, ValueProblem, shorten
from kam.lib.tabular.values import clean_text, parse_date, parse_decimal

Row = tuple[int, list[str]]
NO_ACCOUNT = gettext_noop("The row names no account.")
NO_ORDER = gettext_noop("The row has no order number.")
NO_AMOUNT = gettext_noop("The row has neither an amount nor quantity and price.")
TOO_LONG = gettext_noop("“%(value)s” is longer than %(limit)s characters.")
TOO_LARGE = gettext_noop("“%(value)s” is too large.")
EXCLUDED_CODE = gettext_noop("%(code)s is excluded by a rule.")
ZERO_PRICE = gettext_noop("Lines without a price are excluded by a rule.")
DUPLICATE = gettext_noop("The same line stands in the file before; repetitions are excluded by a rule.")
LINE_TWICE = gettext_noop("Line %(line)s of order %(order)s stands in the file before.")
BAD_RATE = gettext_noop("A discount of %(value)s is not between 0 and 1.")
MEMORY = 100_000
NUMBERS = ("quantity", "unit_price", "amount", "discount_rate", "discount_amount", "cost")
TEXTS = {"account": 120, "order": 60, "offering": 60, "line": 20}
# What a column that is not in the file says of every row; columns not named here say None.
ABSENT: dict[str, Any] = {"offering": "", "country": "", "line": ""}
_HASHED = "%s|%s|%s|%s|%s|%s|%s|%s|%s|%s"


class Remembered(dict[str, Any]):
    """Reads each text once; a text that cannot be read is remembered as its ValueProblem."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read
        self.has_problems = False

    def __missing__(self, text: str) -> Any:
        if len(self) > MEMORY:
            self.clear()
        try:
            value = self._read(text)
        except ValueProblem as problem:
            value, self.has_problems = problem, True
        self[text] = value
        return value


class SalesReader:
    """Turns pieces of rows into lines; what cannot be a line goes to the problem log."""

    def __init__(self, plan: Plan, problems: ProblemLog) -> None:
        self.plan, self.problems = plan, problems
        self.account_names: dict[str, str] = {}
        self.offering_names: Counter[tuple[str, str]] = Counter()
        self.countries: Counter[tuple[str, str]] = Counter()
        self._occurrences = Occurrences()
        self._source = plan.source.encode()[:64]
        self._prefix = plan.rules["reversal_prefix"]
        self._order_hashes = Remembered(self._order_hash)
        number = Remembered(self._number)
        self._readers: dict[str, Remembered] = {
            code: Remembered(_text(limit)) for code, limit in TEXTS.items()
        }
        self._readers |= dict.fromkeys(NUMBERS, number)
        self._readers |= {
            "date": Remembered(self._day),
            "account_name": Remembered(_cut(200)),
            "offering_name": Remembered(_cut(200)),
            "country": Remembered(_cut(60)),
            "currency": Remembered(lambda text: clean_text(text).upper()[:3] or plan.currency),
        }

    def lines(self, rows: Sequence[Row]) -> Lines:
        """Return the lines of a piece of the file, in its order."""
        # Columns of the file, turned once: walking down the rows for each column takes twice as long.
        cells = list(zip(*(row[1] for row in rows), strict=True))
        columns = {code: self._column(code, cells, len(rows)) for code in COLUMNS}
        self._note_names(cells, columns)
        wrong = dict(self._wrong(columns))
        for index, problem in wrong.items():
            self._refuse(rows[index], problem, _amount_or_zero(columns, index))
        if wrong:
            good = [index not in wrong for index in range(len(rows))]
            rows = list(compress(rows, good))
            columns = {code: list(compress(column, good)) for code, column in columns.items()}
        return self._keyed(rows, self._valued(rows, columns))

    def close(self) -> None:
        self._occurrences.close()

    def _column(self, code: str, cells: list[tuple[str, ...]], length: int) -> list[Any]:
        place = self.plan.position(code)
        if place is None:
            return [self.plan.currency if code == "currency" else ABSENT.get(code)] * length
        return list(map(self._readers[code].__getitem__, cells[place])) if length else []

    def _note_names(self, cells: list[tuple[str, ...]], columns: dict[str, list[Any]]) -> None:
        """Remember the first name of each account, and how often its countries and offering names occur."""
        length = len(columns["account"])
        if self.plan.position("country") is not None:
            self.countries.update(zip(columns["account"], columns["country"], strict=True))
        if self.plan.position("account_name") is not None:
            for account, name in zip(
                columns["account"], self._column("account_name", cells, length), strict=True
            ):
                if name and account not in self.account_names:
                    self.account_names[account] = name
        if self.plan.position("offering_name") is not None:
            names = self._column("offering_name", cells, length)
            self.offering_names.update(zip(columns["offering"], names, strict=True))

    def _wrong(self, columns: dict[str, list[Any]]) -> Iterator[tuple[int, ValueProblem]]:
        """Yield (index, problem) with the weightiest problem of a row last; a missing account outweighs all."""
        yield from self._against_rules(columns)
        if self.plan.position("amount") is None or None in columns["amount"]:
            known = zip(columns["amount"], columns["quantity"], columns["unit_price"], strict=True)
            yield from _at(
                ((a is None and (q is None or p is None)) for a, q, p in known),
                ValueProblem("missing_amount", NO_AMOUNT),
            )
        yield from _at((not order for order in columns["order"]), ValueProblem("missing_order", NO_ORDER))
        for code in reversed(COLUMNS):
            reader = self._readers[code]
            if reader.has_problems:
                for index, value in enumerate(columns[code]):
                    if value.__class__ is ValueProblem:
                        yield index, value
        yield from _at(
            (not account for account in columns["account"]), ValueProblem(WITHOUT_ACCOUNT, NO_ACCOUNT)
        )

    def _against_rules(self, columns: dict[str, list[Any]]) -> Iterator[tuple[int, ValueProblem]]:
        rules = self.plan.rules
        if self.plan.position("discount_rate") is not None:
            for index, rate in enumerate(columns["discount_rate"]):
                if isinstance(rate, int) and not 0 <= rate <= FINE:
                    yield index, ValueProblem("invalid", BAD_RATE, {"value": rate / FINE})
        if rules["exclude_zero_price"]:
            amounts = zip(columns["amount"], columns["unit_price"], strict=True)
            free = (amount == 0 if amount is not None else price == 0 for amount, price in amounts)
            yield from _at(free, ValueProblem("zero_price", ZERO_PRICE))
        if codes := rules["exclude_codes"]:
            for index, code in enumerate(columns["offering"]):
                if code in codes:
                    yield index, ValueProblem("excluded_code", EXCLUDED_CODE, {"code": code})

    def _refuse(self, row: Row, problem: ValueProblem, amount: int) -> None:
        self.problems.add(RowProblem(row[0], problem.code, problem.message, problem.params, row[1]), amount)

    def _valued(self, rows: Sequence[Row], columns: dict[str, list[Any]]) -> Lines:
        """Return the lines without their keys: signs settled, amounts multiplied out."""
        prefix = self._prefix
        orders = columns["order"]
        reversing = [order.startswith(prefix) for order in orders] if prefix else [False] * len(orders)
        given = (columns[code] for code in ("quantity", "unit_price", "amount", "discount_rate"))
        values = list(map(_amounts, *given, reversing))
        quantities, prices, amounts = map(list, zip(*values, strict=True)) if values else ([], [], [])
        discounts = columns["discount_amount"]
        if self.plan.position("discount_rate") is not None:
            discounts = list(map(_discount, discounts, columns["discount_rate"], quantities, prices, amounts))
        return Lines(
            numbers=[row[0] for row in rows],
            accounts=columns["account"],
            orders=orders,
            days=columns["date"],
            offerings=columns["offering"],
            quantities=quantities,
            prices=prices,
            amounts=amounts,
            discounts=_as_money(discounts),
            costs=_as_money(columns["cost"]),
            countries=columns["country"],
            currencies=columns["currency"],
            line_nos=columns["line"],
            reversals=[
                quantity < 0 or amount < 0 or by_prefix
                for quantity, amount, by_prefix in zip(quantities, amounts, reversing, strict=True)
            ],
        )

    def _keyed(self, rows: Sequence[Row], lines: Lines) -> Lines:
        """Give every line its key; lines that stand twice are numbered, or refused where a rule says so."""
        hashed = zip(
            lines.days,
            lines.accounts,
            lines.offerings,
            lines.quantities,
            lines.prices,
            lines.amounts,
            lines.countries,
            lines.currencies,
            lines.discounts,
            lines.costs,
            strict=True,
        )
        lines.contents = _hashes_of(map(_HASHED.__mod__, hashed))
        firsts = list(map(self._order_hashes.__getitem__, lines.orders))
        seconds = list(lines.contents)
        if self.plan.position("line") is not None:
            for index, line_no in enumerate(lines.line_nos):
                if line_no:
                    seconds[index] = _hash_of(b"#" + line_no.encode())
        repeated = self._occurrences.repetitions(firsts, seconds)
        refused = set()
        for index, times_before in repeated.items():
            if problem := self._repetition(lines.orders[index], lines.line_nos[index]):
                refused.add(index)
                self._refuse(rows[index], problem, lines.amounts[index])
            else:
                seconds[index] = line_half(seconds[index], times_before)
        lines.keys = [f"{first:016x}{second:016x}" for first, second in zip(firsts, seconds, strict=True)]
        return lines.only([index not in refused for index in range(len(lines))]) if refused else lines

    def _repetition(self, order: str, line_no: str) -> ValueProblem | None:
        if line_no:
            return ValueProblem("duplicate_line", LINE_TWICE, {"line": line_no, "order": order})
        return ValueProblem("duplicate", DUPLICATE) if self.plan.rules["exclude_duplicates"] else None

    def _order_hash(self, order: str) -> int:
        return int.from_bytes(blake2b(order.encode(), digest_size=8, key=self._source).digest())

    def _day(self, text: str) -> str:
        return parse_date(clean_text(text), self.plan.date_order, self.plan.serial_dates).isoformat()[:10]

    def _number(self, text: str) -> int | None:
        text = clean_text(text)
        if not text:
            return None
        try:
            return to_fine(parse_decimal(text, self.plan.decimal))
        except OverflowError:
            raise ValueProblem("too_many_digits", TOO_LARGE, {"value": shorten(text)}) from None


COLUMNS = ("account", "order", "date", "offering", *NUMBERS, "country", "currency", "line")


def _amounts(
    quantity: int | None, price: int | None, amount: int | None, rate: int | None, is_reversal: bool
) -> tuple[int, int, int]:
    """Return quantity and price in hundred-millionths and the amount in ten-thousandths, with their signs.

    A reversing line has a negative quantity and a negative amount, whichever of them the file writes so.
    """
    if amount is not None:
        money = to_money(amount)
    else:
        money = times(quantity or 0, (price or 0) * (FINE - rate) // FINE if rate else price or 0)
    quantity = FINE if quantity is None else quantity
    if is_reversal or quantity < 0:
        quantity, money = -abs(quantity), -abs(money)
    if price is None:
        price = abs(money) * FINE_PER_MONEY * FINE // abs(quantity) if quantity else 0
    return quantity, price, money


def _discount(given: int | None, rate: int | None, quantity: int, price: int, amount: int) -> int | None:
    """Return the discount in hundred-millionths: as stated, or what the rate took off."""
    if given is not None or not rate:
        return given
    return max(0, times(quantity, price) - amount) * FINE_PER_MONEY


def _as_money(column: list[int | None]) -> list[int | None]:
    if not any(column):
        return [None if value is None else 0 for value in column]
    return [None if value is None else to_money(value) for value in column]


def _amount_or_zero(columns: dict[str, list[Any]], index: int) -> int:
    """Return the amount of a row that stays out, as far as it can be told."""
    quantity, price, amount = (columns[code][index] for code in ("quantity", "unit_price", "amount"))
    if isinstance(amount, int):
        return to_money(amount)
    return times(quantity, price) if isinstance(quantity, int) and isinstance(price, int) else 0


def _at(flags: Iterator[bool], problem: ValueProblem) -> Iterator[tuple[int, ValueProblem]]:
    return ((index, problem) for index, flag in enumerate(flags) if flag)


def _hashes_of(contents: Iterable[str]) -> list[int]:
    """Return what ``_hash_of`` says of many texts; the digests become numbers all at once."""
    digests = b"".join([blake2b(content.encode(), digest_size=8).digest() for content in contents])
    return list(unpack(f">{len(digests) // 8}Q", digests))


def _hash_of(content: bytes) -> int:
    return int.from_bytes(blake2b(content, digest_size=8).digest())


def _text(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        tidy = clean_text(text)
        if len(tidy) > limit:
            raise ValueProblem("too_long", TOO_LONG, {"value": shorten(tidy), "limit": limit})
        return tidy

    return read


def _cut(limit: int) -> Callable[[str], str]:
    return lambda text: " ".join(clean_text(text).split())[:limit]
