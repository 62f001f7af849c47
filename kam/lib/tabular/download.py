"""Tables as downloads: CSV while it is written, a workbook from a file that is gone when it has been sent."""

from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from kam.lib.tabular.export import Cell, Sheet, dialect_for, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(name: str, sheet: Sheet, kind: str) -> HttpResponseBase:
    """Return a table as ``name``.csv in the reader's notation, or as ``name``.xlsx; memory does not grow with it."""
    return _csv(name, sheet.header, sheet.rows) if kind == "csv" else _xlsx(name, sheet)


def _csv(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponseBase:
    body = write_csv(rows, header, dialect_for(get_language() or "en"))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


def _xlsx(name: str, sheet: Sheet) -> HttpResponseBase:
    file = TemporaryFile()  # noqa: SIM115 - the response closes it when it has been sent
    write_xlsx([sheet], file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
