"""Forgetting who proposed and spoke, at their wish: proposals are public and stay."""

from datetime import datetime

from django.db import transaction

from haitang.core.access import Actor
from haitang.privacy.values import Asker, Erased
from haitang.rounds.models import CoProposer, Proposal, Remark
from haitang.rounds.queries.own_data import OVER


@transaction.atomic
def erase_proposer(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """Erase who made, supported and commented proposals; the author of one that is still under way waits."""
    if asker.account_id is None:
        return Erased()
    rows = Proposal.objects.filter(account_id=asker.account_id).select_for_update(of=("self",))
    done, hidden, later = [], [], 0
    for row in rows:
        if row.status not in OVER:
            later += 1
            continue
        hidden += [text for text in (row.name, row.phone) if text]
        row.account_id, row.name_sealed, row.phone_sealed, row.reason = None, b"", b"", ""
        if row.entered_by_id == asker.account_id:
            row.entered_by_id = None
        row.save()
        done.append(("proposal", row.pk))
    supported = CoProposer.objects.filter(account_id=asker.account_id)
    remarks = Remark.objects.filter(account_id=asker.account_id)
    done += [("proposal", pk) for pk in (*supported.values_list("proposal_id", flat=True),
                                         *remarks.values_list("proposal_id", flat=True))]  # fmt: skip
    n = supported.update(account_id=None, name_sealed=b"") + remarks.update(account_id=None, words="")
    erased = len([row for row in rows if row.account_id is None]) + n
    return Erased(erased, later, subjects=tuple(dict.fromkeys(done)), hidden=tuple(hidden))
