"""Somebody stands in for somebody else (代办、AB岗)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import clock, history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid, NotAllowed
from haitang.people import policies, queries
from haitang.people.facts import DelegationEnded, DelegationGiven
from haitang.people.models import Delegation
from haitang.people.values import (
    DELEGATION_DAYS_MAX,
    DUTY_OF,
    DelegationOver,
    DelegationRefused,
    clean_text,
)


@transaction.atomic
def give_delegation(
    *, actor: Actor, account_id: int, deputy_id: int, from_date: date, to_date: date, reason: str, now: datetime
) -> Delegation:
    """Let the deputy act in the account's place, with what the account holds at that moment and not more.

    from_date, to_date: half-open, calendar dates in Asia/Shanghai. The account itself may ask, or whoever holds
    DELEGATION_MANAGE over all that the account may do. A deputy comes from the same organization.

    Raises NotAllowed, AccountUnknown, Invalid (dates, reason), DelegationRefused (oneself; a stranger; one of the three
    administrators; somebody stands in already; one of the two stands in, or is stood in for, in that time elsewhere).
    """
    if actor.standing_in_for is not None:
        raise NotAllowed(_("代办期间不能再委托他人"))
    for each in sorted({account_id, deputy_id}):
        queries.lock_account(each)
    _check_dates(from_date, to_date, clock.local_date(now))
    reason = clean_text(reason, field="reason", label=_("理由"), length_max=200)
    whole, deputy = queries.get_actor(account_id, now=now), queries.get_actor(deputy_id, now=now)
    policies.check_may_delegate(actor, account_id, whole)
    _check_pair(whole, deputy, account_id, deputy_id, from_date, to_date)
    row = Delegation(
        account_id=account_id, deputy_id=deputy_id, from_date=from_date, to_date=to_date, given_by_id=actor.id,
        reason=reason,
    )  # fmt: skip
    with refusing({"people_delegation_one_deputy": DelegationRefused(_("此时段已安排他人代办，请先结束原安排"))}):
        row.save(force_insert=True)
    queries.ACTORS.touch()
    dates = from_date.isoformat(), to_date.isoformat()
    history.record(actor=actor, fact=DelegationGiven(account_id, row.pk, deputy_id, *dates, reason), at=now)
    return row


def _check_dates(from_date: date, to_date: date, today: date) -> None:
    if from_date < today:
        raise Invalid(_("起始日期不能早于今天"), {"from_date": _("起始日期不能早于今天")})
    if to_date <= from_date:
        raise Invalid(_("终止日期应晚于起始日期"), {"to_date": _("终止日期应晚于起始日期")})
    if to_date - from_date > timedelta(days=DELEGATION_DAYS_MAX):
        text = _("代办一次最长 %(n)d 天") % {"n": DELEGATION_DAYS_MAX}
        raise Invalid(text, {"to_date": text})


def _check_pair(whole: Actor, deputy: Actor, account_id: int, deputy_id: int, from_date: date, to_date: date) -> None:
    if account_id == deputy_id:
        raise DelegationRefused(_("不能委托本人"))
    if not whole.is_known or not deputy.is_known:
        raise DelegationRefused(_("停用的账号不能委托或代办"))
    for each in (account_id, deputy_id):
        if queries.list_permissions_in_period(each, from_date, to_date) & set(DUTY_OF):
            raise DelegationRefused(_("系统、安全、审计管理员不能委托，也不能代办"))
    if whole.organization_id is None or whole.organization_id != deputy.organization_id:
        raise DelegationRefused(_("代办人应是本单位人员"))
    overlapping = Delegation.objects.filter(from_date__lt=to_date, to_date__gt=from_date)
    if overlapping.filter(account_id=deputy_id).exists():
        raise DelegationRefused(_("对方在此期间已委托他人代办，不能再代办（代办不能转手）"))
    if overlapping.filter(deputy_id=account_id).exists():
        raise DelegationRefused(_("在此期间正代他人办理，请先由对方另行安排（代办不能转手）"))


@transaction.atomic
def end_delegation(*, actor: Actor, delegation_id: int, now: datetime) -> Delegation:
    """Nobody stands in from now on; either of the two may say so, and whoever could have arranged it.

    Raises NotFound, NotAllowed, DelegationOver.
    """
    row = queries.get_delegation(delegation_id)
    if actor.id != row.deputy_id or actor.standing_in_for is not None:
        policies.check_may_delegate(actor, row.account_id, queries.get_actor(row.account_id, now=now))
    today = clock.local_date(now)
    if row.to_date <= max(today, row.from_date):
        raise DelegationOver(_("该代办已结束"))
    row.to_date = max(today, row.from_date)
    row.save(update_fields=["to_date"])
    queries.ACTORS.touch()
    history.record(actor=actor, fact=DelegationEnded(row.account_id, row.pk, row.deputy_id), at=now)
    return row
