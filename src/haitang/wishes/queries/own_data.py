"""What wishes hold about families and who claims: the port of `privacy`."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.privacy.values import Asker, Item, told
from haitang.wishes.models import Claim, Wish

NOBODY = 0
"""Stands for the account of a claimant who was forgotten: the claim itself goes on counting."""


def wishes_of(asker: Asker) -> QuerySet[Any]:
    """Return the wishes of the asker's family. For `privacy`: the asker is who they say."""
    return Wish.objects.filter(account_id=asker.account_id or -1)


def claims_of(asker: Asker) -> QuerySet[Any]:
    """Return the claims that the asker has made as a person, not for a unit."""
    return Claim.objects.select_related("wish").filter(account_id=asker.account_id or -1, organization=None)


def held_of_wisher(asker: Asker) -> list[Item]:
    """Return what is held about the asker with their family's wishes, and with those they have claimed."""
    kept = _("心愿还没有结束，结束后可以删除")
    own = [
        Item(
            f"{row.number} {row.title}",
            told(
                (_("姓名"), row.name), (_("电话"), row.phone), (_("家庭住址"), row.address), (_("家庭情况"), row.story),
                (_("具体内容"), row.words), (_("状态"), row.get_status_display()), (_("感谢的话"), row.thanks),
            ),
            row.entered_at, reverse("wishes:my_wish", args=[row.pk]), "" if row.ended_at else kept, ("wish", row.pk),
        )
        for row in wishes_of(asker).order_by("-entered_at", "-id")
    ]  # fmt: skip
    claimed = [
        Item(
            f"{_('认领的微心愿')} {row.wish.title}",
            told((_("姓名"), row.name), (_("电话"), row.phone), (_("说明"), row.words)),
            row.claimed_at, reverse("wishes:claim", args=[row.pk]), "" if row.ended_at else kept,
        )
        for row in claims_of(asker).order_by("-claimed_at", "-id")
    ]  # fmt: skip
    return [*own, *claimed]
