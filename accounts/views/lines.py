"""The lines behind an account's facts, as a page and as a file."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.models import Account
from accounts.sales_lines import csv_rows, lines_of, lines_page, totals
from accounts.windows import Span, Window, parse_basis, parse_day, parse_window
from kam.lib.errors import InvalidInput
from kam.users.policy import policy


@dataclass(frozen=True, slots=True)
class Asked:
    """The fact's question in the address: as of which day, which window, gross or net."""

    as_of: date
    window: Window
    basis: str

    @property
    def span(self) -> Span:
        return self.window.span(self.as_of)


def asked(query: Mapping[str, str]) -> Asked:
    """Return the question in a query string; raises InvalidInput for what cannot be read."""
    as_of = parse_day(query["as_of"], "as_of") if query.get("as_of") else timezone.localdate()
    return Asked(as_of, parse_window(query.get("window", "all")), parse_basis(query.get("basis", "net")))


@policy("GET", about="account")
def account_lines(request: HttpRequest, pk: object) -> HttpResponse:
    """The lines that make up the figures of an account, newest first, with totals equal to the facts."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    refusal: InvalidInput | None = None
    try:
        question = asked(request.GET)
        lines = lines_of(account, question.span, question.basis)
        page = lines_page(lines, request.GET.get("cursor", ""))
    except InvalidInput as error:
        refusal, question = error, asked({})
        lines = lines_of(account, question.span, question.basis)
        page = lines_page(lines)
    context = {"account": account, "asked": question, "page": page, "totals": totals(lines)}
    return render(
        request, "accounts/lines.html", context | {"refusal": refusal}, status=422 if refusal else 200
    )


@policy("GET", about="account")
def account_lines_csv(request: HttpRequest, pk: object) -> HttpResponse | StreamingHttpResponse:
    """All lines of the page as CSV (UTF-8 with byte order mark, comma, ISO dates, decimal point)."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    try:
        question = asked(request.GET)
    except InvalidInput as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    rows = csv_rows(lines_of(account, question.span, question.basis))
    response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    name = f"lines-{account.pk}-{question.as_of.isoformat()}-{question.window.name}-{question.basis}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterator[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(row)
