"""Merging two accounts: choosing the other one, the screen with both and the result, the record, the way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions import merges as actions
from accounts.actions.distinctions import doubt_again, tell_apart
from accounts.merging.fields import FIELDS
from accounts.merging.pages import MergePage, RecordPage
from accounts.models import Account, AccountMerge, Distinction
from accounts.permissions import EDITORS, caller
from accounts.uuids import as_uuid
from accounts.views.accounts import seen
from kam.lib.errors import DomainError
from kam.users.policy import policy

MOST = 8


@policy("GET", "POST", read=EDITORS, write=EDITORS, about="account")
def account_merge(request: HttpRequest, pk: object) -> HttpResponse:
    """Both accounts and the result; what collides is said before the button."""
    account, other = seen(request, pk), _other(request)
    if other is None or other.pk == account.pk:
        return _choose(request, account)
    chosen = _chosen(request)
    if request.method == "POST":
        try:
            merge = actions.merge_accounts(account, other, by=caller(request), fields=chosen)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            return redirect("accounts:merge_detail", pk=merge.pk)
    page = MergePage(account, other, by=caller(request), chosen=chosen)
    return render(request, "accounts/merge.html", {"account": account, "other": other, "page": page})


@policy("POST", write=EDITORS, about="account")
def account_apart(request: HttpRequest, pk: object) -> HttpResponse:
    """Say that another account is not the same company, or with ``again`` that it may be after all."""
    account, other = seen(request, pk), _other(request)
    if other is None:
        messages.error(request, _("The other account is none that you see."))
        return redirect("accounts:merge", pk=pk)
    names = {"one": account.name, "other": other.name}
    try:
        if "again" in request.POST:
            doubt_again(account, other, by=caller(request))
            said = _("“%(one)s” and “%(other)s” may be the same company again.")
        else:
            tell_apart(account, other, by=caller(request))
            said = _("“%(one)s” and “%(other)s” are two companies: nothing hints at it any more.")
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said % names)
    return redirect("accounts:merge", pk=pk)


@policy("GET", read=EDITORS)
def merge_pair(request: HttpRequest) -> HttpResponse:
    """Two accounts ticked in the list: the one with the longer history stays, unless somebody swaps them."""
    keys = [key for key in map(as_uuid, request.GET.getlist("account")) if key][:MOST]
    chosen = list(Account.objects.visible_to(request.user).filter(pk__in=keys).order_by("created_at", "pk"))
    if len(chosen) != 2:
        messages.error(request, _("Tick the two accounts that are the same company."))
        return redirect(f"{reverse('accounts:list')}?merge=1")
    first, second = chosen
    return redirect(f"{reverse('accounts:merge', args=[first.pk])}?with={second.pk}")


@policy("GET", read=EDITORS)
def merge_list(request: HttpRequest) -> HttpResponse:
    """What was merged, newest first."""
    found = AccountMerge.objects.visible_to(request.user).for_list()[:200]
    return render(request, "accounts/merges.html", {"merges": found})


@policy("GET", read=EDITORS, about="merge")
def merge_detail(request: HttpRequest, pk: object) -> HttpResponse:
    """The record of a merge: what moved, what was settled, and what an undo would leave."""
    merge = _merge(request, pk)
    return render(request, "accounts/merge_record.html", {"merge": merge, "page": RecordPage(merge)})


@policy("POST", write=EDITORS, about="merge")
def merge_undo(request: HttpRequest, pk: object) -> HttpResponse:
    try:
        merge = actions.undo_merge(_merge(request, pk), by=caller(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if merge.state == AccountMerge.State.UNDONE:
            messages.success(request, _("The two accounts stand for themselves again."))
    return redirect("accounts:merge_detail", pk=pk)


def _merge(request: HttpRequest, pk: object) -> AccountMerge:
    found = AccountMerge.objects.visible_to(request.user).select_related("target", "source", "job")
    merge: AccountMerge = get_object_or_404(found, pk=pk)
    return merge


def _choose(request: HttpRequest, account: Account) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    visible = Account.objects.visible_to(request.user).exclude(pk=account.pk).order_by("sort_key", "pk")
    twins = list(visible.similar_to(account)[:5])
    hits = visible.search(words).with_former_name(words)[:MOST] if words else []
    found = [row for row in hits if row not in twins]
    apart = Distinction.objects.visible_to(request.user).filter(account=account).for_page()
    context = {"account": account, "twins": twins, "found": found, "words": words, "apart": apart}
    return render(request, "accounts/merge_choose.html", context)


def _other(request: HttpRequest) -> Account | None:
    key = as_uuid(request.POST.get("with", "") or request.GET.get("with", ""))
    found = Account.objects.visible_to(request.user).with_people()
    return found.filter(pk=key).first() if key else None


def _chosen(request: HttpRequest) -> dict[str, str]:
    sides = {name: request.POST.get(f"choose-{name}", "") for name in FIELDS}
    return {name: side for name, side in sides.items() if side in ("target", "source")}
