"""What is published: the declaration before opening, the ballots and their Merkle root after, and its verification.

Pure functions over plain values, so that `haitang verify-vote` needs no database; whoever trusts none of our code finds
in docs/decisions/0020-secret-ballots.md all that it takes to write it anew.

Source: RFC 6962, 2.1 (Merkle tree hash: leaves and nodes are hashed apart), RFC 8785 (canonical JSON; here of integers
and texts alone).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from haitang.core.ids import normalize_code
from haitang.tallying import Cap, Election, Limits, Method, Outcome, Project, Rule, Turnout, Votes, tally
from haitang.tallying.shares import Completion, Shares
from haitang.voting.values.ballots import check_marks, weights
from haitang.voting.values.envelopes import RECEIPT_HASH_LENGTH
from haitang.voting.values.words import BadBallot

FORMAT = "haitang-vote/1"
METHODS = {
    "greedy": (Method.GREEDY, Completion.NONE),
    "greedy-no-skip": (Method.GREEDY_NO_SKIP, Completion.NONE),
    "equal-shares/add1": (Method.EQUAL_SHARES, Completion.ADD1),
    "equal-shares/add1-comparison": (Method.EQUAL_SHARES, Completion.ADD1_COMPARISON),
    "phragmen": (Method.PHRAGMEN, Completion.NONE),
}
"""The rules that a vote can have, by the word that is published."""
RECEIPT_LENGTH = 16
_HASH = 32


class Unsound(Exception):
    """The published file contradicts itself; the message is a sentence that says where."""


def canonical(value: Any) -> bytes:
    """Return a value in the one form in which it is hashed: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(declaration: Mapping[str, Any]) -> str:
    """Return the digest of what was fixed before opening, as it stands in the history."""
    return hashlib.sha256(canonical(declaration)).hexdigest()


def receipt_hash(vote_id: int, code: str) -> str:
    """Return under what a ballot stands on the published list: only who has the receipt finds it."""
    return hashlib.sha256(f"haitang receipt\n{vote_id}\n{normalize_code(code)}".encode()).hexdigest()[
        :RECEIPT_HASH_LENGTH
    ]


def leaf(ballot: Mapping[str, Any]) -> bytes:
    """Return the hash of one ballot."""
    return hashlib.sha256(b"\x00" + canonical(ballot)).digest()


def root_of(ballots: Sequence[Mapping[str, Any]]) -> str:
    """Return the root over the ballots in their order, in hexadecimal; of none, the hash of nothing."""
    return Tree(ballots).root


class Tree:
    """The Merkle tree over ballots in their order: built once, then any proof is a look at a few of its hashes.

    Each level pairs the one below from the left, and a last one without a partner goes up as it is, which is the tree
    of RFC 6962. Levels are held as bytes: 64 bytes a ballot in all.
    """

    def __init__(self, ballots: Iterable[Mapping[str, Any]]) -> None:
        level = b"".join(map(leaf, ballots))
        self._levels = [level]
        while len(level) > _HASH:
            pairs = range(0, len(level), 2 * _HASH)
            level = b"".join(_joined(level[at : at + 2 * _HASH]) for at in pairs)
            self._levels.append(level)

    @property
    def root(self) -> str:
        """The hash of all, in hexadecimal; of no ballots, the hash of nothing."""
        return (self._levels[-1] or hashlib.sha256(b"").digest()).hex()

    def proof(self, at: int) -> list[str]:
        """Return the hashes that lead from the ballot at this position to the root, the nearest first."""
        found = []
        for level in self._levels[:-1]:
            if other := level[(at ^ 1) * _HASH : ((at ^ 1) + 1) * _HASH]:
                found.append(other.hex())
            at >>= 1
        return found


def _joined(pair: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + pair).digest() if len(pair) > _HASH else pair


def election_of(declaration: Mapping[str, Any], ballots: Sequence[Mapping[str, Any]]) -> Election:
    """Return what is tallied. Options without a price cost one each, and the budget is the number of winners."""
    options, priced = declaration["options"], declaration["budget"] > 0
    place = {each["id"]: at for at, each in enumerate(options)}
    projects = tuple(
        Project(
            each["id"], each["cost"] if priced else 1, each["title"], at,
            {"category": frozenset(filter(None, [each["category"]])),
             "district": frozenset(filter(None, [each["area"]]))},
        )
        for at, each in enumerate(options)
    )  # fmt: skip
    given = [{place[each]: n for each, n in weights(declaration, ballot["m"]).items()} for ballot in ballots]
    budget = declaration["budget"] if priced else declaration["winners"]
    return Election(budget, projects, Votes.of(given), 100 if priced else 1)


