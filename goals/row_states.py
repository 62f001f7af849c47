"""How a row of an imported table stands, as JSON: what an undo compares and puts back."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from goals.models import AccountYear, Contract, Measurement

State = dict[str, Any]
CONTRACT_FIELDS = ("title", "offering_id", "start_on", "end_on", "notice_days", "renews_by", "value")
YEAR_FIELDS = ("planned_revenue", "wallet", "wallet_source", "other_cost")


@dataclass(frozen=True, slots=True)
class Change:
    """A row by its id, how it was before (None: it is new) and how the import left it."""

    row: str
    before: State | None
    after: State | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def state_of(row: Measurement | AccountYear | Contract | None) -> State | None:
    """Return what an import can change on a row, amounts, days and ids as texts; None where there is no row."""
    if row is None:
        return None
    if isinstance(row, Measurement):
        by = str(row.created_by_id) if row.created_by_id else None
        return {"value": _text(row.value), "source": row.source, "note": row.note, "created_by": by}
    fields = CONTRACT_FIELDS if isinstance(row, Contract) else YEAR_FIELDS
    return {name: _text(getattr(row, name)) for name in fields}


def values_of(state: State) -> dict[str, Any]:
    """Return the values that a kept state stands for, by the names of the columns."""
    names = {"created_by": "created_by_id"}
    return {names.get(name, name): value for name, value in state.items()}


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.quantize(Decimal('0.0001')):f}"
    return str(value) if isinstance(value, date | UUID) else value
