"""Drawing by lot: the RFC's own example, the same for ever, seats by share, nobody favoured, replacement in order."""

import hashlib
import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.councils.values import (
    BadList,
    Candidate,
    commitment_of,
    digest_of,
    draw,
    key_of,
    listed,
    read_list,
    share_of,
)
from haitang.councils.values.drawing import permute, seats_of, successor

RFC_KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
RFC_DRAWN = [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]
"""RFC 3797, section 6: ten of twenty-five volunteers."""
PEOPLE = st.lists(
    st.builds(Candidate, st.integers(1, 10**6), st.sampled_from(["", "春和花园", "桃园", "柳苑"])),
    min_size=1, max_size=60, unique_by=lambda one: one.number,
)  # fmt: skip


def test_the_worked_example_of_the_rfc():
    assert permute(range(1, 26), RFC_KEY, digest="md5")[:10] == RFC_DRAWN
    drawn = draw([Candidate(n) for n in range(1, 26)], 10, RFC_KEY, digest="md5")
    assert [each.number for each in drawn.chosen] == RFC_DRAWN
    assert permute(range(1, 26), RFC_KEY)[:10] != RFC_DRAWN


def test_a_step_by_step_recount_by_hand():
    key, left, order = key_of("种子", "3 18 22"), list(range(1, 8)), []
    assert key == "种子/3 18 22/"
    for step in range(7):
        around = bytes([0, step])
        number = int(hashlib.sha256(around + key.encode() + around).hexdigest(), 16)
        order.append(left.pop(number % len(left)))
    assert [each.number for each in draw([Candidate(n) for n in range(1, 8)], 7, key).chosen] == order


@given(PEOPLE, st.integers(1, 70), st.text(max_size=20), st.randoms(use_true_random=False))
def test_everybody_is_drawn_once_in_any_order_of_the_list(people, seats, seed, shuffler):
    drawn = draw(people, seats, key_of(seed))
    everybody = sorted(each.number for each in (*drawn.chosen, *drawn.reserves))
    assert everybody == sorted(each.number for each in people)
    assert len(drawn.chosen) == min(seats, len(people)) == sum(n for _name, n in drawn.seats)
    shuffler.shuffle(people)
    assert draw(people, seats, key_of(seed)) == drawn


@given(PEOPLE, st.integers(1, 70))
def test_seats_fall_by_share(people, seats):
    sizes = Counter(each.stratum for each in people)
    shares, seats = seats_of(dict(sizes), seats), min(seats, len(people))
    for name, size in sizes.items():
        assert seats * size // len(people) <= shares[name] <= min(size, -(-seats * size // len(people)))
    drawn = draw(people, seats, "k")
    assert Counter(each.stratum for each in drawn.chosen) == Counter({n: c for n, c in shares.items() if c})


def test_nobody_is_favoured():
    people, hits = [Candidate(n) for n in range(10)], Counter()
    for seed in range(2000):
        hits.update(each.number for each in draw(people, 3, key_of(str(seed))).chosen)
    assert all(530 <= hits[n] <= 670 for n in range(10)), hits


def test_largest_remainders_with_ties_to_the_larger_and_then_by_name():
    assert seats_of({"a": 50, "b": 30, "c": 20}, 10) == {"a": 5, "b": 3, "c": 2}
    assert seats_of({"b": 1, "a": 1}, 1) == {"a": 1, "b": 0}
    assert seats_of({"a": 2, "b": 4}, 1) == {"a": 0, "b": 1}
    assert seats_of({}, 3) == {}


def test_who_follows_somebody_that_declines():
    waiting = [Candidate(5, "桃园"), Candidate(3, "柳苑"), Candidate(9, "桃园")]
    assert successor("柳苑", waiting) == Candidate(3, "柳苑")
    assert successor("春和花园", waiting) == Candidate(5, "桃园")
    assert successor("桃园", []) is None


@given(PEOPLE)
def test_a_published_list_reads_back(people):
    text = listed(people)
    assert read_list(text) == sorted(people, key=lambda one: one.number)
    assert digest_of(people) == hashlib.sha256(text.encode()).hexdigest()
    random.Random(1).shuffle(people)
    assert listed(people) == text


@pytest.mark.parametrize("text", ["", "x", "1,a,b", "1\n1", "-3", "²"])
def test_a_broken_list_is_refused(text):
    with pytest.raises(BadList):
        draw(read_list(text), 1, "k")


def test_a_commitment_is_the_digest_of_the_seed():
    assert commitment_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with pytest.raises(BadList):
        draw([Candidate(1)], 0, "k")


@pytest.mark.parametrize("text", ["1/0", "0/0", "3/2", "0", "-1/2", "1e999999999", "0.5", "1/2/3", "１/２", "x"])
def test_what_is_no_share_is_refused_at_once(text):
    with pytest.raises(ValueError):
        share_of(text)


def test_shares_are_read():
    assert [share_of(text) for text in ("2/3", "1", "")] == [Fraction(2, 3), 1, None]
