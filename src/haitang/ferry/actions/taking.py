"""A package is taken in: all of it in one transaction, once, in its turn; or refused, which is written down."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from haitang.cases import actions as case_actions
from haitang.cases import queries as cases
from haitang.cases.facts import CaseAnswered
from haitang.cases.lifecycle import Deed, Status
from haitang.cases.values import DESCRIPTION_LENGTH_MAX, PLACE_LENGTH_MAX, Channel, Kind
from haitang.core import files, history
from haitang.core.access import VISITOR, Actor
from haitang.core.clock import EARLIEST
from haitang.core.errors import Refusal
from haitang.ferry import policies, queries
from haitang.ferry.facts import CaseTakenAcross, FerryPackageTaken, FerryPackageTurnedAway
from haitang.ferry.models import Arrival, Crossing, Package, Partner
from haitang.ferry.queries import CARRIER
from haitang.ferry.values import (
    ANSWER,
    OVERHEAD_BYTES,
    CarriedCase,
    Contents,
    Damaged,
    Direction,
    Judged,
    Manifest,
    Outcome,
    PackageRefused,
    PartnerNotFound,
    Progress,
    Step,
    Unbound,
    at_of,
    open_contents,
    photo_bytes,
    unbind,
)
from haitang.territory.queries import territory

_FILE_NAME_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a package. is_repeated: it had been taken in before, and nothing was done."""

    package: Package
    is_repeated: bool = False


