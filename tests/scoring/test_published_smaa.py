"""A published analysis, drawn again: heparin against enoxaparin after major trauma.

Patients with events are those of Geerts et al. (1996), N Engl J Med 335:701-707; with beta distributions of them
and linear partial values Tervonen and van Valkenhoef analysed them by SMAA. Their figures stand in the reference
output of the R package smaa and, of a second run, in the tests of drugis/mcda-elicitation-web, each of 10,000
draws. So each published share is uncertain by 0.005 (one standard error), a mean weight by up to 0.004, and a
confidence factor by 0.006, since it is taken at mean weights that were drawn: tolerances are three times that.
"""

import numpy as np
import pytest

from scoring.inputs import InputError
from scoring.ranking import HIGHEST, LOWEST
from scoring.rules import apply_rule
from scoring.stability import Cut, Stability, Uncertainty, stability

DRAWS = 40_000
SHARE, WEIGHT, CONFIDENCE = 0.015, 0.012, 0.018
# Patients with proximal thrombosis, distal thrombosis, major bleeding, and all of them.
HEPARIN, ENOXAPARIN = ((20, 40, 1), 136), ((8, 32, 5), 129)
WORST, BEST = np.array([0.25, 0.4, 0.1]), np.array([0.0, 0.15, 0.0])


def rated(shares: np.ndarray) -> np.ndarray:
    """Return the ratings of shares of patients: the scale's ends are the ends of the published ranges."""
    return LOWEST + (HIGHEST - LOWEST) * (WORST - shares) / (WORST - BEST)


def drawn() -> np.ndarray:
    generator = np.random.default_rng(1996)
    arms = [
        [generator.beta(events, patients - events, DRAWS) for events in criteria]
        for criteria, patients in (HEPARIN, ENOXAPARIN)
    ]
    return rated(np.array(arms).transpose(2, 0, 1))


def analysed(*, order: list[int] | None = None, weights: list[float] | None = None) -> Stability:
    means = rated(np.array([np.array(events) / patients for events, patients in (HEPARIN, ENOXAPARIN)]))
    intervals = [(weight, weight) for weight in weights] if weights else None
    known = Uncertainty(order=order, intervals=intervals, drawn=drawn(), samples=DRAWS, seed=7)
    return stability(means, weights or [1, 1, 1], Cut(top=1), known)


@pytest.mark.parametrize("published", [(0.3504, 0.6496), (0.3381, 0.6619)])
def test_first_ranks_without_any_preference(published: tuple[float, float]) -> None:
    assert analysed().p_top == pytest.approx(published, abs=SHARE)


def test_central_weights_without_any_preference() -> None:
    published = [[0.1865, 0.2772, 0.5363], [0.4073, 0.3641, 0.2285]]
    assert analysed().central_weights == pytest.approx(np.array(published), abs=WEIGHT)


@pytest.mark.parametrize(("arm", "confidence"), [(0, 0.6682), (1, 0.8956)])
def test_confidence_factors_at_the_central_weights(arm: int, confidence: float) -> None:
    central = [float(weight) for weight in analysed().central_weights[arm]]
    assert analysed(weights=central).p_top[arm] == pytest.approx(confidence, abs=CONFIDENCE)


def test_first_ranks_when_an_order_is_known() -> None:
    """Proximal thrombosis before bleeding before distal thrombosis; its 1,369 draws make the weights coarser."""
    result = analysed(order=[1, 3, 2])
    assert result.p_top == pytest.approx([0.1369, 0.8631], abs=SHARE)
    published = [[0.5240, 0.1213, 0.3547], [0.6229, 0.1103, 0.2668]]
    assert result.central_weights == pytest.approx(np.array(published), abs=WEIGHT)


def test_first_ranks_under_exact_weights() -> None:
    assert analysed(weights=[4 / 7, 1 / 7, 2 / 7]).p_top == pytest.approx([0.1049, 0.8951], abs=SHARE)


def test_drawn_ratings_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        stability(np.ones((2, 3)), [1, 1, 1], Cut(top=1), Uncertainty(drawn=np.ones((5, 2, 3))))
    assert refused.value.code == "drawn_invalid"


# --- partial value functions of the same package ----------------------------------------------------------------------


def test_a_piecewise_partial_value_is_a_rule_of_interpolated_steps() -> None:
    """Cut-offs 50, 75, 90, 100 with the values 1, .8, .5, 0, clipped: 1 to 10 here is 0 to 1 there."""
    steps = [[50, 10.0], [75, 8.2], [90, 5.5], [100, 1.0]]
    rule = {"type": "steps", "steps": steps, "below": 10.0, "interpolate": True}
    published = np.array([1, 0.5, 0, 1, 1, 0, 0, 1 - 2 / 5 * 0.2])
    facts = np.array([50.0, 90, 100, 10, 40, 101, 120, 60])
    assert (apply_rule(rule, facts) - LOWEST) / (HIGHEST - LOWEST) == pytest.approx(published)


@pytest.mark.parametrize(
    ("bounds", "direction", "facts", "published"),
    [
        ([-0.15, 0.35], "higher", [0.35, -0.15, 0.1], [1, 0, 0.5]),
        ([50, 100], "lower", [50, 100, 75], [1, 0, 0.5]),
    ],
)
def test_a_linear_partial_value_is_a_linear_rule(
    bounds: list[float], direction: str, facts: list[float], published: list[float]
) -> None:
    rule = {"type": "linear", "bounds": bounds, "direction": direction}
    found = (apply_rule(rule, np.array(facts)) - LOWEST) / (HIGHEST - LOWEST)
    assert found == pytest.approx(np.array(published))
