"""Call-backs from closure to answer: once for each closure, three attempts, and a negative answer binds."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from haitang.callbacks import actions, jobs, queries
from haitang.callbacks.models import Attempt, Callback, Setting
from haitang.callbacks.values import AlreadyAnswered, Answer, Permission, State, TaskNotFound, TooEarly, counted_on
from haitang.cases import actions as case_actions
from haitang.cases.models import Case
from haitang.cases.queries.measuring import counted, recount
from haitang.cases.values import Permission as CasePermission
from haitang.core.access import system
from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid, NotAllowed, NotFound
from haitang.core.models import Entry
from haitang.core.shipped import Settings
from haitang.testing import cases as cast
from haitang.testing.actors import NOW, actor_with, also
from haitang.testing.cases import report
from haitang.testing.people import refused, trust_desk

SYSTEM = system("回访")
CALLER = actor_with(CasePermission.VIEW, CasePermission.UNMASK, Permission.ANSWER, account_id=41, name="吴芳")
MANAGER = actor_with(Permission.MANAGE, account_id=42)
TOMORROW = datetime(2026, 5, 7, 8, 0, tzinfo=LOCAL)
HAPPY = Answer(True, True, "satisfied", "很快，谢谢")
UNHAPPY = Answer(True, False, "dissatisfied", "灯还是不亮")


def close(town, case: Case, now: datetime = NOW) -> int:
    """Take the case from where it stands to its closure; return the id of the entry that tells of it."""
    who = {
        "accept": town.dispatcher, "register": town.dispatcher, "dispatch": town.dispatcher, "sign": town.handler,
        "handle": town.handler, "feedback": town.handler, "check": town.checker, "close": town.dispatcher,
    }  # fmt: skip
    deeds = list(who)
    for deed in deeds[deeds.index("handle") if case.status == "handling" else 0 :]:
        more = {"organization_code": "ZJJ"} if deed == "dispatch" else {}
        more |= {"category_code": "10101"} if deed == "register" else {}
        actor = also(who[deed], CasePermission.VIEW_CONFIDENTIAL)
        getattr(case_actions, f"{deed}_case")(actor=actor, case_id=case.pk, opinion="办", now=now, **more)
    case.refresh_from_db(fields=["status", "reopenings", "handler_id", "organization", "due_at"])
    return Entry.objects.filter(fact="CaseClosed", subject_id=case.pk).latest("id").pk


def closed(town, **more) -> tuple[Case, Callback]:
    """Return a closed case of somebody who left a telephone, and its call-back."""
    case = report(town.dispatcher, channel="phone", reporter_name="林阿姨", reporter_phone="13900001234", **more)
    entry_id = close(town, case)
    callback = actions.make_callback(actor=SYSTEM, case_id=case.pk, entry_id=entry_id, now=NOW)
    assert callback is not None
    return case, callback


def tally(prefix: str = "callback:") -> dict[str, int]:
    """Return the counters of call-backs, summed; they equal a recount."""
    assert counted() == recount()
    found: dict[str, int] = {}
    for key, n in counted().items():
        if key[-1].startswith(prefix):
            found[key[-1].removeprefix(prefix)] = found.get(key[-1].removeprefix(prefix), 0) + n
    return {measure: n for measure, n in found.items() if n}


def call(callback: Callback, outcome: str = "answered", answer: Answer | None = HAPPY, now: datetime = TOMORROW):
    """Write down what came of a call."""
    return actions.record_call(actor=CALLER, callback_id=callback.pk, outcome=outcome, answer=answer, now=now)


def test_a_closure_is_called_back_about_on_the_next_working_day_and_once(town):
    _case, callback = closed(town)
    assert callback.next_at == TOMORROW
    assert callback.due_at == TOMORROW.replace(hour=18)
    entry = Entry.objects.get(fact="CaseClosed")
    for _twice in range(2):
        jobs.make(**entry.data, entry_id=entry.pk)
    assert Callback.objects.count() == 1
    assert tally() == {"due": 1}


def test_before_a_holiday_the_next_working_day_is_the_first_after_it(town):
    friday = datetime(2026, 4, 30, 16, 0, tzinfo=LOCAL)
    assert queries.plan(friday)[0] == datetime(2026, 5, 6, 8, 0, tzinfo=LOCAL)


@pytest.mark.parametrize("more", [{"channel": "patrol"}, {"channel": "phone"}])
def test_nobody_is_called_where_there_is_nobody_to_call(town, more):
    case = report(town.dispatcher, **more)
    assert actions.make_callback(actor=SYSTEM, case_id=case.pk, entry_id=close(town, case), now=NOW) is None


def test_an_answer_is_kept_and_counted(town):
    _case, callback = closed(town)
    done = call(callback)
    assert (done.state, done.is_valid, done.reopened) == (State.ANSWERED, True, False)
    assert tally() == {"due": 1, "answered": 1, "valid": 1, "contacted": 1, "solved": 1, "satisfied": 1}
    refused(AlreadyAnswered, actions.record_call, actor=CALLER, callback_id=callback.pk, outcome="busy", now=TOMORROW)


def test_a_negative_answer_has_the_case_done_over_by_the_same_handler_and_a_second_closure_makes_a_second_task(town):
    case, callback = closed(town)
    done = call(callback, answer=UNHAPPY)
    case.refresh_from_db(fields=["status", "handler_id", "organization", "reopenings", "stage_started_at"])
    assert done.reopened
    assert (case.status, case.handler_id, case.reopenings) == ("handling", town.handler.id, 1)
    assert case.stage_started_at == TOMORROW  # a fresh clock
    again = close(town, case, TOMORROW + timedelta(hours=3))
    second = actions.make_callback(actor=SYSTEM, case_id=case.pk, entry_id=again, now=TOMORROW)
    assert second is not None
    assert [each.round for each in Callback.objects.order_by("id")] == [1, 2]
    done = call(second, answer=UNHAPPY, now=TOMORROW + timedelta(days=4))
    assert not done.reopened  # once, as the setting of the cases says
    assert Case.objects.get(pk=case.pk).status == "closed"
    assert tally()["negative"] == 2


def test_a_closure_by_force_is_called_back_about_like_any_other(town):
    case = report(town.dispatcher, channel="phone", reporter_name="林阿姨", reporter_phone="13900001234")
    for deed, who, more in (
        ("accept", town.dispatcher, {}), ("register", town.dispatcher, {"category_code": "10101"}),
        ("dispatch", town.dispatcher, {"organization_code": "ZJJ"}), ("sign", town.handler, {}),
    ):  # fmt: skip
        getattr(case_actions, f"{deed}_case")(actor=who, case_id=case.pk, opinion="办", now=NOW, **more)
    boss = also(town.dispatcher, CasePermission.FORCE)
    case_actions.force_close_case(actor=boss, case_id=case.pk, opinion="已进入诉讼程序", now=NOW)
    entry = Entry.objects.get(fact="CaseForceClosed")
    for _twice in range(2):
        jobs.make(**entry.data, entry_id=entry.pk)
    done = call(Callback.objects.get(), answer=UNHAPPY)
    assert done.reopened
    case.refresh_from_db(fields=["status", "handler_id"])
    assert (case.status, case.handler_id) == ("handling", town.handler.id)
    assert tally()["negative"] == 1


def test_after_three_attempts_it_is_given_up(town):
    _case, callback = closed(town)
    refused(TooEarly, actions.record_call, actor=CALLER, callback_id=callback.pk, outcome="busy", now=NOW)
    done = call(callback, "no_answer", None)
    assert done.next_at == datetime(2026, 5, 7, 14, 0, tzinfo=LOCAL) - timedelta(hours=2)  # four working hours later
    done = call(callback, "busy", None, done.next_at)
    done = call(callback, "no_answer", None, done.next_at)
    assert (done.state, done.attempts, Attempt.objects.count()) == (State.FAILED, 3, 3)
    assert tally() == {"due": 1, "tried": 3, "failed": 1}


def test_who_refuses_is_left_alone(town):
    _case, callback = closed(town)
    assert call(callback, "refused", None).state == State.FAILED


def test_the_reporters_own_judgement_is_the_answer_and_twice_is_once(town):
    case, _callback = closed(town)
    case.refresh_from_db()
    case_actions.rate_case_by_code(
        actor=SYSTEM, number=case.number, query_code=case.query_code, party="t", is_solved=False, score=1, now=NOW
    )
    rated, reopened = (Entry.objects.get(fact=fact) for fact in ("CaseRated", "CaseReopened"))
    for _twice in range(2):
        jobs.withdraw(**reopened.data, entry_id=reopened.pk)  # the jobs may come in any order
        jobs.take_rating(**rated.data, entry_id=rated.pk)
    done = Callback.objects.get()
    assert (done.state, done.via, done.is_solved, done.satisfaction) == ("answered", "reporter", False, "dissatisfied")
    assert Case.objects.get(pk=case.pk).reopenings == 1
    assert tally() == {
        "due": 1, "answered": 1, "valid": 1, "unasked": 1, "unsolved": 1, "dissatisfied": 1, "negative": 1,
    }  # fmt: skip


def test_a_case_that_is_done_over_for_another_reason_is_not_called_about(town):
    case, _callback = closed(town)
    case_actions.reopen_case(actor=town.dispatcher, case_id=case.pk, opinion="领导要求复查", now=NOW)
    entry = Entry.objects.get(fact="CaseReopened")
    jobs.withdraw(**entry.data, entry_id=entry.pk)
    assert Callback.objects.get().state == State.WITHDRAWN
    assert tally() == {"due": 1, "withdrawn": 1}


def test_only_those_who_may_call_and_a_denunciation_only_those_who_may_know_of_it(town):
    trust_desk(town)
    _case, callback = closed(town, kind="denunciation")
    said = {"callback_id": callback.pk, "outcome": "answered", "answer": HAPPY, "now": TOMORROW}
    refused(TaskNotFound, actions.record_call, actor=CALLER, **said)
    assert not queries.list_callbacks(viewer=CALLER, state="waiting", now=TOMORROW).rows
    assert queries.count_ready(viewer=CALLER, now=TOMORROW) == 0
    with pytest.raises(TaskNotFound):
        queries.get_callback(viewer=CALLER, callback_id=callback.pk)
    refused(NotAllowed, actions.record_call, actor=town.dispatcher, **said)
    trusted = actor_with(CasePermission.VIEW, CasePermission.VIEW_CONFIDENTIAL, Permission.ANSWER, account_id=43)
    assert queries.count_ready(viewer=trusted, now=TOMORROW) == 1
    assert actions.record_call(actor=trusted, **said).state == State.ANSWERED


def test_looking_at_the_telephone_is_recorded_with_its_reason(town):
    _case, callback = closed(town)
    shown = actions.unmask_for_callback(actor=CALLER, callback_id=callback.pk, now=TOMORROW)
    assert shown.phone == "13900001234"
    assert Entry.objects.get(fact="ReporterUnmasked").data["reason"] == "回访"
    call(callback)
    with pytest.raises(AlreadyAnswered):
        actions.unmask_for_callback(actor=CALLER, callback_id=callback.pk, now=TOMORROW)


def test_a_day_may_begin_at_noon():
    noon = datetime(2026, 5, 7, 12, 0, tzinfo=LOCAL)
    assert counted_on(noon, "12:00").isoformat() == "2026-05-08"
    assert counted_on(noon - timedelta(minutes=1), "12:00").isoformat() == "2026-05-07"
    assert counted_on(noon, "00:00").isoformat() == "2026-05-07"


def test_answers_count_to_the_day_that_the_cut_in_force_gives_them(town):
    actions.change_callback_rule(actor=MANAGER, key="day_cut", value="12:00", now=NOW)
    _case, callback = closed(town)
    call(callback, now=TOMORROW.replace(hour=15))
    actions.change_callback_rule(actor=MANAGER, key="day_cut", value="00:00", now=NOW)
    days = {key[0].isoformat() for key in counted() if key[-1] == "callback:valid"}
    assert days == {"2026-05-08"}
    assert tally()["valid"] == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [("due", "很快"), ("attempts_max", 0), ("spacing", []), ("negative", ["rude"]), ("day_cut", "25:00"),
     ("score_scale", {"satisfied": 2, "basically": 3}), ("channels", ["smoke"]), ("day_cut", 12)],
)  # fmt: skip
def test_a_rule_cannot_become_nonsense(town, key, value):
    refused(Invalid, actions.change_callback_rule, actor=MANAGER, key=key, value=value, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_call_at_once_one_answer_is_kept():
    town = cast.build_town()
    _case, callback = closed(town)
    begin, results = threading.Barrier(3), []

    def answer(actor) -> None:
        begin.wait()
        try:
            actions.record_call(actor=actor, callback_id=callback.pk, outcome="answered", answer=UNHAPPY, now=TOMORROW)
            results.append("kept")
        except AlreadyAnswered:
            results.append("refused")
        finally:
            connection.close()

    colleague = actor_with(CasePermission.VIEW, Permission.ANSWER, account_id=44)
    threads = [threading.Thread(target=answer, args=(actor,)) for actor in (CALLER, colleague, CALLER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["kept", "refused", "refused"]
    assert Entry.objects.filter(fact="CaseReopened").count() == 1
    assert counted() == recount()


@pytest.mark.django_db
def test_what_the_office_has_not_set_follows_the_release():
    release = {"calls": {"value": 3, "source": "a"}, "days": {"value": [1, 2], "source": "b"}}
    kept = Settings(lambda: release, Setting)
    assert kept.change("calls", 3) is None  # nothing new, and yet kept as the office's own
    assert kept.change("days", [3], lambda value, like: len(value) < len(like)).before == [1, 2]
    release["calls"], release["more"] = {"value": 5}, {"value": "x"}
    assert kept.values() == {"calls": 3, "days": [3], "more": "x"}
    assert [(line.key, line.source, line.is_own) for line in kept.lines()] == [
        ("calls", "", True), ("days", "b", True), ("more", "", False),
    ]  # fmt: skip
    for key, value in (("calls", "4"), ("calls", True), ("days", [1, 2]), ("days", [None])):
        refused(Invalid, kept.change, key=key, value=value, fits=lambda value, _like: value == 1 or sum(value) < 3)
    refused(NotFound, kept.change, key="gone", value=1)
