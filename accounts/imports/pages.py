"""What the pages of an import show: its step, its figures, its reasons in the reader's language.

The number of a row is text here: it names the row, in forms too, and a template would group its digits.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.imports.fields import BY_KIND
from accounts.imports.problems import AMBIGUOUS, WITHOUT_ACCOUNT, reason_text, told_result
from accounts.models import Account
from kam.integrations.models import ImportBatch
from kam.lib import formatting
from kam.lib.tabular.problems import sentence

State = ImportBatch.State
STEPS = (_("File"), _("Columns"), _("Check"), _("Import"))
STEP_OF = {State.UPLOADED: 2, State.CHECKED: 3}
# Columns of a stored line that the fields of a file name otherwise.
CALLED = {"ordered_on": "date"}


def page_of(batch: ImportBatch | None, step: int = 0) -> dict[str, Any]:
    """Return the context of an import's page; ``step`` 1 to 4, else told by the state."""
    if batch is None:
        return {"steps": _steps(step)}
    running = batch.job if batch.job is not None and not batch.job.is_over else None
    accepted = batch.counts.get("new", 0) + batch.counts.get("changed", 0)
    is_idle_check = batch.state == State.CHECKED and not running
    step = step or (4 if batch.state not in STEP_OF else STEP_OF[State(batch.state)] + bool(running))
    return {
        "batch": batch,
        "steps": _steps(min(step, 4), done=batch.state in (State.COMMITTED, State.UNDONE)),
        "running": running,
        "failed": batch.job if batch.job is not None and batch.job.error and not running else None,
        "sample": _sample(batch),
        "figures": _figures(batch),
        "reasons": [_reason(reason) for reason in batch.reasons],
        "problems": [_problem(batch, problem) for problem in batch.problems],
        "choices": _choices(batch) if is_idle_check else [],
        "changes": [_change(batch, change) for change in batch.changes],
        "kept": told_result(batch.kept).get("kept_rows", []),
        "accepted": accepted,
        "nothing": _nothing(batch) if is_idle_check and not accepted else "",
        "left_out": batch.counts.get("rejected", 0) + batch.counts.get("without_account", 0),
        "may_commit": (is_idle_check and accepted)
        or (batch.state in (State.COMMITTING, State.FAILED) and not running),
        "may_undo": batch.state in (State.COMMITTED, State.COMMITTING, State.UNDOING, State.FAILED)
        and not (running or batch.is_demo),
    }


def _steps(current: int, done: bool = False) -> list[tuple[Any, str]]:
    states = [
        "done" if done or place < current else "current" if place == current else "" for place in range(1, 5)
    ]
    return list(zip(STEPS, states, strict=True))


def _nothing(batch: ImportBatch) -> str:
    """Say why a checked file has nothing to import."""
    unchanged = batch.counts.get("unchanged", 0)
    if not unchanged:
        return gettext("No row of this file can be imported as it is; below you see why.")
    return ngettext(
        "This import would change nothing: %(n)s row stands already as the file has it.",
        "This import would change nothing: %(n)s rows stand already as the file has them.",
        unchanged,
    ) % {"n": formatting.number(unchanged)}


def _figures(batch: ImportBatch) -> list[dict[str, Any]]:
    if batch.state == State.UNDONE:
        return [{"label": label, "value": value} for label, value in batch.taken_back]
    if not batch.counts:
        return []
    # A batch that no file made (the demo company's) counts only what it knows.
    counts = dict.fromkeys(("new", "changed", "unchanged", "rejected", "without_account"), 0) | batch.counts
    ambiguous = sum(reason["rows"] for reason in batch.reasons if reason["code"] == AMBIGUOUS)
    figures = [
        {"label": gettext("New"), "value": counts["new"], "note": gettext("rows")},
        {"label": gettext("Changed"), "value": counts["changed"], "note": gettext("rows")},
        {"label": gettext("Unchanged"), "value": counts["unchanged"], "note": gettext("are passed over")},
        {
            "label": gettext("Rejected"),
            "value": counts["rejected"],
            "note": gettext("of these %(n)s ambiguous") % {"n": ambiguous}
            if ambiguous
            else gettext("stay out"),
            "tone": "warn" if counts["rejected"] else "",
        },
    ]
    if batch.kind == ImportBatch.Kind.SALES:
        figures.append(
            {
                "label": gettext("Without an account"),
                "value": counts["without_account"],
                "note": gettext("stay out"),
                "tone": "warn" if counts["without_account"] else "",
            }
        )
    return figures


