"""Alliances, action branches, contact points, workstations."""

from datetime import timedelta

import pytest

from haitang.alliances import actions, jobs, queries
from haitang.alliances.models import BranchMember, Partner
from haitang.alliances.queries import ALLIANCES, BRANCHES, POINTS, STATIONS, CircleFilter
from haitang.alliances.tests.playing import MANAGER, build_helper
from haitang.alliances.values import (
    AllianceNotFound,
    AlreadyPart,
    BadWords,
    BranchNotFound,
    HasEnded,
    NewAlliance,
    NewBranch,
    NewInstructor,
    NewPartner,
    NewPoint,
    NewStation,
    NewVisit,
    PartNotFound,
    Permission,
    PointNotFound,
)
from haitang.core.errors import NotAllowed
from haitang.testing.actors import NOBODY, NOW, TODAY, actor_with
from haitang.testing.people import refused
from haitang.volunteers.models import Membership
from haitang.volunteers.values import VolunteerNotFound

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=90)
OUTSIDE = NewPartner(None, "江湾街道党工委", "临江市", "共享资源")


def page(kind, viewer, row, today=TODAY):
    return queries.get_circle_page(kind, viewer=viewer, row_id=row.pk, today=today)


def listed(kind, viewer, **more):
    return list(queries.list_circles(kind, viewer=viewer, wanted=CircleFilter(TODAY, **more)).rows)


def found(pair, **more):
    new = {
        "name": "医教联盟", "purpose": "医疗、教育资源进社区", "level": "beyond", "area_id": pair.link.area_id,
        "lead_id": pair.town.desks["CHSQ"], "from_date": TODAY, "partners": (NewPartner(pair.link.unit_id), OUTSIDE),
    }  # fmt: skip
    actor = more.pop("actor", pair.secretary)
    return actions.found_alliances(actor=actor, news=[NewAlliance(**{**new, **more})], now=NOW)[0]


def formed(pair, *volunteer_ids, **more):
    new = {
        "name": "敲门行动支部", "purpose": "看望独居老人", "base": "team", "area_id": pair.link.area_id,
        "parent_id": pair.town.desks["CHSQ"], "from_date": TODAY, "until": LATER, "volunteer_ids": volunteer_ids,
    }  # fmt: skip
    return actions.form_branches(actor=pair.secretary, news=[NewBranch(**{**new, **more})], now=NOW)[0]


def test_an_alliance_with_partners_from_another_city(pair):
    row = found(pair)
    assert [part.name for part in page(ALLIANCES, pair.unit, row).parts] == ["春和医院", "江湾街道党工委（临江市）"]
    join = {"actor": pair.secretary, "alliance_id": row.pk, "from_date": TODAY, "now": NOW}
    refused(AlreadyPart, actions.join_alliance, **join, partners=[OUTSIDE])
    refused(BadWords, actions.join_alliance, **join, partners=[NewPartner()])
    refused(BadWords, actions.join_alliance, **join, partners=[NewPartner(pair.link.unit_id, "又一个")])
    refused(NotAllowed, actions.join_alliance, **{**join, "actor": pair.unit}, partners=[OUTSIDE])
    partner = Partner.objects.get(organization=None)
    actions.leave_alliance(actor=pair.secretary, partner_id=partner.pk, to_date=TODAY, now=NOW)
    refused(PartNotFound, actions.leave_alliance, actor=pair.secretary, partner_id=partner.pk, to_date=TODAY, now=NOW)
    actions.join_alliance(**join, partners=[OUTSIDE])
    end = {"actor": pair.secretary, "alliance_id": row.pk, "now": NOW}
    refused(BadWords, actions.end_alliance, **end, to_date=TODAY, reason="")
    refused(BadWords, actions.end_alliance, **end, to_date=TODAY - timedelta(days=1), reason="期满")
    actions.end_alliance(**end, to_date=TODAY, reason="期满")
    refused(HasEnded, actions.join_alliance, **join, partners=[NewPartner(pair.town.desks["ZJJ"])])
    assert not listed(ALLIANCES, pair.secretary)
    assert listed(ALLIANCES, pair.secretary, state="ended") == [row]
    for broken in ({"level": "world"}, {"purpose": ""}, {"lead_id": 10**9}, {"area_id": 10**9}):
        with pytest.raises(BadWords):
            found(pair, **broken)
    with pytest.raises(NotAllowed):
        found(pair, area_id=pair.town.areas["street"])


def test_a_community_sees_the_alliance_of_its_street_but_does_not_keep_it(pair):
    everywhere = actor_with(Permission.KEEP, Permission.VIEW)
    street = {"area_id": pair.town.areas["street"], "lead_id": pair.town.desks["ZJJ"], "partners": (OUTSIDE,)}
    row = found(pair, actor=everywhere, level="street", **street)
    assert listed(ALLIANCES, pair.secretary) == [row]
    assert not page(ALLIANCES, pair.secretary, row).may_keep
    assert not listed(ALLIANCES, actor_with(Permission.VIEW, area_path="/987654321/"))
    with pytest.raises(AllianceNotFound):
        page(ALLIANCES, NOBODY, row)


