"""A call-up from the call to the hours: who is called, what an answer does, reporting, and the end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from haitang.callups import actions, jobs, queries
from haitang.callups.lifecycle import Status
from haitang.callups.models import Call, CallUp
from haitang.callups.tests.cast import BEGINS, COMMUNITY, STRANGER, answer, call_up, person, report, told
from haitang.callups.values import (
    AnswersOver,
    CallUpInvalid,
    CallUpNotFound,
    CallUpOver,
    NobodyFits,
    NoPlaceLeft,
    NotCalled,
    NotYet,
    Permission,
    Whom,
    WrongReportCode,
)
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import refused
from haitang.volunteers import actions as register
from haitang.volunteers.models import ServiceRecord, Volunteer
from haitang.volunteers.queries import get_volunteer_of, list_calendar

pytestmark = pytest.mark.django_db
END = BEGINS + timedelta(hours=2)


def volunteer_of(actor):
    return get_volunteer_of(actor.id)


def call_of(row, actor):
    return Call.objects.get(callup=row, volunteer=volunteer_of(actor))


def test_only_who_fits_and_wants_calls_is_called(town, wu):
    person(town, "不愿被召唤", wants_calls=False)
    person(town, "没有技能", skills=())
    person(town, "没有账号", account=False)
    person(town, "秋实的人", area_id=town.areas["autumn"])
    row = call_up(town, whom=Whom(COMMUNITY, ("first_aid",)))
    called = set(Volunteer.objects.filter(pk__in=Call.objects.values("volunteer")).values_list("name", flat=True))
    assert called == {"吴师傅", "没有账号"}
    assert row.called == 2
    assert queries.accounts_called(row.pk) == [wu.id]
    page = queries.get_callup_page(viewer=town.secretary, callup_id=row.pk)
    assert (page.view.counted.silent, page.without_account) == (2, 1)


def test_calling_takes_the_permission_over_the_area_and_sound_words(town, wu):
    for actor in (STRANGER, town.grid, actor_with(Permission.VIEW), town.outsider):
        refused(NotAllowed, actions.start_callup, actor=actor, new=told(), now=NOW)
    wrongs = (
        ({"purpose": " "}, "purpose"), ({"place": ""}, "place"), ({"ends_at": BEGINS}, "ends_at"),
        ({"begins_at": NOW - timedelta(hours=9), "ends_at": NOW}, "ends_at"), ({"answer_by": NOW}, "answer_by"),
        ({"answer_by": END + timedelta(seconds=1)}, "answer_by"), ({"places": 0}, "places"),
        ({"urgency": "now"}, "urgency"), ({"whom": Whom("nowhere")}, "area"), ({"words": "字" * 501}, "words"),
        ({"whom": Whom(COMMUNITY, classes=("friend",))}, "classes"), ({"purpose": "找\x00人"}, "purpose"),
        ({"begins_at": BEGINS - timedelta(days=9)}, "ends_at"),
        ({"begins_at": BEGINS + timedelta(days=99), "ends_at": END + timedelta(days=99)}, "begins_at"),
    )  # fmt: skip
    for wrong, field in wrongs:
        refusal = refused(CallUpInvalid, actions.start_callup, actor=town.secretary, new=told(**wrong), now=NOW)
        assert field in refusal.fields, wrong
    nobody = told(whom=Whom(COMMUNITY, ("law",)))
    refused(NobodyFits, actions.start_callup, actor=town.secretary, new=nobody, now=NOW)
    assert not CallUp.objects.exists()


def test_everybody_called_is_told_once_and_who_comes_has_it_in_their_calendar(town, wu, lin):
    row = call_up(town)
    entry = Entry.objects.get(fact="CallUpStarted")
    for _twice in range(2):
        jobs.tell_called(callup_id=row.pk, entry_id=entry.pk)
    notices = Notice.objects.order_by("account_id")
    assert [notice.account_id for notice in notices] == sorted([wu.id, lin.id])
    assert notices[0].url == f"/calls/{row.pk}/"
    assert notices[0].text.startswith("【紧急召唤】")
    answer(wu, row)
    (coming,) = list_calendar(volunteer_of(wu).pk, NOW, END)
    assert (coming.title, coming.began_at, coming.place) == ("寻找走失老人", BEGINS, "春和社区广场")
    assert not list_calendar(volunteer_of(lin).pk, NOW, END)


def test_places_go_in_order_and_one_given_back_goes_to_the_first_who_waits(town):
    people = [person(town, f"志愿者{n}") for n in range(4)]
    row = call_up(town, places=1)
    calls = [answer(each, row) for each in people]
    assert [call.turn for call in calls] == [None, 1, 2, 3]
    assert [queries.get_my_call(viewer=each, callup_id=row.pk).ahead for each in people] == [0, 0, 1, 2]
    answer(people[1], row, "late", "半小时后")  # keeps their turn
    answer(people[2], row, "cannot", "忙")
    again = answer(people[0], row, "cannot", "临时有事")
    assert (again.answer, again.turn) == ("cannot", None)
    row.refresh_from_db()
    assert row.taken == 1
    assert call_of(row, people[1]).has_place
    promoted = Entry.objects.get(fact="CallPromoted")
    jobs.tell_promoted(**promoted.data, entry_id=promoted.pk)
    assert Notice.objects.get().account_id == people[1].id
    assert answer(people[0], row, "coming").turn == 4
    actions.change_callup(actor=town.secretary, callup_id=row.pk, places=3, answer_by=BEGINS, now=NOW)
    row.refresh_from_db()
    assert row.taken == 3
    assert not Call.objects.filter(turn__isnull=False).exists()
    few = {"callup_id": row.pk, "places": 2, "answer_by": BEGINS, "now": NOW}
    refused(CallUpInvalid, actions.change_callup, actor=town.secretary, **few)


def test_an_answer_needs_a_reason_where_one_does_not_simply_come_and_is_recorded_once(town, wu):
    row = call_up(town)
    for said in ("late", "cannot"):
        refused(CallUpInvalid, answer, actor=wu, row=row, said=said, reason=" ")
    refused(CallUpInvalid, answer, actor=wu, row=row, said="")
    refused(CallUpInvalid, answer, actor=wu, row=row, said="perhaps")
    for _twice in range(2):
        answer(wu, row, "late", "约半小时后到")
    facts = Entry.objects.filter(fact="CallAnswered")
    assert facts.count() == 1
    assert "约半小时" not in str(facts.get().data)
    refused(NotCalled, answer, actor=STRANGER, row=row)
    assert queries.count_unanswered(viewer=wu, now=NOW) == 0


def test_after_the_end_of_answers_a_place_can_only_be_given_back(town, wu, lin):
    row = call_up(town)
    answer(wu, row)
    refused(AnswersOver, answer, actor=lin, row=row, now=BEGINS)
    refused(AnswersOver, answer, actor=wu, row=row, said="late", reason="迟到", now=BEGINS)
    answer(wu, row, "cannot", "孩子发烧", now=BEGINS)
    row.refresh_from_db()
    assert row.taken == 0


def test_staff_take_answers_down_for_those_who_telephone(town):
    person(town, "没有账号", account=False)
    row = call_up(town, places=1)
    call = Call.objects.get()
    given = {"callup_id": row.pk, "call_id": call.pk, "now": NOW}
    refused(NotAllowed, actions.take_down_answer, actor=town.leader, answer="coming", reason="", **given)
    refused(CallUpNotFound, actions.take_down_answer, actor=town.outsider, answer="coming", reason="", **given)
    actions.take_down_answer(actor=town.secretary, answer="cannot", reason="", **given)
    call = actions.take_down_answer(actor=town.secretary, answer="coming", reason="", **given)
    assert (call.has_place, call.by_staff_id) == (True, town.secretary.id)
    actions.take_down_report(actor=town.secretary, callup_id=row.pk, call_id=call.pk, now=BEGINS)
    assert Call.objects.get().here_at == BEGINS


def test_reporting_takes_the_code_happens_once_and_has_its_time(town, wu, lin):
    row = call_up(town, places=1)
    answer(wu, row)
    refused(WrongReportCode, actions.report_here, actor=wu, callup_id=row.pk, code="wrong", now=BEGINS)
    refused(NotYet, report, actor=wu, row=row, now=BEGINS - timedelta(minutes=61))
    refused(NotCalled, report, actor=STRANGER, row=row)
    refused(NoPlaceLeft, report, actor=lin, row=row)
    first = report(wu, row)
    again = report(wu, row, now=BEGINS + timedelta(minutes=5))
    assert again.here_at == first.here_at == BEGINS
    refused(CallUpOver, answer, actor=wu, row=row, said="cannot", reason="走了")


def test_who_comes_without_having_been_called_is_welcome_while_there_is_a_place(town, wu):
    row = call_up(town, places=2)
    late = person(town, "后来登记的")
    call = report(late, row)
    assert (call.is_called, call.has_place) == (False, True)
    row.refresh_from_db()
    assert (row.taken, row.called) == (1, 1)
    counted = queries.count_answers([row.pk])[row.pk]
    assert (counted.called, counted.silent, counted.here) == (1, 1, 1)


def test_closing_gives_hours_once_to_those_who_came(town, wu, lin):
    stays = person(town, "没来的")
    row = call_up(town)
    for each in (wu, lin, stays):
        answer(each, row)
    report(wu, row, now=BEGINS - timedelta(minutes=10))
    report(lin, row, now=BEGINS + timedelta(minutes=30))
    close = {"callup_id": row.pk, "summary": "找到了", "now": END}
    refused(CallUpInvalid, actions.close_callup, actor=town.secretary, ended_at=BEGINS, **close)
    refused(CallUpInvalid, actions.close_callup, actor=town.secretary, ended_at=END + timedelta(hours=1), **close)
    refused(NotAllowed, actions.close_callup, actor=town.leader, ended_at=END, **close)
    actions.close_callup(actor=town.secretary, ended_at=END, **close)
    records = ServiceRecord.objects.order_by("began_at")
    assert [(each.volunteer_id, each.began_at, each.ended_at) for each in records] == [
        (volunteer_of(wu).pk, BEGINS, END), (volunteer_of(lin).pk, BEGINS + timedelta(minutes=30), END),
    ]  # fmt: skip
    refused(CallUpOver, actions.close_callup, actor=town.secretary, ended_at=END, **close)
    refused(CallUpOver, report, actor=stays, row=row)
    refused(CallUpOver, answer, actor=stays, row=row, said="cannot", reason="忘了")
    closed = Entry.objects.get(fact="CallUpClosed")
    jobs.thank(**closed.data, entry_id=closed.pk)
    assert set(Notice.objects.values_list("account_id", flat=True)) == {wu.id, lin.id}


def test_cancelling_tells_everybody_and_leaves_the_calendar_saying_so(town, wu, lin):
    row = call_up(town)
    answer(wu, row)
    given = {"actor": town.secretary, "callup_id": row.pk, "now": NOW}
    refused(CallUpInvalid, actions.cancel_callup, reason="", **given)
    actions.cancel_callup(reason="老人已经回家", **given)
    entry = Entry.objects.get(fact="CallUpCancelled")
    jobs.tell_cancelled(**entry.data, entry_id=entry.pk)
    assert Notice.objects.count() == 2
    assert list_calendar(volunteer_of(wu).pk, NOW, END)[0].cancelled
    refused(CallUpOver, actions.cancel_callup, reason="再取消", **given)
    refused(CallUpOver, actions.change_callup, places=3, answer_by=BEGINS, **given)
    assert CallUp.objects.get().status == Status.CANCELLED


def test_who_leaves_the_register_leaves_the_call_up(town, wu, lin):
    row = call_up(town, places=1)
    answer(wu, row, "late", "先去接孩子")
    answer(lin, row)
    mine = volunteer_of(wu)
    register.withdraw_volunteer(actor=wu, volunteer_id=mine.pk, now=NOW)
    for _twice in range(2):
        jobs.forget_withdrawn(volunteer_id=mine.pk, entry_id=1, by_staff=False)
    gone = Call.objects.get(volunteer=mine)
    assert (gone.answer, gone.reason) == ("cannot", "")
    assert call_of(row, lin).has_place
    assert Entry.objects.filter(fact="CallAnswered").count() == 3


def test_settings_are_data_and_call_ups_follow_their_area(town, wu):
    keeper = actor_with(Permission.SETTINGS)
    change = {"actor": keeper, "now": NOW}
    actions.change_callup_setting(key="reasons_late", value=["马上到"], **change)
    assert queries.callup_rules()["reasons_late"] == ["马上到"]
    for value in ([], [""], ["字" * 101], "马上到", 3):
        refused(Invalid, actions.change_callup_setting, key="reasons_late", value=value, **change)
    refused(Invalid, actions.change_callup_setting, key="ahead_days", value=0, **change)
    refused(NotAllowed, actions.change_callup_setting, actor=town.secretary, key="ahead_days", value=1, now=NOW)
    row = call_up(town)
    moved = {"actor": jobs.CLOCK, "area_id": row.area_id, "new_area_id": town.areas["autumn"], "now": NOW}
    assert [actions.move_callups(**moved) for _twice in range(2)] == [1, 0]
    refused(CallUpNotFound, actions.cancel_callup, actor=town.secretary, callup_id=row.pk, reason="移走", now=NOW)


def test_the_list_and_its_groups_page_through_everybody(town, monkeypatch):
    from haitang.callups.queries import callups

    monkeypatch.setattr(callups, "PEOPLE_ROWS", 2)
    people = [person(town, f"志愿者{n}") for n in range(7)]
    row = call_up(town, places=2)
    for n, each in enumerate(people[:6]):
        answer(each, row, now=NOW + timedelta(seconds=n // 2))
    for group, expected in (("all", 7), ("coming", 2), ("waiting", 4), ("silent", 1), ("here", 0)):
        seen, cursor = [], ""
        while True:
            page = queries.list_called(viewer=town.leader, callup_id=row.pk, group=group, cursor=cursor)
            seen += [line.call.pk for line in page.rows]
            cursor = page.next
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == expected, group
    for cursor in ("x", "WyJ4IiwxXQ"):
        with pytest.raises(Invalid):
            queries.list_called(viewer=town.leader, callup_id=row.pk, cursor=cursor)
    stranger = replace(town.outsider, id=77)
    with pytest.raises(CallUpNotFound):
        queries.list_called(viewer=stranger, callup_id=row.pk)
    assert not queries.list_callups(viewer=stranger, status="", cursor="").rows
    assert len(queries.list_callups(viewer=town.leader, status="open", cursor="").rows) == 1


def test_open_pages_of_those_called_hear_of_it(town, wu, lin, monkeypatch):
    told = []
    monkeypatch.setattr(
        "haitang.core.history._news", lambda fact, audience: told.append((fact.label, audience.account_ids)) or "{}"
    )
    row = call_up(town, places=1)
    answer(wu, row)
    answer(lin, row)
    answer(wu, row, "cannot", "忙")
    actions.cancel_callup(actor=town.secretary, callup_id=row.pk, reason="不用了", now=NOW)
    heard = {str(label): set(accounts) for label, accounts in told if accounts}
    assert heard == {"一键召唤": {wu.id, lin.id}, "召唤候补转正": {lin.id}, "取消召唤": {wu.id, lin.id}}
