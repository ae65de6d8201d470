"""What must hold when everything is quiet again, each with the number of things looked at and every fault found."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from haitang.bench.voting import administrators
from haitang.cases.queries import counted, recount
from haitang.chaos import ledger
from haitang.chaos.clients import Deed
from haitang.chaos.ground import MARK, Ground
from haitang.core import clock, history, seal
from haitang.voting import actions as voting
from haitang.voting.queries import code_hash
from haitang.voting.values import receipt_hash

_TOLD = "已有人接单"
"""How the notice begins that follows from a booking."""


@dataclass(frozen=True)
class Scene:
    """What is looked at: what there was to do, and what the clients did."""

    ground: Ground
    deeds: list[Deed]

    def of(self, kind: str) -> list[Deed]:
        """Return the deeds of that kind."""
        return [each for each in self.deeds if each.kind == kind]


@dataclass(frozen=True)
class Check:
    """What one check found. looked_at: how many things; faults: a sentence for each that is not as it should be."""

    name: str
    title: str
    looked_at: int
    faults: list[str]


def created_once(scene: Scene) -> Iterator[str]:
    """案件：答复过的登记恰有一件."""
    marks = re.compile(re.escape(MARK) + r"([\w-]+)")
    ids: dict[str, list[int]] = {}
    for pk, description in _rows("SELECT id, description FROM cases_case"):
        for mark in marks.findall(description):
            ids.setdefault(mark, []).append(pk)
    for deed in scene.of("create"):
        found = ids.get(deed.about, [])
        if len(found) > 1 or (deed.is_acknowledged and not found):
            yield f"{deed.key}：登记了 {len(found)} 件"
        elif deed.is_acknowledged and found != [deed.answers[0]["id"]]:
            yield f"{deed.key}：答复为第 {deed.answers[0]['id']} 号，实为第 {found[0]} 号"


def accepted_once(scene: Scene) -> Iterator[str]:
    """流转：答复过的受理恰有一次."""
    times = dict(_rows("SELECT subject_id, count(*) FROM core_entry WHERE fact = 'CaseAccepted' GROUP BY subject_id"))
    status = dict(_rows("SELECT id, status FROM cases_case"))
    for deed in scene.of("accept"):
        n = times.get(deed.about, 0)
        if n > 1 or (deed.is_acknowledged and n != 1):
            yield f"案件 {deed.about}：受理了 {n} 次"
        elif deed.is_acknowledged and status.get(deed.about) == "reported":
            yield f"案件 {deed.about}：答复已受理，仍在待受理"


def voted_once(scene: Scene) -> Iterator[str]:
    """投票：答复过的选票恰有一张，开箱后与回执相符."""
    vote_id = scene.ground.vote_id
    boxed = Counter(
        bytes(code)
        for (code,) in _rows(
            "SELECT e.code_hash FROM voting_entry e JOIN voting_envelope v ON v.entry_id = e.id WHERE e.vote_id = %s",
            vote_id,
        )
    )
    deeds = scene.of("ballot")
    for deed in deeds:
        n = boxed.pop(code_hash(vote_id, deed.about), 0)
        if n > 1 or (deed.is_acknowledged and not n):
            yield f"{deed.key}：票箱中有 {n} 张"
    if boxed:
        yield f"票箱中有 {boxed.total()} 张没有人投的选票"
    _open_the_box(scene.ground)
    marks = dict(_rows("SELECT receipt, marks::text FROM voting_publishedballot WHERE vote_id = %s", vote_id))
    for deed in deeds:
        if deed.is_acknowledged:
            said = marks.get(receipt_hash(vote_id, deed.answers[-1]["receipt"]))
            if said is None or Counter(re.findall(r'"(\d+)": 1', said)) != Counter(deed.body["marks"].keys()):
                yield f"{deed.key}：公布的选票与所投的不符（{said}）"


def booked_once(scene: Scene) -> Iterator[str]:
    """接单：答复过的接单恰有一次，时段占用恰有一个."""
    entries = dict(
        _rows("SELECT subject_id, count(*) FROM core_entry WHERE fact = 'OrderAccepted' GROUP BY subject_id")
    )
    promised = dict(_rows("SELECT order_id, count(*) FROM orders_engagement GROUP BY order_id"))
    holders = {pk: (status, by) for pk, status, by in _rows("SELECT id, status, volunteer_id FROM orders_order")}
    for deed in scene.of("booking"):
        order_id, _offer_id, volunteer_id = deed.about
        times = entries.get(order_id, 0), promised.get(order_id, 0)
        if times not in ((0, 0), (1, 1)) or (deed.is_acknowledged and times != (1, 1)):
            yield f"订单 {order_id}：接单 {times[0]} 次，占用时段 {times[1]} 个"
        elif deed.is_acknowledged and holders.get(order_id) != ("accepted", volunteer_id):
            yield f"订单 {order_id}：答复已接单，实为 {holders.get(order_id)}"


def answered(scene: Scene) -> Iterator[str]:
    """答复：每个请求都得到答复，且只说成与不成."""
    for deed in scene.deeds:
        if deed.refusal:
            yield f"{deed.key}：被拒绝：{deed.refusal}"
        elif not deed.is_acknowledged:
            yield f"{deed.key}：{deed.attempts} 次都没有答复"
        for said in deed.unclear:
            yield f"{deed.key}：答复不明：{said}"


def answered_alike(scene: Scene) -> Iterator[str]:
    """同一请求的答复前后一致."""
    for deed in scene.deeds:
        if deed.has_key and any(each != deed.answers[0] for each in deed.answers):
            yield f"{deed.key}：{deed.answers}"


def reacted(scene: Scene) -> Iterator[str]:
    """后续任务：每条记录该有的任务恰好排入一次，至少完成一次."""
    done = ledger.carried_out()
    wanted = {kind.__name__: [task.name for task in tasks] for kind, tasks in history.reactions().items()}
    for entry_id, fact in _rows("SELECT id, fact FROM core_entry WHERE id > %s", scene.ground.since_entry):
        for task in wanted.get(fact, ()):
            jobs = done.get((entry_id, task), [])
            if len(jobs) != 1:
                yield f"第 {entry_id} 条记录（{fact}）的任务 {task} 排入了 {len(jobs)} 次"
            elif not jobs[0]:
                yield f"第 {entry_id} 条记录（{fact}）的任务 {task} 没有完成"


def told_once(scene: Scene) -> Iterator[str]:
    """后续任务的效果：每次接单通知点单人恰好一次."""
    told = dict(
        _rows(
            "SELECT subject_id, count(*) FROM people_notice "
            "WHERE account_id = %s AND subject_type = 'order' AND text LIKE %s GROUP BY subject_id",
            scene.ground.orderer_id, f"{_TOLD}%",
        )
    )  # fmt: skip
    booked = [pk for (pk,) in _rows("SELECT subject_id FROM core_entry WHERE fact = 'OrderAccepted'")]
    for order_id in booked:
        if told.pop(order_id, 0) != 1:
            yield f"订单 {order_id}：没有通知，或不止一次"
    for order_id in told:
        yield f"订单 {order_id}：没有接单却有通知"


def counters_hold(scene: Scene) -> Iterator[str]:
    """统计数与重新计数一致."""
    kept, true = counted(), recount()
    for key in kept.keys() | true.keys():
        if kept.get(key, 0) != true.get(key, 0):
            yield f"{key}：统计为 {kept.get(key, 0)}，应为 {true.get(key, 0)}"


def seal_holds(scene: Scene) -> Iterator[str]:
    """历史记录与封存一致."""
    while seal.seal(now=clock.now()):
        pass
    for finding in seal.verify().findings:
        yield finding.sentence


CHECKS: dict[Callable[[Scene], Iterator[str]], Callable[[Scene], int]] = {
    created_once: lambda scene: len(scene.of("create")),
    accepted_once: lambda scene: len(scene.of("accept")),
    booked_once: lambda scene: len(scene.of("booking")),
    answered: lambda scene: len(scene.deeds),
    answered_alike: lambda scene: sum(len(each.answers) > 1 for each in scene.deeds),
    reacted: lambda scene: len(ledger.carried_out()),
    told_once: lambda scene: _count("SELECT count(*) FROM core_entry WHERE fact = 'OrderAccepted'"),
    counters_hold: lambda scene: len(recount()),
    seal_holds: lambda scene: _count("SELECT count(*) FROM core_entry"),
    voted_once: lambda scene: len(scene.of("ballot")),
}
"""Each check, and what says how many things it looks at. The vote comes last: to count it is a deed itself."""


def run(scene: Scene) -> list[Check]:
    """Carry out every check; the instance is at rest. The vote is closed and counted by it."""
    return [
        Check(check.__name__, (check.__doc__ or "").rstrip("."), looked_at(scene), list(check(scene)))
        for check, looked_at in CHECKS.items()
    ]


def _open_the_box(ground: Ground) -> None:
    later = clock.now() + timedelta(days=3)
    one, two = administrators()
    voting.propose_closing(actor=one, vote_id=ground.vote_id, now=later)
    voting.confirm_closing(actor=two, vote_id=ground.vote_id, now=later)
    voting.count_vote(actor=one, vote_id=ground.vote_id, codes=ground.keys, now=later)


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def _count(statement: str) -> int:
    return int(_rows(statement)[0][0])
