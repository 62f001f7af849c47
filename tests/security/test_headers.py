"""What every answer carries."""

import re

import pytest

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(?:src=|application/json))")


@pytest.fixture
def pages(sign_in, dana):
    return sign_in(dana)


@pytest.mark.parametrize(
    "path", ["/settings/", "/jobs/", "/admin/", "/sign-in/login/", "/no/such/page/", "/api/v1/docs/"]
)
def test_the_policy_allows_nothing_inline(pages, path) -> None:
    answer = pages.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert INLINE.findall(answer.content.decode()) == []


@pytest.mark.parametrize("path", ["/settings/", "/api/v1/me/"])
def test_private_answers_are_not_stored(pages, path) -> None:
    assert pages.get(path)["Cache-Control"] == "no-store"


def test_an_answer_names_its_request(client, db) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abcdefgh-1"})["X-Request-ID"] == "abcdefgh-1"


def test_a_forged_request_id_is_replaced(client, db) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "<script>"})["X-Request-ID"] != "<script>"


def test_an_answer_tells_the_rate_limit(api, alice) -> None:
    answer = api(alice).get("/api/v1/me/")
    assert answer["X-RateLimit-Limit"] == "600"
    assert answer["RateLimit-Policy"] == '"default";q=600;w=60'


def test_the_601st_read_of_a_minute_is_refused(api, alice, settings) -> None:
    settings.API_LIMITS = {"read": 2, "write": 2}
    caller = api(alice)
    answers = [caller.get("/api/v1/me/") for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) in range(1, 62)
