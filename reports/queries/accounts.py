"""The account list: filtered rows of a page, and what other rooms know about exactly these rows."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, islice
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import F, FilteredRelation, Max, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from accounts.filters import AccountFilters
from accounts.models import Account, AccountReference, AccountStatus, Activity, SalesOrder, Task
from accounts.timeline import Page, keyset_page
from kam.lib.prepared import prepared
from kam.users.models import Team, User
from scoring.models import Score, ScoreRun

SIZE = 50
EXPORT_CHUNK = 200
COUNT_CAP = 10_000
LAST = 10**9  # the place of accounts without a score
# code: label; in the order of the table
WORDS = {
    "me": gettext_noop("me"),
    "none": gettext_noop("nobody"),
    "true": gettext_noop("yes"),
    "false": gettext_noop("no"),
    "all": gettext_noop("all"),
}
COLUMNS = {
    "score": gettext_noop("Score"),
    "rank": gettext_noop("Rank"),
    "revenue": gettext_noop("Revenue, 12 months net"),
    "owner": gettext_noop("Account manager"),
    "kam": gettext_noop("Key account manager"),
    "city": gettext_noop("City"),
    "status": gettext_noop("Status"),
    "contact": gettext_noop("Last contact"),
    "next": gettext_noop("Next step"),
    "updated": gettext_noop("Changed"),
}
KEY, UNRATED = gettext_noop("Key account"), gettext_noop("not rated")
DEFAULT_COLUMNS = ("score", "rank", "revenue", "owner", "next")
# What each sortable column is ordered by; the best rank is the highest score.
PLACES = {
    "name": "sort_key",
    "score": "-score_place",
    "rank": "score_place",
    "revenue": "recent_units",
    "city": "city",
    "contact": "last_touch",
    "next": "next_due",
    "updated": "updated_at",
}
# What is read of an account, of its score and of its next step for one row.
ROW = (
    *("id", "name", "brand_name", "industry", "city", "status", "key_since"),
    *("owner_id", "owner__name", "owner__email", "kam__name", "kam__email"),
)
CELL = (*("account_id", "total", "rank", "previous_rank", "high", "completeness", "ratings", "run__weights"),)
STEP = ("account_id", "title", "due_on")
# What a phone offers, where the heads of the table are not shown.
ORDERS = {
    "name": gettext_noop("Name"),
    "-revenue": gettext_noop("Most revenue first"),
    "rank": gettext_noop("Best rank first"),
    "next": gettext_noop("What is due first"),
    "contact": gettext_noop("Longest without contact first"),
    "-updated": gettext_noop("Last changed first"),
}


@dataclass(frozen=True)
class ScoreCell:
    """A score as a stacked bar: (start, width, position) as shares of 10 points."""

    total: float
    rank: int
    moved: int | None
    parts: tuple[tuple[float, float, int], ...]
    missing: tuple[float, float] | None


@dataclass
class Row:
    """One account, as ROW names what is read of it, with what the chosen columns need; None is unknown or none."""

    account: Any
    score: ScoreCell | None = None
    revenue: Decimal | None = None
    last_contact: Any = None
    next_step: Any = None

    @property
    def stamp(self) -> tuple[Any, ...]:
        """Everything the row shows: the key under which its drawn form is kept."""
        return (self.account, self.score, self.revenue, self.last_contact, self.next_step)

    @property
    def display_name(self) -> str:
        return self.account.brand_name or self.account.name

    @property
    def former_name(self) -> str:
        """The name that was searched for, where it is the one of an account merged into this."""
        return getattr(self.account, "former_name", None) or ""

    @property
    def status(self) -> str:
        return str(AccountStatus(self.account.status).label)

    @property
    def owner(self) -> str:
        return self.account.owner__name or self.account.owner__email or ""

    @property
    def kam(self) -> str:
        return self.account.kam__name or self.account.kam__email or ""


@dataclass
class AccountTable:
    """A page of the list and how it was asked for."""

    rows: list[Row]
    page: Page
    total: int
    sort: str
    columns: list[str]
    filters: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        return self.total > COUNT_CAP

    @property
    def shown_total(self) -> int:
        return min(self.total, COUNT_CAP)


def account_table(query: QueryDict, user: Any, today: date) -> AccountTable:
    """Return the page that the address asks for; filters that are wrong find nothing and say so."""
    sort = chosen_sort(query)
    found, errors = filtered(query, user)
    columns = chosen_columns(query)
    rows = _listed(_with_place(found, sort, today), columns, sort, query.get("q", ""))
    page = keyset_page(rows, query.get("cursor", ""), (_place(sort),), SIZE)
    made = [Row(account) for account in page.rows]
    _fill(made, columns, today)
    total = found.order_by()[: COUNT_CAP + 1].count()
    return AccountTable(made, page, total, sort, columns, _active(query), errors)


def _listed(found: Any, columns: list[str], sort: str, words: str = "") -> Any:
    """Load what a row shows or is ordered by, and not the rest of the account."""
    beside = ["updated_at"] if "updated" in columns else []
    if words.strip():
        found, beside = found.with_former_name(words), [*beside, "former_name"]
    return found.values_list(*dict.fromkeys((*ROW, *beside, _place(sort).removeprefix("-"))), named=True)


def filtered(query: QueryDict, user: Any) -> tuple[Any, list[str]]:
    """Return the accounts that the filters find, and what is wrong with the filters."""
    visible = Account.objects.visible_to(user)
    if not any(query.get(name) for name in AccountFilters.base_filters):
        return visible.active(), []
    asked = query.copy()
    status = asked.get("status", "")
    if status == "all":
        del asked["status"]
    filters = AccountFilters(asked, visible, request=_Asker(user))
    if not filters.is_valid():
        errors = [
            f"{filters.form[n].label}: {e[0]}"
            for n, e in filters.form.errors.items()
            if n in filters.form.fields
        ]
        return Account.objects.none(), errors
    return (filters.qs if status else filters.qs.active()), []


def export_rows(query: QueryDict, user: Any, today: date) -> tuple[list[str], Iterator[list[Any]]]:
    """Return the header and, row by row, all accounts that the address describes with its columns."""
    columns = chosen_columns(query)
    header = [
        gettext(label) for label in ("Account", "Legal name", "External ids", *(COLUMNS[c] for c in columns))
    ]
    return header, _export(query, user, today, columns)


def _export(query: QueryDict, user: Any, today: date, columns: list[str]) -> Iterator[list[Any]]:
    sort, (found, _errors) = chosen_sort(query), filtered(query, user)
    listed = _listed(_with_place(found, sort, today), columns, sort)
    rows = listed.order_by(_place(sort), "-id" if _place(sort).startswith("-") else "id")
    accounts = rows.iterator(chunk_size=EXPORT_CHUNK)
    while made := [Row(account) for account in islice(accounts, EXPORT_CHUNK)]:
        _fill(made, columns, today)
        known = _external_ids([row.account.id for row in made])
        yield from (_cells(row, columns, ", ".join(known[row.account.id])) for row in made)


def _external_ids(account_ids: list[Any]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = defaultdict(list)
    references = AccountReference.objects.filter(account__in=account_ids)
    ordered = references.order_by("source", "external_id").values_list("account_id", "external_id")
    for account_id, external_id in ordered:
        found[account_id].append(external_id)
    return found


def _cells(row: Row, columns: list[str], ids: str) -> list[Any]:
    account, score = row.account, row.score
    cells: dict[str, Any] = {
        "score": round(score.total, 4) if score else None,
        "rank": score.rank if score else None,
        "revenue": row.revenue,
        "owner": row.owner,
        "kam": row.kam,
        "city": account.city,
        "status": row.status,
        "contact": row.last_contact,
        "next": row.next_step.title if row.next_step else "",
        "updated": getattr(account, "updated_at", None),
    }
    return [row.display_name, account.name, ids, *(cells[column] for column in columns)]


def labels() -> dict[str, str]:
    """Return the words that stand in every row, translated once."""
    return {name: gettext(label) for name, label in (COLUMNS | {"key": KEY, "unrated": UNRATED}).items()}


def chosen_columns(query: QueryDict) -> list[str]:
    """Return the columns of ``?columns=a,b`` or of ticked boxes, in the order of the table."""
    asked = {name for text in query.getlist("columns") for name in text.split(",")}
    return [name for name in COLUMNS if name in (asked & COLUMNS.keys() or DEFAULT_COLUMNS)]


def chosen_sort(query: QueryDict) -> str:
    """Return ``?sort=column`` or ``-column``, by name when it is none of ours."""
    asked = query.get("sort", "")
    return asked if asked.removeprefix("-") in PLACES else "name"


def latest_run() -> ScoreRun | None:
    """Return the newest finished run of a model in use, without what fills its row."""
    return latest_runs().only("same_as").first()


def latest_runs() -> QuerySet[ScoreRun]:
    """Return the finished runs of models in use, the newest first."""
    return ScoreRun.objects.finished().filter(model__state="active").order_by("-as_of", "-finished_at")


def latest_scores() -> QuerySet[Score]:
    """Return the scores of the newest run of a model in use, one row an account; ``as_of`` is that run's day."""
    newest = latest_runs().annotate(stored=Coalesce("same_as", "pk"))
    scores = Score.objects.annotate(as_of=Subquery(newest.values("as_of")[:1]))
    return scores.filter(run=Subquery(newest.values("stored")[:1]))


