"""The ground that everything stands on."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_it_answers_a_probe_without_sign_in(client) -> None:
    assert client.get("/healthz").content == b"ok"


def test_an_unknown_api_address_answers_a_problem_document(client, dana) -> None:
    answer = client.get("/api/v1/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_the_api_tells_who_is_calling(api, alice) -> None:
    assert api(alice).get("/api/v1/me/").json()["user"]["email"] == "alice@example.com"


def test_the_root_lists_its_resources(api, alice) -> None:
    assert "jobs" in api(alice).get("/api/v1/").json()["resources"]
