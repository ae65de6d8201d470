"""A process killed while an outcome is published, projects begin, authors are told: all or nothing, and each once."""

import pytest

from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.projects.models import Project
from haitang.rounds import actions, jobs
from haitang.rounds.actions import deciding, proposing
from haitang.rounds.lifecycle import Status
from haitang.rounds.models import CoProposer, Pot, Proposal
from haitang.rounds.tests.cast import OFFICE, admitted, day_of, judge, new, opened, pot_of
from haitang.rounds.values import BallotRule, Task
from haitang.testing.actors import NOW
from haitang.testing.killing import killed_at
from haitang.testing.people import build_account, build_town

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_killed_half_way_leaves_nothing_and_is_done_once_afterwards(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    town = build_town()
    authors = [Actor(name, id=build_account(name).pk) for name in ("林阿姨", "周叔叔")]
    round_ = opened(town, ballot=BallotRule(decides="council", ties=("cheaper", "lot"), seed="种子"))
    pot = pot_of(round_, town)

    first = new(pot, town, co_proposers=("孙大爷",))
    hand_in = {"actor": authors[0], "new": first, "now": NOW}
    killed_at(monkeypatch, proposing, "told", lambda: actions.hand_in_proposal(**hand_in))
    assert not Proposal.objects.exists()
    assert not CoProposer.objects.exists()
    for number, author in enumerate(authors):
        admitted(pot, town, author, title=f"楼道加装扶手{number}", cost_fen=20_000_00)
    judge(pot, day_of(round_, Task.REVIEW))

    publish = {"actor": OFFICE, "pot_id": pot.pk, "now": day_of(round_, Task.PUBLISH)}
    killed_at(monkeypatch, deciding, "told", lambda: actions.publish_outcome(**publish))
    assert Pot.objects.get(pk=pot.pk).published_at is None
    assert set(Proposal.objects.values_list("status", flat=True)) == {Status.SHORTLISTED}
    actions.publish_outcome(**publish)

    entry = Entry.objects.get(fact="OutcomePublished")
    tell = {"pot_id": pot.pk, "entry_id": entry.pk}
    killed_at(monkeypatch, jobs, "send_notices", lambda: jobs.tell_counted(**tell), call=2)
    assert Notice.objects.count() == 1
    for _again in range(2):
        jobs.tell_counted(**tell)
    assert set(Notice.objects.values_list("account_id", flat=True)) == {author.id for author in authors}
    assert Notice.objects.count() == 2

    start = {"actor": OFFICE, "round_id": round_.pk, "now": day_of(round_, Task.START)}
    killed_at(monkeypatch, deciding, "record_all", lambda: actions.start_chosen(**start))
    assert not Project.objects.exists()
    assert len(actions.start_chosen(**start)) == 2
    assert actions.start_chosen(**start) == []
    assert Project.objects.count() == 2
