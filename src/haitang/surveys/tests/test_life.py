"""A survey from its draft to its result and the review of a low figure, which is asked again."""

from datetime import timedelta

import pytest

from haitang.core.access import VISITOR
from haitang.core.errors import Invalid, NotAllowed, NotSignedIn
from haitang.core.models import Entry
from haitang.surveys import actions, jobs, queries
from haitang.surveys.lifecycle import ReviewStatus, Status
from haitang.surveys.models import Answer, Code, Review, Survey
from haitang.surveys.tests import cast
from haitang.surveys.values import (
    AnsweredAlready,
    BadAnswers,
    BadSurvey,
    Change,
    SurveyNotFound,
    WrongCode,
    WrongSurveyState,
    draw,
    parse,
)
from haitang.testing.actors import NOBODY, NOW, TODAY

pytestmark = pytest.mark.django_db


def fill(town, survey, *, spring, autumn):
    """Let so many households of each community be (satisfied, fairly so, dissatisfied), and close."""
    codes = cast.codes_of(town.dispatcher, survey)
    for name, numbers in (("春和社区", spring), ("秋实社区", autumn)):
        for option, count in enumerate(numbers):
            for _each in range(count):
                cast.answer(VISITOR, codes[name].pop(), q0=option)
    return actions.close_survey(actor=town.dispatcher, survey_id=survey.pk, now=NOW)


def test_a_draft_is_tried_out_before_it_opens_and_stays_as_it_was_then(town):
    row = cast.drafted(town.dispatcher)
    with pytest.raises(WrongSurveyState, match="试填"):
        actions.open_survey(actor=town.dispatcher, survey_id=row.pk, now=NOW)
    with pytest.raises(BadAnswers):
        actions.try_survey(actor=town.dispatcher, survey_id=row.pk, given={}, now=NOW)
    actions.try_survey(actor=town.dispatcher, survey_id=row.pk, given={"0": "0"}, now=NOW)
    plan = actions.SurveyPlan("改过的", cast.STREET, "code", row.asked, TODAY)
    actions.change_survey(actor=town.dispatcher, survey_id=row.pk, plan=plan, now=NOW)
    with pytest.raises(WrongSurveyState, match="试填"):
        actions.open_survey(actor=town.dispatcher, survey_id=row.pk, now=NOW)
    actions.try_survey(actor=town.dispatcher, survey_id=row.pk, given={"0": "1", "1": ["0"]}, now=NOW)
    row = actions.open_survey(actor=town.dispatcher, survey_id=row.pk, now=NOW)
    assert row.seed
    assert row.rules["threshold_pct"] == 60
    with pytest.raises(WrongSurveyState):
        actions.change_survey(actor=town.dispatcher, survey_id=row.pk, plan=plan, now=NOW)
    assert not Answer.objects.exists()


def test_a_code_answers_once_and_leads_nowhere_afterwards(town, survey):
    codes = cast.codes_of(town.dispatcher, survey)
    assert {name: len(each) for name, each in codes.items()} == {"春和社区": 40, "秋实社区": 30}
    code = codes["春和社区"][0]
    assert not Code.objects.filter(digest=code.encode()).exists()
    before = Entry.objects.count()
    cast.answer(VISITOR, code.lower(), q0=0)
    assert Entry.objects.count() == before, "the history would tell when"
    with pytest.raises(WrongCode):
        cast.answer(VISITOR, code, q0=2)
    with pytest.raises(WrongCode):
        cast.answer(VISITOR, "AAAAAAAAAA", q0=2)
    kept = Answer.objects.get()
    assert kept.answers == {"0": 0}
    actions.close_survey(actor=town.dispatcher, survey_id=survey.pk, now=NOW)
    assert not Code.objects.exists()
    again = Answer.objects.get()
    assert again.pk != kept.pk
    assert (again.answers, again.area_id) == (kept.answers, kept.area_id)
    with pytest.raises(WrongCode):
        cast.answer(VISITOR, codes["春和社区"][1])


