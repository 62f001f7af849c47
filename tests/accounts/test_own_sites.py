"""Our own sites: written down, changed, closed, removed; and the distances that follow from them."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions.sites import create_site, update_site
from accounts.arithmetic import CannotCompute
from accounts.distances import nearest_site_of, service_distances
from accounts.geo import distance_km, nearest_km, read_place
from accounts.models import Account, Activity, OwnSite
from kam.lib.errors import Conflict, InvalidInput
from tests.factories import make_account, make_site

TODAY = date(2026, 6, 30)
BERLIN, HAMBURG = ("52.52", "13.405"), ("53.5511", "9.9937")
VALUES = {"name": "Plant", "latitude": "52.52", "longitude": "13.405"}
FORM = {"name": "Plant", "place": "52.52, 13.405"}
places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def located(latitude: str, longitude: str) -> Account:
    return make_account(latitude=Decimal(latitude), longitude=Decimal(longitude))


@given(st.lists(places, min_size=1, max_size=8), st.lists(places, min_size=1, max_size=4))
def test_many_ways_at_once_are_the_ways_one_by_one(accounts: Any, sites: Any) -> None:
    found = nearest_km(np.array(accounts), sites)
    one_by_one = [min(distance_km(place, site) for site in sites) for place in accounts]
    # Half way around the earth the last digits of a double are metres.
    assert found == pytest.approx(one_by_one, rel=1e-9, abs=0.2)


def test_without_a_site_every_way_is_missing() -> None:
    assert np.isnan(nearest_km(np.array([(52.52, 13.405)]), [])).all()


@pytest.mark.parametrize(
    "text", ["53.5511, 9.9937", "53,5511; 9,9937", "53.5511 9.9937", "53.5511° 9.9937°", " 53.5511,9.9937 "]
)
def test_coordinates_are_read_as_maps_and_spreadsheets_write_them(text: str) -> None:
    assert read_place(text) == (Decimal("53.5511"), Decimal("9.9937"))


def test_southern_and_western_coordinates_are_read_too() -> None:
    assert read_place("-33.8688, \u2212151.20931234") == (Decimal("-33.8688"), Decimal("-151.209312"))


@pytest.mark.parametrize("text", ["", "Hamburg", "53.5", "53.5, 9.9, 4", "91, 10", "10, 181", "1e2, 5"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(CannotCompute):
        read_place(text)


@pytest.mark.django_db
def test_the_nearest_open_site_counts_and_who_has_no_coordinates_is_missing() -> None:
    make_site("Berlin", *BERLIN)
    make_site("Hamburg", *HAMBURG, opened_on=date(2026, 1, 1), closed_on=date(2026, 12, 1))
    near_hamburg, _nowhere = located("53.6", "10.0"), make_account()
    for day, site in ((date(2025, 12, 31), "Berlin"), (TODAY, "Hamburg"), (date(2026, 12, 1), "Berlin")):
        found = nearest_site_of(near_hamburg, day)
        assert found is not None
        assert found.site == site
        assert list(service_distances(day).values()) == [pytest.approx(found.km, rel=1e-9)]


@pytest.mark.django_db
def test_ways_take_two_queries_whatever_the_number_of_accounts(django_assert_num_queries: Any) -> None:
    make_site()
    for number in (2, 8):
        for step in range(number):
            located(f"{50 + step}.1", "9.5")
        with django_assert_num_queries(2):
            service_distances(TODAY)


@pytest.mark.django_db
def test_only_the_accounts_asked_for_are_looked_at() -> None:
    make_site()
    account, _other = located("53.6", "10.0"), located("48.1", "11.5")
    assert len(service_distances(TODAY, Account.objects.filter(pk=account.pk))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"latitude": "91"}, "latitude"),
        ({"longitude": "-181"}, "longitude"),
        ({"latitude": None}, "latitude"),
        ({"opened_on": date(2026, 2, 1), "closed_on": date(2026, 2, 1)}, "closed_on"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_site_that_is_none_is_refused_with_its_field(dana: Any, change: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_site(values=VALUES | change, by=dana)
    assert refused.value.field == field
    assert not OwnSite.objects.exists()


@pytest.mark.django_db
def test_a_name_is_given_once(dana: Any) -> None:
    create_site(values=VALUES, by=dana)
    with pytest.raises(InvalidInput) as refused:
        create_site(values=VALUES, by=dana)
    assert refused.value.code == "name_taken"


@pytest.mark.django_db
def test_two_people_changing_a_site_do_not_overwrite_each_other(dana: Any) -> None:
    site = create_site(values=VALUES, by=dana)
    update_site(site, values={"city": "Berlin"}, by=dana, expected_version=1)
    with pytest.raises(Conflict):
        update_site(OwnSite.objects.get(), values={"city": "Köln"}, by=dana, expected_version=1)


@pytest.mark.django_db
def test_the_page_adds_changes_and_deletes(sign_in: Any, dana: Any) -> None:
    browser = sign_in(dana)
    browser.post("/settings/sites/", FORM | {"city": "Berlin"})
    site = OwnSite.objects.get()
    assert (site.city, site.latitude, site.longitude) == ("Berlin", Decimal("52.52"), Decimal("13.405"))
    page = browser.get(f"/settings/sites/{site.pk}/")
    assert page.context["form"]["place"].value() == "52.52, 13.405"
    changed = FORM | {"place": "53,5511; 9,9937", "initial-place": "52.52, 13.405", "version": "1"}
    browser.post(f"/settings/sites/{site.pk}/", changed | {"initial-name": "Plant"})
    site.refresh_from_db()
    assert site.longitude == Decimal("9.9937")
    browser.post(f"/settings/sites/{site.pk}/delete/")
    verbs = Activity.objects.filter(verb__startswith="own_site").order_by("created_at")
    assert [entry.verb for entry in verbs] == ["own_site.created", "own_site.updated", "own_site.deleted"]


@pytest.mark.django_db
def test_the_page_says_what_is_wrong(sign_in: Any, dana: Any) -> None:
    answer = sign_in(dana).post("/settings/sites/", FORM | {"place": "somewhere"})
    assert list(answer.context["form"].errors) == ["place"]


@pytest.mark.django_db
def test_a_conflict_shows_yours_and_theirs(sign_in: Any, dana: Any) -> None:
    site = make_site("Plant", *BERLIN)
    update_site(site, values={"city": "Berlin"}, by=dana)
    body = FORM | {"city": "Köln", "initial-city": "", "initial-name": "Plant", "version": "1"}
    answer = sign_in(dana).post(f"/settings/sites/{site.pk}/", body)
    assert answer.status_code == 409
    assert b"Berlin" in answer.content


@pytest.mark.django_db
def test_sites_are_kept_over_the_api(api: Any, dana: Any, alice: Any) -> None:
    assert api(alice).post("/api/v1/own-sites/", VALUES, format="json").status_code == 403
    made = api(dana).post("/api/v1/own-sites/", VALUES, format="json")
    assert (made.status_code, made.json()["latitude"]) == (201, "52.520000")
    url = f"/api/v1/own-sites/{made.json()['id']}/"
    assert api(alice).get("/api/v1/own-sites/").json()["results"][0]["name"] == "Plant"
    wrong = api(dana).patch(url, {"latitude": "95"}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/latitude")
    closed = api(dana).patch(url, {"closed_on": "2026-07-01"}, format="json", headers={"If-Match": '"1"'})
    assert closed.json()["closed_on"] == "2026-07-01"
    stale = api(dana).patch(url, {"city": "Berlin"}, format="json", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert api(dana).delete(url).status_code == 204


@pytest.mark.django_db
def test_the_admin_panel_writes_through_the_same_door(sign_in: Any, dana: Any, settings: Any) -> None:
    browser = sign_in(dana)
    path = f"/{settings.ADMIN_PATH.strip('/')}/accounts/ownsite/"
    browser.post(f"{path}add/", VALUES)
    site = OwnSite.objects.get()
    browser.post(f"{path}{site.pk}/delete/", {"post": "yes"})
    assert not OwnSite.objects.exists()
    assert Activity.objects.filter(verb="own_site.deleted").count() == 1
