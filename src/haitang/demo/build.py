"""Building the demo city, stage by stage, through the apps' actions only.

Each stage is one transaction, or one for each day of the history, and looks first whether it is done: a build that
was interrupted anywhere goes on where it stopped, and a finished one does nothing. The instant at which the city's
own area was entered is "the present" of the plan, so that every later run makes the same plan.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from haitang.cases import actions as case_actions
from haitang.cases.actions import fold_counts
from haitang.cases.queries import catalog
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock, history, policy
from haitang.core.clock import local_date
from haitang.core.errors import NotFound
from haitang.core.models import Entry
from haitang.demo import (
    advancing,
    allying,
    consulting,
    deciding,
    deliberating,
    desks,
    exchanging,
    founding,
    joining,
    legacy,
    opening,
    ordering,
    overseeing,
    owning,
    playing,
    projecting,
    rounding,
    serving,
    staff,
    steps,
    summoning,
    surveying,
    timeline,
    units,
    volunteering,
    whistling,
    wishing,
)
from haitang.demo.asking import forms
from haitang.demo.calling import call_back
from haitang.demo.city import CITY_CODE, SEED, City, plan_city
from haitang.demo.facts import DemoCityBuilt
from haitang.demo.patrolling import patrol
from haitang.demo.playing import Cast, installer
from haitang.demo.timeline import Story
from haitang.indicators.actions import count_desks, note_touched_cases
from haitang.organizations import actions as organization_actions
from haitang.organizations.queries import organizations
from haitang.organizations.values import Permission as OrganizationPermission
from haitang.people import actions as people_actions
from haitang.people.queries import get_account_id
from haitang.people.values import Permission as PeoplePermission
from haitang.territory import actions as area_actions
from haitang.territory.queries import territory
from haitang.territory.values import Permission as AreaPermission

# Areas and organizations are older than the first case by so many days.
_OLDER_DAYS = 365
# The platform is in use for so many days; what is older comes from the system before it.
LIVE_DAYS = 35
_HIRED_A_LINE, _DAYS_A_LINE = 200, 5

Say = Callable[[str], None]


class Builder:
    """Builds one city. say: receives progress lines. count, days: of the history. city: by default that of the seed."""

    def __init__(
        self, *, now: datetime, say: Say, seed: int = SEED, count: int = timeline.CASES, days: int = timeline.DAYS,
        city: City | None = None,
    ) -> None:  # fmt: skip
        self._now, self._say, self._seed, self._count, self._days = now, say, seed, count, days
        self.city = city or plan_city(seed)
        self._organizations = units.plan_organizations(self.city, seed)
        self.seats = staff.plan_staff(self.city, self._organizations, seed)

    def build(self) -> None:
        """Do every stage that is not done yet; a finished city is left as it is."""
        if is_finished():
            return
        self._now = self._create_areas()
        self._load_catalog()
        self._create_organizations()
        self._hire()
        self._take_over()
        self._play()
        self._patrol()
        self._whistle()
        self._call_back()
        self._join()
        self._oversee()
        self._volunteer()
        self._exchange()
        self._once("书记领办项目", projecting.is_done(now=self._now), projecting.take_on)
        self._once("项目推进、打包、评选", advancing.is_done(), advancing.advance)
        self._once("小区和业主表决", owning.is_done(), owning.own)
        self._once("意见征集", consulting.is_done(), consulting.consult)
        self._once("议事、提议、提问、抽选", deliberating.is_done(), deliberating.deliberate)
        self._once("挂钩结对、大工委大党委、行动支部", allying.is_done(now=self._now), allying.ally)
        self._settle_in()
        self._order()
        self._serve()
        self._wish()
        self._decide()
        self._hold_rounds()
        self._survey()
        self._once("数据开放", opening.is_done(), opening.open_up)
        self._fold()
        history.record(actor=installer(), fact=DemoCityBuilt(self._seed, self._count), at=clock.now())

    @property
    def _begin(self) -> datetime:
        return self._now - timedelta(days=self._days + _OLDER_DAYS)

    def _create_areas(self) -> datetime:
        """Enter the areas, and return when that was done, now or in an earlier run."""
        root = territory().by_code(self.city.root.code)
        if root is not None:
            return history.timeline("area", root.id)[0].at
        with self._stage(f"{len(self.city.places())} 个区域"):
            day = local_date(self._begin)
            areas = area_actions.create_areas(
                actor=installer(AreaPermission.MANAGE),
                rows=[founding.area(place, day) for place in self.city.places()], now=self._now,
            )  # fmt: skip
            ids = {area.code: area.pk for area in areas}
            for place in (self.city.root, *self.city.streets, *self.city.communities):
                area_actions.add_population(
                    actor=installer(AreaPermission.MANAGE), area_id=ids[place.code], kind="resident",
                    number=place.residents, date=day, source=founding.BOUNDARY_SOURCE, now=self._now,
                )  # fmt: skip
        return self._now

    def _load_catalog(self) -> None:
        if catalog().rules:
            return
        with self._stage("类别、派遣规则、常用语"):
            keeper = installer(CasePermission.MANAGE_CATALOG)
            case_actions.load_default_catalog(actor=keeper, now=self._now)
            for code, form in forms().items():
                case_actions.change_form(
                    actor=keeper, now=self._now, category_id=catalog().category(code).id, form=form
                )

    def _create_organizations(self) -> None:
        if organizations().by_code(units.GOVERNMENT) is not None:
            return
        with self._stage(f"{len(self._organizations)} 个单位"):
            organization_actions.create_organizations(
                actor=installer(OrganizationPermission.MANAGE),
                now=self._now,
                news=[founding.organization(each, local_date(self._begin)) for each in self._organizations],
            )  # fmt: skip

    def _hire(self) -> None:
        if _has_staff():
            return
        accounts = sum(bool(seat.username) for seat in self.seats)
        with self._stage(f"{len(self.seats)} 名人员，{accounts} 个账号"):
            for number, seat in enumerate(self.seats, start=1):
                self._hire_one(seat)
                if number % _HIRED_A_LINE == 0:
                    self._say(f"  {number}/{len(self.seats)} 名")

    def _hire_one(self, seat: staff.Seat) -> None:
        actor = installer(
            PeoplePermission.PERSON_MANAGE, PeoplePermission.ACCOUNT_MANAGE, PeoplePermission.GRANT_MANAGE
        )
        day = local_date(self._begin)
        person = people_actions.create_person(actor=actor, name=seat.name, phone=seat.phone, now=self._now)
        if seat.organization:
            organization = founding.organization_id(seat.organization)
            post = organizations().posts(organization, seat.post)[seat.number]
            people_actions.appoint_person(
                actor=actor, person_id=person.pk, post_id=post.id, from_date=day, now=self._now
            )
        if not seat.username:
            return
        account = people_actions.create_account(
            actor=actor, username=seat.username, name=seat.name, person_id=person.pk, temporary=False, now=self._now,
            password=staff.PASSWORD if seat.signs_in else "",
        )  # fmt: skip
        for scope in seat.scopes:
            people_actions.give_grant(
                actor=actor, account_id=account.pk, role=scope.role, from_date=day, reason="演示城市",
                area_id=founding.area_id(scope.area) if scope.area else None,
                organization_id=founding.organization_id(scope.organization) if scope.organization else None,
                now=self._now,
            )  # fmt: skip

    @property
    def _live_from(self) -> datetime:
        return self._now - timedelta(days=min(LIVE_DAYS, self._days))

    def _stories(self) -> list[Story]:
        return timeline.plan_history(self.city, seed=self._seed, until=self._now, days=self._days, count=self._count)

    def _take_over(self) -> None:
        """Import what was reported before the platform went live, as from the hotline system used until then."""
        stories = [story for story in self._stories() if story.at < self._live_from]
        if len(stories) <= len(steps.entered(legacy.SOURCE)):
            return
        with self._announce(f"导入原系统的 {len(stories)} 件案件"):
            legacy.take_over(stories, now=self._now)

    def _play(self) -> None:
        """Enter the history, day by day, from where an earlier run stopped."""
        stories = [story for story in self._stories() if story.at >= self._live_from]
        done_to = steps.last_deed(self._now)
        moments = sorted(steps.moments(stories), key=lambda moment: moment[0])
        left = [moment for moment in moments if done_to is None or moment[0] > done_to]
        if not left:
            return
        cast, cases = Cast(self.seats, on=self._now), steps.entered(playing.SOURCE)
        days = [(day, list(each)) for day, each in groupby(left, key=lambda moment: local_date(moment[0]))]
        with self._announce(f"{len(stories)} 件案件，{len(left)} 步办理"):
            for number, (day, moments_of_day) in enumerate(days, start=1):
                with transaction.atomic(), policy.reading():
                    for _at, story, step in moments_of_day:
                        steps.do_step(cast, cases, story, step)
                if number % _DAYS_A_LINE == 0 or number == len(days):
                    self._say(f"  {day}：{number}/{len(days)} 天")

    def _patrol(self) -> None:
        with self._stage("巡查、走访、调解"):
            patrol(grid_code=timeline.home_of(self.city).code, now=self._now)

    def _whistle(self) -> None:
        """Let streets call departments to some of their open cases."""
        if whistling.is_done():
            return
        with self._stage("吹哨报到"):
            whistling.blow_whistles(Cast(self.seats, on=self._now), now=self._now)

    def _call_back(self) -> None:
        """Ask the reporters of late closures what they think of the result."""
        with self._stage("回访"):
            caller = Cast(self.seats, on=self._now).actor(staff.CALLER)
            call_back(caller, seed=self._seed, now=self._now)

    def _join(self) -> None:
        """Let several people report one matter, and the street join what they said."""
        if joining.is_done(now=self._now):
            return
        with self._stage("并单、重复、疑难"):
            joining.join_reports(Cast(self.seats, on=self._now), home=timeline.home_of(self.city), now=self._now)

    def _oversee(self) -> None:
        """Let desks ask for more time, and the supervisor press on what is late."""
        if overseeing.is_done():
            return
        with self._stage("缓办、延期、催办、督办"):
            overseeing.oversee(Cast(self.seats, on=self._now), now=self._now)

    def _volunteer(self) -> None:
        """Enter who can help, by where they live, as their units would."""
        if volunteering.is_done():
            return
        with self._stage("志愿登记"):
            volunteering.volunteer(self.city, self.seats, seed=self._seed, now=self._now)

    def _exchange(self) -> None:
        """Hold the rounds of needs and resources."""
        if exchanging.is_done():
            return
        with self._stage("三张清单"):
            exchanging.exchange(self.city, now=self._now)

    def _once(self, title: str, done: bool, live: Callable[..., None]) -> None:
        """Let people work together in a stage of their own, unless an earlier run has."""
        if not done:
            with self._stage(title):
                live(Cast(self.seats, on=self._now), self.city, now=self._now)

    def _settle_in(self) -> None:
        """Let desks keep what they need at hand."""
        if desks.is_done():
            return
        with self._stage("常用语、筛选、关注、代办"):
            desks.settle_in(now=self._now)

    def _order(self) -> None:
        """Open services in the home community, and let people order them."""
        if ordering.is_done():
            return
        with self._stage("服务目录、点单派单接单"):
            home = timeline.home_of(self.city)
            ordering.order_services(Cast(self.seats, on=self._now), home=home, seed=self._seed, now=self._now)

    def _serve(self) -> None:
        """Let the home community call people up, and hold its service days."""
        if serving.is_done():
            return
        with self._stage("一键召唤、服务日"):
            cast, home = Cast(self.seats, on=self._now), timeline.home_of(self.city)
            summoning.call_up(cast, home=home, now=self._now)
            serving.serve(cast, home=home, now=self._now)

    def _wish(self) -> None:
        """Let families wish for something, and units and volunteers grant it."""
        if wishing.is_done():
            return
        with self._stage("微心愿"):
            wishing.wish(Cast(self.seats, on=self._now), self.city, now=self._now)

    def _decide(self) -> None:
        """Let the home community vote: one vote is counted, one is open."""
        if deciding.is_done():
            return
        with self._stage("居民投票"):
            cast = Cast(self.seats, on=self._now)
            deciding.decide(cast, self.city.communities[0].code, now=self._now, say=self._say)

    def _hold_rounds(self) -> None:
        """Let communities hold rounds of micro-projects: one is carried out, one voted on, one collects."""
        if rounding.is_done(now=self._now):
            return
        with self._stage("微实事"):
            rounding.hold(Cast(self.seats, on=self._now), self.city, now=self._now, say=self._say)

    def _survey(self) -> None:
        """Let the city ask how satisfied its residents are."""
        if surveying.is_done():
            return
        with self._stage("问卷调查"):
            surveying.survey(self.city, seed=self._seed, now=self._now)

    def _fold(self) -> None:
        """Fold what so many deeds have put into the counters, so that the first look at the figures is a fast one."""
        with self._announce("汇总统计数"):
            while fold_counts(actor=installer(), now=clock.now()):
                pass
        with self._announce("汇总承办单位的指标"):
            note_touched_cases(actor=installer(), now=clock.now())
            while count_desks(actor=installer(), now=clock.now()):
                pass

    @contextmanager
    def _stage(self, title: str) -> Iterator[None]:
        with self._announce(title), transaction.atomic(), policy.reading():
            yield

    @contextmanager
    def _announce(self, title: str) -> Iterator[None]:
        self._say(f"· {title} …")
        began = time.monotonic()
        yield
        self._say(f"  {time.monotonic() - began:.1f} 秒")


def is_begun() -> bool:
    """Tell whether the demo's own areas are in the database."""
    return territory().by_code(CITY_CODE + "000000") is not None


def is_finished() -> bool:
    """Tell whether a build has come to its end here."""
    return Entry.objects.filter(subject_type=DemoCityBuilt.subject_type, fact=DemoCityBuilt.__name__).exists()


def _has_staff() -> bool:
    try:
        get_account_id(staff.RESIDENT)
    except NotFound:
        return False
    return True
