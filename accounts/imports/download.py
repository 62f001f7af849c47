"""The error file of an import as a download, for page and API."""

from django.http import FileResponse

from kam.integrations.models import ImportBatch


def error_file(batch: ImportBatch) -> FileResponse:
    """Return the rows that stayed out as a download. Raises FileNotFoundError when every row was good."""
    if not batch.error_file:
        raise FileNotFoundError
    name = f"{batch.file_name.rsplit('.', 1)[0]}-errors.csv"
    stream = batch.error_file.open("rb")
    return FileResponse(stream, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
