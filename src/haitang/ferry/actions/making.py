"""A package is made: what waits is put in, sealed, signed, numbered, and kept until it has arrived."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.cases import actions as case_actions
from haitang.cases import queries as cases
from haitang.cases.queries.telling import OFFICE_ANSWERS
from haitang.cases.values import DESCRIPTION_LENGTH_MAX
from haitang.core import files, history
from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.ferry import policies, queries
from haitang.ferry.facts import CaseHandedAcross, FerryPackageMade
from haitang.ferry.models import Crossing, Package, Partner
from haitang.ferry.queries import CARRIER, PHOTO, RATED, REOPENED, STEP_OF
from haitang.ferry.values import (
    CarriedCase,
    Contents,
    Direction,
    Judged,
    Manifest,
    Progress,
    Step,
    bind,
    photo_text,
    seal_contents,
)
from haitang.territory.queries import territory

WHY = "随摆渡包转交“%s”办理"
"""The reason under which a reporter's name and telephone are opened, to be sealed for the other zone."""


class _Load:
    """What has been put in so far, and whether there is room for more."""

    def __init__(self) -> None:
        known = cases.catalog()
        self._room = known.setting("ferry_package_mb") * 1_000_000
        self.cases_max = known.setting("ferry_cases_max")
        self.cases: list[CarriedCase] = []
        self.progress: list[Progress] = []
        self.judged: list[Judged] = []
        self.size = 0

    def fits(self, part: CarriedCase | Progress) -> bool:
        """Count a part in and return True, or False where it must wait; the first always fits."""
        size = len(part.model_dump_json())
        if self.size and self.size + size > self._room:
            return False
        self.size += size
        return True

    def contents(self) -> Contents:
        """Return all of it."""
        return Contents(cases=self.cases, progress=self.progress, judged=self.judged)


@transaction.atomic
def make_ferry_package(*, actor: Actor, partner_code: str, now: datetime) -> Package | None:
    """
    Make the next package for a partner: its new cases, and what has become of those in common; None if nothing waits.

    What does not fit (ferry_package_mb, ferry_cases_max) waits for the next one. The cases put in are dealt with over
    there from now on. Raises NotAllowed, PartnerNotFound, NoZone.
    """
    policies.check_can_carry(actor)
    partner, zone = queries.lock_partner(partner_code), queries.get_zone()
    load = _Load()
    entries = _put_news(load, partner)
    taken = _put_cases(load, partner, now)
    for crossing, entry_id in entries:
        crossing.entry_id = entry_id
        crossing.save(update_fields=["entry_id"])
    contents = load.contents()
    if not partner.is_active or (contents.is_empty and not queries.is_owed(partner)):
        return None
    number = partner.sent + 1
    key, sealed = seal_contents(
        contents.model_dump_json(exclude_defaults=True).encode(), to=partner.sealing, sender=zone.code,
        receiver=partner.code, number=number,
    )  # fmt: skip
    manifest = Manifest(
        sender=zone.code, receiver=partner.code, number=number, previous=partner.sent_digest,
        made_at=now.isoformat(), arrived=partner.received, cases=len(contents.cases), steps=contents.steps,
        photos=contents.photos, size=len(sealed), contents=hashlib.sha256(sealed).hexdigest(), key=key,
        sealed_to=partner.card.fingerprint,
    )  # fmt: skip
    data = bind(manifest, sealed, signing_key=zone.signing_key)
    package = Package.objects.create(
        partner=partner, direction=Direction.OUT, number=number, digest=manifest.digest, cases=manifest.cases,
        steps=manifest.steps, photos=manifest.photos, size=len(data), file=files.store(data), at=now,
        account_id=actor.id,
    )  # fmt: skip
    partner.sent, partner.sent_digest = number, manifest.digest
    partner.save(update_fields=["sent", "sent_digest"])
    for case in taken:
        _hand_across(case, partner, package, now)
    fact = FerryPackageMade(package.pk, partner.pk, number, manifest.digest, manifest.cases, manifest.steps)
    history.record(actor=actor, fact=fact, at=now)
    return package


