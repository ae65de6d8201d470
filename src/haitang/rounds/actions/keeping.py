"""What happens to rows by themselves: areas get new versions, and who has proposed is forgotten after a term."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.rounds import queries
from haitang.rounds.actions.shared import told
from haitang.rounds.facts import AuthorsForgotten, RoundsMoved
from haitang.rounds.models import CoProposer, Pot, Proposal, Remark, Round
from haitang.territory.queries import territory


@transaction.atomic
def move_rounds(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many rows. Run again, it moves nothing."""
    ids = list(territory().area(new_area_id).ids)
    moved = sum(
        model._default_manager.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
        for model in (Round, Pot, Proposal)
    )
    if moved:
        history.record(actor=actor, fact=RoundsMoved(area_id, new_area_id, moved), at=now)
    return moved


@transaction.atomic
def forget_authors(*, actor: Actor, now: datetime) -> int:
    """
    Remove who has proposed, joined and remarked from rounds that ended long ago; return of how many proposals.

    The term is the setting `author_keep_days`; run again, there is nothing left to remove.
    """
    before = local_date(now) - timedelta(days=queries.rules()["author_keep_days"])
    ended = Round.objects.annotate(ends_on=Max("phases__ends_on")).filter(ends_on__lt=before)
    forgotten = 0
    for round_ in Round.objects.select_for_update(no_key=True).filter(pk__in=ended.values("pk")).order_by("pk"):
        rows = Proposal.objects.filter(round=round_).exclude(name_sealed=b"", phone_sealed=b"", account_id=None)
        ids = list(rows.values_list("pk", flat=True))
        CoProposer.objects.filter(proposal__round=round_).delete()
        Remark.objects.filter(proposal__round=round_).update(account_id=None)
        if ids:
            Proposal.objects.filter(pk__in=ids).update(name_sealed=b"", phone_sealed=b"", account_id=None)
            history.record(actor=actor, fact=AuthorsForgotten(round_.pk, len(ids)), at=now, audience=told(round_))
        forgotten += len(ids)
    return forgotten
