"""What was agreed on is done, or comes to nothing after all; of a project both follow from the project."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.exchange.actions.entering import text_of
from haitang.exchange.actions.holding import fail, lock_by_id, ready, tell
from haitang.exchange.facts import AgreementDelivered, AgreementGivenUp
from haitang.exchange.lifecycle import LIVE, AgreementDeed, Stage, Status
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.values import WORDS_LENGTH_MAX, WrongState
from haitang.projects.lifecycle import FINISHED
from haitang.projects.lifecycle import Status as ProjectStatus
from haitang.projects.queries import refer_to


@transaction.atomic
def deliver_agreement(*, actor: Actor, agreement_id: int, side: str, now: datetime, words: str = "") -> Agreement:
    """
    Take down that a service agreed on has been done; both sides may evaluate it from now on.

    Raises AgreementUnknown, NotAllowed, WrongState (also where it is a project: its acceptance delivers), BadEntry.
    """
    row = ready(actor, agreement_id, AgreementDeed.DELIVER, side)
    if row.project_id is not None:
        raise WrongState(_("对接已立项，项目通过验收即为交付"))
    _deliver(actor, [row], text_of(words, "words", WORDS_LENGTH_MAX), now)
    return row


@transaction.atomic
def follow_projects(*, actor: Actor, project_ids: Iterable[int], now: datetime) -> list[Agreement]:
    """
    Bring agreements to where their projects stand: accepted they are delivered, given up they end and hold no capacity.

    Returns those that moved; run again, none does.
    """
    rows = Agreement.objects.select_for_update(no_key=True).filter(project_id__in=set(project_ids))
    held = list(rows.filter(stage=Stage.CONFIRMED).order_by("pk"))
    known = refer_to(viewer=actor, project_ids=[row.project_id for row in held if row.project_id])
    done = [row for row in held if known[row.project_id or 0].status in FINISHED]
    ended = [row for row in held if known[row.project_id or 0].status == ProjectStatus.GIVEN_UP]
    _deliver(actor, done, "", now)
    fail(ended, Stage.GIVEN_UP, "")
    tell(actor, [(row, AgreementGivenUp(row.pk, row.project_id or 0)) for row in ended], now)
    return [*done, *ended]


def _deliver(actor: Actor, rows: Sequence[Agreement], words: str, now: datetime) -> None:
    """Deliver locked agreements, and see which needs and resources are done with that."""
    if not rows:
        return
    needs = lock_by_id(Need, (row.need_id for row in rows))
    resources = lock_by_id(Resource, (row.resource_id for row in rows))
    today = local_date(now)
    for row in rows:
        row.stage, row.delivered_on = Stage.DELIVERED, today
    Agreement.objects.filter(pk__in=[row.pk for row in rows]).update(stage=Stage.DELIVERED, delivered_on=today)
    waits = Agreement.objects.filter(need_id__in=needs, stage__in=LIVE).values("need_id")
    Need.objects.filter(pk__in=needs, status=Status.MATCHED).exclude(pk__in=waits).update(status=Status.MET)
    done = Agreement.objects.filter(resource_id__in=resources).values("resource_id")
    counted = dict(
        done.annotate(n=Count("pk", filter=Q(stage=Stage.DELIVERED))).values_list("resource_id", "n").order_by()
    )
    full = [pk for pk, resource in resources.items() if counted.get(pk, 0) >= resource.capacity]
    Resource.objects.filter(pk__in=full, status=Status.MATCHED).update(status=Status.MET)
    tell(actor, [(row, AgreementDelivered(row.pk, words)) for row in rows], now)
