"""Coordinates go out and come back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.territory.values import Crs
from haitang.territory.values.coordinates import (
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)

METRES = 111_320.0
lons, lats = st.floats(73.5, 135.0), st.floats(18.2, 53.5)


@given(lons, lats)
def test_gcj02_and_back_is_far_below_a_millimetre(lon, lat):
    back = gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))
    assert np.hypot(back[0] - lon, back[1] - lat) * METRES < 1e-6


@given(lons, lats)
def test_bd09_and_back_is_far_below_a_millimetre(lon, lat):
    back = bd09_to_gcj02(*gcj02_to_bd09(lon, lat))
    assert np.hypot(back[0] - lon, back[1] - lat) * METRES < 1e-6


@given(lons, lats)
def test_gcj02_moves_by_some_hundred_metres_inside_china(lon, lat):
    moved = wgs84_to_gcj02(lon, lat)
    metres = np.hypot((moved[0] - lon) * np.cos(np.radians(lat)), moved[1] - lat) * METRES
    assert 5 < metres < 1000


def test_the_first_vertex_of_taicang():
    lon, lat = to_wgs84(121.300861, 31.496749, Crs.GCJ02)
    assert (float(lon), float(lat)) == pytest.approx((121.296363, 31.498648), abs=1e-5)


def test_cgcs2000_is_taken_as_it_is_and_so_is_the_rest_of_the_world():
    assert to_wgs84(121.3, 31.5, Crs.CGCS2000) == (121.3, 31.5)
    assert tuple(map(float, wgs84_to_gcj02(-71.06, 42.36))) == (-71.06, 42.36)
    assert tuple(map(float, to_wgs84(-71.06, 42.36, Crs.GCJ02))) == (-71.06, 42.36)


def test_arrays_give_what_single_points_give():
    xs, ys = np.linspace(80, 130, 50), np.linspace(20, 50, 50)
    moved = wgs84_to_gcj02(xs, ys)
    for i in (0, 17, 49):
        assert (float(moved[0][i]), float(moved[1][i])) == tuple(map(float, wgs84_to_gcj02(xs[i], ys[i])))
