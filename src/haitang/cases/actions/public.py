"""What people without an account send in: photos kept for now, and a report together with them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import policies
from haitang.cases.actions.reporting import report_case
from haitang.cases.facts import PhotoAdded
from haitang.cases.models import Attachment, Case
from haitang.cases.values import PHOTOS_MAX, KeptPhoto
from haitang.core import files, history
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.photos import clean_photo


def keep_photo(*, actor: Actor, data: bytes, now: datetime) -> KeptPhoto:
    """
    Check a photo, write it anew without metadata and keep it for a report that is still being written.

    data: what was uploaded. It belongs to nobody yet: `report_case_with_photos` takes it over, or
    `forget_unused_photos` removes it. Raises PhotoRefused.
    """
    photo = clean_photo(data)
    digest = files.store_for_now(photo.data)
    return KeptPhoto(digest, photo.mime, photo.width, photo.height, len(photo.data))


@transaction.atomic
def report_case_with_photos(
    *, actor: Actor, now: datetime, photos: Sequence[KeptPhoto], purpose: str = "place",
    answering: Mapping[str, KeptPhoto] | None = None, **report: Any,
) -> Case:  # fmt: skip
    """
    Take in a matter together with its photos: all of it or nothing.

    photos: as `keep_photo` returned them, at most nine with those `answering` a question of photos, by its key.
    purpose: of them all, place or after.
    report: as `report_case` takes it.
    Raises Invalid (too many photos), NotFound (a photo kept too long ago), and what `report_case` raises.
    """
    answers = {photo.digest: key for key, photo in (answering or {}).items()}
    wanted = {photo.digest: photo for photo in (*(answering or {}).values(), *photos)}
    if len(wanted) > PHOTOS_MAX:
        raise Invalid(_("每个案件最多 %(n)d 张照片") % {"n": PHOTOS_MAX})
    for digest in wanted:
        files.read(digest)
    case = report_case(actor=actor, now=now, photographed=set(answers.values()), **report)
    for photo in wanted.values():
        attachment = Attachment.objects.create(
            case=case, purpose=purpose, digest=photo.digest, mime=photo.mime, width=photo.width,
            height=photo.height, size=photo.size, added_by_id=actor.id, added_at=now,
            question=answers.get(photo.digest, ""),
        )  # fmt: skip
        fact = PhotoAdded(case.pk, attachment.pk, purpose)
        history.record(actor=actor, fact=fact, at=now, audience=policies.audience_of(case))
    transaction.on_commit(lambda: _claim(wanted))
    return case


def _claim(digests: Iterable[str]) -> None:
    for digest in digests:
        files.claim(digest)


def forget_unused_photos(*, actor: Actor, now: datetime) -> int:
    """
    Remove photos that were sent for reports which never came; return how many.

    Whatever was kept or kept again within PHOTO_UNUSED_HOURS stays; no unfinished report lives that long.
    """
    removed = 0
    for digest in files.list_unclaimed(now - timedelta(hours=settings.PHOTO_UNUSED_HOURS)):
        if Attachment.objects.filter(digest=digest).exists():
            files.claim(digest)
        else:
            files.discard(digest)
            removed += 1
    return removed