def scores_of(account_ids: list[Any]) -> dict[Any, ScoreCell]:
    """Return the latest scores of some accounts."""
    return {score.account_id: score_cell(score, score.run__weights) for score in _scores(account_ids)}


@prepared
def _scores(account_ids: list[Any]) -> QuerySet[Score, Any]:
    return latest_scores().filter(account__in=account_ids).values_list(*CELL, named=True)


def score_cell(score: Any, weights: list[float]) -> ScoreCell:
    """Return a score as the list draws it; ratings that are missing are the hatched end of the bar."""
    known = [r if isinstance(r, int | float) else None for r in score.ratings]
    widths = [w * r / 10 if r is not None else 0.0 for r, w in zip(known, weights, strict=False)]
    starts = [0.0, *accumulate(widths)]
    parts = tuple((starts[i], width, i + 1) for i, width in enumerate(widths) if width > 0)
    missing = (sum(widths), score.high / 10 - sum(widths)) if score.completeness < 1 else None
    moved = score.previous_rank - score.rank if score.previous_rank is not None else None
    return ScoreCell(score.total, score.rank, moved, parts, missing)


def chips(filters: dict[str, str], user: Any) -> list[tuple[str, str, str]]:
    """Return (parameter, label, value in words) of the active filters."""
    labels = AccountFilters.base_filters
    return [(name, str(labels[name].label), _in_words(name, value, user)) for name, value in filters.items()]


