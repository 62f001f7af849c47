"""Writing rows for a merge, and noting each write so that an undo finds it."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, ForeignKey, Model, QuerySet, UUIDField, Value
from django.utils import timezone

from accounts.merging.values import dump, dumped, touched
from accounts.models import Account, AccountMerge, MergedRow
from kam.lib.models import KeyText


class MergeRecord:
    """Everything a merge writes goes through here."""

    def __init__(self, merge: AccountMerge) -> None:
        self.merge = merge
        self.changes: list[dict[str, Any]] = []
        self.aside: list[dict[str, Any]] = []
        self.made: list[dict[str, Any]] = []

    def move(self, relation: str, rows: QuerySet[Any], field: str, target: Account) -> int:
        """Give rows to the other account; two statements, however many there are."""
        _note(self.merge, relation, rows)
        names = {each.name for each in rows.model._meta.concrete_fields}
        stamp = {"updated_at": timezone.now()} if "updated_at" in names else {}
        return rows.update(**{field: target.pk}, **stamp)

    def change(self, row: Model, **values: Any) -> None:
        """Change columns of one row, named as the table has them (``kam_id``, not ``kam``)."""
        before = {name: dump(getattr(row, name)) for name in values}
        after = {name: dump(value) for name, value in values.items()}
        note = {"model": row._meta.label_lower, "pk": dump(row.pk), "before": before, "after": after}
        self.changes.append(note | {"label": str(row)[:120]})
        every(type(row)).filter(pk=row.pk).update(**values, **touched(type(row)))
        for name, value in values.items():
            setattr(row, name, value)

    def set_aside(self, row: Model) -> None:
        """Take a row out of its table and keep it in the record, with what hangs on it."""
        for model, field in _pointing_at(type(row)):
            for other in every(model).filter(**{field.name: row.pk}):
                if field.null:
                    self.change(other, **{field.attname: None})
                else:
                    self.set_aside(other)
        self.aside.append(dumped(row))
        every(type(row)).filter(pk=row.pk).delete()

    def make(self, row: Model) -> None:
        """Write a row that neither account had."""
        row.save(force_insert=True)
        self.made.append({"model": row._meta.label_lower, "pk": dump(row.pk)})

    def save(self, counts: dict[str, list[int]]) -> None:
        self.merge.changes, self.merge.aside, self.merge.made = self.changes, self.aside, self.made
        self.merge.counts, self.merge.merged_at = counts, timezone.now()
        self.merge.state = AccountMerge.State.MERGED
        self.merge.save()


def every(model: Any) -> QuerySet[Any]:
    """Return all rows of a table, also those that its manager hides."""
    return model._base_manager.all()  # type: ignore[no-any-return]  # whichever table it is


def _pointing_at(model: type[Model]) -> list[tuple[Any, ForeignKey[Any, Any]]]:
    """Return the columns that point at a table, also those without a name on its side."""
    found = model._meta.get_fields(include_hidden=True)
    pairs = [(each.related_model, getattr(each, "field", None)) for each in found if each.auto_created]
    return [(other, field) for other, field in pairs if isinstance(field, ForeignKey)]


def _note(merge: AccountMerge, relation: str, rows: QuerySet[Any]) -> None:
    # In the order of the columns below, under names that no table has.
    columns = {
        "noted_merge": Value(UUID(str(merge.pk)), output_field=UUIDField()),
        "noted_relation": Value(relation, output_field=CharField()),
        "noted_row": KeyText("pk"),
    }
    noted = rows.order_by("pk").annotate(**columns).values_list(*columns)
    statement, parameters = noted.query.sql_with_params()
    table = connection.ops.quote_name(MergedRow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} (merge_id, relation, row_id) {statement}", parameters)
