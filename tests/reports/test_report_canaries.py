"""Every text that an account holds is marked with the column it stands in: a customer's reports hold none but these."""

import io
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from pypdf import PdfReader

from accounts.models import Account, Activity, Task
from goals.models import (
    AccountYear,
    Challenge,
    Contract,
    Expectation,
    Goal,
    JointProject,
    Measurement,
    Metric,
    Milestone,
    Opportunity,
    Plan,
    Procedure,
    Promise,
    ValueEntry,
)
from reports.models import Report
from tests.factories import (
    make_account,
    make_contact,
    make_criterion,
    make_decision,
    make_estimate,
    make_goal,
    make_model,
    make_rating,
    make_report,
    make_run,
    make_sales,
)
from tests.reports.test_report_pdf import everything_in, text_of

DAY = date(2026, 6, 30)
ROOMS = {"accounts", "goals", "scoring", "engagement"}
# What the customer may read: the columns, of rows with a visibility only the shareable ones.
READABLE = {
    *("account.brand_name", "contact.first_name", "contact.last_name", "contact.job_title"),
    *("plan.what", "plan.purpose_customer", "procedure.title", "procedure.customer_text"),
    *("expectation.text", "expectation.accepted_by", "milestone.title/shareable", "metric.name/shareable"),
    *("metric.unit/shareable", "goal.title/shareable", "promise.text/shareable", "valueentry.text/shareable"),
    *("jointproject.title/shareable", "jointproject.benefit_customer/shareable"),
    *("challenge.title/shareable", "challenge.solution/shareable", "challenge.result/shareable"),
}
# Columns with a meaning for the program.
CODES = {
    "search_text",
    "sort_key",
    "key",
    "fact",
    "basis",
    "window",
    "verb",
    "subject_type",
    "subject_id",
    "code",
}
MARK = re.compile(r"Zq(\d+)q")


@pytest.fixture
def account(db: Any, alice: Any) -> Account:
    """An account with at least a row of all that reports read, internal and shareable."""
    account = make_account("Customer", brand_name="Brand", owner=alice, kam=alice)
    make_sales(account, [("400", date(2025, 5, 1)), ("600", date(2026, 5, 2))])
    contact = make_contact(account, "Muster", first_name="Ute", job_title="Head", note="Note")
    for visibility in ("internal", "shareable"):
        _entries(account, visibility, contact)
    for side in ("internal", "external"):
        Expectation.objects.create(account=account, side=side, text="x", accepted_by="x")
    texts = dict.fromkeys(("why", "how", "what", "purpose_ours", "purpose_customer"), "x")
    Plan.objects.create(account=account, **texts, shared=["what", "purpose_customer"])
    Procedure.objects.create(account=account, title="x", customer_text="x", internal_text="x")
    Opportunity.objects.create(account=account, title="x", reason="x", expected_on=DAY)
    Contract.objects.create(account=account, title="x", note="x", start_on=DAY, end_on=DAY + timedelta(90))
    AccountYear.objects.create(account=account, year=2026, wallet_source="x")
    Task.objects.create(account=account, title="x", reason="x", done_when="x", assignee=alice, due_on=DAY)
    Activity.objects.create(account=account, verb="note", body="x", actor=alice)
    model = make_model((make_criterion("c"), 1.0))
    make_rating(account, model.items.get().criterion, alice, 8, note="x")
    make_run(model, as_of=DAY)
    make_decision(account, reason="x", expectations_internal="x", expectations_external="x")
    make_estimate(account)
    return account


def _entries(account: Account, visibility: str, contact: Any) -> None:
    metric = Metric.objects.create(account=account, name=f"Downtime {visibility}", unit="h")
    Measurement.objects.create(metric=metric, measured_on=date(2026, 6, 1), value=3, note="x")
    seen = {"account": account, "visibility": visibility}
    words = dict.fromkeys(("why", "how", "what", "cause", "status_text"), "x")
    goal = make_goal(account, metric=metric, start_value=4, target_value=2, visibility=visibility, **words)
    Milestone.objects.create(goal=goal, title="x", due_on=goal.due_on)
    for kept in ("open", "kept"):
        days = {"promised_on": date(2026, 6, 1), "due_on": DAY, "closed_on": DAY if kept == "kept" else None}
        Promise.objects.create(text="x", contact=contact, state=kept, **days, **seen)
    JointProject.objects.create(
        title="x", benefit_ours="x", benefit_customer="x", result="x", state="running", **seen
    )
    Challenge.objects.create(title="x", solution="x", result="x", raised_on=DAY, **seen)
    ValueEntry.objects.create(text="x", direction="give", occurred_on=DAY, **seen)


