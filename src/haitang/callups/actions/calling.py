"""Calling everybody who fits, asking for more, and calling it off."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.callups import policies, queries
from haitang.callups.actions.shared import audience_of, clean, promote
from haitang.callups.facts import CallUpCancelled, CallUpChanged, CallUpStarted
from haitang.callups.lifecycle import Status, check_goes_on
from haitang.callups.models import CODE, Call, CallUp
from haitang.callups.values import (
    CODE_BYTES,
    PLACE_LENGTH_MAX,
    PLACES_MAX,
    PURPOSE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    CallUpInvalid,
    NewCallUp,
    NobodyFits,
    Urgency,
)
from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.organizations.queries import organizations

_ROWS = 2000


@transaction.atomic
def start_callup(*, actor: Actor, new: NewCallUp, now: datetime) -> CallUp:
    """
    Call everybody who fits, in a few statements for thousands; each is told by the job that follows.

    Raises NotAllowed, CallUpInvalid (fields), NobodyFits.
    """
    found = queries.find_called(viewer=actor, whom=new.whom, begins_at=new.begins_at, ends_at=new.ends_at, now=now)
    purpose = clean(new.purpose, "purpose", PURPOSE_LENGTH_MAX, _("请写明为什么事召唤"))
    place = clean(new.place, "place", PLACE_LENGTH_MAX, _("请写明到哪里集合"))
    words = clean(new.words, "words", WORDS_LENGTH_MAX)
    if new.urgency not in Urgency.values:
        raise CallUpInvalid(_("请选择紧急程度"), {"urgency": _("请选择紧急程度")})
    _check_answer_by(new.answer_by, new.ends_at, now)
    _check_places(new.places)
    most = queries.callup_rules()["called_max"]
    if not found:
        raise NobodyFits(_("没有符合条件、愿意被召唤的人，请放宽条件"))
    if len(found) > most:
        wrong = _("符合条件的有 %(n)d 人，一次最多召唤 %(most)d 人，请缩小范围") % {"n": len(found), "most": most}
        raise CallUpInvalid(wrong, {"area": wrong})
    area = queries.area_called(new.whom.area_code)
    office = organizations().by_id(actor.organization_id)
    row = CallUp.objects.create(
        area_id=area.id, area_ids=list(area.ids), organization_id=office.id if office else None,
        called_by_id=actor.id, called_by_name=actor.name, called_at=now, purpose=purpose, words=words, place=place,
        urgency=new.urgency, begins_at=new.begins_at, ends_at=new.ends_at, answer_by=new.answer_by,
        skills=list(new.whom.skills), classes=list(new.whom.classes), only_free=new.whom.only_free,
        places=new.places, called=len(found), code_sealed=crypto.seal(secrets.token_urlsafe(CODE_BYTES), CODE),
    )  # fmt: skip
    Call.objects.bulk_create((Call(callup=row, volunteer_id=each.id) for each in found), batch_size=_ROWS)
    fact = CallUpStarted(
        row.pk, row.purpose, row.urgency, row.places, row.called, row.begins_at.isoformat(), row.answer_by.isoformat(),
        row.skills, row.classes,
    )  # fmt: skip
    accounts = (each.account_id for each in found)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row, accounts))
    return row


def _check_answer_by(answer_by: datetime, ends_at: datetime, now: datetime) -> None:
    if not now < answer_by <= ends_at:
        wrong = _("答复截止应在现在以后、结束以前")
        raise CallUpInvalid(wrong, {"answer_by": wrong})


def _check_places(places: int | None) -> None:
    if places is not None and not 1 <= places <= PLACES_MAX:
        wrong = _("所需人数应为 1 至 %(n)d，不限请留空") % {"n": PLACES_MAX}
        raise CallUpInvalid(wrong, {"places": wrong})


@transaction.atomic
def change_callup(*, actor: Actor, callup_id: int, places: int | None, answer_by: datetime, now: datetime) -> CallUp:
    """
    Say anew how many are needed and until when they may answer; more places go to the wait list at once.

    Fewer places never take one from who has it. Raises CallUpNotFound, NotAllowed, CallUpOver, CallUpInvalid.
    """
    row = queries.lock_callup(callup_id)
    policies.check_can_lead(actor, row)
    check_goes_on(row.status)
    _check_places(places)
    if answer_by != row.answer_by:
        _check_answer_by(answer_by, row.ends_at, now)
    if places is not None and places < row.taken:
        wrong = _("已有 %(n)d 人答复来，所需人数不能更少") % {"n": row.taken}
        raise CallUpInvalid(wrong, {"places": wrong})
    if (row.places, row.answer_by) == (places, answer_by):
        return row
    row.places, row.answer_by = places, answer_by
    row.save(update_fields=["places", "answer_by"])
    fact = CallUpChanged(row.pk, places, answer_by.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    promote(actor, row, now)
    return row


@transaction.atomic
def cancel_callup(*, actor: Actor, callup_id: int, reason: str, now: datetime) -> CallUp:
    """
    Call it off; everybody who was called is told, with the reason.

    Raises CallUpNotFound, NotAllowed, CallUpOver, CallUpInvalid (no reason).
    """
    row = queries.lock_callup(callup_id)
    policies.check_can_lead(actor, row)
    check_goes_on(row.status)
    row.reason = clean(reason, "reason", WORDS_LENGTH_MAX, _("请说明为什么取消，大家会看到"))
    row.status, row.closed_at = Status.CANCELLED, now
    row.save(update_fields=["status", "reason", "closed_at"])
    fact = CallUpCancelled(row.pk, row.reason)
    audience = audience_of(row, queries.accounts_called(row.pk))
    history.record(actor=actor, fact=fact, at=now, audience=audience)
    return row
