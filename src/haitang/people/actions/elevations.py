"""Permissions for some hours: asked for with a reason, agreed to by a second person, ended by themselves, reported."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.core import history
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid, NotSignedIn
from haitang.people import queries
from haitang.people.actions.notices import send_notices
from haitang.people.facts import ElevationAsked, ElevationEnded, ElevationGranted, ElevationRefused
from haitang.people.models import Elevation
from haitang.people.values import (
    AskedAlready,
    ElevationDecided,
    NotElevated,
    OwnGrant,
    Permission,
    clean_text,
    permission_names,
)


@transaction.atomic
def ask_elevation(*, actor: Actor, permission: str, hours: int, reason: str, now: datetime) -> Elevation:
    """Ask for a permission for some hours, over the scopes of the actor's own grants.

    By the rule `elevation_rule` a security administrator agrees ("second"), or it is held at once ("report"); either
    way security administrators are told.
    Raises NotSignedIn, NotElevated (the rule does not name it, or one of the three administrators asks), AskedAlready,
    Invalid (hours, reason).
    """
    if actor.id is None:
        raise NotSignedIn(_("请先登录"))
    if permission not in queries.may_ask_for(actor):
        if actor.holds(permission):
            raise AskedAlready(_("您已有这项权限"))
        raise NotElevated(_("这项权限不能临时申请"))
    rules = queries.sign_in_rules()
    most = rules["elevation_hours_max"]
    if not 1 <= hours <= most:
        text = _("时长应为 1 至 %(n)d 小时") % {"n": most}
        raise Invalid(text, {"hours": text})
    row = Elevation(
        account_id=actor.id, permission=permission, hours=hours, asked_at=now,
        reason=clean_text(reason, field="reason", label=_("理由"), length_max=200),
    )  # fmt: skip
    with refusing({"people_elevation_asked_once": AskedAlready(_("这项权限已在申请中，请等候批准"))}):
        row.save(force_insert=True)
    fact = ElevationAsked(actor.id, row.pk, permission, hours, row.reason)
    history.record(actor=actor, fact=fact, at=now)
    _tell_administrators(actor, row, "asked", gettext_noop("{name} 申请临时权限：{permission}"), now)
    if rules["elevation_rule"] == "report":
        _grant(actor, row, None, now)
    return row


@transaction.atomic
def grant_elevation(*, actor: Actor, elevation_id: int, now: datetime) -> Elevation:
    """Agree: the permission is held from now on for the hours asked for.

    Raises NotFound, NotAllowed (no GRANT_MANAGE everywhere), OwnGrant, ElevationDecided.
    """
    row = _lock_to_decide(actor, elevation_id)
    _grant(actor, row, actor.id, now)
    return row


@transaction.atomic
def refuse_elevation(*, actor: Actor, elevation_id: int, answer: str, now: datetime) -> Elevation:
    """Do not agree, and say why. Raises as grant_elevation, Invalid (no answer)."""
    row = _lock_to_decide(actor, elevation_id)
    row.answer = clean_text(answer, field="reason", label=_("理由"), length_max=200)
    row.decided_by_id, row.decided_at = actor.id, now
    row.save(update_fields=["answer", "decided_by", "decided_at"])
    fact = ElevationRefused(row.account_id, row.pk, row.permission, row.answer)
    history.record(actor=actor, fact=fact, at=now)
    _tell(actor, row, [row.account_id], "refused", gettext_noop("临时权限未获批准：{permission}"), now)
    return row


@transaction.atomic
def end_elevation(*, actor: Actor, elevation_id: int, now: datetime) -> Elevation:
    """End it before its time, or take back what nobody has decided; the holder may, and security administrators.

    Raises NotFound, NotAllowed, ElevationDecided (it has ended, or was refused).
    """
    row = queries.lock_elevation(elevation_id)
    if row.account_id != actor.id:
        require(actor, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    if row.until is not None and row.until > now:
        row.until = now
        row.save(update_fields=["until"])
        queries.ACTORS.touch()
        history.record(actor=actor, fact=ElevationEnded(row.account_id, row.pk, row.permission), at=now)
    elif row.decided_at is None and row.account_id == actor.id:
        row.answer, row.decided_at = _("本人撤回"), now
        row.save(update_fields=["answer", "decided_at"])
        fact = ElevationRefused(row.account_id, row.pk, row.permission, row.answer)
        history.record(actor=actor, fact=fact, at=now)
    else:
        raise ElevationDecided(_("这次申请已有结果"))
    return row


@transaction.atomic
def report_elevations(*, actor: Actor, now: datetime) -> int:
    """Tell the security administrators of those that have ended, and how often hidden data were looked at meanwhile."""
    ended = queries.list_ended_elevations(now)
    for row in ended:
        row.reported_at = now
        row.save(update_fields=["reported_at"])
        text = gettext_noop("{name} 的临时权限已结束：{permission}，期间查看隐去信息 {count} 次")
        _tell_administrators(actor, row, "ended", text, now, count=queries.count_unmaskings(row))
    return len(ended)


def _lock_to_decide(actor: Actor, elevation_id: int) -> Elevation:
    require(actor, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    row = queries.lock_elevation(elevation_id)
    if row.account_id == actor.id:
        raise OwnGrant(_("不能批准自己的申请"))
    if row.decided_at is not None:
        raise ElevationDecided(_("这次申请已有结果"))
    return row


def _grant(actor: Actor, row: Elevation, decided_by_id: int | None, now: datetime) -> None:
    row.decided_by_id, row.decided_at, row.granted_at = decided_by_id, now, now
    row.until = now + timedelta(hours=row.hours)
    row.save(update_fields=["decided_by", "decided_at", "granted_at", "until"])
    queries.ACTORS.touch()
    fact = ElevationGranted(row.account_id, row.pk, row.permission, row.until.isoformat())
    history.record(actor=actor, fact=fact, at=now)
    _tell(actor, row, [row.account_id], "granted", gettext_noop("临时权限已生效：{permission}"), now)


def _tell_administrators(actor: Actor, row: Elevation, what: str, text: str, now: datetime, **parts: int) -> None:
    told = queries.list_accounts_holding(Permission.GRANT_MANAGE, area_path=EVERYWHERE, now=now)
    _tell(actor, row, told, what, text, now, **parts)


def _tell(
    actor: Actor, row: Elevation, account_ids: list[int], what: str, text: str, now: datetime, **parts: int
) -> None:
    send_notices(
        actor=actor,
        account_ids=account_ids,
        key=f"elevation:{row.pk}:{what}",
        text=text,
        parts={
            "name": row.account.name, "permission": permission_names().get(row.permission, row.permission), **parts,
        },
        url=f"/elevations/{row.pk}/",
        now=now,
    )  # fmt: skip
