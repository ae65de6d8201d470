"""Reads over points: whether there are any, the rules, one's own statement, what is to be handed out, the recount."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.policy import Policy
from haitang.core.schemas import ID_MAX
from haitang.core.scoping import below
from haitang.core.shipped import Settings, read_shipped
from haitang.points.models import Holder, PointSetting, Posting, Redemption, Reward, Rule
from haitang.points.values import (
    Permission,
    PointsNotFound,
    PointsOff,
    PostingKind,
    RedemptionStatus,
    RuleRef,
    Side,
    months_back,
)
from haitang.territory.queries import territory
from haitang.volunteers.queries import get_volunteer_of

SHOWN_MAX = 200
SETTINGS = Settings(cache(partial(read_shipped, "points", "settings.toml")), PointSetting)


@dataclass(frozen=True, slots=True)
class Rules:
    """Whether there are points, from which day services count, and every version of the rules, the oldest first.

    warn_days: so many days before points lapse the person is told; 0 for never.
    """

    is_on: bool
    from_date: date | None
    versions: tuple[RuleRef, ...]
    warn_days: int

    def on(self, day: date) -> RuleRef:
        """Return the version in force on that day; before the first of the office, the shipped one."""
        return next((each for each in reversed(self.versions) if each.from_date <= day), shipped_rule())


@cache
def shipped_rule() -> RuleRef:
    """Return the rules as shipped."""
    data = read_shipped("points", "rules.toml")
    return RuleRef(date(2000, 1, 1), data["per_hour"], data["month_most"], data["keep_months"], data["kinds"])


def _load() -> Rules:
    values = SETTINGS.values()
    rows = Rule.objects.order_by("from_date")
    versions = tuple(RuleRef(r.from_date, r.per_hour, r.month_most, r.keep_months, r.kinds) for r in rows)
    begins = date.fromisoformat(values["from_date"]) if values["from_date"] else None
    return Rules(bool(values["is_on"]) and begins is not None, begins, versions, values["warn_days"])


RULES: Policy[Rules] = Policy("points.rules", _load)


def rules() -> Rules:
    """Return settings and rules in force; costs look-ups unless an action has touched them since."""
    return RULES.get()


def is_on() -> bool:
    """Tell whether the tenant has turned points on."""
    return rules().is_on


def check_on() -> Rules:
    """Return the rules. Raises PointsOff: then there is no page, no menu entry and no interface of points."""
    known = rules()
    if not known.is_on:
        raise PointsOff(_("本地没有启用积分"))
    return known


def holder_id_of(actor: Actor) -> int | None:
    """Return the id of the actor's account, None without one; one that was left counts as none."""
    volunteer = get_volunteer_of(actor.id)
    if volunteer is None:
        return None
    return Holder.objects.filter(volunteer=volunteer, closed_at=None).values_list("pk", flat=True).first()


def lock_holder(holder_id: int) -> Holder:
    """Return the account, locked; raise PointsNotFound. For actions; a reward is locked after it."""
    rows = Holder.objects.select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=holder_id).first() if 0 < holder_id <= ID_MAX else None
    if found is None:
        raise PointsNotFound(_("没有这个积分账户"))
    return found


def lock_reward(reward_id: int) -> Reward:
    """Return the reward, locked; raise PointsNotFound. For actions, after the account."""
    rows = Reward.objects.select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=reward_id).first() if 0 < reward_id <= ID_MAX else None
    if found is None:
        raise PointsNotFound(_("没有这个兑换物品"))
    return found


def get_redemption(redemption_id: int) -> Redemption:
    """Return the exchange with its reward; raise PointsNotFound. For actions."""
    rows = Redemption.objects.select_related("reward")
    found = rows.filter(pk=redemption_id).first() if 0 < redemption_id <= ID_MAX else None
    if found is None:
        raise PointsNotFound(_("没有这个兑换单"))
    return found