def rule_of(declaration: Mapping[str, Any], voted: int, entitled: int) -> Rule:
    """Return the rule that was fixed before opening. voted: ballots; entitled: who could have voted."""
    rule = declaration["rule"]
    turnout = Turnout(voted, entitled, Fraction(rule["turnout_percent"], 100)) if rule["turnout_percent"] else None
    limits = Limits(
        least_votes=rule["least_votes"] or None, turnout=turnout,
        excluding=tuple(frozenset(each) for each in rule.get("excluding", ())),
        caps=tuple(Cap(each["kind"], each["value"], each["cost"], each["count"]) for each in rule.get("caps", ())),
    )  # fmt: skip
    method, completion = METHODS[rule["method"]]
    return Rule(method, limits, tuple(rule["ties"]), rule["seed"], Shares(completion))


def outcome_of(declaration: Mapping[str, Any], ballots: Sequence[Mapping[str, Any]], entitled: int) -> Outcome:
    """Return the result under the rule that was fixed before opening."""
    return tally(election_of(declaration, ballots), rule_of(declaration, len(ballots), entitled))


def result_of(declaration: Mapping[str, Any], ballots: Sequence[Mapping[str, Any]], entitled: int) -> dict[str, Any]:
    """Return the result as it is published: who won in which order, and of every option its votes and why."""
    election, outcome = election_of(declaration, ballots), outcome_of(declaration, ballots, entitled)
    return {
        "chosen": list(outcome.chosen), "cost": outcome.cost if declaration["budget"] else 0,
        "options": {
            each.id: {
                "votes": election.counts[at], "total": election.scores[at],
                "why": outcome.fates[each.id].reason.why.value,
                "numbers": {name: _plain(n) for name, n in outcome.fates[each.id].reason.numbers.items()},
            }
            for at, each in enumerate(election.projects)
        },
    }  # fmt: skip


def _plain(number: Any) -> int | str:
    return number if isinstance(number, int | str) else str(number)


def check(file: Mapping[str, Any]) -> dict[str, Any]:
    """Verify a published file: declaration, every ballot, order, numbers, root, result. Return what was recomputed.

    Raises Unsound, naming what does not agree.
    """
    try:
        return _check(file)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unsound(f"文件不完整或格式不正确（{type(error).__name__}：{error}）。") from error


def _check(file: Mapping[str, Any]) -> dict[str, Any]:
    declaration, ballots, roll = file["declaration"], file["ballots"], file["roll"]
    if file["format"] != FORMAT:
        raise Unsound(f"不认识的文件格式：{file['format']}。")
    if digest_of(declaration) != file["digest"]:
        raise Unsound("投票前公布的内容与其摘要不符。")
    hashes = [each["r"] for each in ballots]
    if hashes != sorted(set(hashes)):
        raise Unsound("选票没有按编号排列，或有编号重复。")
    for each in ballots:
        try:
            sound = check_marks(declaration, each["m"]) == each["m"] and set(each) == {"r", "m", "via"}
        except BadBallot:
            sound = False
        if not sound:
            raise Unsound(f"选票 {each['r']} 不符合选票规则。")
    told = {name: roll[name] for name in ("electronic", "paper")}
    if roll["mixed"]:
        told = {"mixed": sum(told.values())}
    if Counter(each["via"] for each in ballots) != Counter(told):
        raise Unsound("选票张数与名册上已投票的人数（户数）不符。")
    if len(ballots) > roll["entitled"]:
        raise Unsound("选票比有投票权的人数（户数）还多。")
    if root_of(ballots) != file["root"]:
        raise Unsound("由选票重新计算的根与公布的不符。")
    result = result_of(declaration, ballots, roll["entitled"])
    if canonical(result) != canonical(file["result"]):
        raise Unsound("由选票重新计算的结果与公布的不符。")
    return {"root": file["root"], "digest": file["digest"], "ballots": len(ballots), "chosen": result["chosen"]}
