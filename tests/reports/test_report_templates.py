"""The templates: which sections each is made of, what they say, and what a customer reads of them."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from accounts.models import AccountTeamMember
from goals.models import (
    AccountYear,
    Challenge,
    Expectation,
    JointProject,
    Plan,
    Procedure,
    Promise,
    ValueEntry,
)
from kam.integrations import jobs
from kam.lib.errors import InvalidInput
from reports.actions import create_report
from reports.blocks import Context
from reports.document import document
from reports.hidden import hidden_lines
from reports.models import Report
from reports.review import last_quarter
from reports.review_sections import purpose
from reports.sections import BUILDERS
from reports.snapshot import FIGURES, Order, build_snapshot, data_of
from reports.templates import AHEAD, QUARTERLY, SECTIONS, TEMPLATES, chosen_sections
from scoring.actions.conversations import hold_conversation
from tests.factories import make_contact, make_decision, make_goal, make_report, make_sales
from tests.reports.test_report_pdf import CANARY, text_of

TODAY = date(2026, 6, 30)
KINDS = ("progress", "quarterly", "kickoff")


def snapshot_of(account, template, audience="internal", language="en", sections=None):
    return build_snapshot(Order(account, TODAY, audience, language, template, sections))[0]


@pytest.fixture
def partners(account, alice):
    """An account with a plan, both sides' expectations, procedures, promises, a project and a planned year."""
    make_sales(account, [("300", date(2025, 5, 1)), ("400", date(2026, 5, 2))])
    AccountYear.objects.create(account=account, year=2026, planned_revenue=Decimal(2000))
    Plan.objects.create(
        account=account,
        why=f"{CANARY} why",
        purpose_ours=f"{CANARY} ours",
        purpose_customer="Weniger Stillstand",
    )
    Expectation.objects.create(account=account, side="external", text="Antwort in vier Stunden")
    Expectation.objects.create(account=account, side="internal", text=f"{CANARY} more margin")
    Procedure.objects.create(
        account=account, title="Notruf", customer_text="Jederzeit", internal_text=f"{CANARY} call"
    )
    Procedure.objects.create(account=account, title=f"{CANARY} procedure", internal_text=CANARY)
    words = {"account": account, "promised_on": date(2026, 3, 1), "due_on": date(2026, 5, 1)}
    Promise.objects.create(text="Preisliste", state="kept", closed_on=date(2026, 4, 20), **words)
    Promise.objects.create(text="Messung", state="broken", closed_on=date(2026, 5, 20), **words)
    Promise.objects.create(**words | {"text": "Angebot", "due_on": date(2026, 8, 1)})
    project = {"account": account, "benefit_ours": f"{CANARY} benefit", "benefit_customer": "Ruhe"}
    JointProject.objects.create(title="Lager vor Ort", state="running", due_on=date(2026, 9, 1), **project)
    JointProject.objects.create(title=f"{CANARY} idea", state="idea", **project)
    Challenge.objects.create(
        account=account,
        title="Kühlmittel",
        solution="Filter",
        raised_on=date(2026, 3, 1),
        visibility="shareable",
    )
    Challenge.objects.create(account=account, title=f"{CANARY} challenge", raised_on=date(2026, 3, 1))
    given = {"account": account, "occurred_on": date(2026, 4, 1)}
    ValueEntry.objects.create(direction="give", text="Audit", amount=5200, visibility="shareable", **given)
    ValueEntry.objects.create(
        direction="get", text="Empfehlung", amount=987654, visibility="shareable", **given
    )
    ValueEntry.objects.create(direction="give", text=f"{CANARY} favour", **given)
    AccountTeamMember.objects.create(account=account, user=alice, function="service")
    make_contact(account, job_title="Einkauf")
    make_goal(account, f"{CANARY} goal")
    decision = make_decision(account, state="approved")
    values = {"held_on": date(2026, 3, 4), "said": f"{CANARY} said", "contacts": list(account.contacts.all())}
    hold_conversation(decision, values=values, by=alice)
    return account


