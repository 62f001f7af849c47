"""A forecast is shown only where it beats "as a year ago"."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from goals.forecast import (
    backtest_errors,
    forecast,
    mase_scale,
    seasonal_naive,
    seasonal_pattern,
    smape,
    theta,
)

MONTHS = np.arange(48)
SEASON = 20 * np.sin(2 * np.pi * MONTHS / 12)


def noise(size=48, scale=5.0, seed=3):
    return np.random.default_rng(seed).normal(0, scale, size)


def test_a_year_ago_is_repeated_season_by_season():
    assert seasonal_naive(np.arange(8.0), 4, 6).tolist() == [4, 5, 6, 7, 4, 5]


def test_a_growing_seasonal_account_gets_a_forecast_near_the_truth():
    found = forecast(500 + 10 * MONTHS + SEASON + noise())
    truth = 500 + 10 * np.arange(48, 51) + 20 * np.sin(2 * np.pi * np.arange(48, 51) / 12)
    assert found.backtest.passed
    assert np.abs(np.array(found.values) - truth).max() < 60
    assert all(
        low < value < high for low, value, high in zip(found.low, found.values, found.high, strict=True)
    )


def test_an_account_that_repeats_its_year_exactly_gets_no_forecast_of_ours():
    found = forecast(100 + np.tile(np.arange(12.0) ** 2, 4))
    assert (found.values, found.low, found.high) == ((), (), ())
    assert found.backtest.naive.mae == 0


def test_the_result_of_the_back_test_is_there_whether_passed_or_not():
    found = forecast(500 + 10 * MONTHS + noise(), horizon=3)
    assert found.backtest.origins == 48 - 24 - 3 + 1
    assert found.backtest.candidate.mase < found.backtest.naive.mase
    assert 0 < found.backtest.candidate.smape < found.backtest.naive.smape < 2


def test_the_interval_never_narrows_further_ahead():
    found = forecast(500 + 10 * MONTHS + noise(), horizon=6)
    widths = [high - low for low, high in zip(found.low, found.high, strict=True)]
    assert widths == sorted(widths)


def test_the_interval_holds_about_what_it_promises():
    inside = []
    for seed in range(60):
        series = 500 + 10 * np.arange(51) + noise(51, scale=20, seed=seed)
        found = forecast(series[:48])
        inside += [
            low <= value <= high for low, value, high in zip(found.low, series[48:], found.high, strict=False)
        ]
    assert 0.6 <= np.mean(inside) <= 0.97


def test_one_odd_month_hardly_passes_for_a_season():
    series = np.full(60, 100.0)
    series[30] += 10_000
    assert np.abs(seasonal_pattern(series, 12)).max() < 0.02 * 10_000


def test_the_season_adds_up_to_nothing():
    pattern = seasonal_pattern(100 + SEASON, 12)
    assert pattern.sum() == pytest.approx(0)
    assert pattern == pytest.approx(SEASON[:12], abs=1e-9)


def test_a_straight_line_is_continued_upwards():
    ahead = theta(np.arange(40.0), 1, 3)
    assert 39 < ahead[0] < ahead[1] < ahead[2]


def test_an_origin_never_sees_what_it_forecasts():
    series = np.arange(20.0)
    changed = series.copy()
    changed[15:] = 999
    first, second = (backtest_errors(s, theta, [15], 1, 2) - s[15:17] for s in (series, changed))
    assert first == pytest.approx(second)


def test_the_scaled_error_of_the_seasonal_naive_forecast_on_its_own_past_is_one():
    series = np.array([1.0, 5, 2, 7, 4, 9])
    assert mase_scale(series, 2) == pytest.approx(np.mean([1, 2, 2, 2]))
    assert mase_scale(np.full(9, 3.0), 2) is None


def test_the_symmetric_error_knows_its_ends():
    assert smape(np.array([0.0, 5.0]), np.array([0.0, 5.0])) == 0
    assert smape(np.array([0.0]), np.array([5.0])) == 2
    assert smape(np.array([100.0]), np.array([50.0])) == pytest.approx(2 / 3)


def test_a_short_history_is_refused_with_its_numbers():
    with pytest.raises(CannotCompute) as refusal:
        forecast([100] * 31)
    assert (refusal.value.code, refusal.value.params) == ("history_too_short", {"needed": 32, "found": 31})


@pytest.mark.parametrize("gap", [None, float("nan")])
def test_a_missing_month_is_refused(gap):
    with pytest.raises(CannotCompute) as refusal:
        forecast([100.0] * 39 + [gap])
    assert refusal.value.code == "not_finite"


@pytest.mark.parametrize("wrong", [{"season": 0}, {"horizon": 0}])
def test_no_season_and_no_horizon_are_refused(wrong):
    with pytest.raises(CannotCompute) as refusal:
        forecast([100] * 48, **wrong)
    assert refusal.value.code == "no_such_horizon"


def test_an_account_without_orders_gets_no_forecast():
    found = forecast([0] * 48)
    assert found.values == ()
    assert found.backtest.candidate.mase is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-1000, 1000), min_size=32, max_size=40))
def test_whatever_the_past_the_gate_keeps_the_worse_method_out(history):
    found = forecast(history)
    assert bool(found.values) == (found.backtest.candidate.mae < found.backtest.naive.mae)
