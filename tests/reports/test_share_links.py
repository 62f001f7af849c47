"""Share links: who makes one, what it opens, what it never shows, and what is noted."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Activity
from kam.lib.errors import DomainError, InvalidInput
from reports.actions import (
    approve_report,
    note_opening,
    revoke_link,
    share_report,
    withdraw_approval,
)
from reports.agents import coarse_agent
from reports.models import Report, ShareLink, ShareOpening
from tests.factories import make_account, make_report
from tests.matrix.routes import routes
from tests.reports.test_report_pdf import CANARY, caged, text_of  # noqa: F401 - the account full of canaries

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def report(account, alice):
    return approve_report(make_report(account, audience="customer", by=alice), by=alice)


@pytest.fixture
def shared(report, alice):
    return share_report(report, recipient="Purchasing", by=alice)


def visit(client, token, **extra):
    return client.get(f"/r/{token}/", headers={"User-Agent": FIREFOX}, **extra)


# --- making and revoking ------------------------------------------------------------------------------------


def test_the_token_has_256_bits_and_only_its_hash_is_kept(shared):
    link, token = shared
    assert len(token) == 43
    row = ShareLink.objects.values().get(pk=link.pk)
    assert token not in json.dumps(row, default=str)
    assert len(link.token_hash) == 64


def test_a_password_is_kept_as_a_slow_hash(report, alice):
    link, _token = share_report(report, recipient="Purchasing", password="long enough", by=alice)
    assert link.has_password
    assert "long enough" not in link.password_hash


def test_sharing_and_revoking_stand_in_the_timeline_without_the_token(shared, alice):
    link, token = shared
    revoke_link(link, by=alice)
    revoke_link(link, by=alice)
    told = Activity.objects.filter(verb__in=["report.shared", "report.link_revoked"])
    assert told.count() == 2
    assert token not in str(list(told.values()))


def test_what_nobody_approved_is_not_shared(account, alice):
    with pytest.raises(DomainError) as refused:
        share_report(make_report(account, audience="customer"), recipient="Purchasing", by=alice)
    assert refused.value.code == "report_not_approved"


def test_an_internal_report_is_not_shared(account, alice):
    with pytest.raises(DomainError) as refused:
        share_report(make_report(account), recipient="Purchasing", by=alice)
    assert refused.value.code == "report_is_internal"


def test_a_report_on_an_inactive_account_is_not_shared(report, alice):
    report.account.status = "inactive"
    report.account.save()
    with pytest.raises(DomainError) as refused:
        share_report(report, recipient="Purchasing", by=alice)
    assert refused.value.code == "account_inactive"


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 366}, {"password": "short"}, {"recipient": "  "}])
def test_what_makes_no_link(report, alice, wrong):
    with pytest.raises(InvalidInput):
        share_report(report, **({"recipient": "Purchasing", "by": alice} | wrong))
    assert not ShareLink.objects.exists()


# --- opening ------------------------------------------------------------------------------------------------


def test_it_opens_without_signing_in_under_the_companys_name_and_without_chrome(client, shared):
    page = visit(client, shared[1])
    text = page.content.decode()
    assert page.status_code == 200
    assert '<article class="doc">' in text
    assert "/accounts/" not in text
    assert 'href="/reports/' not in text


def test_it_tells_nobody_where_it_was_opened_and_no_search_engine_what_it_is(client, shared):
    for page in (visit(client, shared[1]), visit(client, "x" * 43), client.get(f"/r/{shared[1]}/pdf/")):
        assert page["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page["X-Robots-Tag"]
        assert page["Cache-Control"] == "no-store"


def test_the_page_and_its_pdf_speak_the_language_of_the_report(client, account, alice):
    for language, words in (("de", "Beim Öffnen"), ("en", "When this page is opened")):
        report = make_report(account, audience="customer", language=language)
        _link, token = share_report(approve_report(report, by=alice), recipient="Einkauf", by=alice)
        page = visit(client, token)
        assert f'<html lang="{language}"' in page.content.decode()
        assert words in page.content.decode()
        pdf = b"".join(client.get(f"/r/{token}/pdf/").streaming_content)
        assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Lang"] == language


def end(link, how, alice):
    if how == "revoked":
        revoke_link(link, by=alice)
    elif how == "expired":
        ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "withdrawn":
        withdraw_approval(link.report, by=alice)
    elif how == "changed":
        Report.objects.update(snapshot_digest="0" * 64)
    elif how == "inactive":
        link.report.account.status = "inactive"
        link.report.account.save()


@pytest.mark.parametrize("how", ["revoked", "expired", "withdrawn", "changed", "inactive"])
def test_what_is_over_looks_like_what_never_was(client, shared, alice, how):
    link, token = shared
    assert visit(client, token).status_code == 200
    end(link, how, alice)
    over, never = visit(client, token), visit(client, "x" * 43)
    assert (over.status_code, never.status_code) == (404, 404)
    assert over.content == never.content
    assert client.get(f"/r/{token}/pdf/").status_code == 404


@pytest.mark.parametrize("token", ["x", "../admin", "%00", "x" * 500, "' OR 1=1 --", "ü" * 43])
def test_a_tampered_token_opens_nothing(client, shared, token):
    assert client.get(f"/r/{token}/").status_code in (400, 404)


def test_one_token_opens_exactly_one_report(client, shared, alice):
    other = make_report(make_account("Other GmbH"), audience="customer")
    share_report(approve_report(other, by=alice), recipient="Other", by=alice)
    assert "Other GmbH" not in visit(client, shared[1]).content.decode()


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_canary_is_silent_on_everything_that_is_shared(client, caged, alice, api, language):  # noqa: F811
    report = approve_report(make_report(caged, audience="customer", language=language), by=alice)
    _link, token = share_report(report, recipient="Einkauf", by=alice)
    page = visit(client, token)
    pdf = b"".join(client.get(f"/r/{token}/pdf/").streaming_content)
    reader = PdfReader(io.BytesIO(pdf))
    told = [page.content.decode(), str(dict(page.headers)), text_of(pdf), pdf.decode("latin-1")]
    told += [
        str(reader.metadata),
        str(reader.outline),
        str(reader.xmp_metadata and reader.xmp_metadata.stream),
    ]
    told += [api(alice).get(f"/api/v1/reports/{report.pk}/links/").content.decode()]
    assert not any(CANARY in text for text in told)
    assert not any(str(caged.pk) in text or f"/accounts/{caged.pk}" in text for text in told[:6])


@pytest.mark.parametrize("name", ["شركة النور", "#set page()", "$x^2$", "a\\b", "<b>Söhne</b> & Co"])
def test_a_name_is_shown_as_typed(client, alice, name):
    report = approve_report(make_report(make_account(name), audience="customer"), by=alice)
    _link, token = share_report(report, recipient=name, by=alice)
    text = visit(client, token).content.decode()
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert escaped in text
    assert "<b>Söhne" not in text


# --- password -----------------------------------------------------------------------------------------------


@pytest.fixture
def locked(report, alice):
    return share_report(report, recipient="Purchasing", password="Kupfer und Zinn", by=alice)[1]


def test_a_password_is_asked_for_before_anything_is_told(client, locked, report):
    page = visit(client, locked)
    assert report.title not in page.content.decode()
    assert "doc" not in re.findall(r'class="([^"]*)"', page.content.decode())
    assert client.get(f"/r/{locked}/pdf/").status_code == 302
    assert not ShareOpening.objects.exists()


def test_the_right_password_opens_page_and_pdf_of_this_link_alone(client, locked, report, alice):
    answer = client.post(f"/r/{locked}/", {"password": "Kupfer und Zinn"})
    assert answer.status_code == 302
    cookie = next(iter(answer.cookies.values()))
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/r/{locked}/", True, "Lax")
    assert report.title in visit(client, locked).content.decode()
    assert client.get(f"/r/{locked}/pdf/").status_code == 200
    other = share_report(report, recipient="Other", password="Kupfer und Zinn", by=alice)[1]
    assert report.title not in visit(client, other).content.decode()


def test_a_wrong_password_is_named_and_the_sixth_try_waits(client, locked, report):
    for _try in range(5):
        assert client.post(f"/r/{locked}/", {"password": "wrong"}).status_code == 200
    assert client.post(f"/r/{locked}/", {"password": "Kupfer und Zinn"}).status_code == 429
    assert report.title not in visit(client, locked).content.decode()


def test_a_forged_cookie_opens_nothing(client, locked, report):
    link = ShareLink.objects.get()
    client.cookies[f"report-{link.pk.hex[-12:]}"] = "forged:value"
    assert report.title not in visit(client, locked).content.decode()


def test_who_asks_too_often_waits(client, shared, monkeypatch):
    monkeypatch.setattr("kam.lib.limits.time.time", lambda: 1_000_000.0)
    monkeypatch.setattr("reports.gate.OPENINGS_A_MINUTE", 3)
    answers = [client.get(f"/r/{'x' * 43}/") for _request in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert visit(client, shared[1]).status_code == 429


# --- the log ------------------------------------------------------------------------------------------------


def test_an_opening_is_noted_with_time_and_coarse_agent_and_without_an_address(client, shared):
    visit(client, shared[1], REMOTE_ADDR="203.0.113.7")
    opening = ShareOpening.objects.get()
    assert (opening.kind, opening.agent, opening.is_machine) == ("page", "Firefox, Linux", False)
    assert "203.0.113" not in str(ShareOpening.objects.values().get())
    assert Activity.objects.filter(verb="report.opened").count() == 1


def test_the_page_says_that_openings_are_noted(client, shared):
    assert "the time and the kind of browser" in visit(client, shared[1]).content.decode()


def test_reloading_is_one_opening_and_the_pdf_another(client, shared):
    for _time in range(3):
        visit(client, shared[1])
    client.get(f"/r/{shared[1]}/pdf/", headers={"User-Agent": FIREFOX})
    assert sorted(ShareOpening.objects.values_list("kind", flat=True)) == ["page", "pdf"]
    assert Activity.objects.filter(verb="report.opened").count() == 1


def test_a_colleagues_look_is_no_opening(sign_in, alice, shared):
    assert visit(sign_in(alice), shared[1]).status_code == 200
    assert not ShareOpening.objects.exists()


def test_a_program_is_noted_as_one_and_tells_nobody(client, shared):
    client.get(f"/r/{shared[1]}/", headers={"User-Agent": "Mozilla/5.0 (compatible; Proofpoint URL scanner)"})
    client.head(f"/r/{shared[1]}/", headers={"User-Agent": FIREFOX})
    assert ShareOpening.objects.get().is_machine
    assert not Activity.objects.filter(verb="report.opened").exists()


def test_no_link_fills_the_log(shared):
    start = timezone.now()
    for minute in range(0, 60 * 12, 11):
        note_opening(shared[0], "page", "Firefox, Linux", False, start + timedelta(minutes=minute))
    assert ShareOpening.objects.count() == 50


@pytest.mark.parametrize(
    ("text", "agent", "machine"),
    [
        (FIREFOX, "Firefox, Linux", False),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows", False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iOS", False),
        ("Mozilla/5.0 (Windows NT 10.0) HeadlessChrome/140.0 Safari/537.36", "Safari, Windows", True),
        ("curl/8.0", "", True),
        ("", "", True),
        ("Googlebot/2.1 (+http://www.google.com/bot.html)", "", True),
    ],
)
def test_the_agent_is_told_in_two_words(text, agent, machine):
    assert coarse_agent(text) == (agent, machine)


# --- pages, API, rights -------------------------------------------------------------------------------------


def test_the_page_shows_the_address_once(sign_in, alice, report):
    browser = sign_in(alice)
    body = {"recipient": "Purchasing", "days": "14", "password": ""}
    page = browser.post(f"/reports/{report.pk}/sharing/", body).content.decode()
    found = re.search(r"http://[^<]+/r/([\w-]{43})/", page)
    assert found
    assert found[1] not in browser.get(f"/reports/{report.pk}/sharing/").content.decode()
    assert visit(browser, found[1]).status_code == 200


def test_the_page_revokes_and_says_who_opened(client, sign_in, alice, shared):
    link, token = shared
    visit(client, token)
    browser = sign_in(alice)
    assert "Firefox, Linux" in browser.get(f"/reports/{link.report_id}/sharing/").content.decode()
    browser.post(f"/reports/links/{link.pk}/revoke/")
    assert visit(client, token).status_code == 404


def test_today_says_that_a_report_was_opened(client, sign_in, alice, shared):
    visit(client, shared[1])
    client.logout()
    page = sign_in(alice).get("/")
    assert any(item.icon == "report" for band in page.context["bands"] for item in band.items)


def test_the_api_makes_lists_shows_and_revokes(api, alice, client, report):
    caller = api(alice)
    made = caller.post(f"/api/v1/reports/{report.pk}/links/", {"recipient": "ERP", "days": 7})
    assert made.status_code == 201
    token = made.json()["url"].rstrip("/").rsplit("/", 1)[1]
    visit(client, token)
    listed = caller.get(f"/api/v1/reports/{report.pk}/links/").json()["results"]
    assert [(row["recipient"], row["opened"]) for row in listed] == [("ERP", 1)]
    assert "url" not in listed[0]
    one = caller.get(made["Location"]).json()
    assert one["openings"][0]["agent"] == "Firefox, Linux"
    assert caller.delete(made["Location"]).status_code == 204
    assert visit(client, token).status_code == 404


def test_the_api_refuses_what_is_not_approved(api, alice, account):
    report = make_report(account, audience="customer")
    answer = api(alice).post(f"/api/v1/reports/{report.pk}/links/", {"recipient": "ERP"})
    assert (answer.status_code, answer.json()["code"]) == (409, "report_not_approved")


@pytest.mark.parametrize(("person", "status"), [("charlie", 404), ("rita", 403)])
def test_who_does_not_manage_the_account_makes_no_link(request, api, report, person, status):
    user = request.getfixturevalue(person)
    answer = api(user).post(f"/api/v1/reports/{report.pk}/links/", {"recipient": "ERP"})
    assert answer.status_code == status


def test_only_the_shared_report_is_public_in_this_room():
    named = [route for route in routes() if route.pattern.startswith(("r/", "reports/", "api/v1/reports/"))]
    public = {route.name for route in named if route.policy and route.policy.public}
    assert public == {"shared", "shared_pdf"}


@pytest.mark.parametrize("links", [1, 9])
def test_the_page_takes_the_same_number_of_queries_at_any_size(
    sign_in, alice, report, links, django_assert_num_queries
):
    for number in range(links):
        link, _token = share_report(report, recipient=f"Reader {number}", by=alice)
        note_opening(link, "page", "Firefox, Linux", False)
    browser = sign_in(alice)
    browser.get(f"/reports/{report.pk}/sharing/")
    with django_assert_num_queries(5):
        browser.get(f"/reports/{report.pk}/sharing/")
