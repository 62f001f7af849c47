"""What reports are made of over the API: templates, a look beforehand, messages, and the portfolio as of today."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib import formatting
from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView
from kam.lib.errors import InvalidInput
from kam.users.models import Role
from kam.users.policy import MANAGERS, Policy
from reports.actions import check_account, not_ready, order_from, word_report
from reports.models import Report
from reports.permissions import caller
from reports.preview import preview
from reports.redaction import CUSTOMER
from reports.serializers import ReportInput
from reports.snapshot import Order, build_snapshot
from reports.templates import AHEAD, SECTIONS, TEMPLATES

LABEL = serializers.CharField(help_text="in the caller's language")
SECTION: dict[str, Any] = {
    "code": serializers.CharField(),
    "label": LABEL,
    "looks_ahead": serializers.BooleanField(),
    "internal": serializers.BooleanField(help_text="never part of a customer's report"),
}
TEMPLATE: dict[str, Any] = {
    "code": serializers.CharField(),
    "title": LABEL,
    "question": LABEL,
    "purpose": LABEL,
    "about_account": serializers.BooleanField(help_text="false: about the whole portfolio"),
    "sections": inline_serializer("TemplateSection", dict(SECTION), many=True),
    "leading": serializers.ListField(
        child=serializers.CharField(), help_text="sections whose messages stand on the first page"
    ),
    "headline": serializers.CharField(help_text="the section whose message stands in the title"),
}
MESSAGE: dict[str, Any] = {
    "section": serializers.CharField(),
    "label": LABEL,
    "message": serializers.CharField(),
    "therefore": serializers.CharField(help_text="what follows from it"),
}
MESSAGES: dict[str, Any] = {
    "title": serializers.CharField(),
    "digest": serializers.CharField(),
    "messages": inline_serializer("SectionMessage", dict(MESSAGE), many=True),
}
PREVIEW: dict[str, Any] = {
    "sections": inline_serializer(
        "PreviewSection", {**SECTION, "message": serializers.CharField()}, many=True
    ),
    "hidden": inline_serializer(
        "HiddenFromCustomer",
        {"what": LABEL, "count": serializers.IntegerField()},
        many=True,
        help_text="what a customer's version leaves out",
    ),
}
PART = {
    "code": serializers.CharField(),
    "message": serializers.CharField(),
    "therefore": serializers.CharField(),
    "data": serializers.DictField(),
}
LEADERSHIP: dict[str, Any] = {
    "as_of": serializers.DateField(),
    "language": serializers.CharField(),
    "title": serializers.CharField(),
    "messages": serializers.ListField(child=serializers.CharField()),
    "currency": serializers.CharField(),
    "parts": inline_serializer("LeadershipPart", dict(PART), many=True),
}


class MessagesInput(Body):
    messages = serializers.DictField(
        child=serializers.CharField(max_length=200), help_text="message by the code of its section"
    )


class PreviewInput(ReportInput):
    template = serializers.ChoiceField(
        choices=[(each.code, each.title) for each in TEMPLATES.values() if each.about_account],
        default=Report.Template.PROGRESS,
    )

    class Meta(ReportInput.Meta):
        fields = ["account", "template", "audience", "as_of", "language"]
        extra_kwargs = {"account": {"required": True, "allow_null": False}}


class ReportTemplates(ApiView):
    """The templates of reports with their sections in order."""

    policy = Policy(scope="reports")

    @extend_schema(
        responses=inline_serializer(
            "ReportTemplates", {"results": inline_serializer("ReportTemplate", dict(TEMPLATE), many=True)}
        )
    )
    def get(self, request: Request) -> Response:
        rows = [
            {
                "code": each.code,
                "title": str(each.title),
                "question": str(each.question),
                "purpose": str(each.purpose),
                "about_account": each.about_account,
                "sections": [_section(code) for code in each.sections],
                "leading": each.leading,
                "headline": each.headline,
            }
            for each in TEMPLATES.values()
        ]
        return Response({"results": rows})


class ReportPreview(ApiView):
    """What a report would say section by section, and what a customer's version would leave out; nothing is kept."""

    policy = Policy(read=MANAGERS, scope="reports")
    parameters = frozenset(PreviewInput.Meta.fields)

    @extend_schema(
        parameters=[
            OpenApiParameter("account", {"type": "string", "format": "uuid"}, required=True),
            OpenApiParameter(
                "template", enum=[each.code for each in TEMPLATES.values() if each.about_account]
            ),
            OpenApiParameter("audience", enum=list(Report.Audience.values)),
            OpenApiParameter("as_of", {"type": "string", "format": "date"}, description="default: today"),
            OpenApiParameter("language", enum=["de", "en"]),
        ],
        responses=inline_serializer("ReportPreview", dict(PREVIEW)),
    )
    def get(self, request: Request) -> Response:
        given = PreviewInput(data=request.query_params.dict(), context={"request": request})
        given.is_valid(raise_exception=True)
        order = order_from(dict(given.validated_data))
        check_account(order, caller(request))
        found = preview(order)
        sections = [{**_section(line.code), "message": line.message} for line in found.lines]
        hidden = [{"what": what, "count": count} for what, count in found.hidden]
        return Response({"sections": sections, "hidden": hidden})


