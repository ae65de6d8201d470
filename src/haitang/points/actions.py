"""Writes to points: agreed to, earned, spent, given back, lapsed, compared; and the rules."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, crypto, history, ids
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import LOCAL, local_date
from haitang.core.errors import NotSignedIn
from haitang.core.scoping import path_of
from haitang.points import policies, queries
from haitang.points.facts import (
    PointRulesGiven,
    PointsAgreed,
    PointsEarned,
    PointSettingChanged,
    PointsLeft,
    PointsRecounted,
    RewardCancelled,
    RewardHanded,
    RewardKept,
    RewardOrdered,
)
from haitang.points.models import CODE, Holder, Posting, Redemption, Reward, Rule
from haitang.points.queries import RULES, SETTINGS, check_on, lock_holder
from haitang.points.values import (
    MOVES,
    NAME_LENGTH_MAX,
    NUMBER_MAX,
    WARN_DAYS_MAX,
    WORDS_LENGTH_MAX,
    BadPointRule,
    NewReward,
    NotAgreed,
    Permission,
    PointsNotFound,
    PostingKind,
    RedemptionClosed,
    RedemptionStatus,
    RewardKind,
    RuleRef,
    SoldOut,
    TooFewPoints,
    WrongPickupCode,
    minutes_beside,
)
from haitang.territory.queries import territory
from haitang.volunteers.queries import get_volunteer_of, services_since

CODE_LENGTH = 8


def _post(holder: Holder, kind: PostingKind, amount: int, on: date, now: datetime, **more: Any) -> None:
    """Add a posting to an account that is locked, and keep its balance."""
    source, target = MOVES[kind]
    Posting.objects.create(
        holder=holder, kind=kind, from_side=source, to_side=target, amount=amount, on=on, at=now, **more
    )
    holder.balance += amount if target.value == "person" else -amount
    holder.save(update_fields=["balance"])


def _own(actor: Actor) -> Holder:
    """Return the actor's account, locked. Raises NotAgreed."""
    holder_id = queries.holder_id_of(actor)
    if holder_id is None:
        raise NotAgreed(_("您还没有同意使用积分"))
    holder = lock_holder(holder_id)
    if holder.closed_at is not None:
        raise NotAgreed(_("您还没有同意使用积分"))
    return holder


@transaction.atomic
def agree_to_points(*, actor: Actor, now: datetime) -> Holder:
    """
    Open the actor's account as a volunteer; services on their record since the tenant's day are credited at once.

    Agreed to before, nothing changes. Raises PointsOff, NotSignedIn, PointsNotFound (no volunteer).
    """
    check_on()
    if actor.id is None:
        raise NotSignedIn(_("请先登录"))
    volunteer = get_volunteer_of(actor.id)
    if volunteer is None:
        raise PointsNotFound(_("登记为志愿者以后才能使用积分"))
    made, _is_new = Holder.objects.get_or_create(volunteer=volunteer, defaults={"agreed_at": now})
    holder = lock_holder(made.pk)
    if _is_new or holder.closed_at is not None:
        holder.closed_at, holder.agreed_at = None, now
        holder.save(update_fields=["closed_at", "agreed_at"])
        history.record(actor=actor, fact=PointsAgreed(holder.pk), at=now)
    _credit(actor, holder, now)
    return holder


@transaction.atomic
def leave_points(*, actor: Actor, now: datetime) -> None:
    """
    Close the actor's account; what is on it is gone, what was ordered can still be fetched.

    Raises PointsOff, NotAgreed.
    """
    check_on()
    holder = _own(actor)
    if holder.balance:
        _post(holder, PostingKind.CLOSED, holder.balance, local_date(now), now)
    holder.closed_at = now
    holder.save(update_fields=["closed_at"])
    history.record(actor=actor, fact=PointsLeft(holder.pk), at=now)


