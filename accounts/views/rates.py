"""Exchange rates, in the settings of the company."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actions.rates import add_rates, remove_rate
from accounts.models import CurrencyRate
from accounts.permissions import caller
from accounts.rate_tables import read_rates
from kam.lib.errors import DomainError
from kam.users.policy import LEADERS, policy


class RatesForm(forms.Form):
    """Rates as rows, or the table of the central bank."""

    table = forms.CharField(
        label=gettext_lazy("Rates"),
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"}),
    )


@policy("GET", "POST", read=LEADERS, write=LEADERS)
def rate_list(request: HttpRequest) -> HttpResponse:
    """What is another currency worth, from which day on?"""
    form = RatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = add_rates(read_rates(form.cleaned_data["table"]), by=caller(request))
        except DomainError as error:
            form.add_error("table", str(error))
        else:
            said = ngettext("%(count)s rate is new.", "%(count)s rates are new.", count) % {"count": count}
            messages.success(request, said)
            return redirect("rates")
    rows = Paginator(CurrencyRate.objects.visible_to(request.user), 50)
    context: dict[str, Any] = {"form": form, "page": rows.get_page(request.GET.get("page")), "tab": "rates"}
    return render(request, "settings/rates.html", context)


@policy("POST", write=LEADERS, about="currency_rate")
def rate_remove(request: HttpRequest, pk: object) -> HttpResponse:
    """Take a rate away that nothing was converted with."""
    rate = get_object_or_404(CurrencyRate.objects.visible_to(request.user), pk=pk)
    try:
        remove_rate(rate, by=caller(request))
        messages.success(request, _("The rate is gone."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("rates")
