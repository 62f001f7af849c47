"""Metrics and their values: typed in, pushed by a program, or computed from facts every night."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from accounts.facts import account_facts, facts_table
from accounts.models import Account
from accounts.tidy import tidy_values
from accounts.windows import check_day, parse_basis, parse_window
from goals.actions.settling import settle_metric
from goals.measurable import MEASURABLE, OWN, measure_own
from goals.models import Goal, Measurement, Metric
from goals.values import FOUR_PLACES
from kam.lib.errors import InvalidInput
from kam.lib.models import LARGEST_AMOUNT
from kam.lib.versions import save_changes
from kam.users.models import User

EDITABLE = (
    "name",
    "unit",
    "direction",
    "fact",
    "basis",
    "window",
    "criterion_code",
    "band_low",
    "band_high",
    "due_every_days",
)
BATCH = 1000


@transaction.atomic
def create_metric(account: Account, *, values: dict[str, Any], by: User | None) -> Metric:
    """Add a metric to an account; one bound to a fact is measured at once.

    Raises InvalidInput for an unknown fact, a name that the account has already, or bands the wrong way round.
    """
    clean = _clean(values)
    metric = Metric(account=account, **clean)
    if not metric.name and metric.fact:
        metric.name = str(MEASURABLE[metric.fact].label)
    if not metric.name:
        raise InvalidInput("no_name", gettext_noop("Say what is measured."), field="name")
    _check_name(metric)
    _check_bands(metric.band_low, metric.band_high)
    if metric.fact:
        fact = MEASURABLE[metric.fact]
        metric.unit = metric.unit or fact.unit
        metric.direction = clean.get("direction", "up" if fact.higher_is_better else "down")
    metric.save(force_insert=True)
    record("metric.created", by=by, account=account, subject=metric, after=clean)
    if metric.fact:
        measure_metric(metric, timezone.localdate())
    return metric


@transaction.atomic
def update_metric(
    metric: Metric, *, values: dict[str, Any], by: User | None, expected_version: int | None = None
) -> Metric:
    """Change a metric. Raises Conflict on another version."""
    clean = _clean(values)
    changed = differences(metric, clean)
    for name in clean:
        setattr(metric, name, clean[name])
    _check_name(metric)
    _check_bands(metric.band_low, metric.band_high)
    save_changes(metric, clean, expected_version=expected_version)
    if changed:
        record("metric.updated", by=by, account=metric.account, subject=metric, **changed)
        settle_metric(metric)
    return metric


def metric_for_fact(
    account: Account, fact: str, *, basis: str = "net", window: str = "12m", by: User | None
) -> Metric:
    """Return the account's metric that is computed from a fact, made on first use."""
    standing = account.metrics.filter(fact=fact, basis=basis, window=window).first()
    if standing:
        return standing
    if fact not in MEASURABLE:
        raise _unknown_fact(fact)
    label = str(MEASURABLE[fact].label)
    taken = set(account.metrics.values_list("name", flat=True))
    name = label if label not in taken else f"{label} ({basis}, {window})"
    values = {"name": name[:120], "fact": fact, "basis": basis, "window": window}
    return create_metric(account, values=values, by=by)


@transaction.atomic
def add_measurement(
    metric: Metric,
    *,
    value: Decimal,
    on: date,
    by: User | None,
    source: str = Measurement.Source.TYPED,
    note: str = "",
) -> tuple[Measurement, bool]:
    """Write the value of a day and say whether it is a new one; the same value again changes nothing.

    A second value of the same day takes the place of the first; the timeline keeps both. Raises InvalidInput
    for a day to come, a value out of range, and for a metric that is computed from a fact.
    """
    if metric.fact and source != Measurement.Source.COMPUTED:
        raise InvalidInput(
            "computed_metric", gettext_noop("This metric is computed from sales and cannot be typed in.")
        )
    exact = checked_value(value)
    _check_day(on)
    standing = metric.measurements.filter(measured_on=on).first()
    if standing and (standing.value, standing.note) == (exact, note[:200]):
        return standing, False
    row, made = metric.measurements.update_or_create(
        measured_on=on,
        defaults={"value": exact, "source": source, "note": note[:200], "created_by": by},
    )
    before = {"before": {"value": standing.value}} if standing else {}
    after = {"value": exact, "measured_on": on, "note": note[:200]}
    record("metric.measured", by=by, account=metric.account, subject=metric, after=after, **before)
    metric.goals.filter(closed_at__isnull=True).update(worked_at=timezone.now())
    settle_metric(metric)
    return row, made


@transaction.atomic
def add_values(values: Mapping[Metric, Decimal], *, on: date, by: User | None) -> int:
    """Write what several metrics say on a day, all or none; returns how many of the values are new or different.

    An InvalidInput about a value names the metric's id as its field.
    """
    changed = 0
    for metric, value in values.items():
        standing = metric.measurements.filter(measured_on=on, value=value).exists()
        try:
            add_measurement(metric, value=value, on=on, by=by)
        except InvalidInput as error:
            if error.field != "measured_on":
                error.field = str(metric.pk)
            raise
        changed += not standing
    return changed