def _in_words(name: str, value: str, user: Any) -> str:
    if value in WORDS:
        return gettext(WORDS[value])
    if name == "status":
        return str(dict(AccountStatus.choices).get(value, value))
    named: dict[str, Any] = {
        "owner": User.objects.visible_to(user),
        "kam": User.objects.visible_to(user),
        "team": Team.objects.visible_to(user),
        "parent": Account.objects.visible_to(user),
        "group": Account.objects.visible_to(user),
    }
    try:
        return str(named[name].get(pk=value)) if name in named else value
    except (ObjectDoesNotExist, ValidationError):
        return value


@dataclass(frozen=True)
class _Asker:
    """What the filters need of a request: who asks."""

    user: Any


def _place(sort: str) -> str:
    place = PLACES[sort.removeprefix("-")]
    return f"-{place}".removeprefix("--") if sort.startswith("-") else place


def _with_place(rows: Any, sort: str, today: date) -> QuerySet[Account]:
    """Annotate what the order needs and no index holds; the other orders stay as fast as they are."""
    match sort.removeprefix("-"):
        case "score" | "rank":
            return _with_score_place(rows, latest_run())
        case "revenue":
            return rows.with_recent_units(today)
        case "contact":
            return rows.with_last_touch()
        case "next":
            return rows.with_next_due()
    return rows


def _with_score_place(rows: Any, run: ScoreRun | None) -> QuerySet[Account]:
    if run is None:
        return rows.annotate(score_place=Value(LAST))
    joined = rows.annotate(current=FilteredRelation("scores", condition=Q(scores__run=run.scores_in_id)))
    return joined.annotate(score_place=Coalesce(F("current__position"), Value(LAST)))


def _active(query: QueryDict) -> dict[str, str]:
    known = set(AccountFilters.base_filters)
    return {name: str(query[name]) for name in query if name in known and query[name] and name != "q"}


def _fill(rows: list[Row], columns: list[str], today: date) -> None:
    """Ask each room once for all rows of the page, and only for columns that are shown."""
    ids = [row.account.id for row in rows]
    wanted = set(columns)
    if {"score", "rank"} & wanted:
        _set(rows, "score", scores_of(ids))
    if "revenue" in wanted:
        _set(rows, "revenue", dict(_revenues(ids, today - timedelta(days=365), today)))
    if "contact" in wanted:
        _set(rows, "last_contact", dict(_touches(ids)))
    if "next" in wanted:
        _set(rows, "next_step", {task.account_id: task for task in reversed(_steps(ids))})


@prepared
def _revenues(account_ids: list[Any], after: date, until: date) -> QuerySet[SalesOrder, Any]:
    sold = SalesOrder.objects.filter(account__in=account_ids, ordered_on__gt=after, ordered_on__lte=until)
    return sold.values_list("account").annotate(Sum("net")).order_by()


@prepared
def _touches(account_ids: list[Any]) -> QuerySet[Activity, Any]:
    touches = Activity.objects.touches().filter(account__in=account_ids)
    return touches.values_list("account").annotate(Max("occurred_at")).order_by()


@prepared
def _steps(account_ids: list[Any]) -> QuerySet[Task, Any]:
    return Task.objects.open().filter(account__in=account_ids).by_due().values_list(*STEP, named=True)


def _set(rows: list[Row], name: str, values: dict[Any, Any]) -> None:
    for row in rows:
        setattr(row, name, values.get(row.account.id))
