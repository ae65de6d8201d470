"""The published file: the root, proofs, and that whatever is altered in it is found."""

import copy
import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.tallying.declared import rule_of
from haitang.tallying.pabulib import parse
from haitang.tallying.rules import Method, Rule, tally
from haitang.voting.values import (
    METHOD_WORDS,
    METHODS,
    Tree,
    Unsound,
    as_pabulib,
    check,
    digest_of,
    receipt_hash,
    result_of,
    root_of,
)
from haitang.voting.values.published import leaf

OPTIONS = [
    {"id": str(n), "title": f"项目{n}", "words": "", "cost": n * 1000, "category": "", "area": ""} for n in range(1, 5)
]


def file_with(marks, kind="approval", **more):
    declaration = {
        "title": "投票", "area": "春和社区", "kind": kind, "least": 0, "most": 9, "winners": 1, "budget": 6000,
        "options": OPTIONS, "vote": 1, "closes_at": "2026-05-13T09:30:00+08:00",
        "rule": {"method": "greedy", "ties": ["votes", "lot"], "seed": "s", "least_votes": 0, "turnout_percent": 0},
        **more,
    }  # fmt: skip
    ballots = sorted(
        ({"r": receipt_hash(1, f"R{at}"), "m": each, "via": "electronic"} for at, each in enumerate(marks)),
        key=lambda ballot: ballot["r"],
    )
    roll = {"entitled": len(ballots) + 3, "electronic": len(ballots), "paper": 0, "set_aside": 0, "mixed": 0}
    return {
        "format": "haitang-vote/1", "declaration": declaration, "digest": digest_of(declaration), "roll": roll,
        "root": root_of(ballots), "result": result_of(declaration, ballots, roll["entitled"]), "ballots": ballots,
    }  # fmt: skip


approvals = st.lists(
    st.sampled_from(["", "1", "2", "13", "234", "1234"]).map(lambda ids: dict.fromkeys(ids, 1)), max_size=20
)


slow = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(approvals)
def test_a_sound_file_is_found_sound_and_every_ballot_leads_to_the_root(marks):
    file = file_with(marks)
    assert check(file)["ballots"] == len(marks)
    tree = Tree(file["ballots"])
    for at, ballot in enumerate(file["ballots"]):
        assert climbed(leaf(ballot), at, len(marks), tree.proof(at)).hex() == file["root"]


def climbed(value, at, size, proof):
    """Climb from a leaf to the root by the algorithm of RFC 9162, 2.1.3.2, which knows nothing of how we split."""
    last = size - 1
    for each in map(bytes.fromhex, proof):
        if at % 2 or at == last:
            value = hashlib.sha256(b"\x01" + each + value).digest()
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\x01" + value + each).digest()
        at, last = at >> 1, last >> 1
    assert last == 0
    return value


