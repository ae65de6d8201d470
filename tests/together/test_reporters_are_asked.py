"""A survey drawn from closed cases: callbacks lists whose reporters may be called, surveys draws and forgets."""

from datetime import timedelta

import pytest

from haitang.callbacks import actions as callbacks
from haitang.callbacks.models import Callback
from haitang.callbacks.queries import reporters_closed
from haitang.callbacks.tests.test_actions import SYSTEM, closed
from haitang.core.access import VISITOR
from haitang.surveys import actions, queries
from haitang.surveys.models import Answer, Code
from haitang.surveys.tests import cast
from haitang.surveys.values import FRAMES, BadSurvey, Channel, WrongSurveyState
from haitang.testing.actors import NOW, TODAY

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)
PERIOD = {"frame": "closed_cases", "since": TODAY - timedelta(days=7), "until": TODAY}


def drafted(town, **more):
    told = {"title": "办结满意度", "area_code": cast.STREET, "entry": "code", "questions": cast.parse(cast.TEXT)}
    plan = actions.SurveyPlan(**{**told, **PERIOD, "closes_on": TODAY + timedelta(days=20), **more})
    return actions.draft_survey(actor=town.dispatcher, plan=plan, now=LATER)


def opened(town):
    row = drafted(town)
    actions.try_survey(actor=town.dispatcher, survey_id=row.pk, given={"0": "0"}, now=LATER)
    return actions.open_survey(actor=town.dispatcher, survey_id=row.pk, now=LATER)


def test_the_frame_holds_each_closed_case_once_and_never_a_denunciation(town):
    (case, _callback), (other, _second), (secret, third) = (closed(town) for _each in range(3))
    assert third.case_id == secret.pk
    secret.is_confidential = True
    secret.save(update_fields=["is_confidential"])
    assert [each.key for each in FRAMES] == ["closed_cases"]
    here = town.areas["spring"]
    listed = reporters_closed([here, town.areas["autumn"]], TODAY, TODAY)
    assert listed == {here: sorted([case.number, other.number])}
    assert reporters_closed([here], TODAY - timedelta(days=3), TODAY - timedelta(days=1)) == {}
    callbacks.withdraw_callbacks(actor=SYSTEM, case_id=other.pk, entry_id=_second.closing_entry_id + 1, now=NOW)
    assert reporters_closed([here], TODAY, TODAY) == {here: [case.number]}
    assert Callback.objects.count() == 3


def test_reporters_get_codes_by_the_number_of_their_case_and_answer_without_it(town):
    numbers = sorted(closed(town)[0].number for _each in range(4))
    survey = opened(town)
    with pytest.raises(BadSurvey, match="认出是谁"):
        actions.issue_survey_codes(actor=town.dispatcher, survey_id=survey.pk, now=LATER)
    numbers = sorted([*numbers, closed(town)[0].number])
    (line,) = [each for each in queries.areas_of(survey) if each.households]
    assert (line.area.id, line.households) == (town.areas["spring"], 4)
    made = actions.issue_survey_codes(actor=town.dispatcher, survey_id=survey.pk, now=LATER)
    assert sorted(number for _area, number, _code in made) == numbers
    assert Code.objects.count() == 5
    by = {"party": "1", "now": LATER}
    actions.answer_by_code(actor=VISITOR, code=made[0][2], given={"0": 0}, **by)
    actions.answer_by_code(actor=town.secretary, code=made[1][2], given={"0": 2}, channel=Channel.PHONE, **by)
    kept = {name for row in Answer.objects.values() for name, value in row.items() if str(value) in numbers}
    assert kept == set(), "an answer does not say of which case"
    actions.close_survey(actor=town.dispatcher, survey_id=survey.pk, now=LATER)
    survey.refresh_from_db()
    result = queries.result_of(survey)
    assert (result.answered, result.invited, result.households) == (2, 5, 5)
    assert result.tables[0].total is None, "two answers tell of nobody"


def test_a_period_is_over_and_a_repeat_is_of_the_latest_days(town):
    closed(town)
    late = {"since": TODAY + timedelta(days=1)}, {"until": TODAY + timedelta(days=2)}
    for wrong in ({"until": None}, *late, {"frame": "x"}):
        with pytest.raises(BadSurvey):
            drafted(town, **wrong)
    empty = drafted(town, since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=5))
    actions.try_survey(actor=town.dispatcher, survey_id=empty.pk, given={"0": "0"}, now=LATER)
    with pytest.raises(BadSurvey, match="没有可以抽取"):
        actions.open_survey(actor=town.dispatcher, survey_id=empty.pk, now=LATER)
    survey = opened(town)
    with pytest.raises(WrongSurveyState):
        actions.repeat_survey(actor=town.dispatcher, survey_id=survey.pk, closes_on=TODAY, now=LATER)
    actions.close_survey(actor=town.dispatcher, survey_id=survey.pk, now=LATER)
    month = LATER + timedelta(days=30)
    again = actions.repeat_survey(
        actor=town.dispatcher, survey_id=survey.pk, closes_on=TODAY + timedelta(days=60), now=month
    )
    assert (again.frame, again.edition) == (survey.frame, survey.edition)
    assert (again.since, again.until) == (TODAY + timedelta(days=24), TODAY + timedelta(days=31))


def test_without_a_code_there_is_no_frame(town):
    row = drafted(town, entry="link")
    assert (row.frame, row.since, row.until) == ("", None, None)
    assert not row.areas.exists()
