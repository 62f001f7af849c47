"""Search: one page for everything, and the lines that the command menu shows while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.vary import vary_on_headers

from kam.users.policy import policy
from reports.permissions import caller
from reports.queries.search import search

IN_PALETTE, ON_PAGE = 5, 20


@vary_on_headers("HX-Request")
@policy("GET")
def search_page(request: HttpRequest) -> HttpResponse:
    """What the words find, in the command menu or as a page."""
    text = request.GET.get("q", "").strip()
    partial = bool(request.htmx)  # type: ignore[attr-defined]  # django-htmx's middleware sets it
    groups = search(caller(request), text, IN_PALETTE if partial else ON_PAGE)
    context = {"q": text, "groups": groups, "count": sum(len(group.hits) for group in groups)}
    return render(request, "search/_results.html" if partial else "search/search.html", context)
