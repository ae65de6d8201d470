"""Links, their yearly agreements, contacts, and what both sides say of each other."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.alliances import actions, jobs, queries
from haitang.alliances.models import AgreedDuty, Agreement, Contact, Evaluation, Link
from haitang.alliances.queries import LinkFilter
from haitang.alliances.tests.playing import DUTIES, MANAGER, YEAR, build_pair, marks
from haitang.alliances.values import (
    AlreadyJudged,
    BadWords,
    ContactNotFound,
    DutiesChanged,
    Kind,
    LinkHasEnded,
    LinkNotFound,
    NewAgreement,
    NewContact,
    NewDuty,
    NewEvaluation,
    NotAgreed,
    NotYourTurn,
    OtherSide,
    OutsideWindow,
    Permission,
    ShippedItem,
)
from haitang.core import clock, policy
from haitang.core.access import VISITOR
from haitang.core.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from haitang.core.models import Entry
from haitang.organizations.actions import create_organizations, link_organizations
from haitang.organizations.values import Kind as OfficeKind
from haitang.organizations.values import LinkOverlaps, OrganizationRelation
from haitang.people.models import Notice
from haitang.testing import desks
from haitang.testing.actors import NOBODY, NOW, TODAY, actor_with
from haitang.testing.people import give, refused

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 10, 2, tzinfo=UTC)


def wanted(standing="", **more) -> LinkFilter:
    return LinkFilter(YEAR, TODAY, standing=standing, **more)


def numbers(viewer, standing="", **more) -> list[str]:
    return [row.number for row in queries.list_links(viewer=viewer, wanted=wanted(standing, **more)).rows]


def test_a_year_from_the_agreement_to_both_evaluations(pair):
    assert numbers(pair.secretary, "missing") == [pair.link.number]
    row = pair.propose()
    assert (row.waits_for, row.version, [each.times for each in row.duties.order_by("id")]) == ("unit", 1, [2, 3])
    assert numbers(pair.unit, "mine") == [pair.link.number]
    assert not numbers(pair.secretary, "mine")
    assert queries.count_waiting_links(viewer=pair.unit) == 1
    refused(NotYourTurn, actions.agree_year, actor=pair.secretary, agreement_id=row.pk, side="community", version=1,
            now=NOW)  # fmt: skip
    refused(OtherSide, actions.agree_year, actor=pair.secretary, agreement_id=row.pk, side="unit", version=1, now=NOW)
    refused(DutiesChanged, actions.agree_year, actor=pair.unit, agreement_id=row.pk, side="unit", version=7, now=NOW)
    actions.agree_year(actor=pair.unit, agreement_id=row.pk, side="unit", version=1, now=NOW)
    refused(NotYourTurn, pair.propose)
    for _twice in range(2):
        pair.contact()
    page = queries.get_link_page(viewer=pair.unit, link_id=pair.link.pk, year=YEAR, today=TODAY)
    assert [(each.row.code, each.row.times, each.made) for each in page.duties] == [
        ("party_day", 2, 2), ("wishes", 3, 0),
    ]  # fmt: skip
    assert page.deeds == []
    refused(OutsideWindow, actions.judge_year, actor=pair.unit, new=marks("unit", row), now=NOW)
    said = actions.judge_year(actor=pair.unit, new=marks("unit", row), now=DECEMBER)
    assert (said.given, said.of, said.percent) == (92, 100, 92)
    refused(AlreadyJudged, actions.judge_year, actor=pair.unit, new=marks("unit", row), now=DECEMBER)
    day = DECEMBER.date()
    before = queries.get_link_page(viewer=pair.secretary, link_id=pair.link.pk, year=YEAR, today=day)
    assert (before.judgements, before.hidden) == ({}, 1)
    assert queries.describe_links([before.view.row], year=YEAR, today=day)[0].percent == {}
    actions.judge_year(actor=pair.secretary, new=marks("community", row, 5), now=DECEMBER)
    after = queries.get_link_page(viewer=pair.secretary, link_id=pair.link.pk, year=YEAR, today=day)
    assert {side: (each.row.percent, each.band) for side, each in after.judgements.items()} == {
        "community": (80, "较好"), "unit": (92, "好"),
    }  # fmt: skip
    assert numbers(pair.secretary, "judged") == [pair.link.number]
    assert not numbers(pair.secretary, "to_judge")
    assert {mark["code"] for mark in Evaluation.objects.get(side="community").marks} == {
        line.code for line in queries.rules().of(Kind.OF_UNIT)
    }


def test_returned_and_drawn_up_anew_by_either_side(pair):
    row = pair.propose()
    refused(BadWords, actions.return_agreement, actor=pair.unit, agreement_id=row.pk, side="unit", reason=" ", now=NOW)
    actions.return_agreement(actor=pair.unit, agreement_id=row.pk, side="unit", reason="次数太多", version=1, now=NOW)
    assert numbers(pair.secretary, "mine") == numbers(pair.secretary, "returned") == [pair.link.number]
    refused(NotYourTurn, actions.agree_year, actor=pair.unit, agreement_id=row.pk, side="unit", version=1, now=NOW)
    refused(DutiesChanged, pair.propose, version=9)
    again = pair.propose(actor=pair.unit, side="unit", version=1)
    assert (again.pk, again.version, again.reason, again.waits_for) == (row.pk, 2, "", "community")
    assert AgreedDuty.objects.count() == len(DUTIES)
    actions.agree_year(actor=pair.secretary, agreement_id=row.pk, side="community", version=2, now=NOW)
    assert Agreement.objects.get().stage == "agreed"


def test_what_cannot_be_agreed_on(pair):
    def propose(*duties, year=YEAR, actor=pair.secretary, side="community", link_id=pair.link.pk):
        return {
            "actor": actor, "new": NewAgreement(link_id, year, duties), "side": side, "now": NOW,
        }  # fmt: skip

    duty = NewDuty("wishes", 1)
    refused(BadWords, actions.propose_agreement, **propose(duty, duty))
    refused(BadWords, actions.propose_agreement, **propose(NewDuty("nothing")))
    refused(BadWords, actions.propose_agreement, **propose(NewDuty("unit_duties")))
    refused(BadWords, actions.propose_agreement, **propose(NewDuty("wishes", 999)))
    refused(BadWords, actions.propose_agreement, **propose(NewDuty("wishes", 1, "很" * 201)))
    refused(BadWords, actions.propose_agreement, **propose(duty, year=YEAR + 2))
    refused(LinkNotFound, actions.propose_agreement, **propose(duty, link_id=10**9))
    refused(LinkNotFound, actions.propose_agreement, **propose(duty, actor=NOBODY))
    refused(LinkNotFound, actions.propose_agreement, **propose(duty, actor=VISITOR))
    refused(OtherSide, actions.propose_agreement, **propose(duty, actor=pair.unit))
    refused(OtherSide, actions.propose_agreement, **propose(duty, side="nobody"))
    refused(OtherSide, actions.propose_agreement, **propose(duty, actor=pair.town.leader))
    all_of_them = actions.propose_agreement(**propose())
    assert all_of_them.duties.count() == 9
    assert len({each.group for each in all_of_them.duties.all()}) == 4


def test_contacts_are_counted_and_struck_out_by_who_entered_them(pair):
    row = pair.contact()
    refused(BadWords, actions.make_contact, actor=pair.unit, side="unit", now=NOW,
            new=NewContact(pair.link.pk, TODAY + timedelta(days=1), "八人", "党课"))  # fmt: skip
    refused(BadWords, actions.make_contact, actor=pair.unit, side="unit", now=NOW,
            new=NewContact(pair.link.pk, TODAY, "八人", "党课", "nothing"))  # fmt: skip
    refused(BadWords, actions.make_contact, actor=pair.unit, side="unit", now=NOW,
            new=NewContact(pair.link.pk, TODAY, "", "党课"))  # fmt: skip
    refused(OtherSide, actions.strike_contact, actor=pair.secretary, contact_id=row.pk, reason="记错", now=NOW)
    refused(LinkNotFound, actions.strike_contact, actor=NOBODY, contact_id=row.pk, reason="记错", now=NOW)
    refused(BadWords, actions.strike_contact, actor=pair.unit, contact_id=row.pk, reason="", now=NOW)
    actions.strike_contact(actor=pair.unit, contact_id=row.pk, reason="记错了单位", now=NOW)
    refused(ContactNotFound, actions.strike_contact, actor=pair.unit, contact_id=row.pk, reason="再来", now=NOW)
    view = queries.describe_links([pair.link], year=YEAR, today=TODAY)[0]
    assert (view.contacts, view.last) == (0, None)
    assert Contact.objects.count() == 1


def test_quiet_links_are_those_agreed_on_without_a_contact_of_late(pair):
    pair.agree()
    assert numbers(pair.secretary, "quiet") == [pair.link.number]
    pair.contact()
    assert not numbers(pair.secretary, "quiet")
    actions.change_alliance_setting(actor=MANAGER, key="quiet_days", value=1, now=NOW)
    later = LinkFilter(YEAR, TODAY + timedelta(days=2), standing="quiet")
    assert len(queries.list_links(viewer=pair.secretary, wanted=later).rows) == 1


def test_an_evaluation_gives_points_for_every_criterion_and_no_more(pair):
    row = pair.propose()
    refused(NotAgreed, actions.judge_year, actor=pair.unit, new=marks("unit", row), now=DECEMBER)
    actions.agree_year(actor=pair.unit, agreement_id=row.pk, side="unit", version=1, now=NOW)
    full = marks("unit", row)
    for broken in (
        {**full.marks, "community_needs": 31}, {**full.marks, "community_needs": -1}, {**full.marks, "more": 1},
        {code: given for code, given in full.marks.items() if code != "community_needs"}, {},
    ):  # fmt: skip
        refused(BadWords, actions.judge_year, actor=pair.unit, now=DECEMBER,
                new=NewEvaluation(row.pk, "unit", broken))  # fmt: skip
    refused(OtherSide, actions.judge_year, actor=pair.unit, new=marks("community", row), now=DECEMBER)
    last = datetime(2027, 3, 31, 15, 59, tzinfo=UTC)
    refused(OutsideWindow, actions.judge_year, actor=pair.unit, new=full, now=last + timedelta(minutes=1))
    actions.judge_year(actor=pair.unit, new=full, now=last)
    shown = queries.get_link_page(viewer=pair.secretary, link_id=pair.link.pk, year=YEAR, today=date(2027, 4, 1))
    assert set(shown.judgements) == {"unit"}
    assert shown.hidden == 0


def test_links_are_made_ended_and_followed(pair):
    town, company = pair.town, pair.link.unit_id
    make = {"actor": town.secretary, "unit_id": company, "community_id": town.desks["CHSQ"], "from_date": TODAY}
    refused(LinkOverlaps, actions.link_unit, **make, now=NOW)
    refused(BadWords, actions.link_unit, **{**make, "community_id": company}, now=NOW)
    refused(BadWords, actions.link_unit, **{**make, "unit_id": town.desks["HTJD"]}, now=NOW)
    refused(BadWords, actions.link_unit, **{**make, "unit_id": 10**9}, now=NOW)
    refused(NotAllowed, actions.link_unit, **{**make, "actor": pair.unit}, now=NOW)
    refused(NotAllowed, actions.link_unit, **{**make, "community_id": town.desks["HTJD"]}, now=NOW)
    refused(NotSignedIn, actions.link_unit, **{**make, "actor": VISITOR}, now=NOW)
    end = {"actor": town.secretary, "link_id": pair.link.pk, "now": NOW}
    refused(BadWords, actions.release_link, **end, to_date=TODAY + timedelta(days=30), reason="")
    actions.release_link(**end, to_date=TODAY + timedelta(days=30), reason="单位搬迁")
    refused(LinkHasEnded, actions.release_link, **end, to_date=TODAY + timedelta(days=40), reason="再来")
    after = LinkFilter(YEAR, TODAY + timedelta(days=31))
    assert not queries.list_links(viewer=town.leader, wanted=after).rows
    assert numbers(town.leader) == [pair.link.number]
    late = NOW + timedelta(days=60)
    refused(LinkHasEnded, actions.propose_agreement, actor=pair.unit, new=NewAgreement(pair.link.pk, YEAR), side="unit",
            now=late)  # fmt: skip
    street = actions.link_unit(
        actor=town.dispatcher, unit_id=company, community_id=town.desks["HTJD"], from_date=TODAY, now=NOW
    )
    assert street.area_id == town.areas["street"]


def test_pairs_of_the_register_are_taken_up_once(town):
    company = desks.enter("ZQ5", OfficeKind.UNIT)
    create_organizations(actor=desks.FOUNDER, now=NOW, news=[
        desks.new("ZQ6", OfficeKind.UNIT, links=((OrganizationRelation.PAIRS, "CHSQ"),)),
        desks.new("ZQ7", OfficeKind.UNIT, links=((OrganizationRelation.PAIRS, "ZQ5"),)),
        desks.new("ZQ8", OfficeKind.UNIT, links=((OrganizationRelation.WORKS_WITH, "CHSQ"),)),
    ])  # fmt: skip
    jobs.take_up_links(0)
    assert Link.objects.count() == 1
    link_organizations(actor=desks.FOUNDER, organization_id=company, other_id=town.desks["CHSQ"],
                       relation=OrganizationRelation.PAIRS, from_date=TODAY, now=NOW)  # fmt: skip
    for _twice in range(2):
        jobs.follow_linked(organization_id=company, other_id=town.desks["CHSQ"], entry_id=1)
    assert Link.objects.count() == 2
    assert Entry.objects.filter(fact="LinkTakenUp").count() == 2


def test_who_sees_which_links(pair):
    assert numbers(pair.secretary) == numbers(pair.unit) == numbers(pair.town.leader) == [pair.link.number]
    for stranger in (NOBODY, VISITOR, pair.town.outsider, actor_with(Permission.SPEAK, organization_id=10**6)):
        assert not numbers(stranger)
        with pytest.raises(LinkNotFound):
            queries.get_link_page(viewer=stranger, link_id=pair.link.pk, year=YEAR, today=TODAY)
    area = pair.town.area("320585001000")
    rows = queries.tally_links_by_area(viewer=pair.town.leader, area=area, wanted=wanted())
    assert [each.counts["missing"] for each in rows] == [1, 0]
    assert queries.tally_links(viewer=pair.unit, wanted=wanted())[""] == 1


def test_the_other_side_is_told_once(pair, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    liaison = pair.town.account("handler")
    give(liaison, permission=Permission.SPEAK, organization_id=pair.link.unit_id)
    row = pair.propose()
    entry = Entry.objects.get(fact="DutiesProposed").pk
    for _twice in range(2):
        jobs.tell_of_agreements(entry_ids=[entry])
    (notice,) = Notice.objects.all()
    assert notice.account_id == liaison.pk
    actions.return_agreement(actor=pair.unit, agreement_id=row.pk, side="unit", reason="再议", now=NOW)
    jobs.tell_of_agreements(entry_ids=[Entry.objects.get(fact="DutiesReturned").pk, entry])
    assert Notice.objects.count() == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=30))
    again = pair.propose()
    jobs.tell_of_agreements(entry_ids=[Entry.objects.filter(fact="DutiesProposed").latest("pk").pk])
    assert (again.waits_for, Notice.objects.count()) == ("unit", 1)


def test_the_catalogue_and_the_settings_are_the_offices(pair):
    assert actions.ship_joint_lines() == []
    groups = [line.group for line in queries.rules().of(Kind.DUTY)]
    assert (len(groups), len(set(groups))) == (9, 4)
    own = ShippedItem("duty", "wishes", "认领微心愿", "共做精准服务", "unit", 5)
    actions.change_joint_line(actor=MANAGER, line=own, now=NOW)
    assert actions.ship_joint_lines() == []
    assert queries.rules().duty("wishes").times == 5
    actions.change_joint_line(actor=MANAGER, line=own, is_active=False, now=NOW)
    assert len(queries.rules().of(Kind.DUTY)) == 8
    for broken in (
        ShippedItem("of_unit", "wishes", "评分", points=5), ShippedItem("duty", "Wi shes", "名称", "方面", "unit"),
        ShippedItem("duty", "more", "名称", "", "unit"), ShippedItem("duty", "more", "名称", "方面", "all"),
        ShippedItem("of_unit", "more", "名称", points=0), ShippedItem("else", "more", "名称"),
    ):  # fmt: skip
        refused(BadWords, actions.change_joint_line, actor=MANAGER, line=broken, now=NOW)
    refused(NotAllowed, actions.change_joint_line, actor=pair.secretary, line=own, now=NOW)
    change = actions.change_alliance_setting
    for key, value in (
        ("evaluation_from", "13-01"), ("evaluation_from", 12), ("bands", ["好 90"]), ("bands", ["好 0", "差 90"]),
        ("bands", ["好"]), ("bands", [1]), ("quiet_days", 0), ("quiet_days", True),
    ):  # fmt: skip
        refused(Invalid, change, actor=MANAGER, key=key, value=value, now=NOW)
    refused(NotFound, change, actor=MANAGER, key="nothing", value=1, now=NOW)
    change(actor=MANAGER, key="bands", value=["满意 80", "不满意 0"], now=NOW)
    assert [queries.rules().band(percent) for percent in (100, 80, 79, 0)] == ["满意", "满意", "不满意", "不满意"]
    change(actor=MANAGER, key="evaluation_until", value="12-31", now=NOW)
    assert queries.rules().window(2026) == (date(2026, 12, 1), date(2026, 12, 31))


def test_three_links_cost_as_many_statements_as_one(pair):
    pair.agree()
    link = queries.get_link(viewer=pair.secretary, link_id=pair.link.pk)
    spent = []
    for rows in ([link], [link] * 3):
        with policy.reading(), CaptureQueriesContext(connection) as counted:
            queries.describe_links(rows, year=YEAR, today=TODAY)
        spent.append(len(counted))
    assert spent[0] == spent[1]


def test_everything_at_once_is_all_or_nothing(town):
    first = build_pair(town)
    other = desks.enter("ZQ2", OfficeKind.UNIT)
    second = actions.link_unit(
        actor=town.secretary, unit_id=other, community_id=town.desks["CHSQ"], from_date=TODAY, now=NOW
    )
    news = [NewAgreement(first.link.pk, YEAR), NewAgreement(second.pk, YEAR)]
    rows = actions.propose_agreements(actor=town.secretary, news=news, side="community", now=NOW)
    assert AgreedDuty.objects.count() == 18
    ids = [row.pk for row in rows]
    refused(LinkNotFound, actions.agree_years, actor=first.unit, agreement_ids=ids, side="unit", now=NOW)
    assert not Agreement.objects.filter(stage="agreed")
    both = actor_with(Permission.SPEAK, Permission.VIEW, organization_id=other)
    actions.agree_years(actor=both, agreement_ids=ids[1:], side="unit", now=NOW)
    refused(BadWords, actions.propose_agreements, actor=town.secretary, news=news[:1] * 2, side="community", now=NOW)
