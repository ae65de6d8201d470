"""What is written besides reports, which are those of cases."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from haitang.cases import actions as cases
from haitang.cases import queries
from haitang.cases.values import CaseNotFound, KeptPhoto
from haitang.core import files
from haitang.core.access import Actor
from haitang.core.errors import Conflict
from haitang.core.privacy import mask_text
from haitang.open311.facts import RequestUpdated


@transaction.atomic
def update_request(
    *, actor: Actor, number: str, words: str, photos: Sequence[KeptPhoto], area_path: str, now: datetime
) -> int:
    """
    Take in more about a request from the account that reported it; return the id of the entry in its history.

    words: telephone and identity numbers in them are hidden, because the history forgets nothing; "" for none.
    photos: as cases.actions.keep_photo returned them. area_path: the jurisdiction that was asked, "/" for everywhere.
    Raises CaseNotFound (no such request of this account), Conflict (it has ended; nine photos are there already).
    """
    case = queries.get_own_case(viewer=actor, number=number)
    if case is None or not case.area_path.startswith(area_path):
        raise CaseNotFound(_("您没有上报过编号为“%(number)s”的诉求") % {"number": number[:40]})
    case = queries.lock_case(case.pk)
    if case.stage is None:
        raise Conflict(_("这件诉求已经办结，不能再补充；仍未解决的请重新上报"))
    for photo in photos:
        cases.add_photo(actor=actor, case_id=case.pk, data=files.read(photo.digest), now=now)
    said, _hidden = mask_text(strip_tags(words).strip())
    return cases.note_on_case(
        actor=actor, fact=RequestUpdated(case.pk, said or _("补充了照片")), now=now, case=case
    )  # fmt: skip
