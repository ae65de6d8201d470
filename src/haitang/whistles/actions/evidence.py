"""Photos by which a department shows what it did."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.actions import note_on_case
from haitang.core import files
from haitang.core.access import Actor
from haitang.core.errors import Conflict
from haitang.core.photos import clean_photo
from haitang.whistles import policies, queries
from haitang.whistles.actions.common import call_of, lock_known_whistle
from haitang.whistles.facts import WhistlePhotoAdded
from haitang.whistles.lifecycle import Standing
from haitang.whistles.models import Call, Photo
from haitang.whistles.values import PHOTOS_MAX, WrongStep

_AT_WORK = frozenset({Standing.ARRIVED, Standing.HANDLED})


def add_whistle_photo(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, data: bytes) -> Photo:
    """
    Add a photo to what a department shows, re-encoded and without metadata; the same photo twice is one.

    data: what was uploaded, JPEG, PNG or WebP, at most 10 MB and 40 megapixels.
    Raises WhistleNotFound, NotYourCall, NotAllowed, WrongStep (not arrived, or signed off), Invalid, Conflict (nine).
    """
    whistle = queries.get_whistle(viewer=actor, whistle_id=whistle_id)
    call = call_of(list(whistle.calls.all()), call_id)
    policies.check_can_respond(actor, call.organization_id, whistle.case)
    photo = clean_photo(data)
    digest = files.store(photo.data)
    files.claim(digest)
    with transaction.atomic():
        case, whistle, calls = lock_known_whistle(actor, whistle_id)
        call = call_of(calls, call_id)
        _check_at_work(call)
        held = Photo.objects.filter(call=call)
        same = held.filter(digest=digest).first()
        if same is not None:
            return same
        if held.count() >= PHOTOS_MAX:
            raise Conflict(_("每个单位最多 %(n)d 张照片") % {"n": PHOTOS_MAX})
        kept = Photo.objects.create(
            call=call, digest=digest, mime=photo.mime, width=photo.width, height=photo.height, size=len(photo.data),
            added_by_id=actor.id, added_at=now,
        )  # fmt: skip
        fact = WhistlePhotoAdded(case.pk, whistle.pk, whistle.number, "", call.pk, kept.pk)
        note_on_case(actor=actor, fact=fact, now=now, case=case)
    return kept


def _check_at_work(call: Call) -> None:
    if Standing(call.status) not in _AT_WORK:
        raise WrongStep(_("报到后、销哨前可以上传照片"))
