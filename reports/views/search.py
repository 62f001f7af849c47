"""Search: one page for everything, and the lines that the command menu shows while one types."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.vary import vary_on_headers

from kam.lib.navigation import Navigation
from kam.users.policy import policy
from reports.permissions import caller
from reports.queries.search import Group, search

IN_PALETTE, ON_PAGE = 5, 20


@vary_on_headers("HX-Request")
@policy("GET")
def search_page(request: HttpRequest) -> HttpResponse:
    """What the words find, in the command menu or as a page."""
    text = request.GET.get("q", "").strip()
    partial = bool(request.htmx)  # type: ignore[attr-defined]  # django-htmx's middleware sets it
    groups = search(caller(request), text, IN_PALETTE if partial else ON_PAGE)
    if partial:
        groups = _beside_the_commands(groups, Navigation.of(request.user, request.path))
    context = {"q": text, "groups": groups, "count": sum(len(group.hits) for group in groups)}
    return render(request, "search/_results.html" if partial else "search/search.html", context)


def _beside_the_commands(groups: list[Group], navigation: Navigation) -> list[Group]:
    """Return what the command menu does not list by itself already."""
    listed = {command["url"] for command in navigation.commands}
    left = [replace(group, hits=[hit for hit in group.hits if hit.url not in listed]) for group in groups]
    return [group for group in left if group.hits]
