"""Failed sign-ins are counted by the client's address, as the outermost proxy of ours saw it."""

import pytest

TOO_MANY = "Too many failed login attempts"


@pytest.fixture(autouse=True)
def two_proxies(settings, alice) -> None:  # without a person every page is the first visit
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2


@pytest.fixture
def fails(client):
    """Return a function that fails to sign in and returns whether that was once too often."""

    def attempt(number: int, forwarded: str | None) -> bool:
        headers = {"Accept-Language": "en"} | ({"X-Forwarded-For": forwarded} if forwarded else {})
        data = {"login": f"nobody{number}@example.com", "password": "wrong"}
        answer = client.post("/sign-in/login/", data, headers=headers)
        assert answer.status_code == 200
        return TOO_MANY in answer.content.decode()

    return attempt


def test_two_clients_behind_the_same_proxies_are_counted_apart(fails) -> None:
    assert any(fails(number, "203.0.113.7, 192.0.2.1") for number in range(12))
    assert not fails(12, "203.0.113.8, 192.0.2.1")


def test_an_address_that_the_client_names_itself_is_not_believed(fails) -> None:
    assert any(fails(number, f"198.51.100.{number}, 203.0.113.7, 192.0.2.1") for number in range(12))


@pytest.mark.parametrize("named", [None, "198.51.100.{}"])
def test_who_comes_past_a_proxy_is_counted_as_one_whatever_she_names(fails, named) -> None:
    assert any(fails(number, named and named.format(number)) for number in range(12))
