"""What the health page of the portfolio shows: did the warnings come true, and how the accounts stand now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.windows import month_ends
from goals.health import AMBER_FROM, GREEN_FROM, HealthBacktest, Outcome, backtest, colour
from goals.models import HealthMonth
from goals.relationship import LABELS, tone_of
from kam.lib import charts, formatting

PER_PAGE, MOST_MONTHS, STEP = 50, 12, 3
SHADES = (0, 1, 2, 3, 5, 6)
# Written later than this after its day, a month was put together from what the rows said afterwards.
IN_TIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MonthTest:
    """The warnings of one day against the three months after it."""

    as_of: date
    found: HealthBacktest
    reconstructed: bool

    @property
    def missed(self) -> int:
        return self.found.lost - self.found.red_and_lost

    @property
    def false_alarms(self) -> int:
        return self.found.red - self.found.red_and_lost


@dataclass(frozen=True, slots=True)
class HealthTest:
    """The months that can be judged, latest first, and those together whose outcomes do not overlap."""

    months: list[MonthTest]
    together: HealthBacktest
    days: list[date]

    @property
    def reconstructed(self) -> int:
        return sum(month.reconstructed for month in self.months)

    @property
    def chart(self) -> charts.Chart | None:
        return _chart(self) if self.months else None


@dataclass(frozen=True, slots=True)
class Standing:
    """An account's health at the end of the latest month, its inputs, and the change over three months."""

    row: HealthMonth
    cells: list[tuple[Any, float | None, int]]
    change: float | None

    @property
    def colour(self) -> str:
        return "" if self.row.score is None else colour(self.row.score)

    @property
    def tone(self) -> str:
        return tone_of(self.colour)


@dataclass(frozen=True, slots=True)
class Standings:
    """One page of accounts, the least healthy first, and how many there are of each colour."""

    as_of: date | None
    page: Page[Standing]
    counts: dict[str, int]
    chosen: str


def health_test(user: Any) -> HealthTest:
    """Return the back-test over the accounts that ``user`` sees."""
    return test_of(HealthMonth.objects.judged().visible_to(user))


def test_of(judged: QuerySet[HealthMonth]) -> HealthTest:
    """Return the back-test over judged months, in one query for any number of accounts."""
    rows = (
        judged.order_by()
        .annotate(lost=Case(When(HealthMonth.objects.loss(), then=Value(1)), default=Value(0)))
        .values("as_of", "score", "lost")
        .annotate(count=Count("pk"), written=Max("created_at"))
    )
    outcomes: dict[date, list[Outcome]] = defaultdict(list)
    written: dict[date, datetime] = {}
    for row in rows:
        day = row["as_of"]
        outcomes[day].append(Outcome("", row["score"], bool(row["lost"]), row["count"]))
        written[day] = max(written.get(day, row["written"]), row["written"])
    days = sorted(outcomes, reverse=True)[:MOST_MONTHS]
    months = [MonthTest(day, backtest(outcomes[day]), _is_late(day, written[day])) for day in days]
    apart = days[::STEP]
    return HealthTest(months, backtest(each for day in apart for each in outcomes[day]), apart)


def standings(user: Any, query: Mapping[str, str]) -> Standings:
    """Return how the accounts stand, as of the latest month that is kept."""
    visible = HealthMonth.objects.with_people().visible_to(user)
    as_of = visible.aggregate(day=Max("as_of"))["day"]
    rows = visible.filter(as_of=as_of)
    if query.get("key") == "1":
        rows = rows.filter(account__key_since__isnull=False)
    counts = _counts(rows)
    chosen = query.get("colour", "")
    if chosen in counts:
        rows = rows.filter(within_colour(chosen))
    ordered = rows.order_by(F("score").asc(nulls_last=True), "account__sort_key", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(query.get("page"))
    page.object_list = _standings(list(page.object_list), as_of)
    return Standings(as_of, page, counts, chosen if chosen in counts else "")


def _is_late(as_of: date, written: datetime) -> bool:
    return timezone.localtime(written).date() > as_of + IN_TIME


def _counts(rows: Any) -> dict[str, int]:
    named = {name: Count("pk", filter=within_colour(name)) for name in ("red", "amber", "green", "unknown")}
    return rows.aggregate(**named)  # type: ignore[no-any-return]  # counts are numbers


def within_colour(name: str) -> Q:
    """Return the condition of a colour: red, amber, green, or unknown without a score."""
    return {
        "red": Q(score__lt=AMBER_FROM),
        "amber": Q(score__gte=AMBER_FROM, score__lt=GREEN_FROM),
        "green": Q(score__gte=GREEN_FROM),
        "unknown": Q(score__isnull=True),
    }[name]


def _standings(rows: list[HealthMonth], as_of: date | None) -> list[Standing]:
    if as_of is None:
        return []
    earlier = HealthMonth.objects.filter(
        account__in=[row.account_id for row in rows], as_of=month_ends(as_of, STEP)[0]
    )
    before = dict(earlier.values_list("account", "score"))
    return [_standing(row, before.get(row.account_id)) for row in rows]


def _standing(row: HealthMonth, before: float | None) -> Standing:
    known = [(label, row.inputs.get(name)) for name, (label, _how) in LABELS.items()]
    cells = [(label, value, _level(value)) for label, value in known]
    change = None if row.score is None or before is None else round(row.score - before)
    return Standing(row, cells, change)


def _level(value: float | None) -> int:
    """Return the shade of a cell, h0 to h6; of the middle one both text colours would be too faint."""
    return SHADES[0 if value is None else min(5, 1 + int(value / 20))]


def caught_words(lost: int, caught: int) -> str:
    """Return how many of the losses were red before."""
    words = {"count": formatting.number(lost), "caught": formatting.number(caught)}
    return (
        ngettext(
            "Of %(count)s account that lost revenue, %(caught)s was red before",
            "Of %(count)s accounts that lost revenue, %(caught)s were red before",
            lost,
        )
        % words
    )


def _chart(test: HealthTest) -> charts.Chart:
    rows = [
        (row.as_of, (row.found.red_and_lost, row.missed, row.false_alarms)) for row in reversed(test.months)
    ]
    note = _("Accounts by the month at whose end the health was kept; the title counts %(days)s of them") % {
        "days": len(test.days)}  # fmt: skip
    frame = charts.Frame(caught_words(test.together.lost, test.together.red_and_lost), note)
    return months_chart(frame, rows)


def months_chart(frame: charts.Frame, rows: Sequence[tuple[date, Sequence[int]]]) -> charts.Chart:
    """Return how many losses were caught and missed, and how many warnings were wrong, month by month."""
    series = [_("Lost, and red before"), _("Lost without a warning"), _("Red, nothing lost")]
    return charts.stacked(frame, series, [(formatting.month(day), counts) for day, counts in rows])
