"""Great-circle distances against published ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from accounts.geo import Nearest, distance_km, nearest_site
from tests.reference_cases import reference_cases, tolerance

BERLIN, HAMBURG, MUNICH = (52.52, 13.405), (53.5511, 9.9937), (48.1372, 11.5756)
places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(("radius", "expected"), [(6372.8, 2887.2599506), (6371.0, 2886.44)])
def test_it_reaches_the_published_way_from_nashville_to_los_angeles(radius, expected):
    assert distance_km((36.12, -86.67), (33.94, -118.40), radius) == pytest.approx(expected, abs=0.01)


def test_it_agrees_with_the_reference_cases():
    for case in reference_cases("distance", "haversine"):
        given_ = case["input"]
        found = distance_km(tuple(given_["from"]), tuple(given_["to"]), given_["radius_km"])
        assert found == pytest.approx(case["expected"]["km"], abs=tolerance(case))


def test_the_way_across_the_date_line_is_the_short_one():
    assert distance_km((0, 179.5), (0, -179.5)) == pytest.approx(distance_km((0, 0), (0, 1)))


def test_it_finds_the_nearest_site():
    nearest = nearest_site((53.0, 10.5), {"Munich": MUNICH, "Hamburg": HAMBURG, "Berlin": BERLIN})
    assert nearest.site == "Hamburg"
    assert nearest.km == pytest.approx(70, abs=1)


def test_equally_near_sites_are_named_in_alphabetical_order():
    assert nearest_site(BERLIN, {"B": BERLIN, "A": BERLIN}) == Nearest("A", 0.0)


def test_without_sites_nothing_is_near():
    assert nearest_site(BERLIN, {}) is None


@pytest.mark.parametrize("place", [(90.1, 0), (0, 181), (float("nan"), 0), (0, float("inf"))])
def test_what_is_no_place_is_refused(place):
    with pytest.raises(CannotCompute) as refusal:
        distance_km(place, BERLIN)
    assert refusal.value.code == "no_such_place"


@given(places, places)
def test_no_way_is_longer_than_half_round_the_earth_and_both_ways_are_equal(start, end):
    assert 0 <= distance_km(start, end) <= 20_015.1
    assert distance_km(start, end) == pytest.approx(distance_km(end, start))
