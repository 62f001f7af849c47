"""The wizard without JavaScript: file, columns, check, import, and the way back."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import imports as actions
from accounts.models import SalesLine
from kam.integrations import jobs
from kam.integrations.models import ImportBatch
from kam.lib.errors import DomainError
from tests.accounts.test_import_sales import FILE, HEADER
from tests.factories import make_import, make_user

pytestmark = pytest.mark.django_db


def upload(client: Any, text: str | bytes = FILE, **values: Any) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("sales.csv", content)
    return client.post(reverse("imports:create"), {"kind": "sales", "file": file, **values})


def chosen(batch: ImportBatch, **values: Any) -> dict[str, Any]:
    columns = {f"map_{code}": name for code, name in batch.mapping.items()}
    return {**columns, "source": batch.source, **values}


def page(client: Any, name: str, batch: ImportBatch) -> str:
    return client.get(reverse(f"imports:{name}", args=[batch.pk])).content.decode()


def run_job(batch: ImportBatch) -> None:
    batch.refresh_from_db()
    jobs.run(batch.job_id)


def test_it_leads_from_the_file_to_the_undo(sign_in, dana) -> None:
    client = sign_in(dana)
    answer = upload(client)
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("imports:columns", args=[batch.pk])
    client.post(answer.url, chosen(batch))
    assert "hx-get" in page(client, "detail", batch)
    run_job(batch)
    assert "4 Zeilen importieren" in page(client, "detail", batch)
    client.post(reverse("imports:commit", args=[batch.pk]))
    run_job(batch)
    assert SalesLine.objects.count() == 4
    client.post(reverse("imports:undo", args=[batch.pk]))
    run_job(batch)
    assert not SalesLine.objects.exists()
    undone = page(client, "detail", batch)
    assert "Rückgängig gemacht" in undone
    assert "<dt>Entfernte Umsatzpositionen</dt><dd>4</dd>" in undone
    assert "Was außen vor bleibt" not in undone


def checked_again(client: Any, text: str) -> str:
    """Bring a file in, check it once more and return the page."""
    for name in ("commit", "detail"):
        answer = upload(client, text)
        batch = ImportBatch.objects.latest("created_at")
        client.post(answer.url, chosen(batch))
        run_job(batch)
        if name == "commit":
            client.post(reverse("imports:commit", args=[batch.pk]))
            run_job(batch)
    return page(client, "detail", batch)


def test_a_file_whose_rows_all_stand_is_told_so_and_offers_no_import(sign_in, dana) -> None:
    html = checked_again(sign_in(dana), FILE)
    assert "Dieser Import würde nichts ändern: 4 Zeilen stehen schon so da, wie die Datei sie nennt." in html
    assert "Zurück zu den Spalten" in html
    assert "imports:commit" not in html and "/commit/" not in html and "0 Zeilen" not in html


def test_a_file_of_which_no_row_can_be_taken_offers_no_import(sign_in, dana) -> None:
    html = checked_again(sign_in(dana), HEADER + "A1,2026-03-01,C1,P1,many,10.50,Germany\n")
    assert "Keine Zeile dieser Datei kann so importiert werden" in html
    assert "/commit/" not in html


def test_it_asks_for_the_order_of_day_and_month_beside_the_field(sign_in, dana) -> None:
    client = sign_in(dana)
    upload(client, HEADER + "A1,03/04/2026,C1,P1,1,5,\n")
    batch = ImportBatch.objects.get()
    url = reverse("imports:columns", args=[batch.pk])
    refused = client.post(url, chosen(batch))
    (said,) = refused.context["form"].errors["date_order"]
    assert said.startswith("„03/04/2026“ lässt sich als Tag/Monat und als Monat/Tag lesen.")
    assert "date_order" not in said
    assert client.post(url, chosen(batch, date_order="dmy")).status_code == 302


def test_it_asks_for_the_decimal_sign_in_the_words_of_the_page(sign_in, dana) -> None:
    client = sign_in(dana)
    upload(client, HEADER + "A1,2026-03-01,C1,P1,1,1.250,\n")
    batch = ImportBatch.objects.get()
    refused = client.post(reverse("imports:columns", args=[batch.pk]), chosen(batch))
    assert "decimal is" not in str(refused.context["form"].errors["decimal"])
    assert "„1.250“" in str(refused.context["form"].errors["decimal"])


def test_an_amount_that_cannot_be_told_is_a_dash_and_a_price_of_zero_is_zero(sign_in, dana) -> None:
    client = sign_in(dana)
    rows = [
        "A1,2026-03-01,C1,P1,1,five,",
        "A2,2026-03-01,C1,P1,two,5,",
        "A3,2026-03-01,C1,P1,1,0,",
        "A4,2026-03-01,C1,P1,1,7,",
    ]
    upload(client, HEADER + "\n".join(rows))
    batch = ImportBatch.objects.get()
    client.post(reverse("imports:columns", args=[batch.pk]), chosen(batch, exclude_zero_price="on"))
    run_job(batch)
    batch.refresh_from_db()
    assert {r["code"]: r["amount"] for r in batch.reasons} == {"not_a_number": None, "zero_price": "0.0000"}
    shown = re.findall(r'data-label="Betrag">([^<]*)<', page(client, "detail", batch))
    assert sorted(shown) == ["0,00\xa0€", "–"]


def test_a_row_that_stays_out_names_its_column(sign_in, dana) -> None:
    client = sign_in(dana)
    rows = ["A1,2026-03-01,C1,P1,x1,5,", "A2,2026-03-01,C1,P1,2,x1,", "A3,31.02.2026,C1,P1,1,5,"]
    upload(client, HEADER + "\n".join(rows))
    batch = ImportBatch.objects.get()
    client.post(reverse("imports:columns", args=[batch.pk]), chosen(batch, date_order="dmy"))
    run_job(batch)
    batch.refresh_from_db()
    shown = page(client, "detail", batch)
    assert "quantity: „x1“" in shown and "unit_price: „x1“" in shown and "date: „31.02.2026“" in shown
    written = batch.error_file.read().decode("utf-8-sig").splitlines()
    assert [line.split(";")[1].split(":")[0] for line in written[1:]] == ["quantity", "unit_price", "date"]


def test_a_file_that_the_server_has_lost_is_asked_for_again(sign_in, dana) -> None:
    client = sign_in(dana)
    upload(client, HEADER + "A1,2026-03-01,C1,P1,1,5,")
    batch = ImportBatch.objects.get()
    url = reverse("imports:columns", args=[batch.pk])
    client.post(url, chosen(batch))
    batch.file.storage.delete(batch.file.name)
    run_job(batch)
    batch.refresh_from_db()
    assert batch.job.error["code"] == "file_gone"
    refused = client.post(url, chosen(batch))
    assert "laden Sie die Datei erneut hoch" in refused.content.decode()


def test_a_bad_file_is_explained_beside_the_field(sign_in, dana) -> None:
    answer = upload(sign_in(dana), b"")
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["file"])
    assert not ImportBatch.objects.exists()


def test_formulas_and_markup_in_a_file_are_shown_as_text(sign_in, dana) -> None:
    client = sign_in(dana)
    upload(client, FILE.replace("Germany", "<script>alert(1)</script>"))
    batch = ImportBatch.objects.get()
    assert "<script>alert(1)" not in page(client, "columns", batch)


def test_a_colleague_of_operations_does_not_find_a_foreign_import(sign_in, dana) -> None:
    batch = make_import(created_by=dana)
    client = sign_in(make_user("Olga", "operations"))
    for name in ("detail", "columns", "errors"):
        assert client.get(reverse(f"imports:{name}", args=[batch.pk])).status_code == 404
    assert client.post(reverse("imports:commit", args=[batch.pk])).status_code == 404


@pytest.mark.parametrize("who", ["alice", "rita"])
def test_others_may_not_import(sign_in, request: pytest.FixtureRequest, who: str) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.get(reverse("imports:list")).status_code == 403
    assert upload(client).status_code == 403


def test_the_progress_is_a_fragment_until_the_job_is_over(sign_in, dana) -> None:
    client = sign_in(dana)
    upload(client)
    batch = ImportBatch.objects.get()
    client.post(reverse("imports:columns", args=[batch.pk]), chosen(batch))
    url = reverse("imports:detail", args=[batch.pk])
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).content.decode()
    run_job(batch)
    assert client.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_the_progress_card_tells_rows_in_the_readers_notation_and_no_steps(sign_in, dana) -> None:
    client = sign_in(dana)
    answer = upload(client)
    batch = ImportBatch.objects.get()
    client.post(answer.url, chosen(batch))
    batch.refresh_from_db()
    batch.job.message, batch.job.message_params = "%(rows)s rows read", {"rows": 541909}
    batch.job.save()
    card = page(client, "detail", batch).partition('class="card job')[2].partition("</form>")[0]
    assert "541.909 Zeilen gelesen" in card
    assert "<ol" not in card


def test_the_list_needs_the_same_number_of_queries_at_two_sizes(
    sign_in, dana, django_assert_num_queries
) -> None:
    client = sign_in(dana)
    make_import(created_by=dana)
    client.get(reverse("imports:list"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("imports:list"))
    for _ in range(10):
        make_import(created_by=dana)
    with django_assert_num_queries(len(few)):
        client.get(reverse("imports:list"))


def test_a_batch_that_no_file_made_has_a_page(sign_in, dana) -> None:
    batch = make_import(kind="sales", source="demo")
    ImportBatch.objects.update(counts={"rows": 3, "new": 3}, state=ImportBatch.State.COMMITTED)
    assert sign_in(dana).get(reverse("imports:detail", args=[batch.pk])).status_code == 200


def test_the_rail_offers_imports_to_those_who_may_import(sign_in, dana, alice) -> None:
    address = f'href="{reverse("imports:list")}"'
    assert address in sign_in(dana).get(reverse("goals:list")).content.decode()
    assert address not in sign_in(alice).get(reverse("goals:list")).content.decode()


def test_what_changes_is_written_as_people_write_it(sign_in, dana) -> None:
    client = sign_in(dana)
    head = "order,date,account,product,line no,quantity,unit_price,cost\n"
    first, second = "A1,2026-03-01,C1,P1,1,1,1500,12\n", "A1,2026-03-02,C1,P1,1,1.25,1500,\n"
    for text in (first, second):
        upload(client, head + text)
        batch = ImportBatch.objects.latest("created_at")
        client.post(reverse("imports:columns", args=[batch.pk]), chosen(batch))
        run_job(batch)
        html = page(client, "detail", batch)
        client.post(reverse("imports:commit", args=[batch.pk]))
        run_job(batch)
    for before, after in (("01.03.2026", "02.03.2026"), ("1", "1,25"), ("1.500", "1.875"), ("12", "–")):
        assert re.search(f"<del>{re.escape(before)}</del>.*?<b>{re.escape(after)}</b>", html)


def test_columns_stay_as_they_are_while_a_check_works_with_them(sign_in, dana) -> None:
    client = sign_in(dana)
    upload(client)
    batch = ImportBatch.objects.get()
    columns = reverse("imports:columns", args=[batch.pk])
    client.post(columns, chosen(batch))
    second_tab = client.post(columns, chosen(batch, map_country="", source="other"))
    assert "An diesem Import wird gerade gearbeitet" in second_tab.content.decode()
    run_job(batch)
    assert (batch.mapping["country"], batch.source) == ("country", "file")
    assert client.post(columns, chosen(batch, map_country="")).status_code == 302


def test_columns_stay_when_an_import_begins_while_the_file_is_looked_through(dana, monkeypatch) -> None:
    batch = make_import()
    looked_through = actions.plan_of

    def begin_meanwhile(*args: Any) -> Any:
        actions.start_commit(ImportBatch.objects.get(), by=dana)
        return looked_through(*args)

    monkeypatch.setattr(actions, "plan_of", begin_meanwhile)
    with pytest.raises(DomainError) as refusal:
        actions.choose_columns(batch, mapping=batch.mapping, options={"exclude_duplicates": True}, by=dana)
    assert refusal.value.code == "import_busy"
    batch.refresh_from_db()
    assert (batch.state, batch.options["exclude_duplicates"]) == ("committing", False)
