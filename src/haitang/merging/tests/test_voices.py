"""Me too, repeated requests, and what proves difficult: counted once, explained, seen by the dispatcher."""

from dataclasses import replace
from datetime import timedelta

import pytest

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.models import Case
from haitang.cases.queries import CaseFilter
from haitang.cases.queries.measuring import counted, recount
from haitang.cases.values import CaseNotFound
from haitang.core.access import VISITOR
from haitang.core.errors import Invalid, NotAllowed, TooMany
from haitang.merging import actions, queries
from haitang.merging.models import Repeat, Voice
from haitang.merging.values import AlreadySaid, NothingChanged, NotJoinable
from haitang.testing.actors import NOBODY, NOW
from haitang.testing.cases import FOUNDER, HERE, report
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def say(case, **more):
    return actions.say_me_too(**{"actor": VISITOR, "case_id": case.pk, "party": "1.2.3.4", "now": LATER, **more})


def test_one_account_one_telephone_one_browser_count_once_and_raise_the_priority(town):
    case = report(town.resident, reporter_phone="13900000001")
    first = say(case, browser="a", phone="13900000002")
    assert say(case, browser="a").pk == first.pk
    neighbour = replace(NOBODY, id=77)
    assert say(case, actor=neighbour).pk == say(case, actor=neighbour).pk
    refused(AlreadySaid, say, case=case, browser="b", phone="13900000002")
    refused(AlreadySaid, say, case=case, browser="b", phone="13900000001")
    refused(AlreadySaid, say, case=case, actor=town.resident)
    assert (Case.objects.get(pk=case.pk).voices, Case.objects.get(pk=case.pk).priority) == (2, 0)
    say(case, browser="c")
    for number in range(7):
        actions.say_me_too(actor=town.dispatcher, case_id=case.pk, phone=f"1380000000{number}", now=LATER)
    standing = queries.get_standing(viewer=town.dispatcher, case_id=case.pk)
    assert (standing.total, standing.priority.value) == (10, 2)
    assert standing.reasons[0] == "10 人说“我也遇到”，计 10 分"
    urgent = case_queries.list_cases(viewer=town.leader, wanted=CaseFilter(priority=2), now=LATER)
    assert [each.pk for each in urgent.rows] == [case.pk]
    assert b"13900000002" not in bytes(Voice.objects.get(pk=first.pk).phone_sealed)
    assert queries.find_voice(number=case.number, query_code=first.query_code.lower()).pk == first.pk
    assert queries.find_voice(number=case.number, query_code="AAAAAA") is None
    assert counted() == recount()


def test_who_may_not_say_so(town):
    secret = report(town.resident, kind="denunciation")
    refused(CaseNotFound, say, case=secret)
    refused(Invalid, actions.say_me_too, actor=town.dispatcher, case_id=report(town.resident).pk, now=LATER)
    ended = report(town.resident)
    case_actions.refuse_case(actor=town.dispatcher, case_id=ended.pk, opinion="不受理", now=LATER)
    refused(NotJoinable, say, case=ended)
    case = report(town.resident)
    case_actions.change_setting(actor=FOUNDER, key="voices_per_hour", value=2, now=LATER)
    for browser in "xy":
        say(case, browser=browser, party="9.9.9.9")
    with pytest.raises(TooMany):
        say(case, browser="z", party="9.9.9.9")


