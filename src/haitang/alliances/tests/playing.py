"""A company linked with Spring, and the two who speak for them."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from haitang.alliances import actions
from haitang.alliances.models import Agreement, Committee, Link, Meeting
from haitang.alliances.queries import rules
from haitang.alliances.values import (
    Held,
    NewAgreement,
    NewCommittee,
    NewContact,
    NewDecision,
    NewDuty,
    NewEvaluation,
    NewMeeting,
    NewSeat,
    Permission,
)
from haitang.core.access import Actor
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind
from haitang.testing import desks
from haitang.testing.actors import NOW, TODAY, actor_with
from haitang.testing.people import Town
from haitang.volunteers.actions import register_volunteer
from haitang.volunteers.values import Permission as VolunteerPermission
from haitang.volunteers.values import Relation, VolunteerProfile

SPRING, AUTUMN, STREET = "320585001001", "320585001002", "320585001000"
MANAGER = actor_with(Permission.MANAGE, account_id=31)
HELPERS = actor_with(*VolunteerPermission, account_id=32)
YEAR = TODAY.year
_phones = count(1)
DUTIES = (NewDuty("party_day", 2, "七一、重阳"), NewDuty("wishes", 3))


@dataclass
class Pair:
    """secretary: of Spring; unit: who speaks for the company."""

    town: Town
    secretary: Actor
    unit: Actor
    link: Link

    def propose(self, *, actor: Actor | None = None, side: str = "community", **more: Any) -> Agreement:
        """Let one side draw this year's agreement up."""
        new = NewAgreement(self.link.pk, YEAR, DUTIES, "七月办一次纳凉晚会")
        return actions.propose_agreement(actor=actor or self.secretary, new=new, side=side, **{"now": NOW, **more})

    def agree(self) -> Agreement:
        """Let both say yes."""
        row = self.propose()
        return actions.agree_year(actor=self.unit, agreement_id=row.pk, side="unit", version=1, now=NOW)

    def contact(self, on: date = TODAY, **more: Any):
        """Let the unit take a contact down."""
        new = NewContact(self.link.pk, on, "支部 8 名党员", "联合主题党日", **{"duty": "party_day", **more})
        return actions.make_contact(actor=self.unit, new=new, side="unit", now=NOW)


def marks(side: str, agreement: Agreement, lost: int = 2) -> NewEvaluation:
    """Return an evaluation that gives all points but so many for each criterion."""
    given = {line.code: line.points - lost for line in rules().criteria_of(side)}
    return NewEvaluation(agreement.pk, side, given, "合作愉快")


def build_pair(town: Town) -> Pair:
    """Link the company with Spring, as its secretary does."""
    company = desks.enter("ZQ1", Kind.UNIT, name="春和医院")
    unit = actor_with(Permission.SPEAK, organization_id=company, account_id=51, name="沈联络")
    link = actions.link_unit(
        actor=town.secretary, unit_id=company, community_id=town.desks["CHSQ"], from_date=TODAY, now=NOW
    )
    return Pair(town, town.secretary, unit, link)


@dataclass
class Board:
    """The committee of Spring: the secretary sits there, and somebody of the company."""

    pair: Pair
    row: Committee
    party: int

    @property
    def secretary(self) -> Actor:
        """Return who convenes it."""
        return self.pair.secretary

    @property
    def unit(self) -> Actor:
        """Return who speaks for the company."""
        return self.pair.unit

    @property
    def company(self) -> int:
        """Return the company's id."""
        return self.pair.link.unit_id

    def call(self, **more: Any) -> Meeting:
        """Call a meeting that is held this morning."""
        new = NewMeeting(self.row.pk, "联席会议", NOW - timedelta(hours=1), "会议室", **more)
        return actions.call_meetings(actor=self.secretary, news=[new], now=NOW)[0]

    def hold(self, *decisions: NewDecision) -> Meeting:
        """Hold a meeting with these decisions."""
        row = self.call()
        held = Held(row.pk, "议定事项如下", decisions or (NewDecision("建一个微花园"),))
        return actions.hold_meetings(actor=self.secretary, held=[held], now=NOW)[0]


def build_committee(pair: Pair) -> Board:
    """Set the committee up and seat two members."""
    party = desks.enter("DW1", Kind.PARTY_COMMITTEE, name="春和社区党委")
    area = pair.link.area_id
    new = NewCommittee("community", "春和社区大党委", party, area, TODAY)
    (row,) = actions.set_up_committees(actor=pair.secretary, news=[new], now=NOW)
    actions.seat_members(actor=pair.secretary, now=NOW, news=[
        NewSeat(row.pk, "permanent", "王书记", "书记", TODAY),
        NewSeat(row.pk, "part_time", "沈院长", "兼职委员", TODAY, pair.link.unit_id, TODAY + timedelta(days=1095)),
    ])  # fmt: skip
    return Board(pair, row, party)


def build_helper(town: Town, name: str) -> int:
    """Enter somebody of Spring in the register of helpers, with a home branch of their own; return their id."""
    branches = [each for each in organizations() if each.name == "机关支部"]
    branch = branches[0].id if branches else desks.enter("ZB1", Kind.PARTY_BRANCH, name="机关支部")
    profile = VolunteerProfile(name=name, phone=f"154000{next(_phones):05d}", area_id=town.areas["grid"])
    relation = Relation("employed", "", branch, None)
    made = register_volunteer(actor=HELPERS, profile=profile, consented=True, by_staff=True, relation=relation, now=NOW)
    return made.volunteer.pk
