"""Presenter mode as a page: all slides below each other, with what a script needs to show one at a time."""

import re

import pytest

from reports.models import Report
from tests.factories import make_goal, make_report


@pytest.fixture
def report(account, alice):
    make_goal(account, "Secret goal")
    return make_report(account, language="en")


def test_each_slide_is_there_without_a_script(sign_in, alice, report):
    page = sign_in(alice).get(f"/reports/{report.pk}/present/").content.decode()
    numbers = re.findall(r'data-slide="(\d+)"', page)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert "The most important" in page
    assert f"1 / {len(numbers)}" in page


def test_it_speaks_the_language_of_the_report(sign_in, alice, account):
    page = sign_in(alice).get(f"/reports/{make_report(account, language='de').pk}/present/").content.decode()
    assert '<main id="content" class="show" tabindex="-1" lang="de"' in page
    assert "Das Wichtigste" in page


def test_the_notes_go_with_the_slides(sign_in, alice, report):
    slides = sign_in(alice).get(f"/reports/{report.pk}/present/").content.decode()
    notes = sign_in(alice).get(f"/reports/{report.pk}/present/notes/").content.decode()
    assert notes.count("data-note=") == slides.count("data-slide=")


def test_what_a_customer_must_not_see_is_neither_shown_nor_noted(sign_in, alice, account, report):
    shared = make_report(account, audience="customer", language="en")
    browser = sign_in(alice)
    for path in ("present/", "present/notes/"):
        assert b"Secret goal" not in browser.get(f"/reports/{shared.pk}/{path}").content
    assert b"Secret goal" in browser.get(f"/reports/{report.pk}/present/").content


def test_a_report_that_is_being_built_cannot_be_presented_yet(sign_in, alice, account):
    waiting = Report.objects.create(account=account, as_of="2026-06-30", language="en", created_by=alice)
    answer = sign_in(alice).get(f"/reports/{waiting.pk}/present/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/reports/{waiting.pk}/"


def test_it_takes_the_same_number_of_queries_whatever_it_holds(
    sign_in, alice, report, django_assert_num_queries
):
    browser = sign_in(alice)
    browser.get(f"/reports/{report.pk}/present/")
    with django_assert_num_queries(2):
        browser.get(f"/reports/{report.pk}/present/")
