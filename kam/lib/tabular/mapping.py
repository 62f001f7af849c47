"""Which column is meant by which field: proposed from the names of the columns and from what is in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Literal

from django.utils.translation import gettext, gettext_noop

from kam.lib.tabular.dates import date_orders
from kam.lib.tabular.numbers import parse_decimal
from kam.lib.tabular.problems import ValueProblem
from kam.lib.text import fold

Kind = Literal["text", "number", "date"]

# What the confidences mean: from SURE on no second look is needed, below WORTH_PROPOSING nothing is said.
SURE = 0.9
WORTH_PROPOSING = 0.35
_SAME_NAME, _NAME_WITHIN, _SIMILAR_NAME, _VALUES_ALONE = 1.0, 0.8, 0.65, 0.4
_LEAST_SIMILARITY = 0.85
_SAMPLES = 50

SAME_NAME = gettext_noop("“%(header)s” is a usual name for this.")
NAME_WITHIN = gettext_noop("“%(header)s” contains “%(synonym)s”.")
SIMILAR_NAME = gettext_noop("“%(header)s” is spelt almost like “%(synonym)s”.")
ONLY_DATES = gettext_noop("“%(header)s” is the only column with dates.")
MISFITTING = {
    "number": gettext_noop("“%(header)s” fits by name, but most of its values are not numbers."),
    "date": gettext_noop("“%(header)s” fits by name, but most of its values are not dates."),
}

_CAMEL = re.compile(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])|(?<=[A-Z])(?=[A-Z][a-z])")
_NUMBER_WORDS = {"number": "nr", "nummer": "nr", "num": "nr", "no": "nr", "#": "nr"}
_NUMBER_ENDING = re.compile(r"(?<=[a-z]{3})(?:nummer|number)$")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a column can be mapped to; synonyms are names in any language, the usual ones first."""

    name: str
    synonyms: Sequence[str]
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column for a field: confidence 0 to 1 and the reason as msgid with its values."""

    field: str
    column: int
    header: str
    confidence: float
    reason: str
    params: dict[str, Any]

    def __str__(self) -> str:
        return gettext(self.reason) % self.params


def propose_mapping(
    header: Sequence[str], samples: Sequence[Sequence[str]], fields: Sequence[Field]
) -> dict[str, Proposal]:
    """Return at most one proposal per field, by name; no column is used twice.

    ``samples`` are rows as in Table.sample. Stronger proposals choose first; at equal strength the field
    named first, then the column further left.
    """
    columns = [
        [row[index] for row in samples if index < len(row) and row[index]] for index in range(len(header))
    ]
    candidates = [
        (proposal.confidence, -rank, -index, proposal)
        for rank, target in enumerate(fields)
        for index, name in enumerate(header)
        if (proposal := _by_name(target, index, name, columns[index])) is not None
    ]
    chosen: dict[str, Proposal] = {}
    used: set[int] = set()
    for *_, proposal in sorted(candidates, key=lambda c: c[:3], reverse=True):
        if proposal.field not in chosen and proposal.column not in used:
            chosen[proposal.field] = proposal
            used.add(proposal.column)
    _add_by_values(chosen, used, header, columns, fields)
    return {target.name: chosen[target.name] for target in fields if target.name in chosen}


def fits(kind: Kind, values: Sequence[str]) -> float:
    """Return the share of values that can be read as the kind; 1 for texts and for no values at all."""
    if kind == "text" or not values:
        return 1.0
    some = values[:_SAMPLES]
    test = _is_number if kind == "number" else _is_date
    return sum(map(test, some)) / len(some)


def _by_name(target: Field, index: int, name: str, values: Sequence[str]) -> Proposal | None:
    best = (0.0, "", "")
    for rank, synonym in enumerate(target.synonyms):
        strength, reason = _likeness(name, synonym)
        # The first synonyms are the most usual ones and win when two columns fit equally.
        best = max(best, (strength * (1 - min(rank, 50) * 0.001), reason, synonym))
    strength, reason, synonym = best
    if strength and fits(target.kind, values) < 0.5:
        strength, reason = strength * 0.4, MISFITTING[target.kind]
    if strength < WORTH_PROPOSING:
        return None
    return Proposal(
        target.name, index, name, round(strength, 3), reason, {"header": name, "synonym": synonym}
    )


def _likeness(name: str, synonym: str) -> tuple[float, str]:
    ours, theirs = _words(synonym), _words(name)
    joined, other = "".join(ours), "".join(theirs)
    if not other:
        return 0.0, ""
    if joined == other:
        return _SAME_NAME, SAME_NAME
    if len(joined) > 2 and _contains(theirs, ours):
        return _NAME_WITHIN * (0.8 + 0.2 * len(ours) / len(theirs)), NAME_WITHIN
    # Short names differ by one letter from too much.
    if min(len(joined), len(other)) >= 6:
        similarity = SequenceMatcher(None, joined, other).ratio()
        if similarity >= _LEAST_SIMILARITY:
            return _SIMILAR_NAME * similarity, SIMILAR_NAME
    return 0.0, ""


def _contains(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


@lru_cache(maxsize=4096)
def _words(name: str) -> list[str]:
    """Return the words of a name: InvoiceNo, invoice_no and Invoice-Number are all invoice nr."""
    spaced = _CAMEL.sub(" ", name).replace("_", " ").replace(".", " ")
    words = []
    for word in fold(spaced).split():
        plain = _NUMBER_ENDING.sub("nr", word)
        words.append(_NUMBER_WORDS.get(plain, plain))
    return words


def _add_by_values(
    chosen: dict[str, Proposal],
    used: set[int],
    header: Sequence[str],
    columns: Sequence[Sequence[str]],
    fields: Sequence[Field],
) -> None:
    """Propose the only column with dates for the only date field; for numbers, values alone say nothing."""
    open_fields = [target for target in fields if target.kind == "date" and target.name not in chosen]
    dates = [i for i, values in enumerate(columns) if values and fits("date", values) > 0.9]
    if len(open_fields) == 1 and len(dates) == 1 and dates[0] not in used:
        name = header[dates[0]]
        target = open_fields[0].name
        chosen[target] = Proposal(target, dates[0], name, _VALUES_ALONE, ONLY_DATES, {"header": name})
        used.add(dates[0])


def _is_number(text: str) -> bool:
    return _reads(text, ".") or _reads(text, ",")


def _reads(text: str, decimal: Literal[",", "."]) -> bool:
    try:
        parse_decimal(text, decimal)
    except ValueProblem:
        return False
    return True


def _is_date(text: str) -> bool:
    return bool(date_orders(text))
