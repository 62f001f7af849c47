"""The page behind a share link: the customer's report under the company's name, without signing in."""

from typing import Any

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import override

from kam.lib.errors import DomainError
from kam.users.models import Logo
from kam.users.policy import policy
from reports.actions import note_opening
from reports.agents import coarse_agent
from reports.document import document
from reports.files import pdf_response
from reports.gate import find_link, is_open, too_many, try_password, unlock
from reports.models import ShareLink, ShareOpening

log = structlog.get_logger(__name__)


@policy("GET", "POST", public=True, about="share_link")
def shared_report(request: HttpRequest, token: str) -> HttpResponse:
    """The report as a page, in the report's language; with a password, first the question for it."""
    if wait := too_many(request):
        return _quiet(_page(request, "public/busy.html", status=429), wait)
    link = find_link(token)
    if link is None:
        return _quiet(_page(request, "public/gone.html", status=404))
    with override(link.report.language):
        if not is_open(request, link):
            return _quiet(_ask(request, link, token))
        _note(request, link, ShareOpening.Kind.PAGE)
        context = {"link": link, "doc": document(link.report.snapshot or {}), "token": token}
        return _quiet(_page(request, "public/report.html", context))


@policy("GET", public=True, about="share_link")
def shared_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The same report as PDF; whoever has not given the password is asked for it on the page."""
    if wait := too_many(request):
        return _quiet(_page(request, "public/busy.html", status=429), wait)
    link = find_link(token)
    if link is None:
        return _quiet(_page(request, "public/gone.html", status=404))
    if not is_open(request, link):
        return _quiet(redirect("shared", token=token))
    _note(request, link, ShareOpening.Kind.PDF)
    return _quiet(pdf_response(link.report))


def _ask(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """Ask for the password; who gives the right one reads on."""
    context = {"link": link, "error": "", "wrong": False}
    if request.method == "POST":
        try:
            if try_password(request, link, request.POST.get("password", "")):
                response = redirect("shared", token=token)
                unlock(response, link, reverse("shared", kwargs={"token": token}))
                return response
            context["wrong"] = True
        except DomainError as error:
            context["error"] = str(error)
    status = 429 if context["error"] else 200
    return _page(request, "public/password.html", context, status=status)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    return render(request, template, {**(context or {}), "logo": Logo.address()}, status=status)


def _note(request: HttpRequest, link: ShareLink, kind: str) -> None:
    """Note the opening. A colleague's is none; a log that cannot be written never keeps the reader from reading."""
    if request.user.is_authenticated or request.method != "GET":
        return
    agent, is_machine = coarse_agent(request.headers.get("User-Agent", "")[:500])
    try:
        note_opening(link, kind, agent, is_machine)
    except DatabaseError:
        log.warning("opening_not_noted", link=str(link.pk), exc_info=True)


def _quiet(response: Any, wait: int = 0) -> Any:
    """Keep the secret address out of other sites' logs and out of search engines."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    if wait:
        response["Retry-After"] = str(wait)
    return response
