"""The first page of the admin panel: what sales leadership sees and decides."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from reports.queries.leadership_board import leadership_board
from tests.factories import make_account, make_decision, make_report, make_run, make_sales


@pytest.fixture
def week():
    return timezone.localdate() - timedelta(days=7)


def test_it_shows_what_waits_who_covers_and_what_it_hangs_on(sign_in, dana, alice, account, week):
    make_decision(account, reason="Large and growing")
    make_account(kam=alice, key_since=date(2026, 1, 1))
    make_account(key_since=date(2026, 1, 1))
    make_sales(account, [(100, week)])
    make_run(as_of=week)
    page = sign_in(dana).get("/admin/").content.decode()
    assert "Large and growing" in page
    assert alice.name in page
    board = leadership_board()
    assert (board.waiting_count, board.coverage["without_kam"], board.concentration["largest_share"]) == (
        1,
        1,
        1.0,
    )


def test_only_leaders_come_in(sign_in, alice, rita):
    assert [sign_in(person).get("/admin/").status_code for person in (alice, rita)] == [302, 302]


def test_an_empty_company_has_a_board_too(sign_in, dana):
    assert sign_in(dana).get("/admin/").status_code == 200


@pytest.mark.parametrize("size", [1, 12])
def test_the_board_takes_the_same_number_of_queries_at_any_size(alice, week, size, django_assert_num_queries):
    for _number in range(size):
        account = make_account(key_since=date(2026, 1, 1), kam=alice)
        make_decision(account)
        make_sales(account, [(100, week)])
        make_report(account)
    with django_assert_num_queries(10):
        leadership_board()


def test_reports_are_only_looked_at(sign_in, dana, account):
    report = make_report(account)
    browser = sign_in(dana)
    assert browser.get("/admin/reports/report/").status_code == 200
    assert browser.get(f"/admin/reports/report/{report.pk}/change/").status_code == 200
    assert browser.get("/admin/reports/report/add/").status_code == 403
    assert browser.post(f"/admin/reports/report/{report.pk}/delete/", {"post": "yes"}).status_code == 403
