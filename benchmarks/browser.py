"""Requests in this process: to the product as a leader or with an API key, and to the floor's plain views."""

from typing import Any

from django.test import Client, override_settings

from kam.integrations.actions import create_api_key
from kam.users.models import User

# The floor of a page is a page of a new Django project: its default middleware, and somebody signed in.
PROJECT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PLAIN = override_settings(
    ROOT_URLCONF="benchmarks.floors",
    MIDDLEWARE=PROJECT,
    SESSION_ENGINE="django.contrib.sessions.backends.db",
)


def leader() -> User:
    """Return the person who asks; the database's owner of every account."""
    return User.objects.get(email="bench@example.com")


def as_leader() -> Client:
    """Return a browser that is signed in."""
    client = Client(headers={"accept-language": "en"}, SERVER_NAME="localhost")
    client.force_login(leader())
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def with_key() -> Client:
    """Return an API client with a key of the leader's own."""
    _key, secret = create_api_key(leader(), name="bench", scopes=["all"], by=leader())
    return Client(headers={"authorization": f"Bearer {secret}"}, SERVER_NAME="localhost")


def get(client: Client, path: str) -> Any:
    """Fetch a page and insist that it came."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer


def queries(client: Client, path: str) -> int:
    """Return how many statements a page needs."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        get(client, path)
    return len(captured)
