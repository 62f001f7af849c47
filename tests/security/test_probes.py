"""Hostile input answers 4xx: never a 5xx, never a silent success."""

import json
from base64 import urlsafe_b64encode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from kam.integrations.models import ApiKey
from kam.lib.api.parsers import TOKENS
from tests.factories import make_account

DEEP = "[" * 5000 + "]" * 5000
BODIES = {
    "nul": b'{"name": "\\u0000"}',
    "surrogate": b'{"name": "\\ud800"}',
    "deep": DEEP.encode(),
    "very deep": b"[" * 100_000,
    "nan": b'{"name": NaN}',
    "infinity": b'{"name": 1e999}',
    "digits": b'{"name": ' + b"9" * 5000 + b"}",
    "not utf-8": b'{"name": "\xff"}',
    "open string": b'{"name": "' + b'\\"' * 500_000,
    "twice": b'{"name": 1, "name": 2}',
    "not json": b"{",
}
QUERIES = [
    "cursor=%00", "cursor=eyJ4", "limit=99999999999999999999", "limit=-1", "limit=x", "order=password", "nothing=1",
    "limit=1&limit=2", "fields=secret_hash", "expand=owner__password", "id__in=9223372036854775808", "cursor=W10",
    "d__year=99999", "include=%F0%9F%92%A9", "limit=٣",
    "limit=000000001" + "0" * 5000, "limit=0000000011000000",
]  # fmt: skip
HOSTILE = ["\ud800", "\x00", "NaN", "2026-13-99", 10**30, float("nan"), float("inf"), None, True, [], {}]


@pytest.fixture
def lists(client) -> list[str]:
    from tests.matrix.routes import routes

    return [
        f"/{r.pattern}" for r in routes() if r.is_api and not r.arguments and "GET" in r.methods and r.policy
    ]


@pytest.fixture
def writers() -> list[str]:
    from tests.matrix.routes import routes

    return [f"/{r.pattern}" for r in routes() if r.is_api and not r.arguments and "POST" in r.methods]


@pytest.mark.parametrize("query", QUERIES)
def test_a_hostile_query_is_refused_or_ignored_never_a_crash(api, dana, lists, query) -> None:
    caller = api(dana)
    caller.raise_request_exception = False
    crashed = [path for path in lists if caller.get(f"{path}?{query}").status_code >= 500]
    assert crashed == []


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_outside_the_calendar_of_utc_is_refused(api, dana, moment) -> None:
    caller = api(dana)
    filtered = caller.get("/api/v1/accounts/", {"updated_since": moment})
    assert (filtered.status_code, filtered.json()["errors"][0]["pointer"]) == (422, "/updated_since")
    position = json.dumps(["-updated", False, moment, str(uuid4())]).encode()
    walked = caller.get(
        "/api/v1/accounts/", {"order": "-updated", "cursor": urlsafe_b64encode(position).decode()}
    )
    assert walked.status_code in ({400} if connection.vendor == "sqlite" else {200, 400})


@pytest.mark.parametrize("limit", ["0", "201", "000000201", "0000000011000000"])
def test_a_page_is_never_longer_than_200_rows(api, dana, limit) -> None:
    assert api(dana).get(f"/api/v1/accounts/?limit={limit}").json()["code"] == "bad_limit"


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
@pytest.mark.parametrize(
    "path, order", [("accounts", "name"), ("accounts", "-revenue"), ("jobs", "-created")]
)
def test_a_forged_cursor_is_refused_or_finds_nothing(api, dana, path, order, hostile) -> None:
    caller = api(dana)
    caller.raise_request_exception = False
    for position in ([hostile, hostile], [hostile, str(uuid4())]):
        cursor = urlsafe_b64encode(json.dumps([order, False, *position]).encode()).decode()
        answer = caller.get(f"/api/v1/{path}/?order={order}&cursor={cursor}")
        assert answer.status_code in (200, 400), answer.content


def test_a_cursor_nested_beyond_reading_is_refused(api, dana) -> None:
    cursor = urlsafe_b64encode(b"[" * 4000).decode()
    assert api(dana).get(f"/api/v1/accounts/?cursor={cursor}").json()["code"] == "bad_cursor"


@pytest.mark.parametrize("query", ["nothing=1", "include=everything", "order=password", "order=id&order=id"])
def test_no_list_or_figure_ignores_what_it_was_asked(api, dana, lists, query) -> None:
    caller = api(dana)
    answers = {path: caller.get(f"{path}?{query}") for path in lists}
    assert {path: a.status_code for path, a in answers.items() if a.status_code < 400} == {}


