"""What the tests of owners share: an estate of the spring community, its register as a sheet, and who runs a vote."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from haitang.core.access import Actor
from haitang.owners import actions
from haitang.owners.models import Decision, Estate, Question, RollEntry
from haitang.owners.values import NewDecision, NewEstate, NewQuestion, Permission, hash_code
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import Town

COMMUNITY = "320585001001"
FROM, UNTIL = NOW + timedelta(days=20), NOW + timedelta(days=40)
DURING, AFTER = NOW + timedelta(days=25), NOW + timedelta(days=41)
HEADER = ("楼栋", "房号", "用途", "交付情况", "专有部分面积", "业主", "证件号码", "电话", "份额")
SECOND = actor_with(*Permission, account_id=77, name="街道复核员")
THIRD = actor_with(*Permission, account_id=78, name="网格员")
VOTER = Actor("来访者")


def sheet(*rows: tuple[str, ...]) -> bytes:
    """Return rows of a register as a file."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode("utf-8-sig")


def home(number: int, size: str = "100.00", **more: str) -> tuple[str, ...]:
    """Return the row of a flat with an owner of its own."""
    told = {"kind": "", "state": "", "owner": f"业主{number}", "identity": f"ID{number:04d}", "phone": "", "share": ""}
    told |= more
    return (
        "1幢", f"{number:03d}", told["kind"], told["state"], size, told["owner"], told["identity"], told["phone"],
        told["share"],
    )  # fmt: skip


def keeper(town: Town) -> Actor:
    """Return the secretary, who prepares votes of the spring community."""
    return replace(town.secretary, grants=town.secretary.grants | actor_with(*Permission).grants)


def estate(town: Town, *rows: tuple[str, ...]) -> Estate:
    """Enter an estate with its register; by default three flats of 100.00 m²."""
    made = actions.enter_estate(
        actor=keeper(town), new=NewEstate("春和花园", COMMUNITY, builder="建设公司"), now=NOW
    )  # fmt: skip
    data = sheet(*(rows or [home(number) for number in (1, 2, 3)]))
    read = actions.import_register(actor=keeper(town), estate_id=made.pk, data=data, now=NOW)
    assert read.written, read.reasons
    return made


def plan(*items: int, **more: Any) -> NewDecision:
    """Return a decision as it is drafted, with questions of these matters."""
    told: dict[str, Any] = {
        "title": "电梯更新", "body": "更换 12 部电梯", "convener": "committee", "votes_from": FROM,
        "votes_until": UNTIL,
        "questions": tuple(NewQuestion(item, f"事项{item}") for item in items or (5,)),
    }  # fmt: skip
    return NewDecision(**{**told, **more})


def announced(town: Town, where: Estate, new: NewDecision | None = None) -> Decision:
    """Draft and announce a decision."""
    made = actions.draft_decision(actor=keeper(town), estate_id=where.pk, new=new or plan(), now=NOW)
    return actions.announce_decision(actor=keeper(town), decision_id=made.pk, now=NOW)


def opened(town: Town, where: Estate, new: NewDecision | None = None) -> Decision:
    """Draft and announce a decision, and let somebody else open it."""
    made = announced(town, where, new)
    return actions.open_decision(actor=SECOND, decision_id=made.pk, now=FROM)


def codes(town: Town, decision: Decision) -> dict[int, str]:
    """Return a voting code for every entry of the roll, by its number."""
    made = actions.issue_voting_codes(actor=keeper(town), decision_id=decision.pk, now=NOW)
    return {entry.number: code for entry, code in made}


def answers(decision: Decision, choice: str = "yes") -> dict[int, str]:
    """Return the same answer to every question."""
    return {row.pk: choice for row in Question.objects.filter(decision=decision)}


def vote(decision: Decision, code: str, choice: str = "yes", now: datetime = DURING) -> RollEntry:
    """Vote by code."""
    return actions.give_ballot(actor=VOTER, proof=hash_code(code), choices=answers(decision, choice), now=now)


def paper(town: Town, decision: Decision, number: int, choice: str, now: datetime = DURING) -> None:
    """Type a paper ballot in, once by each of two people."""
    entry = RollEntry.objects.get(decision=decision, number=number)
    for who in (keeper(town), THIRD):
        actions.read_paper(
            actor=who, entry_id=entry.pk, choices=answers(decision, choice), handed_in_at=now, now=now
        )  # fmt: skip


def closed(town: Town, decision: Decision) -> Decision:
    """Close a vote by two people."""
    actions.stop_voting(actor=keeper(town), decision_id=decision.pk, now=AFTER)
    return actions.close_decision(actor=SECOND, decision_id=decision.pk, now=AFTER)