def _credit(actor: Actor, holder: Holder, now: datetime) -> int:
    """Credit a locked account with the services that it lacks, each by the rules of its day; return how many.

    Of services at the same time the one recorded first counts, of another only the minutes beside it.
    """
    known = check_on()
    assert known.from_date is not None  # check_on
    since = datetime.combine(known.from_date, time(0), LOCAL)
    have, added, before = queries.credited(holder.pk), 0, holder.balance
    services = services_since([holder.volunteer_id], since).get(holder.volunteer_id, [])
    taken = [(each.began_at, each.ended_at) for each in services if (each.source, each.source_id) in have]
    for each in services:
        day = local_date(each.recorded_at)
        if (each.source, each.source_id) in have or each.recorded_at > now:
            continue
        rule, minutes = known.on(day), minutes_beside(each.began_at, each.ended_at, taken)
        left = rule.month_most - queries.earned_in_month(holder.pk, day)
        amount = min(rule.worth(each.source, minutes), left)
        if amount <= 0:
            continue
        _post(
            holder, PostingKind.EARNED, amount, day, now, source=each.source, source_id=each.source_id,
            minutes=minutes, rule_from=rule.from_date,
        )  # fmt: skip
        taken.append((each.began_at, each.ended_at))
        added += 1
    if added:
        history.record(actor=actor, fact=PointsEarned(holder.pk, added, holder.balance - before), at=now)
    return added


@transaction.atomic
def credit_services(*, actor: Actor, volunteer_id: int, now: datetime) -> int:
    """
    Credit a volunteer's services as far as they have agreed to it, for the clock; return how many were lacking.

    Run again, it credits nothing. Where points are off, or nobody has agreed, nothing happens.
    """
    if not queries.is_on():
        return 0
    holder_id = Holder.objects.filter(volunteer_id=volunteer_id, closed_at=None).values_list("pk", flat=True).first()
    return _credit(actor, lock_holder(holder_id), now) if holder_id is not None else 0


@transaction.atomic
def order_reward(*, actor: Actor, reward_id: int, now: datetime) -> Redemption:
    """
    Spend points on a thing, to be fetched with the code shown to the person, or have it noted for 评先评优.

    Raises PointsOff, NotAgreed, PointsNotFound (no such reward where they live), SoldOut, TooFewPoints.
    """
    check_on()
    holder = _own(actor)
    volunteer = get_volunteer_of(actor.id)
    reward = queries.lock_reward(reward_id)
    if volunteer is None or not reward.is_active or reward.area_id not in volunteer.area_ids:
        raise PointsNotFound(_("没有这个兑换物品"))
    is_thing = reward.kind == RewardKind.THING
    if is_thing and reward.stock < 1:
        raise SoldOut(_("已经兑完了，请看看别的"))
    if holder.balance < reward.price:
        raise TooFewPoints(_("积分不够：需要 %(price)d，现有 %(balance)d") % {
            "price": reward.price, "balance": holder.balance
        })  # fmt: skip
    code = ids.query_code(CODE_LENGTH) if is_thing else ""
    row = Redemption.objects.create(
        holder=holder, reward=reward, price=reward.price, ordered_at=now,
        status=RedemptionStatus.ORDERED if is_thing else RedemptionStatus.NOTED,
        code_sealed=crypto.seal(code, CODE), code_index=crypto.blind_index(code, CODE) if code else b"",
    )  # fmt: skip
    if is_thing:
        reward.stock -= 1
        reward.save(update_fields=["stock"])
    _post(holder, PostingKind.SPENT, reward.price, local_date(now), now, redemption=row)
    history.record(actor=actor, fact=RewardOrdered(row.pk, reward.pk), at=now)
    return row


@transaction.atomic
def cancel_redemption(*, actor: Actor, redemption_id: int, now: datetime) -> Redemption:
    """
    Cancel an exchange that nobody has fetched; points and thing are back, once.

    By whose it is, or by who hands out there. Raises PointsOff, PointsNotFound, RedemptionClosed.
    """
    check_on()
    row = queries.get_redemption(redemption_id)
    policies.check_can_cancel(actor, row, queries.holder_id_of(actor))
    holder, reward = lock_holder(row.holder_id), queries.lock_reward(row.reward_id)
    row = queries.get_redemption(redemption_id)
    if row.status not in (RedemptionStatus.ORDERED, RedemptionStatus.NOTED):
        raise RedemptionClosed(_("这个兑换单已是“%(status)s”") % {"status": row.get_status_display()})
    if row.status == RedemptionStatus.ORDERED:
        reward.stock += 1
        reward.save(update_fields=["stock"])
    _end(row, RedemptionStatus.CANCELLED, now)
    _post(holder, PostingKind.GIVEN_BACK, row.price, local_date(now), now, redemption=row)
    if holder.closed_at is not None:  # whoever has left gets nothing back
        _post(holder, PostingKind.CLOSED, row.price, local_date(now), now)
    history.record(actor=actor, fact=RewardCancelled(row.pk), at=now)
    return row


