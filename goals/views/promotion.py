"""The conversation in which a customer hears that it is a key account."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from goals.actions.promotion import log_promotion_conversation
from goals.promotion import conversation_of
from goals.promotion_forms import PromotionForm
from kam.lib.forms import tried
from kam.lib.versions import typed_number
from kam.users.policy import MANAGERS, policy
from scoring.models import Decision


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="decision")
def promotion(request: HttpRequest, pk: Any) -> HttpResponse:
    """Write down that the customer was told, and what it said; later correct that."""
    mine = Decision.objects.visible_to(request.user).select_related("account").with_conversation()
    decision = get_object_or_404(mine, pk=pk)
    form = PromotionForm(request.POST or None, decision=decision)
    if request.method == "POST" and form.is_valid() and _log(request, decision, form):
        messages.success(request, _("The conversation is logged."))
        return redirect("goals:plan", pk=decision.account_id)
    context = {"form": form, "decision": decision, "account": decision.account}
    context |= {"title": _("Conversation about key account status")}
    context |= {"conversation": conversation_of(decision), "people": form.fields["contacts"].queryset}
    return render(request, "goals/promotion.html", context)


def _log(request: HttpRequest, decision: Decision, form: PromotionForm) -> bool:
    expected = typed_number(request.POST.get("version", ""))
    accepted = form.cleaned_data.get("accepted", [])
    logged = tried(
        form,
        lambda: log_promotion_conversation(
            decision, values=form.values(), accepted=accepted, by=request.user, expected_version=expected
        ),
    )
    return bool(logged)
