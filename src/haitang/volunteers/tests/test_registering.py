"""Entering the register, changing what stands there, and leaving it."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from haitang.core import access
from haitang.core.errors import NotAllowed
from haitang.core.models import Entry
from haitang.testing.actors import NOW, TODAY
from haitang.testing.desks import enter
from haitang.testing.people import build_account, build_town, refused
from haitang.volunteers import actions, queries
from haitang.volunteers.models import Membership, Volunteer
from haitang.volunteers.values import (
    AccountTaken,
    AlreadyRegistered,
    NoConsent,
    Relation,
    VolunteerInvalid,
    VolunteerNotFound,
    VolunteerProfile,
    Withdrawn,
)


def as_account(actor):
    return replace(actor, id=build_account(actor.name).pk)


def test_somebody_without_an_account_registers_and_comes_back_with_the_code(town, entered, profile):
    row = entered.volunteer
    assert row.phone == "13800001234"
    assert row.account_id is None
    assert len(entered.code) == actions.registering.CODE_LENGTH
    assert b"13800001234" not in bytes(row.phone_sealed)
    mine = queries.get_volunteer(viewer=access.VISITOR, volunteer_id=row.pk, code=entered.code.lower())
    assert mine.name == "吴师傅"
    with pytest.raises(VolunteerNotFound):
        queries.get_volunteer(viewer=access.VISITOR, volunteer_id=row.pk, code="AAAAAAAAAA")
    with pytest.raises(VolunteerNotFound):
        queries.get_volunteer(viewer=town.resident, volunteer_id=row.pk)
    assert queries.get_volunteer(viewer=town.secretary, volunteer_id=row.pk).pk == row.pk
    with pytest.raises(VolunteerNotFound):
        queries.get_volunteer(viewer=town.outsider, volunteer_id=row.pk)


def test_an_account_registers_once(town, profile):
    actor = as_account(town.resident)
    made = actions.register_volunteer(actor=actor, profile=profile(), consented=True, now=NOW)
    assert made.code == ""
    assert queries.get_volunteer_of(actor.id).pk == made.volunteer.pk
    refused(
        AccountTaken, actions.register_volunteer, actor=actor, profile=profile(phone="13800009999"), consented=True,
        now=NOW,
    )  # fmt: skip


def test_nobody_is_entered_without_consent_or_twice(town, entered, profile):
    same = {"actor": access.VISITOR, "profile": profile(name="吴师母", phone="138 0000 1234"), "now": NOW}
    refused(NoConsent, actions.register_volunteer, consented=False, **same)
    refused(AlreadyRegistered, actions.register_volunteer, consented=True, **same)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"), ({"phone": "12"}, "phone"), ({"area_id": 0}, "area"), ({"unit_id": 0}, "unit"),
        ({"skills": ("flying",)}, "skills"), ({"times": (21,)}, "times"), ({"reach_m": 0}, "reach_m"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_refused_by_field(town, profile, wrong, field):
    refusal = refused(
        VolunteerInvalid, actions.register_volunteer, actor=access.VISITOR, profile=profile(**wrong), consented=True,
        now=NOW,
    )  # fmt: skip
    assert set(refusal.fields) == {field}


def test_staff_enter_others_where_they_may(town, profile):
    told = {"profile": profile(forces=("model_worker",)), "consented": True, "now": NOW}
    refused(NotAllowed, actions.register_volunteer, actor=town.grid, by_staff=True, **told)
    refused(NotAllowed, actions.register_volunteer, actor=town.resident, **told)  # an honour is nothing one claims
    made = actions.register_volunteer(actor=town.secretary, by_staff=True, **told)
    assert made.volunteer.account_id is None
    assert made.volunteer.forces == ["model_worker"]


def test_a_person_changes_their_entry_and_the_history_says_what_not_how(town, entered, profile):
    new = profile(phone="13900005555", skills=("law",), reach_m=500)
    actions.change_volunteer(
        actor=access.VISITOR, volunteer_id=entered.volunteer.pk, profile=new, code=entered.code, now=NOW
    )
    row = queries.find_by_phone("13900005555")
    assert row.skills == ["law"]
    assert queries.find_by_phone("13800001234") is None
    said = Entry.objects.get(fact="VolunteerChanged").data
    assert sorted(said["fields"]) == ["phone", "reach_m", "skills"]
    assert "139" not in str(said)


def test_a_change_cannot_take_anothers_telephone(town, entered, profile):
    other = actions.register_volunteer(
        actor=access.VISITOR, profile=profile(phone="13900005555"), consented=True, now=NOW
    )
    refused(
        AlreadyRegistered, actions.change_volunteer, actor=access.VISITOR, volunteer_id=other.volunteer.pk,
        code=other.code, profile=profile(), now=NOW,
    )  # fmt: skip


def test_a_withdrawal_erases_the_person_and_keeps_the_count(town, entered, profile):
    pk = entered.volunteer.pk
    actions.record_service(
        actor=town.secretary, source="orders", source_id="1", volunteer_id=pk, what="修电视",
        began_at=NOW - timedelta(hours=2), ended_at=NOW, now=NOW,
    )  # fmt: skip
    actions.withdraw_volunteer(actor=access.VISITOR, volunteer_id=pk, code=entered.code, now=NOW)
    row = Volunteer.objects.get(pk=pk)
    assert (row.name, row.phone, row.skills, row.unit_id, bytes(row.code_hash)) == ("", "", [], None, b"")
    assert row.services.count() == 1
    assert queries.find_by_phone("13800001234") is None
    assert queries.who_fits() == []
    refused(Withdrawn, actions.withdraw_volunteer, actor=town.secretary, volunteer_id=pk, now=NOW)
    again = actions.register_volunteer(actor=access.VISITOR, profile=profile(), consented=True, now=NOW)
    assert again.volunteer.pk != pk


def test_a_member_is_tied_once_at_a_time(town, entered):
    pk, branch = entered.volunteer.pk, enter("DZB1", "party_branch")
    tie = {"actor": town.secretary, "volunteer_id": pk, "now": NOW}
    first = actions.set_membership(relation=Relation("employed", "", branch, None), from_date=TODAY, **tie)
    assert first.management == "two_way"
    later = TODAY + timedelta(days=30)
    actions.set_membership(relation=Relation("retired", "", None, branch), from_date=later, **tie)
    assert queries.membership_on(pk, TODAY).member_class == "employed"
    assert queries.membership_on(pk, later).member_class == "retired"
    actions.set_membership(relation=Relation("mobile", "", None, branch), from_date=TODAY, **tie)
    assert queries.membership_on(pk, later).member_class == "mobile"
    actions.end_membership(on=later, **tie)
    assert queries.membership_on(pk, later) is None
    refused(VolunteerInvalid, actions.set_membership, relation=Relation("employed"), from_date=TODAY, **tie)
    refused(
        VolunteerInvalid, actions.set_membership, relation=Relation("employed", "", town.desks["ZJJ"]),
        from_date=TODAY, **tie,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_the_same_person_at_once_one_is_entered():
    town = build_town()
    actions.ship_volunteer_catalogue()
    start, told = Barrier(6), []

    def register(name):
        profile = VolunteerProfile(name, "13800001234", town.areas["grid"])
        start.wait()
        try:
            actions.register_volunteer(actor=access.VISITOR, profile=profile, consented=True, now=NOW)
            told.append("entered")
        except AlreadyRegistered:
            told.append("known")
        finally:
            connections.close_all()

    threads = [Thread(target=register, args=(f"吴{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["entered"] + ["known"] * 5
    assert Volunteer.objects.count() == 1
    assert not Membership.objects.exists()
    connection.close()
