"""What the register of helpers holds about somebody: the port of `privacy`."""

from django.utils.translation import gettext as _

from haitang.core import ids
from haitang.core.access import VISITOR
from haitang.core.errors import Refusal
from haitang.privacy.values import Asker, Item, told
from haitang.territory.queries import territory
from haitang.volunteers.models import Certificate, Volunteer
from haitang.volunteers.queries.catalogue import names_of
from haitang.volunteers.queries.people import get_volunteer
from haitang.volunteers.values import ItemKind


def opened_entry(number: str, code: str) -> tuple[str, int] | None:
    """Return the entry of the register that its number ("V0000123") and code open."""
    digits = ids.normalize_code(number).removeprefix("V")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return None
    try:
        return "volunteer", get_volunteer(viewer=VISITOR, volunteer_id=int(digits), code=code).pk
    except Refusal:
        return None


def entry_of(asker: Asker) -> Volunteer | None:
    """Return the asker's entry; None for who is not registered. For `privacy`: the asker is who they say."""
    if asker.account_id is not None:
        return Volunteer.objects.standing().filter(account_id=asker.account_id).first()
    return Volunteer.objects.standing().filter(pk=asker.thing_of("volunteer") or 0).first()


def held_of_volunteer(asker: Asker) -> list[Item]:
    """Return what is held about the asker as a helper: the entry, services, certificates."""
    row = entry_of(asker)
    if row is None:
        return []
    area = territory().get(row.area_id)
    entry = told(
        (_("姓名"), row.name), (_("电话"), row.phone), (_("居住网格"), area.name if area else ""),
        (_("技能"), "、".join(names_of(ItemKind.SKILL, row.skills))),
        (_("语言"), "、".join(names_of(ItemKind.LANGUAGE, row.languages))),
        (_("服务范围（米）"), row.reach_m), (_("同意书版本"), row.consent_version),
        (_("同意时间"), f"{row.consented_at:%Y-%m-%d}"),
    )  # fmt: skip
    services = [(f"{each.began_at:%Y-%m-%d}", each.what) for each in row.services.order_by("-began_at")]
    made = Certificate.objects.filter(volunteer=row).order_by("-issued_at")
    return [
        Item(f"{_('志愿登记')} {row.number}", entry, row.registered_at, subject=("volunteer", row.pk)),
        *([Item(_("服务记录"), told(*services))] if services else []),
        *(Item(_("服务证明"), told((_("姓名"), each.name)), each.issued_at) for each in made),
    ]
