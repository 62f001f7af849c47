"""The same sales file once more: told without reading it, as reading it would, and read as soon as anything differs."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation

from accounts.actions import imports
from accounts.imports.same_file import import_of_same_file
from accounts.models import Account, SalesLine
from kam.integrations.jobs import run_now
from kam.integrations.models import ImportBatch
from kam.users.models import User
from tests.accounts.test_import_sales import FILE, HEADER, bring_in, run, upload
from tests.factories import make_user

pytestmark = pytest.mark.django_db
BROKEN = f"{FILE}A5,2026-03-04,C2,P1,many,5,Germany\nA6,2026-03-04,C2,P1,1,5,Germany\n"
CHANGED = FILE.replace("A2,2026-03-02,C2,P2,1,0", "A2,2026-03-02,C2,P2,1,7")


def bring_in_by(person: User, text: str) -> None:
    run(imports.COMMIT, imports.receive_file(ContentFile(text.encode(), name="a.csv"), by=person))


def last() -> ImportBatch:
    return ImportBatch.objects.committed().latest("committed_at")


def error_rows(batch: ImportBatch) -> bytes:
    with batch.error_file.open("rb") as stream:
        return stream.read()


@pytest.mark.parametrize("kind", [imports.CHECK, imports.COMMIT])
def test_it_is_told_as_reading_it_would(monkeypatch, kind: str) -> None:
    bring_in(BROKEN)
    told = upload(BROKEN)
    assert import_of_same_file(told) == last()
    result = run(kind, told)
    monkeypatch.setattr("accounts.actions.imports.import_of_same_file", lambda batch: None)
    read = upload(BROKEN)
    expected = run(kind, read)
    assert result | {"batch": ""} == expected | {"batch": ""}
    assert (result["unchanged"], result["rejected"], result["without_account"]) == (5, 1, 1)
    for batch in (told, read):
        batch.refresh_from_db()
    assert (told.problems, told.state) == (read.problems, read.state)
    assert error_rows(told) == error_rows(read) != b""
    assert told.error_file.name != last().error_file.name or told == last()


def test_a_third_time_is_told_as_well() -> None:
    bring_in(FILE)
    first = last()
    bring_in(FILE)
    assert import_of_same_file(upload(FILE)) == first


def test_an_undo_of_the_repetition_takes_nothing_away() -> None:
    bring_in(FILE)
    bring_in(FILE)
    run(imports.UNDO, last())
    assert SalesLine.objects.count() == 4


def correct() -> None:
    bring_in(CHANGED)


def take_back() -> None:
    run(imports.UNDO, last())


def lose_a_line() -> None:
    SalesLine.objects.filter(order_no="A2").delete()


def empty_a_country() -> None:
    Account.objects.filter(references__external_id="C2").update(country="")


def lose_the_file() -> None:
    last().file.delete(save=False)


def lose_the_error_file() -> None:
    default_storage.delete(last().error_file.name)


@pytest.mark.parametrize(
    "happened", [correct, take_back, lose_a_line, empty_a_country, lose_the_file, lose_the_error_file]
)
def test_it_is_read_once_anything_has_changed(happened: Callable[[], None]) -> None:
    bring_in(FILE)
    happened()
    assert import_of_same_file(upload(FILE)) is None


def test_it_is_told_again_when_a_correction_was_taken_back() -> None:
    bring_in(FILE)
    first = last()
    correct()
    take_back()
    assert import_of_same_file(upload(FILE)) == first


def test_another_way_of_reading_is_another_import() -> None:
    bring_in(FILE)
    assert import_of_same_file(upload(f"{FILE}\n")) is None
    assert import_of_same_file(upload(FILE, source="other")) is None
    assert import_of_same_file(upload(FILE, options={"exclude_duplicates": True})) is None
    english = imports.receive_file(ContentFile(FILE.encode(), name="a.csv"), by=make_user(language="en"))
    assert import_of_same_file(english) is None


def test_a_file_that_repeated_lines_of_another_is_read() -> None:
    bring_in(FILE)
    longer = f"{FILE}A7,2026-03-05,C2,P1,1,5,Germany\n"
    bring_in(longer)
    assert import_of_same_file(upload(longer)) is None


def test_currencies_are_read_for_their_sums_follow_the_rates() -> None:
    text = HEADER.replace("country", "currency") + "A1,2026-03-01,C1,P1,2,10.50,EUR\n"
    bring_in(text)
    assert import_of_same_file(upload(text)) is None


def test_the_error_file_speaks_the_language_of_today() -> None:
    person = make_user(language="en")
    bring_in_by(person, BROKEN)
    assert b"Row;Reason" in error_rows(last())
    person.language = "de"
    person.save(update_fields=["language"])
    told = imports.receive_file(ContentFile(BROKEN.encode(), name="a.csv"), by=person)
    run(imports.COMMIT, told)
    told.refresh_from_db()
    assert "Zeile;Begründung".encode() in error_rows(told)


def test_a_file_that_is_gone_is_named_as_such_when_it_came_before() -> None:
    bring_in(FILE)
    gone = upload(FILE)
    gone.file.storage.delete(gone.file.name)
    job = run_now(imports.COMMIT, {"batch": str(gone.pk)}, by=None)
    assert (job.state, job.error["code"]) == ("failed", "file_gone")


def test_the_error_file_speaks_the_language_of_the_browser_for_whoever_chose_none() -> None:
    person = make_user(language="")
    with translation.override("en"):
        batch = imports.receive_file(ContentFile(BROKEN.encode(), name="a.csv"), by=person)
    run(imports.CHECK, batch)
    batch.refresh_from_db()
    assert b"Row;Reason" in error_rows(batch)
