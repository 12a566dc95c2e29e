"""Distances on the earth, taken for a sphere."""

from __future__ import annotations

import math
import re

from tests.oracle.world import Spec

_RADIUS = 6371.0088
"""Kilometres: the mean radius that the International Union of Geodesy and Geophysics gives."""
_KILOMETRES = {"m": 0.001, "km": 1.0, "mile": 1.609344, "miles": 1.609344}

Degrees = tuple[float, float]
"""A latitude and a longitude."""


def distance(one: Degrees, other: Degrees) -> float:
    """Kilometres along the great circle, by the angle between two vectors from the earth's centre."""
    first, second = _vector(one), _vector(other)
    across = math.sqrt(sum(part**2 for part in _cross(first, second)))
    along = sum(a * b for a, b in zip(first, second, strict=True))
    return _RADIUS * math.atan2(across, along)


def is_near(place: Degrees | None, near: Spec) -> bool:
    """Whether a place can be, and is within a distance of another, as `near:` has it."""
    if place is None or abs(place[0]) > 90 or abs(place[1]) > 180:
        return False
    ((length, unit),) = re.findall(r"^([\d.]+) ?([a-z]+)$", str(near["within"]))
    other = (float(near["latitude"]), float(near["longitude"]))
    return distance(place, other) <= float(length) * _KILOMETRES[unit]


def _vector(place: Degrees) -> tuple[float, float, float]:
    latitude, longitude = (math.radians(degrees) for degrees in place)
    across = math.cos(latitude)
    return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)


def _cross(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
