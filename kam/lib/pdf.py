"""PDF from a Typst template and plain data: tagged, readable by screen readers, the same bytes for the same data.

Data never becomes markup: it lies as JSON beside the template, which reads it with ``json("data.json")``, so that
``#``, ``$``, ``\\``, ``<`` or Arabic in a customer's name show as typed. The compiler sees one private folder that
holds the template, the house's own templates (``house.typ``), the data and the files given, and nothing else.
"""

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import typst
from django.utils import timezone

LIBRARY = Path(__file__).parent
FONTS = LIBRARY / "fonts"
HOUSE = LIBRARY / "typst"
TAGGED: Literal["ua-1"] = "ua-1"


class PdfError(Exception):
    """The template is wrong (never the data); the text names the line for the log."""


class UnprintableError(PdfError):
    """A text has characters that none of our faces has."""


@cache
def _fonts() -> typst.Fonts:
    """Only our own faces, so that the output does not depend on the machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def compile_pdf(
    template_path: str | Path,
    data: Mapping[str, Any],
    *,
    files: Mapping[str, str | bytes] | None = None,
    created_at: dt.datetime | None = None,
) -> bytes:
    """Return the PDF (PDF/UA-1) of a template.

    ``data`` is JSON (dates become ISO text, Decimals decimal text: format figures before, in the reader's
    language). ``files`` maps plain names to content, such as ``{"chart.svg": for_paper(chart.svg)}``.
    ``created_at`` is the date in the file's properties; give the snapshot's, and the bytes are always the same.
    Raises PdfError when the template does not compile, UnprintableError where no face has a character.
    """
    template = Path(template_path)
    with tempfile.TemporaryDirectory(prefix="kam-pdf-") as folder:
        root = Path(folder)
        for source in [*HOUSE.glob("*.typ"), template]:
            shutil.copy(source, root / source.name)
        (root / "data.json").write_text(
            json.dumps(data, default=_plain, ensure_ascii=False), encoding="utf-8"
        )
        for name, content in (files or {}).items():
            _write(root, name, content)
        moment = (created_at or timezone.now()).replace(microsecond=0)
        compiler = typst.Compiler(root / template.name, root=root, font_paths=_fonts())
        try:
            pdf = compiler.compile(format="pdf", pdf_standards=[TAGGED], timestamp=moment)
        except typst.TypstError as error:
            said = f"{template.name}: {error.diagnostic or error.message}"
            if "could not be displayed with font" in said:
                raise UnprintableError(said) from error
            raise PdfError(said) from error
    return cast("bytes", pdf)


def _write(root: Path, name: str, content: str | bytes) -> None:
    if Path(name).name != name or name.startswith("."):
        raise ValueError(f"not a plain file name: {name!r}")
    (root / name).write_bytes(content.encode() if isinstance(content, str) else content)


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    # Lazy translations and safe strings are text to the reader.
    return str(value)
