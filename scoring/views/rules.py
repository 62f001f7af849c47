"""The rule of a criterion: stated on the screen, tried on the portfolio, then saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.users.models import Organisation
from kam.users.policy import LEADERS, policy
from scoring.actions import criteria
from scoring.models import Criterion
from scoring.rule_form import RuleForm
from scoring.rule_preview import fact_chart, preview, rating_chart


@policy("GET", "POST", read=LEADERS, write=LEADERS, about="criterion")
def criterion_rule(request: HttpRequest, pk: Any) -> HttpResponse:
    """How does a fact become 1 to 10, and what would that do to our portfolio?"""
    criterion = get_object_or_404(Criterion.objects.visible_to(request.user), pk=pk)
    form = RuleForm(_given(request), criterion=criterion)
    shown: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            shown = _previewed(form)
            if request.method == "POST":
                values = {"rule": form.rule(), "source": Criterion.Source.COMPUTED, **form.source()}
                criteria.update_criterion(criterion, by=request.user, **values)
                messages.success(request, _("Saved. Models keep their own rules until their next version."))
                return redirect("scoring:criteria")
        except DomainError as error:
            form.show_refusal(error.field, str(error))
    context = {"form": form, "criterion": criterion, **shown}
    if request.headers.get("HX-Request"):
        return render(request, "scoring/_rule_preview.html", context)
    return render(request, "scoring/rule.html", context)


def _given(request: HttpRequest) -> Any:
    """Return what was sent: POST saves, GET with a rule only looks at it."""
    if request.method == "POST":
        return request.POST
    return request.GET if "kind" in request.GET else None


def _previewed(form: RuleForm) -> dict[str, Any]:
    source = form.source()
    shown = preview(source["fact"], form.rule(), window=source["window"], basis=source["basis"])
    name = str(dict(form.fields["fact"].choices)[source["fact"]])  # type: ignore[attr-defined]  # a choice field
    currency = Organisation.objects.values_list("currency", flat=True).first() or "EUR"
    return {"preview": shown, "facts": fact_chart(shown, name, currency), "ratings": rating_chart(shown)}