def test_the_root_is_that_of_rfc_6962():
    assert root_of([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    one = {"m": {}, "r": "00", "via": "paper"}
    assert root_of([one]) == hashlib.sha256(b'\x00{"m":{},"r":"00","via":"paper"}').hexdigest()


SOUND = file_with([{"1": 1}, {"1": 1, "2": 1}, {"3": 1}, {}])


def _set(*path):
    *way, key, value = path

    def alter(file):
        for each in way:
            file = file[each]
        file[key] = value

    return alter


@pytest.mark.parametrize(
    "alter",
    [
        _set("ballots", 0, "m", {"4": 1}), _set("ballots", 0, "m", {"9": 1}), _set("ballots", 0, "r", "ff" * 16),
        lambda file: file["ballots"].pop(), lambda file: file["ballots"].reverse(),
        lambda file: file["ballots"].append(file["ballots"][-1]), _set("root", "00"), _set("format", "x"),
        _set("declaration", "budget", 9000), _set("roll", "electronic", 5), _set("roll", "entitled", 2),
        _set("roll", "mixed", 1), _set("ballots", 0, "via", "mixed"),
        _set("result", "chosen", ["4"]), lambda file: file.pop("roll"), _set("ballots", None),
        lambda file: file["ballots"][0].update(name="王"), lambda file: file["declaration"]["rule"].pop("seed"),
    ],
)  # fmt: skip
def test_whatever_is_altered_is_found(alter):
    file = copy.deepcopy(SOUND)
    assert check(file)
    alter(file)
    with pytest.raises(Unsound):
        check(file)


@slow
@given(
    st.sampled_from(["approval", "points", "scored", "ranked"]),
    st.lists(st.sampled_from(["", "1", "42", "314", "4321", "2413"]), max_size=20),
)
def test_pabulib_says_the_same_election(kind, orders):
    if kind == "approval":
        marks = [dict.fromkeys(order, 1) for order in orders]
    else:
        marks = [{each: at for at, each in enumerate(order, start=1)} for order in orders]
    marks = [dict(sorted(each.items())) for each in marks]
    file = file_with(marks, kind=kind, most=4 if kind == "ranked" else 99)
    read = parse(as_pabulib(file)).election
    assert [each.cost * 100 // read.unit for each in read.projects] == [each["cost"] for each in OPTIONS]
    given_ = file["result"]["options"]
    assert read.scores == [given_[each.id]["total"] for each in read.projects]
    assert read.counts == [given_[each.id]["votes"] for each in read.projects]
    assert tally(read, Rule(Method.GREEDY, ties=("votes", "lot"), seed="s")).chosen == tuple(file["result"]["chosen"])


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"greedy"}))
def test_every_rule_that_a_vote_can_have_is_tallied_and_found_in_the_pabulib_file(method):
    rule = {"method": method, "ties": ["cheaper", "lot"], "seed": "s", "least_votes": 1, "turnout_percent": 0}
    file = file_with([{"1": 1, "2": 1}, {"1": 1}, {"4": 1}, {"3": 1}], rule=rule)
    assert check(file)["chosen"]
    assert method in METHOD_WORDS
    read = parse(as_pabulib(file))
    if method != "greedy-no-skip":
        assert rule_of(read).name == method


def test_without_prices_the_most_voted_for_win():
    plain = [{**each, "cost": 0} for each in OPTIONS]
    file = file_with([{"1": 1, "4": 1}, {"4": 1}, {"2": 1, "1": 1}, {"1": 1}], options=plain, budget=0, winners=2)
    assert file["result"]["chosen"] == ["1", "4"]


def test_too_low_a_turnout_chooses_nothing():
    rule = {"method": "greedy", "ties": ["lot"], "seed": "s", "least_votes": 1, "turnout_percent": 60}
    assert file_with([{"1": 1}] * 4, rule=rule)["result"]["chosen"] == []  # 4 of 7
    assert file_with([{"1": 1}] * 5, rule=rule)["result"]["chosen"] == ["1"]  # 5 of 8


@pytest.mark.parametrize(
    ("rule", "chosen"),
    [
        ({}, ["1", "2", "3"]), ({"excluding": [["1", "2"]]}, ["1", "3"]),
        ({"caps": [{"kind": "district", "value": "一区", "cost": None, "count": 1}]}, ["1", "2"]),
        ({"caps": [{"kind": "category", "value": "为老", "cost": 2500, "count": None}]}, ["1", "3"]),
    ],
)  # fmt: skip
def test_bounds_that_were_declared_hold_at_the_count_and_at_the_check(rule, chosen):
    options = [
        {**option, "area": area, "category": category}
        for option, area, category in zip(OPTIONS, ("一区", "二区", "一区", ""), ("为老", "为老", "", ""), strict=True)
    ]
    fixed = {"method": "greedy", "ties": ["votes", "lot"], "seed": "s", "least_votes": 0, "turnout_percent": 0}
    file = file_with([{"1": 1, "2": 1, "3": 1}, {"1": 1, "2": 1}, {"1": 1}], options=options, rule={**fixed, **rule})
    assert check(file)["chosen"] == chosen
