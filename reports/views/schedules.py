"""Scheduled reports: the list with its form, pausing, ending."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.lib.versions import typed_number
from kam.users.policy import MANAGERS, policy
from reports.actions import Rhythm, end_schedule, mail_again, pause_schedule, schedule_report
from reports.actions.schedules import SENDING
from reports.forms_schedule import ScheduleForm
from reports.models import DeliveredReport, ReportSchedule
from reports.permissions import caller, can_report


@policy("GET", "POST", write=MANAGERS)
def schedule_list(request: HttpRequest) -> HttpResponse:
    """What comes by itself, for whom and when next; POST sets one up."""
    form = ScheduleForm(request.POST or None, user=caller(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        names = ("account", "template", "rhythm", "language", "start_on", "recipients")
        try:
            schedule_report(Rhythm(**{name: values[name] for name in names}), by=caller(request))
            messages.success(request, _("The report will come by itself."))
            return redirect("reports:schedules")
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    context = {
        "schedules": ReportSchedule.objects.visible_to(request.user).for_list()[:200],
        "doubts": _doubts(request),
        "form": form,
        "names": form.suggestions(),
        "may_report": can_report(caller(request)),
    }
    return render(request, "reports/schedules.html", context)


def _doubts(request: HttpRequest) -> Any:
    copies = DeliveredReport.objects.visible_to(request.user).in_doubt(timezone.now() - SENDING)
    return copies.with_people().order_by("-mail_claimed_at")[:50]


@policy("POST", write=MANAGERS, about="report_schedule")
def schedule_change(request: HttpRequest, pk: object) -> HttpResponse:
    """Pause, go on or end: what the pressed button is called."""
    schedules = ReportSchedule.objects.visible_to(request.user).select_related("account")
    schedule = get_object_or_404(schedules, pk=pk)
    if "end" in request.POST:
        end_schedule(schedule, by=caller(request))
        messages.success(request, _("The report does not come by itself any more. Those it brought stay."))
    else:
        pause_schedule(schedule, active="resume" in request.POST, by=caller(request))
    return redirect("reports:schedules")


@policy("POST", write=MANAGERS, about="report_delivery")
def copy_mail(request: HttpRequest, pk: object) -> HttpResponse:
    """Send a mail whose fate is in doubt once more, to the person that ``copy`` names."""
    copies = DeliveredReport.objects.visible_to(request.user).with_people().filter(delivery=pk)
    if not copies.exists():
        raise Http404
    wanted = typed_number(request.POST.get("copy", ""))
    copy = copies.filter(pk=wanted).first() if wanted is not None else None
    try:
        mail_again(copy, by=caller(request))
        messages.success(request, _("The mail is being sent once more."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("reports:schedules")
