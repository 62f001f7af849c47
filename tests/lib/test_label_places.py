"""Names of bubbles: all of them where there is room, none over another."""

from itertools import combinations

import pytest

from kam.lib.label_places import LINE, Box, Label, Spot, end_of_line, extent, place_labels

WIDE, HIGH = 660.0, 400.0
# Ten of one neighbourhood: some within others, one at the edge.
CROWD = [
    *((337, 160, 28), (262, 240, 28), (241, 200, 20), (268, 280, 18), (262, 325, 18), (94, 212, 18)),
    *((474, 145, 17), (437, 98, 17), (345, 175, 14), (652, 182, 10)),
]


def spots(*places: tuple[float, float, float]) -> list[Spot]:
    return [Spot(x, y, radius, f"Grünwald Antrieb {n}") for n, (x, y, radius) in enumerate(places)]


def box(spot: Spot, label: Label) -> Box:
    left, right = extent(spot.text, label.align)
    x, y = spot.x + label.dx, spot.y + label.dy
    return x + left, y - LINE / 2, x + right, y + LINE / 2


def meet(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def test_a_crowd_is_named_completely_and_no_name_lies_over_another_or_over_a_bubble() -> None:
    crowd = spots(*CROWD)
    labels = place_labels(crowd, WIDE, HIGH)
    texts = [box(spot, label) for spot, label in zip(crowd, labels, strict=True) if label]
    bubbles = [(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in crowd]
    assert len(texts) == len(CROWD)
    assert not any(meet(one, two) for one, two in combinations(texts, 2))
    assert not any(meet(text, bubble) for text in texts for bubble in bubbles)
    assert all(x >= 0 and y >= 0 and x2 <= WIDE and y2 <= HIGH for x, y, x2, y2 in texts)


def test_no_line_to_a_name_crosses_another_name() -> None:
    crowd = spots(*CROWD)
    labels = place_labels(crowd, WIDE, HIGH)
    texts = [box(spot, label) for spot, label in zip(crowd, labels, strict=True) if label]
    lines = [(spot, label) for spot, label in zip(crowd, labels, strict=True) if label and label.apart]
    assert lines
    for spot, label in lines:
        x, y = end_of_line(label)
        on_the_way = [(spot.x + x * at / 200, spot.y + y * at / 200) for at in range(199)]
        assert not any(meet((px, py, px, py), text) for px, py in on_the_way for text in texts)


def test_a_bubble_with_room_has_its_name_beside_it_without_a_line() -> None:
    assert place_labels(spots((100, 100, 10)), WIDE, HIGH) == [Label(14, 0, "left")]


def test_a_line_goes_around_other_bubbles_where_it_can() -> None:
    """Straight above would be as near, but behind the bubble that stands there."""
    places = [(100, 100, 14), (100, 66, 10), (180, 100, 35), (20, 100, 35)]
    crowd = [Spot(x, y, radius, "" if n else "Customer") for n, (x, y, radius) in enumerate(places)]
    label = place_labels(crowd, WIDE, HIGH, [(60, 108, 140, 136)])[0]
    assert label is not None
    assert (label.align, label.apart) == ("left", True)


def test_the_names_of_the_fields_are_kept_free() -> None:
    free = place_labels(spots((100, 100, 10)), WIDE, HIGH, [(110, 90, 200, 110)])
    assert free[0] is not None
    assert free[0].align != "left"


@pytest.mark.parametrize("size", [(40.0, 400.0), (660.0, 10.0)])
def test_without_any_room_a_bubble_stays_without_a_name(size: tuple[float, float]) -> None:
    assert place_labels(spots((20, 5, 4)), *size) == [None]
