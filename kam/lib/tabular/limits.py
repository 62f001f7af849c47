"""How large a table may be, and the refusal of what is not one."""

from dataclasses import dataclass
from typing import Any

from kam.lib.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that hold before anything is parsed. Sizes in bytes unless the name says otherwise."""

    file_bytes: int = 2_000_000_000  # of a text file, unpacked
    workbook_bytes: int = 1_000_000_000  # of all parts of a workbook, unpacked
    ratio: int = 150  # unpacked to packed; real tables reach 10 to 40
    ratio_from: int = 20_000_000  # below this size a high ratio does no harm
    columns: int = 500
    line_characters: int = 4_000_000  # between two line ends; a file without any would fill the memory
    archive_entries: int = 2_000
    sheet_cells: int = 200_000_000  # of the rectangle around all cells: blank ones take time as well
    flawed_rows: int = 100_000


DEFAULT_LIMITS = Limits()


def refuse(code: str, message: str, **params: Any) -> InvalidInput:
    """Return the error for a file that cannot be read as a table; message is a msgid."""
    return InvalidInput(code, message, params, field="file")
