"""Rows of a sales file to sales lines or problems. Pure: no database, the same for dry run and commit.

A file has few different texts in a column, so each text is read once and remembered, and a piece of the file
is worked on column by column. That is what makes hundreds of thousands of rows a matter of seconds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from itertools import compress
from operator import add, itemgetter, not_
from struct import pack, unpack
from typing import Any

from django.utils.translation import gettext_noop

from accounts.imports.line_values import NUMBERS, LineValues, line_values
from accounts.imports.lines import Lines, digest
from accounts.imports.numbers import FINE, LARGEST, to_fine
from accounts.imports.numbers import MONEY as MONEY_UNIT
from accounts.imports.occurrences import Occurrences, line_half
from accounts.imports.plan import Plan
from accounts.imports.problems import WITHOUT_ACCOUNT, ProblemLog, Row
from accounts.imports.remembered import Remembered
from accounts.rates import RateBook, converted
from accounts.windows import EARLIEST, LATEST
from kam.lib.formatting import SYMBOLS
from kam.lib.tabular.problems import ValueProblem, shorten
from kam.lib.tabular.values import clean_text, parse_date, parse_decimal

NO_ACCOUNT = gettext_noop("The row names no account.")
NO_ORDER = gettext_noop("The row has no order number.")
NO_AMOUNT = gettext_noop("The row has neither an amount nor quantity and price.")
TOO_LONG = gettext_noop("“%(value)s” is longer than %(limit)s characters.")
TOO_LARGE = gettext_noop("“%(value)s” is too large.")
EXCLUDED_CODE = gettext_noop("%(code)s is excluded by a rule.")
ZERO_PRICE = gettext_noop("Lines without a price are excluded by a rule.")
DUPLICATE = gettext_noop("The same line stands in the file before; repetitions are excluded by a rule.")
LINE_TWICE = gettext_noop("Line %(line)s of order %(order)s stands in the file before.")
NO_RATE = gettext_noop(
    "There is no rate for %(currency)s on %(day)s. Give one under Settings, Exchange rates, and check the file again."
)
FAR_DAY = gettext_noop("“%(value)s” does not lie between 1900 and 2199.")
BAD_RATE = gettext_noop("A discount of %(value)s is not between 0 and 1.")
TEXTS = {"account": 120, "order": 60, "offering": 60, "line": 20}
# What a column that is not in the file says of every row; columns not named here say None.
ABSENT: dict[str, Any] = {"offering": "", "country": "", "line": ""}
_NUMBER, _CELLS = itemgetter(0), itemgetter(1)
_VALUES = {name: itemgetter(place) for place, name in enumerate(LineValues._fields)}


class SalesReader:
    """Turns pieces of rows into lines; what cannot be a line goes to the problem log."""

    def __init__(self, plan: Plan, problems: ProblemLog, rates: RateBook) -> None:
        self.plan, self.problems, self._rates = plan, problems, rates
        self.account_names: dict[str, str] = {}
        self.offering_names: Counter[tuple[str, str]] = Counter()
        self.countries: Counter[tuple[str, str]] = Counter()
        self._occurrences = Occurrences()
        self._source = plan.source.encode()[:64]
        self._prefix = plan.rules["reversal_prefix"]
        self._order_hashes = Remembered(self._order_hash)
        self._values = Remembered(line_values)
        read: dict[str, Callable[[str], Any]] = {code: _text(limit) for code, limit in TEXTS.items()}
        read |= dict.fromkeys(NUMBERS, self._number)
        read |= {
            "date": self._day,
            "account_name": _cut(200),
            "offering_name": _cut(200),
            "country": _cut(60),
            "currency": lambda text: _currency(text) or plan.currency,
        }
        self._readers = {code: Remembered(reads, plan.title(code)) for code, reads in read.items()}

    def lines(self, rows: Sequence[Row]) -> Lines:
        """Return the lines of a piece of the file, in its order."""
        # Columns of the file, turned once: walking down the rows for each column takes twice as long.
        cells = list(zip(*map(_CELLS, rows), strict=True))
        columns = {code: self._column(code, cells, len(rows)) for code in COLUMNS}
        self._note_names(cells, columns)
        wrong = self._wrong(columns)
        untold = _untold(columns, wrong)
        columns |= self._valued(columns) | {"number": list(map(_NUMBER, rows))}
        self._convert(columns, wrong)
        wrong = _too_large(columns) | wrong
        for index in untold:
            columns["money"][index] = None
        columns = {code: columns[code] for code in KEPT}
        if wrong:
            self._refuse(rows, wrong, columns["money"])
            good = [index not in wrong for index in range(len(rows))]
            rows = list(compress(rows, good))
            columns = {code: list(compress(column, good)) for code, column in columns.items()}
        return self._keyed(rows, columns)

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

    def _valued(self, columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """Return the columns of LineValues: signs settled, amounts multiplied out."""
        prefix, orders = self._prefix, columns["order"]
        reversing = [
            order.__class__ is str and order.startswith(prefix) if prefix else False for order in orders
        ]
        stated = zip(*(columns[code] for code in NUMBERS), reversing, strict=True)
        values = list(map(self._values.__getitem__, stated))
        return {name: list(map(take, values)) for name, take in _VALUES.items()}

    def _wrong(self, columns: dict[str, list[Any]]) -> dict[int, ValueProblem]:
        """Return {index: problem} with the weightiest problem of a row; a missing account outweighs all."""
        wrong = self._against_rules(columns)
        if self.plan.position("amount") is None or None in columns["amount"]:
            known = zip(columns["amount"], columns["quantity"], columns["unit_price"], strict=True)
            flags = [(a is None and (q is None or p is None)) for a, q, p in known]
            wrong |= _at(flags, ValueProblem("missing_amount", NO_AMOUNT))
        wrong |= _at(map(not_, columns["order"]), ValueProblem("missing_order", NO_ORDER))
        for code in reversed(COLUMNS):
            if self._readers[code].has_problems:
                found = enumerate(columns[code])
                wrong |= {index: value for index, value in found if value.__class__ is ValueProblem}
        return wrong | _at(map(not_, columns["account"]), ValueProblem(WITHOUT_ACCOUNT, NO_ACCOUNT))

    def _against_rules(self, columns: dict[str, list[Any]]) -> dict[int, ValueProblem]:
        rules, wrong = self.plan.rules, self._without_rate(columns)
        if self.plan.position("discount_rate") is not None:
            for index, rate in enumerate(columns["discount_rate"]):
                if isinstance(rate, int) and not 0 <= rate <= FINE:
                    wrong[index] = ValueProblem("invalid", BAD_RATE, {"value": rate / FINE})
                    wrong[index].column = self.plan.title("discount_rate")
        if rules["exclude_zero_price"]:
            amounts = zip(columns["amount"], columns["unit_price"], strict=True)
            free = [amount == 0 if amount is not None else price == 0 for amount, price in amounts]
            wrong |= _at(free, ValueProblem("zero_price", ZERO_PRICE))
        if codes := rules["exclude_codes"]:
            for index, code in enumerate(columns["offering"]):
                if code in codes:
                    wrong[index] = ValueProblem("excluded_code", EXCLUDED_CODE, {"code": code})
        return wrong

    def _without_rate(self, columns: dict[str, list[Any]]) -> dict[int, ValueProblem]:
        """Refuse amounts in a currency without a rate: added up with the others they would make every sum wrong."""
        wrong = {}
        for index, code in self._foreign(columns):
            day = columns["date"][index]
            if isinstance(day, str) and self._rate(code, day) is None:
                values = {"currency": code, "day": day}
                wrong[index] = ValueProblem("currency_without_rate", NO_RATE, values)
        return wrong

    def _foreign(self, columns: dict[str, list[Any]]) -> list[tuple[int, str]]:
        """Return the rows whose amounts are not in the currency that amounts are kept in."""
        if self.plan.position("currency") is None:
            return []
        ours = self.plan.currency
        return [(index, code) for index, code in enumerate(columns["currency"]) if code != ours]

    def _convert(self, columns: dict[str, list[Any]], wrong: Container[int]) -> None:
        """Turn foreign amounts into ours at the rate of their day; what tells a line again is what was stated."""
        for index, code in self._foreign(columns):
            if index in wrong:
                continue
            rate = self._rate(code, columns["date"][index])
            for name in MONEY:
                if rate is not None and columns[name][index] is not None:
                    columns[name][index] = converted(columns[name][index], rate)

    def _rate(self, code: str, day: str) -> Decimal | None:
        return self._rates.on(code, date.fromisoformat(day))

    def _refuse(
        self, rows: Sequence[Row], wrong: dict[int, ValueProblem], amounts: Sequence[int | None]
    ) -> None:
        groups: defaultdict[ValueProblem, list[int]] = defaultdict(list)
        for index in sorted(wrong):
            groups[wrong[index]].append(index)
        for problem, places in groups.items():
            told = [amount for place in places if (amount := amounts[place]) is not None]
            self.problems.add_rows(problem, [rows[place] for place in places], sum(told) if told else None)

    def _keyed(self, rows: Sequence[Row], columns: dict[str, list[Any]]) -> Lines:
        """Give every line its key; lines that stand twice are numbered, or refused where a rule says so."""
        texts = map("|".join, zip(*(columns[code] for code in HASHED), strict=True))
        digests = b"".join([digest(text).digest() for text in map(str.encode, texts)])
        contents = list(unpack(f">{len(rows)}Q", digests))
        firsts = list(map(self._order_hashes.__getitem__, columns["order"]))
        seconds = list(contents)
        if self.plan.position("line") is not None:
            for index, line_no in enumerate(columns["line"]):
                if line_no:
                    seconds[index] = int.from_bytes(digest(b"#" + line_no.encode()).digest())
        repeats, refused = [0] * len(rows), {}
        for index, times_before in self._occurrences.repetitions(firsts, seconds).items():
            if problem := self._repetition(columns["order"][index], columns["line"][index]):
                refused[index] = problem
            else:
                seconds[index] = line_half(seconds[index], times_before)
                repeats[index] = times_before
        columns |= {"key": list(map(add, _hex(firsts), _hex(seconds)))}
        columns |= {"content": contents, "repeat": repeats}
        lines = Lines(*(columns[code] for code in LINE))
        if not refused:
            return lines
        self._refuse(rows, refused, columns["money"])
        return lines.only([index not in refused for index in range(len(rows))])

    def _repetition(self, order: str, line_no: str) -> ValueProblem | None:
        if line_no:
            return ValueProblem("duplicate_line", LINE_TWICE, {"line": line_no, "order": order})
        return ValueProblem("duplicate", DUPLICATE) if self.plan.rules["exclude_duplicates"] else None

    def _order_hash(self, order: str) -> int:
        return int.from_bytes(blake2b(order.encode(), digest_size=8, key=self._source).digest())

    def _day(self, text: str) -> str:
        day = parse_date(clean_text(text), self.plan.date_order, self.plan.serial_dates)
        if not EARLIEST.year <= day.year <= LATEST.year:
            raise ValueProblem("far_day", FAR_DAY, {"value": shorten(text)})
        return day.isoformat()[:10]

    def _number(self, text: str) -> int | None:
        text = clean_text(text)
        if not text:
            return None
        try:
            return to_fine(parse_decimal(text, self.plan.decimal))
        except OverflowError:
            raise ValueProblem("too_many_digits", TOO_LARGE, {"value": shorten(text)}) from None


MONEY = ("price", "money", "discount", "cost")
SIGNS = {sign: code for code, sign in SYMBOLS.items()}
COLUMNS = ("account", "order", "date", "offering", *NUMBERS, "country", "currency", "line")
# What makes two lines of an order the same line.
HASHED = ("date", "account", "offering", "text", "country", "currency", "rest")
# The columns of Lines, in its order.
LINE = (
    "number",
    "account",
    "order",
    "date",
    "offering",
    "quantity",
    "price",
    "money",
    "discount",
    "cost",
    "country",
    "currency",
    "line",
    "is_reversal",
    "key",
    "content",
    "text",
    "rest",
    "repeat",
)

KEPT = {*HASHED, *LINE} - {"key", "content", "repeat"}


def _too_large(columns: dict[str, list[Any]]) -> dict[int, ValueProblem]:
    """Refuse what no column holds: products, quotients and conversions, for what a cell states is bounded already."""
    wrong = {}
    for name, unit in (("money", MONEY_UNIT), ("price", FINE)):
        limit = int(LARGEST) * unit
        if max(map(abs, columns[name]), default=0) < limit:
            continue
        for index, value in enumerate(columns[name]):
            if abs(value) >= limit:
                wrong[index] = ValueProblem("too_many_digits", TOO_LARGE, {"value": str(value // unit)})
    for index in wrong:
        columns["money"][index] = None  # no sum of what stays out can count it
    return wrong


def _untold(columns: dict[str, list[Any]], wrong: Iterable[int]) -> list[int]:
    """Return the refused rows that state no amount, nor what makes one: nothing is not zero."""
    places = []
    for index in wrong:
        amount, *product = (columns[name][index] for name in ("amount", "quantity", "unit_price"))
        if not (isinstance(amount, int) or all(isinstance(part, int) for part in product)):
            places.append(index)
    return places


def _at(flags: Iterable[bool], problem: ValueProblem) -> dict[int, ValueProblem]:
    """Return the problem at the places of true flags."""
    marked = list(flags)
    return dict.fromkeys(compress(range(len(marked)), marked), problem)


def _hex(numbers: Sequence[int]) -> list[str]:
    """Return unsigned 64-bit numbers as 16 hex digits each."""
    digits = pack(f">{len(numbers)}Q", *numbers).hex()
    return [digits[start : start + 16] for start in range(0, len(digits), 16)]


def _text(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        tidy = clean_text(text)
        if len(tidy) > limit:
            raise ValueProblem("too_long", TOO_LONG, {"value": shorten(tidy), "limit": limit})
        return tidy

    return read


def _cut(limit: int) -> Callable[[str], str]:
    return lambda text: " ".join(clean_text(text).split())[:limit]


def _currency(text: str) -> str:
    """Return the code of a currency that is written as a code, as its sign, or as «Euro»."""
    tidy = clean_text(text)
    return SIGNS.get(tidy, tidy.upper()[:3])
