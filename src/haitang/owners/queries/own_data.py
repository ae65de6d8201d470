"""What the register of owners holds about somebody: the port of `privacy`."""

from django.utils.translation import gettext as _

from haitang.core.privacy import mask_text
from haitang.owners.models import Owner
from haitang.privacy.values import Asker, Item, told


def held_of_owner(asker: Asker) -> list[Item]:
    """Return what is held about the asker as an owner; kept with the records of joint decisions."""
    rows = Owner.objects.select_related("estate").filter(account_id=asker.account_id or -1).order_by("estate_id")
    return [
        Item(
            row.estate.name,
            told((_("姓名或名称"), row.name), (_("证件号码"), mask_text(row.identity)[0]), (_("电话"), row.phone),
                 *((_("房屋"), share.unit.label) for share in row.shares.select_related("unit").order_by("unit_id"))),
            kept=_("业主名册和表决依《民法典》第二百七十八条保存"),
            subject=("estate", row.estate_id), whose=("owner_id", row.pk),
        )
        for row in rows
    ]  # fmt: skip
