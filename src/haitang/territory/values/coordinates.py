"""Between the coordinate systems of Chinese maps. Degrees in, degrees out; scalars or numpy arrays alike.

WGS84 is what the platform stores; CGCS2000 differs from it by centimetres and is taken as equal.
GCJ-02 is WGS84 moved by up to some 700 m inside China, BD-09 is GCJ-02 moved once more.

Source: the published formulas of GCJ-02 (Krasovsky 1940 ellipsoid) and of Baidu's BD-09. The inverse
of GCJ-02 has no closed form; it is iterated.
"""

import numpy as np
from numpy.typing import ArrayLike

from haitang.territory.values.words import Crs

# Krasovsky 1940: semi-major axis in metres, first eccentricity squared.
_A = 6378245.0
_EE = 0.00669342162296594323
_BD = np.pi * 3000.0 / 180.0
# The forward formula is a contraction of about 1e-4, so six rounds go below 1e-12 degrees.
_ROUNDS = 6

Pair = tuple[np.ndarray, np.ndarray]


def _shift(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """Return by how many degrees GCJ-02 moves the point; zero outside the box in which it is used."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (np.sin(6.0 * x * np.pi) + np.sin(2.0 * x * np.pi)) * 40.0 / 3.0
    d_lat = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
        + (np.sin(y * np.pi) * 20.0 + np.sin(y / 3.0 * np.pi) * 40.0) * 2.0 / 3.0
        + (np.sin(y / 12.0 * np.pi) * 160.0 + np.sin(y * np.pi / 30.0) * 320.0) * 2.0 / 3.0
    )  # fmt: skip
    d_lon = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
        + (np.sin(x * np.pi) * 20.0 + np.sin(x / 3.0 * np.pi) * 40.0) * 2.0 / 3.0
        + (np.sin(x / 12.0 * np.pi) * 150.0 + np.sin(x / 30.0 * np.pi) * 300.0) * 2.0 / 3.0
    )  # fmt: skip
    radians = np.radians(lat)
    magic = 1.0 - _EE * np.sin(radians) ** 2
    d_lat = d_lat * 180.0 / (_A * (1.0 - _EE) / (magic * np.sqrt(magic)) * np.pi)
    d_lon = d_lon * 180.0 / (_A / np.sqrt(magic) * np.cos(radians) * np.pi)
    return d_lon, d_lat


def _in_china(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)


def _arrays(lon: ArrayLike, lat: ArrayLike) -> Pair:
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return the GCJ-02 position of WGS84 points; points outside China stay."""
    x, y = _arrays(lon, lat)
    d_lon, d_lat = _shift(x, y)
    inside = _in_china(x, y)
    return np.where(inside, x + d_lon, x), np.where(inside, y + d_lat, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return the WGS84 position of GCJ-02 points, exact to far below a millimetre; points outside China stay."""
    x, y = _arrays(lon, lat)
    found_x, found_y = x, y
    for _round in range(_ROUNDS):
        d_lon, d_lat = _shift(found_x, found_y)
        found_x, found_y = x - d_lon, y - d_lat
    inside = _in_china(x, y)
    return np.where(inside, found_x, x), np.where(inside, found_y, y)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return the BD-09 position of GCJ-02 points."""
    x, y = _arrays(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Return the GCJ-02 position of BD-09 points, by iterating the forward formula."""
    x, y = _arrays(lon, lat)
    found_x, found_y = x - 0.0065, y - 0.006
    for _round in range(_ROUNDS):
        again_x, again_y = gcj02_to_bd09(found_x, found_y)
        found_x, found_y = found_x + (x - again_x), found_y + (y - again_y)
    return found_x, found_y


def to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> Pair:
    """Return WGS84 longitudes and latitudes of points given in `crs`, one of `Crs`."""
    if crs == Crs.GCJ02:
        return gcj02_to_wgs84(lon, lat)
    if crs == Crs.BD09:
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    return _arrays(lon, lat)
