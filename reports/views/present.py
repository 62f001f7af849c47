"""Presenter mode: the slides of a report in the browser, and the speaker's notes in a window beside it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import override

from kam.lib.errors import DomainError
from kam.users.policy import policy
from reports.files import built_report
from reports.slides.deck import deck


@policy("GET", about="report")
def report_present(request: HttpRequest, pk: object) -> HttpResponse:
    """One slide at a time by keyboard; without JavaScript, and on paper, all of them below each other."""
    return _shown(request, pk, "reports/present/slides.html")


@policy("GET", about="report")
def report_notes(request: HttpRequest, pk: object) -> HttpResponse:
    """What the speaker may say to each slide; the window follows the presentation."""
    return _shown(request, pk, "reports/present/notes.html")


def _shown(request: HttpRequest, pk: object, template: str) -> HttpResponse:
    try:
        report = built_report(pk, request.user)
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("reports:detail", pk=pk)
    shown = deck(report.snapshot or {})
    with override(shown.language):  # heads of tables and the keys speak the language of the report
        return render(request, template, {"report": report, "deck": shown})
