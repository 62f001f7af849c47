"""Ratings as tables over the API and at the terminal."""

from typing import Any

import pytest

from scoring.models import Rating, RatingImport
from tests.factories import make_criterion
from tests.scoring.test_rating_tables import row, upload

pytestmark = pytest.mark.django_db
API = "/api/v1/rating-imports/"


@pytest.fixture
def fit() -> Any:
    return make_criterion("fit", name_de="Passung", name_en="Fit")


def test_it_is_all_in_the_api(api: Any, account: Any, alice: Any, fit: Any) -> None:
    client = api(alice)
    made = client.post(API, {"rows": [row(account, "7", note="so")]}, format="json")
    assert (made.status_code, made.json()["counts"]) == (201, {"new": 1, "changed": 0, "unchanged": 0})
    url = f"{API}{made.json()['id']}/"
    done = client.post(f"{url}commit/")
    assert (done.json()["state"], Rating.objects.get().note) == ("committed", "so")
    assert client.post(f"{url}commit/").status_code == 409
    assert client.delete(url).status_code == 409
    assert client.post(f"{url}undo/").json()["state"] == "undone"
    assert not Rating.objects.exists()
    file = upload(f"account,criterion,rating\n{account.name},fit,12\nNobody,fit,7\n")
    wrong = client.post(API, {"file": file}, format="multipart")
    problems = [(each["row"], each["field"]) for each in wrong.json()["problems"]]
    assert (wrong.status_code, problems) == (201, [(2, "rating"), (3, "account")])
    refused = client.post(f"{API}{wrong.json()['id']}/commit/")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_has_problems")
    assert client.delete(f"{API}{wrong.json()['id']}/").status_code == 204


@pytest.mark.parametrize("body", [{}, {"rows": []}, {"rows": [{"account": "A"}]}, {"rows": "x"}])
def test_a_body_that_is_no_table_is_a_problem(api: Any, alice: Any, body: Any) -> None:
    assert api(alice).post(API, body, format="json").status_code == 422


def test_rows_without_a_rating_are_refused_by_the_name_of_what_was_sent(
    api: Any, account: Any, alice: Any, fit: Any
) -> None:
    refused = api(alice).post(API, {"rows": [row(account, "")]}, format="json")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/rows"]
    file = upload(f"account,criterion,rating\n{account.name},fit,\n")
    refused = api(alice).post(API, {"file": file}, format="multipart")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/file"]


def ran(*options: str) -> str:
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command("import_ratings", *options, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_command_tries_and_takes_over(account: Any, alice: Any, fit: Any, tmp_path: Any) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(f"account,criterion,rating\n{account.name},fit,7\n")
    options = (str(file), "--rater", alice.email)
    assert ran(*options) == "new: 1, changed: 0, unchanged: 0"
    assert (Rating.objects.count(), RatingImport.objects.count()) == (0, 0)
    ran(*options, "--commit")
    assert (Rating.objects.get().rater, RatingImport.objects.get().state) == (alice, "committed")


@pytest.mark.parametrize("wrong", ["row", "rater", "round", "file"])
def test_the_command_writes_nothing_when_something_is_wrong(
    account: Any, alice: Any, fit: Any, tmp_path: Any, wrong: str
) -> None:
    from django.core.management.base import CommandError

    file = tmp_path / "ratings.csv"
    file.write_text(f"account,criterion,rating\n{account.name},fit,{12 if wrong == 'row' else 7}\n")
    options = [str(file if wrong != "file" else tmp_path / "none.csv"), "--commit", "--rater"]
    options += ["nobody@example.com" if wrong == "rater" else alice.email]
    options += ["--round", "Never"] if wrong == "round" else []
    with pytest.raises(CommandError):
        ran(*options)
    assert (Rating.objects.count(), RatingImport.objects.count()) == (0, 0)
