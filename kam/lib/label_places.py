"""Where the names of bubbles go: beside the bubble, where neither the edge nor another one is in the way."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    """The text's anchor relative to the bubble's middle; None in its place where there is no room."""

    dx: float
    dy: float
    align: str


Box = tuple[float, float, float, float]


def place_labels(spots: Sequence[Spot], width: float, height: float) -> list[Label | None]:
    """Return a place for each text, the first come first; right of the bubble, left, above, or below."""
    taken = [(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in spots]
    found: list[Label | None] = []
    for spot in spots:
        label = _first_free(spot, taken, (width, height)) if spot.text else None
        if label is not None:
            taken.append(_box(spot, label))
        found.append(label)
    return found


def _first_free(spot: Spot, taken: Sequence[Box], size: tuple[float, float]) -> Label | None:
    own = (spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius)
    beside, above = spot.radius + GAP, spot.radius + GAP + LINE / 2
    for label in (
        Label(beside, 0, "left"),
        Label(-beside, 0, "right"),
        Label(0, -above, "center"),
        Label(0, above, "center"),
    ):
        box = _box(spot, label)
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]
        if inside and not any(_overlap(box, other) for other in taken if other != own):
            return label
    return None


def _box(spot: Spot, label: Label) -> Box:
    length = len(spot.text) * CHARACTER
    left = {"left": 0.0, "right": -length, "center": -length / 2}[label.align]
    x, y = spot.x + label.dx + left, spot.y + label.dy - LINE / 2
    return x, y, x + length, y + LINE


def _overlap(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