class ReportMessages(ApiView):
    """The message above each section of a report; 409 while it is being built."""

    policy = Policy(write=MANAGERS, about="report", scope="reports")

    @extend_schema(responses=inline_serializer("ReportMessages", dict(MESSAGES)))
    def get(self, request: Request, pk: Any) -> Response:
        return Response(_messages(self._report(request, pk)))

    @extend_schema(request=MessagesInput, responses=inline_serializer("WordedMessages", dict(MESSAGES)))
    def patch(self, request: Request, pk: Any) -> Response:
        """Put your own messages above some sections; no figure changes, and the files are set anew.

        409 once the report is approved: what was approved stays as it is.
        """
        report = self._report(request, pk)
        given = MessagesInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data["messages"]
        _check_sections(report, wanted)
        return Response(_messages(word_report(report, messages=wanted, by=caller(request))))

    def _report(self, request: Request, pk: Any) -> Report:
        found: Report = get_object_or_404(Report.objects.visible_to(request.user).for_detail(), pk=pk)
        if found.snapshot is None:
            raise not_ready()
        return found


class Leadership(ApiView):
    """The leadership portfolio as of today, before anybody freezes it: the sections of its report in order.

    Concentration, retention, contribution, movers, coverage, warnings, goals at risk, decisions.
    """

    policy = Policy(read=(Role.LEADER, Role.VIEWER), scope="reports")

    @extend_schema(responses=inline_serializer("LeadershipPortfolio", dict(LEADERSHIP)))
    def get(self, request: Request) -> Response:
        order = Order(
            None, timezone.localdate(), language=formatting.language(), template=Report.Template.PORTFOLIO
        )
        snapshot, _hidden = build_snapshot(order)
        return Response({name: snapshot[name] for name in LEADERSHIP})


def _section(code: str) -> dict[str, Any]:
    label = str(SECTIONS[code])
    return {"code": code, "label": label, "looks_ahead": code in AHEAD, "internal": code not in CUSTOMER}


def _messages(report: Report) -> dict[str, Any]:
    snapshot = report.snapshot or {"parts": []}
    rows = [
        {
            "section": part["code"],
            "label": str(SECTIONS[part["code"]]),
            "message": part["message"],
            "therefore": part["therefore"],
        }
        for part in snapshot["parts"]
    ]
    return {"title": report.title, "digest": report.snapshot_digest, "messages": rows}


def _check_sections(report: Report, wanted: dict[str, str]) -> None:
    known = [part["code"] for part in (report.snapshot or {"parts": []})["parts"]]
    if unknown := sorted(set(wanted) - set(known)):
        words = {
            "template": report.get_template_display(),
            "name": unknown[0][:80],
            "sections": ", ".join(known),
        }
        message = gettext_noop("%(template)s has no section “%(name)s”. It has: %(sections)s.")
        raise InvalidInput("unknown_section", message, words, "messages")
