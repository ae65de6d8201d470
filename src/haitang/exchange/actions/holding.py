"""What agreements hold and give back: capacity of resources, the states of needs. In the caller's transaction.

Locks are taken in one order everywhere: agreements, then needs, then resources, each by id.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.facts import Fact
from haitang.core.scoping import path_of
from haitang.exchange import policies, queries
from haitang.exchange.actions.entering import audience_of
from haitang.exchange.lifecycle import STANDING, AgreementDeed, Stage, Status, check_agreement_deed
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.values import NoCapacity


def ready(actor: Actor, agreement_id: int, deed: AgreementDeed, side: str) -> Agreement:
    """Return the agreement, locked, for a deed of that side; raise where it may not be done."""
    row = queries.lock_agreement(agreement_id)
    policies.check_may_see_agreement(actor, row)
    policies.check_side(actor, row.organization_id, path_of(row.area_ids), side)
    check_agreement_deed(row.stage, deed)
    return row


def lock_by_id(model: type[Any], ids: Iterable[int | None]) -> dict[int, Any]:
    """Return the rows of those ids, locked in their order, by id."""
    rows = model._default_manager.select_for_update(no_key=True)
    return {row.pk: row for row in rows.filter(pk__in={each for each in ids if each}).order_by("pk")}


def take(rows: Sequence[Agreement]) -> None:
    """Hold capacity for new agreements; the table itself refuses more than there is."""
    for count, ids in by_count(row.resource_id for row in rows).items():
        with refusing({"exchange_resource_capacity": NoCapacity(_("这条资源已约满"))}):
            Resource.objects.filter(pk__in=ids).update(taken=F("taken") + count, status=Status.MATCHED)
    Need.objects.filter(pk__in=[row.need_id for row in rows if row.need_id], status=Status.PUBLISHED).update(
        status=Status.MATCHED
    )


def by_count(ids: Iterable[int]) -> dict[int, list[int]]:
    """Return by how often an id comes the ids that come so often: one statement each instead of one for each row."""
    found: dict[int, list[int]] = {}
    for each, count in Counter(ids).items():
        found.setdefault(count, []).append(each)
    return found


def tell(actor: Actor, told: Iterable[tuple[Agreement, Fact]], now: datetime) -> None:
    """Record what happened to agreements."""
    history.record_each(actor=actor, facts=[(fact, audience_of(row)) for row, fact in told], at=now)


def fail(rows: Sequence[Agreement], stage: Stage, reason: str) -> None:
    """End locked agreements that nothing came of, and give their capacity back."""
    needs = lock_by_id(Need, (row.need_id for row in rows))
    resources = lock_by_id(Resource, (row.resource_id for row in rows))
    for row in rows:
        row.stage, row.reason = stage, reason
    Agreement.objects.filter(pk__in=[row.pk for row in rows]).update(stage=stage, reason=reason)
    for count, ids in by_count(row.resource_id for row in rows).items():
        Resource.objects.filter(pk__in=ids).update(taken=F("taken") - count)
    _back_to_list(needs, resources)


def _back_to_list(needs: Iterable[int], resources: Iterable[int]) -> None:
    """What no agreement stands for any more is open again."""
    standing = Agreement.objects.filter(stage__in=STANDING)
    held = standing.filter(need_id__in=needs).values("need_id")
    Need.objects.filter(pk__in=needs, status=Status.MATCHED).exclude(pk__in=held).update(status=Status.PUBLISHED)
    taken = standing.filter(resource_id__in=resources).values("resource_id")
    Resource.objects.filter(pk__in=resources, status=Status.MATCHED).exclude(pk__in=taken).update(
        status=Status.PUBLISHED
    )
