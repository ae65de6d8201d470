"""A resolution brought to the owners of an estate: drafted with its matter of law, followed until they have decided."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from haitang.core.clock import local_date
from haitang.core.errors import NotAllowed
from haitang.councils import actions, jobs
from haitang.councils.lifecycle import ResolutionStatus, Way
from haitang.councils.models import Resolution
from haitang.councils.tests.cast import SPRING, called, held, set_up
from haitang.councils.values import BadEntry, NewResolution, SettledAlready
from haitang.owners import actions as owners
from haitang.owners.models import Decision, Estate
from haitang.owners.values import NewEstate, Permission
from haitang.testing.actors import NOW, TODAY, also
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(town):
    """The secretary, who keeps the council and prepares decisions of owners."""
    return also(town.secretary, *Permission)


@pytest.fixture
def row(town, keeper):
    """A resolution of a council of the community in which the estate lies."""
    owners.enter_estate(actor=keeper, new=NewEstate("春和花园", SPRING), now=NOW)
    held(town, called(town, set_up(town, "tea")), 2, NewResolution("用维修资金更换电梯"))
    return Resolution.objects.get()


def bring(who, row, **more):
    """Bring the resolution to the owners of the estate."""
    told = {"way": f"owners:{Estate.objects.get().pk}", "matter": "6", **more}
    return actions.bring_resolution_to_vote(actor=who, resolution_id=row.pk, now=NOW, **told)


def test_a_resolution_becomes_a_draft_with_its_matter_and_is_done_when_the_owners_agree(keeper, row):
    for wrong in ({"matter": ""}, {"matter": "12"}, {"way": "owners:0"}, {"way": "owners"}, {"way": "residents:1"}):
        refused(BadEntry, bring, who=keeper, row=row, **wrong)
    bring(keeper, row, title="更换电梯")
    decision = Decision.objects.get()
    question = decision.questions.get()
    assert (decision.title, decision.convener) == ("更换电梯", "community")
    assert (question.item, question.level, question.text) == (6, "major", "用维修资金更换电梯")
    assert local_date(decision.votes_from) > TODAY + timedelta(days=15)
    refused(SettledAlready, bring, who=keeper, row=row)
    row.refresh_from_db()
    assert (row.way, row.voting_desk_url) == (Way.VOTING, reverse("owners:vote", args=[decision.pk]))
    for _twice in range(2):
        jobs.follow_closed_decision(decision_id=decision.pk, passed=1)
    row.refresh_from_db()
    assert (row.status, row.outcome) == (ResolutionStatus.DONE, "业主共同决定已通过，结果见表决页面")


def test_a_resolution_that_the_owners_refuse_is_dropped_and_one_called_off_is_open_again(keeper, row):
    bring(keeper, row)
    decision = Decision.objects.get()
    owners.cancel_decision(actor=keeper, decision_id=decision.pk, reason="事项写错", now=NOW)
    for _twice in range(2):
        jobs.follow_cancelled_decision(decision_id=decision.pk, reason="事项写错")
    row.refresh_from_db()
    assert (row.status, row.way, row.voting_url) == (ResolutionStatus.OPEN, Way.OWN, "")
    bring(keeper, row)
    again = Decision.objects.latest("pk")
    jobs.follow_closed_decision(decision_id=again.pk, passed=0)
    row.refresh_from_db()
    assert (row.status, row.way) == (ResolutionStatus.DROPPED, Way.VOTING)


def test_who_may_not_prepare_decisions_of_owners_is_offered_none(town, keeper, row):
    grants = frozenset(each for each in keeper.grants if each.permission != Permission.PREPARE)
    refused(BadEntry, bring, who=replace(keeper, grants=grants), row=row)
    refused(NotAllowed, bring, who=also(town.leader, *Permission), row=row)


def test_the_page_offers_each_estate_and_asks_for_the_matter(keeper, row, as_):
    client = as_(keeper)
    page = client.get(reverse("councils:desk_session", args=[row.session_id])).content.decode()
    assert "业主共同决定：春和花园" in page
    assert "改变共有部分的用途" in page
    url = reverse("councils:resolution_deed", args=[row.session_id, row.pk, "vote"])
    sent = {"way": f"owners:{Estate.objects.get().pk}", "title": "更换电梯", "matter": ""}
    refusal = client.post(url, sent)
    assert (refusal.status_code, "请选择属于哪一项法定事项" in refusal.content.decode()) == (422, True)
    assert client.post(url, {**sent, "matter": "5"}).status_code == 302
    assert Decision.objects.get().questions.get().item == 5
