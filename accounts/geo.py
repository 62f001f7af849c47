"""Distances on the earth, for the criterion "how near is the account to us"."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, hypot, radians, sin, sqrt

from accounts.arithmetic import CannotCompute, gettext_noop

# Mean radius; the great circle on a sphere is within 0.6 % of the way on the ellipsoid, plenty for a rating.
EARTH_RADIUS_KM = 6371.0

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The site nearest to a place, in kilometres along the great circle."""

    site: str
    km: float


def distance_km(start: Place, end: Place, radius_km: float = EARTH_RADIUS_KM) -> float:
    """Return the great-circle distance of two (latitude, longitude) pairs in degrees, by haversine.

    Raises CannotCompute for a latitude outside ±90 or a longitude outside ±180.
    """
    (north_1, east_1), (north_2, east_2) = _in_radians(start), _in_radians(end)
    half_chord = hypot(
        sin((north_2 - north_1) / 2),
        sqrt(cos(north_1) * cos(north_2)) * sin((east_2 - east_1) / 2),
    )
    return 2 * radius_km * asin(min(1.0, half_chord))


def nearest_site(place: Place, sites: Mapping[str, Place]) -> Nearest | None:
    """Return the nearest of our sites (the first by name when several are equally near), or None of none."""
    found = [Nearest(name, distance_km(place, site)) for name, site in sorted(sites.items())]
    return min(found, key=lambda nearest: nearest.km, default=None)


def _in_radians(place: Place) -> Place:
    latitude, longitude = place
    # Written so that a NaN is refused too: no comparison with it is true.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise CannotCompute(
            "no_such_place",
            gettext_noop("Latitude %(latitude)s, longitude %(longitude)s is no place on earth."),
            {"latitude": latitude, "longitude": longitude},
        )
    return radians(latitude), radians(longitude)
