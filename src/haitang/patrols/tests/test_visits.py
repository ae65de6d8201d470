"""Home visits: one entry fills several records; what is known is confirmed, and never asked again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections

from haitang.cases.models import Case
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.patrols import actions, jobs, queries
from haitang.patrols.models import Asked, Hazard, Household, KnownField, Need, Visit
from haitang.patrols.values import (
    AlreadyKnown,
    HouseholdNotFound,
    NewHazard,
    NewNeed,
    NoConsent,
    Permission,
    visit_fields,
)
from haitang.testing.actors import NOW, TODAY, actor_with
from haitang.testing.people import refused
from tests.architecture.test_privacy import NEVER, NEVER_IN_WORDS

pytestmark = pytest.mark.django_db
GRID = "320585001001001"
TOLD = {"contact_name": "林阿姨", "contact_phone": "154 0000 1234", "people": "3"}


def door(town, room: str = "3幢502") -> Household:
    return actions.open_household(actor=town.grid, area_code=GRID, room=room, now=NOW)


def visit(town, household: Household, **more) -> Visit:
    given = {"actor": town.grid, "household_id": household.pk, "entry_key": uuid4(), "now": NOW, **more}
    return actions.record_visit(**given)


def test_one_entry_fills_every_record(town):
    home = door(town)
    made = visit(
        town, home, consented=True, answers=TOLD,
        needs=[NewNeed("楼下路灯不亮，请修一修"), NewNeed("想要一副老花镜", "wish")],
        hazard=NewHazard("灶台边的燃气软管老化"),
    )  # fmt: skip
    case = Case.objects.get()
    assert (case.channel, case.area_id) == ("visit", town.areas["grid"])
    assert (case.reporter.phone_sealed is not None, Hazard.objects.get().visit_id) == (True, made.pk)
    page = queries.get_visit_page(viewer=town.grid, visit_id=made.pk)
    assert [(need.kind, number) for need, number in page.needs] == [("case", case.number), ("wish", "")]
    assert sorted(page.learned) == sorted(["怎么称呼", "联系电话", "常住人数"])
    told = Entry.objects.get(fact="HomeVisited")
    assert told.data["cases"] == [case.pk]
    assert told.area_path == ""


def test_the_same_entry_sent_twice_is_one_visit(town):
    home, key = door(town), uuid4()
    first = visit(town, home, entry_key=key, needs=[NewNeed("路灯不亮")])
    assert visit(town, home, entry_key=key, needs=[NewNeed("路灯不亮")]).pk == first.pk
    assert (Visit.objects.count(), Case.objects.count()) == (1, 1)


def test_the_second_visit_asks_nothing_known(town):
    home = door(town)
    visit(town, home, consented=True, answers=TOLD)
    later = NOW + timedelta(days=30)
    page = queries.get_household_page(viewer=town.secretary, household_id=home.pk)
    known = {view.field.key: view.value for view in page.fields if view.is_known}
    assert known == {"contact_name": "林**", "contact_phone": "154****1234", "people": "3"}
    refused(
        AlreadyKnown, actions.record_visit, actor=town.grid, household_id=home.pk, entry_key=uuid4(), now=later,
        consented=True, answers={"people": "4"},
    )  # fmt: skip
    visit(town, home, now=later, consented=True, confirmed=["contact_phone"], changed={"people": "4"})
    people = KnownField.objects.get(key="people")
    assert (people.value, people.learned_on) == ("4", TODAY + timedelta(days=30))
    phone = KnownField.objects.get(key="contact_phone")
    assert (phone.value, phone.learned_on, phone.confirmed_on) == (
        "15400001234", TODAY, TODAY + timedelta(days=30),
    )  # fmt: skip
    assert Asked.objects.count() == len(TOLD)


def test_nothing_is_kept_without_consent(town):
    home = door(town)
    arguments = {"actor": town.grid, "household_id": home.pk, "now": NOW, "answers": {"people": "3"}}
    refused(NoConsent, actions.record_visit, entry_key=uuid4(), **arguments)
    visit(town, home, words="不方便留信息")
    assert not KnownField.objects.exists()


def test_what_may_be_asked_is_a_short_list_without_beliefs_or_scores(town):
    for key, field in visit_fields().items():
        assert field.purpose
        assert field.keep_months <= 24
        assert not NEVER.search(key)
        assert not NEVER_IN_WORDS.search(field.label)
    home = door(town)
    for answers in ({"religion": "无"}, {"people": "很多"}, {"contact_phone": "没有"}):
        refused(
            Invalid, actions.record_visit, actor=town.grid, household_id=home.pk, entry_key=uuid4(), now=NOW,
            consented=True, answers=answers,
        )  # fmt: skip
    manager = actor_with(Permission.MANAGE)
    actions.change_patrol_setting(actor=manager, key="visit_fields", value=["people"], now=NOW)
    assert [field.key for field in queries.fields_in_use()] == ["people"]


def test_a_room_is_sealed_and_found_again(town):
    home = door(town, "3幢 502")
    assert door(town, "３幢502").pk == home.pk
    assert "502" not in repr(bytes(home.room_sealed))
    other = actions.open_household(actor=town.grid, area_code=GRID, room="503", now=NOW)
    assert other.pk != home.pk
    foreign = {"area_code": "320585001002001", "room": "1", "now": NOW}
    refused(NotAllowed, actions.open_household, actor=town.grid, **foreign)


def test_another_community_knows_nothing_of_it(town):
    home = door(town)
    made = visit(town, home)
    for viewer in (town.dispatcher, town.leader, town.outsider, town.resident):
        with pytest.raises(HouseholdNotFound):
            queries.get_household(viewer=viewer, household_id=home.pk)
        assert queries.list_visits(viewer=viewer).rows == []
    assert [view.visit.pk for view in queries.list_visits(viewer=town.secretary).rows] == [made.pk]


def test_seen_in_full_only_on_the_record(town):
    home = door(town)
    visit(town, home, consented=True, answers=TOLD)
    refused(Invalid, actions.unmask_household, actor=town.grid, household_id=home.pk, reason=" ", now=NOW)
    full = actions.unmask_household(actor=town.grid, household_id=home.pk, reason="约上门时间", now=NOW)
    assert full["contact_phone"] == "15400001234"
    assert Entry.objects.get(fact="HouseholdUnmasked").data["reason"] == "约上门时间"


def test_a_household_can_have_it_deleted(town):
    home = door(town)
    visit(town, home, consented=True, answers=TOLD)
    assert actions.withdraw_consent(actor=town.grid, household_id=home.pk, now=NOW) == 3
    assert actions.withdraw_consent(actor=town.grid, household_id=home.pk, now=NOW) == 0
    assert not KnownField.objects.exists()
    assert Entry.objects.filter(fact="ConsentWithdrawn").count() == 1


def test_what_has_served_its_time_goes_and_cases_stay(town):
    home = door(town)
    visit(town, home, consented=True, answers=TOLD, needs=[NewNeed("路灯不亮")])
    assert actions.forget_expired_visits(actor=jobs.CLOCK, now=NOW + timedelta(days=700)) == 0
    late = NOW + timedelta(days=24 * 31 + 1)
    assert actions.forget_expired_visits(actor=jobs.CLOCK, now=late) > 0
    assert actions.forget_expired_visits(actor=jobs.CLOCK, now=late) == 0
    assert {model.objects.count() for model in (KnownField, Visit, Household)} == {0}
    assert Case.objects.count() == 1


def test_a_wish_is_granted_once(town):
    home = door(town)
    visit(town, home, needs=[NewNeed("想要一副老花镜", "wish")])
    ((wish, _name),) = queries.list_wishes(viewer=town.grid)
    for _twice in range(2):
        actions.grant_wish(actor=town.grid, need_id=wish.pk, answer="眼镜店送来一副", now=NOW)
    assert queries.list_wishes(viewer=town.grid) == []
    assert Entry.objects.filter(fact="WishGranted").count() == 1
    assert Need.objects.get().granted_on == TODAY


def test_the_monitor_tells_what_was_asked_again_by_form_and_organization(town):
    home = door(town)
    visit(town, home, consented=True, answers=TOLD)
    told = actions.report_asked(
        actor=town.secretary, area_code=GRID, room="3幢502", form="人口登记表", keys=["people", "help"], now=NOW
    )
    assert told == {"people": True, "help": False}
    actions.report_asked(actor=town.secretary, area_code=GRID, room="3幢502", form="安全台账", keys=["help"], now=NOW)
    lines = queries.list_repeats(viewer=town.secretary, from_day=TODAY, to_day=TODAY)
    repeated = {(line.label, line.form): line.repeated for line in lines if line.repeated}
    assert repeated == {("常住人数", "人口登记表"): 1, ("需要的上门服务", "安全台账"): 1}
    assert {line.organization_name for line in lines} == {"春和社区居委会"}
    assert queries.list_repeats(viewer=town.secretary, from_day=TODAY, to_day=TODAY - timedelta(days=1)) == []
    refused_names = {field.name for field in Asked._meta.concrete_fields}
    assert not {"account_id", "actor_id", "by_id", "person"} & refused_names
    with pytest.raises(NotAllowed):
        queries.list_repeats(viewer=town.grid, from_day=TODAY, to_day=TODAY)


def test_homes_follow_their_area(town):
    home = door(town)
    visit(town, home)
    second = town.areas["second_grid"]
    for _twice in range(2):
        jobs.follow_replaced_area(area_id=town.areas["grid"], new_area_id=second, entry_id=1)
    home.refresh_from_db()
    assert home.area_id == second
    assert queries.find_household(second, "3幢502") == home
    assert Visit.objects.get().area_ids[-1] == second
    assert Entry.objects.filter(fact="PatrolsMoved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_one_door_are_one_household_and_ask_once():
    from haitang.testing.cases import build_town

    town = build_town()
    connection.close()

    def call(actor):
        try:
            home = actions.open_household(actor=actor, area_code=GRID, room="502", now=NOW)
            visit(town, home, actor=actor, consented=True, answers={"people": "3"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(call, actor) for actor in (town.grid, town.secretary)]:
            done.result()
    assert (Household.objects.count(), Visit.objects.count()) == (1, 2)
    assert (KnownField.objects.count(), Asked.objects.count()) == (1, 1)