def test_every_section_has_figures_or_is_the_portfolios_a_drawing_and_a_name():
    for template in TEMPLATES.values():
        assert set(template.sections) <= set(BUILDERS) & set(SECTIONS)
        assert set(template.leading) | {template.headline} <= set(template.sections)
        assert not template.about_account or set(template.sections) <= set(FIGURES)


def test_the_model_knows_the_same_templates():
    assert list(TEMPLATES) == Report.Template.values
    with override("en"):
        assert [str(template.title) for template in TEMPLATES.values()] == Report.Template.labels


def test_about_seventy_per_cent_of_a_quarterly_review_looks_ahead():
    ahead = sum(section in AHEAD for section in QUARTERLY.sections)
    assert 0.65 <= ahead / len(QUARTERLY.sections) <= 0.75


@pytest.mark.parametrize("template", KINDS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_an_empty_account_has_each_report_and_every_part_says_something(account, template, language):
    for audience in ("internal", "customer"):
        shown = document(snapshot_of(account, template, audience, language))
        assert shown.sections
        assert all(section.title and section.code in SECTIONS for section in shown.sections)


def test_the_quarter_stands_beside_plan_and_year_before(partners):
    snapshot = snapshot_of(partners, "quarterly")
    found = data_of(snapshot, "quarter")
    assert (found["actual"], found["plan"], found["previous"]) == ("400.00", "500.00", "300.00")
    assert snapshot["title"].endswith("Q2 2026 is 20% below plan")


def test_a_customer_reads_nothing_of_our_plan(partners):
    snapshot = snapshot_of(partners, "quarterly", "customer")
    assert "plan" not in data_of(snapshot, "quarter")
    assert snapshot["title"].endswith("Q2 2026 is 33% above the year before")


def test_promises_kept_are_counted_and_the_next_quarter_has_its_dates(partners):
    snapshot = snapshot_of(partners, "quarterly")
    said = {part["code"]: part["message"] for part in snapshot["parts"]}
    assert said["kept"] == "1 of 2 promises were kept"
    assert [row["title"] for row in data_of(snapshot, "ahead")["rows"]] == ["Angebot", "Lager vor Ort"]


def test_the_kick_off_names_team_purpose_and_expectations(partners, alice):
    snapshot = snapshot_of(partners, "kickoff")
    assert [part["code"] for part in snapshot["parts"]] == list(TEMPLATES["kickoff"].sections)
    assert data_of(snapshot, "team")["ours"][0]["name"] == str(alice)
    assert len(data_of(snapshot, "expectations")["rows"]) == 2


@pytest.mark.parametrize("template", KINDS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_internal_string_is_in_a_customers_report_of_any_template(partners, template, language):
    report = make_report(partners, template=template, audience="customer", language=language)
    row = json.dumps(Report.objects.values("title", "snapshot", "hidden").get(pk=report.pk))
    assert CANARY not in row
    assert CANARY not in text_of(report.pdf.open().read())
    assert str(partners.pk) not in row


def test_the_conversation_about_key_account_status_stays_inside(partners):
    inside = snapshot_of(partners, "kickoff")
    assert "Conversation about key account status on 4 Mar 2026 with Muster" in str(document(inside))
    assert f"{CANARY} said" not in json.dumps(inside)
    outside = build_snapshot(Order(partners, TODAY, "customer", "en", "kickoff", None))
    assert "key account status" not in str(document(outside[0]))
    with override("en"):
        assert ("Conversation about key account status", 1) in hidden_lines(outside[1])


def test_a_conversation_held_later_is_not_in_an_earlier_report(partners):
    snapshot = build_snapshot(Order(partners, date(2026, 3, 3), "internal", "en", "kickoff", None))[0]
    assert "key account status" not in str(document(snapshot))


def test_a_plan_is_summed_over_the_months_of_two_years(account):
    AccountYear.objects.create(account=account, year=2025, planned_revenue=Decimal(1200))
    AccountYear.objects.create(account=account, year=2026, planned_revenue=Decimal(2400))
    from reports.review import planned

    assert planned(account, date(2025, 12, 1)) == Decimal(500)
    assert planned(account, date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 6, 30), (date(2026, 4, 1), date(2026, 7, 1))),
        (date(2026, 6, 29), (date(2026, 1, 1), date(2026, 4, 1))),
        (date(2026, 7, 1), (date(2026, 4, 1), date(2026, 7, 1))),
    ],
)
def test_the_last_quarter_is_one_that_is_over(day, quarter):
    assert last_quarter(day, 1) == quarter