def balance_by_postings(holder_ids: Iterable[int]) -> dict[int, int]:
    """Return what the postings of each account come to; 0 is left out."""
    signed = Sum(Case(When(to_side=Side.PERSON, then=F("amount")), default=-F("amount"), output_field=IntegerField()))
    rows = Posting.objects.filter(holder__in=list(holder_ids)).order_by().values_list("holder_id")
    return dict(rows.annotate(sum=signed))


def earned_in_month(holder_id: int, day: date) -> int:
    """Return what an account has earned in the calendar month of that day."""
    rows = Posting.objects.filter(holder_id=holder_id, kind=PostingKind.EARNED, on__year=day.year, on__month=day.month)
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def credited(holder_id: int) -> set[tuple[str, str]]:
    """Return the services that an account has been credited with."""
    rows = Posting.objects.filter(holder_id=holder_id, kind=PostingKind.EARNED)
    return set(rows.values_list("source", "source_id"))


def lapsing_on(day: date, holder_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Return by open account what lapses on that day by the rules then in force, if nothing is spent before.

    Whole months: what was earned in May can be spent until the end of May so many months later; the oldest is spent
    first. holder_ids: of these accounts alone. One statement for any number; accounts of which nothing lapses are
    left out.
    """
    cutoff = months_back(day, rules().on(day).keep_months)
    rows = Posting.objects.filter(holder__closed_at=None)
    if holder_ids is not None:
        rows = rows.filter(holder__in=list(holder_ids))
    found = rows.order_by().values("holder_id", "holder__balance").annotate(
        out=Coalesce(Sum("amount", filter=Q(from_side=Side.PERSON)), 0),
        back=Coalesce(Sum("amount", filter=Q(kind=PostingKind.GIVEN_BACK)), 0),
        earned=Coalesce(Sum("amount", filter=Q(kind=PostingKind.EARNED, on__lt=cutoff)), 0),
    )  # fmt: skip
    due = {row["holder_id"]: min(row["earned"] - row["out"] + row["back"], row["holder__balance"]) for row in found}
    return {holder_id: points for holder_id, points in due.items() if points > 0}


def next_lapse(day: date) -> date:
    """Return the next day after this on which points can lapse: the first of a month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def accounts_of(holder_ids: Iterable[int]) -> dict[int, int]:
    """Return the accounts of the site by points account, of those who have one. For jobs."""
    rows = Holder.objects.filter(pk__in=list(holder_ids), volunteer__account__isnull=False)
    return dict(rows.values_list("pk", "volunteer__account_id"))


def open_holder_ids() -> list[int]:
    """Return the accounts of those who have agreed, for the clock."""
    return list(Holder.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True))


def account_of(holder_id: int) -> int | None:
    """Return the account of whose points they are, None for who has left or has none. For jobs."""
    rows = Holder.objects.filter(pk=holder_id, closed_at=None)
    return rows.values_list("volunteer__account_id", flat=True).first()


def get_redemption_for_job(redemption_id: int) -> Redemption | None:
    """Return the exchange with its reward and whose it is, or None. For jobs, which show nobody anything."""
    return Redemption.objects.select_related("reward", "holder__volunteer").filter(pk=redemption_id).first()


@dataclass(frozen=True, slots=True)
class PostingLine:
    """A posting as the statement shows it. change: with its sign. why: in words."""

    posting: Posting
    change: int
    why: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person sees of their account; without one, has_agreed is False and the rest empty.

    lapsing: what lapses next, on lapses_on, if nothing is spent before.
    """

    is_volunteer: bool
    has_agreed: bool
    balance: int
    rule: RuleRef
    from_date: date | None
    lines: list[PostingLine]
    redemptions: list[Redemption]
    rewards: list[Reward]
    lapsing: int = 0
    lapses_on: date | None = None


def get_statement(*, viewer: Actor, now: datetime) -> Statement:
    """Return the viewer's own statement, with what they can have. Raises PointsOff."""
    known = check_on()
    volunteer = get_volunteer_of(viewer.id)
    holder = Holder.objects.filter(volunteer=volunteer, closed_at=None).first() if volunteer is not None else None
    rule = known.on(local_date(now))
    if holder is None or volunteer is None:
        return Statement(volunteer is not None, False, 0, rule, known.from_date, [], [], [])
    lapses_on = next_lapse(local_date(now))
    return Statement(
        True, True, holder.balance, rule, known.from_date, _lines(holder.postings.order_by("-id")[:SHOWN_MAX]),
        list(holder.redemptions.select_related("reward").order_by("-ordered_at", "-id")[:SHOWN_MAX]),
        list_rewards(area_ids=volunteer.area_ids), lapsing_on(lapses_on, [holder.pk]).get(holder.pk, 0), lapses_on,
    )  # fmt: skip


