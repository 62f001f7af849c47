"""Published analyses, drawn again: heparin against enoxaparin after major trauma, and antidepressants.

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


# --- antidepressants against placebo ---------------------------------------------------------------------------------

# Log odds of response and of five side effects: what placebo has (mean, standard deviation), the log odds ratios to
# it of fluoxetine, paroxetine, sertraline and venlafaxine, and their covariances, row by row of the upper triangle.
# Trials: Hansen et al. (2005), Ann Intern Med 143:415-426; estimates: Tervonen et al. (2011), Stat Med 30:1419-1428,
# as drugis/mcda-elicitation-web gives them.
DRUGS = 4
EFFECTS = [
    ((-0.1714, 0.1130), (0.4718, 0.7259, 0.6715, 0.8212),
     (0.0134, 0.0104, 0.0099, 0.0105, 0.0230, 0.0082, 0.0107, 0.0190, 0.0092, 0.0191)),
    ((-2.1897, 0.2075), (0.6082, 0.1409, 0.9320, 0.0960),
     (0.0537, 0.0412, 0.0341, 0.0379, 0.0811, 0.0378, 0.0432, 0.0539, 0.0334, 0.0986)),
    ((-2.2300, 0.6103), (0.1203, 0.6539, -0.2204, 1.1915),
     (0.0912, 0.0739, 0.0809, 0.0646, 0.1408, 0.1033, 0.0703, 0.1466, 0.0692, 0.0859)),
    ((-1.1960, 0.2927), (0.1965, 0.1263, 0.2030, -0.2254),
     (0.0352, 0.0276, 0.0219, 0.0292, 0.0485, 0.0237, 0.0328, 0.0326, 0.0236, 0.0592)),
    ((-2.6073, 0.1906), (0.7978, 0.7486, 1.0663, 0.9745),
     (0.0439, 0.0352, 0.0256, 0.0328, 0.0626, 0.0281, 0.0347, 0.0540, 0.0259, 0.0674)),
    ((-2.0172, 0.1917), (0.3952, 0.6443, 0.6470, 0.9771),
     (0.0417, 0.0349, 0.0295, 0.0356, 0.0563, 0.0310, 0.0366, 0.0440, 0.0290, 0.0537)),
]  # fmt: skip


def antidepressants() -> Stability:
    """Return placebo and the four drugs under weights of which nothing is known; a share of patients is its value."""
    generator = np.random.default_rng(2005)
    shares = np.stack([_shares(generator, *effect) for effect in EFFECTS], axis=2)
    shares[:, :, 1:] = 1 - shares[:, :, 1:]  # side effects are the better the rarer
    drawn = LOWEST + (HIGHEST - LOWEST) * shares
    return stability(drawn.mean(axis=0), [1] * 6, Cut(top=1), Uncertainty(drawn=drawn, samples=DRAWS, seed=7))


def _shares(
    generator: np.random.Generator,
    placebo: tuple[float, float],
    ratios: tuple[float, ...],
    covariances: tuple[float, ...],
) -> np.ndarray:
    covariance = np.zeros((DRUGS, DRUGS))
    covariance[np.triu_indices(DRUGS)] = covariances
    covariance += np.triu(covariance, 1).T
    base = generator.normal(*placebo, DRAWS)[:, None]
    odds = base + np.hstack([np.zeros((DRAWS, 1)), generator.multivariate_normal(ratios, covariance, DRAWS)])
    return 1 / (1 + np.exp(-odds))


def test_first_ranks_of_five_treatments_by_six_criteria() -> None:
    """The published weights are called ordinal, but on average each is a sixth, as without any preference."""
    published = [0.6002, 0.0244, 0.1450, 0.0768, 0.1536]
    assert antidepressants().p_top == pytest.approx(published, abs=SHARE)


def test_central_weights_of_five_treatments() -> None:
    """A treatment that came first in 768 of the 10,000 draws has mean weights uncertain by 0.006; fluoxetine with its
    244 is left out.
    """
    published = [
        [0.0904, 0.1721, 0.1787, 0.1648, 0.1970, 0.1970],
        [0.2892, 0.1715, 0.1324, 0.1295, 0.1395, 0.1379],
        [0.2759, 0.0659, 0.3136, 0.1233, 0.0997, 0.1216],
        [0.2867, 0.1765, 0.0790, 0.2419, 0.1197, 0.0961],
    ]
    found = antidepressants().central_weights[[0, 2, 3, 4]]
    assert found == pytest.approx(np.array(published), abs=0.018)


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