def test_some_sections_can_be_chosen_and_keep_their_messages(partners):
    snapshot = snapshot_of(partners, "progress", sections=("goals", "revenue"))
    assert [part["code"] for part in snapshot["parts"]] == ["revenue", "goals"]
    assert "above the year before" in snapshot["parts"][0]["message"]


@pytest.mark.parametrize(
    ("wanted", "code"), [((), "no_sections"), (("score", "nonsense"), "unknown_section")]
)
def test_a_template_without_sections_is_refused_with_the_sections_it_has(wanted, code):
    with pytest.raises(InvalidInput) as refused:
        chosen_sections("progress", wanted)
    assert (refused.value.code, refused.value.field) == (code, "sections")
    assert "promises" in str(refused.value)


def test_a_customers_report_of_nothing_but_internal_sections_is_refused(account, alice):
    with pytest.raises(InvalidInput) as refused:
        create_report(Order(account, TODAY, "customer", "en", "progress", ("score",)), by=alice)
    assert refused.value.code == "no_sections"


def test_the_api_builds_a_template_with_chosen_sections(api, alice, partners):
    body = {
        "account": str(partners.pk),
        "template": "kickoff",
        "sections": ["team", "steps"],
        "as_of": "2026-06-30",
    }
    answer = api(alice).post("/api/v1/reports/", body)
    assert answer.status_code == 202
    jobs.run(answer.json()["job"])
    found = api(alice).get(f"/api/v1/reports/{answer.json()['id']}/").json()
    assert found["sections"] == [part["code"] for part in found["snapshot"]["parts"]] == ["team", "steps"]


def test_the_api_explains_a_report_without_sections(api, alice, account):
    answer = api(alice).post("/api/v1/reports/", {"account": str(account.pk), "sections": []})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_sections")


def test_a_manager_is_offered_every_template_but_the_portfolio(sign_in, alice):
    field = sign_in(alice).get("/reports/").context["form"].fields["template"]
    assert [code for code, _label in field.choices] == list(KINDS)


def test_the_customer_reads_the_challenges_and_values_that_are_shareable(partners):
    inside, outside = (snapshot_of(partners, "quarterly", each) for each in ("internal", "customer"))
    assert [len(data_of(each, "challenges")["rows"]) for each in (inside, outside)] == [2, 1]
    inside, outside = (snapshot_of(partners, "progress", each) for each in ("internal", "customer"))
    assert [len(data_of(each, "values")["rows"]) for each in (inside, outside)] == [3, 2]
    assert "987654" in str(inside) and "987654" not in str(outside)


def test_the_customer_reads_of_why_how_and_what_only_the_shared_texts(partners):
    partners.plan.shared = ["how", "purpose_customer"]
    partners.plan.how = "Zwei Besuche im Monat"
    partners.plan.save()
    found = data_of(snapshot_of(partners, "kickoff", "customer"), "purpose")["rows"]
    assert [row["field"] for row in found] == ["how", "purpose_customer"]


def test_a_kick_off_frozen_before_texts_were_shared_one_by_one_is_still_shown():
    context = Context("EUR", date(2026, 6, 30), "M")
    shown = purpose({"why": "Growth", "how": ""}, context)
    assert [row[1] for row in shown.grid.rows] == ["Growth"]