def _reason(reason: dict[str, Any]) -> dict[str, Any]:
    return reason | {
        "text": reason_text(reason),
        "amount": Decimal(reason["amount"]) if reason["amount"] is not None else None,
        "is_missing_account": reason["code"] == WITHOUT_ACCOUNT,
        "places": ", ".join(map(str, reason["first_rows"][:8])),
    }


def _problem(batch: ImportBatch, problem: dict[str, Any]) -> dict[str, Any]:
    return {
        "row": str(problem["row"]),
        "text": sentence(problem["message"], problem["params"], problem.get("column", "")),
        "values": " · ".join(filter(None, problem["values"]))[:160],
    }


def candidates(batch: ImportBatch) -> dict[int, list[str]]:
    """Return the ids of the accounts that ambiguous rows can mean, by row; of the rows that were noted."""
    rows = (problem for problem in batch.problems if problem["code"] == AMBIGUOUS)
    return {problem["row"]: problem["params"].get("ids", "").split() for problem in rows}


def _choices(batch: ImportBatch) -> list[dict[str, Any]]:
    fitting = candidates(batch)
    ids = {key for keys in fitting.values() for key in keys}
    found = Account.objects.filter(pk__in=ids).prefetch_related("references")
    accounts = {str(account.pk): account for account in found}
    values = {p["row"]: " · ".join(filter(None, p["values"]))[:160] for p in batch.problems}
    return [
        {
            "row": str(row),
            "values": values[row],
            "accounts": _told_apart([accounts[key] for key in keys if key in accounts]),
        }
        for row, keys in fitting.items()
    ]


def _told_apart(accounts: list[Account]) -> list[tuple[Account, str]]:
    """Return accounts with what they are called; those called alike with their ids, or else when they were made."""
    names = [
        " · ".join(filter(None, [", ".join(filter(None, [each.name, each.city])), each.domain]))
        for each in accounts
    ]
    return [
        (each, name if names.count(name) == 1 else f"{name} · {_further(each)}")
        for each, name in zip(accounts, names, strict=True)
    ]


def _further(account: Account) -> str:
    ids = ", ".join(sorted(reference.external_id for reference in account.references.all()))
    return ids or gettext("created %(moment)s") % {"moment": formatting.moment(account.created_at)}


def _change(batch: ImportBatch, change: dict[str, Any]) -> dict[str, Any]:
    known = {field.code: field for field in BY_KIND[batch.kind]}
    fields = []
    for name, before, after in change["fields"]:
        field = known[CALLED.get(name, name)]
        before, after = _shown(field.values, before), _shown(field.values, after)
        fields.append({"label": field.label, "before": before, "after": after})
    return change | {"row": str(change["row"]), "fields": fields}


def _shown(kind: str, value: str) -> str:
    """Return a value as people write it."""
    if not value or kind == "text":
        return value
    return formatting.number(value) if kind == "number" else formatting.date(date.fromisoformat(value))


def _sample(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return each column of the file with its first values."""
    rows = batch.table.get("sample", [])
    fields = {column: code for code, column in batch.mapping.items()}
    labels = {known.code: known.label for known in BY_KIND[batch.kind]}
    return [
        {
            "name": name,
            "values": [row[place] for row in rows[:3] if place < len(row) and row[place]],
            "field": labels.get(fields.get(name, ""), ""),
        }
        for place, name in enumerate(batch.table.get("header", [])[:60])
    ]
