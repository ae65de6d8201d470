"""Where an organization stands: its parents, the areas it is tied to, the organizations it works with."""

from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.organizations import facts, models, policies, queries
from haitang.organizations.actions._common import check_exists, check_may_manage, refusals
from haitang.organizations.values import (
    MUTUAL,
    AreaRelation,
    Hierarchy,
    LinkUnknown,
    OrganizationInvalid,
    OrganizationRelation,
)

Link = TypeVar("Link", models.AreaLink, models.OrganizationLink)


@transaction.atomic
def set_parent(
    *, actor: Actor, organization_id: int, hierarchy: str, parent_id: int | None, from_date: date, now: datetime
) -> None:
    """Place the organization under a parent in one hierarchy from that day, in place of the one it then has.

    The new place lasts until the next one already entered begins, or without end. Other hierarchies stay.

    parent_id: None takes it out of the hierarchy from that day.
    Raises OrganizationUnknown, OrganizationInvalid (no such hierarchy), NotAllowed (over either of the two),
    OrganizationClosed (either does not exist on that day), CycleRefused, ParentOverlaps (somebody was faster).
    """
    rows = queries.lock_organizations([organization_id, *([parent_id] if parent_id is not None else [])])
    for row in rows.values():
        check_may_manage(actor, row, now)
    if hierarchy not in Hierarchy.values:
        raise OrganizationInvalid(_("没有这种体系"), fields={"hierarchy": _("没有这种体系")})
    for row in rows.values():
        check_exists(row, from_date)
    places = models.Subordination.objects.filter(child_id=organization_id, hierarchy=hierarchy)
    later = places.filter(from_date__gt=from_date).order_by("from_date").first()
    ends = [later.from_date] if later else []
    ends += [row.valid_to for row in rows.values() if row.valid_to is not None]
    with refusing(refusals()):
        queries.covering(places, from_date).update(to_date=from_date)
        if parent_id is not None:
            models.Subordination.objects.create(
                hierarchy=hierarchy, child_id=organization_id, parent_id=parent_id, from_date=from_date,
                to_date=min(ends, default=None),
            )  # fmt: skip
    queries.touch_organizations()
    fact = facts.OrganizationPlaced(organization_id, hierarchy, parent_id, from_date.isoformat())
    history.record(actor=actor, fact=fact, at=now)


@transaction.atomic
def link_area(
    *, actor: Actor, organization_id: int, area_id: int, relation: str, from_date: date, now: datetime
) -> models.AreaLink:
    """Tie the organization to an area from that day, until it is untied or closed.

    Raises OrganizationUnknown, NotFound (no such area), NotAllowed (over the organization or the area),
    OrganizationInvalid (no such relation), OrganizationClosed, LinkOverlaps.
    """
    organization = queries.lock_organization(organization_id)
    (path,) = queries.area_paths([area_id]).values()
    check_may_manage(actor, organization, now)
    policies.check_can_tie(actor, path)
    if relation not in AreaRelation.values:
        raise OrganizationInvalid(_("没有这种关系"), fields={"relation": _("没有这种关系")})
    check_exists(organization, from_date)
    with refusing(refusals()):
        link = models.AreaLink.objects.create(
            organization=organization, area_id=area_id, relation=relation, from_date=from_date,
            to_date=organization.valid_to,
        )  # fmt: skip
    queries.touch_organizations()
    fact = facts.AreaLinked(organization_id, area_id, relation, from_date.isoformat())
    history.record(actor=actor, fact=fact, at=now)
    return link


@transaction.atomic
def unlink_area(*, actor: Actor, link_id: int, to_date: date, now: datetime) -> None:
    """End the tie between an organization and an area on that day; a tie not yet begun never takes effect.

    Raises LinkUnknown (none, or ended before that day), NotAllowed (over the organization).
    """
    link = models.AreaLink.objects.select_for_update(no_key=True).filter(pk=link_id).first()
    link = _running(link, to_date)
    check_may_manage(actor, queries.get_row(link.organization_id), now)
    link.to_date = max(link.from_date, to_date)
    link.save(update_fields=["to_date"])
    queries.touch_organizations()
    fact = facts.AreaUnlinked(link.organization_id, link.area_id, link.relation, link.to_date.isoformat())
    history.record(actor=actor, fact=fact, at=now)


@transaction.atomic
def link_organizations(
    *, actor: Actor, organization_id: int, other_id: int, relation: str, from_date: date, now: datetime
) -> models.OrganizationLink:
    """Tie two organizations outside the hierarchies from that day.

    For a relation with a direction the first contains the other. It is enough to manage the first.
    Raises OrganizationUnknown, NotAllowed, OrganizationInvalid (no such relation), OrganizationClosed,
    CycleRefused (the same organization twice), LinkOverlaps.
    """
    rows = queries.lock_organizations([organization_id, other_id])
    check_may_manage(actor, rows[organization_id], now)
    if relation not in OrganizationRelation.values:
        raise OrganizationInvalid(_("没有这种关系"), fields={"relation": _("没有这种关系")})
    for row in rows.values():
        check_exists(row, from_date)
    one_id, two_id = sorted((organization_id, other_id)) if relation in MUTUAL else (organization_id, other_id)
    ends = [row.valid_to for row in rows.values() if row.valid_to is not None]
    with refusing(refusals()):
        link = models.OrganizationLink.objects.create(
            one_id=one_id, other_id=two_id, relation=relation, from_date=from_date, to_date=min(ends, default=None)
        )
    fact = facts.OrganizationsLinked(organization_id, other_id, relation, from_date.isoformat())
    history.record(actor=actor, fact=fact, at=now)
    return link


@transaction.atomic
def end_link(*, actor: Actor, link_id: int, to_date: date, now: datetime) -> None:
    """End the tie between two organizations on that day; a tie not yet begun never takes effect.

    Raises LinkUnknown (none, or ended before that day), NotAllowed (over the first of the two).
    """
    link = models.OrganizationLink.objects.select_for_update(no_key=True).filter(pk=link_id).first()
    link = _running(link, to_date)
    check_may_manage(actor, queries.get_row(link.one_id), now)
    link.to_date = max(link.from_date, to_date)
    link.save(update_fields=["to_date"])
    fact = facts.OrganizationLinkEnded(link.one_id, link.other_id, link.relation, link.to_date.isoformat())
    history.record(actor=actor, fact=fact, at=now)


def _running(link: Link | None, to_date: date) -> Link:
    if link is None or (link.to_date is not None and link.to_date <= max(link.from_date, to_date)):
        raise LinkUnknown(_("没有这项关联，或它已经结束"))
    return link
