"""What was done together with an account beyond buying and selling."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.activities import log_activity
from accounts.models import Account
from goals.engagement_forms import EngagementForm
from goals.engagements import HALF, OFTEN, engagement_year
from goals.permissions import can_check_in
from kam.lib.errors import DomainError
from kam.users.policy import WORKERS, policy


@policy("GET", about="account")
def account_engagement(request: HttpRequest, pk: object) -> HttpResponse:
    """The engagements of twelve months, their index, and revenue beside it."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    context = {"account": account, "year": engagement_year(account, timezone.localdate())}
    context |= {"may_work": can_check_in(request.user), "often": OFTEN, "half": HALF}
    return render(request, "goals/engagement.html", context)


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="account")
def engagement_log(request: HttpRequest, pk: object) -> HttpResponse:
    """Log an event, a training, work on a joint project, an advisory board or a reference."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    form = EngagementForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            log_activity(account, values=form.values(), by=request.user)
        except DomainError as error:
            field = "on" if error.field == "occurred_at" else error.field
            form.add_error(field if field in form.fields else None, str(error))
        else:
            messages.success(request, _("The engagement is logged."))
            return redirect("goals:engagement", pk=pk)
    title = _("Log an engagement")
    return render(request, "goals/entry_form.html", {"form": form, "account": account, "title": title})
