"""The error file of an import as a download, for page and API."""

import re

from django.http import FileResponse

from kam.integrations.models import ImportBatch

PACKED_TABLE = re.compile(r"(\.[^.]*?)?(\.gz)?$", re.IGNORECASE)


def error_file(batch: ImportBatch) -> FileResponse:
    """Return the rows that stayed out as a download. Raises FileNotFoundError when every row was good."""
    if not batch.error_file:
        raise FileNotFoundError
    stream, name = batch.error_file.open("rb"), error_file_name(batch)
    return FileResponse(stream, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def error_file_name(batch: ImportBatch) -> str:
    """Return the name of the table that was uploaded, without what it was packed in, with the ending of ours."""
    return f"{PACKED_TABLE.sub('', batch.file_name)}-errors.csv"
