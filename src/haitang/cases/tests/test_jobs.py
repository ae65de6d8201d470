"""What follows from facts: twice equals once."""

from datetime import date, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from haitang.cases import actions, jobs, queries
from haitang.cases.models import Case
from haitang.cases.queries import CaseFilter
from haitang.cases.queries.counting import By
from haitang.cases.values import Permission
from haitang.core.access import Actor, Grant
from haitang.core.history import Entry
from haitang.people.models import Notice
from haitang.territory import actions as territory_actions
from haitang.territory.queries import territory
from haitang.testing import people as people_cast
from haitang.testing.actors import NOW
from haitang.testing.cases import FOUNDER, report


@pytest.mark.parametrize("folded", [False, True])
def test_cases_and_their_counts_follow_a_replaced_area(town, folded):
    made = report(town.dispatcher, channel="phone")
    actions.accept_case(actor=town.dispatcher, case_id=made.pk, opinion="办", now=NOW)
    if folded:
        actions.fold_counts(actor=FOUNDER, now=NOW)
    community = town.area("320585001001")
    territory_actions.replace_area(actor=FOUNDER, area_id=community.id, name="春和新社区", code="320585001009", now=NOW)
    replaced = Entry.objects.filter(fact="AreaReplaced")
    assert replaced.count() == 3
    for _twice in range(2):
        for entry in replaced:
            jobs.follow_replaced_area(**entry.data, entry_id=entry.pk)
    area = territory().by_code("320585001009")
    newcomer = Actor("新书记", id=55, grants=frozenset({Grant(Permission.VIEW, area_path=area.path)}))
    assert [case.pk for case in queries.list_cases(viewer=newcomer, wanted=CaseFilter(), now=NOW).rows] == [made.pk]
    span = {"from_date": date(2026, 5, 1), "to_date": date(2026, 6, 1)}
    table = queries.count_cases(viewer=newcomer, area=area, by=By.STATUS, **span)
    assert {row.key: row.reported for row in table.rows} == {"accepted": 1}
    old = queries.count_cases(viewer=town.leader, area=community, by=By.STATUS, **span)
    assert old.total.reported == 0
    assert queries.counted() == queries.recount()
    assert Case.objects.get().area_ids == list(territory().area(Case.objects.get().area_id).ids)


def test_nobody_is_told_of_a_case_that_waits_for_nothing_any_more(town):
    case = report(town.dispatcher, channel="phone")
    late = case.due_at + timedelta(minutes=1)
    actions.tell_missed_deadlines(actor=FOUNDER, now=late)
    actions.void_case(actor=town.dispatcher, case_id=case.pk, opinion="重复登记", now=late)
    entry = Entry.objects.get(fact="DeadlineMissed")
    jobs.tell_missed(entry_ids=[entry.pk])
    assert not Notice.objects.exists()


def test_nobody_is_told_of_a_deadline_that_the_case_has_left_behind(town):
    case = report(town.dispatcher, channel="phone")
    late = case.due_at + timedelta(minutes=1)
    actions.tell_missed_deadlines(actor=FOUNDER, now=late)
    for deed in ("accept", "register"):
        getattr(actions, f"{deed}_case")(actor=town.dispatcher, case_id=case.pk, opinion="办", now=late)
    town.account("dispatcher")
    entry = Entry.objects.get(fact="DeadlineMissed")
    jobs.tell_missed(entry_ids=[entry.pk])
    assert not Notice.objects.exists()


def test_many_missed_deadlines_are_one_job_and_one_notice_to_each(town):
    cases = [report(town.dispatcher, channel="phone") for _ in range(3)]
    hidden = report(town.resident, kind="denunciation")
    dispatcher = town.account("dispatcher")
    plain = people_cast.build_account()
    for permission in (Permission.VIEW, Permission.ACCEPT):
        people_cast.give(plain, permission=str(permission), area_id=town.area("320585001000").id)
    late = max(case.due_at for case in [*cases, hidden]) + timedelta(minutes=1)
    assert actions.tell_missed_deadlines(actor=FOUNDER, now=late) == 4
    queued = ProcrastinateJob.objects.get(task_name="cases.tell_missed")
    assert sorted(queued.args["entry_ids"]) == sorted(
        Entry.objects.filter(fact="DeadlineMissed").values_list("pk", flat=True)
    )
    for _twice in range(2):
        jobs.tell_missed(**queued.args)
    told = dict(Notice.objects.values_list("account_id", "parts__n"))
    assert told[plain.pk] == 3
    assert Notice.objects.filter(account=dispatcher).count() == 1
    assert actions.tell_missed_deadlines(actor=FOUNDER, now=late) == 0


def test_the_desk_is_told_once_of_a_dispatched_case(town):
    account = town.account("handler")
    case = report(town.dispatcher, channel="phone")
    for deed in ("accept", "register"):
        getattr(actions, f"{deed}_case")(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW)
    actions.dispatch_case(actor=town.dispatcher, case_id=case.pk, opinion="办", organization_code="ZJJ", now=NOW)
    entry = Entry.objects.get(fact="CaseDispatched")
    for _twice in range(2):
        jobs.tell_dispatched(**entry.data, entry_id=entry.pk)
    notice = Notice.objects.get()
    assert (notice.account_id, notice.subject_id) == (account.pk, case.pk)


def test_only_those_trusted_with_denunciations_are_told_of_one(town):
    plain, trusted, elsewhere = (people_cast.build_account() for _ in range(3))
    grid = town.area("320585001001001").id
    people_cast.give(plain, "grid_worker", area_id=grid)
    for permission in (Permission.VIEW, Permission.VERIFY):
        people_cast.give(trusted, permission=str(permission), area_id=grid)
        people_cast.give(elsewhere, permission=str(permission), area_id=town.area("320585001002").id)
    people_cast.give(elsewhere, "confidential_officer", area_id=town.area("320585001002").id)
    people_cast.give(trusted, "confidential_officer", area_id=grid)
    case = report(town.resident, kind="denunciation")
    entry = Entry.objects.get(fact="CaseReported")
    jobs.tell_reported(**entry.data, entry_id=entry.pk)
    assert case.is_confidential
    assert [notice.account_id for notice in Notice.objects.all()] == [trusted.pk]


def test_a_denunciation_that_nobody_trusted_can_act_on_reaches_those_who_may_read_it(town):
    reader = people_cast.build_account()
    people_cast.give(reader, "leader", area_id=town.area("320585001000").id)
    people_cast.give(reader, "confidential_officer", area_id=town.area("320585001000").id)
    report(town.resident, kind="denunciation")
    entry = Entry.objects.get(fact="CaseReported")
    jobs.tell_reported(**entry.data, entry_id=entry.pk)
    assert [notice.account_id for notice in Notice.objects.all()] == [reader.pk]
