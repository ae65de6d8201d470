"""Cursors come from the address bar: what was not made here is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.core import paging
from haitang.core.errors import Invalid


@given(st.text(max_size=40).filter(lambda text: "\x00" not in text), st.integers(-(2**63), 2**63 - 1))
def test_a_cursor_gives_back_what_was_put_in(text, number):
    if len(paging.encode(text, number)) <= paging.CURSOR_MAX:
        assert paging.decode(paging.encode(text, number), str, int) == (text, number)


@given(st.text())
def test_anything_else_is_refused(text):
    with pytest.raises(Invalid):
        paging.decode(text, str, int)


@pytest.mark.parametrize("values", [(1,), ("a", "1"), (True, 1), ("a\x00", 1), ("a", 2**63), ("a", 1, 2)])
def test_values_of_another_shape_are_refused(values):
    with pytest.raises(Invalid):
        paging.decode(paging.encode(*values), str, int)
