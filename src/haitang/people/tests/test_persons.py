"""Each write to persons and posts: what it does, what it refuses, and that a refusal leaves nothing behind."""

from datetime import timedelta

import pytest
from django.db import connection

from haitang.core.errors import Invalid, NotAllowed, NotFound
from haitang.core.models import Entry
from haitang.people import actions, values
from haitang.people.models import Holding, Person
from haitang.people.values import Permission
from haitang.testing import people as cast
from haitang.testing.actors import NOW, START, TODAY, actor_with
from haitang.testing.desks import build_post, enter
from haitang.testing.people import FOUNDER, refused

pytestmark = pytest.mark.django_db

SYSTEM_ADMIN = actor_with(Permission.ACCOUNT_MANAGE, Permission.PERSON_MANAGE, account_id=900_002, name="系统管理员")
NOBODY = actor_with("cases.case.view", account_id=900_004)


def test_telephone_and_address_are_not_readable_in_the_database():
    person = cast.build_person(phone="138 0000-1234", address="太平路 12 号 301 室")
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_person::text FROM people_person WHERE id = %s", [person.pk])
        (raw,) = cursor.fetchone()
    for plain in ("13800001234", "太平路"):
        assert plain not in raw
        assert plain.encode().hex() not in raw
    kept = Person.objects.get(pk=person.pk)
    assert (kept.phone, kept.phone_masked) == ("13800001234", "138****1234")
    assert (kept.address, kept.address_masked) == ("太平路 12 号 301 室", "太平路 ***")


def test_neither_is_in_the_history():
    person = cast.build_person(phone="13800001234", address="太平路 12 号")
    actions.change_person(actor=FOUNDER, person_id=person.pk, phone="13900001234", now=NOW)
    entries = Entry.objects.filter(subject_type="person", subject_id=person.pk)
    assert [entry.data.get("changed") for entry in entries.order_by("id")] == [None, ["phone"]]
    assert not any("0000" in str(entry.data) or "太平路" in str(entry.data) for entry in entries)


@pytest.mark.parametrize("phone", ["12", "1380000123x", "１２", "1" * 16, "电话\x00"])
def test_what_is_no_telephone_is_refused(phone):
    refusal = refused(Invalid, actions.create_person, actor=FOUNDER, name="张三", phone=phone, now=NOW)
    assert "phone" in refusal.fields


@pytest.mark.parametrize("name", ["", " ", "张\x00三", "长" * 51])
def test_what_is_no_name_is_refused(name):
    refusal = refused(Invalid, actions.create_person, actor=FOUNDER, name=name, now=NOW)
    assert "name" in refusal.fields


def test_looking_at_the_full_number_leaves_a_fact_with_the_reason():
    person = cast.build_person(phone="13800001234")
    seen = actions.unmask_person(actor=FOUNDER, person_id=person.pk, field="phone", reason="核实事故", now=NOW)
    assert seen == "13800001234"
    entry = Entry.objects.latest("id")
    assert (entry.fact, entry.data["reason"]) == ("PersonUnmasked", "核实事故")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"reason": " "}, Invalid),
        ({"field": "name"}, Invalid),
        ({"actor": SYSTEM_ADMIN}, NotAllowed),
        ({"person_id": 0}, NotFound),
    ],
)
def test_looking_is_refused_without_permission_or_reason(change, refusal):
    person = cast.build_person(phone="13800001234")
    given = {"actor": FOUNDER, "person_id": person.pk, "field": "phone", "reason": "核实", "now": NOW}
    refused(refusal, actions.unmask_person, **{**given, **change})


def test_a_person_is_reached_through_the_posts_held(areas):
    person = cast.build_person(phone="13800001234")
    inside = actor_with(
        Permission.PERSON_MANAGE, Permission.PERSON_UNMASK, area_path=f"/{areas['city']}/{areas['street']}/"
    )
    outside = actor_with(
        Permission.PERSON_MANAGE, Permission.PERSON_UNMASK, area_path=f"/{areas['city']}/{areas['other_street']}/"
    )
    given = {"person_id": person.pk, "name": "新名", "now": NOW}
    actions.change_person(actor=outside, **given)
    cast.appoint(person, build_post(enter(), "grid_worker", areas["grid"]))
    actions.change_person(actor=inside, **{**given, "name": "另名"})
    refused(NotFound, actions.change_person, actor=outside, **given)
    refused(NotFound, actions.unmask_person, actor=outside, person_id=person.pk, field="phone", reason="看看", now=NOW)


def test_the_number_of_a_person_without_a_post_is_no_streets_to_look_up(areas):
    person = cast.build_person(phone="13800001234")
    street = actor_with(
        Permission.PERSON_MANAGE, Permission.PERSON_UNMASK, area_path=f"/{areas['city']}/{areas['street']}/"
    )
    asked = {"person_id": person.pk, "field": "phone", "reason": "核实", "now": NOW}
    refused(NotAllowed, actions.unmask_person, actor=street, **asked)
    assert actions.unmask_person(actor=FOUNDER, **asked) == "13800001234"
    cast.appoint(person, build_post(enter(), "grid_worker", areas["grid"]))
    assert actions.unmask_person(actor=street, **asked) == "13800001234"


# Posts


def test_a_grid_has_one_worker_at_a_time(areas):
    post = build_post(enter(), "grid_worker", areas["grid"])
    first, second = cast.build_person("甲"), cast.build_person("乙")
    cast.appoint(first, post, to_date=TODAY)
    given = {"actor": FOUNDER, "person_id": second.pk, "post_id": post, "now": NOW}
    refused(values.GridHasWorker, actions.appoint_person, from_date=TODAY - timedelta(days=1), **given)
    assert actions.appoint_person(from_date=TODAY, **given).kind == "grid_worker"


def test_one_person_holds_several_posts_and_none_twice(areas):
    person, organization = cast.build_person(), enter()
    post = build_post(organization)
    assert cast.appoint(person, post).is_main
    assert not cast.appoint(person, build_post(organization, "leader")).is_main
    refused(
        values.PostAlreadyHeld,
        actions.appoint_person, actor=FOUNDER, person_id=person.pk, post_id=post, from_date=TODAY, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"post_id": 0}, NotFound),
        ({"person_id": 0}, NotFound),
        ({"to_date": START}, Invalid),
        ({"actor": NOBODY}, NotAllowed),
        ({"actor": actor_with(Permission.PERSON_MANAGE, organization_id=10**6)}, NotAllowed),
    ],
)
def test_an_appointment_is_refused(change, refusal):
    post, person = build_post(enter()), cast.build_person()
    given = {"actor": FOUNDER, "person_id": person.pk, "post_id": post, "from_date": START, "now": NOW}
    refused(refusal, actions.appoint_person, **{**given, **change})
    assert not Holding.objects.exists()


def test_a_dismissal_ends_the_holding_and_cannot_be_repeated():
    holding = cast.appoint(cast.build_person(), build_post(enter()))
    given = {"actor": FOUNDER, "holding_id": holding.pk, "to_date": TODAY, "reason": "调动", "now": NOW}
    refused(Invalid, actions.dismiss_person, **{**given, "to_date": START - timedelta(days=1)})
    assert actions.dismiss_person(**given).to_date == TODAY
    refused(values.HoldingOver, actions.dismiss_person, **given)
