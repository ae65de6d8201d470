"""Cases that are one matter: joined, parted as they were, ended together, everybody told once."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.models import Case
from haitang.cases.queries import CaseFilter, list_timeline
from haitang.cases.queries.measuring import counted, recount
from haitang.cases.values import CaseNotFound, GoesAlong
from haitang.cases.views.telling import steps
from haitang.core.errors import NotAllowed
from haitang.merging import actions, jobs, queries
from haitang.merging.models import Join
from haitang.merging.values import AlreadyJoined, NotJoinable, NotJoined, StillTogether
from haitang.people.models import Notice
from haitang.portal.jobs import tell_everybody
from haitang.testing.actors import NOBODY, NOW
from haitang.testing.cases import FOUNDER, report
from haitang.testing.people import Town, build_account, refused

LATER = NOW + timedelta(hours=1)
CLOCK = ("status", "stage", "stage_started_at", "due_at", "warning__at", "warning__given", "deadlines")


def clock_of(case_id: int) -> dict:
    return Case.objects.values(*CLOCK, "marks", "priority").get(pk=case_id)


def merge(town: Town, main, *cases, **more):
    return actions.merge_cases(
        actor=town.dispatcher, main_id=main.pk, case_ids=[case.pk for case in cases], opinion="同一盏路灯", now=LATER,
        **more,
    )  # fmt: skip


def part(town: Town, main, *cases):
    ids = [case.pk for case in cases] or None
    return actions.part_cases(actor=town.dispatcher, main_id=main.pk, case_ids=ids, opinion="不是同一盏", now=LATER)


def solve(town: Town, case) -> None:
    """Lead a case to its end."""
    said = {"case_id": case.pk, "now": LATER + timedelta(minutes=5)}
    for deed, actor, more in (
        (case_actions.accept_case, town.dispatcher, {}), (case_actions.register_case, town.dispatcher, {}),
        (case_actions.dispatch_case, town.dispatcher, {"organization_code": "ZJJ"}),
        (case_actions.sign_case, town.handler, {}), (case_actions.handle_case, town.handler, {}),
        (case_actions.feedback_case, town.handler, {"opinion": "路灯已修好"}),
        (case_actions.check_case, town.checker, {}), (case_actions.close_case, town.dispatcher, {}),
    ):  # fmt: skip
        deed(actor=actor, **{"opinion": "办理", **said, **more})


def end(case) -> None:
    """Do what the reactions to the end of a case do, as often as they like."""
    for _time in range(2):
        jobs.end_along(case_id=case.pk)
        tell_everybody(case_id=case.pk)


@pytest.mark.django_db
def test_joined_cases_take_no_deeds_and_wait_in_nobodys_list(town):
    main, one, two = (report(town.resident) for _ in range(3))
    assert merge(town, main, one, two, main) == [one.pk, two.pk]
    assert merge(town, main, one) == []
    refused(GoesAlong, case_actions.accept_case, actor=town.dispatcher, case_id=one.pk, opinion="受理", now=LATER)
    refused(StillTogether, case_actions.void_case, actor=town.dispatcher, case_id=main.pk, opinion="误报", now=LATER)
    todo = case_queries.list_todo(viewer=town.dispatcher).rows
    assert [case.pk for case in todo] == [main.pk]
    wanted = CaseFilter(mark="joined")
    assert {case.pk for case in case_queries.list_cases(viewer=town.leader, wanted=wanted, now=LATER).rows} == {
        one.pk, two.pk,
    }  # fmt: skip
    assert case_actions.tell_missed_deadlines(actor=town.leader, now=main.due_at + timedelta(days=9)) == 1
    said = {case.pk: list_timeline(viewer=town.leader, case_id=case.pk) for case in (main, one)}
    (joining,) = (each for each in steps(said[main.pk], []) if "并单" in each["title"])
    assert (one.number in joining["title"], "2 件" in joining["title"]) == (True, True)
    assert (joining["text"], joining["who"]) == ("同一盏路灯", town.dispatcher.name)
    assert any(each["title"] == f"并入主案件 {main.number}" for each in steps(said[one.pk], []))
    bundle = queries.get_bundle(viewer=town.leader, case_id=main.pk)
    assert [view.case.pk for view in bundle.joined] == [one.pk, two.pk]
    assert queries.get_bundle(viewer=town.leader, case_id=one.pk).main.case.pk == main.pk
    assert counted() == recount()


@pytest.mark.django_db
def test_parting_leaves_everything_as_it_was(town):
    main = report(town.dispatcher, channel="phone", category_code="")
    flood = [report(town.dispatcher, channel="phone", now=NOW - timedelta(minutes=each)) for each in range(30)]
    ids = [main.pk, *(case.pk for case in flood)]
    before = {pk: clock_of(pk) for pk in ids}
    merge(town, main, *flood)
    assert clock_of(main.pk)["due_at"] == min(each["due_at"] for each in before.values())
    assert clock_of(main.pk)["priority"] == 2
    case_actions.accept_case(actor=town.dispatcher, case_id=main.pk, opinion="受理", now=LATER)
    assert len(part(town, main)) == 30
    after = {pk: clock_of(pk) for pk in ids}
    assert {pk: after[pk] for pk in ids[1:]} == {pk: before[pk] for pk in ids[1:]}
    assert (after[main.pk]["due_at"], after[main.pk]["marks"]) == (before[main.pk]["due_at"], [])
    assert not Join.objects.exists()
    case_actions.accept_case(actor=town.dispatcher, case_id=flood[0].pk, opinion="受理", now=LATER)
    assert counted() == recount()


@pytest.mark.django_db
def test_the_earliest_deadline_binds_the_main_case_in_later_stages_too(town):
    old = report(town.resident, now=NOW - timedelta(days=20))
    main = report(town.resident)
    planned = {stage: kept["due_at"] for stage, kept in old.deadlines.items()}
    merge(town, main, old)
    for deed in (case_actions.accept_case, case_actions.register_case):
        deed(actor=town.dispatcher, case_id=main.pk, opinion="办理", now=LATER)
    case = case_actions.dispatch_case(
        actor=town.dispatcher, case_id=main.pk, opinion="派遣", organization_code="ZJJ", now=LATER
    )
    assert case.due_at.isoformat() == planned["sign"]
    part(town, main)
    assert clock_of(main.pk)["due_at"] > LATER
    case_actions.change_setting(actor=FOUNDER, key="bundled_clock", value=False, now=LATER)
    merge(town, main, old)
    assert clock_of(main.pk)["due_at"] > LATER


@pytest.mark.django_db
def test_solved_together_everybody_is_told_once_and_may_rate(town):
    resident, neighbour, third = (replace(NOBODY, id=build_account(name).pk) for name in ("林阿姨", "邻居", "路人"))
    main = report(resident)
    one = report(neighbour)
    silent = report(town.dispatcher, channel="phone", reporter_phone="13900001111")
    merge(town, main, one, silent)
    voice = actions.say_me_too(actor=third, case_id=one.pk, party="third", now=LATER)
    assert voice.case_id == main.pk
    solve(town, main)
    end(main)
    states = set(Case.objects.filter(pk__in=[main.pk, one.pk, silent.pk]).values_list("status", flat=True))
    assert states == {"closed"}
    assert sorted(Notice.objects.filter(key=f"solved:{main.pk}").values_list("account_id", flat=True)) == sorted(
        [resident.id, neighbour.id, third.id]
    )
    followed = case_queries.follow_case(case=Case.objects.get(pk=silent.pk))
    assert "路灯已修好" in {step.text for step in followed.steps}
    assert followed.asks_rating
    refused(NotJoinable, actions.part_cases, actor=town.dispatcher, main_id=main.pk, opinion="拆", now=LATER)
    rated = case_actions.rate_case(actor=neighbour, case_id=one.pk, is_solved=False, score=1, now=LATER)
    assert (rated.status, rated.organization_id) == ("handling", town.desks["ZJJ"])
    jobs.leave_main(case_id=one.pk)
    end(main)
    assert Case.objects.get(pk=one.pk).status == "handling"
    case_actions.handle_case(actor=town.handler, case_id=one.pk, opinion="再修", now=LATER)
    assert Case.objects.get(pk=main.pk).status == "closed"
    assert counted() == recount()


@pytest.mark.django_db
def test_refused_together(town):
    resident, neighbour = (replace(NOBODY, id=build_account(name).pk) for name in ("林阿姨", "邻居"))
    main, one = report(resident), report(neighbour)
    merge(town, main, one)
    case_actions.refuse_case(actor=town.dispatcher, case_id=main.pk, opinion="不属受理范围", now=LATER)
    end(main)
    assert Case.objects.get(pk=one.pk).status == "refused"
    followed = case_queries.follow_case(case=Case.objects.get(pk=one.pk))
    assert "不属受理范围" in {step.text for step in followed.steps}


@pytest.mark.django_db
def test_what_cannot_be_joined(town):
    main, one, other, last = (report(town.resident) for _ in range(4))
    secret = report(town.resident, kind="denunciation")
    said = {"opinion": "同一件", "now": LATER}
    merge(town, main, one)

    def no(refusal, actor, main_id, *ids):
        refused(refusal, actions.merge_cases, actor=actor, main_id=main_id, case_ids=ids, **said)

    no(NotJoinable, town.dispatcher, main.pk, secret.pk)
    no(AlreadyJoined, town.dispatcher, other.pk, one.pk)
    no(AlreadyJoined, town.dispatcher, other.pk, main.pk)
    no(AlreadyJoined, town.dispatcher, one.pk, other.pk)
    no(NotAllowed, town.grid, main.pk, other.pk)
    no(CaseNotFound, town.outsider, main.pk, other.pk)
    no(CaseNotFound, town.secretary, main.pk, secret.pk)
    refused(NotJoined, actions.part_cases, actor=town.dispatcher, main_id=main.pk, case_ids=[last.pk], **said)


@pytest.mark.django_db(transaction=True)
def test_two_people_join_the_same_cases_in_opposite_directions(town):
    cases = [report(town.resident) for _ in range(6)]
    ids = [case.pk for case in cases]
    barrier, ended = threading.Barrier(2), []

    def join(main_id: int) -> None:
        barrier.wait()
        try:
            actions.merge_cases(
                actor=town.dispatcher, main_id=main_id, case_ids=reversed(ids), opinion="同一件", now=LATER
            )
            ended.append("joined")
        except AlreadyJoined:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=(main_id,)) for main_id in (ids[0], ids[-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["joined", "refused"]
    mains = set(Join.objects.values_list("main_id", flat=True))
    assert len(mains) == 1
    assert set(Join.objects.values_list("case_id", flat=True)) == set(ids) - mains
    assert Case.objects.filter(pk__in=mains, due_at__isnull=False).exists()
    with transaction.atomic():
        assert counted() == recount()
