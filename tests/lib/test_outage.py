"""What is answered while the database or the broker is away."""

import pytest
from django.db import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

PAGE, ENDPOINT = "reports.views.portfolio._shown", "reports.api.portfolio.portfolio"
AWAY = [OperationalError("connection refused"), RedisConnectionError("connection refused")]


def failing(monkeypatch, where, error):
    def fail(*args, **values):
        raise error

    monkeypatch.setattr(where, fail)


@pytest.mark.parametrize("error", AWAY)
def test_a_page_says_that_it_passes_and_what_is_safe(sign_in, dana, monkeypatch, error):
    failing(monkeypatch, PAGE, error)
    browser = sign_in(dana)
    browser.raise_request_exception = False
    answer = browser.get("/portfolio/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Was gespeichert ist, ist sicher" in answer.content.decode()


def test_the_page_needs_nothing_of_the_database_that_is_away(sign_in, dana, monkeypatch):
    browser = sign_in(dana)
    failing(monkeypatch, "django.contrib.auth.middleware.get_user", AWAY[0])
    browser.raise_request_exception = False
    answer = browser.get("/portfolio/")
    assert answer.status_code == 503
    assert '<html lang="de"' in answer.content.decode()


@pytest.mark.parametrize("error", AWAY)
def test_the_api_says_when_to_try_again(api, dana, monkeypatch, error):
    failing(monkeypatch, ENDPOINT, error)
    answer = api(dana).get("/api/v1/portfolio/concentration/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert answer.json()["code"] == "unavailable"


def test_any_other_failure_is_a_crash(api, dana, monkeypatch):
    failing(monkeypatch, ENDPOINT, ValueError("a mistake of ours"))
    answer = api(dana).get("/api/v1/portfolio/concentration/")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "Retry-After" not in answer
