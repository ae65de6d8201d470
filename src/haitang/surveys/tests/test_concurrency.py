"""Many at once, each on a connection of their own: one answer for a code; none is taken by a survey that has closed."""

import pytest
from django.test import Client

from haitang.core import clock
from haitang.core.access import VISITOR
from haitang.surveys import actions
from haitang.surveys.models import Answer, Code, Survey
from haitang.surveys.tests import cast
from haitang.surveys.values import AnsweredAlready, WrongCode, WrongSurveyState
from haitang.testing.actors import NOBODY, NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 200


def open_town():
    town = build_town()
    cast.count_households(town, spring=40, autumn=30)
    return town, cast.opened(town.dispatcher)


def test_one_code_answered_by_many_at_once_gives_one_answer():
    town, survey = open_town()
    code = cast.codes_of(town.dispatcher, survey)["春和社区"][0]

    def answer(number):
        return lambda: actions.answer_by_code(
            actor=VISITOR, code=code, party=f"10.0.0.{number}", given={"0": number % 3}, now=NOW
        )

    outcomes = at_once(*(answer(number) for number in range(TIMES)))
    assert outcomes.count(None) == 1
    assert all(each is None or isinstance(each, WrongCode) for each in outcomes)
    assert Answer.objects.count() == Code.objects.filter(is_used=True).count() == 1


def test_answers_that_come_as_the_survey_closes_are_kept_or_refused_whole():
    town, survey = open_town()
    codes = cast.codes_of(town.dispatcher, survey)["春和社区"]

    def answer(number):
        return lambda: actions.answer_by_code(
            actor=VISITOR, code=codes[number], party=f"10.0.0.{number}", given={"0": 0}, now=NOW
        )

    def close():
        actions.close_survey(actor=town.dispatcher, survey_id=survey.pk, now=NOW)

    deeds = [answer(number) for number in range(20)]
    outcomes = at_once(*deeds[:10], close, *deeds[10:])
    assert outcomes[10] is None
    assert Answer.objects.count() == outcomes.count(None) - 1
    assert all(each is None or isinstance(each, WrongCode | WrongSurveyState) for each in outcomes)
    assert not Code.objects.exists()


def test_two_people_fill_one_code_in_on_their_phones_and_each_hears_what_became_of_it(monkeypatch):
    """Real requests: both were let in by the code, both send; one answer is kept, the other reads that it is not."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    town, survey = open_town()
    code = cast.codes_of(town.dispatcher, survey)["春和社区"][0]
    page, pages = "/surveys/answer/", []
    phones = [Client() for _each in range(2)]
    for phone in phones:
        assert "总体满意" in phone.post(page, {"code": code}).content.decode()

    def send(phone, choice):
        return lambda: pages.append(phone.post(page, {"code": code, "filled": "1", "q_0": choice}))

    assert at_once(*(send(phone, at) for at, phone in enumerate(phones))) == [None, None]
    assert sorted(each.status_code for each in pages) == [302, 422]
    assert Answer.objects.count() == Code.objects.filter(is_used=True).count() == 1
    (refused,) = [each.content.decode() for each in pages if each.status_code == 422]
    assert "没有收下" in refused
    late = phones[0].post(page, {"code": code, "filled": "1", "q_0": "0"})
    assert (late.status_code, "没有收下" in late.content.decode()) == (422, True)


def test_an_account_answers_a_named_survey_once_however_fast():
    town = build_town()
    survey = cast.opened(town.dispatcher, entry="named")
    outcomes = at_once(
        *(
            lambda: actions.answer_openly(actor=NOBODY, survey_id=survey.pk, party="1", given={"0": 0}, now=NOW)
            for _each in range(40)
        )
    )
    assert outcomes.count(None) == 1
    assert all(each is None or isinstance(each, AnsweredAlready) for each in outcomes)
    assert Survey.objects.count() == Answer.objects.count() == 1