def _end(row: Redemption, status: RedemptionStatus, now: datetime) -> None:
    row.status, row.ended_at, row.code_sealed, row.code_index = status, now, b"", b""
    row.save(update_fields=["status", "ended_at", "code_sealed", "code_index"])


@transaction.atomic
def hand_out_reward(*, actor: Actor, code: str, now: datetime) -> Redemption:
    """
    Hand a thing out to whoever has the code, once.

    Raises PointsOff, NotAllowed (no HAND anywhere), WrongPickupCode (none such where the actor hands out).
    """
    check_on()
    access.require(actor, Permission.HAND)
    typed = ids.normalize_code(code)[:40].replace("\x00", "")
    index = crypto.blind_index(typed, CODE) if typed else b"\x00"
    for found in Redemption.objects.filter(code_index=index, status=RedemptionStatus.ORDERED):
        lock_holder(found.holder_id)
        row = queries.get_redemption(found.pk)
        if row.status == RedemptionStatus.ORDERED and row.code == typed:
            if not access.allows(policies.check_can_hand, actor, row.reward):
                break
            _end(row, RedemptionStatus.HANDED, now)
            history.record(actor=actor, fact=RewardHanded(row.pk), at=now)
            return row
    wrong = _("没有这个领取码，或者已经领过，请核对")
    raise WrongPickupCode(wrong, {"code": wrong})


def expire_points(*, actor: Actor, now: datetime) -> int:
    """
    Let lapse what was earned longer ago than the rules in force keep it, the oldest being spent first.

    Whole months: what was earned in May can be spent until the end of May so many months later. Run again, nothing
    more lapses. Returns in how many accounts.
    """
    if not queries.is_on():
        return 0
    today, done = local_date(now), 0
    for holder_id in sorted(queries.lapsing_on(today)):
        with transaction.atomic():
            holder = lock_holder(holder_id)
            due = queries.lapsing_on(today, [holder_id]).get(holder_id, 0)
            if due > 0 and holder.closed_at is None:
                _post(holder, PostingKind.EXPIRED, due, today, now)
                done += 1
    return done


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount has found. wrong: accounts that differ from their postings. missing: services now credited."""

    checked: int
    wrong: list[int]
    missing: int


def recount_points(*, actor: Actor, now: datetime) -> Recount:
    """
    Compare every balance with its postings, and the postings with the services; credit what is lacking.

    A wrong balance is told and left for people to look at: nothing is overwritten. For the clock.
    """
    if not queries.is_on():
        return Recount(0, [], 0)
    wrong, missing, found = [], 0, queries.open_holder_ids()
    for holder_id in found:
        with transaction.atomic():
            holder = lock_holder(holder_id)
            if queries.balance_by_postings([holder_id]).get(holder_id, 0) != holder.balance:
                wrong.append(holder_id)
                continue
            missing += _credit(actor, holder, now)
    run_id = int(f"{local_date(now):%Y%m%d}")
    history.record(actor=actor, fact=PointsRecounted(run_id, len(found), len(wrong), missing), at=now)
    return Recount(len(found), wrong, missing)


@transaction.atomic
def turn_points(
    *, actor: Actor, is_on: bool, from_date: date | None, now: datetime, warn_days: int | None = None
) -> None:
    """
    Turn points on or off, and say from which day services count. Off, nothing is shown and nothing is lost.

    warn_days: so many days before points lapse people are told, 0 for never, None to leave it as it is.
    Raises NotAllowed, BadPointRule (on without a day, or with one to come; days out of bounds).
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    if is_on and (from_date is None or not date(2000, 1, 1) <= from_date <= local_date(now)):
        wrong = _("请填写从哪一天的服务开始计，不晚于今天")
        raise BadPointRule(wrong, {"from_date": wrong})
    if warn_days is None:
        warn_days = queries.rules().warn_days
    if not 0 <= warn_days <= WARN_DAYS_MAX:
        wrong = _("应在 %(least)d 到 %(most)d 之间") % {"least": 0, "most": WARN_DAYS_MAX}
        raise BadPointRule(wrong, {"warn_days": wrong})
    since = from_date.isoformat() if from_date else ""
    for key, value in (("is_on", is_on), ("from_date", since), ("warn_days", warn_days)):
        if change := SETTINGS.change(key, value):
            fact = PointSettingChanged(change.row.pk, key, json.dumps(value))
            history.record(actor=actor, fact=fact, at=now)
    RULES.touch()


