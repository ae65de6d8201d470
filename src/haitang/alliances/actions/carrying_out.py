"""What a decision of a meeting is carried out as: a project, or a case."""

from datetime import date, datetime

from django.db import transaction

from haitang.alliances import policies, queries
from haitang.alliances.actions.shared import check_open, tell, text_of
from haitang.alliances.facts import DecisionBecameCase, DecisionBecameProject
from haitang.alliances.lifecycle import DecisionStatus
from haitang.alliances.models import Decision
from haitang.alliances.values import DECISION, LINE_LENGTH_MAX, WORDS_LENGTH_MAX
from haitang.cases.actions import report_case
from haitang.cases.values import Channel
from haitang.core.access import EVERYWHERE, Actor, Grant, system
from haitang.core.clock import local_date
from haitang.projects.actions import start_project
from haitang.projects.values import TITLE_LENGTH_MAX as PROJECT_TITLE_MAX
from haitang.projects.values import Origin, Partner, ProjectPlan
from haitang.projects.values import Permission as ProjectPermission
from haitang.territory.queries import territory

STARTER = system("共驻共建", Grant(ProjectPermission.LEAD, area_path=EVERYWHERE))
"""The meeting has decided; who writes it down need not hold what it takes to begin a project alone."""


@transaction.atomic
def make_decision_project(
    *, actor: Actor, decision_id: int, now: datetime, title: str = "", until_on: date | None = None
) -> Decision:
    """
    Carry a decision out as a project, which the unit that sees to it leads; once, whoever presses.

    title: by default the decision itself. until_on: by default the day on which it is due.
    Takes CONVENE. Raises DecisionNotFound, NotAllowed, DecisionSettledAlready, BadWords, PlanInvalid.
    """
    row = _to_carry_out(actor, decision_id)
    committee = row.meeting.committee
    title = text_of(title, "title", PROJECT_TITLE_MAX) or row.text[:PROJECT_TITLE_MAX]
    partner = (Partner(committee.organization_id),) if committee.organization_id != row.office_id else ()
    plan = ProjectPlan(
        Origin.ALLIANCE.value, f"{DECISION}{row.pk}", title, committee.area_id, row.office_id, aim=row.text,
        partners=partner, until_on=until_on or row.due_on,
    )  # fmt: skip
    project = start_project(actor=STARTER, plan=plan, now=now)
    row.status, row.project_id, row.settled_on = DecisionStatus.PROJECT, project.pk, local_date(now)
    row.save(update_fields=["status", "project_id", "settled_on"])
    tell(actor, [(committee, DecisionBecameProject(row.meeting_id, row.pk, project.pk))], now)
    return row


@transaction.atomic
def make_decision_case(
    *, actor: Actor, decision_id: int, now: datetime, words: str = "", place: str = "", category_code: str = ""
) -> Decision:
    """
    Hand a decision over to case handling; once, whoever presses. The case goes the way of every case.

    words: by default the decision itself. category_code: "" for the one that the words suggest.
    Takes CONVENE, and reporting cases in the committee's area.
    Raises DecisionNotFound, NotAllowed, DecisionSettledAlready, BadWords, CategoryNotFound.
    """
    row = _to_carry_out(actor, decision_id)
    committee = row.meeting.committee
    words = text_of(words, "words", WORDS_LENGTH_MAX) or row.text
    case = report_case(
        actor=actor, now=now, description=words, channel=Channel.TRANSFER, category_code=category_code,
        place=text_of(place, "place", LINE_LENGTH_MAX), area_code=territory().area(committee.area_id).code,
        demand_answers=False,
    )  # fmt: skip
    row.status, row.case, row.settled_on = DecisionStatus.CASE, case, local_date(now)
    row.save(update_fields=["status", "case", "settled_on"])
    tell(actor, [(committee, DecisionBecameCase(row.meeting_id, row.pk, case.pk))], now)
    return row


def _to_carry_out(actor: Actor, decision_id: int) -> Decision:
    """Return the open decision, locked, of a committee that the actor convenes."""
    row = queries.lock_decisions([decision_id])[decision_id]
    policies.check_can_convene_in(actor, row.meeting.committee)
    check_open(actor, row)
    return row
