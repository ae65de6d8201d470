"""Changing what a form says about personal data: always a new version."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Conflict, Invalid
from haitang.privacy import queries
from haitang.privacy.facts import NoticeChanged
from haitang.privacy.models import NoticeVersion
from haitang.privacy.values import ANSWER_LENGTH_MAX, Permission


@transaction.atomic
def change_notice(
    *, actor: Actor, code: str, purpose: str, voluntary: str, now: datetime, consent: str = ""
) -> NoticeVersion | None:
    """
    Have a notice say something else from now on, as a new version; None where nothing changes.

    consent: kept as it was where the notice asks for none; one that asks for it cannot be made to ask for none.
    Raises NotAllowed, NotFound, Invalid, Conflict (somebody has just changed it).
    """
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    before = queries.notice_text(code)
    after = {"purpose": purpose.strip(), "voluntary": voluntary.strip(), "consent": consent.strip()}
    if not before.consent:
        after["consent"] = ""
    for key, text in after.items():
        if ((key != "consent" or before.consent) and not 2 <= len(text) <= ANSWER_LENGTH_MAX) or "\x00" in text:
            raise Invalid(_("请填写告知的内容"), {key: _("请填写告知的内容")})
    changed = [key for key, text in after.items() if text != getattr(before, key)]
    if not changed:
        return None
    with refusing({"privacy_notice_version": Conflict(_("刚刚有人改过这份告知，请刷新后重试"))}):
        row = NoticeVersion.objects.create(
            code=code, version=before.version + 1, made_at=now, made_by_id=actor.id, **after
        )
    queries.NOTICE_TEXTS.touch()
    history.record(actor=actor, fact=NoticeChanged(row.pk, code, row.version, changed), at=now)
    return row