def test_the_list_by_priority_goes_on_where_a_page_ended(town):
    cases = [report(town.resident, now=NOW + timedelta(minutes=each)) for each in range(5)]
    for each in (1, 3):
        case_actions.mark_case(actor=town.leader, case_id=cases[each].pk, priority=1 + each // 2, now=LATER)
    wanted, found, cursor = CaseFilter(by_priority=True), [], ""
    for _page in range(3):
        page = case_queries.list_cases(viewer=town.leader, wanted=wanted, now=LATER, cursor=cursor, limit=2)
        found += [cases.index(case) for case in page.rows]
        cursor = page.next
    assert found == [3, 1, 4, 2, 0]


def test_the_same_person_on_the_same_matter_is_linked_and_counted(town):
    phone = "13900000009"
    case = report(town.dispatcher, channel="phone", reporter_phone=phone)
    report(town.dispatcher, channel="phone", reporter_phone="13900000008")
    found = queries.find_earlier(viewer=town.dispatcher, now=LATER, phone=phone, category_id=case.category_id, **HERE)
    assert [(each.view.case.pk, each.metres, each.is_open) for each in found] == [(case.pk, 0, True)]
    assert queries.find_earlier(viewer=town.outsider, now=LATER, phone=phone) == []
    assert queries.find_earlier(viewer=town.dispatcher, now=LATER + timedelta(days=31), phone=phone) == []
    said = {"case_id": case.pk, "text": "还是不亮", "channel": "phone", "now": LATER}
    refused(NotAllowed, actions.link_repeat, actor=town.checker, **said)
    for _time in range(3):
        actions.link_repeat(actor=town.dispatcher, **said)
    case.refresh_from_db(fields=["marks", "priority"])
    assert (case.marks, case.priority) == (["difficult", "repeat"], 1)
    assert queries.get_standing(viewer=town.dispatcher, case_id=case.pk).flag == "重复反映 3 次"
    assert counted() == recount()


def test_a_case_opened_anew_is_linked_to_the_persons_first_one_and_both_are_marked(town):
    phone = "13900000007"
    first = report(town.dispatcher, channel="phone", reporter_phone=phone)
    case_actions.refuse_case(actor=town.dispatcher, case_id=first.pk, opinion="不受理", now=NOW)
    second, third = (report(town.dispatcher, channel="phone", reporter_phone=phone, now=LATER) for _ in range(2))
    other = report(town.dispatcher, channel="phone", reporter_phone="13900000006", now=LATER)
    secret = report(town.dispatcher, channel="phone", kind="denunciation", reporter_phone=phone, now=LATER)
    for case, known_by in ((second, phone), (second, phone), (third, phone), (other, "13900000006"), (secret, phone)):
        actions.note_repeat(actor=town.dispatcher, case_id=case.pk, phone=known_by, now=LATER)
    assert list(Repeat.objects.order_by("id").values_list("case_id", "later_id")) == [
        (first.pk, second.pk), (first.pk, third.pk),
    ]  # fmt: skip
    marked = Case.objects.filter(marks__contains=["repeat"]).order_by("id").values_list("pk", flat=True)
    assert list(marked) == [first.pk, second.pk, third.pk]
    assert queries.get_standing(viewer=town.dispatcher, case_id=third.pk).earlier.pk == first.pk
    assert counted() == recount()


def test_a_resident_adds_to_their_own_open_case_alone(town):
    case, ended = report(town.resident), report(town.resident)
    said = {"text": "还是不亮", "party": "here", "now": LATER}
    actions.repeat_own(actor=town.resident, case_id=case.pk, **said)
    assert (Repeat.objects.get().text, Case.objects.get(pk=case.pk).marks) == ("还是不亮", ["repeat"])
    refused(CaseNotFound, actions.repeat_own, actor=replace(NOBODY, id=77), case_id=case.pk, **said)
    secret = report(town.resident, kind="denunciation")
    refused(CaseNotFound, actions.repeat_own, actor=town.resident, case_id=secret.pk, **said)
    case_actions.refuse_case(actor=town.dispatcher, case_id=ended.pk, opinion="不受理", now=LATER)
    refused(NotJoinable, actions.repeat_own, actor=town.resident, case_id=ended.pk, **said)


def test_difficult_by_hand_and_never_by_rule_against_a_decision(town):
    case = report(town.resident, now=NOW - timedelta(days=40))
    assert actions.flag_old_cases(actor=town.leader, now=NOW) == 1
    assert actions.flag_old_cases(actor=town.leader, now=NOW) == 0
    refused(NothingChanged, actions.flag_case, actor=town.dispatcher, case_id=case.pk, reason="复杂", now=NOW)
    actions.unflag_case(actor=town.dispatcher, case_id=case.pk, reason="已有方案", now=NOW)
    assert actions.flag_old_cases(actor=town.leader, now=NOW) == 0
    assert not actions.judge_case(actor=town.leader, case_id=case.pk, now=NOW)
    actions.flag_case(actor=town.dispatcher, case_id=case.pk, reason="多部门推诿", now=NOW)
    assert Case.objects.get(pk=case.pk).marks == ["difficult"]
    refused(NotAllowed, actions.flag_case, actor=town.checker, case_id=case.pk, reason="复杂", now=NOW)
    assert counted() == recount()


def test_similar_words_of_one_class_are_found_with_the_reasons(town):
    case = report(town.resident)
    report(town.resident, description="小区门口垃圾成堆没人清运，气味很大")
    found = case_queries.list_similar(
        viewer=town.dispatcher, now=LATER, description="春和花园3幢路灯不亮了", category_id=case.category_id, **HERE
    )
    assert [(each.case.pk, each.metres, each.minutes) for each in found] == [(case.pk, 0, 60)]
    assert found[0].percent >= 20
