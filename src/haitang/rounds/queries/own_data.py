"""What rounds hold about who proposed and spoke: the port of `privacy`."""

from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core import crypto
from haitang.privacy.values import Asker, Item, told
from haitang.rounds.lifecycle import Status
from haitang.rounds.models import NAME, CoProposer, Proposal, Remark

OVER = (Status.CHOSEN, Status.NOT_CHOSEN, Status.DECLINED, Status.MERGED, Status.WITHDRAWN)
"""The author is not needed any more; one that was refused may still be reopened."""


def held_of_proposer(asker: Asker) -> list[Item]:
    """Return what is held about the asker with proposals: their own, those they support, what they said of others."""
    if asker.account_id is None:
        return []
    own = [
        Item(
            row.title,
            told((_("提案人"), row.name), (_("提案人电话"), row.phone), (_("状态"), row.get_status_display())),
            row.handed_in_at, reverse("rounds:proposal", args=[row.pk]),
            "" if row.status in OVER else _("提案还没有结果，有结果后可以删除"),
        )
        for row in Proposal.objects.filter(account_id=asker.account_id).order_by("-handed_in_at", "-id")
    ]  # fmt: skip
    joined = CoProposer.objects.filter(account_id=asker.account_id).select_related("proposal").order_by("-id")
    supported = [
        Item(f"{_('联名提案')} {row.proposal.title}", told((_("姓名"), crypto.open_(row.name_sealed, NAME))))
        for row in joined
    ]
    remarks = Remark.objects.filter(account_id=asker.account_id).select_related("proposal").order_by("-said_at", "-id")
    said = [
        Item(row.proposal.title, told((_("意见"), row.words), (_("答复"), row.answer)), row.said_at) for row in remarks
    ]
    return [*own, *supported, *said]
