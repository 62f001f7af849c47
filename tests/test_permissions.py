"""The matrix: every route × method × role × relation to the object. Nothing here names a route by hand."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccountTeamMember
from kam.lib.ids import uuid7
from kam.users.models import Role
from tests.factories import make_account, make_user
from tests.matrix.objects import OBJECTS, SHARED
from tests.matrix.routes import OUTSIDE, Route, routes

ROUTES = [route for route in routes() if route.name not in OUTSIDE]
GUARDED = [route for route in ROUTES if route.policy and not route.policy.public]
CELLS = [(route, method) for route in GUARDED for method in route.methods]
WRITES = ("INSERT", "UPDATE", "DELETE")
# Written whatever the answer: the session, when a key was last used, the count of requests.
BOOKKEEPING = ("django_session", "last_used_at", "last_login")
CREATES_WHAT_IS_MISSING = {"api:account_by_external_id"}
DONE = {200, 201, 202, 204, 207, 302, 303}
NOT_DONE_BUT_LET_IN = {400, 409, 412, 415, 422}


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_route_states_its_policy(route: Route) -> None:
    assert route.policy is not None, f"{route.pattern} has no policy"


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_a_route_with_an_object_says_what_it_is_about(route: Route) -> None:
    assert not route.arguments or route.policy.about in OBJECTS


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "method"), CELLS, ids=str)
def test_a_stranger_is_sent_to_the_door_and_writes_nothing(client: Client, route: Route, method: str) -> None:
    make_user("Anybody")  # without anybody, the first-visit wizard would answer
    status = _call(client, route, method, _missing(route), may_write=False)
    assert status in ({401} if route.is_api else {302})


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "method"), CELLS, ids=str)
def test_the_role_decides_and_then_the_object(
    client: Client, settings: Any, route: Route, method: str
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = False
    settings.API_LIMITS = {"read": 10_000, "write": 10_000}
    wrong = []
    for role in Role.values:
        person = make_user("Person", role)
        client.force_login(person)
        allowed = route.policy.allows(person, method)
        for relation, arguments in _relations(route, person):
            status = _call(client, route, method, arguments, may_write=allowed and relation == "own")
            if status not in _expected(allowed, relation, route, role):
                wrong.append(f"{role}, {relation}: {status}")
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in GUARDED if route.is_api], ids=str)
def test_a_method_that_an_address_does_not_know_is_said_to_whoever_may_use_it(
    client: Client, settings: Any, route: Route
) -> None:
    settings.API_LIMITS = {"read": 10_000, "write": 10_000}
    wrong = []
    for role in [None, *Role.values]:
        person = make_user("Person", role or Role.VIEWER)
        client.force_login(person) if role else client.logout()
        may_use = any(route.policy.allows(person, method) for method in route.methods)
        expected = 401 if role is None else 405 if may_use else 403
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {*route.methods}:
            status = _call(client, route, method, _missing(route), may_write=False)
            if status != expected:
                wrong.append(f"{method} as {role}: {status} instead of {expected}")
    assert wrong == []


def _expected(allowed: bool, relation: str, route: Route, role: str) -> set[int]:
    if not allowed:
        return {403}
    if relation == "missing":
        return {404, 422} if route.name in CREATES_WHAT_IS_MISSING else {404}
    if relation == "foreign" and role not in (Role.LEADER, Role.VIEWER):
        return {404}
    let_in = DONE | NOT_DONE_BUT_LET_IN
    return let_in | {404} if relation == "foreign" else let_in


def _relations(route: Route, person: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if not route.arguments:
        yield "own", {}
        return
    own = make_account("Own GmbH")
    AccountTeamMember.objects.create(account=own, user=person, function="sales")
    yield "missing", _missing(route)
    if route.policy.about not in SHARED:
        stranger = make_user("Stranger")
        yield (
            "foreign",
            _arguments(
                route, OBJECTS[route.policy.about](stranger, make_account("Foreign GmbH", owner=stranger))
            ),
        )
    yield "own", _arguments(route, OBJECTS[route.policy.about](person, own))


def _arguments(route: Route, made: Any) -> dict[str, Any]:
    return made if isinstance(made, dict) else {route.arguments[0]: made.pk}


def _missing(route: Route) -> dict[str, Any]:
    return {name: uuid7() for name in route.arguments}


def _call(client: Client, route: Route, method: str, arguments: dict[str, Any], *, may_write: bool) -> int:
    url = reverse(route.name, kwargs=arguments)
    extra = {"data": "{}", "content_type": "application/json"} if route.is_api and method != "GET" else {}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.generic(method, url, **extra) if method != "GET" else client.get(url)
    written = [
        q["sql"]
        for q in queries
        if q["sql"].lstrip('" ').startswith(WRITES) and not any(b in q["sql"] for b in BOOKKEEPING)
    ]
    assert may_write or answer.status_code in DONE or not written, written
    if not may_write and answer.status_code in (401, 403, 404, 405):
        assert not written, written
    return int(answer.status_code)
