"""The demo city is built through actions only, can be interrupted anywhere, and keeps moving."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command

from haitang.cases.facts import noted_facts
from haitang.cases.models import Case
from haitang.cases.queries import counted, list_mine, list_todo, recount
from haitang.core.models import Entry
from haitang.demo import legacy, live, playing, staff, timeline
from haitang.demo.build import Builder, is_begun, is_finished
from haitang.demo.city import City, plan_city
from haitang.people.models import Account, Holding, Person
from haitang.people.queries import get_account_id, get_actor
from haitang.territory.models import Area
from haitang.volunteers.queries import who_fits

pytestmark = pytest.mark.django_db(transaction=True)

COUNT, DAYS = 90, 50
NOW = datetime(2025, 11, 19, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def town():
    """The city's first street with two of its communities: everything there is, in small."""
    city = plan_city()
    street, communities = city.streets[0], city.communities[:2]
    codes = {place.code for place in communities}
    grids = tuple(grid for grid in city.grids if grid.parent in codes)
    within = {grid.code for grid in grids}
    buildings = tuple(building for building in city.buildings if building.parent in within)
    return City(city.root, (street,), communities, grids, buildings)


def builder(town, say=lambda line: None, now=NOW):
    return Builder(now=now, say=say, count=COUNT, days=DAYS, city=town)


class Interrupted(Exception):
    pass


def test_an_interrupted_build_goes_on_and_leaves_nothing_twice(town, monkeypatch):
    for after in ("个单位", "名人员", "导入原系统", "步办理"):

        def stop(line, after=after):
            if after in line:
                raise Interrupted

        with pytest.raises(Interrupted):
            builder(town, stop).build()
        assert is_begun()
        assert not is_finished()
    done, do = [], playing.do

    def killed(*arguments):
        done.append(arguments)
        if len(done) == 150:
            raise Interrupted
        do(*arguments)

    monkeypatch.setattr(playing, "do", killed)
    with pytest.raises(Interrupted):
        builder(town).build()
    monkeypatch.undo()
    assert 0 < Case.objects.filter(external_source=playing.SOURCE).count() < COUNT
    # A day later the plan is still the one of the first run.
    built = builder(town, now=NOW + timedelta(days=1))
    built.build()
    assert is_finished()

    root = Entry.objects.filter(subject_type="area").order_by("id").first()
    assert root.at == NOW
    stories = timeline.plan_history(town, seed=20260, until=root.at, days=DAYS, count=COUNT)
    planned = Case.objects.filter(external_source__isnull=False)  # not those that came of patrols and visits
    assert planned.count() == len(stories) == COUNT
    entered = dict(Case.objects.filter(external_source=playing.SOURCE).values_list("external_id", "id"))
    assert len(entered) + Case.objects.filter(external_source=legacy.SOURCE).count() == COUNT
    for story in stories:
        if story.external_id not in entered:
            continue
        deeds = Entry.objects.filter(subject_type="case", subject_id=entered[story.external_id]).order_by("id")
        own = [entry for entry in deeds if entry.fact not in ("CaseReopened", *noted_facts())]
        at = [entry.at for entry in own if entry.actor_name]
        if story.settled:  # the report, the photo and the deed in one step
            assert at == [story.at] * 3
            continue
        assert at == [story.at, *(step.at for step in story.steps if step.deed != "reopen")]
    assert recount() == counted()
    assert Area.objects.count() == len(town.places())
    assert Person.objects.count() == len(built.seats)
    assert Holding.objects.count() == sum(bool(seat.post) for seat in built.seats)
    assert len(who_fits()) > 100

    before = Entry.objects.count()
    builder(town).build()
    assert Entry.objects.count() == before

    _the_accounts_have_something_to_do()
    _the_city_keeps_moving(built)


def _the_accounts_have_something_to_do():
    signed_in = Account.objects.exclude(password__startswith="!")
    assert set(signed_in.values_list("username", flat=True)) == set(staff.SHOWN)
    for account in signed_in:
        assert account.check_password(staff.PASSWORD)
        assert not account.must_change_password
    actors = {name: get_actor(get_account_id(name)) for name in staff.SHOWN}
    assert all(actor.grants or name in (staff.RESIDENT, staff.VOLUNTEER) for name, actor in actors.items())
    assert list_mine(viewer=actors["grid"]).rows
    assert list_mine(viewer=actors["resident"]).rows
    assert list_todo(viewer=actors["street"]).rows


def _the_city_keeps_moving(built):
    cases, entries = Case.objects.count(), Entry.objects.filter(subject_type="case").count()
    said = []
    live.keep_moving(built.city, built.seats, seconds=0, say=said.append, turns=30, rng=Random(1))
    assert len(said) == 30
    assert Case.objects.count() > cases
    assert Entry.objects.filter(subject_type="case").count() > entries + 15
    assert recount() == counted()


def test_an_installation_in_use_refuses(monkeypatch):
    monkeypatch.setenv("HAITANG_ENV", "production")
    with pytest.raises(CommandError, match="正式环境"):
        call_command("demo")
    assert not is_begun()


def test_where_there_is_no_demo_city_there_are_no_accounts_and_nothing_to_resume():
    out = StringIO()
    call_command("demo", accounts=True, stdout=out)
    call_command("demo", resume=True, stdout=out)
    assert out.getvalue() == ""
    assert not is_begun()
