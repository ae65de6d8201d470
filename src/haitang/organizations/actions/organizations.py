"""Organizations themselves: entered (one, or a batch in a few statements), changed, closed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.constraints import refusing
from haitang.organizations import facts, models, policies, queries
from haitang.organizations.actions._common import check_exists, check_may_manage, refusals
from haitang.organizations.values import (
    MUTUAL,
    AreaRelation,
    CodeTaken,
    Hierarchy,
    NewOrganization,
    OrganizationInvalid,
    OrganizationRelation,
    OrganizationUnknown,
    StillHasChildren,
    check_organization,
    check_post,
)

FAULTS_SHOWN_MAX = 20
_BASE_FIELDS = ("name", "short_name", "kind", "credit_code", "phone", "calendar_id")


@transaction.atomic
def create_organization(*, actor: Actor, new: NewOrganization, now: datetime) -> models.Organization:
    """Enter one organization with its place, links and posts; see `create_organizations`."""
    ids = create_organizations(actor=actor, news=[new], now=now)
    return queries.get_row(ids[new.code])


@transaction.atomic
def create_organizations(*, actor: Actor, news: Sequence[NewOrganization], now: datetime) -> dict[str, int]:
    """Enter many organizations at once, in a number of statements that does not grow with them.

    Places, links and posts begin on each organization's first day. Parents and linked organizations
    are named by code and may be in the same batch. All or nothing; one fact for each organization.

    Returns the new ids by code.
    Raises OrganizationInvalid (at most 20 faulty rows are named, counted from 1), CodeTaken, CreditCodeTaken,
    NotFound (an area), OrganizationUnknown (a parent or linked code), OrganizationClosed (a parent, on the
    child's first day), NotAllowed (over an area named, an existing parent or, for an organization that serves
    no area, where it is located; the whole tenant for one without any area), CycleRefused, LinkOverlaps.
    """
    _check_rows(news)
    paths = queries.area_paths({area for new in news for area in _areas_of(new)})
    _check_may_create(actor, news, paths)
    taken = models.Organization.objects.filter(code__in=[new.code for new in news]).values_list("code", flat=True)
    if codes := sorted(taken)[:FAULTS_SHOWN_MAX]:
        raise CodeTaken(_("单位代码已被使用：%(codes)s") % {"codes": "、".join(codes)})
    known = _lock_named(actor, news, now)
    with refusing(refusals()):
        rows = models.Organization.objects.bulk_create(
            models.Organization(
                code=new.code, name=new.name.strip(), short_name=new.short_name.strip(), kind=new.kind,
                credit_code=new.credit_code, phone=new.phone, calendar_id=new.calendar_id, valid_from=new.valid_from,
            )
            for new in news
        )  # fmt: skip
        by_code = known | {row.code: row for row in rows}
        _place(news, by_code)
        _link(news, by_code)
    queries.touch_organizations()
    history.record_many(
        actor=actor,
        facts=[
            facts.OrganizationCreated(row.pk, row.code, row.name, row.kind, row.valid_from.isoformat()) for row in rows
        ],
        at=now,
    )
    return {row.code: row.pk for row in rows}


@transaction.atomic
def change_organization(
    *,
    actor: Actor,
    organization_id: int,
    name: str,
    short_name: str,
    kind: str,
    credit_code: str,
    phone: str,
    calendar_id: int | None,
    now: datetime,
) -> models.Organization:
    """Change an organization's base facts; the code and the periods stay. What is the same already is no change.

    calendar_id: working calendar of its own, None for the tenant's.
    Raises OrganizationUnknown, NotAllowed, OrganizationInvalid, CreditCodeTaken.
    """
    organization = queries.lock_organization(organization_id)
    check_may_manage(actor, organization, now)
    given: dict[str, Any] = {
        "name": name.strip(), "short_name": short_name.strip(), "kind": kind, "credit_code": credit_code,
        "phone": phone, "calendar_id": calendar_id,
    }  # fmt: skip
    check_organization(code=organization.code, **{key: given[key] for key in given if key != "calendar_id"})
    changed = [key for key in _BASE_FIELDS if getattr(organization, key) != given[key]]
    if not changed:
        return organization
    before = [_as_text(getattr(organization, key)) for key in changed]
    for key in changed:
        setattr(organization, key, given[key])
    with refusing(refusals()):
        organization.save(update_fields=changed)
    queries.touch_organizations()
    after = [_as_text(given[key]) for key in changed]
    history.record(actor=actor, fact=facts.OrganizationChanged(organization.pk, changed, before, after), at=now)
    return organization


@transaction.atomic
def close_organization(*, actor: Actor, organization_id: int, on: date, now: datetime) -> models.Organization:
    """End the organization on that day, the first on which it no longer exists, with its places, links and posts.

    What was entered to begin later never takes effect. Nothing is deleted.
    Raises OrganizationUnknown, NotAllowed, OrganizationClosed (ended before, or not begun),
    StillHasChildren (others stand under it on that day or later: place them elsewhere first).
    """
    organization = queries.lock_organization(organization_id)
    check_may_manage(actor, organization, now)
    check_exists(organization, on)
    still = Q(to_date__isnull=True) | Q(to_date__gt=on)
    children = models.Subordination.objects.filter(still, parent=organization).select_related("child").order_by("id")
    if names := [str(place.child) for place in children[:3]]:
        raise StillHasChildren(_("还有下级单位（%(names)s 等），请先调整它们的上级") % {"names": "、".join(names)})
    organization.valid_to = on
    organization.save(update_fields=["valid_to"])
    posts = models.Post.objects.filter(still, organization=organization)
    post_ids = list(posts.order_by("id").values_list("id", flat=True))
    for rows in (
        models.Subordination.objects.filter(still, child=organization),
        models.AreaLink.objects.filter(still, organization=organization),
        models.OrganizationLink.objects.filter(still, Q(one=organization) | Q(other=organization)),
        posts,
    ):
        rows.update(to_date=Greatest("from_date", on))
    queries.touch_organizations()
    history.record(actor=actor, fact=facts.OrganizationClosed(organization.pk, on.isoformat(), post_ids), at=now)
    return organization


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


def _areas_of(new: NewOrganization) -> list[int]:
    return [area for _relation, area in new.areas] + [post.area_id for post in new.posts if post.area_id is not None]


def _check_rows(news: Sequence[NewOrganization]) -> None:
    faults: dict[str, str] = {}
    seen: set[str] = set()
    for number, new in enumerate(news, start=1):
        try:
            check_organization(
                code=new.code, name=new.name, short_name=new.short_name, kind=new.kind,
                credit_code=new.credit_code, phone=new.phone,
            )  # fmt: skip
            for post in new.posts:
                check_post(post)
            _check_words(new, seen)
        except OrganizationInvalid as fault:
            if len(news) == 1:
                raise
            faults[str(number)] = _("第 %(number)d 行：%(fault)s") % {"number": number, "fault": fault.message}
        seen.add(new.code)
        if len(faults) == FAULTS_SHOWN_MAX:
            break
    if faults:
        raise OrganizationInvalid("\n".join(faults.values()), fields=faults)


def _check_words(new: NewOrganization, seen: set[str]) -> None:
    if new.code in seen:
        raise OrganizationInvalid(_("单位代码“%(code)s”在本批中重复") % {"code": new.code})
    words = [
        (new.parents, Hierarchy.values, _("没有这种体系")),
        ([relation for relation, _area in new.areas], AreaRelation.values, _("没有这种区域关系")),
        ([relation for relation, _code in new.links], OrganizationRelation.values, _("没有这种单位关系")),
    ]
    for given, known, fault in words:
        if not set(given) <= set(known):
            raise OrganizationInvalid(fault)


def _check_may_create(actor: Actor, news: Sequence[NewOrganization], paths: Mapping[int, str]) -> None:
    for new in news:
        named = {paths[area] for area in _areas_of(new)}
        policies.check_can_manage(actor, None, named or {EVERYWHERE})


def _lock_named(actor: Actor, news: Sequence[NewOrganization], now: datetime) -> dict[str, models.Organization]:
    """Lock the existing organizations that the batch names, and check that parents may take children."""
    mine = {new.code for new in news}
    parents = {code for new in news for code in new.parents.values()} - mine
    named = parents | ({code for new in news for _relation, code in new.links} - mine)
    found = models.Organization.objects.select_for_update(no_key=True).filter(code__in=named).order_by("id")
    known = {row.code: row for row in found}
    if missing := sorted(named - known.keys())[:FAULTS_SHOWN_MAX]:
        raise OrganizationUnknown(_("没有代码为 %(codes)s 的单位") % {"codes": "、".join(missing)})
    for code in sorted(parents):
        check_may_manage(actor, known[code], now)
    for new in news:
        for code in (*new.parents.values(), *(code for _relation, code in new.links)):
            if code in known:
                check_exists(known[code], new.valid_from)
    return known


def _place(news: Sequence[NewOrganization], by_code: Mapping[str, models.Organization]) -> None:
    models.Subordination.objects.bulk_create(
        models.Subordination(
            hierarchy=hierarchy, child=by_code[new.code], parent=by_code[parent],
            from_date=max(new.valid_from, by_code[parent].valid_from), to_date=by_code[parent].valid_to,
        )
        for new in news
        for hierarchy, parent in new.parents.items()
    )  # fmt: skip


def _link(news: Sequence[NewOrganization], by_code: Mapping[str, models.Organization]) -> None:
    models.AreaLink.objects.bulk_create(
        models.AreaLink(organization=by_code[new.code], area_id=area_id, relation=relation, from_date=new.valid_from)
        for new in news
        for relation, area_id in new.areas
    )
    models.Post.objects.bulk_create(
        models.Post(
            organization=by_code[new.code], title=post.title.strip(), kind=post.kind, area_id=post.area_id,
            from_date=new.valid_from,
        )
        for new in news
        for post in new.posts
    )  # fmt: skip
    links = []
    for new in news:
        for relation, code in new.links:
            one, other = by_code[new.code], by_code[code]
            if relation in MUTUAL and one.pk > other.pk:
                one, other = other, one
            links.append(
                models.OrganizationLink(
                    one=one, other=other, relation=relation,
                    from_date=max(one.valid_from, other.valid_from), to_date=by_code[code].valid_to,
                )
            )  # fmt: skip
    models.OrganizationLink.objects.bulk_create(links)
