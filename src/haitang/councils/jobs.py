"""What happens because of meetings, cases and projects, and the clock's own work. Every job may run twice."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.cases.facts import CaseClosed, CaseForceClosed, CaseReopened, CaseSettled, CaseVoided
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.councils import actions, queries
from haitang.councils.facts import SessionCalled
from haitang.councils.values import Permission
from haitang.owners.facts import DecisionCancelled, DecisionClosed
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.projects.facts import ProjectAccepted, ProjectGivenUp
from haitang.territory.facts import AreaEnded, AreaReplaced
from haitang.voting.facts import VoteCounted

CLOCK = system("议事")
INVITED = gettext_noop("{name}召开{title}：{at}")
WAITING = gettext_noop("居民提议 {number} 等待审核，已超过期限")


@reacts_to(SessionCalled, batched=True)
@app.task(queue="notices", name="councils.invite_members")
def invite_members(*, entry_ids: list[int], **_more: object) -> None:
    """Tell members when and where their council meets; of a meeting that is past, nobody."""
    entries = {entry.data["session_id"]: entry for entry in queries.list_entries_of(entry_ids)}
    for row, accounts in queries.list_invited(entries, clock.now()):
        send_notices(
            actor=CLOCK, account_ids=accounts, key=f"entry:{entries[row.pk].pk}", text=INVITED,
            parts={
                "name": row.council.name, "title": row.title,
                "at": row.at.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M"),
            },
            url=reverse("councils:session", args=[row.pk]), subject_type="council_session", subject_id=row.pk,
            now=clock.now(),
        )  # fmt: skip


@reacts_to(CaseClosed, CaseForceClosed, CaseSettled)
@app.task(queue="default", name="councils.follow_closed_case")
def follow_closed_case(*, case_id: int, **_more: object) -> None:
    """Let a resolution be done when its case is closed."""
    words = _("案件已结案")
    actions.follow_carried_out(actor=CLOCK, case_id=case_id, words=words, now=clock.now())


@reacts_to(CaseVoided)
@app.task(queue="default", name="councils.follow_voided_case")
def follow_voided_case(*, case_id: int, **_more: object) -> None:
    """Let a resolution be dropped when its case is void."""
    words = _("案件已作废")
    actions.follow_carried_out(actor=CLOCK, case_id=case_id, words=words, dropped=True, now=clock.now())


@reacts_to(CaseReopened)
@app.task(queue="default", name="councils.follow_reopened_case")
def follow_reopened_case(*, case_id: int, **_more: object) -> None:
    """Let a resolution be under way again when its case is."""
    words = _("案件重办")
    actions.follow_carried_out(actor=CLOCK, case_id=case_id, words=words, reopened=True, now=clock.now())


@reacts_to(ProjectAccepted)
@app.task(queue="default", name="councils.follow_accepted_project")
def follow_accepted_project(*, project_id: int, **_more: object) -> None:
    """Let a resolution be done when its project is accepted."""
    words = _("项目已通过验收")
    actions.follow_carried_out(actor=CLOCK, project_id=project_id, words=words, now=clock.now())


@reacts_to(ProjectGivenUp)
@app.task(queue="default", name="councils.follow_given_up_project")
def follow_given_up_project(*, project_id: int, words: str = "", **_more: object) -> None:
    """Let a resolution be dropped when its project is given up, for the same reason."""
    why = words or _("项目已终止")
    actions.follow_carried_out(actor=CLOCK, project_id=project_id, words=why, dropped=True, now=clock.now())


@reacts_to(VoteCounted)
@app.task(queue="default", name="councils.follow_counted_vote")
def follow_counted_vote(*, vote_id: int, **_more: object) -> None:
    """Let a resolution be done when the vote on it is counted; what came out stands there."""
    words, url = _("表决已计票，结果见表决页面"), reverse("voting:vote", args=[vote_id])
    actions.follow_carried_out(actor=CLOCK, voting_url=url, words=words, now=clock.now())


@reacts_to(DecisionClosed)
@app.task(queue="default", name="councils.follow_closed_decision")
def follow_closed_decision(*, decision_id: int, passed: int, **_more: object) -> None:
    """Let a resolution be done when the owners have decided so, and dropped where they have not."""
    words = _("业主共同决定已通过，结果见表决页面") if passed else _("业主共同决定没有通过，结果见表决页面")
    url = reverse("owners:decision", args=[decision_id])
    actions.follow_carried_out(actor=CLOCK, voting_url=url, words=words, dropped=not passed, now=clock.now())


@reacts_to(DecisionCancelled)
@app.task(queue="default", name="councils.follow_cancelled_decision")
def follow_cancelled_decision(*, decision_id: int, reason: str = "", **_more: object) -> None:
    """Let a resolution be its office's again when the vote of the owners is called off, for the same reason."""
    why, url = reason or _("业主表决已取消"), reverse("owners:decision", args=[decision_id])
    actions.free_from_vote(actor=CLOCK, voting_url=url, reason=why, now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", name="councils.watch_questions", queueing_lock="councils.watch", pass_context=False)
def watch_questions(timestamp: int) -> None:
    """Every ten minutes: tell the street of questions that were not answered in time."""
    now = clock.now()
    for question_id in queries.list_overdue_questions(now):
        actions.escalate_question(actor=CLOCK, question_id=question_id, now=now)


@app.periodic(cron="0 1 * * *")
@app.task(queue="clock", name="councils.remind_and_forget", queueing_lock="councils.daily", pass_context=False)
def remind_and_forget(timestamp: int) -> None:
    """Once a day (09:00 in Shanghai): remind of topics that nobody has read in time; forget what is to be forgotten."""
    now = clock.now()
    for view in queries.describe_topics(queries.list_waiting_topics(), now):
        if view.is_late:
            send_notices(
                actor=CLOCK, account_ids=list_accounts_holding(Permission.MODERATE, area_path=view.row.area_path),
                key=f"council_topic:{view.row.pk}:waiting", text=WAITING, parts={"number": view.row.number},
                url=reverse("councils:desk_topic", args=[view.row.pk]), subject_type="council_topic",
                subject_id=view.row.pk, now=now,
            )  # fmt: skip
    actions.forget_council_authors(actor=CLOCK, now=now)
    for draw_id in queries.list_erasable(now):
        actions.erase_candidates(actor=CLOCK, draw_id=draw_id, now=now)


@reacts_to(AreaReplaced)
@app.task(queue="default", name="councils.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_more: object) -> None:
    """Tie what lies in an area to its new version."""
    actions.move_councils(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="councils.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_more: object) -> None:
    """Tie what lies in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_councils(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())
