"""The admin panel: for leaders, through the same actions."""

import re
from importlib import import_module

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, help_text_for_field, label_for_field
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from goals.models import Metric
from kam.integrations.models import ApiKey, ImportBatch, Job
from kam.lib.admin import MOST_ROWS, outline
from tests.factories import make_goal, make_user

import_module("kam.urls")  # removes what has pages of its own
MODELS = sorted(admin.site._registry, key=lambda m: m._meta.label)
# What German and English write in the same way.
SHARED = {"Accounts", "Name", "PDF", '{"de": {"1": …, "4": …, "7": …, "10": …}, "en": …}'}


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_a_leader_sees_every_list(sign_in, dana, model) -> None:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert sign_in(dana).get(url).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_nobody_else_does(sign_in, alice, model) -> None:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert sign_in(alice).get(url).status_code in (302, 403)


def test_the_last_leader_stays_one(sign_in, dana) -> None:
    url = reverse("admin:users_user_change", args=[dana.pk])
    sign_in(dana).post(url, {"role": "kam", "is_active": "on"})
    dana.refresh_from_db()
    assert dana.role == "leader"


def test_a_role_is_changed_by_the_action(sign_in, dana) -> None:
    person = make_user("Eve", "sales")
    sign_in(dana).post(
        reverse("admin:users_user_change", args=[person.pk]), {"role": "kam", "is_active": "on"}
    )
    person.refresh_from_db()
    assert person.role == "kam"


def test_keys_are_revoked(sign_in, dana, api, alice) -> None:
    api(alice)
    chosen = {"action": "revoke", "_selected_action": [str(key.pk) for key in ApiKey.objects.all()]}
    sign_in(dana).post(reverse("admin:integrations_apikey_changelist"), chosen)
    assert ApiKey.objects.get().revoked_at is not None


def test_a_job_is_shown_in_the_language_of_its_reader_and_its_result_as_an_outline(sign_in, dana) -> None:
    failed = {"code": "x", "message": "The document is larger than 2 MB.", "params": {}}
    runs = [{"id": "R1", "share": 0.25, "certain": True, "next": None}]
    job = Job.objects.create(
        kind="score_run", message="Finished at once", error=failed, result={"runs": runs}
    )
    dana.language = "de"
    dana.save()
    page = sign_in(dana).get(reverse("admin:integrations_job_change", args=[job.pk])).content.decode()
    assert "Das Dokument ist größer als 2 MB." in page and "Finished at once" not in page
    assert "<dt>runs</dt><dd><ol><li><dl><dt>" in page
    shown = {"id": "R1", "share": "0,25", "certain": "Ja", "next": "–"}  # PostgreSQL keeps no order of keys
    assert all(f"<dt>{name}</dt><dd>{value}</dd>" in page for name, value in shown.items())


def test_a_file_is_named_and_not_linked_where_no_address_serves_it(sign_in, dana) -> None:
    batch = ImportBatch.objects.create(
        kind="sales", file="imports/a.table", file_name="a.csv", created_by=dana
    )
    page = (
        sign_in(dana).get(reverse("admin:integrations_importbatch_change", args=[batch.pk])).content.decode()
    )
    assert "imports/a.table" in page and 'href="imports' not in page and 'href="/imports/a' not in page


def test_an_outline_escapes_what_it_holds_and_ends() -> None:
    assert outline({"<b>": "<i>"}) == "<dl><dt>&lt;b&gt;</dt><dd>&lt;i&gt;</dd></dl>"
    with translation.override("en"):
        assert outline(list(range(MOST_ROWS + 7))).endswith("48; 49; … and 7 more")


def shown_names(panel, request) -> set:
    """Return the columns, filters and fields that the panel shows."""
    columns = [*getattr(panel, "list_display", ()), *getattr(panel, "list_filter", ())]
    fields = [*flatten_fieldsets(panel.get_fieldsets(request)), *panel.get_readonly_fields(request)]
    return {name[0] if isinstance(name, tuple) else name for name in (*columns, *fields)}


def wording(panel, name, language: str) -> tuple[str, str]:
    with translation.override(language):
        label = label_for_field(name, panel.model, panel)
        return str(label), str(help_text_for_field(name, panel.model))


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_labels_and_help_are_in_the_language_of_the_reader(rf, dana, model) -> None:
    request = rf.get("/")
    request.user = dana
    panel = admin.site.get_model_admin(model)
    english = [
        (part.model._meta.label, name, said)
        for part in (panel, *panel.get_inline_instances(request))
        for name in shown_names(part, request)
        for said, german in zip(wording(part, name, "en"), wording(part, name, "de"), strict=True)
        if said and said == german and said not in SHARED
    ]
    assert english == []


@pytest.mark.parametrize("address", ["changelist", "change"])
def test_jobs_are_called_by_words_not_by_codes(sign_in, dana, address) -> None:
    job = Job.objects.create(kind="goals.measure")
    url = reverse(f"admin:integrations_job_{address}", args=[job.pk] if address == "change" else [])
    words = strip_tags(sign_in(dana).get(url).content.decode())
    assert ("Ziele messen" in words, "goals.measure" in words) == (True, False)


def test_a_metric_without_a_fact_leaves_no_filter_without_words(sign_in, dana, account) -> None:
    for name, fact in (("Lead time", ""), ("Revenue", "revenue")):
        Metric.objects.create(account=account, name=name, fact=fact)
    page = sign_in(dana).get("/admin/goals/metric/").content.decode()
    assert 'href="?fact__isempty=1"' in page and 'href="?fact="' not in page


@pytest.mark.parametrize(("language", "row"), [("de", "Meilenstein"), ("en", "Milestone")])
def test_every_column_of_a_table_within_a_form_has_a_head_of_words(
    sign_in, dana, account, language, row
) -> None:
    dana.language = language
    dana.save()
    page = sign_in(dana).get(f"/admin/goals/goal/{make_goal(account).pk}/change/").content.decode()
    heads = [strip_tags(head).strip() for head in re.findall(r"<th\b.*?</th>", page, re.DOTALL)]
    assert (row in heads, "" in heads) == (True, False)


@pytest.mark.parametrize(("language", "name"), [("de", "Suchen"), ("en", "Search")])
def test_the_box_to_search_in_is_named_in_the_language_of_the_reader(sign_in, dana, language, name) -> None:
    dana.language = language
    dana.save()
    page = sign_in(dana).get("/admin/goals/goal/").content.decode()
    assert re.search(r'<label for="searchbar"><img [^>]*alt="(.*?)"', page)[1] == name


@pytest.mark.filterwarnings("ignore:DateTimeField Criterion.archived_at received a naive datetime")
def test_a_day_outside_the_calendar_breaks_no_filter(sign_in, dana) -> None:
    """SQLite cannot hold the moment in UTC and refuses it; PostgreSQL can, and nothing was archived since."""
    answer = sign_in(dana).get("/admin/scoring/criterion/", {"archived_at__gte": "0001-01-01"})
    if connection.vendor == "sqlite":
        assert (answer.status_code, answer["Location"]) == (302, "/admin/scoring/criterion/?e=1")
    else:
        assert (answer.status_code, answer.context["cl"].result_count) == (200, 0)
