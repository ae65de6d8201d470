"""Plans of the matching as pages show them: the reasons in words, what became of each proposal."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.paging import Page
from haitang.matching import Lack
from haitang.orders.lifecycle import ProposalStatus, Status
from haitang.orders.models import Dispatch, Order, Proposal
from haitang.orders.queries.drawing import Drawn
from haitang.orders.queries.rules import TypeRef, order_rules
from haitang.orders.values import ProposalNotFound, Why
from haitang.territory.queries import territory
from haitang.volunteers.queries import names_of

SHOWN_MAX = 50
PLAN_ROWS = 50
"""Proposals, and orders without anybody, on one screen of a plan."""


def sentences(why: Why, numbers: dict[int, str]) -> list[str]:
    """Return the reasons in words. numbers: of the orders of the plan, by id."""
    if why.office:
        return _of_office(why)
    said = []
    if why.skills:
        said.append(_("具备所需技能：%(names)s") % {"names": "、".join(names_of("skill", why.skills))})
    if why.languages:
        said.append(_("会说：%(names)s") % {"names": "、".join(names_of("language", why.languages))})
    if why.metres is not None:
        said.append(_("与点单人所在网格相距约 %(n)d 米") % {"n": why.metres} if why.metres else _("与点单人同一网格"))
    if why.is_liked:
        said.append(_("本人愿意做这类服务"))
    said.append(_("没有限定时间，该时段无安排") if why.any_time else _("方便的时间包含该时段，且无其他安排"))
    said.append(_("近期服务和已约共约 %(n)d 小时") % {"n": why.hours} if why.hours else _("近期没有服务任务"))
    return [*said, _rank(why, numbers)]


def _of_office(why: Why) -> list[str]:
    said = [_("本服务的承接单位") if why.office == "named" else _("服务本区域，可承接这类服务")]
    said.append(_("近 30 天已承接或待答复 %(n)d 单") % {"n": why.hours} if why.hours else _("近 30 天没有承接订单"))
    return [*said, _rank(why, {})]


def _rank(why: Why, numbers: dict[int, str]) -> str:
    given = {"n": why.fitting, "rank": why.rank}
    if why.rank == 1:
        return _("符合条件的 %(n)d 方中最合适") % given
    if why.first_order in numbers:
        given["number"] = numbers[why.first_order or 0]  # type: ignore[assignment]  # a text among numbers
        return _("符合条件的 %(n)d 方中列第 %(rank)d 位；更合适的已派往 %(number)s，整体更优") % given
    return _("符合条件的 %(n)d 方中列第 %(rank)d 位，兼顾整体后最优") % given


def unmet_sentence(why: str, left: dict[str, int]) -> str:
    """Return in words why nobody could be proposed. left: people left after each question."""
    before = {
        Lack.SKILL: Lack.CIRCLE, Lack.LANGUAGE: Lack.SKILL, Lack.REACH: Lack.LANGUAGE,
        Lack.BARRED: Lack.REACH, Lack.TIME: Lack.BARRED, Lack.ROOM: Lack.TIME, Lack.TAKEN: Lack.ROOM,
    }  # fmt: skip
    said = {
        Lack.CIRCLE: _("本区域没有符合身份要求的登记人员，也没有可承接的单位"),
        Lack.SKILL: _("本区域 %(n)d 名登记人员都没有所需技能"),
        Lack.LANGUAGE: _("有技能的 %(n)d 人都不会所需的语言"),
        Lack.REACH: _("有技能的 %(n)d 人都不在各自愿意前往的距离内"),
        Lack.BARRED: _("距离合适的 %(n)d 人都已婉拒、退回、未答复本单，或者不做这类服务"),
        Lack.TIME: _("距离合适的 %(n)d 人该时段都没有空"),
        Lack.ROOM: _("有空的 %(n)d 人都已满额"),
        Lack.TAKEN: _("有空的 %(n)d 人都派给了本方案中的其他订单"),
    }
    lack = Lack(why)
    return said[lack] % {"n": left.get(before.get(lack, lack), 0)}


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal as the plan's page shows it."""

    proposal: Proposal
    order: Order
    type: TypeRef
    area_name: str
    person: str
    instead: str
    why: list[str]


