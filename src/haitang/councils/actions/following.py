"""What a resolution is carried out as, and what becomes of it: cases and projects are followed where they lie."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.actions import report_case
from haitang.cases.values import Channel
from haitang.core.access import EVERYWHERE, Actor, Grant, system
from haitang.core.clock import local_date
from haitang.councils import policies, queries
from haitang.councils.actions.shared import tell, text_of
from haitang.councils.actions.topics import SETTLED, tell_author
from haitang.councils.facts import (
    ResolutionBecameCase,
    ResolutionBecameProject,
    ResolutionBroughtToVote,
    ResolutionReopened,
    ResolutionSettled,
)
from haitang.councils.lifecycle import ResolutionStatus, Way
from haitang.councils.models import Resolution
from haitang.councils.values import (
    LINE_LENGTH_MAX,
    RESOLUTION,
    VOTING,
    WORDS_LENGTH_MAX,
    BadEntry,
    SettledAlready,
)
from haitang.projects.actions import start_project
from haitang.projects.values import TITLE_LENGTH_MAX as PROJECT_TITLE_MAX
from haitang.projects.values import Origin, Partner, ProjectPlan
from haitang.projects.values import Permission as ProjectPermission
from haitang.territory.queries import territory

STARTER = system("议事", Grant(ProjectPermission.LEAD, area_path=EVERYWHERE))
"""The council has resolved; who writes it down need not hold what it takes to begin a project alone."""


@transaction.atomic
def settle_resolution(
    *, actor: Actor, resolution_id: int, words: str, now: datetime, dropped: bool = False
) -> Resolution:
    """
    Say of a resolution that it is done, or why it is dropped; who raised its topic is told.

    By who keeps the council, or for the office that sees to it. What became a case or a project is settled there.
    Raises ResolutionNotFound, NotAllowed, SettledAlready, BadEntry (no word on how it went).
    """
    row = queries.lock_resolution(resolution_id)
    policies.check_can_settle(actor, row, row.session.council)
    if row.way in (Way.CASE, Way.PROJECT) and not dropped:
        raise SettledAlready(_("已%(way)s，办结后自动落实") % {"way": Way(row.way).label})
    missing = _("请写明不再办理的理由") if dropped else _("请写明落实情况")
    _settle(actor, row, text_of(words, "words", WORDS_LENGTH_MAX, missing=missing), dropped, now)
    return row


@transaction.atomic
def reopen_resolution(*, actor: Actor, resolution_id: int, reason: str, now: datetime) -> Resolution:
    """
    Let a resolution that was said to be done or dropped be under way again, where it was.

    Takes CONVENE. Raises ResolutionNotFound, NotAllowed, SettledAlready (it is open), BadEntry.
    """
    row = queries.lock_resolution(resolution_id)
    policies.check_can_convene(actor, row.session.council)
    if row.status == ResolutionStatus.OPEN:
        raise SettledAlready(_("议定事项正在办理"))
    _reopen(actor, row, text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由")), now)
    return row


@transaction.atomic
def make_resolution_case(
    *, actor: Actor, resolution_id: int, now: datetime, words: str = "", place: str = "", category_code: str = ""
) -> Resolution:
    """
    Hand a resolution over to case handling; once, whoever presses. It is done when the case is closed.

    words: by default the resolution itself. category_code: "" for the one that the words suggest.
    Takes CONVENE, and reporting cases in the council's area.
    Raises ResolutionNotFound, NotAllowed, SettledAlready, BadEntry, CategoryNotFound.
    """
    row = _to_carry_out(actor, resolution_id)
    council = row.session.council
    words = text_of(words, "words", WORDS_LENGTH_MAX) or row.text
    case = report_case(
        actor=actor, now=now, description=words, channel=Channel.TRANSFER, category_code=category_code,
        place=text_of(place, "place", LINE_LENGTH_MAX), area_code=territory().area(council.area_id).code,
        demand_answers=False,
    )  # fmt: skip
    row.way, row.case = Way.CASE, case
    row.save(update_fields=["way", "case"])
    tell(actor, [(council, ResolutionBecameCase(row.session_id, row.pk, case.pk))], now)
    return row


@transaction.atomic
def make_resolution_project(
    *, actor: Actor, resolution_id: int, now: datetime, title: str = "", until_on: date | None = None
) -> Resolution:
    """
    Carry a resolution out as a project, which its office leads; once, whoever presses. It is done once accepted.

    title: by default the resolution itself. until_on: by default the day on which it is due.
    Takes CONVENE. Raises ResolutionNotFound, NotAllowed, SettledAlready, BadEntry, PlanInvalid.
    """
    row = _to_carry_out(actor, resolution_id)
    council = row.session.council
    title = text_of(title, "title", PROJECT_TITLE_MAX) or row.text[:PROJECT_TITLE_MAX]
    partners = (Partner(council.organization_id),) if council.organization_id != row.office_id else ()
    plan = ProjectPlan(
        Origin.VOTE.value, f"{RESOLUTION}{row.pk}", title, council.area_id, row.office_id, aim=row.text,
        partners=partners, until_on=until_on or row.due_on,
    )  # fmt: skip
    project = start_project(actor=STARTER, plan=plan, now=now)
    row.way, row.project_id = Way.PROJECT, project.pk
    row.save(update_fields=["way", "project_id"])
    tell(actor, [(council, ResolutionBecameProject(row.session_id, row.pk, project.pk))], now)
    return row


@transaction.atomic
def bring_resolution_to_vote(
    *, actor: Actor, resolution_id: int, way: str, now: datetime, title: str = "", matter: str = ""
) -> Resolution:
    """
    Prepare a vote on a resolution in one of the ways that there are (`values.VOTING`); it is settled with the vote.

    way: the way's code, with ":" and the place of one of its offers where there are several. matter: what the way asks
    for, by the code of `VotingWay.matters`. Takes CONVENE, and what the way itself takes.
    Raises ResolutionNotFound, NotAllowed, SettledAlready, BadEntry (no such way or matter), whatever the way refuses.
    """
    row = _to_carry_out(actor, resolution_id)
    council = row.session.council
    code, _colon, place = way.partition(":")
    found = next((each for each in VOTING if each.code == code), None)
    if found is None or place not in {each.place for each in found.offers(actor, council.area_path)}:
        raise BadEntry(_("没有这种表决方式"), {"way": _("没有这种表决方式")})
    if (matters := found.matters()) and matter not in matters:
        raise BadEntry(_("请选择属于哪一项法定事项"), {"matter": _("请选择属于哪一项法定事项")})
    title = text_of(title, "title", PROJECT_TITLE_MAX) or row.text[:PROJECT_TITLE_MAX]
    voting = found.start(
        actor=actor, title=title, words=row.text, area_id=council.area_id, place=place,
        matter=matter, now=now,
    )  # fmt: skip
    row.way, row.voting_url, row.voting_desk_url = Way.VOTING, voting.url, voting.desk_url
    row.save(update_fields=["way", "voting_url", "voting_desk_url"])
    tell(actor, [(council, ResolutionBroughtToVote(row.session_id, row.pk, voting.title, voting.url))], now)
    return row


@transaction.atomic
def follow_carried_out(
    *, actor: Actor, words: str, now: datetime, case_id: int = 0, project_id: int = 0, voting_url: str = "",
    dropped: bool = False, reopened: bool = False,
) -> Resolution | None:  # fmt: skip
    """
    Let a resolution be done, dropped or open again as its case, project or vote is. For the clock; again: nothing.

    Returns the resolution, None where what is named is none's or nothing changed.
    """
    named = {"case_id": case_id, "project_id": project_id, "voting_url": voting_url}
    row = queries.lock_carried_out(**{name: value for name, value in named.items() if value})
    if row is None or (row.status == ResolutionStatus.OPEN) == reopened:
        return None
    if reopened:
        _reopen(actor, row, words, now)
    else:
        _settle(actor, row, words, dropped, now)
    return row


@transaction.atomic
def free_from_vote(*, actor: Actor, voting_url: str, reason: str, now: datetime) -> Resolution | None:
    """
    Let a resolution whose vote was called off be carried out by its office again, or otherwise. For the clock.

    Returns the resolution, None where the vote is none's or the resolution is settled already.
    """
    row = queries.lock_carried_out(voting_url=voting_url)
    if row is None or row.status != ResolutionStatus.OPEN:
        return None
    row.way, row.voting_url, row.voting_desk_url = Way.OWN, "", ""
    row.save(update_fields=["way", "voting_url", "voting_desk_url"])
    tell(actor, [(row.session.council, ResolutionReopened(row.session_id, row.pk, reason))], now)
    return row


def _to_carry_out(actor: Actor, resolution_id: int) -> Resolution:
    """Return the open resolution, locked, of a council that the actor keeps, which nobody else carries out."""
    row = queries.lock_resolution(resolution_id)
    policies.check_can_convene(actor, row.session.council)
    if row.status != ResolutionStatus.OPEN or row.way != Way.OWN:
        raise SettledAlready(_("议定事项已%(way)s或已办结") % {"way": Way(row.way).label})
    return row


def _settle(actor: Actor, row: Resolution, words: str, dropped: bool, now: datetime) -> None:
    if row.status != ResolutionStatus.OPEN:
        raise SettledAlready(_("议定事项当前为“%(status)s”") % {"status": ResolutionStatus(row.status).label})
    row.outcome, row.settled_on = words, local_date(now)
    row.status = ResolutionStatus.DROPPED if dropped else ResolutionStatus.DONE
    row.save(update_fields=["status", "outcome", "settled_on"])
    tell(actor, [(row.session.council, ResolutionSettled(row.session_id, row.pk, dropped, words))], now)
    if row.topic is not None:
        tell_author(actor, row.topic, f"settled:{row.pk}:{now.isoformat()}", SETTLED, now)


def _reopen(actor: Actor, row: Resolution, reason: str, now: datetime) -> None:
    row.status, row.outcome, row.settled_on = ResolutionStatus.OPEN, "", None
    row.save(update_fields=["status", "outcome", "settled_on"])
    tell(actor, [(row.session.council, ResolutionReopened(row.session_id, row.pk, reason))], now)
