"""Imports over the API: upload, list, look at one, commit, undo, fetch the rows that stayed out."""

import json
from typing import Any, cast

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.translation import gettext_noop
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import imports as actions
from accounts.imports.download import error_file
from accounts.permissions import caller
from accounts.serializers_imports import ImportInput, ImportSerializer, MatchesInput
from kam.integrations.models import ImportBatch, Job
from kam.lib.api.parsers import FormParser, check_strings
from kam.lib.api.views import ListView, ObjectView
from kam.lib.errors import InvalidInput, named_as
from kam.users.policy import IMPORTERS, Policy

STARTED = inline_serializer("ImportStarted", {"id": serializers.UUIDField(), "job": serializers.UUIDField()})


class ImportResource:
    """What all addresses of imports share."""

    serializer_class = ImportSerializer

    def queryset_for(self, user: Any) -> QuerySet[ImportBatch]:
        return ImportBatch.objects.visible_to(user).select_related("job")


class ImportList(ImportResource, ListView):
    """Uploaded files, newest first; POST takes a new one and starts its check or import."""

    policy = Policy(read=IMPORTERS, write=IMPORTERS, scope="sales")
    parser_classes = [FormParser]
    orderings = {"-created": ("-created_at",)}

    @extend_schema(request={"multipart/form-data": ImportInput}, responses={202: STARTED})
    def post(self, request: Request) -> Response:
        """Columns: ``mapping`` as a JSON object, or form fields ``map.order=InvoiceNo`` and so on."""
        data = ImportInput(data=_plain_form(request))
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        is_dry_run = values.pop("dry_run")
        by = caller(request)
        batch = actions.receive_mapped(values.pop("file"), by=by, **values)
        start = actions.start_check if is_dry_run else actions.start_commit
        return _started(batch, start(batch, by=by))


class ImportDetail(ImportResource, ObjectView):
    """One import with its counts and the reasons of rows that stay out."""

    policy = Policy(read=IMPORTERS, about="import", scope="sales")


class ImportVerb(ImportResource, ObjectView):
    """Base of the verbs: a job does the work."""

    http_method_names = ["post", "options"]

    def start(self, batch: ImportBatch, request: Request) -> Job:
        raise NotImplementedError(type(self).__name__)

    @extend_schema(request=None, responses={202: STARTED})
    def post(self, request: Request, pk: Any) -> Response:
        batch = cast(ImportBatch, self.get_object())
        return _started(batch, self.start(batch, request))


class ImportCommit(ImportVerb):
    """Imports a file that has been checked."""

    policy = Policy(read=(), write=IMPORTERS, about="import", scope="sales")

    def start(self, batch: ImportBatch, request: Request) -> Job:
        return actions.start_commit(batch, by=caller(request))


class ImportMatches(ImportVerb):
    """Says which account ambiguous rows mean, and checks the file again."""

    policy = Policy(read=(), write=IMPORTERS, about="import", scope="sales")

    @extend_schema(request=MatchesInput, responses={202: STARTED})
    def post(self, request: Request, pk: Any) -> Response:
        batch = cast(ImportBatch, self.get_object())
        data = MatchesInput(data=request.data)
        data.is_valid(raise_exception=True)
        with named_as(**{"options.choices": "choices"}):
            job = actions.choose_matches(batch, choices=data.validated_data["choices"], by=caller(request))
        return _started(batch, job)


class ImportUndo(ImportVerb):
    """Takes an import back; what people changed since stays and is named in the job's result."""

    policy = Policy(read=(), write=IMPORTERS, about="import", scope="sales")

    def start(self, batch: ImportBatch, request: Request) -> Job:
        return actions.start_undo(batch, by=caller(request))


class ImportErrors(ImportResource, ObjectView):
    """The rows that stayed out, as CSV: row number, reason, original columns."""

    policy = Policy(read=IMPORTERS, about="import", scope="sales")

    @extend_schema(responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)})
    def get(self, request: Request, pk: Any) -> FileResponse:  # type: ignore[override]  # a file, not JSON
        try:
            return error_file(cast(ImportBatch, self.get_object()))
        except FileNotFoundError as error:
            raise Http404 from error


def _started(batch: ImportBatch, job: Job) -> Response:
    location = reverse("api:job", args=[job.pk])
    return Response({"id": str(batch.pk), "job": str(job.pk)}, status=202, headers={"Location": location})


def _plain_form(request: Request) -> dict[str, Any]:
    """Return the form as one dictionary: JSON texts read, «map.x» gathered under mapping."""
    found: dict[str, Any] = {}
    mapping: dict[str, str] = {}
    for name, value in request.data.items():
        if name.startswith("map."):
            mapping[name.removeprefix("map.")] = value
        elif name in ("mapping", "options"):
            found[name] = _json_object(name, value)
        elif value != "":
            found[name] = value
    if mapping:
        found["mapping"] = found.get("mapping", {}) | mapping
    return found


def _json_object(name: str, text: Any) -> dict[str, Any]:
    try:
        value = json.loads(text) if text else {}
    except (ValueError, TypeError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InvalidInput("not_an_object", gettext_noop("%(name)s is a JSON object."), {"name": name}, name)
    check_strings(value)
    return value
