"""Where the names of bubbles go: beside the bubble, where neither the edge nor another one is in the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

# Of the face and size the charts are set in.
CHARACTER, LINE, GAP = 6.6, 14.0, 4.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A bubble on the drawing, in pixels from its upper left corner, with the text to be placed."""

    x: float
    y: float
    radius: float
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """The text's anchor relative to the bubble's middle; None in its place where there is no room.

    A text that stands ``apart`` from its bubble needs a line back to it.
    """

    dx: float
    dy: float
    align: str
    apart: bool = False


Box = tuple[float, float, float, float]

# The nearest first: right, left, above, below, then the corners; where all are taken, further and further off.
SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
STEPS = (0.0, 16.0, 32.0, 48.0, 64.0, 80.0)
PIECES = 32
ALIGNS = {1: "left", -1: "right", 0: "center"}


def place_labels(
    spots: Sequence[Spot], width: float, height: float, kept_free: Sequence[Box] = ()
) -> list[Label | None]:
    """Return a place for each text, the first come first: beside its bubble, over no other one and no other text.

    ``kept_free`` are the places of other texts: left, top, right, bottom.
    """
    marks, texts, lines = [_bubble(spot) for spot in spots], list(kept_free), list[Box]()
    found: list[Label | None] = []
    for spot in spots:
        label = _first_free(spot, (marks, texts, lines), (width, height)) if spot.text else None
        if label is not None:
            texts.append(_box(spot, label))
            lines += _line(spot, label)
        found.append(label)
    return found


def _first_free(
    spot: Spot, taken: tuple[list[Box], list[Box], list[Box]], size: tuple[float, float]
) -> Label | None:
    """Return the nearest free place; one whose line passes over other bubbles only where there is no better one."""
    marks, texts, lines = taken
    own = _bubble(spot)
    others = [mark for mark in marks if mark != own]
    second = None
    for label in (_label(spot.radius, side, step) for step in STEPS for side in SIDES):
        box, line = _box(spot, label), _line(spot, label)
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]
        if not inside or _meet([box], [*others, *texts, *lines]) or _meet(line, texts):
            continue
        if not _meet(line, others):
            return label
        second = second or label
    return second


def _label(radius: float, side: tuple[int, int], step: float) -> Label:
    across, down = side
    away = (radius + GAP + step) / hypot(across, down)
    return Label(across * away, down * (away + LINE / 2), ALIGNS[across], apart=step > 0)


def end_of_line(label: Label) -> tuple[float, float]:
    """Return where the line to a text apart ends, relative to the bubble's middle: at the text's near edge."""
    down = (label.dy > 0) - (label.dy < 0)
    return label.dx, label.dy - down * LINE / 2


def _line(spot: Spot, label: Label) -> list[Box]:
    """Return the line from a bubble to its text in pieces; none beside it."""
    if not label.apart:
        return []
    x, y = end_of_line(label)
    shares = [piece / PIECES for piece in range(PIECES)]
    return [
        (spot.x + x * at - 1, spot.y + y * at - 1, spot.x + x * at + 1, spot.y + y * at + 1) for at in shares
    ]


def _bubble(spot: Spot) -> Box:
    return spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius


def _box(spot: Spot, label: Label) -> Box:
    left, right = extent(spot.text, label.align)
    x, y = spot.x + label.dx, spot.y + label.dy
    return x + left, y - LINE / 2, x + right, y + LINE / 2


def extent(text: str, align: str) -> tuple[float, float]:
    """Return how far a text reaches to both sides of its anchor, in pixels."""
    length = len(text) * CHARACTER
    left = {"left": 0.0, "right": -length, "center": -length / 2}[align]
    return left, left + length


def _meet(these: Iterable[Box], those: Sequence[Box]) -> bool:
    return any(_overlap(one, two) for one in these for two in those)


def _overlap(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
