"""The pages of what we sell: the list in two levels, one offering with its buyers, create, edit, delete."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import offerings as actions
from accounts.conflicts import merge_rows
from accounts.filters import OfferingFilters
from accounts.forms_offerings import OfferingForm
from accounts.models import Offering, OfferingKind
from accounts.offering_sales import NOTHING, OfferingSales, buyers_of, in_order, sales_by_offering
from accounts.permissions import CATALOGUE, caller, can_edit_offerings
from accounts.windows import parse_window
from kam.lib.errors import Conflict, DomainError, InvalidInput
from kam.users.policy import policy

SIZE, BUYERS = 50, 25
BY_COLUMN = ("name", "-name", "code", "-code")
BY_SALES = ("-revenue", "revenue", "-growth", "growth", "-accounts", "accounts", "-last", "last")
SORTS = (*BY_SALES, *BY_COLUMN)


@policy("GET")
def offering_list(request: HttpRequest) -> HttpResponse:
    """Groups first, then what is in them; search, filters, window, order and page stand in the address."""
    window = _window(request)
    sales = sales_by_offering(request.user, window, timezone.localdate())
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "-revenue"
    filters = OfferingFilters(request.GET, Offering.objects.visible_to(request.user))
    found = filters.qs if filters.is_valid() else Offering.objects.none()
    is_whole = not any(request.GET.get(name) for name in ("q", "parent", "kind", "is_active"))
    groups = Offering.objects.groups_with_size()
    context = {
        "groups": _rows(groups.order_by("name"), sales) if is_whole else [],
        "all_groups": groups.order_by("name"),
        "page": _page(request, found.filter(children__isnull=True), sort, sales),
        "kinds": OfferingKind.choices,
        "is_whole": is_whole,
        "sort": sort,
        "window": window,
        "errors": [text for texts in filters.form.errors.values() for text in texts],
        "may_edit": can_edit_offerings(caller(request)),
    }
    return render(request, "offerings/list.html", context)


@policy("GET", about="offering")
def offering_detail(request: HttpRequest, pk: object) -> HttpResponse:
    """What one offering, or a group, brings in, and who buys it."""
    offering: Offering = get_object_or_404(_seen(request).with_group(), pk=pk)
    window, today = _window(request), timezone.localdate()
    sales = sales_by_offering(request.user, window, today)
    children = list(offering.children.order_by("name"))
    context = {
        "offering": offering,
        "sales": sales.get(offering.pk, NOTHING),
        "buyers": buyers_of(offering, request.user, window.span(today), BUYERS),
        "children": [(child, sales.get(child.pk, NOTHING)) for child in children],
        "window": window,
        "may_edit": can_edit_offerings(caller(request)),
    }
    return render(request, "offerings/detail.html", context)


@policy("GET", "POST", read=CATALOGUE, write=CATALOGUE)
def offering_create(request: HttpRequest) -> HttpResponse:
    form = OfferingForm(request.POST or None, group=request.GET.get("group", ""))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_offering(values=form.values(), by=caller(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(name)s” is created.") % {"name": made})
            return redirect("offerings:detail", pk=made.pk)
    return render(request, "offerings/form.html", {"form": form})


@policy("GET", "POST", read=CATALOGUE, write=CATALOGUE, about="offering")
def offering_edit(request: HttpRequest, pk: object) -> HttpResponse:
    """Change an offering; when somebody else did meanwhile, show yours, theirs and before."""
    offering: Offering = get_object_or_404(_seen(request), pk=pk)
    form = OfferingForm(request.POST or None, offering=offering)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.update_offering(
                offering, values=form.changed(), by=caller(request), expected_version=version
            )
        except Conflict as conflict:
            return _conflict(request, form, conflict.current)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("offerings:detail", pk=pk)
    return render(request, "offerings/form.html", {"form": form, "offering": offering})


@policy("POST", write=CATALOGUE, about="offering")
def offering_delete(request: HttpRequest, pk: object) -> HttpResponse:
    offering: Offering = get_object_or_404(_seen(request), pk=pk)
    try:
        actions.delete_offering(offering, by=caller(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("offerings:edit", pk=pk)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": offering})
    return redirect("offerings:list")


def _seen(request: HttpRequest) -> Any:
    return Offering.objects.visible_to(request.user)


def _window(request: HttpRequest) -> Any:
    try:
        return parse_window(request.GET.get("window") or "12m")
    except InvalidInput:
        return parse_window("12m")


def _page(request: HttpRequest, found: Any, sort: str, sales: dict[Any, OfferingSales]) -> Any:
    order = "name" if sort in BY_SALES else sort
    ids = list(found.order_by(order, "code").values_list("pk", flat=True))
    page = Paginator(in_order(ids, sales, sort) if sort in BY_SALES else ids, SIZE).get_page(
        request.GET.get("page")
    )
    shown = Offering.objects.with_group().in_bulk(list(page.object_list))
    page.object_list = _rows([shown[pk] for pk in page.object_list], sales)
    return page


def _rows(offerings: Any, sales: dict[Any, OfferingSales]) -> list[tuple[Offering, OfferingSales]]:
    return [(offering, sales.get(offering.pk, NOTHING)) for offering in offerings]


def _conflict(request: HttpRequest, form: OfferingForm, current: Offering) -> HttpResponse:
    rows = merge_rows(form, OfferingForm(offering=current))
    context = {"rows": rows, "offering": current, "version": current.version}
    return render(request, "accounts/conflict.html", context, status=409)
