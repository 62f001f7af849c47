"""What the pages of a merge show."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext

from accounts.actions.merges import LINES_AT_ONCE, refuse_undo
from accounts.merging.fields import TOGETHER
from accounts.merging.preview import NAMES, CountRow, preview
from accounts.merging.rules import relations, rule_of
from accounts.merging.undo import MergeUndo
from accounts.merging.values import load, model_of
from accounts.models import Account, AccountMerge
from kam.lib import formatting
from kam.lib.errors import DomainError
from kam.users.models import User


class MergePage:
    """Two accounts and what would become of them."""

    def __init__(self, target: Account, source: Account, *, by: User, chosen: Mapping[str, str]) -> None:
        self.preview = preview(target, source, by=by, chosen=chosen)
        shown = [_Shown(choice, target, source) for choice in self.preview.fields]
        self.open = [choice for choice in shown if choice.differs]
        self.same = [choice for choice in shown if not choice.differs and choice.target not in ("", "–")]

    @property
    def counts(self) -> list[CountRow]:
        return [row for row in self.preview.counts if row.source and row.how != "stay"]

    @property
    def is_large(self) -> bool:
        lines = [row.source for row in self.counts if row.key == "accounts.salesline.account"]
        return bool(lines and lines[0] > LINES_AT_ONCE)


class _Shown:
    """A field as the table shows it: both values in words."""

    def __init__(self, choice: Any, target: Account, source: Account) -> None:
        self.name, self.winner = choice.name, choice.winner
        self.label = gettext("Coordinates") if choice.name in TOGETHER else capfirst(choice.label)
        self.is_open, self.differs = choice.is_open, choice.differs
        self.target, self.source = (
            _words(choice.name, value, getattr(account, TOGETHER.get(choice.name, ""), None))
            for value, account in ((choice.target, target), (choice.source, source))
        )


class RecordPage:
    """A merge as it was carried out, and what an undo would leave as it is."""

    def __init__(self, merge: AccountMerge) -> None:
        self.merge = merge
        self.refusal = ""
        try:
            refuse_undo(merge)
        except DomainError as error:
            self.refusal = str(error)
        self.doubts = [] if self.refusal else told(MergeUndo(merge).doubts())
        self.kept = told(merge.kept)

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        """What moved, in the order of the tables: (what, moved, settled)."""
        found = []
        for relation in relations():
            if numbers := self.merge.counts.get(relation.key):
                label = gettext(NAMES[relation.key]) if relation.key in NAMES else ""
                label = label or str(capfirst(relation.model._meta.verbose_name_plural))
                found.append((label, *numbers))
        return found

    @property
    def settled(self) -> list[str]:
        """How what collided was settled, in words."""
        rules = [rule_of(r) for r in relations() if self.merge.counts.get(r.key, [0, 0])[1]]
        return [gettext(words) for words in dict.fromkeys(rule.words for rule in rules if rule.words)]

    @property
    def aside(self) -> list[tuple[str, list[str]]]:
        """What is kept with the record only, by kind: (what, how each reads)."""
        kept: dict[Any, list[str]] = defaultdict(list)
        for note in self.merge.aside:
            if not (model := model_of(note["model"]))._meta.auto_created:
                kept[model].append(_reading(_row(note)))
        return [(str(capfirst(_called(model, rows))), rows) for model, rows in kept.items()]

    @property
    def tone(self) -> str:
        """The colour of the badge."""
        return {"merged": "pos", "undone": "out"}.get(self.merge.state, "info")


def told(notes: list[dict[str, Any]]) -> list[str]:
    """Return what an undo leaves, as sentences in the reader's language."""
    return [gettext(note["message"]) % _named(note["params"]) for note in notes]


def _named(params: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a sentence with the names of tables and columns in the reader's language."""
    named = dict(params)
    if "kind" in params:
        model = model_of(params["kind"].rpartition(".")[0])
        named["kind"] = capfirst(model._meta.verbose_name_plural)
    if "model" in params:
        meta = model_of(params["model"])._meta
        named.setdefault("label", capfirst(meta.verbose_name))
        columns = {field.attname: field.verbose_name for field in meta.concrete_fields}
        named["field"] = columns.get(params.get("field", ""), "")
    return named


def _called(model: Any, rows: list[str]) -> Any:
    return model._meta.verbose_name if len(rows) == 1 else model._meta.verbose_name_plural


def _row(note: dict[str, Any]) -> Model:
    model = model_of(note["model"])
    columns = {field.attname: field for field in model._meta.concrete_fields}
    row: Model = model(**{name: load(columns[name], value) for name, value in note["fields"].items()})
    return row


def _reading(row: Model) -> str:
    """Return what people wrote in a row, or what it is called."""
    texts = [
        getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.get_internal_type() == "TextField"
    ]
    return " · ".join(text for text in texts if text) or str(row)


def _words(name: str, value: Any, beside: Any = None) -> str:
    """Return a value as people read it, with the one that goes with it."""
    if value in ("", None):
        return "–"
    if beside is not None:
        return f"{formatting.number(value, 4)} / {formatting.number(beside, 4)}"
    if isinstance(value, int):
        return formatting.number(value)
    if name == "status":
        return str(dict(Account._meta.get_field("status").flatchoices)[value])  # type: ignore[union-attr]  # a column
    return str(value)
