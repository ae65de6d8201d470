"""What the actions of joint work share: texts, numbers and areas as they may stand."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from haitang.alliances import policies
from haitang.alliances.lifecycle import DecisionStatus
from haitang.alliances.models import ActionBranch, Alliance, Committee, ContactPoint, Decision, Link, Workstation
from haitang.alliances.values import ROWS_MAX, BadWords, DecisionSettledAlready, HasEnded, Permission
from haitang.core import history, wording
from haitang.core.access import Actor
from haitang.core.facts import Fact
from haitang.core.scoping import path_of
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef


def text_of(given: str, name: str, length: int, *, missing: str = "") -> str:
    """Return what was typed without outer spaces. Raises BadWords where it is too long, or missing and may not be."""
    return wording.text_of(given, name, length, missing=missing, refusal=BadWords)


def number_of(given: int, name: str, least: int, most: int) -> int:
    """Return the number. Raises BadWords where it is out of bounds."""
    if not least <= given <= most:
        sentence = _("应在 %(least)d 到 %(most)d 之间") % {"least": least, "most": most}
        raise BadWords(sentence, {name: sentence})
    return given


def day_of(given: date, name: str, today: date, *, past: bool = False) -> date:
    """Return the day. Raises BadWords where it is years away, or, of what has happened, still to come."""
    return wording.day_of(given, name, today, past=past, refusal=BadWords)


def area_of(area_id: int | None, name: str = "area") -> AreaRef:
    """Return the valid area. Raises BadWords."""
    area = territory().get(area_id)
    if area is None or not area.open:
        raise BadWords(_("没有这个区域"), {name: _("没有这个区域")})
    return area


def office_of(organization_id: int | None, name: str, today: date) -> OrganizationRef:
    """Return the organization, which exists that day. Raises BadWords."""
    found = organizations().by_id(organization_id)
    if found is None or not found.exists(today):
        raise BadWords(_("没有这个单位"), {name: _("没有这个单位")})
    return found


def check_stands(to_date: date | None, today: date) -> None:
    """Raise HasEnded for what was over before today."""
    if to_date is not None and to_date <= today:
        raise HasEnded(_("已经结束，不能再改"))


def last_day(from_date: date, given: date, today: date, name: str = "to_date") -> date:
    """Return the day on which something ends. Raises BadWords where it is years away or before the beginning."""
    day_of(given, name, today)
    if given < from_date:
        raise BadWords(_("不能早于开始日期"), {name: _("不能早于开始日期")})
    return given


def audience_of(row: Link) -> history.Audience:
    """Return who may hear at once of what happens to a link."""
    return history.Audience(path_of(row.area_ids), (row.unit_id,), Permission.VIEW)


def bounded(given: Sequence[object]) -> None:
    """Raise BadWords for more than ROWS_MAX at once."""
    if len(given) > ROWS_MAX:
        raise BadWords(_("一次最多 %(n)d 条") % {"n": ROWS_MAX})


def area_audience(row: ActionBranch | Alliance | ContactPoint | Workstation) -> history.Audience:
    """Return who may hear at once of what happens to it."""
    return history.Audience(path_of(row.area_ids), (), Permission.VIEW)


def committee_audience(row: Committee) -> history.Audience:
    """Return who may hear at once of what happens to a committee."""
    return history.Audience(path_of(row.area_ids), (row.organization_id,), Permission.VIEW)


def check_open(actor: Actor, row: Decision) -> None:
    """Raise what forbids the actor to say what became of a decision: NotAllowed, DecisionSettledAlready."""
    committee = row.meeting.committee
    policies.check_may_see_committee(actor, committee, (row.office_id,))
    policies.check_can_settle(actor, row, committee)
    if row.status != DecisionStatus.OPEN:
        raise DecisionSettledAlready(_("决议当前为“%(status)s”") % {"status": DecisionStatus(row.status).label})


def tell(actor: Actor, facts: Sequence[tuple[Committee, Fact]], now: datetime) -> None:
    """Record what happened to committees."""
    told = [(fact, committee_audience(committee)) for committee, fact in facts]
    history.record_each(actor=actor, facts=told, at=now)