@dataclass(frozen=True, slots=True)
class UnmetLine:
    """An order that the plan leaves without anybody, and why."""

    order: Order
    type: TypeRef
    area_name: str
    why: str


@dataclass(frozen=True, slots=True)
class DispatchPage:
    """A plan with what one screen of it shows. proposed, left, unmet: proposals, those still to be decided, and orders
    without anybody, in the whole plan. lines, missing: a page of the proposals, and of these orders."""

    dispatch: Dispatch
    area_name: str
    proposed: int
    left: int
    unmet: int
    lines: Page[ProposalLine]
    missing: Page[UnmetLine]


def get_dispatch(*, viewer: Actor, dispatch_id: int, cursor: str = "", missing_cursor: str = "") -> DispatchPage:
    """Return a plan with a page of its proposals and one of the orders it leaves, the soonest first.

    Raises ProposalNotFound, Invalid (a bad cursor).
    """
    row = get_plan(viewer=viewer, dispatch_id=dispatch_id)
    counted = dict(
        Proposal.objects.filter(dispatch=row).order_by().values_list("status").annotate(n=Count("id"))
    )  # fmt: skip
    return DispatchPage(
        row, territory().full_name(row.area_id), sum(counted.values()), counted.get(ProposalStatus.OPEN, 0),
        len(row.unmet), _proposed(row, cursor), _missing(row, missing_cursor),
    )  # fmt: skip


def get_plan(*, viewer: Actor, dispatch_id: int) -> Dispatch:
    """Return a plan alone. Raises ProposalNotFound."""
    row = Dispatch.objects.visible_to(viewer).filter(pk=dispatch_id).first()
    if row is None:
        raise ProposalNotFound(_("没有这份派单方案"))
    return row


def _soonest_first(rows: QuerySet[Order], cursor: str) -> Page[Order]:
    return page_by_instant(
        rows.select_related("service"), instant="begins_at", cursor=cursor, limit=PLAN_ROWS, newest_first=False
    )


def _proposed(row: Dispatch, cursor: str) -> Page[ProposalLine]:
    page = _soonest_first(Order.objects.filter(proposals__dispatch=row), cursor)
    proposals = Proposal.objects.filter(dispatch=row, order__in=page.rows).select_related(
        "volunteer", "organization", "instead", "instead_office"
    )
    by_order = {each.order_id: each for each in proposals}
    orders = {each.pk: each for each in page.rows}
    firsts = {each.why.get("first_order") for each in by_order.values()} - orders.keys() - {None}
    known = [*page.rows, *Order.objects.filter(pk__in=firsts)]
    numbers = {each.pk: each.number for each in known}
    for order_id, proposal in by_order.items():
        proposal.order = orders[order_id]
    lines = [_line(by_order[each.pk], numbers) for each in page.rows if each.pk in by_order]
    return Page(lines, previous=page.previous, next=page.next)


def _missing(row: Dispatch, cursor: str) -> Page[UnmetLine]:
    told = {pk: (why, left) for pk, why, left in row.unmet}
    page = _soonest_first(Order.objects.filter(pk__in=list(told)), cursor)
    kinds, tree = order_rules().by_id, territory()
    lines = [
        UnmetLine(each, kinds[each.service.type_id], tree.full_name(each.area_id), unmet_sentence(*told[each.pk]))
        for each in page.rows
    ]
    return Page(lines, previous=page.previous, next=page.next)


def _line(row: Proposal, numbers: dict[int, str]) -> ProposalLine:
    order = row.order
    instead = next((each.name for each in (row.instead, row.instead_office) if each is not None), "")
    who = row.volunteer or row.organization
    return ProposalLine(
        row, order, order_rules().by_id[order.service.type_id], territory().full_name(order.area_id),
        who.name if who else "", instead, sentences(read_why(row.why), numbers),
    )  # fmt: skip


def read_why(stored: dict[str, Any]) -> Why:
    """Return the reasons as they are stored."""
    return Why(**{**stored, "skills": tuple(stored["skills"]), "languages": tuple(stored.get("languages", ()))})


