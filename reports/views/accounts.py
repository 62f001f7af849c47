"""The account list and the account page: pages that compose rooms."""

from datetime import date, timedelta
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from accounts.distances import nearest_site_of
from accounts.facts import FACTS
from accounts.facts_band import facts_band
from accounts.forms import ActivityForm
from accounts.models import Account, AccountStatus
from accounts.permissions import caller, can_assign, can_decide, can_edit_account, can_import, can_work
from accounts.templatetags.accounts import pairs_without
from accounts.timeline import timeline_of
from goals.status import account_goals
from kam.lib.htmx import render_part
from kam.lib.looks import looks
from kam.lib.tabular.export import Sheet, dialect_for, write_csv, write_xlsx
from kam.users.context import installation
from kam.users.models import User
from kam.users.policy import policy
from reports.queries import account_page as page
from reports.queries.accounts import COLUMNS, ORDERS, account_table, chips, export_rows, labels

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What stands in the address beside the fields of the filter form.
KEPT = ("merge", "columns", "team", "kam", "parent", "group", "industry", "country", "source")


@policy("GET")
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts the caller sees; search, filters, order, columns and place all stand in the address."""
    table = account_table(request.GET, request.user, timezone.localdate())
    context = {
        "table": table,
        "asked": tuple(pairs_without(request.GET, "cursor")),
        "chips": tuple(chips(table.filters, request.user)),
        "all_columns": COLUMNS,
        "orders": ORDERS,
        "labels": SimpleLazyObject(labels),
        "look": _look(request, table.columns),
        "statuses": AccountStatus.choices,
        "may_edit": can_edit_account(caller(request)),
        "merging": _is_merging(request),
        "may_import": can_import(caller(request)),
        "today": timezone.localdate(),
        "kept": [(name, value) for name, value in pairs_without(request.GET, "cursor") if name in KEPT],
    }
    return render_part(request, "accounts/list.html", "accounts/_table.html", context)


def _is_merging(request: HttpRequest) -> bool:
    """Say whether the rows carry a box, so that two can be chosen."""
    return "merge" in request.GET and can_edit_account(caller(request))


def _look(request: HttpRequest, columns: list[str]) -> tuple[Any, ...]:
    """Name what the rows of the list look like, whatever account they show."""
    currency = installation(request)["organisation"]().currency
    return (*columns, _is_merging(request), currency, timezone.localdate())


@policy("GET", about="account")
def account_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One account in three bands: facts and group, timeline, plan and people."""
    user = caller(request)
    account = page.account_of(pk, user)
    today = timezone.localdate()
    context = {
        "account": account,
        "account_looks": looks(account),
        "today": today,
        "score": page.score_of(account, user),
        "references": page.references_of(account.pk),
        "members": page.members_of(account.pk),
        "nearest": nearest_site_of(account, today),
        "subsidiaries": page.subsidiaries_of(account, user),
        "goals": account_goals(account, today),
        "tasks": page.tasks_of(account.pk, timezone.now() - timedelta(days=2)),
    }
    context |= _facts(request, account, today) | _people(account) | _rights(user)
    return render(request, "accounts/detail.html", context | timeline_of(request, account))


def _facts(request: HttpRequest, account: Account, today: date) -> dict[str, Any]:
    currency = installation(request)["organisation"]().currency
    facts, year = page.facts_of(account, today, request.GET)
    band = SimpleLazyObject(lambda: facts_band(facts, currency, today))
    return {"facts": facts, "band": band, "year": year, "revenue_how": FACTS["revenue"].how}


def _people(account: Account) -> dict[str, Any]:
    """Return the contacts and the composer that offers them; its form is made only where it is drawn anew."""
    people = page.contacts_of(account.pk)
    return {
        "contacts": people,
        "composer": SimpleLazyObject(lambda: ActivityForm(account=account, people=people)),
        "composer_is_fresh": True,
        "composer_people": tuple((person.pk, str(person)) for person in people),
    }


@policy("GET")
def account_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list as the address describes it, all pages of it, as CSV or XLSX."""
    header, rows = export_rows(request.GET, caller(request), timezone.localdate())
    name = f"accounts-{timezone.localdate().isoformat()}.{kind}"
    if kind == "csv":
        dialect = dialect_for(get_language() or "de")
        answer: HttpResponseBase = StreamingHttpResponse(
            write_csv(rows, header, dialect), content_type="text/csv"
        )
    else:
        file = TemporaryFile()  # noqa: SIM115 - the response closes it
        write_xlsx([Sheet(gettext("Accounts"), header, rows)], file)
        file.seek(0)
        answer = FileResponse(file, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _rights(user: User) -> dict[str, bool]:
    return {
        "may_edit": can_edit_account(user),
        "may_assign": can_assign(user),
        "may_work": can_work(user),
        "may_decide": can_decide(user),
    }
