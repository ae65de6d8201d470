"""The office: a survey is drafted, tried out, opened, closed and published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import history, ids
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.surveys import policies, queries
from haitang.surveys.actions.shared import audience_of, text_of
from haitang.surveys.facts import (
    ResultTakenOut,
    SurveyChanged,
    SurveyClosed,
    SurveyDrafted,
    SurveyOpened,
    SurveyPublished,
    SurveyTriedOut,
)
from haitang.surveys.lifecycle import Status, check_is
from haitang.surveys.models import Answer, Code, Survey, SurveyArea
from haitang.surveys.queries import Result
from haitang.surveys.values import (
    HOUSEHOLDS,
    SEED_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Answers,
    BadSurvey,
    Entry,
    Question,
    WrongSurveyState,
    check,
    edition,
    frame_of,
    read_answers,
)
from haitang.territory.queries import territory

_SAMPLE_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """A survey as it is drafted.

    sample: how many are drawn in all; 0 for all. seed: "" has one made at the opening. frame: the key of the list they
    are drawn from (values.Frame), "" for households; since, until: the days whose list it is.
    """

    title: str
    area_code: str
    entry: str
    questions: Sequence[Question]
    closes_on: date
    words: str = ""
    sample: int = 0
    seed: str = ""
    frame: str = HOUSEHOLDS
    since: date | None = None
    until: date | None = None


@transaction.atomic
def draft_survey(*, actor: Actor, plan: SurveyPlan, now: datetime, repeats_id: int | None = None) -> Survey:
    """
    Draft a survey; it is asked in every community of the area.

    repeats_id: the survey that it asks again. Raises NotAllowed (no MANAGE over the area), BadSurvey, Invalid (what
    the product never asks), SurveyNotFound.
    """
    survey = Survey(drafted_at=now)
    _put(actor, survey, plan, now)
    if repeats_id is not None:
        survey.repeats = queries.get_survey(viewer=actor, survey_id=repeats_id)
    survey.save()
    _put_areas(survey)
    history.record(actor=actor, fact=SurveyDrafted(survey.pk, survey.title), at=now, audience=audience_of(survey))
    return survey


def repeat_survey(*, actor: Actor, survey_id: int, closes_on: date, now: datetime) -> Survey:
    """
    Draft a survey that asks the very same again, so that both can be compared.

    A frame is taken of as many days, up to yesterday. Raises SurveyNotFound, NotAllowed, BadSurvey, WrongSurveyState
    (not closed yet).
    """
    before = queries.get_survey(viewer=actor, survey_id=survey_id)
    check_is(before.status, Status.CLOSED)
    title = _("%(title)s（复测）") % {"title": before.title[: TITLE_LENGTH_MAX - 4]}
    plan = SurveyPlan(
        title, territory().area(before.area_id).code, before.entry, before.asked, closes_on, before.words, before.sample
    )
    if before.since and before.until:
        until = local_date(now) - timedelta(days=1)
        plan = replace(plan, frame=before.frame, since=until - (before.until - before.since), until=until)
    return draft_survey(actor=actor, plan=plan, now=now, repeats_id=before.pk)


@transaction.atomic
def change_survey(*, actor: Actor, survey_id: int, plan: SurveyPlan, now: datetime) -> Survey:
    """
    Change a draft; it has to be tried out again. Raises as `draft_survey`, and WrongSurveyState once it was opened.
    """
    survey = queries.lock_survey(survey_id)
    policies.check_can_manage(actor, survey.area_path)
    check_is(survey.status, Status.DRAFT)
    _put(actor, survey, plan, now)
    survey.tried_at = None
    survey.save()
    survey.areas.all().delete()
    _put_areas(survey)
    history.record(actor=actor, fact=SurveyChanged(survey.pk, survey.title), at=now, audience=audience_of(survey))
    return survey


def _put(actor: Actor, survey: Survey, plan: SurveyPlan, now: datetime) -> None:
    area = territory().by_code(plan.area_code)
    if area is None:
        raise BadSurvey(_("没有这个区域"), {"area": _("没有这个区域")})
    policies.check_can_manage(actor, area.path)
    check(plan.questions)
    if plan.entry not in Entry.values:
        raise BadSurvey(_("请选择参与方式"), {"entry": _("请选择参与方式")})
    _put_frame(survey, plan, now)
    if not 0 <= plan.sample <= _SAMPLE_MAX:
        raise BadSurvey(_("抽样户数不正确"), {"sample": _("抽样户数不正确")})
    if plan.closes_on < local_date(now):
        raise BadSurvey(_("截止日期已过"), {"closes_on": _("截止日期已过")})
    too_long = _("最多 %(n)d 字") % {"n": TITLE_LENGTH_MAX}
    survey.title = text_of(plan.title, "title", TITLE_LENGTH_MAX, missing=_("请填写标题"), too_long=too_long)
    too_long = _("最多 %(n)d 字") % {"n": WORDS_LENGTH_MAX}
    survey.words = text_of(plan.words, "words", WORDS_LENGTH_MAX, too_long=too_long)
    too_long = _("最多 %(n)d 字") % {"n": SEED_LENGTH_MAX}
    survey.seed = text_of(plan.seed, "seed", SEED_LENGTH_MAX, too_long=too_long)
    survey.area_id, survey.area_ids, survey.entry = area.id, list(area.ids), plan.entry
    survey.questions, survey.edition = [each.as_data() for each in plan.questions], edition(plan.questions)
    survey.sample, survey.closes_on = plan.sample if plan.entry == Entry.CODE else 0, plan.closes_on


def _put_frame(survey: Survey, plan: SurveyPlan, now: datetime) -> None:
    survey.frame, survey.since, survey.until = HOUSEHOLDS, None, None
    if plan.entry != Entry.CODE or plan.frame == HOUSEHOLDS:
        return
    if frame_of(plan.frame) is None:
        raise BadSurvey(_("没有这种抽样对象"), {"frame": _("没有这种抽样对象")})
    if plan.since is None or plan.until is None or not plan.since <= plan.until < local_date(now):
        wrong = _("请写明起止日期，止于昨天或更早")
        raise BadSurvey(wrong, {"since": wrong})
    survey.frame, survey.since, survey.until = plan.frame, plan.since, plan.until


def _put_areas(survey: Survey) -> None:
    """Tie the survey to its communities with how many may be asked there; codes alone are told by area."""
    if survey.entry == Entry.CODE:
        counted = queries.countable_below(survey)
        SurveyArea.objects.bulk_create(
            SurveyArea(survey=survey, area_id=area_id, households=n) for area_id, n in counted.items()
        )


@transaction.atomic
def try_survey(*, actor: Actor, survey_id: int, given: Mapping[str, Any], now: datetime) -> Answers:
    """
    Fill a draft in as those who are asked will, and return what would be kept; nothing is.

    Raises SurveyNotFound, NotAllowed, WrongSurveyState, BadAnswers.
    """
    survey = queries.lock_survey(survey_id)
    policies.check_can_manage(actor, survey.area_path)
    check_is(survey.status, Status.DRAFT)
    kept = read_answers(survey.asked, given)
    survey.tried_at = now
    survey.save(update_fields=["tried_at"])
    history.record(actor=actor, fact=SurveyTriedOut(survey.pk), at=now, audience=audience_of(survey))
    return kept


@transaction.atomic
def open_survey(*, actor: Actor, survey_id: int, now: datetime) -> Survey:
    """
    Let a survey take answers. Its questions, the rules in force, and the seed of the drawing are public from now on
    and stay as they are; who is asked is drawn afterwards.

    Raises SurveyNotFound, NotAllowed, WrongSurveyState (not tried out as it stands), BadSurvey (nobody lives there).
    """
    survey = queries.lock_survey(survey_id)
    policies.check_can_manage(actor, survey.area_path)
    check_is(survey.status, Status.DRAFT)
    if survey.tried_at is None:
        raise WrongSurveyState(_("请先试填一遍，再开始调查"))
    if survey.closes_on < local_date(now):
        raise BadSurvey(_("截止日期已过，请先修改"), {"closes_on": _("截止日期已过")})
    if survey.entry == Entry.CODE and not survey.areas.filter(households__gt=0).exists():
        if survey.frame != HOUSEHOLDS:
            raise BadSurvey(_("这段时间、这个区域没有可以抽取的对象，请修改本调查"))
        raise BadSurvey(_("这个区域还没有登记户数，请先在区域管理中登记，再修改本调查"))
    survey.status, survey.opened_at, survey.rules = Status.OPEN, now, dict(queries.rules())
    survey.seed = survey.seed or ids.query_code(16)
    survey.save()
    fact = SurveyOpened(survey.pk, survey.seed)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(survey))
    return survey


@transaction.atomic
def close_survey(*, actor: Actor, survey_id: int, now: datetime) -> Survey:
    """
    Take no more answers, and forget what could join an answer to its code.

    Codes are removed, and all answers written anew in a random order under new ids, so that nothing in the tables
    tells any more in which order or transaction they came. Raises SurveyNotFound, NotAllowed, WrongSurveyState.
    """
    survey = queries.lock_survey(survey_id)
    policies.check_can_manage(actor, survey.area_path)
    _close(actor, survey, now)
    return survey


def close_due_survey(*, actor: Actor, survey_id: int, now: datetime) -> bool:
    """Close a survey whose last day is over, as the clock; tell whether there was anything to do."""
    with transaction.atomic():
        survey = queries.lock_survey(survey_id)
        if survey.status != Status.OPEN or survey.closes_on >= local_date(now):
            return False
        _close(actor, survey, now)
        return True


def _close(actor: Actor, survey: Survey, now: datetime) -> None:
    check_is(survey.status, Status.OPEN)
    survey.status, survey.closed_at = Status.CLOSED, now
    survey.save(update_fields=["status", "closed_at"])
    Code.objects.filter(survey=survey).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH taken AS (DELETE FROM surveys_answer WHERE survey_id = %s
                           RETURNING survey_id, area_id, channel, answers, account_id)
            INSERT INTO surveys_answer (id, survey_id, area_id, channel, answers, account_id)
            SELECT gen_random_uuid(), survey_id, area_id, channel, answers, account_id FROM taken ORDER BY random()
            """,
            [survey.pk],
        )
    count = Answer.objects.filter(survey=survey).count()
    history.record(actor=actor, fact=SurveyClosed(survey.pk, count), at=now, audience=audience_of(survey))


@transaction.atomic
def publish_survey(*, actor: Actor, survey_id: int, now: datetime) -> Survey:
    """Let anybody see the result, small cells hidden. Raises SurveyNotFound, NotAllowed, WrongSurveyState."""
    survey = queries.lock_survey(survey_id)
    policies.check_can_manage(actor, survey.area_path)
    check_is(survey.status, Status.CLOSED)
    if survey.published_at is None:
        survey.published_at = now
        survey.save(update_fields=["published_at"])
        history.record(actor=actor, fact=SurveyPublished(survey.pk), at=now, audience=audience_of(survey))
    return survey


@transaction.atomic
def take_out_result(*, actor: Actor, survey_id: int, now: datetime) -> Result:
    """Return the figures for a workbook, and write down that they were taken out.

    Raises SurveyNotFound, NotAllowed (not published, and asked in more than the actor's area).
    """
    survey = queries.get_survey(viewer=actor, survey_id=survey_id)
    policies.check_may_see_result(actor, survey)
    check_is(survey.status, Status.CLOSED)
    history.record(actor=actor, fact=ResultTakenOut(survey.pk), at=now, audience=audience_of(survey))
    return queries.result_of(survey)
