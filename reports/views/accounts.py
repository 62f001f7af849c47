"""The account list and the account page: pages that compose rooms."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.forms import ActivityForm
from accounts.models import AccountStatus
from accounts.permissions import caller, can_assign, can_decide, can_edit_account, can_work
from accounts.timeline import timeline_of
from kam.lib.htmx import render_part
from kam.users.policy import policy
from reports.queries import account_page as page
from reports.queries.accounts import COLUMNS, account_table, chips

# What stands in the address beside the fields of the filter form.
KEPT = ("sort", "columns", "team", "kam", "parent", "group", "industry", "country", "source")


@policy("GET")
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts the caller sees; search, filters, order, columns and place all stand in the address."""
    table = account_table(request.GET, request.user, timezone.localdate())
    context = {
        "table": table,
        "chips": chips(table.filters, request.user),
        "all_columns": COLUMNS,
        "statuses": AccountStatus.choices,
        "may_edit": can_edit_account(caller(request)),
        "today": timezone.localdate(),
        "kept": [(name, value) for name, value in request.GET.items() if name in KEPT],
    }
    return render_part(request, "accounts/list.html", "accounts/_table.html", context)


@policy("GET", about="account")
def account_detail(request: HttpRequest, pk: object) -> HttpResponse:
    """One account in three bands: facts and group, timeline, plan and people."""
    user = caller(request)
    account: Any = get_object_or_404(page.accounts_for_page(user), pk=pk)
    today = timezone.localdate()
    context = {
        "account": account,
        "today": today,
        "sales": page.sales_of(account, today),
        "score": page.score_of(account),
        "contacts": page.contacts_of(account),
        "subsidiaries": page.subsidiaries_of(account, user),
        "goals": page.goals_of(account),
        "tasks": list(account.tasks.for_account_page()),
        "composer": ActivityForm(account=account),
        "may_edit": can_edit_account(user),
        "may_assign": can_assign(user),
        "may_work": can_work(user),
        "may_decide": can_decide(user),
    }
    context |= timeline_of(request, account)
    return render(request, "accounts/detail.html", context)
