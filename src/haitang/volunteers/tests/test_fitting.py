"""Who can be asked, and the hours that belong to them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.core import access, policy
from haitang.territory.queries import list_centres, territory
from haitang.testing.actors import NOW
from haitang.testing.people import refused
from haitang.volunteers import actions, queries
from haitang.volunteers.models import ServiceRecord
from haitang.volunteers.values import Service, ServiceInvalid, VolunteerNotFound, fits_times, slots_between

SATURDAY_MORNING = datetime(2026, 5, 9, 1, tzinfo=UTC)


@pytest.fixture
def three(town, profile):
    """A repairer of the first grid, a lawyer of the second with Saturday mornings, a repairer elsewhere."""
    return [
        actions.register_volunteer(actor=access.VISITOR, profile=each, consented=True, now=NOW).volunteer.pk
        for each in (
            profile(times=()),
            profile(phone="13800000002", area_id=town.areas["second_grid"], skills=("law", "repair_appliance"),
                    times=(15,), wants_calls=False),
            profile(phone="13800000003", area_id=town.areas["autumn"], times=(0,)),
        )
    ]  # fmt: skip


def found(**asked):
    return [each.id for each in queries.who_fits(**asked)]


def test_who_fits_by_skill_place_time_and_consent(town, three):
    first, second, third = three
    assert found() == three
    assert found(skills=["law", "repair_appliance"]) == [second]
    spring = territory().area(town.areas["spring"])
    assert found(area=spring) == [first, second]
    assert found(at=SATURDAY_MORNING) == [first, second]
    assert found(at=SATURDAY_MORNING, until=SATURDAY_MORNING + timedelta(hours=4)) == [first]
    assert found(wants_calls=True) == [first, third]
    assert found(only=[third, first]) == [first, third]
    assert found(classes=["employed"]) == []


def test_a_candidate_says_the_grids_middle_and_no_home(town, three):
    here = queries.who_fits(only=three[:1])[0]
    grid = territory().area(town.areas["grid"])
    assert here.area_path == grid.path
    assert (here.lon, here.lat) == pytest.approx(next(iter(_middle(grid.id))))
    assert here.load == 0


def _middle(area_id):
    return list_centres([area_id]).values()


def test_who_fits_costs_two_statements(town, three, django_assert_num_queries):
    with policy.reading():
        queries.who_fits()
        with django_assert_num_queries(2):
            queries.who_fits(skills=["law"], at=NOW)


def served(volunteer_id, source_id="1", hours=2.0, ago_h=5.0):
    began = NOW - timedelta(hours=ago_h)
    return Service("orders", source_id, volunteer_id, "修电视", began, began + timedelta(hours=hours))


def test_a_service_is_recorded_once_and_is_load(town, three):
    for _twice in range(2):
        actions.record_services(actor=town.secretary, services=[served(three[0]), served(three[1])], now=NOW)
    assert ServiceRecord.objects.count() == 2
    assert [each.load for each in queries.who_fits(at=NOW)] == [120]  # of those who have time on a Wednesday morning
    one = served(three[0])
    assert not actions.record_service(
        actor=town.secretary, source="orders", source_id="1", volunteer_id=three[0], what=one.what,
        began_at=one.began_at, ended_at=one.ended_at, now=NOW,
    )  # fmt: skip


def test_hours_at_the_same_time_count_once(town, three):
    actions.record_services(
        actor=town.secretary, now=NOW,
        services=[served(three[0]), served(three[0], "2", hours=3, ago_h=4), served(three[0], "3", 0.5, ago_h=20)],
    )  # fmt: skip
    assert queries.minutes_of(three[0], NOW - timedelta(days=1), NOW) == 4 * 60 + 30


@pytest.mark.parametrize(
    "wrong", [{"hours": 0}, {"hours": -1}, {"hours": 30, "ago_h": 40}, {"ago_h": -1}, {"source_id": ""}]
)
def test_a_service_that_cannot_be_is_refused(town, three, wrong):
    refused(
        ServiceInvalid, actions.record_services, actor=town.secretary, services=[served(three[0], **wrong)], now=NOW
    )


def test_a_service_of_nobody_is_refused(town):
    refused(VolunteerNotFound, actions.record_services, actor=town.secretary, services=[served(999)], now=NOW)


@given(st.integers(0, 366 * 24 * 60), st.integers(0, 9 * 24 * 60))
def test_slots_are_those_of_every_minute_between(start, minutes):
    began = NOW + timedelta(minutes=start)
    every = {slot for n in range(0, max(minutes, 1), 7) for slot in slots_between(*[began + timedelta(minutes=n)] * 2)}
    assert every <= slots_between(began, began + timedelta(minutes=minutes))
    assert len(slots_between(began, began + timedelta(minutes=minutes))) <= min(21, minutes // 360 + 3)


def test_who_named_no_times_can_be_asked_at_any():
    assert fits_times((), NOW, NOW + timedelta(days=30))
    assert not fits_times((0,), NOW, NOW + timedelta(hours=1))