def test_members_of_an_action_branch_keep_their_home_branch_and_count_once(pair):
    one, two = build_helper(pair.town, "林阿姨"), build_helper(pair.town, "陈师傅")
    homes = list(Membership.objects.values_list("home_branch_id", "from_date", "to_date"))
    row = formed(pair, one, two)
    other = formed(pair, one, name="护学行动支部")
    assert list(Membership.objects.values_list("home_branch_id", "from_date", "to_date")) == homes
    wanted = CircleFilter(TODAY)
    assert queries.count_branch_people(viewer=pair.secretary, wanted=wanted) == 2
    shown = page(BRANCHES, pair.secretary, row)
    assert [(part.name, part.note) for part in shown.parts] == [("林阿姨", "机关支部"), ("陈师傅", "机关支部")]
    join = {"actor": pair.secretary, "branch_id": other.pk, "from_date": TODAY, "now": NOW}
    refused(AlreadyPart, actions.join_branch, **join, volunteer_ids=[one])
    refused(VolunteerNotFound, actions.join_branch, **join, volunteer_ids=[10**9])
    refused(NotAllowed, actions.join_branch, **{**join, "actor": pair.unit}, volunteer_ids=[two])
    actions.join_branch(**join, volunteer_ids=[two])
    member = BranchMember.objects.get(branch=other, volunteer_id=two)
    actions.leave_branch(actor=pair.secretary, member_id=member.pk, to_date=TODAY + timedelta(days=3), now=NOW)
    refused(PartNotFound, actions.leave_branch, actor=pair.secretary, member_id=member.pk, to_date=LATER, now=NOW)
    end = {"actor": pair.secretary, "branch_id": row.pk, "now": NOW}
    refused(BadWords, actions.end_branch, **end, to_date=TODAY, outcome="")
    actions.end_branch(**end, to_date=TODAY + timedelta(days=5), outcome="看望 40 户")
    day = TODAY + timedelta(days=5)
    assert queries.count_branch_people(viewer=pair.secretary, wanted=CircleFilter(day)) == 1
    with pytest.raises(BranchNotFound):
        page(BRANCHES, pair.unit, row)
    jobs.forget_withdrawn(volunteer_id=one, entry_id=1)
    assert not BranchMember.objects.filter(volunteer_id=one).exists()


def test_a_branch_has_an_end_and_is_overdue_after_it(pair):
    for broken in ({"until": TODAY}, {"base": "club"}, {"purpose": ""}):
        with pytest.raises(BadWords):
            formed(pair, **broken)
    row = formed(pair)
    after = CircleFilter(LATER + timedelta(days=1), state="overdue")
    assert list(queries.list_circles(BRANCHES, viewer=pair.secretary, wanted=after).rows) == [row]
    assert not listed(BRANCHES, pair.secretary, state="overdue")


def test_leaders_visit_their_communities(pair):
    new = NewPoint("郑主任", "区领导", pair.link.area_id, TODAY)
    (row,) = actions.set_contact_points(actor=pair.secretary, news=[new], now=NOW)
    refused(AlreadyPart, actions.set_contact_points, actor=pair.secretary, news=[new], now=NOW)
    visit = {"actor": pair.secretary, "now": NOW}
    refused(BadWords, actions.visit_points, **visit, news=[NewVisit(row.pk, TODAY + timedelta(days=1), "听意见")])
    refused(BadWords, actions.visit_points, **visit, news=[NewVisit(row.pk, TODAY, "")])
    refused(PointNotFound, actions.visit_points, **visit, news=[NewVisit(10**9, TODAY, "听意见")])
    actions.change_alliance_setting(actor=MANAGER, key="visits_per_year", value=2, now=NOW)
    actions.visit_points(**visit, news=[NewVisit(row.pk, TODAY, "居民反映停车难", "加划车位 20 个")])
    assert listed(POINTS, pair.secretary, few=True) == [row]
    assert page(POINTS, pair.secretary, row).view.is_few
    actions.visit_points(**visit, news=[NewVisit(row.pk, TODAY, "回访")])
    assert not listed(POINTS, pair.secretary, few=True)
    actions.end_contact_point(actor=pair.secretary, point_id=row.pk, to_date=TODAY, reason="分工调整", now=NOW)
    refused(HasEnded, actions.visit_points, **visit, news=[NewVisit(row.pk, TODAY, "再来")])
    actions.set_contact_points(actor=pair.secretary, news=[new], now=NOW)


def test_instructors_are_sent_from_a_workstation(pair):
    new = NewStation("春和片区工作站", pair.link.area_id, "春和路 1 号", pair.town.desks["CHSQ"], TODAY)
    (row,) = actions.open_stations(actor=pair.secretary, news=[new], now=NOW)
    sent = NewInstructor(row.pk, "老周", pair.link.unit_id, TODAY, pair.town.desks["ZJJ"], LATER)
    (instructor,) = actions.send_instructors(actor=pair.secretary, news=[sent], now=NOW)
    refused(AlreadyPart, actions.send_instructors, actor=pair.secretary, news=[sent], now=NOW)
    early = NewInstructor(row.pk, "老吴", pair.link.unit_id, TODAY, None, TODAY)
    refused(BadWords, actions.send_instructors, actor=pair.secretary, news=[early], now=NOW)
    assert [part.name for part in page(STATIONS, pair.secretary, row).parts] == ["老周 → 春和医院"]
    actions.end_instructor(actor=pair.secretary, instructor_id=instructor.pk, to_date=TODAY, now=NOW)
    actions.send_instructors(actor=pair.secretary, news=[sent], now=NOW)
    actions.close_station(actor=pair.secretary, station_id=row.pk, to_date=LATER, reason="搬迁", now=NOW)
    assert page(STATIONS, pair.secretary, row, LATER).view.parts == 0
