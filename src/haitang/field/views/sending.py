"""What the page sends: its key, captures, photos."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.cases.values import PHOTOS_MAX, Permission
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.field import actions, queries
from haitang.field.schemas import CaptureIn, PhoneIn
from haitang.field.views.answering import in_json, parse
from haitang.people.queries import sign_in_rules
from haitang.people.values import ON_OWN_PHONE

PHONE = "field.phone"
"""In the session: the phone that a sign-out has to forget."""
NOTED = "field.noted"
"""In the session: its own key, once the phone's row knows it; the key changes at every sign-in and new password."""
PURPOSES = ("place", "before", "after")


@require_POST
@allow(Permission.REPORT)
@in_json
def join(request: Request) -> dict[str, Any]:
    """Switch the page on in this browser, and let the sign-in outlast the closing of it."""
    sent = parse(PhoneIn, request.body)
    phone = actions.join_phone(actor=request.actor, uid=sent.uid, key=sent.key, now=clock.now())
    _keep(request, phone.uid)
    return {"uid": str(phone.uid)}


@require_safe
@allow(SIGNED_IN)
@in_json
def key(request: Request, uid: UUID) -> dict[str, Any]:
    """Return the key under which the phone's drafts can be read, to the account that switched it on."""
    phone = queries.get_phone(viewer=request.actor, uid=uid)
    _keep(request, phone.uid)
    return {"key": phone.key, "made_at": phone.made_at}


@require_POST
@allow(SIGNED_IN)
@in_json
def forget(request: Request, uid: UUID) -> dict[str, Any]:
    """Destroy the key of one's own phone: it was replaced by another."""
    return {"forgotten": actions.forget_phone(actor=request.actor, uid=uid, now=clock.now(), reason="renewed")}


@require_POST
@allow(Permission.REPORT)
@in_json
def receive_case(request: Request) -> dict[str, Any]:
    """Take in a capture (form field `capture`, JSON) with its photos if it was put in order at once."""
    sent = parse(CaptureIn, request.POST.get("capture", ""))
    photos = request.FILES.getlist("photo")
    if len(photos) > PHOTOS_MAX:
        raise Invalid(_("每个案件最多 %(n)d 张照片") % {"n": PHOTOS_MAX})
    case = actions.send_capture(
        actor=request.actor, uid=sent.phone, capture=sent.as_capture(), now=clock.now(),
        photos=[_read(photo) for photo in photos],
    )  # fmt: skip
    return {"case_id": case.case_id, "number": case.number}


@require_POST
@allow(SIGNED_IN)
@in_json
def receive_photo(request: Request, case_id: int) -> dict[str, Any]:
    """Take in one photo of a case already sent (form fields `photo`, `purpose`, `key`, `phone`)."""
    try:
        name, phone = UUID(request.POST.get("key", "")), UUID(request.POST.get("phone", ""))
    except ValueError as error:
        raise Invalid(_("照片缺少编号")) from error
    photo, purpose = request.FILES.get("photo"), request.POST.get("purpose", "place")
    if photo is None or purpose not in PURPOSES:
        raise Invalid(_("没有收到照片"))
    added = actions.send_photo(
        actor=request.actor, uid=phone, key=name, case_id=case_id, data=_read(photo), purpose=purpose, now=clock.now()
    )
    return {"photo_id": added}


def _read(photo: Any) -> bytes:
    if photo.size is None or photo.size > settings.PHOTO_BYTES_MAX:
        raise Invalid(_("照片不能超过 %(n)d MB") % {"n": settings.PHOTO_BYTES_MAX // 2**20})
    return bytes(photo.read())


def _keep(request: Request, uid: UUID) -> None:
    """Note the phone in the session: signing out anywhere in this browser forgets it.

    The phone is its owner's (they said so when switching it on), so the sign-in lives on when the browser is closed.
    """
    if request.session.get(PHONE) != str(uid):
        request.session[PHONE] = str(uid)
        request.session[ON_OWN_PHONE] = True
        request.session.set_expiry(sign_in_rules()["field_session_days_max"] * 24 * 3600)
    session = request.session.session_key or ""
    if session and request.session.get(NOTED) != session:
        actions.note_sign_in(actor=request.actor, uid=uid, session=session, now=clock.now())
        request.session[NOTED] = session
