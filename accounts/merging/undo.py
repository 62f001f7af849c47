"""The way back: what is still as the merge left it goes where it was; what people changed since stays changed."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.merging.record import every
from accounts.merging.rules import Relation, relations, rule_of
from accounts.merging.values import dump, load, model_of, touched
from accounts.models import AccountMerge, Activity, MergedRow, SalesLine

GONE = gettext_noop("%(kind)s: %(count)s of %(all)s have been deleted or moved on since and stay so.")
CHANGED = gettext_noop("%(label)s: “%(field)s” has been changed since and keeps its value.")
LOST = gettext_noop("%(label)s: cannot go back, because what it belonged to is gone.")
TAKEN = gettext_noop("%(label)s: cannot go back, because something else stands in its place by now.")
NEWER = gettext_noop("%(kind)s: %(count)s came after the merge and stay with “%(name)s”.")
OWN_VERBS = ("account.merged", "account.merge_undone")

Kept = dict[str, Any]


def said(message: str, **values: Any) -> Kept:
    """Return a sentence as the record keeps it, with keys instead of names: translated for whoever reads it."""
    return {"message": message, "params": values}


class MergeUndo:
    """Takes one merge apart; ``doubts`` names beforehand what cannot go back."""

    def __init__(self, merge: AccountMerge) -> None:
        self.merge = merge
        self.kept: list[Kept] = []

    def doubts(self) -> list[Kept]:
        """Return what an undo would leave, without writing anything."""
        return [*self._gone(), *self._changed(), *self._newer()]

    def take_apart(self) -> list[Kept]:
        """Give back what can be given back, and return what cannot."""
        self.kept = self.doubts()
        for relation in self._moved():
            here = self._rows(relation)
            names = {field.name for field in relation.model._meta.concrete_fields}
            stamp = {"updated_at": timezone.now()} if "updated_at" in names else {}
            here.update(**{relation.field: self.merge.source_id}, **stamp)
        for note in reversed(self.merge.aside):
            self._put_back(note)
        for note in self.merge.made:
            every(model_of(note["model"])).filter(pk=note["pk"]).delete()
        for note in reversed(self.merge.changes):
            self._restore(note)
        self.merge.rows.all().delete()
        return self.kept

    def _moved(self) -> Iterator[Relation]:
        for key in self.merge.counts:
            label, _dot, field = key.rpartition(".")
            yield Relation(key, apps.get_model(label), field)

    def _rows(self, relation: Relation) -> QuerySet[Any]:
        """Return the rows that the merge moved and that still stand where it put them."""
        key: Any = type(relation.model._meta.pk)()
        noted = MergedRow.objects.filter(merge=self.merge, relation=relation.key)
        ids = noted.annotate(key=Cast("row_id", key)).order_by().values("key")
        return relation.of(self.merge.target).filter(pk__in=ids)

    def _gone(self) -> Iterator[Kept]:
        for relation in self._moved():
            there, all_ = self._rows(relation).count(), self.merge.counts[relation.key][0]
            if there < all_:
                yield said(GONE, kind=relation.key, count=all_ - there, all=all_)

    def _changed(self) -> Iterator[Kept]:
        # What one row went through is compared with the last of it only.
        last = {
            (note["model"], note["pk"], name): note for note in self.merge.changes for name in note["after"]
        }
        for (label, pk, name), note in last.items():
            row = every(model_of(label)).filter(pk=pk).first()
            if row is not None and dump(getattr(row, name)) != note["after"][name]:
                yield said(CHANGED, label=note["label"], model=label, field=name)

    def _newer(self) -> Iterator[Kept]:
        since = self.merge.merged_at
        for relation in relations():
            names = {field.name for field in relation.model._meta.concrete_fields}
            if rule_of(relation).how != "move" or relation.field != "account":
                continue
            rows = relation.of(self.merge.target)
            if relation.model is SalesLine:
                rows = rows.filter(batch__committed_at__gt=since)
            elif "created_at" in names:
                rows = rows.filter(created_at__gt=since)
            else:
                continue
            if relation.model is Activity:
                rows = rows.exclude(verb__in=OWN_VERBS)
            if count := rows.count():
                name = self.merge.target.display_name
                yield said(NEWER, kind=relation.key, count=count, name=name)

    def _put_back(self, note: dict[str, Any]) -> None:
        model = model_of(note["model"])
        columns = {field.attname: field for field in model._meta.concrete_fields}
        row = model(**{name: load(columns[name], value) for name, value in note["fields"].items()})
        for field in columns.values():
            if not field.is_relation or _is_there(field, getattr(row, field.attname)):
                continue
            if not field.null:
                self.kept.append(said(LOST, model=note["model"]))
                return
            setattr(row, field.attname, None)
        try:
            with transaction.atomic():
                row.save_base(raw=True, force_insert=True)  # raw: the times stay those it had
        except IntegrityError:
            self.kept.append(said(TAKEN, model=note["model"]))

    def _restore(self, note: dict[str, Any]) -> None:
        model = model_of(note["model"])
        row = every(model).filter(pk=note["pk"]).first()
        if row is None:
            return
        columns = {field.attname: field for field in model._meta.concrete_fields}
        values = {
            name: load(columns[name], value)
            for name, value in note["before"].items()
            if dump(getattr(row, name)) == note["after"][name]
        }
        lost = [n for n in values if columns[n].is_relation and not _is_there(columns[n], values[n])]
        self.kept += [said(LOST, label=note["label"]) for _name in lost]
        values = {name: value for name, value in values.items() if name not in lost}
        try:
            with transaction.atomic():
                every(model).filter(pk=row.pk).update(**values, **touched(model))
        except IntegrityError:
            self.kept.append(said(TAKEN, label=note["label"]))


def _is_there(field: Any, key: Any) -> bool:
    """Say whether the row that a foreign key named exists; columns without a check of their own may dangle."""
    if key is None or not field.db_constraint:
        return True
    return bool(every(field.related_model).filter(pk=key).exists())
