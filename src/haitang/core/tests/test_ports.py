"""Ports: those who join are asked in order, once each."""

from haitang.core.ports import Port


def first() -> str:
    return "first"


def second() -> str:
    return "second"


def test_who_joins_is_asked_by_rank_and_once():
    port = Port("what is said")
    port.join(second)
    port.join(first, rank=1)
    port.join(second)
    assert [one() for one in port] == ["first", "second"]
