"""The import over the API: the same engine, started by a multipart upload."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.imports.download import error_file_name
from accounts.models import Account, SalesLine
from kam.integrations import jobs
from kam.integrations.models import ImportBatch, Job
from tests.accounts.test_import_sales import FILE
from tests.factories import make_contact, make_import, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/imports/"


def upload(text: str | bytes = FILE) -> SimpleUploadedFile:
    return SimpleUploadedFile("sales.csv", text if isinstance(text, bytes) else text.encode(), "text/csv")


def post(client: Any, **parts: Any) -> Any:
    return client.post(URL, {"file": upload(), **parts}, format="multipart")


def finished(client: Any, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.json()
    jobs.run(answer.json()["job"])
    return client.get(answer["Location"]).json()


def test_it_imports_a_file_as_a_job(api, dana) -> None:
    client = api(dana)
    job = finished(
        client,
        post(
            client,
            **{"map.order": "order", "map.date": "date", "map.account": "account"},
            **{"map.quantity": "quantity", "map.unit_price": "unit_price"},
        ),
    )
    assert (job["state"], job["result"]["new"], job["result"]["without_account"]) == ("succeeded", 4, 1)
    assert SalesLine.objects.count() == 4


def test_a_dry_run_waits_for_the_commit(api, dana) -> None:
    client = api(dana)
    answer = post(client, dry_run="true", mapping=json.dumps({}))
    assert finished(client, answer)["result"]["new"] == 4
    assert not SalesLine.objects.exists()
    batch = answer.json()["id"]
    committed = client.post(f"{URL}{batch}/commit/")
    assert finished(client, committed)["result"]["new"] == 4
    undone = client.post(f"{URL}{batch}/undo/")
    assert finished(client, undone)["result"]["lines_removed"] == 4
    assert client.get(f"{URL}{batch}/").json()["state"] == "undone"


@pytest.mark.parametrize(("language", "message"), [("de", "Keine Zahl"), ("en", "Not a number")])
def test_the_job_says_reasons_like_the_import(api, dana, language: str, message: str) -> None:
    client = api(dana)
    answer = post(client, file=upload(FILE + "A5,2026-03-04,C1,P1,abc,1,\n"))
    jobs.run(answer.json()["job"])
    addresses = answer["Location"], f"{URL}{answer.json()['id']}/"
    job, batch = (client.get(url, headers={"Accept-Language": language}).json() for url in addresses)
    assert job["result"]["reasons"] == batch["reasons"]
    assert message in [reason["message"] for reason in batch["reasons"]]


@pytest.mark.parametrize(
    ("language", "reason"), [("de", "seit dem Import in Gebrauch"), ("en", "in use since the import")]
)
def test_what_an_undo_kept_is_said_in_the_readers_language(api, dana, language: str, reason: str) -> None:
    client = api(dana)
    answer = post(client)
    batch = f"{URL}{answer.json()['id']}/"
    finished(client, answer)
    make_contact(Account.objects.get(references__external_id="C1"))
    undone = client.post(f"{batch}undo/")
    finished(client, undone)
    told = [
        client.get(url, headers={"Accept-Language": language}).json() for url in (undone["Location"], batch)
    ]
    for rows in (told[0]["result"]["kept_rows"], told[1]["kept"]["kept_rows"]):
        assert {row["reason"] for row in rows} == {reason}


def test_it_hands_out_the_rows_that_stayed_out(api, dana) -> None:
    client = api(dana)
    answer = post(client)
    finished(client, answer)
    errors = client.get(f"{URL}{answer.json()['id']}/errors/")
    assert errors["Content-Type"].startswith("text/csv")
    assert b"2026-03-03;;P1" in b"".join(errors.streaming_content)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders.csv", "orders-errors.csv"),
        ("orders.csv.gz", "orders-errors.csv"),
        ("2026.Q1.XLSX", "2026.Q1-errors.csv"),
        ("ORDERS.GZ", "ORDERS-errors.csv"),
        ("orders", "orders-errors.csv"),
    ],
)
def test_the_error_file_is_called_after_the_table(name: str, expected: str) -> None:
    assert error_file_name(ImportBatch(file_name=name)) == expected


def test_a_formula_in_a_refused_row_is_neutralised(api, dana) -> None:
    client = api(dana)
    text = FILE + 'A9,2026-03-01,,"=cmd|x",1,1,\n'
    answer = client.post(URL, {"file": upload(text)}, format="multipart")
    finished(client, answer)
    errors = client.get(f"{URL}{answer.json()['id']}/errors/")
    assert b"'=cmd|x" in b"".join(errors.streaming_content)


def test_without_refused_rows_there_is_no_error_file(api, dana) -> None:
    assert api(dana).get(f"{URL}{make_import(created_by=dana).pk}/errors/").status_code == 404


def test_an_operations_colleague_sees_her_own_imports_only(api, dana) -> None:
    olga = make_user("Olga", "operations")
    own, foreign = make_import(created_by=olga), make_import(created_by=dana)
    client = api(olga)
    assert [row["id"] for row in client.get(URL).json()["results"]] == [str(own.pk)]
    assert client.get(f"{URL}{foreign.pk}/").status_code == 404
    assert client.post(f"{URL}{foreign.pk}/commit/").status_code == 404


def test_a_key_account_manager_may_not_import(api, alice) -> None:
    assert post(api(alice)).status_code == 403
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"mapping": "[1]"}, "not_an_object"),
        ({"mapping": "{"}, "not_an_object"),
        ({"options": json.dumps({"colour": "red"})}, "unknown_option"),
        ({"options": json.dumps({"decimal": {"a": 1}})}, "bad_option"),
        ({"map.order": "nope"}, "unknown_column"),
        ({"kind": "people"}, "invalid"),
        ({"mapping": json.dumps({"order": {"a": 1}})}, "invalid"),
    ],
)
def test_bad_parts_are_refused_with_a_reason(api, dana, parts: dict[str, str], code: str) -> None:
    answer = post(api(dana), **parts)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Job.objects.exists() and not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 64, b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7"]
)
def test_a_bad_file_is_refused_with_a_reason(api, dana, content: bytes) -> None:
    answer = api(dana).post(URL, {"file": upload(content)}, format="multipart")
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert not ImportBatch.objects.exists()


def test_json_instead_of_a_form_is_refused(api, dana) -> None:
    assert api(dana).post(URL, {"file": "x"}, format="json").status_code == 415


def test_a_missing_file_is_refused(api, dana) -> None:
    assert api(dana).post(URL, {"kind": "sales"}, format="multipart").status_code == 422


def test_an_undo_of_what_was_never_imported_is_refused(api, dana) -> None:
    answer = api(dana).post(f"{URL}{make_import(created_by=dana).pk}/undo/")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_import_state")


def test_the_list_needs_the_same_number_of_queries_at_two_sizes(api, dana, django_assert_num_queries) -> None:
    client = api(dana)
    make_import(created_by=dana)
    client.get(URL)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(URL)
    for _ in range(5):
        make_import(created_by=dana)
    with django_assert_num_queries(len(few)):
        client.get(URL)
