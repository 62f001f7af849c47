"""Pages that write accounts: create, edit with its conflict view, archive, delete, suggestions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actions import accounts as actions
from accounts.conflicts import merge_rows
from accounts.forms import AccountForm, with_choices
from accounts.models import Account, Activity
from accounts.permissions import EDITORS, caller
from kam.lib.errors import Conflict, DomainError
from kam.users.policy import EVERYONE, policy

# What tells that two accounts are the same company.
TELLING = ("name", "brand_name", "domain", "vat_id")


def seen(request: HttpRequest, pk: object) -> Account:
    """Return the account if the caller sees it; 404 otherwise."""
    account: Account = get_object_or_404(Account.objects.visible_to(request.user).with_people(), pk=pk)
    return account


@policy("GET", "POST", read=EDITORS, write=EDITORS)
def account_create(request: HttpRequest) -> HttpResponse:
    """A new account; companies that may be the same are shown before it is made."""
    form = AccountForm(request.POST or None, user=caller(request))
    twins: list[Account] = []
    if request.method == "POST" and form.is_valid():
        twins = [] if "anyway" in request.POST else _twins(form, request, Account())
        made = None if twins else _created(form, request)
        if made is not None:
            messages.success(request, _("“%(name)s” is created.") % {"name": made.display_name})
            return redirect("accounts:detail", pk=made.pk)
    return render(request, "accounts/form.html", {"form": form, "twins": twins})


@policy("GET", "POST", read=EDITORS, write=EDITORS, about="account")
def account_edit(request: HttpRequest, pk: object) -> HttpResponse:
    """Change an account; when somebody else did meanwhile, show yours, theirs and before."""
    account = seen(request, pk)
    data = with_choices(request.POST) if request.method == "POST" else None
    form = AccountForm(data, account=account, user=caller(request))
    twins = _new_twins(form, request, account) if data is not None and form.is_valid() else []
    if data is not None and form.is_valid() and not twins:
        version = form.cleaned_data["version"]
        try:
            actions.update_account(
                account, values=form.changes(), by=caller(request), expected_version=version
            )
        except Conflict as conflict:
            return _conflict(request, form, conflict.current)
        except DomainError as error:
            account.refresh_from_db()
            form.refuse(error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("accounts:detail", pk=pk)
    return render(request, "accounts/form.html", {"form": form, "account": account, "twins": twins})


@policy("POST", write=EDITORS, about="account")
def account_archive(request: HttpRequest, pk: object) -> HttpResponse:
    account = actions.archive_account(seen(request, pk), by=caller(request))
    messages.success(request, _("“%(name)s” is archived.") % {"name": account.display_name})
    return redirect("accounts:detail", pk=pk)


@policy("POST", write=EDITORS, about="account")
def account_reactivate(request: HttpRequest, pk: object) -> HttpResponse:
    account = actions.reactivate_account(seen(request, pk), by=caller(request))
    messages.success(request, _("“%(name)s” is active again.") % {"name": account.display_name})
    return redirect("accounts:detail", pk=pk)


@policy("POST", write=EDITORS, about="account")
def account_delete(request: HttpRequest, pk: object) -> HttpResponse:
    account = seen(request, pk)
    try:
        actions.delete_account(account, by=caller(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("accounts:detail", pk=pk)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": account.display_name})
    return redirect("accounts:list")


@policy("GET", read=EVERYONE)
def account_suggest(request: HttpRequest) -> HttpResponse:
    """Up to eight accounts for what is being typed, as the options of a datalist."""
    text = request.GET.get("parent", "") or request.GET.get("q", "")
    visible = Account.objects.visible_to(request.user)
    found = visible.search(text).with_former_name(text) if text.strip() else visible.none()
    return render(request, "accounts/_suggestions.html", {"found": found[:8]})


def _twins(form: AccountForm, request: HttpRequest, account: Account) -> list[Account]:
    """Return who looks like the account as it is typed; those told apart from it do not."""
    typed = Account(pk=account.pk, **{name: form.cleaned_data[name] for name in TELLING})
    return list(Account.objects.visible_to(request.user).similar_to(typed)[:5])


def _new_twins(form: AccountForm, request: HttpRequest, account: Account) -> list[Account]:
    """Return who looks like the account from now on; who did before is no news while one edits."""
    changed = [name for name in TELLING if form.cleaned_data[name] != getattr(account, name)]
    if not changed or "anyway" in request.POST:
        return []
    before = set(Account.objects.visible_to(request.user).similar_to(account).values_list("pk", flat=True))
    return [twin for twin in _twins(form, request, account) if twin.pk not in before]


def _created(form: AccountForm, request: HttpRequest) -> Account | None:
    values: dict[str, Any] = {n: v for n, v in form.cleaned_data.items() if n != "version"}
    try:
        return actions.create_account(values=values, by=caller(request))
    except DomainError as error:
        form.refuse(error)
        return None


def _conflict(request: HttpRequest, form: AccountForm, current: Account) -> HttpResponse:
    theirs = AccountForm(account=current, user=caller(request))
    last = Activity.objects.filter(account=current).changes().select_related("actor").first()
    rows = merge_rows(form, theirs)
    context = {"rows": rows, "account": current, "version": current.version, "last": last}
    return render(request, "accounts/conflict.html", context, status=409)
