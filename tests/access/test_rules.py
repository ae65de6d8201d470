"""Rules of the whole city are changed by whoever holds the permission everywhere, and by nobody for a part of it."""

import inspect
from collections.abc import Callable
from datetime import timedelta

import pytest

from haitang.core.errors import NotAllowed
from haitang.exchange import actions as exchange
from haitang.people.values import permission_names
from haitang.points import actions as points
from haitang.points.values import NewReward
from haitang.testing.actors import NOW, TODAY, actor_with
from tests.architecture.building import APPS, room

pytestmark = pytest.mark.django_db
SETTING = {"actor", "key", "value", "now"}


def _changes() -> list[Callable]:
    """Return the action of every app that changes one of its settings."""
    return [
        action
        for app in APPS
        for door in room(app, "actions")[:1]
        for name, action in inspect.getmembers(door, inspect.isfunction)
        if name.startswith("change_") and set(inspect.signature(action).parameters) == SETTING
    ]


def test_most_apps_have_settings():
    assert len(_changes()) > 12


@pytest.mark.parametrize("change", _changes(), ids=lambda action: action.__module__.split(".")[1])
def test_whoever_holds_everything_over_a_part_of_the_city_changes_no_setting(change):
    with pytest.raises(NotAllowed):
        change(actor=actor_with(*permission_names(), area_path="/1/2/3/"), key="any", value=1, now=NOW)


def test_rounds_and_rewards_are_kept_where_the_permission_is_held(town):
    everything = permission_names()
    there = actor_with(*everything, area_path=town.area("320585001001").path)
    round_ = {"code": "spring", "name": "春季", "from_date": TODAY, "until_date": TODAY + timedelta(days=9), "now": NOW}
    with pytest.raises(NotAllowed):
        exchange.change_round(actor=there, area_code="320585", **round_)
    exchange.change_round(actor=actor_with(*everything), area_code="320585", **round_)
    with pytest.raises(NotAllowed):  # nor is one of the whole city made into one's own
        exchange.change_round(actor=there, area_code="320585001001", **round_)
    reward = NewReward(title="洗衣液", kind="thing", price=10, stock=3, place="服务站", area_code="320585001002")
    with pytest.raises(NotAllowed):
        points.keep_reward(actor=there, new=reward, now=NOW)
