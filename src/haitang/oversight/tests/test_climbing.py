"""The ladder: each overdue case climbs once, people are told once, only those of that rung."""

from datetime import timedelta

import pytest

from haitang.cases import actions as case_actions
from haitang.cases import jobs as case_jobs
from haitang.cases import queries as cases
from haitang.cases.models import Case
from haitang.cases.tests.test_importing import IMPORTER
from haitang.core.models import Entry
from haitang.oversight import actions
from haitang.oversight.facts import CaseEscalated
from haitang.oversight.models import Climb, Supervision
from haitang.oversight.tests.playing import SIGNED, go
from haitang.oversight.values import RuleInvalid
from haitang.people.models import Notice
from haitang.testing import people
from haitang.testing.actors import NOW, also
from haitang.testing.cases import FOUNDER as CASES_FOUNDER

pytestmark = pytest.mark.django_db
FOUNDER = also(CASES_FOUNDER, "oversight.rule.manage")


def climb(now):
    return actions.escalate_overdue_cases(actor=FOUNDER, now=now)


def test_a_case_climbs_each_rung_once_and_its_people_hear_of_it(town):
    case = go(town, *SIGNED)
    dispatcher, leader = town.account("dispatcher"), town.account("leader")
    due = case.due_at
    assert climb(due + timedelta(hours=3)) == 0
    assert [climb(due + timedelta(hours=5)) for _ in range(2)] == [1, 0]
    assert [notice.account_id for notice in Notice.objects.all()] == [dispatcher.pk]
    assert climb(due + timedelta(hours=25)) == 1
    assert [climb(due + timedelta(hours=73)) for _ in range(2)] == [1, 0]
    assert leader.pk in set(Notice.objects.values_list("account_id", flat=True))
    assert (Climb.objects.get().step, Supervision.objects.get().cause) == (3, "overdue")
    steps = Entry.objects.filter(fact="CaseEscalated").order_by("pk")
    assert [entry.data["step"] for entry in steps] == [1, 2, 3]
    assert cases.counted() == cases.recount()


def test_a_case_overlooked_for_long_goes_up_at_once_and_a_new_deadline_begins_anew(town):
    case = go(town, *SIGNED)
    assert climb(case.due_at + timedelta(days=9)) == 1
    assert Climb.objects.get().step == 3
    late = case.due_at + timedelta(days=9)
    case_actions.handle_case(actor=town.handler, case_id=case.pk, opinion="修", now=late)
    case = case_actions.feedback_case(actor=town.handler, case_id=case.pk, opinion="修", now=late)
    assert climb(late) == 0
    assert climb(case.due_at + timedelta(hours=5)) == 1
    assert Climb.objects.get().step == 1


def test_many_cases_are_told_of_in_one_notice_and_denunciations_apart(town):
    made = [go(town, *SIGNED[:1]) for _ in range(3)] + [go(town, *SIGNED[:1], kind="denunciation")]
    plain = people.build_account()
    people.give(plain, "leader", area_id=town.areas["street"])
    people.give(plain, permission="cases.case.dispatch", area_id=town.areas["street"])
    dispatcher = town.account("dispatcher")
    assert climb(max(case.due_at for case in made) + timedelta(hours=5)) == 4
    told = sorted(Notice.objects.values_list("account_id", "parts__n"), key=str)
    assert told == sorted([(plain.pk, 3), (dispatcher.pk, 3), (dispatcher.pk, None)], key=str)


def test_an_area_has_a_ladder_of_its_own(town):
    case = go(town, *SIGNED)
    said = {"actor": FOUNDER, "now": NOW, "level": "community", "permission": "cases.case.accept"}
    actions.set_rung(step=1, after_hours=1, area_id=town.areas["spring"], **said)
    with pytest.raises(RuleInvalid):
        actions.set_rung(step=2, after_hours=1, area_id=town.areas["spring"], **said)
    secretary = town.account("secretary")
    town.account("dispatcher")
    assert climb(case.due_at + timedelta(hours=2)) == 1
    assert [notice.account_id for notice in Notice.objects.all()] == [secretary.pk]
    assert climb(case.due_at + timedelta(days=20)) == 0


def test_nothing_climbs_while_its_clock_stands_or_after_it_is_closed(town):
    case = go(town, *SIGNED)
    case_actions.pause_clock(actor=FOUNDER, case_id=case.pk, until=NOW + timedelta(days=60), now=NOW)
    assert climb(NOW + timedelta(days=59)) == 0
    done = go(town, "accept", "register", "dispatch", "sign", "handle", "feedback", "check", "close")
    assert done.due_at is None
    assert climb(NOW + timedelta(days=59)) == 0


def taken_over(town, tmp_path, reported: str, *, desk: str = "ZJJ") -> Case:
    """Take over an open case that was reported to another system then."""
    path = tmp_path / f"{reported}.csv"
    path.write_text(
        f"外部编号,问题描述,上报时间,状态,经度,纬度,承办单位编码\nA{reported},路灯不亮,{reported},处置中,121.305,31.505,{desk}\n",
        encoding="utf-8",
    )
    case_actions.import_cases(actor=IMPORTER, path=path, now=NOW)
    return Case.objects.get(external_id=f"A{reported}")


def test_a_case_that_comes_overdue_is_told_of_once_to_its_desk_and_climbs_from_then_on(town, tmp_path):
    handler, dispatcher = town.account("handler"), town.account("dispatcher")
    case = taken_over(town, tmp_path, "2026-03-02")
    assert case.due_at is not None
    assert case.due_at < NOW - timedelta(days=9)
    for _twice in range(2):
        assert climb(NOW) == 0
    missed = Entry.objects.filter(fact="DeadlineMissed", subject_id=case.pk)
    assert [entry.at for entry in missed] == [NOW]
    case_jobs.tell_missed(entry_ids=[missed.get().pk])
    assert [notice.account_id for notice in Notice.objects.all()] == [handler.pk]
    assert climb(NOW + timedelta(hours=3)) == 0
    assert climb(NOW + timedelta(hours=5)) == 1
    assert dispatcher.pk in set(Notice.objects.values_list("account_id", flat=True))
    assert [climb(NOW + timedelta(hours=25)), climb(NOW + timedelta(hours=73)), climb(NOW + timedelta(days=9))] == [
        1,
        1,
        0,
    ]
    steps = Entry.objects.filter(fact="CaseEscalated").order_by("pk")
    assert [entry.data["step"] for entry in steps] == [1, 2, 3]
    late = NOW + timedelta(days=9)
    case_actions.handle_case(actor=town.handler, case_id=case.pk, opinion="修", now=late)
    case = case_actions.feedback_case(actor=town.handler, case_id=case.pk, opinion="修", now=late)
    assert climb(late) == 0
    assert climb(case.due_at + timedelta(hours=5)) == 1
    assert (Climb.objects.get().step, Climb.objects.get().since) == (1, None)


def test_a_case_taken_over_in_time_climbs_from_its_deadline_like_any_other(town, tmp_path):
    case = taken_over(town, tmp_path, "2026-05-06")
    assert case.due_at > NOW
    assert climb(case.due_at + timedelta(days=9)) == 1
    assert Climb.objects.get().step == 3


def test_the_history_says_to_which_rung_and_of_whom(town):
    case = go(town, *SIGNED)
    climb(case.due_at + timedelta(hours=5))
    entry = Entry.objects.get(fact="CaseEscalated")
    assert CaseEscalated.heading(entry.data) == "超期升级至第 1 级（街道）"