def test_a_sample_is_drawn_from_the_published_seed(town):
    survey = cast.opened(town.dispatcher, sample=14, seed="2026-05-06 双色球")
    actions.issue_survey_codes(actor=town.dispatcher, survey_id=survey.pk, now=NOW)
    drawn = {line.area.name: queries.drawn_of(survey, line) for line in queries.areas_of(survey)}
    assert drawn == {
        "春和社区": sorted(draw("2026-05-06 双色球", "320585001001", 40, 8)),
        "秋实社区": sorted(draw("2026-05-06 双色球", "320585001002", 30, 6)),
    }
    with pytest.raises(WrongSurveyState):
        actions.issue_survey_codes(actor=town.dispatcher, survey_id=survey.pk, now=NOW)


def test_branches_are_asked_only_where_they_apply(town, survey):
    codes = cast.codes_of(town.dispatcher, survey)["春和社区"]
    cast.answer(VISITOR, codes[0], q0=0, q1=[1], q2_0=2)
    assert Answer.objects.get().answers == {"0": 0, "2.0": 2}
    for wrong in ({"q0": 9}, {"q0": "x"}, {"q0": 0, "q7": 1}, {"q2_0": 1}, {"q0": 0, "q3": "字" * 501}):
        with pytest.raises(BadAnswers):
            cast.answer(VISITOR, codes[1], **wrong)


def test_staff_write_down_what_others_answer_where_they_work(town, survey):
    codes = cast.codes_of(town.dispatcher, survey)
    by = {"party": "staff", "given": {"0": 1}, "now": NOW, "channel": "visit"}
    with pytest.raises(NotAllowed):
        actions.answer_by_code(actor=NOBODY, code=codes["春和社区"][0], **by)
    with pytest.raises(NotAllowed):
        actions.answer_by_code(actor=town.secretary, code=codes["秋实社区"][0], **by)
    actions.answer_by_code(actor=town.secretary, code=codes["春和社区"][0], **by)
    sheets = [actions.Sheet(cast.COMMUNITY, {"0": 2})] * 39
    assert actions.bring_answers(actor=town.secretary, survey_id=survey.pk, sheets=sheets, now=NOW) == 39
    with pytest.raises(BadSurvey):
        actions.bring_answers(actor=town.secretary, survey_id=survey.pk, sheets=sheets[:1], now=NOW)


def test_a_named_survey_is_answered_once_by_each_account_and_a_link_by_anybody(town):
    named = cast.opened(town.dispatcher, entry="named")
    given = {"survey_id": named.pk, "party": "1", "given": {"0": 0}, "now": NOW}
    with pytest.raises(NotSignedIn):
        actions.answer_openly(actor=VISITOR, **given)
    actions.answer_openly(actor=NOBODY, **given)
    with pytest.raises(AnsweredAlready):
        actions.answer_openly(actor=NOBODY, **given)
    link = cast.opened(town.dispatcher, entry="link")
    for _each in range(6):
        actions.answer_openly(actor=VISITOR, **{**given, "survey_id": link.pk})
    actions.close_survey(actor=town.dispatcher, survey_id=link.pk, now=NOW)
    result = queries.result_of(Survey.objects.get(pk=link.pk))
    assert not result.is_sampled
    assert result.tables[0].total.figure.interval is None
    assert actions.open_reviews(actor=jobs.CLOCK, survey_id=link.pk, now=NOW) == []


def test_figures_hide_small_cells_and_weigh_by_households(town, survey):
    closed = fill(town, survey, spring=(10, 8, 6), autumn=(20, 5, 2))
    result = queries.result_of(closed)
    assert (result.answered, result.invited) == (51, 70)
    table = result.tables[0]
    spring, autumn = table.lines
    assert autumn.cells[2] is None
    assert sum(cell is None for cell in autumn.cells) >= 2
    assert sum(cell is None for cell in spring.cells) >= 2, "else the totals would tell"
    assert autumn.figure is None
    assert autumn.band is None, "27 answers are too few for a band"
    assert table.is_pooled
    exact = queries.area_scores(closed)
    assert exact[town.areas["spring"]].value == pytest.approx((10 + 8 * 0.8) / 24)


