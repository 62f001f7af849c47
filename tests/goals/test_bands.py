"""The band a metric is to stay in: on its page, among the metrics, over the API and in the nightly round."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Task
from goals.actions.metrics import add_measurement, create_metric, update_metric
from goals.actions.nightly import raise_alerts
from goals.bands import band_text, outside
from goals.models import Metric
from tests.factories import make_criterion, make_model

DAY = date(2026, 6, 1)


@pytest.fixture
def metric(account: Any, alice: Any) -> Metric:
    values = {"name": "Uptime", "unit": "%", "band_low": Decimal(90), "band_high": Decimal(98)}
    return create_metric(account, values=values, by=alice)


@pytest.mark.parametrize(
    ("low", "high", "value", "side"),
    [
        (90, 98, 90, ""),
        (90, 98, 98, ""),
        (90, 98, 89, "below"),
        (90, 98, 99, "above"),
        (None, 5, -3, ""),
        (None, 5, 6, "above"),
        (0, None, -1, "below"),
        (None, None, 7, ""),
        (1, 2, None, ""),
    ],
)
def test_both_ends_belong_to_the_band_and_an_open_end_is_none(
    low: Any, high: Any, value: Any, side: str
) -> None:
    assert outside(Metric(band_low=low, band_high=high), value) == side


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(1, 2, "1 bis 2"), (1, None, "mindestens 1"), (None, 2, "höchstens 2"), (None, None, "")],
)
def test_a_band_has_words(low: Any, high: Any, text: str) -> None:
    with translation.override("de"):
        assert band_text(Metric(band_low=low, band_high=high), "EUR") == text


def test_a_value_outside_opens_one_task_with_its_reason(alice: Any, metric: Metric) -> None:
    add_measurement(metric, value=Decimal(95), on=DAY, by=alice)
    assert raise_alerts(DAY) == 0
    add_measurement(metric, value=Decimal(80), on=DAY + timedelta(days=1), by=alice)
    assert raise_alerts(DAY + timedelta(days=1)) == 1
    assert raise_alerts(DAY + timedelta(days=2)) == 0
    task = Task.objects.get()
    assert (task.assignee, task.key.endswith(f"metric:{metric.pk}:band")) == (alice, True)
    assert "80" in task.reason and "90" in task.reason


def test_a_deactivated_account_is_not_asked(alice: Any, account: Any, metric: Metric) -> None:
    add_measurement(metric, value=Decimal(80), on=DAY, by=alice)
    type(account).objects.filter(pk=account.pk).update(status="inactive")
    assert raise_alerts(DAY) == 0


def test_the_band_is_set_on_the_page_of_the_metric(sign_in: Any, alice: Any, metric: Metric) -> None:
    add_measurement(metric, value=Decimal(80), on=timezone.localdate(), by=alice)
    url, client = reverse("goals:metric", args=[metric.pk]), sign_in(alice)
    assert "liegt unter dem Band (90" in client.get(url).content.decode()
    metrics = client.get(reverse("goals:metrics", args=[metric.account_id])).content.decode()
    assert "außerhalb des Bandes" in metrics
    answer = client.post(url, {"band_low": "75,5", "band_high": "", "version": metric.version})
    assert answer.status_code == 302
    metric.refresh_from_db()
    assert (metric.band_low, metric.band_high) == (Decimal("75.5"), None)
    text = client.get(url).content.decode()
    assert "mindestens 75,5" in text and "liegt unter" not in text and 'value="75,5"' in text


def test_a_crossed_band_and_an_old_version_are_refused_on_the_page(
    sign_in: Any, alice: Any, metric: Metric
) -> None:
    url, client = reverse("goals:metric", args=[metric.pk]), sign_in(alice)
    crossed = client.post(url, {"band_low": "9", "band_high": "1", "version": metric.version})
    assert "error-summary" in crossed.content.decode()
    old = metric.version
    update_metric(metric, values={"name": "Availability"}, by=alice)
    late = client.post(url, {"band_low": "1", "band_high": "2", "version": old})
    assert "error-summary" in late.content.decode()
    metric.refresh_from_db()
    assert (metric.band_low, metric.band_high) == (Decimal(90), Decimal(98))


def test_who_may_not_set_goals_sets_no_band(sign_in: Any, rita: Any, metric: Metric) -> None:
    url, client = reverse("goals:metric", args=[metric.pk]), sign_in(rita)
    assert 'name="band_low"' not in client.get(url).content.decode()
    assert client.post(url, {"band_low": "1", "version": metric.version}).status_code == 403


def test_the_band_of_a_share_is_typed_as_percent(sign_in: Any, alice: Any, account: Any) -> None:
    share = create_metric(account, values={"fact": "share_of_wallet"}, by=alice)
    url, client = reverse("goals:metric", args=[share.pk]), sign_in(alice)
    client.post(url, {"band_low": "40", "band_high": "85", "version": share.version})
    share.refresh_from_db()
    assert (share.band_low, share.band_high) == (Decimal("0.4"), Decimal("0.85"))
    assert 'value="85"' in client.get(url).content.decode()


def test_the_coverage_over_the_api_says_what_lies_outside(api: Any, alice: Any, account: Any) -> None:
    make_model((make_criterion("fit", growth_metric="adoption"), 1.0), state="active")
    code = "fit"
    values = {"name": "Fit", "criterion_code": code, "band_high": Decimal(5)}
    add_measurement(
        create_metric(account, values=values, by=alice), value=Decimal(6), on=timezone.localdate(), by=alice
    )
    rows = api(alice).get(f"/api/v1/accounts/{account.pk}/metric-coverage/").json()["criteria"]
    assert [row["outside_band"] for row in rows if row["criterion"] == code] == ["above"]
