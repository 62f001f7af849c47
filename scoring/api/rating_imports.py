"""Tables of ratings over the API: tried, taken over, taken back."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.parsers import FormParser, StrictJSONParser
from kam.lib.api.views import ListView, ObjectView
from kam.users.policy import WORKERS, Policy
from scoring.actions import rating_imports
from scoring.api.lookups import round_by_id
from scoring.models import RatingImport
from scoring.serializers_ratings import RatingImportInput, RatingImportSerializer


class RatingImportResource:
    """What all addresses of these imports share: everybody sees her own and nobody another's."""

    serializer_class = RatingImportSerializer

    def queryset_for(self, user: Any) -> QuerySet[RatingImport]:
        found: QuerySet[RatingImport] = RatingImport.objects.visible_to(user)
        return found


class RatingImportList(RatingImportResource, ListView):
    """The caller's tables, newest first. POST tries one: a file, or rows as JSON; no rating is written yet."""

    policy = Policy(read=WORKERS, write=WORKERS, scope="scoring")
    parser_classes = [StrictJSONParser, FormParser]
    orderings = {"-created": ("-created_at",)}

    @extend_schema(
        request={"application/json": RatingImportInput, "multipart/form-data": RatingImportInput},
        responses={201: RatingImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Answers what the table would change (``counts``), and every row that cannot be used."""
        given = RatingImportInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        round = round_by_id(values["round"], request.user) if values.get("round") else None
        if values.get("file") is not None:
            made = _from_file(values["file"], request.user, round)
        else:
            rows = list(enumerate(values["rows"], start=1))
            made = rating_imports.check_rows(rows, name="API", by=request.user, round=round)
        return Response(self.get_serializer(made).data, status=201)


class RatingImportDetail(RatingImportResource, ObjectView):
    """One table; DELETE forgets one that was only tried."""

    policy = Policy(read=WORKERS, write=WORKERS, about="rating_import", scope="scoring")

    def delete(self, request: Request, pk: Any) -> Response:
        rating_imports.discard_import(self.get_object(), by=request.user)
        return Response(status=204)


class RatingImportCommit(RatingImportResource, ObjectView):
    """POST writes the ratings of a table without mistakes, all of them or none."""

    policy = Policy(read=(), write=WORKERS, about="rating_import", scope="scoring")
    http_method_names = ["post", "options"]

    @extend_schema(request=None, responses=RatingImportSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        return Response(self.represent(rating_imports.commit_import(self.get_object(), by=request.user)))


class RatingImportUndo(RatingImportCommit):
    """POST puts every cell back to what stood there; what changed since stays and is named in ``kept``."""

    @extend_schema(request=None, responses=RatingImportSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        return Response(self.represent(rating_imports.undo_import(self.get_object(), by=request.user)))


def _from_file(upload: Any, user: Any, round: Any) -> RatingImport:
    with NamedTemporaryFile(suffix=Path(upload.name).suffix) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        return rating_imports.check_file(Path(file.name), name=upload.name, by=user, round=round)