def checked_value(value: Decimal) -> Decimal:
    """Return a value with four decimals; raises InvalidInput when it is not a number that fits."""
    if not value.is_finite() or abs(value) > LARGEST_AMOUNT:
        raise InvalidInput(
            "bad_value", gettext_noop("The value is not a number of at most 13 digits."), field="value"
        )
    return value.quantize(FOUR_PLACES)


def fact_value(metric: Metric, as_of: date) -> Decimal | None:
    """Return what a computed metric says as of a day, None where that cannot be said."""
    if metric.fact in OWN:
        found: Any = measure_own(metric.fact, [metric.account_id], as_of).get(metric.account_id)
    else:
        facts = account_facts(metric.account, as_of=as_of, window=metric.window, basis=metric.basis)
        found = getattr(facts, metric.fact)
    return None if found is None else checked_value(Decimal(str(found)))


def measure_metric(metric: Metric, as_of: date) -> Measurement | None:
    """Measure one computed metric now; returns None where the fact cannot be said."""
    value = fact_value(metric, as_of)
    if value is None:
        return None
    row, _made = Measurement.objects.update_or_create(
        metric=metric,
        measured_on=as_of,
        defaults={"value": value, "source": Measurement.Source.COMPUTED},
    )
    return row


def measure_facts(
    as_of: date, report: Callable[[float], None] = lambda share: None, metrics: Iterable[Metric] | None = None
) -> int:
    """Measure every metric that is bound to a fact and return how many values were written.

    One set of queries for each (basis, window), whatever the number of accounts; running it again writes the
    same rows. What a fact cannot say (no orders, no growth) gets no row.
    """
    groups: dict[tuple[str, str], list[Metric]] = defaultdict(list)
    for metric in (
        metrics if metrics is not None else Metric.objects.computed().exclude(account__status="inactive")
    ):
        if metric.fact in MEASURABLE:
            groups[metric.basis, metric.window].append(metric)
    written = 0
    for done, ((basis, window), rows) in enumerate(groups.items(), start=1):
        written += _measure_group(rows, as_of, basis, window)
        report(done / len(groups))
    return written


def _measure_group(metrics: list[Metric], as_of: date, basis: str, window: str) -> int:
    values = _values_of(metrics, as_of, basis, window)
    rows = []
    for metric in metrics:
        value = values[metric.fact].get(metric.account_id)
        if value is not None and np.isfinite(value):
            exact = Decimal(repr(float(value))).quantize(FOUR_PLACES)
            rows.append(Measurement(metric=metric, measured_on=as_of, value=exact, source="computed"))
    Measurement.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["metric", "measured_on"],
        update_fields=["value", "source", "updated_at"],
    )
    return len(rows)


def _values_of(
    metrics: list[Metric], as_of: date, basis: str, window: str
) -> dict[str, Mapping[UUID, float]]:
    """Return for each fact its value by account."""
    values: dict[str, Mapping[UUID, float]] = {}
    codes = {metric.fact for metric in metrics}
    for code in sorted(codes & OWN.keys()):
        values[code] = measure_own(code, [row.account_id for row in metrics if row.fact == code], as_of)
    if plain := sorted(codes - OWN.keys()):
        accounts = Account.objects.filter(metrics__in=[metric.pk for metric in metrics]).distinct()
        table = facts_table(plain, as_of=as_of, window=window, basis=basis, accounts=accounts)
        for code in plain:
            values[code] = dict(zip(table.account_ids, table.values[code], strict=True))
    return values


def touch(goal: Goal) -> None:
    """Note that somebody did something for a goal."""
    Goal.objects.filter(pk=goal.pk).update(worked_at=timezone.now())


def _check_day(on: date) -> None:
    if on > timezone.localdate():
        raise InvalidInput(
            "not_yet", gettext_noop("A value cannot be measured in the future."), field="measured_on"
        )
    check_day(on, "measured_on")


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise InvalidInput(
            "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": unknown[0]}, unknown[0]
        )
    clean = tidy_values(Metric, values)
    if clean.get("fact") and clean["fact"] not in MEASURABLE:
        raise _unknown_fact(clean["fact"])
    if "window" in clean:
        parse_window(clean["window"])
    if "basis" in clean:
        parse_basis(clean["basis"])
    return clean


def _unknown_fact(fact: str) -> InvalidInput:
    message = gettext_noop("There is no fact “%(name)s”. Known: %(known)s.")
    return InvalidInput("unknown_fact", message, {"name": fact[:40], "known": ", ".join(MEASURABLE)}, "fact")


def _check_name(metric: Metric) -> None:
    if Metric.objects.filter(account=metric.account, name=metric.name).exclude(pk=metric.pk).exists():
        raise InvalidInput(
            "metric_exists", gettext_noop("This account has a metric of that name already."), field="name"
        )


def _check_bands(low: Decimal | None, high: Decimal | None) -> None:
    if low is not None and high is not None and low > high:
        raise InvalidInput("bands_crossed", gettext_noop("The band begins below its end."), field="band_high")
