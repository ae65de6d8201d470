"""Reads over reviews."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.schemas import ID_MAX
from haitang.core.scoping import below, path_of
from haitang.surveys import policies
from haitang.surveys.lifecycle import REVIEW_OPEN, ReviewStatus
from haitang.surveys.models import Review
from haitang.surveys.values import Permission, ReviewNotFound
from haitang.territory.queries import territory

ROWS_MAX, BADGE_MAX = 500, 99


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as it is shown; the figure itself stands with those of the survey, as far as it may be told.

    is_sure: the whole interval lies below the line. is_late: the deadline is over and nothing reported.
    """

    review: Review
    area_name: str
    is_sure: bool
    is_late: bool


def lock_review(review_id: int) -> Review:
    """Return the review, locked; raise ReviewNotFound."""
    rows = Review.objects.select_for_update(no_key=True, of=("self",)).select_related("survey")
    return _found(rows.filter(pk=review_id).first() if 0 < review_id <= ID_MAX else None)


def _found(review: Review | None) -> Review:
    if review is None:
        raise ReviewNotFound(_("没有这个复核"))
    return review


def get_review(*, viewer: Actor, review_id: int) -> Review:
    """Return the review. Raises ReviewNotFound."""
    rows = Review.objects.select_related("survey", "again")
    review = _found(rows.filter(pk=review_id).first() if 0 < review_id <= ID_MAX else None)
    policies.check_may_see_review(viewer, review, path_of(review.area_ids))
    return review


def get_review_for_job(review_id: int) -> Review:
    """Return the review; reviews are never removed."""
    return Review.objects.select_related("survey").get(pk=review_id)


def list_reviews(*, viewer: Actor, is_open: bool = False, survey_id: int | None = None) -> list[Review]:
    """Return the reviews that the viewer may see, the nearest deadline first; at most 500."""
    rows = Review.objects.visible_to(viewer).select_related("survey")
    if survey_id is not None:
        rows = rows.filter(survey_id=survey_id)
    if is_open:
        rows = rows.filter(status__in=REVIEW_OPEN)
    return list(rows.order_by("due_on", "id")[:ROWS_MAX])


def count_open_reviews(*, viewer: Actor) -> int:
    """Return how many reviews wait for measures where the viewer sets them, up to one more than BADGE_MAX."""
    rows = Review.objects.filter(below(viewer.areas(Permission.REVIEW)), status=ReviewStatus.OPENED)
    return len(rows.values_list("pk", flat=True)[: BADGE_MAX + 1])


def describe_reviews(reviews: Iterable[Review], today: date) -> list[ReviewView]:
    """Return reviews as they are shown, in their order."""
    tree = territory()
    return [
        ReviewView(
            each, tree.full_name(each.area_id),
            each.high is not None and each.high < each.threshold_pct * 100,
            each.due_on < today and each.status in (ReviewStatus.OPENED, ReviewStatus.MEASURES),
        )
        for each in reviews
    ]  # fmt: skip
