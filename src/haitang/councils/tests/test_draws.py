"""A draw from its announcement to whoever follows somebody who declines; nothing can be changed once it is closed."""

from datetime import timedelta

import pytest

from haitang.core.errors import NotAllowed
from haitang.councils import actions, jobs, queries
from haitang.councils.lifecycle import CandidateStatus, DrawStatus
from haitang.councils.models import Draw, DrawCandidate
from haitang.councils.tests.cast import announced, resident, set_up
from haitang.councils.values import (
    BadEntry,
    EnteredAlready,
    NewCandidate,
    WrongDrawState,
    commitment_of,
    digest_of,
    draw,
    key_of,
    read_list,
)
from haitang.councils.values.drawing import listed
from haitang.testing.actors import NOBODY, NOW
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db


def drawn(town, witness="3 18 22"):
    row = announced(town, set_up(town))
    actions.freeze_draw(actor=town.secretary, draw_id=row.pk, now=NOW)
    return actions.draw_lots(actor=town.secretary, draw_id=row.pk, witness=witness, now=NOW)


def test_the_seed_is_fixed_before_the_list_and_told_after_it(town):
    row = announced(town, set_up(town))
    assert (row.seed, len(row.commitment)) == ("", 64)
    refused(WrongDrawState, actions.draw_lots, actor=town.secretary, draw_id=row.pk, now=NOW)
    actions.freeze_draw(actor=town.secretary, draw_id=row.pk, now=NOW)
    late = [NewCandidate("后来的")]
    refused(WrongDrawState, actions.enter_candidates, actor=town.secretary, draw_id=row.pk, news=late, now=NOW)
    refused(WrongDrawState, actions.strike_candidate, actor=town.secretary, draw_id=row.pk, number=1, now=NOW)
    refused(NotAllowed, actions.draw_lots, actor=town.leader, draw_id=row.pk, now=NOW)
    row = actions.draw_lots(actor=town.secretary, draw_id=row.pk, now=NOW, witness="3 18 22")
    assert commitment_of(row.seed) == row.commitment
    refused(WrongDrawState, actions.draw_lots, actor=town.secretary, draw_id=row.pk, now=NOW)


def test_anybody_recomputes_it_from_what_is_published(town):
    row = drawn(town)
    text = listed(queries.candidates_of(row))
    assert digest_of(read_list(text)) == row.list_digest
    again = draw(read_list(text), row.seats, key_of(row.seed, row.witness))
    kept = DrawCandidate.objects.filter(draw=row).order_by("place")
    assert [each.number for each in (*again.chosen, *again.reserves)] == [each.number for each in kept]
    assert [each.status for each in kept] == [CandidateStatus.INVITED] * 4 + [CandidateStatus.RESERVE] * 8
    assert {stratum for stratum, _n in again.seats} == {"春和花园", "桃园", "柳苑"}


def test_who_declines_is_followed_by_the_first_reserve_of_the_same_estate(town):
    row = drawn(town)
    first = DrawCandidate.objects.filter(draw=row, place=1).get()
    reserves = DrawCandidate.objects.filter(draw=row, status=CandidateStatus.RESERVE).order_by("place")
    expected = next(each for each in reserves if each.area_name == first.area_name)
    answer = {"actor": town.secretary, "draw_id": row.pk, "number": first.number, "now": NOW}
    follows = actions.answer_draw(**answer, declines=True)
    assert follows == expected
    assert follows.status == CandidateStatus.INVITED
    refused(BadEntry, actions.answer_draw, **answer, declines=False)
    second = DrawCandidate.objects.filter(draw=row, place=2).get()
    assert actions.answer_draw(**{**answer, "number": second.number}, declines=False) is None
    refused(NotAllowed, actions.answer_draw, **{**answer, "actor": NOBODY, "number": 3}, declines=True)


def test_residents_enter_themselves_and_say_only_what_they_want(town):
    row = announced(town, set_up(town), people=0, seats=1, by_age=True)
    who = resident()
    own = actions.enter_oneself(actor=who, draw_id=row.pk, now=NOW)
    refused(EnteredAlready, actions.enter_oneself, actor=who, draw_id=row.pk, now=NOW)
    refused(BadEntry, actions.enter_oneself, actor=resident("孙"), draw_id=row.pk, now=NOW, age_band="70")
    assert queries.candidates_of(row)[0].stratum == "未填 未填"
    page = queries.get_draw_page(viewer=NOBODY, draw_id=row.pk)
    assert page.candidates == []
    assert page.own is None
    actions.strike_candidate(actor=who, draw_id=row.pk, number=own.number, now=NOW)
    refused(BadEntry, actions.freeze_draw, actor=town.secretary, draw_id=row.pk, now=NOW)
    actions.enter_oneself(actor=who, draw_id=row.pk, now=NOW, area="春和花园", age_band="60+")
    actions.freeze_draw(actor=town.secretary, draw_id=row.pk, now=NOW)
    actions.draw_lots(actor=town.secretary, draw_id=row.pk, now=NOW)
    assert actions.answer_draw(actor=who, draw_id=row.pk, number=1, declines=True, now=NOW) is None


def test_names_are_for_who_keeps_the_council_and_erased_after_a_time(town):
    row = drawn(town)
    assert {each.who for each in queries.get_draw_page(viewer=NOBODY, draw_id=row.pk).taken} == {""}
    assert "居民" in queries.get_draw_page(viewer=town.secretary, draw_id=row.pk).taken[0].who
    later = NOW + timedelta(days=200)
    assert actions.erase_candidates(actor=jobs.CLOCK, draw_id=row.pk, now=NOW) == 0
    assert queries.list_erasable(later) == [row.pk]
    assert actions.erase_candidates(actor=jobs.CLOCK, draw_id=row.pk, now=later) == 12
    assert queries.list_erasable(later) == []
    assert Draw.objects.get().status == DrawStatus.DRAWN


def test_bounds(town):
    council = set_up(town)
    for seats in (0, 501):
        refused(BadEntry, actions.announce_draw, actor=town.secretary, council_id=council.pk, title="抽", seats=seats,
                now=NOW)  # fmt: skip
    refused(NotAllowed, actions.announce_draw, actor=town.leader, council_id=council.pk, title="抽", seats=3, now=NOW)
