"""Small tables over the API: values of metrics, plans and costs of years, contracts; checked, imported, taken back."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import caller
from goals.actions.row_tables import TableResult, check_table, import_table
from goals.actions.table_undo import undo_table
from goals.models import TableImport
from goals.row_tables import KINDS, MOST_CHARACTERS
from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView, ListView
from kam.lib.errors import InvalidInput
from kam.users.policy import MANAGERS, Policy


class TableImportSerializer(serializers.ModelSerializer[TableImport]):
    """An imported table; ``kept`` rows were changed since and stayed when it was taken back."""

    class Meta:
        model = TableImport
        fields = ["id", "kind", "written", "created_by", "created_at", "undone_at", "kept"]
        read_only_fields = fields


class TableInput(Body):
    kind = serializers.CharField(max_length=20, help_text=", ".join(KINDS))
    text = serializers.CharField(
        max_length=MOST_CHARACTERS,
        trim_whitespace=False,
        help_text="separated by semicolon, tabulator or comma; the first row names the columns",
    )
    dry_run = serializers.BooleanField(default=False, help_text="say what would happen, and write nothing")


class TableRowSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(source="number")
    problem = serializers.CharField()


class TableResultSerializer(serializers.Serializer[Any]):
    """What became of a table: rows that stay out come with their reason, and the others are written."""

    table = serializers.UUIDField(source="table.pk", allow_null=True, default=None)
    rows = serializers.SerializerMethodField()
    good = serializers.IntegerField()
    written = serializers.IntegerField(help_text="rows that changed something")
    problems = TableRowSerializer(many=True)

    def get_rows(self, result: TableResult) -> int:
        return len(result.rows)


class TableList(ListView):
    """The tables you imported, the latest first; leaders see everybody's. The same table again changes nothing."""

    policy = Policy(read=MANAGERS, write=MANAGERS, scope="goals")
    serializer_class = TableImportSerializer
    orderings = {"-created": ("-created_at",)}

    def queryset_for(self, user: Any) -> QuerySet[TableImport]:
        return TableImport.objects.visible_to(user)

    @extend_schema(request=TableInput, responses={200: TableResultSerializer, 201: TableResultSerializer})
    def post(self, request: Request) -> Response:
        """Import a table, or with ``dry_run`` check it; 201 where something was written."""
        data = TableInput(data=request.data)
        data.is_valid(raise_exception=True)
        kind = KINDS.get(data.validated_data["kind"])
        if kind is None:
            message = gettext_noop("There is no such kind of table.")
            raise InvalidInput("unknown_kind", message, field="kind")
        write = check_table if data.validated_data["dry_run"] else import_table
        result = write(kind, data.validated_data["text"], by=caller(request))
        return Response(TableResultSerializer(result).data, status=201 if result.table else 200)


class TableUndo(ApiView):
    """Take an imported table back: every row as it was before; what was changed since stays and is counted."""

    policy = Policy(read=(), write=MANAGERS, about="table_import", scope="goals")

    @extend_schema(request=None, responses=TableImportSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        table = get_object_or_404(TableImport.objects.visible_to(request.user), pk=pk)
        return Response(TableImportSerializer(undo_table(table, by=caller(request))).data)
