"""A company linked with Spring, and the two who speak for them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from haitang.alliances import actions
from haitang.alliances.models import Agreement, Link
from haitang.alliances.queries import rules
from haitang.alliances.values import NewAgreement, NewContact, NewDuty, NewEvaluation, Permission
from haitang.core.access import Actor
from haitang.organizations.values import Kind
from haitang.testing import desks
from haitang.testing.actors import NOW, TODAY, actor_with
from haitang.testing.people import Town

SPRING, AUTUMN, STREET = "320585001001", "320585001002", "320585001000"
MANAGER = actor_with(Permission.MANAGE, account_id=31)
YEAR = TODAY.year
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
