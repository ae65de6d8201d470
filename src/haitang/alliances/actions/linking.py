"""Links: taken up as organizations tell of them, made and ended here."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.alliances import policies, queries
from haitang.alliances.actions.shared import audience_of, day_of, office_of, text_of
from haitang.alliances.facts import LinkReleased, LinkTakenUp
from haitang.alliances.models import Link
from haitang.alliances.values import LINE_LENGTH_MAX, BadWords, LinkHasEnded
from haitang.core import history
from haitang.core.access import EVERYWHERE, Actor, Grant, system
from haitang.core.clock import local_date
from haitang.core.scoping import path_of
from haitang.organizations.actions import end_link, link_organizations
from haitang.organizations.queries import list_ties
from haitang.organizations.values import OrganizationRelation
from haitang.organizations.values import Permission as OrganizationPermission
from haitang.territory.queries import territory

REGISTRAR = system("共驻共建", Grant(OrganizationPermission.MANAGE, area_path=EVERYWHERE))
"""Who keeps joint work of a community need not keep the register of organizations."""
_TAKING_UP = 7_306_021


@transaction.atomic
def link_unit(*, actor: Actor, unit_id: int, community_id: int, from_date: date, now: datetime) -> Link:
    """
    Link a unit to a community, or to a street, from a day on.

    Takes KEEP over the area of the community. Raises NotAllowed, BadWords (no such unit or community),
    LinkOverlaps (they are linked), OrganizationClosed.
    """
    today = local_date(now)
    office_of(unit_id, "unit", today)
    office_of(community_id, "community", today)
    area_id = queries.areas_of_hosts(today).get(community_id)
    if area_id is None:
        raise BadWords(_("请选择社区或街道"), {"community": _("请选择社区或街道")})
    policies.check_can_keep(actor, territory().area(area_id).path)
    if unit_id in queries.areas_of_hosts(today):
        raise BadWords(_("请选择单位"), {"unit": _("请选择单位")})
    tie = link_organizations(
        actor=REGISTRAR, organization_id=unit_id, other_id=community_id, relation=OrganizationRelation.PAIRS.value,
        from_date=day_of(from_date, "from_date", today), now=now,
    )  # fmt: skip
    follow_links(actor=actor, now=now, organization_ids=[unit_id])
    return Link.objects.get(link_id=tie.pk)


@transaction.atomic
def release_link(*, actor: Actor, link_id: int, to_date: date, reason: str, now: datetime) -> Link:
    """
    End a link on a day; its agreements, contacts and evaluations stay as they are.

    Takes KEEP. Raises LinkNotFound, NotAllowed, LinkHasEnded, BadWords (no reason).
    """
    row = queries.lock_link(link_id)
    policies.check_may_see_link(actor, row)
    policies.check_can_keep(actor, path_of(row.area_ids))
    reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    day_of(to_date, "to_date", local_date(now))
    check_runs(row, to_date)
    end_link(actor=REGISTRAR, link_id=row.link_id, to_date=to_date, now=now)
    fact = LinkReleased(row.pk, to_date.isoformat(), reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    return row


def check_runs(row: Link, day: date) -> None:
    """Raise LinkHasEnded where the link, read with its tie, was over before that day."""
    if row.link.to_date is not None and row.link.to_date <= day:
        raise LinkHasEnded(_("结对已经解除"))


@transaction.atomic
def follow_links(*, actor: Actor, now: datetime, organization_ids: Iterable[int] | None = None) -> int:
    """
    Take up every pair of a unit and a community that organizations know and joint work does not; return how many.

    For the clock. organization_ids: only pairs with one of these; None for all. Run again, or by two at once, it takes
    up nothing twice. A pair of two communities is none of ours.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_TAKING_UP])
    hosts = queries.areas_of_hosts(local_date(now))
    ties = list_ties(OrganizationRelation.PAIRS, organization_ids=organization_ids)
    tree, rows = territory(), []
    for tie in ties:
        ends = [end for end in (tie.one_id, tie.other_id) if end in hosts]
        if len(ends) != 1:
            continue
        (community_id,) = ends
        area = tree.area(hosts[community_id])
        rows.append(
            Link(
                link_id=tie.id, community_id=community_id, area_id=area.id, area_ids=list(area.ids), taken_up_at=now,
                unit_id=tie.other_id if tie.one_id == community_id else tie.one_id,
            )
        )  # fmt: skip
    known = set(Link.objects.filter(link_id__in=[row.link_id for row in rows]).values_list("link_id", flat=True))
    made = Link.objects.bulk_create(row for row in rows if row.link_id not in known)
    history.record_each(
        actor=actor, at=now,
        facts=[(LinkTakenUp(row.pk, row.unit_id, row.community_id), audience_of(row)) for row in made],
    )  # fmt: skip
    return len(made)
