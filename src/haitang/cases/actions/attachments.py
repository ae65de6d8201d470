"""Photos of a case."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import policies, queries
from haitang.cases.facts import PhotoAdded
from haitang.cases.models import Attachment, FormVersion
from haitang.cases.values import PHOTOS_MAX, Answer
from haitang.core import files, history
from haitang.core.access import Actor
from haitang.core.errors import Conflict, Invalid
from haitang.core.photos import clean_photo

PURPOSES = ("place", "before", "after")


def add_photo(
    *, actor: Actor, case_id: int, data: bytes, now: datetime, purpose: str = "place", question: str = ""
) -> Attachment:
    """
    Attach a photo, re-encoded and without metadata; the same photo twice is one.

    data: what was uploaded, JPEG, PNG or WebP, at most 10 MB and 40 megapixels. purpose: place, before, after.
    question: key of the question of photos that it answers, "" for none.
    Raises CaseNotFound, NotAllowed, Invalid (not such a picture), Conflict (nine are there already).
    """
    if purpose not in PURPOSES:
        raise Invalid(_("照片用途应为：现场、处置前、处置后"), {"purpose": _("请选择照片用途")})
    policies.check_can_attach(actor, queries.get_case(viewer=actor, case_id=case_id))
    photo = clean_photo(data)
    digest = files.store(photo.data)
    with transaction.atomic():
        case = queries.lock_case(case_id)
        if question:
            _check_question(question)
        held = Attachment.objects.filter(case=case)
        same = held.filter(digest=digest).first()
        if same is not None:
            if question and not same.question:
                same.question = question
                same.save(update_fields=["question"])
            return same
        if held.count() >= PHOTOS_MAX:
            raise Conflict(_("每个案件最多 %(n)d 张照片") % {"n": PHOTOS_MAX})
        attachment = Attachment.objects.create(
            case=case, purpose=purpose, digest=digest, mime=photo.mime, width=photo.width, height=photo.height,
            size=len(photo.data), added_by_id=actor.id, added_at=now, question=question,
        )  # fmt: skip
        fact = PhotoAdded(case.pk, attachment.pk, purpose)
        history.record(actor=actor, fact=fact, at=now, audience=policies.audience_of(case))
    return attachment


def _check_question(key: str) -> None:
    """Raise Invalid unless some category asks for a photo under that key; the deed that follows asks which it is."""
    asked = FormVersion.objects.filter(content__questions__contains=[{"key": key, "type": Answer.PHOTO.value}])
    if not asked.exists():
        raise Invalid(_("没有要照片的这个问题"), {"question": _("没有这个问题")})
