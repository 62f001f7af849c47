"""People, roles and the first visit."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext

from kam.lib.errors import DomainError, InvalidInput
from kam.users import actions, borrowed, first_visit
from kam.users.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_an_address_is_taken_whatever_its_case(dana) -> None:
    with pytest.raises(InvalidInput):
        actions.create_user("DANA@example.com", name="D", role="kam", password=PASSWORD, by=dana)


def test_the_last_leader_keeps_her_role(dana) -> None:
    with pytest.raises(DomainError):
        actions.change_access(dana, role="kam", is_active=True, by=dana)


def test_a_leader_can_go_when_another_stays(dana) -> None:
    other = make_user("Other", "leader")
    assert actions.change_access(dana, role="kam", is_active=True, by=other).role == "kam"


def test_an_empty_installation_shows_the_wizard(client) -> None:
    assert client.get("/")["Location"] == "/setup/"


@pytest.mark.parametrize("sentence", borrowed.SENTENCES)
def test_the_sign_in_pages_speak_formal_german(sentence) -> None:
    with translation.override("de"):
        german = gettext(sentence)
    assert german != sentence
    assert not re.search(r"\b(du|dein\w*|dich|dir)\b", german, re.IGNORECASE)


def test_the_page_for_a_forgotten_password_speaks_formal_german(client) -> None:
    make_user("Dana", "leader")
    page = client.get("/sign-in/password/reset/", headers={"accept-language": "de"}).content.decode()
    assert "Geben Sie Ihre E-Mail-Adresse ein" in page


@pytest.mark.parametrize("path", ["/sign-in/login/", "/sign-in/password/reset/"])
def test_no_placeholder_repeats_a_label(client, path) -> None:
    make_user("Dana", "leader")
    assert "placeholder" not in client.get(path).content.decode()


def test_it_tells_whoever_is_signed_in_already(sign_in, dana) -> None:
    page = sign_in(dana).get("/sign-in/password/reset/", headers={"accept-language": "de"}).content.decode()
    assert "Sie sind bereits als Dana Dorn angemeldet." in page
    assert "Notiz" not in page


def test_a_browser_knows_what_the_wizard_asks_for(client) -> None:
    page = client.get(first_visit.setup_link()).content.decode()
    wanted = ["organization", "name", "username", "new-password"]
    assert [word for word in wanted if f'autocomplete="{word}"' not in page] == []


def test_the_one_time_link_creates_the_first_leader(client) -> None:
    link = first_visit.setup_link()
    data = {
        "organisation": "Acme",
        "currency": "EUR",
        "name": "Dana",
        "email": "d@example.com",
        "password": PASSWORD,
    }
    assert client.post(link, data).status_code == 302
    assert User.objects.get().role == "leader"
    # The second factor that comes next does not ask for the password that was typed just now.
    assert client.get("/sign-in/2fa/totp/activate/").status_code == 200


def test_the_link_works_once(client) -> None:
    link = first_visit.setup_link()
    data = {
        "organisation": "Acme",
        "currency": "EUR",
        "name": "Dana",
        "email": "d@example.com",
        "password": PASSWORD,
    }
    client.post(link, data)
    client.logout()
    assert client.get(link).status_code == 404


def test_a_wizard_that_is_sent_twice_at_once_makes_one_leader(client, dana, monkeypatch) -> None:
    monkeypatch.setattr(
        first_visit, "is_valid", lambda token: True
    )  # it was, when the second request came in
    data = {
        "organisation": "A",
        "currency": "EUR",
        "name": "E",
        "email": "e@example.com",
        "password": PASSWORD,
    }
    answer = client.post("/setup/link/", data, follow=True, headers={"Accept-Language": "en"})
    assert "This installation has been set up already." in answer.content.decode()
    assert list(User.objects.all()) == [dana]


@pytest.mark.parametrize("token", ["wrong", "é"])
def test_another_token_opens_nothing(client, token) -> None:
    first_visit.setup_link()
    assert client.get(f"/setup/{token}/").status_code == 404


def test_staff_without_a_second_factor_are_sent_to_set_one_up(client, dana, settings) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    client.force_login(dana)
    answer = client.get("/settings/", follow=True, headers={"Accept-Language": "en"})
    assert answer.redirect_chain == [("/sign-in/2fa/?required=1", 302)]
    assert "sign in with a second factor" in answer.content.decode()


def test_the_page_of_addresses_does_not_close_the_way_to_a_second_factor(client, dana) -> None:
    client.force_login(dana)
    client.get("/sign-in/email/")  # allauth notes the address here, as one that nobody has confirmed
    assert client.get("/sign-in/2fa/webauthn/add/").status_code == 200


def test_the_language_switch_is_remembered(sign_in, alice) -> None:
    browser = sign_in(alice)
    browser.post("/language/", {"language": "en", "next": "/settings/"})
    alice.refresh_from_db()
    assert (alice.language, browser.get("/settings/")["Content-Language"]) == ("en", "en")


@pytest.mark.parametrize("back", ["not-a-page", "{'a':", "=1+1", "a\x00b"])
def test_a_way_back_that_is_none_of_ours_breaks_nothing(sign_in, alice, back: str) -> None:
    answer = sign_in(alice).post("/theme/", {"theme": "dark", "next": back})
    assert answer.status_code == 302


def test_the_switch_never_sends_anybody_elsewhere(sign_in, alice) -> None:
    answer = sign_in(alice).post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_leader_adds_a_person(sign_in, dana) -> None:
    data = {"name": "Eve", "email": "eve@example.com", "role": "sales", "password": PASSWORD}
    sign_in(dana).post("/settings/people/", data)
    assert User.objects.get(email="eve@example.com").role == "sales"


def test_a_key_is_shown_once(sign_in, alice) -> None:
    browser = sign_in(alice)
    answer = browser.post("/settings/api-keys/", {"name": "BI", "scopes": ["accounts:read"], "days": "30"})
    assert b"kam_" in answer.content
    assert b'id="secret"' not in browser.get("/settings/api-keys/").content


@pytest.mark.parametrize(
    ("own", "asked", "answered"),
    [
        ("en", None, "en"),
        ("en", "*", "en"),
        ("en", "fr", "en"),
        ("en", "de", "de"),
        ("de", "fr, en;q=0.5", "en"),
        ("", None, "de"),
    ],
)
def test_the_api_answers_in_the_language_of_the_keys_owner_unless_asked_for_another(
    api, alice, own: str, asked: str | None, answered: str
) -> None:
    alice.language = own
    alice.save(update_fields=["language"])
    titles = {
        "de": "Hier ist nichts, oder Sie dürfen es nicht sehen.",
        "en": "There is nothing here, or you may",
    }
    headers = {"Accept-Language": asked} if asked else {}
    answer = api(alice).get(f"/api/v1/accounts/{alice.pk}/", headers=headers)
    assert answer["Content-Language"] == answered
    assert answer.json()["title"].startswith(titles[answered])


def test_the_language_of_one_call_is_not_that_of_the_next(api, alice) -> None:
    alice.language = "en"
    alice.save(update_fields=["language"])
    client = api(alice)
    assert client.get("/api/v1/me/")["Content-Language"] == "en"
    client.credentials()
    assert client.get("/api/v1/me/")["Content-Language"] == "de"


@pytest.mark.parametrize("email", ["nomail", "a@b", "", "x" * 250 + "@firma.example"])
def test_nobody_is_created_with_what_is_no_address(email) -> None:
    with pytest.raises(ValidationError):
        actions.create_user(email, name="", role="leader", password=PASSWORD, by=None)
    assert not User.objects.exists()


def test_whoever_gives_no_name_is_called_by_the_address(db) -> None:
    created = actions.create_user("jo@firma.example", name="", role="kam", password=PASSWORD, by=None)
    assert created.name == "jo"


TITLE = re.compile(r"<(title|h1|h2|button)[^>]*>(.*?)</\1>", re.DOTALL)


@pytest.mark.parametrize(
    "path",
    ["password/reset/", "password/change/", "logout/", "email/", "2fa/", "2fa/recovery-codes/generate/"],
)
def test_the_english_pages_of_the_way_in_write_titles_like_ours(sign_in, dana, path) -> None:
    page = (
        sign_in(dana).get(f"/sign-in/{path}", follow=True, headers={"accept-language": "en"}).content.decode()
    )
    titles = [re.sub(r"<[^>]+>", " ", text).split("\u00b7")[0] for _tag, text in TITLE.findall(page)]
    assert [text.strip() for text in titles if re.search(r"[a-z] [A-Z][a-z]", text.strip())] == []
