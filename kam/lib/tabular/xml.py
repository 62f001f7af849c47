"""XML in pieces: what an XLSX file's parts are read with. A document type is refused, so nothing expands."""

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

Start = Callable[[str, dict[str, str]], None]
PIECE = 1 << 16


class Damaged(Exception):
    """A part that is no well-formed XML, or that brings a document type."""


def local_name(tag: str) -> str:
    """Return the name of an element or attribute without its prefix."""
    return tag.rpartition(":")[2]


def parsed(
    stream: IO[bytes], start: Start, end: Callable[[str], None], text: Callable[[str], None]
) -> Iterator[None]:
    """Call back for every element of a part, and yield after each piece of it. Raises Damaged."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        while piece := stream.read(PIECE):
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise Damaged from error


def elements(stream: IO[bytes], *path: str) -> list[dict[str, str]]:
    """Return the attributes of all elements whose last ancestors and own name are ``path``."""
    found: list[dict[str, str]] = []
    open_elements: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        open_elements.append(local_name(tag))
        if open_elements[-len(path) :] == list(path):
            found.append({local_name(name): value for name, value in attributes.items()})

    def end(tag: str) -> None:
        open_elements.pop()

    for _ in parsed(stream, start, end, lambda text: None):
        pass
    return found


def _refuse(*_: object) -> None:
    raise Damaged
