"""Nobody can tell who voted what: not from rows, their order, their transactions, or anything that casting leaves."""

from datetime import timedelta

import pytest
from django.db import connection

from haitang.core import clock
from haitang.core.models import Entry as HistoryEntry
from haitang.testing.actors import NOW, actor_with
from haitang.voting import actions, queries
from haitang.voting.models import Entry, Envelope, PaperSheet, PublishedBallot
from haitang.voting.tests.cast import FIRST, SECOND, THIRD, opened
from haitang.voting.values import NotReconciled, OptionDraft, VoteNotFound, receipt_hash

pytestmark = pytest.mark.django_db


def rows_of_all_tables() -> dict[str, str]:
    """Return of every table in the database a digest over its rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t")
            (found[name],) = cursor.fetchone()
    return found


@pytest.mark.parametrize("page", [True, False], ids=["page", "api"])
def test_casting_leaves_an_envelope_and_nothing_else_anywhere(client, town, as_, monkeypatch, page):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))
    play = opened(town)
    client = as_(actor_with(account_id=town.secretary.id, name="居民")) if page else client
    code, marks = play.sheets[0].code, {"2": 1}
    before = rows_of_all_tables()
    for _again in range(2):
        if page:
            told = {"code": code, "step": "cast", "choice": ["2"]}
            assert client.post(f"/votes/{play.vote_id}/ballot/", told).status_code == 200
        else:
            home = f"/api/v1/votes/{play.vote_id}/ballots"
            sent = client.post(
                home, {"code": code, "marks": marks}, "application/json", headers={"Idempotency-Key": "a"}
            )
            assert sent.status_code == 201
    after = rows_of_all_tables()
    assert {name for name, digest in after.items() if digest != before[name]} == {"public.voting_envelope"}
    assert {each.name for each in Envelope._meta.concrete_fields} == {
        "entry", "vote", "household_index", "via", "sealed",
    }  # fmt: skip


def test_after_the_count_neither_order_nor_transaction_nor_row_leads_from_a_ballot_to_a_person(town):
    play = opened(town, voters=40)
    receipts = [play.cast(at, {str(at % 3 + 1): 1}).code for at in range(40)]
    hashes = [receipt_hash(play.vote_id, each) for each in receipts]
    before = HistoryEntry.objects.count()
    play.close()
    play.count()
    rows = list(PublishedBallot.objects.order_by("pk").values_list("receipt", flat=True))
    assert rows == sorted(hashes) != hashes
    assert {each.name for each in PublishedBallot._meta.concrete_fields} == {"id", "vote", "receipt", "marks", "via"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT receipt, xmin::text FROM voting_publishedballot ORDER BY ctid")
        placed = cursor.fetchall()
        cursor.execute("SELECT DISTINCT xmin::text FROM voting_entry WHERE has_voted")
        marked = cursor.fetchall()
    assert [receipt for receipt, _xmin in placed] == sorted(hashes)
    assert len({xmin for _receipt, xmin in placed}) == len(marked) == 1
    assert not Envelope.objects.exists()
    assert not PaperSheet.objects.exists()
    told = HistoryEntry.objects.order_by("pk")[before:]
    assert {each.fact for each in told} == {"ClosingProposed", "VoteClosed", "VoteCounted"}
    assert Entry.objects.filter(has_voted=True).count() == 40


@pytest.mark.parametrize(("serial", "is_found"), [("A7", False), ("K7Q2M9X4T6W8Z3B5", True)])
def test_of_few_papers_no_ballot_says_that_it_was_paper(town, serial, is_found):
    play = opened(town)
    play.cast(0, {"1": 1})
    actions.take_paper(actor=FIRST, entry_id=play.entry(1).pk, now=NOW)
    for actor in (SECOND, THIRD):
        actions.enter_paper(actor=actor, vote_id=play.vote_id, serial=serial, marks={"3": 1}, now=NOW)
    play.close()
    vote = play.count()
    assert (vote.tally["electronic"], vote.tally["paper"]) == (1, 1)
    assert {each["via"] for each in queries.file_of(vote)["ballots"]} == {"mixed"}
    if is_found:
        assert queries.find_ballot(vote_id=vote.pk, code=serial)["ballot"]["m"] == {"3": 1}
    else:
        with pytest.raises(VoteNotFound):
            queries.find_ballot(vote_id=vote.pk, code=serial)


def test_of_many_papers_each_ballot_says_how_it_came(town):
    play = opened(town, voters=20)
    for at in range(10):
        play.cast(at, {"1": 1})
        actions.take_paper(actor=FIRST, entry_id=play.entry(at + 10).pk, now=NOW)
        for actor in (SECOND, THIRD):
            actions.enter_paper(actor=actor, vote_id=play.vote_id, serial=f"A{at}", marks={"3": 1}, now=NOW)
    play.close()
    told = queries.file_of(play.count())["ballots"]
    assert [sum(each["via"] == way for each in told) for way in ("paper", "electronic")] == [10, 10]
    assert queries.find_ballot(vote_id=play.vote_id, code="a3")["ballot"]["m"] == {"3": 1}


def test_the_length_of_an_envelope_says_nothing_on_the_longest_paper(town):
    options = tuple(OptionDraft(f"项目{n}") for n in range(300))
    play = opened(town, kind="ranked", most=300, budget_fen=0, options=options)
    play.cast(0, {})
    play.cast(1, {str(n): n for n in range(1, 301)})
    assert len({len(bytes(each)) for each in Envelope.objects.values_list("sealed", flat=True)}) == 1


def test_a_copied_envelope_stops_the_count(town):
    play = opened(town)
    play.cast(0, {"1": 1})
    play.cast(1, {"2": 1})
    one, two = Envelope.objects.order_by("entry__number")
    Envelope.objects.filter(pk=two.pk).update(sealed=one.sealed)
    play.close()
    with pytest.raises(NotReconciled, match="复制"):
        play.count()