def mark_everything(account: Account) -> dict[str, str]:
    """Write a mark into every text column of the account's rows; return what each mark stands for."""
    stands_for: dict[str, str] = {}
    for rows in _rows_of(account):
        fields = [field for field in rows.model._meta.concrete_fields if _is_text(field)]
        for row in rows:
            marks = {}
            for field in fields:
                number = str(10_000 + len(stands_for))
                stands_for[number] = f"{rows.model._meta.model_name}.{field.name}{_visibility(row)}"
                marks[field.name] = f"Zq{number}q"
            if marks:
                rows.model._base_manager.filter(pk=row.pk).update(**marks)
    return stands_for


def _rows_of(account: Account) -> Iterator[Any]:
    yield Account.objects.filter(pk=account.pk)
    for model in apps.get_models():
        if model._meta.app_label in ROOMS:
            for path in _paths(model):
                yield model._base_manager.filter(**{path: account})


def _paths(model: type[models.Model], deep: bool = True) -> Iterator[str]:
    """Yield the first way from a model to the account it belongs to, over one row in between at most."""
    links = [field for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one]
    for field in links:
        if field.related_model is Account and field.name == "account":
            yield field.name
            return
    for field in links if deep else []:
        for path in _paths(field.related_model, deep=False):  # type: ignore[arg-type]  # a model, not "self"
            yield f"{field.name}__{path}"
            return


def _is_text(field: Any) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField)
    return is_text and not field.choices and field.name not in CODES and (field.max_length or 99) >= 8


def _visibility(row: Any) -> str:
    if isinstance(row, Metric):
        row = Goal.objects.get(metric=row)
    seen = getattr(getattr(row, "goal", None) or row, "visibility", "")
    return f"/{seen}" if seen else ""


def all_of(report: Report, client: Any, programs: Any) -> str:
    """Return everything that a report hands out, metadata included."""
    pdf = report.pdf.open().read()
    read = PdfReader(io.BytesIO(pdf))
    answers = [programs.get(f"/api/v1/reports/{report.pk}/{kind}/").content for kind in ("xlsx", "pptx")]
    pages = [client.get(f"/reports/{report.pk}/{page}").content.decode() for page in ("", "present/")]
    texts = [text_of(pdf), str(read.outline), str(read.metadata), pdf.decode("latin-1"), *pages]
    texts += [everything_in(content) for content in answers]
    texts.append(programs.get(f"/api/v1/reports/{report.pk}/").content.decode())
    return "\n".join(texts) + json.dumps(
        Report.objects.values("title", "snapshot", "hidden").get(pk=report.pk)
    )


@pytest.mark.parametrize("template", ["progress", "quarterly", "kickoff"])
def test_a_customers_report_holds_nothing_but_what_is_readable(
    account: Account, sign_in: Any, api: Any, dana: Any, template: str
) -> None:
    stands_for = mark_everything(account)
    report = make_report(Account.objects.get(pk=account.pk), audience="customer", template=template)
    found = {stands_for[number] for number in MARK.findall(all_of(report, sign_in(dana), api(dana)))}
    assert found - READABLE == set()
    assert "account.brand_name" in found


def test_the_marks_are_found_where_they_may_stand(
    account: Account, sign_in: Any, api: Any, dana: Any
) -> None:
    stands_for = mark_everything(account)
    found = set()
    for template in ("progress", "quarterly", "kickoff"):
        report = make_report(Account.objects.get(pk=account.pk), template=template)
        found |= set(MARK.findall(all_of(report, sign_in(dana), api(dana))))
    names = {stands_for[number] for number in found}
    assert {"goal.cause/internal", "promise.text/internal", "task.title", "procedure.internal_text"} <= names
    assert names >= READABLE