@transaction.atomic
def give_point_rules(*, actor: Actor, rule: RuleRef, now: datetime) -> Rule:
    """
    Give the rules that hold from a day on; what was earned before stays as it was.

    Raises NotAllowed, BadPointRule (numbers; a day that is past or has rules already).
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    fields = {}
    if rule.from_date < local_date(now):
        fields["from_date"] = _("生效日期不能早于今天")
    elif Rule.objects.filter(from_date=rule.from_date).exists():
        fields["from_date"] = _("这一天已有规则")
    for name, least, most in (("per_hour", 0, 1000), ("month_most", 1, 100_000), ("keep_months", 1, 120)):
        if not least <= getattr(rule, name) <= most:
            fields[name] = _("应在 %(least)d 到 %(most)d 之间") % {"least": least, "most": most}
    if not all(0 <= percent <= 1000 and 0 < len(source) <= 40 for source, percent in rule.kinds.items()):
        fields["kinds"] = _("比例应为 0 到 1000")
    if fields:
        raise BadPointRule(_("请核对规则"), fields)
    row = Rule.objects.create(
        from_date=rule.from_date, per_hour=rule.per_hour, month_most=rule.month_most, keep_months=rule.keep_months,
        kinds=dict(rule.kinds), given_at=now,
    )  # fmt: skip
    RULES.touch()
    history.record(actor=actor, fact=PointRulesGiven(row.pk, row.from_date.isoformat()), at=now)
    return row


@transaction.atomic
def keep_reward(*, actor: Actor, new: NewReward, now: datetime, reward_id: int | None = None) -> Reward:
    """
    Enter a reward, or change one; what was ordered before keeps its price.

    Raises NotAllowed, PointsNotFound, BadPointRule.
    """
    access.require(actor, Permission.MANAGE)
    area = territory().by_code(new.area_code)
    wrong = {}
    if area is None:
        wrong["area"] = _("请选择区域")
    if not 0 < len(new.title.strip()) <= NAME_LENGTH_MAX or "\x00" in new.title:
        wrong["title"] = _("请填写名称，最多 %(n)d 字") % {"n": NAME_LENGTH_MAX}
    if len(new.words) > WORDS_LENGTH_MAX or "\x00" in new.words:
        wrong["words"] = _("最多 %(n)d 字") % {"n": WORDS_LENGTH_MAX}
    if new.kind not in RewardKind.values:
        wrong["kind"] = _("请选择种类")
    if not 1 <= new.price <= NUMBER_MAX:
        wrong["price"] = _("应在 %(least)d 到 %(most)d 之间") % {"least": 1, "most": NUMBER_MAX}
    if not 0 <= new.stock <= NUMBER_MAX:
        wrong["stock"] = _("应在 %(least)d 到 %(most)d 之间") % {"least": 0, "most": NUMBER_MAX}
    if new.kind == RewardKind.THING and not 0 < len(new.place.strip()) <= WORDS_LENGTH_MAX:
        wrong["place"] = _("请填写领取地点")
    if wrong or area is None:
        raise BadPointRule(_("请核对兑换物品"), wrong)
    access.require(actor, Permission.MANAGE, area_path=area.path)
    row = queries.lock_reward(reward_id) if reward_id is not None else Reward()
    if reward_id is not None:
        access.require(actor, Permission.MANAGE, area_path=path_of(row.area_ids))
    row.title, row.kind, row.words, row.price = new.title.strip(), new.kind, new.words.strip(), new.price
    row.stock = new.stock if new.kind == RewardKind.THING else 0
    row.area_id, row.area_ids, row.place, row.is_active = area.id, list(area.ids), new.place.strip(), new.is_active
    row.save()
    history.record(actor=actor, fact=RewardKept(row.pk, row.title), at=now)
    return row
