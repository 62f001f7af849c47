"""Distances on the earth, for the criterion "how near is the account to us"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import asin, cos, hypot, radians, sin, sqrt

import numpy as np

from accounts.arithmetic import CannotCompute, Floats, gettext_noop

# Mean radius; the great circle on a sphere is within 0.6 % of the way on the ellipsoid, plenty for a rating.
EARTH_RADIUS_KM = 6371.0

# The sixth digit of a degree is a tenth of a metre.
DIGITS = 6

Place = tuple[float, float]

_NUMBER = r"[-+\u2212]?\d{1,3}(?:[.,]\d{1,12})?"
# "53.5511, 9.9937" as maps copy it, "53,5511; 9,9937" as German spreadsheets write it.
_PAIR = re.compile(rf"\s*({_NUMBER})\s*°?\s*(?:;|,\s|\s|(?<=\d),(?=[-+\d]))\s*({_NUMBER})\s*°?\s*")


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


def nearest_km(places: Floats, sites: Sequence[Place]) -> Floats:
    """Return for N places (rows of latitude and longitude) the way to the nearest site; NaN without any site.

    Equal to ``nearest_site`` of each place, for as many places as there are.
    """
    nearest = np.full(len(places), np.inf)
    north, east = np.radians(places[:, 0]), np.radians(places[:, 1])
    for site in sites:
        site_north, site_east = _in_radians(site)
        across = np.sqrt(np.cos(north) * cos(site_north)) * np.sin((site_east - east) / 2)
        half_chord = np.hypot(np.sin((site_north - north) / 2), across)
        nearest = np.minimum(nearest, 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, half_chord)))
    return np.where(np.isfinite(nearest), nearest, np.nan)


def read_place(text: str) -> tuple[Decimal, Decimal]:
    """Return latitude and longitude from a pair in degrees as a map copies it. Raises CannotCompute."""
    found = _PAIR.fullmatch(text)
    if found is None:
        raise CannotCompute(
            "no_pair", gettext_noop("Write latitude and longitude in degrees, such as 53.5511, 9.9937.")
        )
    north, east = (Decimal(part.replace(",", ".").replace("\u2212", "-")) for part in found.groups())
    _in_radians((float(north), float(east)))
    return round(north, DIGITS), round(east, DIGITS)


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
