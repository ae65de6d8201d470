"""A process killed in the middle of a meeting's minutes, a case, a vote, a reaction: all or nothing, and again."""

import pytest

from haitang.cases.models import Case
from haitang.core import clock
from haitang.councils import actions, jobs
from haitang.councils.actions import following, sessions
from haitang.councils.lifecycle import ResolutionStatus, SessionStatus, Way
from haitang.councils.models import Resolution, Session, Topic
from haitang.councils.tests.cast import accepted, called, held, resident, set_up
from haitang.councils.values import NewResolution
from haitang.people.models import Notice
from haitang.testing.actors import NOW
from haitang.testing.cases import build_town
from haitang.testing.killing import killed_at
from haitang.voting.models import Vote

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_killed_half_way_leaves_nothing_and_is_done_once_afterwards(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    actions.ship_council_kinds()
    town, who = build_town(), resident()
    topic = accepted(town, who)
    session = called(town, set_up(town, "tea"), topic)
    made = NewResolution("装路灯", None, None, None, topic.pk), NewResolution("装不装门禁")

    killed_at(monkeypatch, sessions, "tell", lambda: held(town, session, 2, *made, summary="议定两项"))
    assert Session.objects.get().status == SessionStatus.CALLED
    assert not Resolution.objects.exists()
    assert Topic.objects.get().status == "tabled"
    held(town, session, 2, *made, summary="议定两项")
    lamp, gate = Resolution.objects.order_by("pk")

    deed = {"actor": town.secretary, "now": NOW}
    killed_at(monkeypatch, following, "tell", lambda: actions.make_resolution_case(resolution_id=lamp.pk, **deed))
    killed_at(
        monkeypatch, following, "tell",
        lambda: actions.bring_resolution_to_vote(resolution_id=gate.pk, way="residents", **deed),
    )  # fmt: skip
    assert not Case.objects.exists()
    assert not Vote.objects.exists()
    assert set(Resolution.objects.values_list("way", flat=True)) == {Way.OWN}
    case_id = actions.make_resolution_case(resolution_id=lamp.pk, **deed).case_id

    killed_at(monkeypatch, following, "tell_author", lambda: jobs.follow_closed_case(case_id=case_id))
    lamp.refresh_from_db()
    assert lamp.status == ResolutionStatus.OPEN
    for _again in range(2):
        jobs.follow_closed_case(case_id=case_id)
    lamp.refresh_from_db()
    assert lamp.status == ResolutionStatus.DONE
    texts = list(Notice.objects.filter(account_id=who.id).values_list("text", flat=True))
    assert sum("办理结果" in text for text in texts) == sum("已经议过" in text for text in texts) == 1
