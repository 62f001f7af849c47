"""Agreement of raters against published numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agreement import krippendorff_alpha, reading, spreads

GAP = math.nan
# Krippendorff (2011), example C: four observers, twelve units.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
        [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
    ]
)


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_alphas_come_out(level, alpha):
    assert krippendorff_alpha(PUBLISHED, level) == pytest.approx(alpha, abs=0.0006)


def test_the_published_case_of_two_observers_without_gaps_comes_out():
    """Krippendorff (2011), example A: ten units, binary, alpha .095."""
    ratings = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0.0]])
    assert krippendorff_alpha(ratings, "nominal") == pytest.approx(0.095, abs=0.0006)


def test_full_agreement_is_one():
    assert krippendorff_alpha(np.array([[1.0, 5, 9], [1, 5, 9]])) == 1.0


def test_systematic_disagreement_is_below_zero():
    assert krippendorff_alpha(np.array([[1.0, 9], [9, 1]])) < 0


@pytest.mark.parametrize(
    "ratings",
    [[[5.0, 5], [5, 5]], [[1.0, GAP], [GAP, 2]], [[1.0, 2, 3]], [[GAP]], np.empty((0, 3)), np.empty((2, 0))],
)
def test_without_variation_or_pairs_there_is_no_alpha(ratings):
    assert krippendorff_alpha(np.array(ratings)) is None


def test_an_unknown_level_is_refused():
    with pytest.raises(ValueError, match="ratio"):
        krippendorff_alpha(PUBLISHED, "ratio")


@pytest.mark.parametrize(
    ("alpha", "key"),
    [
        (1.0, "good"),
        (0.8, "good"),
        (0.799, "tentative"),
        (0.667, "tentative"),
        (0.66, "poor"),
        (None, "undefined"),
    ],
)
def test_alphas_are_put_in_words(alpha, key):
    assert reading(alpha) == key


def test_the_spread_of_a_unit_ignores_gaps():
    first, nobody = spreads(np.array([[4.0, GAP], [8, GAP], [GAP, GAP], [5, GAP]]))
    assert (first.count, first.lowest, first.highest, first.median, first.distance) == (3, 4, 8, 5, 4)
    assert first.mean == pytest.approx(17 / 3)
    assert (nobody.count, nobody.mean, nobody.distance) == (0, None, None)


RATINGS = st.integers(2, 4).flatmap(
    lambda raters: st.lists(
        st.lists(st.one_of(st.just(GAP), st.integers(1, 10)), min_size=raters, max_size=raters),
        min_size=2,
        max_size=8,
    )
)


@given(RATINGS, st.randoms(), st.sampled_from(["nominal", "ordinal", "interval"]))
def test_the_order_of_raters_and_units_does_not_matter(units, random, level):
    shuffled = [random.sample(unit, len(unit)) for unit in random.sample(units, len(units))]
    straight = krippendorff_alpha(np.array(units, dtype=float).T, level)
    again = krippendorff_alpha(np.array(shuffled, dtype=float).T, level)
    assert again == (None if straight is None else pytest.approx(straight, abs=1e-9))


@given(RATINGS)
def test_interval_alpha_agrees_with_its_definition_by_pairs(units):
    values = [[v for v in unit if not math.isnan(v)] for unit in units]
    values = [unit for unit in values if len(unit) > 1]
    everything = [v for unit in values for v in unit]
    expected = sum((a - b) ** 2 for a in everything for b in everything)
    alpha = krippendorff_alpha(np.array(units, dtype=float).T, "interval")
    if expected == 0:
        assert alpha is None
        return
    observed = sum(sum((a - b) ** 2 for a in unit for b in unit) / (len(unit) - 1) for unit in values)
    n = len(everything)
    assert alpha == pytest.approx(1 - (observed / n) / (expected / (n * (n - 1))), abs=1e-9)


@given(RATINGS)
def test_only_the_order_of_values_matters_for_ordinal_alpha(units):
    ratings = np.array(units, dtype=float).T
    stretched = krippendorff_alpha(np.exp(ratings), "ordinal")
    straight = krippendorff_alpha(ratings, "ordinal")
    assert stretched == (None if straight is None else pytest.approx(straight))
