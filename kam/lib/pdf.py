"""PDF from a Typst template and plain data: tagged, readable by screen readers, the same bytes for the same data.

Data never becomes markup: it lies as JSON beside the template, which reads it with ``json("data.json")``, so that
``#``, ``$``, ``\\``, ``<`` or Arabic in a customer's name show as typed. The compiler sees one private folder that
holds the template, the house's own templates (``house.typ``), the data and the files given, and nothing else.
"""

import datetime as dt
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Collection, Mapping
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
# PDF/UA takes no glyph that stands for nothing, so a character that no face has becomes one that a face has.
BOX = "\u25a1"
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed with font', re.DOTALL)
_FOREIGN = re.compile(r"[^\x00-\x7e]+")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class PdfError(Exception):
    """The template is wrong (never the data); the text names the line for the log."""


class UnprintableError(PdfError):
    """A text has characters that none of our faces has: ``missing``, as they stand in the data."""

    def __init__(self, said: str, missing: Collection[str]) -> None:
        super().__init__(said)
        self.missing = missing


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
    exactly: Collection[str] = (),
) -> bytes:
    """Return the PDF (PDF/UA-1) of a template.

    ``data`` is JSON (dates become ISO text, Decimals decimal text: format figures before, in the reader's
    language). ``files`` maps plain names to content, such as ``{"chart.svg": for_paper(chart.svg)}``.
    ``created_at`` is the date in the file's properties; give the snapshot's, and the bytes are always the same.
    What no face has is set as its plain form (a full-width letter) or as □. Raises PdfError when the template does
    not compile, UnprintableError when that would have to be done to one of the texts in ``exactly``.
    """
    text = json.dumps(data, default=_plain, ensure_ascii=False)
    said = dict(files or {})
    moment = (created_at or timezone.now()).replace(microsecond=0)
    while True:
        try:
            return _compiled(Path(template_path), text, said, moment)
        except UnprintableError as error:
            if any(part in kept for part in error.missing for kept in exactly):
                raise
            shown = {part: _stand_in(part) for part in error.missing}
            replaced = _replaced(text, shown)
            drawn = {
                name: _replaced(one, shown) if isinstance(one, str) else one for name, one in said.items()
            }
            if (replaced, drawn) == (text, said):  # the template's own text, or a part written otherwise
                raise
            text, said = replaced, drawn


def _compiled(template: Path, data: str, files: Mapping[str, str | bytes], moment: dt.datetime) -> bytes:
    with tempfile.TemporaryDirectory(prefix="kam-pdf-") as folder:
        root = Path(folder)
        for source in [*HOUSE.glob("*.typ"), template]:
            shutil.copy(source, root / source.name)
        (root / "data.json").write_text(data, encoding="utf-8")
        for name, content in files.items():
            _write(root, name, content)
        compiler = typst.Compiler(root / template.name, root=root, font_paths=_fonts())
        try:
            pdf = compiler.compile(format="pdf", pdf_standards=[TAGGED], timestamp=moment)
        except typst.TypstError as error:
            said = f"{template.name}: {error.diagnostic or error.message}"
            if missing := _missing(str(error.diagnostic)):
                raise UnprintableError(said, missing) from error
            raise PdfError(said) from error
        except BaseException as error:  # a panic of the compiler is no Exception, and would end a worker
            if type(error).__name__ != "PanicException":
                raise
            said, leftward = f"{template.name}: {error}", _leftward([data, *files.values()])
            raise UnprintableError(said, leftward) if leftward else PdfError(said) from error
    return cast("bytes", pdf)


def _missing(diagnostic: str) -> set[str]:
    texts = (
        _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) for text in _MISSING.findall(diagnostic)
    )
    # Every face has ASCII, and the signs of JSON and SVG are ASCII.
    return {part for text in texts for part in _FOREIGN.findall(text)}


def _leftward(texts: Collection[str | bytes]) -> set[str]:
    """Return the letters that run from right to left, or that are none yet: the compiler breaks on lines of those
    that no face has, and does not say which.
    """
    letters = {letter for text in texts if isinstance(text, str) for letter in text}
    return {letter for letter in letters if unicodedata.bidirectional(letter) in ("R", "AL", "")}


def _stand_in(part: str) -> str:
    plain = unicodedata.normalize("NFKC", part)
    # Letters and figures only: a quotation mark of another width would end the text that it stands in.
    return plain if plain != part and plain.isalnum() else BOX


def _replaced(text: str, shown: Mapping[str, str]) -> str:
    parts = "|".join(re.escape(part) for part in sorted(shown, key=len, reverse=True))
    return re.sub(parts, lambda found: shown[found[0]], text)


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
