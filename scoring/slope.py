"""Slope lines between two rankings: where each line begins and ends. No framework."""

from collections.abc import Sequence
from dataclasses import dataclass

STEP = 26
TOP = 34
# Where the lines begin and end, and how wide all of it is; a phone has no room for names on the left.
WIDE, NARROW = (250, 390, 640), (24, 140, 358)


@dataclass(frozen=True)
class Line:
    """One account: heights on both sides (None: not ranked there), its ranks, and whether it crosses the cut."""

    name: str
    left_rank: int | None
    right_rank: int | None
    y1: float | None
    y2: float | None
    kind: str


@dataclass(frozen=True)
class Slope:
    """The drawing: lines, its height, and how high the cut runs on either side (None: beyond the lines)."""

    lines: list[Line]
    height: int
    cut_left: float | None
    cut_right: float | None
    x1: int
    x2: int
    width: int

    @property
    def is_narrow(self) -> bool:
        return self.width == NARROW[-1]


@dataclass(frozen=True)
class Place:
    """An account's rank on both sides and whether it is above the line there."""

    name: str
    left: int | None
    right: int | None
    is_in_left: bool
    is_in_right: bool


def slope(places: Sequence[Place], measures: tuple[int, int, int] = WIDE) -> Slope:
    """Set the accounts one below the other on both sides, by rank; gaps between ranks are not drawn."""
    left = [place for place in places if place.left is not None]
    right = [place for place in places if place.right is not None]
    left.sort(key=lambda place: (place.left or 0, place.name))
    right.sort(key=lambda place: (place.right or 0, place.name))
    y1 = {id(place): TOP + STEP * (row + 0.5) for row, place in enumerate(left)}
    y2 = {id(place): TOP + STEP * (row + 0.5) for row, place in enumerate(right)}
    lines = [
        Line(place.name, place.left, place.right, y1.get(id(place)), y2.get(id(place)), _kind(place))
        for place in places
    ]
    return Slope(
        lines,
        TOP + STEP * max(len(left), len(right), 1) + 8,
        _cut([place.is_in_left for place in left]),
        _cut([place.is_in_right for place in right]),
        *measures,
    )


def _kind(place: Place) -> str:
    if place.is_in_right and not place.is_in_left:
        return "enters"
    if place.is_in_left and not place.is_in_right:
        return "leaves"
    if place.left is None or place.right is None or place.left == place.right:
        return "same"
    return "up" if place.right < place.left else "down"


def _cut(inside: Sequence[bool]) -> float | None:
    """Return the height below the last one above the line, None where all or none of them are."""
    count = sum(inside)
    return TOP + STEP * count if 0 < count < len(inside) else None