def list_postings(*, viewer: Actor) -> list[PostingLine]:
    """Return every posting of the viewer's own account, the oldest first. Raises PointsOff, PointsNotFound."""
    check_on()
    holder_id = holder_id_of(viewer)
    if holder_id is None:
        raise PointsNotFound(_("没有这个积分账户"))
    return _lines(Posting.objects.filter(holder_id=holder_id).order_by("id"))


def _lines(rows: Any) -> list[PostingLine]:
    return [
        PostingLine(each, each.amount if each.to_side == Side.PERSON else -each.amount, _why(each))
        for each in rows.select_related("redemption__reward")
    ]


def _why(posting: Posting) -> str:
    if posting.kind == PostingKind.EARNED and posting.rule_from == shipped_rule().from_date:
        return _("服务 %(minutes)d 分钟，按随产品发布的规则") % {"minutes": posting.minutes or 0}
    if posting.kind == PostingKind.EARNED:
        return _("服务 %(minutes)d 分钟，按 %(day)s 起的规则") % {
            "minutes": posting.minutes or 0, "day": posting.rule_from
        }  # fmt: skip
    return posting.redemption.reward.title if posting.redemption is not None else posting.get_kind_display()


def list_rewards(*, area_ids: Iterable[int]) -> list[Reward]:
    """Return what can be had where somebody lives: of their areas and those around them, the cheapest first."""
    rows = Reward.objects.filter(is_active=True, area_id__in=list(area_ids))
    return [row for row in rows.order_by("price", "id") if row.kind == "note" or row.stock > 0]


def list_kept_rewards(*, viewer: Actor) -> list[Reward]:
    """Return every reward. Raises NotAllowed."""
    access.require(viewer, Permission.MANAGE)
    return list(Reward.objects.select_related("area").order_by("-is_active", "id")[:SHOWN_MAX])


def get_kept_reward(*, viewer: Actor, reward_id: int) -> Reward:
    """Return a reward to be changed. Raises NotAllowed, PointsNotFound."""
    access.require(viewer, Permission.MANAGE)
    found = Reward.objects.filter(pk=reward_id).first() if 0 < reward_id <= ID_MAX else None
    if found is None:
        raise PointsNotFound(_("没有这个兑换物品"))
    return found


@dataclass(frozen=True, slots=True)
class HandLine:
    """An exchange as who hands out sees it: the thing and the place; of a note the name."""

    redemption: Redemption
    area: str
    name: str


def list_to_hand(*, viewer: Actor) -> list[HandLine]:
    """Return what waits to be handed out and the notes, where the viewer hands out, the latest first.

    Raises PointsOff.
    """
    check_on()
    areas = viewer.areas(Permission.HAND)
    rows = Redemption.objects.filter(
        below(areas, "reward__area_ids"), status__in=(RedemptionStatus.ORDERED, RedemptionStatus.NOTED)
    ).select_related("reward", "holder__volunteer").order_by("-ordered_at", "-id")  # fmt: skip
    tree = territory()
    return [
        HandLine(
            row, tree.area(row.reward.area_id).name,
            row.holder.volunteer.name if row.status == RedemptionStatus.NOTED else "",
        )
        for row in rows[:SHOWN_MAX]
    ]  # fmt: skip


def settings_now() -> dict[str, Any]:
    """Return the settings in force by key."""
    return SETTINGS.values()
