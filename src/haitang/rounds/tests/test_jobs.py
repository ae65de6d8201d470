"""Who is told of what, once however often a job runs; and who has proposed is forgotten after a term."""

from datetime import timedelta

import pytest

from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.rounds import actions, jobs
from haitang.rounds.models import CoProposer, Proposal
from haitang.rounds.tests.cast import OFFICE, OTHER, day_of, new, opened, pot_of
from haitang.rounds.values import Task
from haitang.testing.actors import NOW
from haitang.testing.people import build_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    account = build_account("林阿姨")
    return Actor("林阿姨", id=account.pk)


def test_an_author_hears_of_the_check_once(author, town):
    secretary = town.account("secretary")
    row = actions.hand_in_proposal(actor=author, new=new(pot_of(opened(town), town), town), now=NOW)
    entry = Entry.objects.get(fact="ProposalHandedIn")
    for _twice in range(2):
        jobs.tell_handed_in(proposal_id=row.pk, title=row.title, channel=row.channel, entry_id=entry.pk)
    assert list(Notice.objects.values_list("account_id", flat=True)) == [secretary.pk]
    Notice.objects.all().delete()
    actions.turn_down_proposal(actor=OFFICE, proposal_id=row.pk, codes=["负4"], reason="物业的事", now=NOW)
    for _twice in range(2):
        jobs.tell_turned_down(proposal_id=row.pk, codes=["负4"], reason="物业的事", entry_id=entry.pk + 1)
    told = Notice.objects.get()
    assert (told.account_id, told.url) == (author.id, f"/proposals/{row.pk}/")


def test_of_one_that_came_on_paper_nobody_is_told(town):
    pot = pot_of(opened(town), town)
    row = actions.enter_proposal(actor=OFFICE, new=new(pot, town), channel="paper", now=NOW)
    jobs.tell_handed_in(proposal_id=row.pk, title=row.title, channel=row.channel, entry_id=1)
    jobs.tell_admitted(proposal_id=row.pk, codes=["正1"], entry_id=2)
    assert not Notice.objects.exists()


def test_who_has_proposed_is_forgotten_after_the_term(author, town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    row = actions.hand_in_proposal(actor=author, new=new(pot, town, co_proposers=("张三",)), now=NOW)
    actions.admit_proposal(actor=OFFICE, proposal_id=row.pk, codes=["正1"], now=NOW)
    actions.join_proposal(actor=OTHER, proposal_id=row.pk, now=NOW)
    end = day_of(round_, Task.EVALUATE)
    assert actions.forget_authors(actor=jobs.CLOCK, now=end + timedelta(days=365)) == 0
    assert actions.forget_authors(actor=jobs.CLOCK, now=end + timedelta(days=366)) == 1
    assert actions.forget_authors(actor=jobs.CLOCK, now=end + timedelta(days=367)) == 0
    row = Proposal.objects.get(pk=row.pk)
    assert not Entry.objects.filter(subject_type="round_proposal", actor_name="林阿姨").exists()
    assert (row.name, row.phone, row.account_id, row.title) == ("", "", None, "楼道加装扶手")
    assert not CoProposer.objects.exists()
