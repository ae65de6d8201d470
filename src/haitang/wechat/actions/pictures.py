"""Fetching what was sent as a picture: checked like every photo, kept for the report, or put to its case."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as cases
from haitang.core import crypto
from haitang.core.access import Actor
from haitang.core.errors import Conflict, Refusal
from haitang.core.photos import PhotoRefused
from haitang.wechat.actions import asking
from haitang.wechat.models import MEDIA, Dialogue, Picture
from haitang.wechat.queries import openid_of
from haitang.wechat.values import PlatformRefused, Standing

_AGAIN = {0, -1}
"""errcodes after which it makes sense to ask again: no answer, and the platform being busy."""


def fetch_picture(*, actor: Actor, picture_id: int, now: datetime) -> str:
    """
    Fetch a picture that somebody sent; keep it for the report, or put it to the case that came of it meanwhile.

    What is no photo, too large or gone is refused, and its sender told. Returns where it stands. Run again, it does
    nothing more. Raises PlatformRefused where asking again makes sense.
    """
    picture = Picture.objects.filter(pk=picture_id, standing=Standing.WAITING).first()
    if picture is None:
        return ""
    why = ""
    try:
        data = asking.fetch_media(media_id=crypto.open_(picture.media_sealed, MEDIA), now=now)
    except PlatformRefused as refusal:
        if refusal.errcode in _AGAIN:
            raise
        why = _("微信没有提供这张照片")
        data = b""
    with transaction.atomic():
        dialogue = Dialogue.objects.select_for_update(no_key=True).get(pk=picture.dialogue_id)
        picture = Picture.objects.select_for_update().get(pk=picture_id)
        if picture.standing != Standing.WAITING:
            return picture.standing
        if not why:
            why = _keep(actor, dialogue, picture, data, now)
        if why:
            picture.standing = Standing.REFUSED
        picture.media_sealed = b""
        picture.save()
    if why:
        _tell(dialogue, _("有一张照片没有收下：%(why)s") % {"why": why.rstrip("。")}, now)
    return picture.standing


def _keep(actor: Actor, dialogue: Dialogue, picture: Picture, data: bytes, now: datetime) -> str:
    """Keep the photo, or return why not."""
    try:
        if dialogue.case_id is not None:
            with transaction.atomic():
                cases.add_photo(actor=actor, case_id=dialogue.case_id, data=data, now=now)
            picture.standing = Standing.ATTACHED
        elif dialogue.ended_at is None:
            kept = cases.keep_photo(actor=actor, data=data, now=now)
            picture.digest, picture.mime, picture.size = kept.digest, kept.mime, kept.size
            picture.width, picture.height, picture.standing = kept.width, kept.height, Standing.KEPT
        else:
            picture.standing = Standing.REFUSED
    except (PhotoRefused, Conflict) as refusal:
        return refusal.message
    return ""


def _tell(dialogue: Dialogue, text: str, now: datetime) -> None:
    """Write to the sender if that is possible; the report does not depend on it."""
    try:
        asking.send_text(openid=openid_of(dialogue.contact), text=text, now=now)
    except Refusal:
        return
