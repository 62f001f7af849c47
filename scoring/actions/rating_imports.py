"""Taking over a table of ratings: tried first, written as a whole, taken back exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts.models import Account, Activity
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import User
from scoring.actions.ratings import rating_entry, refuse_foreign, said
from scoring.models import Criterion, Rating, RatingImport, RatingRound
from scoring.rating_file import MOST_ROWS, Problem, read_cells_of, read_table

FIELDS = ("value", "not_applicable", "note", "evidence_url", "rated_on", "submitted_at", "carried_from_id")
# A rating is the same when it says the same, and on the same day where the table names one.
SAYING = ("value", "not_applicable", "note", "evidence_url")
BATCH = 500


@dataclass(frozen=True)
class Change:
    """What a row would do: ``outcome`` is new, changed or unchanged; ``before`` is the rating that stands there."""

    row: int
    account: Account
    criterion: Criterion
    rating: Rating
    before: Rating | None
    outcome: str


def check_file(path: Path, *, name: str, by: User, round: RatingRound | None = None) -> RatingImport:
    """Read a file and keep what it says, without writing a rating."""
    rows, flaws = read_table(path)
    return check_rows(rows, name=name, by=by, round=round, flaws=flaws, field="file")


@transaction.atomic
def check_rows(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    name: str,
    by: User,
    round: RatingRound | None = None,
    flaws: Iterable[Problem] = (),
    field: str = "rows",
) -> RatingImport:
    """Understand rows and keep what they say and what is wrong with them, without writing a rating.

    ``field`` is what a refusal names: where the rows were given.

    Raises InvalidInput when there is nothing to rate in them, or the round does not take ratings of ``by``.
    """
    if round is not None:
        refuse_foreign(round, (), by)
        _refuse_submitted(round, by)
    reading = read_cells_of(rows, by=by, round=round)
    problems = sorted([*flaws, *reading.problems], key=lambda problem: problem.row)
    if not reading.cells and not problems:
        raise InvalidInput("no_ratings", gettext_noop("No row has a rating."), field=field)
    if len(reading.cells) > MOST_ROWS:
        message = gettext_noop("At most %(most)s rows at once.")
        raise InvalidInput("too_many_rows", message, {"most": MOST_ROWS}, field)
    kept = [
        {
            "row": cell.row,
            "account": str(cell.account.pk),
            "criterion": str(cell.criterion.pk),
            **{name: _plain(value) for name, value in asdict(cell.judgement).items()},
        }
        for cell in reading.cells
    ]
    return RatingImport.objects.create(
        round=round,
        file_name=name[:200],
        rows=kept,
        problems=[asdict(problem) for problem in problems],
        created_by=by,
    )


def changes_of(batch: RatingImport) -> list[Change]:
    """Return what taking the table over would do now, in four queries."""
    accounts = Account.objects.in_bulk({UUID(row["account"]) for row in batch.rows})
    criteria = Criterion.objects.in_bulk({UUID(row["criterion"]) for row in batch.rows})
    standing = {(rating.account_id, rating.criterion_id): rating for rating in _standing(batch, accounts)}
    found = []
    for row in batch.rows:
        account, criterion = accounts.get(UUID(row["account"])), criteria.get(UUID(row["criterion"]))
        if account is None or criterion is None:  # gone since the dry run
            continue
        rating = _rating(batch, account, criterion, row)
        before = standing.get((account.pk, criterion.pk))
        outcome = _outcome(rating, before, bool(row["rated_on"]))
        found.append(Change(row["row"], account, criterion, rating, before, outcome))
    return found


@transaction.atomic
def commit_import(batch: RatingImport, *, by: User) -> RatingImport:
    """Write the ratings of a table that has no mistakes, all of them or none."""
    batch = RatingImport.objects.select_for_update().get(pk=batch.pk)
    _refuse_unfit(batch)
    changes = changes_of(batch)
    if batch.round is not None:
        refuse_foreign(batch.round, [change.criterion for change in changes], by)
        _refuse_submitted(batch.round, by)
    done, entries = [], []
    for change in changes:
        if change.outcome != "unchanged":
            done.append(_done(change))
            before = said(change.before) if change.before else None
            entries.append(rating_entry(_applied(change), before, by=by))
    _write(changes)
    Activity.objects.bulk_create(entries, batch_size=BATCH)
    values = {"state": RatingImport.State.COMMITTED, "done": done, "committed_at": timezone.now()}
    return save_changes(batch, values, expected_version=None)


@transaction.atomic
def undo_import(batch: RatingImport, *, by: User) -> RatingImport:
    """Put every cell back to what stood there before, note, evidence and day included.

    A rating that was changed or handed in since is newer than the table: it stays and is named in ``kept``.
    """
    batch = RatingImport.objects.select_for_update().get(pk=batch.pk)
    if batch.state != RatingImport.State.COMMITTED:
        raise DomainError("not_taken_over", gettext_noop("There is nothing to undo here."))
    found = Rating.objects.filter(pk__in=[UUID(entry["rating"]) for entry in batch.done])
    standing = {
        rating.pk: rating
        for rating in found.select_for_update(of=("self",)).select_related("criterion", "account")
    }
    gone, restored, entries, kept = [], [], [], []
    for entry in batch.done:
        rating = standing.get(UUID(entry["rating"]))
        if rating is None or not _untouched(rating, entry):
            kept.append({"account": entry["account"], "criterion": entry["criterion"]})
        elif entry["before"] is None:
            entries.append(rating_entry(rating, said(rating), by=by, verb="cleared"))
            gone.append(rating.pk)
        else:
            before = said(rating)
            _restore(rating, entry["before"])
            entries.append(rating_entry(rating, before, by=by))
            restored.append(rating)
    Rating.objects.filter(pk__in=gone).delete()
    Rating.objects.bulk_update(restored, [*_columns(), "version", "updated_at"], batch_size=BATCH)
    Activity.objects.bulk_create(entries, batch_size=BATCH)
    values = {"state": RatingImport.State.UNDONE, "kept": kept, "undone_at": timezone.now()}
    return save_changes(batch, values, expected_version=None)


@transaction.atomic
def discard_import(batch: RatingImport, *, by: User) -> None:
    """Forget a table that was tried and not taken over."""
    if batch.state != RatingImport.State.CHECKED:
        raise DomainError(
            "taken_over", gettext_noop("This table was taken over. Undo it instead, it stays on record.")
        )
    batch.delete()


def problem_text(problem: Mapping[str, Any]) -> str:
    """Return a problem in the reader's language."""
    return (
        gettext(problem["message"]) % problem["params"] if problem["params"] else gettext(problem["message"])
    )


