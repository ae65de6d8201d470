"""Reviews: opened for areas below the line, with measures and a deadline, ended by asking again."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.scoping import path_of
from haitang.surveys import policies, queries
from haitang.surveys.actions.shared import audience_of_review, text_of
from haitang.surveys.facts import (
    ReviewAskedAgain,
    ReviewMeasuresDone,
    ReviewMeasuresSet,
    ReviewOpened,
    ReviewOverdue,
)
from haitang.surveys.lifecycle import ReviewStatus, Status, check_is
from haitang.surveys.models import Review, Survey
from haitang.surveys.values import WORDS_LENGTH_MAX, BadSurvey, Entry, Figure, Interval, compare
from haitang.territory.queries import territory

_NAME_LENGTH_MAX, _LIMIT_DAYS_MAX = 50, 366


@transaction.atomic
def open_reviews(*, actor: Actor, survey_id: int, now: datetime) -> list[Review]:
    """
    Open a review for every area whose satisfaction lies below the survey's line, once for each; return the new ones.

    Only where households were drawn or all asked, and enough have answered. A review says that somebody looks why,
    and nothing else about the area: what it is called is for others to decide.
    """
    survey = queries.lock_survey(survey_id)
    if survey.status != Status.CLOSED or survey.entry != Entry.CODE:
        return []
    rules, tree = survey.rules, territory()
    known = set(Review.objects.filter(survey=survey).values_list("area_id", flat=True))
    due_on = local_date(now) + timedelta(days=rules["review_limit_days"])
    rows = []
    for area_id, figure in queries.area_scores(survey).items():
        low_enough = figure.value * 100 < rules["threshold_pct"] and figure.n >= rules["review_answers_min"]
        if area_id in known or not low_enough:
            continue
        between = figure.interval
        rows.append(
            Review(
                survey=survey, area_id=area_id, area_ids=list(tree.area(area_id).ids), score=_parts(figure.value),
                low=_parts(between.low) if between else None, high=_parts(between.high) if between else None,
                answered=figure.n, threshold_pct=rules["threshold_pct"], opened_at=now, due_on=due_on,
            )
        )  # fmt: skip
    Review.objects.bulk_create(rows)
    facts = [
        (
            ReviewOpened(
                row.pk, survey.pk, row.area_id, row.threshold_pct, row.due_on.isoformat(),
            ),
            audience_of_review(row),
        )
        for row in rows
    ]  # fmt: skip
    if facts:
        history.record_each(actor=actor, facts=facts, at=now)
    return rows


def _parts(share: float) -> int:
    return round(share * 10_000)


@transaction.atomic
def set_measures(
    *, actor: Actor, review_id: int, responsible: str, measures: str, due_on: date, now: datetime
) -> Review:
    """
    Write down who sees to what until when; again, it replaces what stood there.

    Raises ReviewNotFound, NotAllowed (no REVIEW there), WrongSurveyState (done already), BadSurvey.
    """
    review = queries.lock_review(review_id)
    policies.check_can_review(actor, review, path_of(review.area_ids))
    check_is(review.status, ReviewStatus.OPENED, ReviewStatus.MEASURES)
    today = local_date(now)
    if not today <= due_on <= today + timedelta(days=_LIMIT_DAYS_MAX):
        raise BadSurvey(_("期限应在一年以内，且不早于今天"), {"due_on": _("期限应在一年以内，且不早于今天")})
    review.responsible = text_of(
        responsible, "responsible", _NAME_LENGTH_MAX, missing=_("请填写责任人"), too_long=_("最多 50 字")
    )
    review.measures = text_of(
        measures, "measures", WORDS_LENGTH_MAX, missing=_("请写明整改措施"), too_long=_("最多 2000 字")
    )
    review.status, review.due_on, review.reminded_at = ReviewStatus.MEASURES, due_on, None
    review.save()
    history.record(actor=actor, fact=ReviewMeasuresSet(review.pk), at=now, audience=audience_of_review(review))
    return review


@transaction.atomic
def finish_measures(*, actor: Actor, review_id: int, report: str, now: datetime) -> Review:
    """Report what was done. Raises ReviewNotFound, NotAllowed, WrongSurveyState (no measures yet), BadSurvey."""
    review = queries.lock_review(review_id)
    policies.check_can_review(actor, review, path_of(review.area_ids))
    check_is(review.status, ReviewStatus.MEASURES)
    review.report = text_of(report, "report", WORDS_LENGTH_MAX, missing=_("请写明完成情况"), too_long=_("最多 2000 字"))
    review.status, review.done_at = ReviewStatus.DONE, now
    review.save()
    history.record(actor=actor, fact=ReviewMeasuresDone(review.pk), at=now, audience=audience_of_review(review))
    return review


@transaction.atomic
def compare_repeat(*, actor: Actor, survey_id: int, now: datetime) -> int:
    """
    End the reviews that waited for this survey: those of the survey it repeats whose area it has asked again.

    The figure counts however it comes out; where it lies below the line again, a review of its own opens for it.
    Returns how many ended. Both are compared only where they ask the same with the same weights.
    """
    survey = queries.lock_survey(survey_id)
    if survey.status != Status.CLOSED or survey.repeats_id is None:
        return 0
    scores = queries.area_scores(survey)
    waiting = Review.objects.select_for_update(no_key=True, of=("self",)).select_related("survey").filter(
        survey_id=survey.repeats_id, status=ReviewStatus.DONE, area_id__in=scores
    ).order_by("id")  # fmt: skip
    ended = 0
    for review in waiting:
        figure = scores[review.area_id]
        if figure.n < survey.rules["minimum_cell"]:
            continue
        review.status, review.again, review.score_again = ReviewStatus.RESURVEYED, survey, _parts(figure.value)
        review.change = _change(review, survey, figure)
        review.save()
        fact = ReviewAskedAgain(review.pk, survey.pk, review.change)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of_review(review))
        ended += 1
    return ended


def _change(review: Review, survey: Survey, after: Figure) -> str:
    before = review.survey
    same = before.edition == survey.edition and before.rules["weights"] == survey.rules["weights"]
    if not same or review.low is None or review.high is None:
        return ""
    then = Figure(review.score / 10_000, review.answered, Interval(review.low / 10_000, review.high / 10_000))
    moved = compare(then, after)
    return moved.change.value if moved else ""


def remind_of_reviews(*, actor: Actor, now: datetime) -> int:
    """Tell once of every review whose deadline is over with nothing reported; return how many, at most 500 a call."""
    wanted = (ReviewStatus.OPENED, ReviewStatus.MEASURES)
    late = Review.objects.filter(status__in=wanted, due_on__lt=local_date(now), reminded_at=None)
    told = 0
    for review_id in list(late.order_by("id").values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            review = queries.lock_review(review_id)
            if review.reminded_at is not None or review.status not in wanted:
                continue
            review.reminded_at = now
            review.save(update_fields=["reminded_at"])
            history.record(actor=actor, fact=ReviewOverdue(review.pk), at=now, audience=audience_of_review(review))
            told += 1
    return told
