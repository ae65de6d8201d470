"""Somebody sees what the city holds about them, takes it along, and has it erased: in every app and in the history."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from haitang.cases import actions as cases
from haitang.cases.models import Case, Reporter
from haitang.cases.queries.own_data import reporter_in_full
from haitang.core import access, clock, seal
from haitang.core.access import VISITOR
from haitang.core.models import Entry
from haitang.councils.models import Question, Topic
from haitang.merging.actions import say_me_too
from haitang.merging.models import Voice
from haitang.orders import actions as ordering
from haitang.orders.models import Order
from haitang.orders.tests.cast import open_service, order
from haitang.people import actions as people
from haitang.people.models import Account
from haitang.people.values import StillInOffice
from haitang.privacy import actions, queries
from haitang.privacy.models import Request
from haitang.privacy.values import HOLDERS, Asker, Permission, RequestInvalid, RequestOpen, WrongKey, holding_codes
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import build_town, report
from haitang.testing.people import FOUNDER, build_account, give, refused
from haitang.volunteers.actions import register_volunteer
from haitang.volunteers.models import Volunteer
from haitang.volunteers.values import VolunteerProfile
from haitang.wishes.tests.cast import claimed, entered, opened

OFFICER = actor_with(Permission.DECIDE, Permission.SETTINGS, name="陈专员", account_id=31)
NAME, PHONE = "欧阳小雨", "15400001234"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def ouyang(town):
    """A resident with an account and a person behind it."""
    person = people.create_person(actor=FOUNDER, name=NAME, phone=PHONE, address="春和花园3幢201", now=NOW)
    account = build_account(NAME, person)
    return access.Actor(NAME, id=account.pk)


def told_of_a_lamp(actor, **more) -> Case:
    """Report the lamp with name and telephone in the words, too."""
    words = f"路灯不亮，我是{NAME}，电话 {PHONE}，请修"
    return report(actor, description=words, reporter_name=NAME, reporter_phone=PHONE, **more)


def ended(town, case: Case) -> Case:
    """Let the dispatcher refuse the case, naming the reporter in what they write."""
    cases.refuse_case(actor=town.dispatcher, case_id=case.pk, opinion=f"已电话告知{NAME}（{PHONE}）", now=NOW)
    case.refresh_from_db()
    return case


def ask(actor, *parts: str, asker: Asker | None = None, kind: str = "erase", words: str = "") -> Request:
    asker = asker or Asker(account_id=actor.id)
    return actions.ask_for_rights(actor=actor, asker=asker, kind=kind, parts=parts, words=words, now=NOW)


def grant(row: Request, **more) -> Request:
    return actions.grant_rights(actor=OFFICER, request_id=row.pk, now=LATER, **more)


def everything() -> str:
    """Return all that the history says, as one text."""
    return json.dumps(list(Entry.objects.values("actor_id", "actor_name", "data")), ensure_ascii=False)


def test_every_part_is_explained_and_every_explanation_belongs_to_a_part():
    assert {holder.code for holder in HOLDERS} == holding_codes()


def test_a_resident_sees_all_that_is_held_and_nobody_elses(town, ouyang):
    mine, other = told_of_a_lamp(ouyang), report(town.resident)
    parts = {part.code: part for part in queries.find_parts(Asker(account_id=ouyang.id))}
    assert parts.keys() == {"account", "cases"}
    assert {("姓名", NAME), ("电话", PHONE), ("住址", "春和花园3幢201")} <= set(parts["account"].items[0].lines)
    assert [item.title for item in parts["cases"].items] == [mine.number]
    assert parts["cases"].items[0].kept
    assert other.number not in json.dumps(queries.as_file(Asker(account_id=ouyang.id), at=NOW), ensure_ascii=False)
    assert queries.find_parts(Asker(account_id=987_654)) == []


def test_a_clerks_own_page_does_not_tell_of_callers(town):
    clerk = replace(town.dispatcher, id=build_account("周敏").pk)
    told_of_a_lamp(clerk, channel="phone")
    assert [part.code for part in queries.find_parts(Asker(account_id=clerk.id))] == ["account"]


def test_erasure_of_a_case_leaves_the_matter_and_nobody_in_it(town, ouyang):
    case = ended(town, told_of_a_lamp(ouyang))
    row = grant(ask(ouyang, "cases"))
    assert (row.state, row.outcome) == ("done", {"cases": {"erased": 1, "later": 0, "kept": 0}})
    case.refresh_from_db()
    assert case.reported_by_id is None
    assert "路灯不亮" in case.description
    assert NAME not in case.description
    assert PHONE not in case.description
    assert reporter_in_full(case.pk) == ("", "")
    assert not Reporter.objects.exclude(phone_index=None).exists()
    about = Entry.objects.filter(subject_type="case", subject_id=case.pk)
    assert NAME not in json.dumps(list(about.values("actor_name", "data")), ensure_ascii=False)
    assert not about.filter(actor_id=ouyang.id).exists()
    assert about.filter(actor_name=town.dispatcher.name).exists()
    assert not Case.objects.filter(search=NAME).exists()


def test_an_open_case_waits_for_its_end(town, ouyang):
    case = told_of_a_lamp(ouyang)
    row = grant(ask(ouyang, "cases"))
    assert (row.state, reporter_in_full(case.pk)) == ("going", (NAME, PHONE))
    assert not actions.go_on_erasing(actor=OFFICER, request_id=row.pk, now=LATER)
    ended(town, case)
    assert actions.go_on_erasing(actor=OFFICER, request_id=row.pk, now=LATER)
    assert reporter_in_full(case.pk) == ("", "")
    row.refresh_from_db()
    assert (row.state, row.outcome["cases"]) == ("done", {"erased": 1, "later": 0, "kept": 0})


def test_the_account_goes_last_and_nothing_says_who_it_was(town, ouyang):
    case = told_of_a_lamp(ouyang)
    register_volunteer(
        actor=ouyang,
        profile=VolunteerProfile(name=NAME, phone=PHONE, area_id=town.areas["grid"]),
        consented=True,
        now=NOW,
    )
    row = grant(ask(ouyang, "account", "cases", "volunteers"))
    assert row.outcome["account"]["later"] == 1
    assert Account.objects.get(pk=ouyang.id).name == NAME
    ended(town, case)
    assert actions.go_on_erasing(actor=OFFICER, request_id=row.pk, now=LATER)
    account = Account.objects.select_related("person").get(pk=ouyang.id)
    assert not account.is_active
    assert NAME not in f"{account.name}{account.username}{account.person.name}"
    assert (account.person.phone, account.person.address) == ("", "")
    assert Volunteer.objects.get().withdrawn_at is not None
    assert NAME not in everything()
    assert PHONE not in everything()
    assert not Entry.objects.filter(actor_id=ouyang.id).exists()


def test_of_other_apps_what_has_ended_is_forgotten(town, ouyang):
    lamp = report(town.grid)
    say_me_too(actor=ouyang, case_id=lamp.pk, phone=PHONE, party="1", now=NOW)
    placed = order(ouyang, open_service(), name=NAME, phone=PHONE)
    waiting = order(ouyang, open_service(name="另一项"), name=NAME, phone=PHONE)
    ordering.cancel_order(actor=ouyang, order_id=placed.pk, reason=f"{NAME}不要了", now=NOW)
    area = {"area_id": town.areas["spring"], "area_ids": [town.areas["spring"]]}
    topic = Topic.objects.create(title="加装电梯", status="accepted", author_id=ouyang.id, raised_at=NOW, **area)
    asked = Question.objects.create(
        words=f"我是{NAME}", status="answered", asker_id=ouyang.id, asked_at=NOW, due_at=NOW, answer="好",
        answered_at=NOW, **area,
    )  # fmt: skip
    wish = entered(town, name=NAME)
    type(wish).objects.filter(pk=wish.pk).update(account_id=ouyang.id, ended_at=NOW, status="withdrawn")
    open_claim = claimed(ouyang, opened(town))
    held = {part.code for part in queries.find_parts(Asker(account_id=ouyang.id))}
    assert held == {"account", "voices", "orders", "topics", "wishes"}
    row = grant(ask(ouyang, *held - {"account"}))
    assert row.state == "going"
    assert row.outcome["orders"] == {"erased": 1, "later": 1, "kept": 0}
    assert row.outcome["wishes"] == {"erased": 1, "later": 1, "kept": 0}
    assert (Voice.objects.get().account_id, Voice.objects.get().phone_sealed) == (None, None)
    assert [Order.objects.get(pk=each.pk).name for each in (placed, waiting)] == ["", NAME]
    topic.refresh_from_db()
    asked.refresh_from_db()
    wish.refresh_from_db()
    open_claim.refresh_from_db()
    assert (topic.author_id, topic.title, asked.asker_id, asked.words) == (None, "加装电梯", None, "")
    assert (wish.account_id, wish.name, wish.erased_at) == (None, "", LATER)
    assert open_claim.account_id == ouyang.id


def test_with_the_code_of_a_case_its_reporter_sees_and_erases_it(town):
    case = ended(town, told_of_a_lamp(VISITOR))
    guess = {"actor": VISITOR, "party": "10.0.0.1", "now": NOW}
    asker = actions.find_asker(number=case.number, code=case.query_code.lower(), **guess)
    assert asker == Asker(thing=("case", case.pk))
    with pytest.raises(WrongKey):
        actions.find_asker(number=case.number, code="WRONG", **guess)
    assert [part.code for part in queries.find_parts(asker)] == ["cases"]
    row = grant(ask(VISITOR, "cases", asker=asker))
    assert (row.state, row.account_id, row.thing_id) == ("done", None, case.pk)
    assert reporter_in_full(case.pk) == ("", "")
    case.refresh_from_db()
    assert NAME not in case.description
    assert queries.list_requests_of(asker) == [row]


def test_a_request_is_made_once_answered_in_time_and_refused_by_law_alone(town, ouyang):
    told_of_a_lamp(ouyang)
    row = ask(ouyang, "cases", kind="correct", words="楼号应为5幢")
    assert (row.due_on - clock.local_date(NOW)).days in range(19, 25)  # 15 working days
    with pytest.raises(RequestOpen):
        ask(ouyang, "cases", kind="correct", words="还有")
    for refusal, answer in (("", "不行"), ("because", "不行"), ("correct", "")):
        with pytest.raises(RequestInvalid):
            actions.refuse_rights(actor=OFFICER, request_id=row.pk, refusal=refusal, answer=answer, now=LATER)
    told = actions.refuse_rights(actor=OFFICER, request_id=row.pk, refusal="correct", answer="现场核对为3幢", now=LATER)
    assert (told.state, told.answered_at) == ("refused", LATER)
    assert Entry.objects.get(fact="RightsAnswered").data["refusal"] == "correct"
    again = ask(ouyang, "cases", kind="correct", words="楼号应为5幢")
    with pytest.raises(RequestInvalid):
        grant(again)
    assert grant(again, answer="已改").words == ""


def test_who_was_in_office_keeps_the_account_and_nothing_is_half_done(town):
    account = build_account("周敏")
    give(account, "grid_worker", area_id=town.areas["grid"])
    row = ask(access.Actor("周敏", id=account.pk), "account")
    refused(StillInOffice, actions.grant_rights, actor=OFFICER, request_id=row.pk, now=LATER)
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor."""
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def enter_as(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as


def test_the_pages_of_a_resident(town, ouyang, as_):
    case = told_of_a_lamp(ouyang)
    client = as_(ouyang)
    page = client.get(reverse("privacy:mine")).content.decode()
    assert case.number in page
    assert PHONE in page
    file = client.get(reverse("privacy:mine_json"))
    assert json.loads(file.content)["parts"][1]["items"][0]["title"] == case.number
    assert client.get(reverse("privacy:mine_sheet")).content[:2] == b"PK"
    assert Entry.objects.filter(fact="OwnDataTaken", actor_id=ouyang.id).count() == 2
    assert client.post(reverse("privacy:ask", args=["erase"]), {}).status_code == 422
    assert client.get(reverse("privacy:ask", args=["nonsense"])).status_code == 404
    assert client.post(reverse("privacy:ask", args=["erase"]), {"parts": ["cases"]}).status_code == 302
    row = Request.objects.get()
    assert row.number in client.get(reverse("privacy:mine")).content.decode()
    stranger = as_(town.resident)
    assert stranger.post(reverse("privacy:withdraw", args=[row.pk])).status_code == 404
    assert stranger.get(reverse("privacy:request", args=[row.pk])).status_code == 403
    assert as_(ouyang).post(reverse("privacy:withdraw", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_the_pages_of_who_comes_with_a_code(town, as_):
    case = told_of_a_lamp(VISITOR)
    client = as_(VISITOR)
    assert client.get(reverse("privacy:mine")).url == reverse("privacy:enter")
    assert client.get(reverse("privacy:mine_json")).status_code == 404
    wrong = client.post(reverse("privacy:enter"), {"number": case.number, "code": "x"})
    assert wrong.status_code == 422
    right = client.post(reverse("privacy:enter"), {"number": case.number, "code": case.query_code})
    assert right.url == reverse("privacy:mine")
    assert case.number in client.get(reverse("privacy:mine")).content.decode()
    assert NAME not in str(dict(client.session))


def test_the_pages_of_the_desk(town, ouyang, as_):
    ended(town, told_of_a_lamp(ouyang))
    row = ask(ouyang, "cases")
    desk = as_(OFFICER)
    assert row.number in desk.get(reverse("privacy:queue")).content.decode()
    page = desk.get(reverse("privacy:request", args=[row.pk])).content.decode()
    assert NAME not in page  # the desk decides about parts and need not know who
    assert desk.post(reverse("privacy:refuse", args=[row.pk]), {"refusal": "duty"}).status_code == 422
    assert desk.post(reverse("privacy:grant", args=[row.pk])).status_code == 302
    assert desk.post(reverse("privacy:grant", args=[row.pk])).status_code == 409
    assert row.number in desk.get(reverse("privacy:queue"), {"over": "1"}).content.decode()
    months = {line.key: line.value for line in queries.list_month_settings(viewer=OFFICER)}
    months |= {line.key: line.value for line in queries.list_privacy_settings(viewer=OFFICER)}
    assert desk.post(reverse("privacy:settings"), {**months, "answer_limit": "10工作日"}).status_code == 302
    assert queries.RULES.get()["answer_limit"] == "10工作日"
    assert desk.post(reverse("privacy:settings"), {**months, "answer_limit": "soon"}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_the_history_verifies_after_an_erasure():
    town = build_town()
    account = build_account(NAME)
    ouyang = access.Actor(NAME, id=account.pk)
    ended(town, told_of_a_lamp(ouyang))
    seal.seal(now=NOW)
    grant(ask(ouyang, "account", "cases"))
    assert not seal.verify().findings
    seal.seal(now=LATER)
    report_ = seal.verify()
    assert not report_.findings
    assert NAME not in everything()