def _refuse_unfit(batch: RatingImport) -> None:
    if batch.state != RatingImport.State.CHECKED:
        raise DomainError("already_taken_over", gettext_noop("This table was taken over already."))
    if batch.problems:
        raise DomainError(
            "import_has_problems",
            gettext_noop(
                "%(n)s rows cannot be used. Mend them in the file and try it again; nothing is written."
            ),
            {"n": len(batch.problems)},
        )


def _refuse_submitted(round: RatingRound, by: User) -> None:
    if round.ratings.filter(rater=by, submitted_at__isnull=False).exists():
        raise DomainError("round_submitted", gettext_noop("This round's ratings have been submitted."))


def _standing(batch: RatingImport, accounts: Iterable[Any]) -> Any:
    cells = Rating.objects.filter(rater=batch.created_by_id, round=batch.round_id, account__in=list(accounts))
    return cells.select_related("criterion", "account")


def _rating(batch: RatingImport, account: Account, criterion: Criterion, row: Mapping[str, Any]) -> Rating:
    """Return the rating a row stands for, unsaved."""
    return Rating(
        account=account,
        criterion=criterion,
        rater_id=batch.created_by_id,
        round=batch.round,
        value=None if row["value"] is None else Decimal(row["value"]),
        not_applicable=row["not_applicable"],
        note=row["note"],
        evidence_url=row["evidence_url"],
        rated_on=date.fromisoformat(row["rated_on"]) if row["rated_on"] else timezone.localdate(),
        submitted_at=None if batch.round_id else timezone.now(),
    )


def _outcome(rating: Rating, before: Rating | None, names_day: bool) -> str:
    if before is None:
        return "new"
    same = all(getattr(rating, name) == getattr(before, name) for name in SAYING)
    if names_day:
        same = same and rating.rated_on == before.rated_on
    # Said again, a carried rating is a rating of today's.
    return "unchanged" if same and before.carried_from_id is None else "changed"


def _applied(change: Change) -> Rating:
    """Return the row to write: the new one, or the old one with the new values."""
    if change.before is None:
        return change.rating
    for name in FIELDS:
        setattr(change.before, name, getattr(change.rating, name))
    change.before.version += 1
    change.before.updated_at = timezone.now()
    return change.before


def _done(change: Change) -> dict[str, Any]:
    rating = change.before or change.rating
    return {
        "rating": str(rating.pk),
        "account": change.account.display_name,
        "criterion": str(change.criterion.pk),
        "version": change.before.version + 1 if change.before else 1,
        "before": {name: _plain(getattr(change.before, name)) for name in FIELDS} if change.before else None,
    }


def _write(changes: Iterable[Change]) -> None:
    fresh = [change.rating for change in changes if change.outcome == "new"]
    changed = [change.before for change in changes if change.outcome == "changed" and change.before]
    try:
        with transaction.atomic():
            Rating.objects.bulk_create(fresh, batch_size=BATCH)
    except IntegrityError as error:
        raise DomainError(
            "changed_meanwhile",
            gettext_noop(
                "Some of these cells were rated at this very moment. Nothing was written; try again."
            ),
        ) from error
    Rating.objects.bulk_update(changed, [*_columns(), "version", "updated_at"], batch_size=BATCH)


def _untouched(rating: Rating, entry: Mapping[str, Any]) -> bool:
    """Say whether a rating is still as the table left it; handing in a round counts no version up."""
    handed_in = rating.round_id is not None and rating.submitted_at is not None
    return rating.version == entry["version"] and not handed_in


def _restore(rating: Rating, before: Mapping[str, Any]) -> None:
    moment = before["submitted_at"]
    values = {
        **before,
        "value": None if before["value"] is None else Decimal(before["value"]),
        "rated_on": date.fromisoformat(before["rated_on"]),
        "submitted_at": datetime.fromisoformat(moment) if moment else None,
        "carried_from_id": UUID(before["carried_from_id"]) if before["carried_from_id"] else None,
    }
    for name in FIELDS:
        setattr(rating, name, values[name])
    rating.version += 1
    rating.updated_at = timezone.now()


def _columns() -> list[str]:
    return [name.removesuffix("_id") for name in FIELDS]


def _plain(value: Any) -> Any:
    return (
        str(value)
        if isinstance(value, Decimal | UUID)
        else value.isoformat()
        if hasattr(value, "isoformat")
        else value
    )