def test_no_object_ignores_what_it_was_asked(api, dana) -> None:
    account = make_account(owner=dana)
    path, caller = f"/api/v1/accounts/{account.pk}/", api(dana)
    for part in ("", "facts/", "team/", "merges/", "twins/", "engagement/", "anticipations/"):
        assert caller.get(f"{path}{part}?nothing=1").status_code in (400, 404), part
    assert caller.get(f"{path}facts/?order=x").json()["code"] == "unknown_parameter"
    assert caller.get(f"{path}?fields=name&expand=owner").status_code == 200


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_hostile_document_is_refused(api, dana, writers, body) -> None:
    caller = api(dana)
    caller.raise_request_exception = False
    answers = {
        path: caller.generic("POST", path, body, content_type="application/json").status_code
        for path in writers
    }
    assert {path: status for path, status in answers.items() if not 400 <= status < 500} == {}


@pytest.mark.parametrize(
    "key", ["Bearer", "Bearer x", "Bearer kam_00000000_x", "Bearer kam_é_x", "Bearer a b c"]
)
def test_a_wrong_key_is_refused_with_a_problem(client, db, key) -> None:
    answer = client.get("/api/v1/me/", headers={"Authorization": key})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_a_key_never_exceeds_its_scopes(api, alice) -> None:
    assert api(alice, scopes=("goals:read",)).get("/api/v1/jobs/").status_code == 403


def test_a_revoked_key_is_refused(api, alice) -> None:
    caller = api(alice)
    ApiKey.objects.update(revoked_at="2020-01-01T00:00Z")
    assert caller.get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Die Adresse mit ihren Parametern"), ("en", "The query string")]
)
def test_a_long_query_string_is_refused_in_the_language_of_the_caller(client, db, language, words) -> None:
    answer = client.get("/api/v1/me/?q=" + "x" * 20_000, headers={"Accept-Language": language})
    assert (answer.status_code, answer["Content-Type"]) == (414, "application/problem+json")
    assert answer.json()["detail"].startswith(words)
    assert answer.json()["instance"] == answer["X-Request-ID"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"name": 1, "name": 2}', "ein Schlüssel steht zweimal in einem Objekt"),
        (b'{"employees": 1e999}', "eine Zahl liegt außerhalb des Bereichs"),
        (b'{"employees": NaN}', "NaN ist in JSON keine Zahl"),
        (b'{\n"name" }', "Zeile 2, Spalte 8"),
        (b'{"name": "A", "employees": 9223372036854775808}', "Der Wert darf höchstens"),
        (b"null", "Es wurden keine Daten gesendet."),
    ],
)
def test_a_refused_document_is_explained_in_german(api, dana, body, words) -> None:
    answer = api(dana).generic("POST", "/api/v1/accounts/", body, content_type="application/json")
    assert words in answer.content.decode()


@pytest.mark.parametrize("inside", ['\\"', "\\\n", '\\"['])
def test_a_string_that_never_ends_is_one_token(inside) -> None:
    assert [found.group() for found in TOKENS.finditer('["' + inside * 100)] == ["[", '"' + inside * 100]


def test_a_body_larger_than_any_import_is_refused(client, db, settings) -> None:
    settings.MAX_UPLOAD_SIZE = 10
    assert client.post("/api/v1/jobs/", b"x" * 11, content_type="application/json").status_code == 413


def test_a_form_larger_than_any_import_is_refused_by_a_page_in_the_readers_own_language(
    sign_in, alice, settings
) -> None:
    settings.MAX_UPLOAD_SIZE = 1024**2
    alice.language = "en"
    alice.save(update_fields=["language"])
    file = SimpleUploadedFile("lines.csv", b"x" * 1024**2)
    answer = sign_in(alice).post("/imports/new/", {"file": file}, headers={"Accept-Language": "de"})
    assert (answer.status_code, answer["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert "<h1>The request is larger than 1 MB.</h1>" in answer.content.decode()


@pytest.mark.parametrize("page", ["/accounts/?q=%00", "/portfolio/?period=%00", "/search/?q=%00"])
def test_a_page_asked_with_nul_is_refused(sign_in, alice, page) -> None:
    assert sign_in(alice).get(page).status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_an_address_of_the_api_that_does_not_exist_is_a_problem_document_for_every_method(
    method: str,
) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/goals/none,none/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
