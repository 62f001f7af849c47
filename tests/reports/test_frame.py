"""The frame of every page is drawn once for all who see the same: a change of what it shows is seen at once."""

import re
from typing import Any

import pytest
from django.test import Client

from kam.users.models import Organisation
from tests.reports.test_account_list import sold

URL = "/accounts/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def seen(sign_in: Any, account: Any, dana: Any) -> Any:
    """Return what Dana reads, after the page was drawn for her once."""
    client = sign_in(dana)
    client.get(URL)

    def read(path: str = URL, **cookies: str) -> str:
        for name, value in cookies.items():
            client.cookies[name] = value
        return str(client.get(path, headers={"Accept-Language": "en"}).content.decode())

    return read


def test_language_and_theme_are_the_readers(seen: Any) -> None:
    assert "Sign out" in seen()
    assert "Abmelden" in seen(django_language="de")
    assert re.search(r'value="dark" aria-pressed="true"', seen(theme="dark"))
    assert re.search(r'value="light" aria-pressed="true"', seen(theme="light"))


def test_a_new_name_of_company_or_person_is_shown(seen: Any, dana: Any) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Northwind"})
    assert '<span class="trunc">Northwind</span>' in seen()
    type(dana).objects.filter(pk=dana.pk).update(name="Dana Renamed")
    assert "Dana Renamed" in seen()


def test_a_new_currency_is_shown(seen: Any, account: Any) -> None:
    sold(account, "5000")
    assert "€5k" in seen()
    Organisation.objects.filter(pk=1).update(currency="USD")
    assert "$5k" in seen()


def test_a_role_that_was_taken_away_takes_its_entries_along(seen: Any, dana: Any) -> None:
    assert "/accounts/new/" in seen()
    assert 'data-nav="admin:index"' in seen()
    type(dana).objects.filter(pk=dana.pk).update(role="viewer")
    page = seen()
    assert "/accounts/new/" not in page
    assert 'data-nav="admin:index"' not in page


def test_the_rail_marks_where_one_is(seen: Any) -> None:
    for name, path in (("accounts:list", URL), ("portfolio", "/portfolio/"), ("accounts:list", URL)):
        current = re.findall(r'data-nav="([^"]+)" aria-current="page"', seen(path))
        assert current == [name]


def test_the_form_says_what_was_asked_for(seen: Any) -> None:
    assert 'value="lens"' in seen(f"{URL}?q=lens")
    assert 'value="glass"' in seen(f"{URL}?q=glass")
    assert '<option value="prospect" selected>' in seen(f"{URL}?status=prospect")
    assert '<option value="prospect" selected>' not in seen()


def test_the_forms_lead_back_to_where_one_is(seen: Any) -> None:
    assert 'name="next" value="/accounts/?q=lens"' in seen(f"{URL}?q=lens")
    assert 'name="next" value="/accounts/"' in seen()


def test_nobody_gets_another_readers_token(account: Any, alice: Any, bob: Any) -> None:
    readers = [Client(enforce_csrf_checks=True) for _person in (alice, bob)]
    for reader, person in zip(readers, (alice, bob), strict=True):
        reader.force_login(person)
    tokens = [set(TOKEN.findall(reader.get(URL).content.decode())) for reader in readers]
    assert tokens[0]
    assert not tokens[0] & tokens[1]
    theirs = {"csrfmiddlewaretoken": tokens[0].pop(), "theme": "dark"}
    assert readers[1].post("/theme/", theirs).status_code == 403
    assert readers[0].post("/theme/", theirs).status_code in (204, 302, 303)
