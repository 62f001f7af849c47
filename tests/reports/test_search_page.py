"""Search finds what a person sees, however it is spelt, on the page and in the command menu."""

from datetime import date

import pytest
from django.utils.translation import override

from accounts.models import Contact
from goals.models import BetaProgramme, Contract, Opportunity
from kam.lib.text import fold
from reports.queries.search import search
from tests.factories import make_account, make_contact, make_goal, make_offering, make_report


def labels(user, text):
    return [hit.label for group in search(user, text) for hit in group.hits]


@pytest.mark.parametrize("text", ["Müller", "MUELLER", "mueller gmbh", "maschinen köln"])
def test_it_finds_an_account_however_it_is_spelt(account, alice, text):
    assert account.display_name in labels(alice, text)


def test_accounts_whose_name_is_typed_come_before_those_of_a_city(rita):
    for name, city in (
        ("Aachener Guss", "Ulm"),
        ("Ulmer Stahl", "Aachen"),
        ("Zinn Ulm", "Bonn"),
        ("Ulm & Co", ""),
    ):
        make_account(name, city=city)
    assert labels(rita, "ULM") == ["Ulm & Co", "Ulmer Stahl", "Aachener Guss", "Zinn Ulm"]
    assert [hit.label for hit in search(rita, "ulm", 1)[0].hits] == ["Ulm & Co"]
    assert search(rita, "ulm", 3)[0].more
    assert not search(rita, "ulm", 4)[0].more


def test_an_outsider_finds_nothing_of_it(account, charlie):
    make_contact(account, "Müller", search_text="mueller")
    make_goal(account, "Müller goal")
    make_report(account)
    assert labels(charlie, "Müller") == []


def test_it_finds_people_goals_and_reports(account, alice):
    Contact.objects.create(account=account, last_name="Pannhorst", search_text=fold("Dr. Ulrich Pannhorst"))
    make_goal(account, "Less downtime")
    make_report(account)
    assert labels(alice, "pannhorst") == ["Pannhorst"]
    assert labels(alice, "downtime") == ["Less downtime"]
    assert len(labels(alice, "maschinenbau")) >= 2


def test_it_finds_offerings(alice):
    make_offering("SP-200", name="Servo press", search_text="sp-200 servo press")
    assert labels(alice, "servo") == ["Servo press"]


def test_only_leaders_are_shown_the_way_to_the_administration(alice, dana):
    with override("en"):
        assert (len(labels(alice, "Administration")), len(labels(dana, "Administration"))) == (0, 1)


@pytest.fixture
def pipeline(account):
    """An opportunity, a contract of the account and a beta programme, all with umlauts in their names."""
    days = {"start_on": date(2026, 1, 1), "end_on": date(2026, 12, 31)}
    Opportunity.objects.create(
        account=account, title="Ölfilter für die Prüfstände", expected_on=days["end_on"]
    )
    Contract.objects.create(account=account, title="Wälzlager-Rahmenvertrag", **days)
    BetaProgramme.objects.create(name="Größenwächter", starts_on=days["start_on"], ends_on=days["end_on"])


@pytest.mark.parametrize(
    "text", ["Ölfilter", "ölfilter", "oelfilter pruefst", "ÖLFILTER müller", "Prüfstände"]
)
def test_it_finds_opportunities_in_german_however_they_are_spelt(pipeline, alice, text):
    assert labels(alice, text) == ["Ölfilter für die Prüfstände"]


@pytest.mark.parametrize("text", ["Wälzlager", "WAELZLAGER", "rahmenvertrag mueller"])
def test_it_finds_contracts(pipeline, alice, text):
    assert labels(alice, text) == ["Wälzlager-Rahmenvertrag"]


@pytest.mark.parametrize("text", ["größenwächter", "groessenwaechter", "GRÖSSEN"])
def test_it_finds_beta_programmes(pipeline, alice, text):
    assert labels(alice, text) == ["Größenwächter"]


def test_hits_lead_to_the_plan_and_to_the_programme(pipeline, alice, account):
    urls = [
        hit.url for text in ("ölfilter", "wälzlager", "größe") for g in search(alice, text) for hit in g.hits
    ]
    plan = f"/accounts/{account.pk}/plan/"
    assert urls[:2] == [f"{plan}#opportunities-title", f"{plan}#contracts-title"]
    assert urls[2].startswith("/goals/beta/")


def test_what_is_open_comes_before_what_was_lost(account, alice):
    values = {"account": account, "expected_on": date(2026, 6, 1)}
    Opportunity.objects.create(title="Presse alt", stage="lost", closed_on=date(2026, 5, 1), **values)
    Opportunity.objects.create(title="Presse neu", **values)
    assert labels(alice, "presse") == ["Presse neu", "Presse alt"]


def test_an_outsider_finds_no_opportunity_and_no_contract(pipeline, charlie):
    assert labels(charlie, "ölfilter") == labels(charlie, "wälzlager") == []


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "\\", "'; drop", "x" * 5000, "GmbH", "\u0000", "🦊"])
def test_no_text_breaks_it(sign_in, alice, account, text):
    assert sign_in(alice).get("/search/", {"q": text}).status_code in (200, 400, 414)


def test_it_shows_a_name_as_typed(sign_in, alice):
    make_account("<b>Tag</b> GmbH", owner=alice)
    page = sign_in(alice).get("/search/", {"q": "Tag"}).content.decode()
    assert "&lt;b&gt;Tag&lt;/b&gt;" in page


def test_the_command_menu_gets_lines_only(sign_in, alice, account):
    answer = sign_in(alice).get("/search/", {"q": "müller"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert 'role="option"' in text
    assert "<html" not in text
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("accounts", [1, 25])
def test_it_takes_the_same_number_of_queries_at_any_size(sign_in, rita, accounts, django_assert_num_queries):
    for number in range(accounts):
        account = make_account(f"Müller {number} GmbH")
        make_contact(account, "Müller", search_text="mueller")
        make_goal(account, "Müller")
        Opportunity.objects.create(account=account, title="Müller", expected_on=date(2026, 6, 1))
        days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 6, 1)}
        BetaProgramme.objects.create(name=f"Müller {number}", **days)
    browser = sign_in(rita)
    browser.get("/search/?q=müller")
    with django_assert_num_queries(11):
        browser.get("/search/?q=müller")


def test_the_command_menu_names_no_page_twice(sign_in, dana, account):
    browser, asked = sign_in(dana), {"Accept-Language": "en"}
    page = browser.get("/search/?q=scoring", headers=asked).content.decode().split("<main")[1]
    assert 'href="/scoring/"' in page
    asked["HX-Request"] = "true"
    assert "<a " not in browser.get("/search/?q=scoring", headers=asked).content.decode()
    assert str(account.pk) in browser.get("/search/?q=mueller", headers=asked).content.decode()
