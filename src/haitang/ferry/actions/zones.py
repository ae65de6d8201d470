"""Who packages are exchanged with, and the keys of this installation."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Conflict, Invalid
from haitang.ferry import policies, queries
from haitang.ferry.facts import PartnerKept, ZoneKeysMade
from haitang.ferry.models import OPENING, SIGNING, Partner, Zone
from haitang.ferry.values import (
    NAME_LENGTH_MAX,
    Card,
    PartnerNotFound,
    is_code,
    make_opening_key,
    make_signing_key,
    publics_of,
    read_card,
)
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory


class PartnerKnown(Conflict):
    """A zone with this code has been entered before."""


@dataclass(frozen=True, slots=True)
class PartnerTerms:
    """What is agreed with a partner; see models.Partner. area_code, organization_code: of this installation."""

    area_code: str
    organization_code: str
    hands: bool
    takes: bool
    is_active: bool = True


@transaction.atomic
def make_zone_keys(*, actor: Actor, code: str, name: str, now: datetime) -> Zone:
    """
    Give this installation its name as a zone and new keys; what was sealed to earlier keys still opens.

    code: 2 to 30 lower-case letters, digits, hyphens. Under another code than before, partners know this installation
        only once they have entered it anew, and numbers begin anew. Raises NotAllowed, Invalid.
    """
    policies.check_can_manage(actor)
    code, name = code.strip(), name.strip()
    if not is_code(code):
        text = _("区域代码应为 2 至 30 位小写字母、数字或连字符，以字母或数字开头")
        raise Invalid(text, {"code": text})
    if not 0 < len(name) <= NAME_LENGTH_MAX:
        text = _("请填写名称，不超过 %(n)d 字") % {"n": NAME_LENGTH_MAX}
        raise Invalid(text, {"name": text})
    signing_key, opening_key = make_signing_key(), make_opening_key()
    signing, sealing = publics_of(signing_key, opening_key)
    zone = Zone.objects.create(
        code=code, name=name, signing=signing, sealing=sealing, made_at=now,
        signing_sealed=crypto.seal(signing_key, SIGNING), opening_sealed=crypto.seal(opening_key, OPENING),
    )  # fmt: skip
    history.record(actor=actor, fact=ZoneKeysMade(zone.pk, code, zone.card.fingerprint), at=now)
    return zone


@transaction.atomic
def enter_partner(*, actor: Actor, card: str, terms: PartnerTerms, now: datetime) -> Partner:
    """
    Enter a zone by the card it has given; cases reported from now on can be handed across.

    Raises NotAllowed, Invalid (no card, our own card, an area or desk that is not there), PartnerKnown.
    """
    policies.check_can_manage(actor)
    known = _check_card(card)
    partner = Partner(code=known.code, since=now, **_agreed(terms, now), **_known(known))
    known_before = PartnerKnown(_("这个区域已经登记过，请直接修改"))
    with refusing({"ferry_partner_code_key": known_before, "ferry_partner_code_uniq": known_before}):
        if Partner.objects.filter(code=known.code).exists():
            raise known_before
        partner.save()
    queries.PARTNERS.touch()
    history.record(actor=actor, fact=PartnerKept(partner.pk, partner.code, known.fingerprint, ["code"]), at=now)
    return partner


@transaction.atomic
def change_partner(*, actor: Actor, partner_id: int, card: str, terms: PartnerTerms, now: datetime) -> Partner:
    """
    Change what is agreed with a partner, and its keys where a newer card is given; "" keeps those known.

    Packages that it has signed with former keys are to be taken in before. Raises NotAllowed, PartnerNotFound, Invalid.
    """
    policies.check_can_manage(actor)
    partner = Partner.objects.select_for_update(no_key=True).filter(pk=partner_id).first()
    if partner is None:
        raise PartnerNotFound(_("没有登记过这个摆渡对方"))
    given = dict(_agreed(terms, now))
    if card.strip():
        known = _check_card(card)
        if known.code != partner.code:
            text = _("这是另一个区域的名片，请另行登记")
            raise Invalid(text, {"card": text})
        given |= _known(known)
    if terms.hands and not partner.hands:
        given["since"] = now
    changed = [name for name, value in given.items() if getattr(partner, name) != value]
    if changed:
        for name in changed:
            setattr(partner, name, given[name])
        partner.save(update_fields=changed)
        fact = PartnerKept(partner.pk, partner.code, partner.card.fingerprint, changed)
        history.record(actor=actor, fact=fact, at=now)
    return partner


def _check_card(text: str) -> Card:
    card, zone = read_card(text.strip()), queries.find_zone()
    if zone is not None and zone.code == card.code:
        sentence = _("这是本系统自己的名片，请使用对方的名片")
        raise Invalid(sentence, {"card": sentence})
    return card


def _known(card: Card) -> dict[str, str]:
    return {"name": card.name, "signing": card.signing, "sealing": card.sealing}


def _agreed(terms: PartnerTerms, now: datetime) -> dict[str, object]:
    area = territory().by_code(terms.area_code)
    desk = organizations().by_code(terms.organization_code)
    wrong = {}
    if area is None:
        wrong["area"] = _("没有这个区域编码")
    if desk is None or not desk.exists(now.date()):
        wrong["organization"] = _("没有这个单位")
    if terms.hands and terms.takes:
        wrong["takes"] = _("同一对方只能是转出或者接收，不能两样都选")
    if area is None or desk is None or wrong:
        raise Invalid(next(iter(wrong.values())), wrong)
    return {
        "area_id": area.id, "organization_id": desk.id, "hands": terms.hands, "takes": terms.takes,
        "is_active": terms.is_active,
    }  # fmt: skip