def is_for_job(*, viewer: Actor, dispatch_id: int) -> bool:
    """Tell whether a plan has too many open proposals to be followed while somebody waits. Raises ProposalNotFound."""
    if not Dispatch.objects.visible_to(viewer).filter(pk=dispatch_id).exists():
        raise ProposalNotFound(_("没有这份派单方案"))
    left = Proposal.objects.filter(dispatch_id=dispatch_id, status=ProposalStatus.OPEN).count()
    return bool(left > order_rules().setting("dispatch_at_once"))


def lock_dispatch(*, viewer: Actor, dispatch_id: int) -> Dispatch:
    """Return a plan, locked. Raises ProposalNotFound. For actions."""
    rows = Dispatch.objects.visible_to(viewer).select_for_update(no_key=True, of=("self",))
    row = rows.filter(pk=dispatch_id).first()
    if row is None:
        raise ProposalNotFound(_("没有这份派单方案"))
    return row


def get_proposal(*, viewer: Actor, proposal_id: int) -> ProposalLine:
    """Return one proposal. Raises ProposalNotFound."""
    seen = Dispatch.objects.visible_to(viewer)
    rows = Proposal.objects.select_related(
        "order__service", "volunteer", "organization", "instead", "instead_office", "dispatch"
    )
    row = rows.filter(pk=proposal_id, dispatch__in=seen).first()
    if row is None:
        raise ProposalNotFound(_("没有这条推荐"))
    first = (row.why.get("first_order"),)
    numbers = {each.pk: each.number for each in Order.objects.filter(pk__in=[pk for pk in first if pk])}
    return _line(row, numbers)


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """A plan in the list. counted: proposals by status."""

    dispatch: Dispatch
    area_name: str
    counted: Counter[str]


def list_dispatches(*, viewer: Actor) -> list[DispatchLine]:
    """Return the latest plans, newest first, at most 50."""
    rows = list(Dispatch.objects.visible_to(viewer).order_by("-made_at", "-id")[:SHOWN_MAX])
    counted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    found = Proposal.objects.filter(dispatch__in=rows).values_list("dispatch_id", "status").annotate(n=Count("id"))
    for dispatch_id, status, n in found:
        counted[dispatch_id][status] = n
    return [DispatchLine(row, territory().full_name(row.area_id), counted[row.pk]) for row in rows]


def lock_proposal(proposal_id: int) -> Proposal:
    """Return the proposal with its order, both locked, the order first; raise ProposalNotFound. For actions."""
    order_id = Proposal.objects.filter(pk=proposal_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise ProposalNotFound(_("没有这条推荐"))
    order = Order.objects.select_for_update(no_key=True, of=("self",)).select_related("service").get(pk=order_id)
    row = Proposal.objects.select_for_update(no_key=True, of=("self",)).select_related("dispatch").get(pk=proposal_id)
    row.order = order
    return row


def open_proposals(dispatch_id: int) -> list[int]:
    """Return the proposals of a plan that are to be decided, orders of the soonest first. For actions."""
    rows = Proposal.objects.filter(dispatch_id=dispatch_id, status=ProposalStatus.OPEN)
    return list(rows.order_by("order__begins_at", "order_id").values_list("pk", flat=True))


def stale_sentence(status: str) -> str:
    """Return in words why a proposal is no longer any good, by where its order stands now."""
    return _("订单现为“%(status)s”，已另行处理，未改动") % {"status": Status(status).label}


def latest_same(area_id: int, drawn: Drawn) -> Dispatch | None:
    """Return the area's last plan where all that is drawn now stands in it, still to be decided. For actions."""
    row = Dispatch.objects.filter(area_id=area_id).order_by("-made_at", "-id").first()
    if row is None:
        return None
    standing = set(
        Proposal.objects.filter(~Q(status=ProposalStatus.REPLACED), dispatch=row).values_list(
            "order_id", Coalesce("volunteer_id", -F("organization_id")), "status"
        )
    )
    drawn_now = {(each.task, each.person, ProposalStatus.OPEN.value) for each in drawn.found.proposals}
    unmet_now = {each.task for each in drawn.found.unmet}
    return row if standing == drawn_now and {each[0] for each in row.unmet} == unmet_now else None