def test_below_the_line_a_review_opens_and_ends_when_the_area_is_asked_again(town, survey):
    closed = fill(town, survey, spring=(6, 5, 14), autumn=(25, 3, 0))
    (review,) = actions.open_reviews(actor=jobs.CLOCK, survey_id=closed.pk, now=NOW)
    assert actions.open_reviews(actor=jobs.CLOCK, survey_id=closed.pk, now=NOW) == []
    assert review.area_id == town.areas["spring"]
    assert review.due_on == TODAY + timedelta(days=30)
    by = {"review_id": review.pk, "now": NOW}
    with pytest.raises(WrongSurveyState):
        actions.finish_measures(actor=town.secretary, report="好了", **by)
    with pytest.raises(NotAllowed):
        actions.set_measures(actor=town.leader, responsible="王", measures="修路", due_on=TODAY, **by)
    actions.set_measures(actor=town.secretary, responsible="王书记", measures="修路", due_on=TODAY, **by)
    actions.finish_measures(actor=town.secretary, report="修好了", **by)
    repeat = actions.repeat_survey(actor=town.dispatcher, survey_id=closed.pk, closes_on=TODAY, now=NOW)
    assert repeat.edition == closed.edition
    actions.try_survey(actor=town.dispatcher, survey_id=repeat.pk, given={"0": "0"}, now=NOW)
    actions.open_survey(actor=town.dispatcher, survey_id=repeat.pk, now=NOW)
    fill(town, repeat, spring=(30, 5, 0), autumn=(25, 3, 0))
    assert actions.compare_repeat(actor=jobs.CLOCK, survey_id=repeat.pk, now=NOW) == 1
    row = Review.objects.get()
    assert (row.status, row.change, row.again_id) == (ReviewStatus.RESURVEYED, Change.UP, repeat.pk)
    result = queries.result_of(Survey.objects.get(pk=repeat.pk))
    assert result.before == closed
    assert result.moved.change is Change.UP


def test_only_the_same_questions_are_compared(town, survey):
    closed = fill(town, survey, spring=(6, 5, 14), autumn=(25, 3, 0))
    other = cast.drafted(town.dispatcher, questions=parse(cast.TEXT.replace("停车", "绿化")))
    Survey.objects.filter(pk=other.pk).update(repeats=closed.pk)
    actions.try_survey(actor=town.dispatcher, survey_id=other.pk, given={"0": "0"}, now=NOW)
    other = actions.open_survey(actor=town.dispatcher, survey_id=other.pk, now=NOW)
    fill(town, other, spring=(30, 5, 0), autumn=(25, 3, 0))
    assert queries.result_of(Survey.objects.get(pk=other.pk)).before is None


def test_the_clock_closes_what_is_over_and_reminds_once(town, survey):
    fill(town, survey, spring=(6, 5, 14), autumn=(25, 3, 0))
    actions.open_reviews(actor=jobs.CLOCK, survey_id=survey.pk, now=NOW)
    later = NOW + timedelta(days=40)
    assert actions.remind_of_reviews(actor=jobs.CLOCK, now=later) == 1
    assert actions.remind_of_reviews(actor=jobs.CLOCK, now=later) == 0
    other = cast.opened(town.dispatcher)
    assert queries.list_due_surveys(other.closes_on) == []
    assert not actions.close_due_survey(actor=jobs.CLOCK, survey_id=other.pk, now=NOW)
    assert queries.list_due_surveys(other.closes_on + timedelta(days=1)) == [other.pk]
    assert actions.close_due_survey(actor=jobs.CLOCK, survey_id=other.pk, now=later)
    assert Survey.objects.get(pk=other.pk).status == Status.CLOSED


def test_nobody_is_asked_what_the_product_never_asks_and_others_see_nothing(town, survey):
    with pytest.raises(Invalid, match="宗教"):
        cast.drafted(town.dispatcher, questions=parse("[单选] 您的宗教信仰？\n有\n没有"))
    with pytest.raises(SurveyNotFound):
        queries.get_survey(viewer=NOBODY, survey_id=survey.pk)
    with pytest.raises(NotAllowed):
        cast.drafted(town.secretary)
    assert queries.get_survey(viewer=town.secretary, survey_id=survey.pk) == survey
