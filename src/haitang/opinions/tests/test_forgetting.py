"""Nobody can tell who answered what: not from rows, not from the history, and after the close not with every key."""

import json

import pytest
from django.core import serializers
from django.db import IntegrityError, connection, transaction

from haitang.core.models import Entry
from haitang.opinions import actions, models, queries
from haitang.opinions.models import Conversation, Landscape, Standing, Statement, Vote
from haitang.opinions.queries import participant_of, participants
from haitang.opinions.tests.cast import answer, opened, resident, statements, two_camps
from haitang.testing.actors import NOW

pytestmark = pytest.mark.django_db


def test_no_row_of_an_answer_can_hold_an_account_or_a_time():
    names = {field.name for field in Vote._meta.concrete_fields}
    assert names == {"id", "statement", "participant", "answer"}
    assert {field.name for field in Standing._meta.concrete_fields} == {"id", "conversation", "participant", "group"}
    assert not any("account" in field.name for field in Statement._meta.concrete_fields)


def test_the_history_learns_nothing_of_residents(town):
    row = opened(town)
    before = Entry.objects.count()
    two_camps(row)
    actions.say_statement(actor=resident(1), conversation_id=row.pk, words="一句话", now=NOW)
    assert Entry.objects.count() == before


def test_the_same_person_has_another_number_in_every_conversation(town):
    one, other = opened(town), opened(town, title="另一个")
    numbers = {participant_of(50_001, one), participant_of(50_001, other), participant_of(50_002, one)}
    assert len(numbers) == 3
    assert participant_of(50_001, one) == participant_of(50_001, Conversation.objects.get(pk=one.pk))


def test_after_the_close_no_number_can_be_worked_out_again(town):
    row = opened(town)
    two_camps(row)
    actions.say_statement(actor=resident(1), conversation_id=row.pk, words="一句话", now=NOW)
    before = {participant_of(50_000 + number, row) for number in range(20)}
    ids = set(Vote.objects.values_list("id", flat=True))
    actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
    row = Conversation.objects.get(pk=row.pk)
    assert bytes(row.key_sealed) == b""
    assert participant_of(50_001, row) == ""
    assert not ids & set(Vote.objects.values_list("id", flat=True)), "every row is written anew"
    kept = serializers.serialize(
        "json", [each for model in (Conversation, Statement, Vote, Landscape, Standing) for each in model.objects.all()]
    )
    assert not [number for number in before if number in kept]
    assert set(Vote.objects.values_list("participant", flat=True)) == {f"{n:02}" for n in range(1, 21)}


def test_no_process_remembers_a_key(town):
    """What was opened for an answer is gone with it: nothing of the module outlives the close."""
    row = opened(town)
    number = participant_of(50_001, row)
    assert not [name for name, each in vars(participants).items() if hasattr(each, "cache_info")]
    actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
    row.key_sealed = b""
    assert participant_of(50_001, row) == "" != number


def test_numbers_are_drawn_anew_every_time(town):
    """The order of published numbers is not that in which people came."""
    orders = set()
    for round_ in range(3):
        row = opened(town, title=f"第{round_}次")
        two_camps(row)
        actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
        row.refresh_from_db()
        first = statements(row)[0].pk
        orders.add(
            tuple(said for _who, about, _words, said, _group in queries.list_anonymous_votes(row) if about == first)
        )
    assert len(orders) > 1


def test_the_database_refuses_a_closed_conversation_that_keeps_its_key(town):
    row = opened(town)
    with pytest.raises(IntegrityError, match="opinions_closed_forgets"), transaction.atomic():
        Conversation.objects.filter(pk=row.pk).update(status="closed", closed_at=NOW, people=0, votes=0)


def test_the_database_refuses_a_second_vote(town):
    row = opened(town)
    first = statements(row)[0]
    answer(row, resident(1), first, 1)
    vote = Vote.objects.get()
    with pytest.raises(IntegrityError, match="opinions_one_vote"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO opinions_vote (id, statement_id, participant, answer) VALUES (gen_random_uuid(), %s, %s, -1)",
            [vote.statement_id, vote.participant],
        )


def test_what_is_stored_of_the_groups_names_nobody(town):
    row = opened(town)
    two_camps(row)
    actions.find_opinion_groups(actor=town.secretary, conversation_id=row.pk, now=NOW)
    stored = json.dumps(Landscape.objects.get().found)
    assert not [number for number in range(20) if participant_of(50_000 + number, row) in stored]
    assert models.AUTHOR not in stored