def take_in_package(*, actor: Actor, data: bytes, file_name: str, now: datetime) -> Taken:
    """
    Take a partner's package in: its cases become cases here, what it tells of ours happens to them; all or nothing.

    Of a part of which nothing can be made (`Package.problems`) the rest is taken in all the same.
    The same package again does nothing. Raises NotAllowed, NoZone; PackageRefused, which is recorded: no package,
    altered, cut short, for or from somebody else, not in its turn (the sentence names the number that is missing).
    """
    policies.check_can_carry(actor)
    arrival = Arrival(
        file_name=file_name.replace("\x00", "")[-_FILE_NAME_LENGTH_MAX:], digest=hashlib.sha256(data).hexdigest(),
        at=now, account_id=actor.id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            return _take_in(actor, arrival, data, now)
    except PackageRefused as refusal:
        with transaction.atomic():
            arrival.outcome, arrival.reason = Outcome.REFUSED, refusal.message
            arrival.pk = None
            arrival.save()
            fact = FerryPackageTurnedAway(arrival.pk, arrival.digest, refusal.message)
            history.record(actor=actor, fact=fact, at=now)
        raise


def _take_in(actor: Actor, arrival: Arrival, data: bytes, now: datetime) -> Taken:
    unbound, partner = _believed(data, arrival)
    manifest = unbound.manifest
    if manifest.number <= partner.received:
        arrival.outcome = Outcome.REPEATED
        arrival.save()
        return Taken(_same_again(partner, manifest), is_repeated=True)
    _check_turn(partner, manifest)
    contents = _opened(unbound, manifest)
    package = Package.objects.create(
        partner=partner, direction=Direction.IN, number=manifest.number, digest=manifest.digest,
        cases=len(contents.cases), steps=contents.steps, photos=contents.photos, size=len(data), at=now,
        account_id=actor.id, arrived_at=now,
    )  # fmt: skip
    problems = _apply(contents, partner, package, now)
    package.problems = problems
    package.save(update_fields=["problems"])
    partner.received, partner.received_digest = manifest.number, manifest.digest
    partner.save(update_fields=["received", "received_digest"])
    _note_arrived(partner, manifest.arrived, now)
    arrival.outcome = Outcome.TAKEN
    arrival.save()
    fact = FerryPackageTaken(
        package.pk, partner.pk, package.number, package.digest, package.cases, package.steps, len(problems)
    )
    history.record(actor=actor, fact=fact, at=now)
    return Taken(package)


def _believed(data: bytes, arrival: Arrival) -> tuple[Unbound, Partner]:
    """Return the file taken apart and its sender, locked, once both are what they say; note them on the arrival."""
    zone = queries.get_zone()
    if len(data) > cases.catalog().setting("ferry_package_mb") * 1_000_000 * 2 + OVERHEAD_BYTES:
        raise PackageRefused(_("文件过大，不是本系统能导入的摆渡包"))
    try:
        unbound = unbind(data)
    except Damaged:
        raise PackageRefused(_("这个文件不是摆渡包，或者开头已损坏，请重新拷贝")) from None
    manifest = unbound.manifest
    try:
        partner = queries.lock_partner(manifest.sender)
    except PartnerNotFound:
        raise PackageRefused(_("摆渡包来自未登记的区域，不能导入")) from None
    if not unbound.is_signed_by(partner.signing):
        raise PackageRefused(_("签名不符：这个包不是“%(name)s”签发的，或者已被改动") % {"name": partner.name})
    arrival.partner, arrival.number = partner, manifest.number
    if manifest.receiver != zone.code:
        raise PackageRefused(_("这个包是给“%(code)s”的，不是给本系统的") % {"code": manifest.receiver})
    if not partner.is_active:
        raise PackageRefused(_("“%(name)s”已停用，不能导入它的包") % {"name": partner.name})
    if not unbound.is_whole:
        raise PackageRefused(_("文件不完整或已被改动，请从对方重新拷贝第 %(n)d 号包") % {"n": manifest.number})
    return unbound, partner


def _same_again(partner: Partner, manifest: Manifest) -> Package:
    package = queries.find_taken(partner, manifest.number)
    if package is None or package.digest != manifest.digest:
        text = _("第 %(n)d 号包以前导入过，内容却不同；请与对方核对是否恢复过旧备份")
        raise PackageRefused(text % {"n": manifest.number})
    return package


def _check_turn(partner: Partner, manifest: Manifest) -> None:
    expected = partner.received + 1
    if manifest.number > expected:
        missing = str(expected) if manifest.number == expected + 1 else f"{expected}–{manifest.number - 1}"
        text = _("这是第 %(n)d 号包，还缺第 %(missing)s 号；请先导入缺少的包")
        raise PackageRefused(text % {"n": manifest.number, "missing": missing})
    if manifest.previous != partner.received_digest:
        text = _("第 %(n)d 号包与上一个导入的包接不上，请与对方核对是否恢复过旧备份")
        raise PackageRefused(text % {"n": manifest.number})
    if manifest.arrived > partner.sent:
        raise PackageRefused(_("对方说收到了本系统没有发出过的包；请核对本系统是否恢复过旧备份"))


def _opened(unbound: Unbound, manifest: Manifest) -> Contents:
    for zone in queries.list_opening_keys():
        if zone.card.fingerprint != manifest.sealed_to:
            continue
        try:
            plain = open_contents(
                unbound.sealed, key=manifest.key, opening_key=zone.opening_key, sender=manifest.sender,
                receiver=manifest.receiver, number=manifest.number,
            )  # fmt: skip
            return Contents.model_validate_json(plain)
        except Damaged:
            raise PackageRefused(_("包的内容无法解密，请对方重新生成")) from None
        except ValidationError:
            raise PackageRefused(_("包的内容不是本版本能读的，请先把两边升级到同一版本")) from None
    raise PackageRefused(_("包是用本系统从未有过的密钥加密的，请把本系统现在的名片交给对方"))


def _note_arrived(partner: Partner, number: int, now: datetime) -> None:
    """Note which of our packages have arrived, and remove their files: they are where they were to go."""
    sent = Package.objects.filter(partner=partner, direction=Direction.OUT, number__lte=number, arrived_at=None)
    names = [name for name in sent.values_list("file", flat=True) if name]
    sent.update(arrived_at=now, file="")

    def remove() -> None:
        for name in names:
            files.discard(name)

    transaction.on_commit(remove)


def _apply(contents: Contents, partner: Partner, package: Package, now: datetime) -> list[list[str]]:
    """Have everything inside happen here; return [[number, why]] of what could not."""
    problems: list[list[str]] = []
    ours = queries.find_crossings(partner, (each.number for each in contents.progress), is_handed=True)
    theirs = queries.find_crossings(partner, (each.number for each in contents.judged), is_handed=False)
    for case in contents.cases:
        _trying(problems, case.number, lambda case=case: _take_case(case, partner, package, now))
    for told in contents.progress:
        _trying(problems, told.number, lambda told=told: _go_on(told, ours.get(told.number), partner, now))
    for judged in contents.judged:
        _trying(problems, judged.number, lambda judged=judged: _be_judged(judged, theirs.get(judged.number), now))
    return problems


def _trying(problems: list[list[str]], number: str, deed: Any) -> None:
    try:
        with transaction.atomic(), queries.mirroring():
            deed()
    except Refusal as refusal:
        problems.append([number, refusal.message])


def _take_case(carried: CarriedCase, partner: Partner, package: Package, now: datetime) -> None:
    if not partner.takes:
        raise PackageRefused(_("没有约定接收“%(name)s”转来的案件，请在“摆渡设置”中核对") % {"name": partner.name})
    tree, known = territory(), cases.catalog()
    area = next((found for code in carried.areas if (found := tree.by_code(code))), tree.area(partner.area_id))
    category = known.by_code.get(carried.category)
    photos = [
        case_actions.keep_photo(actor=CARRIER, data=_photo(photo), now=now) for photo in carried.photos
    ]  # fmt: skip
    case = case_actions.report_case_with_photos(
        actor=CARRIER, now=now, photos=photos,
        description=carried.description[: DESCRIPTION_LENGTH_MAX * 2], place=carried.place[:PLACE_LENGTH_MAX],
        kind=carried.kind if carried.kind in Kind.values else Kind.HELP,
        channel=carried.channel if carried.channel in Channel.values else Channel.TRANSFER,
        category_code=category.code if category is not None and category in known.leaves else "",
        lon=carried.lon, lat=carried.lat, area_code=area.code, demand_answers=False,
        reporter_name=carried.reporter_name, reporter_phone=carried.reporter_phone,
        occurred_at=at_of(carried.occurred_at, earliest=EARLIEST, latest=now),
        external_source=f"ferry:{partner.code}", external_id=carried.number,
    )  # fmt: skip
    fact = CaseTakenAcross(case.pk, partner.name, package.number, carried.number)
    entry_id = case_actions.note_on_case(actor=CARRIER, fact=fact, now=now, case=case)
    Crossing.objects.create(
        case=case, partner=partner, package=package, is_handed=False, number=carried.number, entry_id=entry_id
    )


def _photo(text: str) -> bytes:
    try:
        return photo_bytes(text)
    except ValueError:
        raise PackageRefused(_("包里的照片已损坏")) from None


def _go_on(told: Progress, crossing: Crossing | None, partner: Partner, now: datetime) -> None:
    if crossing is None:
        raise PackageRefused(_("没有转出过这个编号的案件"))
    for step in told.steps:
        _mirror(step, crossing.case_id, partner, now)
    for photo in told.photos:
        case_actions.add_photo(actor=CARRIER, case_id=crossing.case_id, data=_photo(photo), purpose="after", now=now)
    rest_handed_case(actor=CARRIER, case_id=crossing.case_id, now=now)


def _mirror(step: Step, case_id: int, partner: Partner, now: datetime) -> None:
    """Do what was done over there, as though at that time, but never before what is known here already."""
    case = cases.lock_case(case_id)
    at = at_of(step.at, earliest=case.changed_at, latest=now)
    if step.deed == ANSWER:
        fact = CaseAnswered(case_id, step.opinion)
        case_actions.note_on_case(actor=CARRIER, fact=fact, now=at, case=case)
        return
    if step.deed not in Deed.values or step.deed == Deed.RATE:
        raise PackageRefused(_("对方所说的办理环节，本版本没有"))
    case_actions.mirror_deed(
        actor=CARRIER, case_id=case_id, deed=Deed(step.deed), now=at, opinion=step.opinion,
        organization_id=partner.organization_id, organization_name=step.organization, level=step.level,
        result=step.result,
    )  # fmt: skip


def _be_judged(judged: Judged, crossing: Crossing | None, now: datetime) -> None:
    """Have the case's reporter judge it here as they did over there, or have it done over as the office there did."""
    if crossing is None:
        raise PackageRefused(_("没有接收过这个编号的案件"))
    case = cases.lock_case(crossing.case_id)
    if judged.score:
        case_actions.rate_case_by_code(
            actor=VISITOR, number=case.number, query_code=case.query_code, party=f"ferry:{crossing.partner_id}",
            is_solved=judged.is_solved, score=judged.score, text=judged.text[:1000], now=now,
        )  # fmt: skip
    elif case.status in (Status.CLOSED, Status.RATED):
        case_actions.reopen_case(actor=CARRIER, case_id=case.pk, opinion=judged.text or _("对方要求重办"), now=now)


@transaction.atomic
def rest_handed_case(*, actor: Actor, case_id: int, now: datetime) -> bool:
    """
    Let the clock of an open case that was handed across rest, as nobody here can do anything; tell whether it ran.

    Raises CaseNotFound.
    """
    crossing = queries.crossing_of(case_id)
    if crossing is None or not crossing.is_handed:
        return False
    case = cases.lock_case(case_id)
    if case.stage is None or case.due_at is None:
        return False
    case_actions.rest_clock(actor=actor, case_id=case_id, now=now)
    return True
