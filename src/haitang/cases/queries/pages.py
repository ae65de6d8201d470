"""What one page of cases shows, read at once."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from haitang.cases import policies
from haitang.cases.lifecycle import Deed
from haitang.cases.models import Attachment, Case
from haitang.cases.queries.asking import Answered, answered, form_ref_of
from haitang.cases.queries.cases import TOTAL_MAX, CaseView, describe, get_case, possible_deeds
from haitang.cases.queries.catalog import CategoryRef, FormRef
from haitang.cases.queries.similar import Similar, SimilarView, describe_similar, list_similar
from haitang.cases.queries.telling import entries_for, photos_for
from haitang.cases.values import CaseNotFound
from haitang.core import access
from haitang.core.access import Actor
from haitang.core.models import Entry


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the page of one case shows to one viewer.

    deeds: what the viewer may do to it as it stands, the expected one first.
    similar: cases that may be the same matter, near in place and time.
    may_unmask: whether the viewer may ask to see the reporter in full; has_reporter: whether anybody left a name.
    may_correct: whether the viewer may put its category or area right.
    asked_by: the form that the case is asked by; answered: its particulars, as far as the viewer may read them.
    """

    view: CaseView
    entries: list[Entry]
    photos: list[Attachment]
    similar: list[SimilarView]
    deeds: list[Deed]
    has_reporter: bool
    may_unmask: bool
    may_correct: bool
    asked_by: FormRef
    answered: list[Answered]


@dataclass(frozen=True, slots=True)
class Entering:
    """A case that somebody of the staff is about to enter, as far as it is typed.

    category: the one chosen, else the one that the words suggest. phone: the reporter's, unchecked, "" for none.
    """

    description: str
    category: CategoryRef | None
    lon: float | None
    lat: float | None
    phone: str


def get_case_page(*, viewer: Actor, case_id: int, now: datetime) -> CasePage:
    """Return the case with all that its page shows; raise CaseNotFound as `get_case` does."""
    case = get_case(viewer=viewer, case_id=case_id)
    similar: list[Similar] = []
    if case.lon is not None and case.lat is not None:
        similar = list_similar(
            viewer=viewer, lon=case.lon, lat=case.lat, now=case.reported_at, category_id=case.category_id,
            description=case.description, but=case.pk,
        )  # fmt: skip
    view = describe([case], with_reporter=True)[0]
    photos = photos_for(viewer, case)
    only_reported = not access.allows(policies.check_may_read, viewer, case)
    return CasePage(
        view=view,
        entries=entries_for(viewer, case),
        photos=photos,
        similar=describe_similar(similar),
        deeds=possible_deeds(viewer=viewer, case=case),
        has_reporter=bool(view.reporter_name or view.reporter_phone),
        may_unmask=access.allows(policies.check_can_unmask, viewer, case),
        may_correct=access.allows(policies.check_can_correct, viewer, case),
        asked_by=form_ref_of(case),
        answered=answered(case, photos, of_report_only=only_reported),
    )


def may_read(*, viewer: Actor, case: Case) -> bool:
    """Tell whether the viewer may read what the office wrote down about a case, or only what reporters are told."""
    return access.allows(policies.check_may_read, viewer, case)


def get_photo(*, viewer: Actor, case_id: int, photo_id: int) -> Attachment:
    """Return one photo of a case that the viewer may see; raise CaseNotFound, also where the photo is none of it."""
    case = get_case(viewer=viewer, case_id=case_id)
    photo = next((photo for photo in photos_for(viewer, case) if photo.pk == photo_id), None)
    if photo is None:
        raise CaseNotFound(_("没有这张照片"))
    return photo


def count_mine(*, viewer: Actor) -> int:
    """Return how many cases the viewer's account reported or entered, counted up to one more than TOTAL_MAX."""
    rows = Case.objects.filter(reported_by_id=viewer.id if viewer.id is not None else -1)
    return rows.order_by()[: TOTAL_MAX + 1].count()


def find_case(*, viewer: Actor, number: str) -> Case:
    """Return the case with that number; raise CaseNotFound if there is none or the viewer may not know of it."""
    case_id = Case.objects.numbered(number.strip()).values_list("pk", flat=True).first()
    return get_case(viewer=viewer, case_id=case_id or 0)
