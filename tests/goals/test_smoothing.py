"""Exponential smoothing against handbook numbers."""

import pytest

from accounts.arithmetic import CannotCompute
from goals.smoothing import best_alpha, double_smoothing, simple_smoothing, smoothing_errors
from tests.reference_cases import reference_cases, tolerance

NIST = [71, 70, 69, 68, 64, 65, 72, 78, 75, 75, 75, 70]
NIST_TREND = [6.4, 5.6, 7.8, 8.8, 11.0, 11.6, 16.7, 15.3, 21.6, 22.4]


def test_it_reaches_the_published_squared_errors():
    errors = smoothing_errors(NIST, 0.1)
    assert (errors**2).sum() == pytest.approx(208.94, abs=0.15)
    assert (errors**2).mean() == pytest.approx(19.0, abs=0.05)


def test_it_reaches_the_published_double_smoothing():
    found = double_smoothing(NIST_TREND[1:], 0.3623, 1.0, level=6.4, trend=0.8)
    assert found.fitted == pytest.approx([7.2, 6.8, 7.8, 9.1, 11.4, 13.2, 17.4, 18.9, 23.1], abs=0.06)
    assert found.ahead(5) == pytest.approx([25.8, 28.7, 31.7, 34.6, 37.6], abs=0.06)


def test_the_best_parameter_has_the_smallest_squared_error():
    best = best_alpha(NIST)
    losses = {step / 20: (smoothing_errors(NIST, step / 20) ** 2).sum() for step in range(1, 20)}
    assert losses[best] == min(losses.values())


def test_a_constant_stays_what_it_is():
    assert simple_smoothing([7, 7, 7], 0.3) == [7, 7, 7]


def test_nothing_cannot_be_smoothed():
    with pytest.raises(CannotCompute) as refusal:
        simple_smoothing([], 0.5)
    assert refusal.value.code == "no_values"


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan")])
def test_parameters_lie_between_zero_and_one(alpha):
    with pytest.raises(CannotCompute) as refusal:
        simple_smoothing([1, 2], alpha)
    assert refusal.value.code == "parameter_out_of_range"


def test_it_agrees_with_the_reference_cases_of_simple_smoothing():
    for case in reference_cases("forecast", "ses"):
        values, alpha = case["input"]["y"], case["input"]["alpha"]
        levels, squares = simple_smoothing(values, alpha), smoothing_errors(values, alpha) ** 2
        found = {"levels": levels, "forecast": levels[-1], "sse": squares.sum(), "mse": squares.mean()}
        for key, expected in case["expected"].items():
            assert found[key] == pytest.approx(expected, abs=tolerance(case, key))


def start_of(given):
    """NIST starts after the first value with the mean of three differences; others say their start."""
    values = given["y"]
    if given["start"] == "nist":
        return values[1:], values[0], (values[3] - values[0]) / 3
    return values, given["start"]["level"], given["start"]["trend"]


def test_it_agrees_with_the_reference_cases_of_double_smoothing():
    for case in reference_cases("forecast", "holt"):
        values, level, trend = start_of(case["input"])
        found = double_smoothing(values, case["input"]["alpha"], case["input"]["gamma"], level, trend)
        ahead = found.ahead(case["input"]["horizon"])
        assert found.fitted == pytest.approx(case["expected"]["fitted"], abs=tolerance(case, "fitted"))
        assert ahead == pytest.approx(case["expected"]["forecast"], abs=tolerance(case, "forecast"))