def _put_cases(load: _Load, partner: Partner, now: datetime) -> list[Any]:
    """Put new cases in and return them, locked."""
    put = []
    for case_id in queries.waiting_cases(partner).values_list("pk", flat=True)[: load.cases_max]:
        case = cases.lock_case(case_id)
        if not queries.waiting_cases(partner).filter(pk=case_id).exists():
            continue  # somebody has taken it on here meanwhile
        part = _carried(case, partner, now)
        if not load.fits(part):
            break
        load.cases.append(part)
        put.append(case)
    return put


def _carried(case: Any, partner: Partner, now: datetime) -> CarriedCase:
    tree, category = territory(), cases.catalog().by_id.get(case.category_id)
    asked = "".join(f"\n{held['label']}：{held['text']}" for held in case.answers.values() if held.get("text"))
    return CarriedCase(
        number=case.number, kind=case.kind, channel=case.channel, category=category.code if category else "",
        description=(case.description + asked)[: DESCRIPTION_LENGTH_MAX * 2], place=case.place,
        lon=case.lon, lat=case.lat, areas=[area.code for area in reversed(tree.chain(case.area_id))][:10],
        occurred_at=case.occurred_at or case.reported_at,
        photos=[photo_text(files.read(photo.digest)) for photo in cases.list_photos(viewer=CARRIER, case_id=case.pk)],
        **_reporter(case, partner, now),
    )  # fmt: skip


def _reporter(case: Any, partner: Partner, now: datetime) -> dict[str, str]:
    """Return what the reporter left; that it was opened stands in the case's history like every other look."""
    try:
        found = case_actions.unmask_reporter(actor=CARRIER, case_id=case.pk, reason=WHY % partner.name, now=now)
    except NotFound:
        return {}
    return {"reporter_name": found.name[:100], "reporter_phone": found.phone[:100]}


def _hand_across(case: Any, partner: Partner, package: Package, now: datetime) -> None:
    case_actions.rest_clock(actor=CARRIER, case_id=case.pk, now=now)
    Crossing.objects.create(
        case=case, partner=partner, package=package, is_handed=True, number=case.number,
        entry_id=case_actions.note_on_case(
            actor=CARRIER, fact=CaseHandedAcross(case.pk, partner.name, package.number), now=now, case=case
        ),
    )  # fmt: skip


def _put_news(load: _Load, partner: Partner) -> list[tuple[Crossing, int]]:
    """Put in what has become of the cases in common; return up to which entry each has been told of."""
    told = []
    for crossing in queries.waiting_news(partner)[: load.cases_max]:
        entries = queries.list_untold(crossing)
        if not entries:
            continue
        if crossing.is_handed:
            load.judged += [_judged(crossing, entry) for entry in entries if entry.fact == RATED or _by_office(entry)]
        else:
            part = _progress(crossing, entries)
            if (part.steps or part.photos) and not load.fits(part):
                break
            load.progress += [part] if part.steps or part.photos else []
        told.append((crossing, entries[-1].pk))
    return told


def _by_office(entry: Any) -> bool:
    """Tell whether somebody of the office did it, and not the other zone's package or a reporter's judgement."""
    return entry.fact == REOPENED and entry.actor_id is not None


def _judged(crossing: Crossing, entry: Any) -> Judged:
    is_rating = entry.fact == RATED
    return Judged(
        number=crossing.number, at=entry.at, is_solved=is_rating and bool(entry.data.get("solved")),
        score=int(entry.data.get("score", 5)) if is_rating else 0, text=str(entry.data.get("opinion", "")),
    )  # fmt: skip


def _progress(crossing: Crossing, entries: list[Any]) -> Progress:
    steps, photos = [], []
    for entry in entries:
        data = entry.data
        if entry.fact == PHOTO and data.get("purpose") == "after":
            case = cases.get_case(viewer=CARRIER, case_id=crossing.case_id)
            photo = cases.get_result_photo(case=case, attachment_id=data["attachment_id"])
            photos += [photo_text(files.read(photo.digest))] if photo is not None else []
        elif entry.fact in STEP_OF and (entry.fact != REOPENED or _by_office(entry)):
            steps.append(
                Step(
                    deed=STEP_OF[entry.fact], at=entry.at, level=data.get("level", ""), result=data.get("result", ""),
                    opinion=data.get("opinion", "") if entry.fact in OFFICE_ANSWERS else "",
                    organization=data.get("organization_name") or entry.organization_name,
                )
            )  # fmt: skip
    return Progress(number=crossing.number, steps=steps, photos=photos)
