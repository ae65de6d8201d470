"""Somebody else meets with the same (我也遇到)."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.queries import catalog
from haitang.cases.values import CaseNotFound
from haitang.cases.values import Permission as CasePermission
from haitang.core import access, crypto, ids, limits, wall
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.merging import policies, queries
from haitang.merging.actions.judging import reassess
from haitang.merging.facts import MeTooSaid
from haitang.merging.models import Voice
from haitang.merging.queries.own_data import PHONE
from haitang.merging.values import CODE_LENGTH, AlreadySaid, NotJoinable


@wall.opened("one account, one telephone and one browser count once, whoever asks")
def say_me_too(
    *, actor: Actor, case_id: int, now: datetime, party: str = "", phone: str = "", browser: str = ""
) -> Voice:
    """
    Add somebody to those who meet with the same; return the voice, whose code opens how the matter stands.

    party: who asks (an address), by which attempts are limited; "" for staff, who note what a caller says: then the
    telephone counts, and not their account. phone: stored sealed, optional for whoever speaks for themselves.
    browser: a token that the visitor's browser holds. One account, one telephone and one browser count once: whoever
    says so again from their account or browser gets the voice they have. A case that goes along with another counts
    for that one.
    Raises CaseNotFound (also for a denunciation), NotJoinable (it has ended), AlreadySaid, TooMany, Invalid (a caller
    without telephone), NotAllowed (staff without REPORT over the area).
    """
    phone = phone.strip()
    if party:
        key, per_hour = f"merging.voice:{party}", catalog().setting("voices_per_hour")
        limits.hit(key, limit=per_hour, window_s=3600, now=now)
    elif not phone:
        raise Invalid(_("请填写来电人的电话"), {"phone": _("请填写来电人的电话")})
    account_id = actor.id if party else None
    with transaction.atomic():
        if not party:
            case = case_queries.get_case(viewer=actor, case_id=case_id)
            access.require(actor, CasePermission.REPORT, area_path=case.area_path)
        return _say(actor, queries.main_of(case_id) or case_id, account_id, phone, _digest(browser), now)


def _say(actor: Actor, case_id: int, account_id: int | None, phone: str, browser: bytes | None, now: datetime) -> Voice:
    case = case_queries.lock_case(case_id)
    if case.is_confidential:
        raise CaseNotFound(_("没有这个案件"))
    if not policies.is_open(case):
        raise NotJoinable(_("这件事已经办结；如果又出现了，请重新上报"))
    own = Voice.objects.filter(case_id=case_id)
    held = own.filter(account_id=account_id).first() if account_id is not None else None
    held = held or (own.filter(browser=browser).first() if browser else None)
    if held is not None:
        return held
    if case_queries.is_reporter(case=case, account_id=account_id, phone=phone):
        raise AlreadySaid(_("这件事就是您上报的，不用再说“我也遇到”"))
    index = crypto.blind_index(phone, PHONE) if phone else None
    if index and any(_phone_of(each) == phone for each in own.filter(phone_index=index)):
        raise AlreadySaid(_("这个电话已经说过“我也遇到”"))
    voice = Voice.objects.create(
        case_id=case_id, account_id=account_id, query_code=ids.query_code(CODE_LENGTH),
        phone_sealed=crypto.seal(phone, PHONE) if phone else None, phone_index=index, browser=browser, at=now,
    )  # fmt: skip
    case_actions.note_on_case(actor=actor, fact=MeTooSaid(case_id, own.count()), now=now)
    reassess(actor=actor, case_id=case_id, now=now)
    return voice


def _digest(token: str) -> bytes | None:
    """Return what is kept of a browser's token: the token itself would let a reader of the table speak for it."""
    return hashlib.sha256(token.encode()).digest() if token else None


def _phone_of(voice: Voice) -> str:
    return crypto.open_(voice.phone_sealed or b"", PHONE)
