"""Hazards: found, put right, looked at again, closed, or made a case."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.cases.actions import report_case
from haitang.cases.values import Channel
from haitang.cases.values import Kind as CaseKind
from haitang.core import files, history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Conflict, Invalid
from haitang.core.photos import clean_photo
from haitang.core.scoping import path_of
from haitang.organizations.queries import organizations
from haitang.patrols import policies, queries
from haitang.patrols.facts import (
    HazardAssigned,
    HazardBecameCase,
    HazardClosed,
    HazardFound,
    HazardOverdue,
    HazardPhotoAdded,
    HazardRechecked,
    HazardRectified,
)
from haitang.patrols.lifecycle import HazardDeed, HazardStatus, check_hazard_move
from haitang.patrols.models import Hazard, HazardPhoto
from haitang.patrols.queries import rules
from haitang.patrols.values import (
    NAME_LENGTH_MAX,
    PHOTOS_MAX,
    PLACE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    AlreadyCase,
    Level,
    NewHazard,
    Permission,
    Purpose,
    WrongHazardState,
)
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

_TOLD_ROWS = 500


def audience_of(hazard: Hazard) -> history.Audience:
    """Return who may hear at once of what happens to the hazard."""
    offices = (hazard.organization_id,) if hazard.organization_id else ()
    return history.Audience(path_of(hazard.area_ids), offices, Permission.VIEW_HAZARD)


def find_hazard(
    *,
    actor: Actor,
    area: AreaRef,
    new: NewHazard,
    now: datetime,
    round_id: int | None = None,
    item_key: str = "",
    visit_id: int | None = None,
) -> Hazard:
    """Take a hazard down in the caller's transaction, who has asked whether the actor may. Raises Invalid."""
    words = _text(new.words, "words", WORDS_LENGTH_MAX, _("请写明是什么隐患"))
    if new.level not in Level.values:
        raise Invalid(_("请选择隐患等级"), {"level": _("请选择隐患等级")})
    until_on = new.until_on or local_date(now) + timedelta(days=rules().setting("hazard_days")[new.level])
    _check_until(until_on, local_date(now))
    _check_organization(new.organization_id, local_date(now))
    hazard = Hazard.objects.create(
        area_id=area.id, area_ids=list(area.ids), round_id=round_id, item_key=item_key, visit_id=visit_id,
        level=new.level, words=words,
        place=_text(new.place, "place", PLACE_LENGTH_MAX),
        responsible=_text(new.responsible, "responsible", NAME_LENGTH_MAX), organization_id=new.organization_id,
        found_at=now, until_on=until_on,
    )  # fmt: skip
    history.record(
        actor=actor, fact=HazardFound(hazard.pk, hazard.level, words, until_on.isoformat()), at=now,
        audience=audience_of(hazard),
    )  # fmt: skip
    return hazard


def _text(given: str, name: str, length: int, missing: str = "") -> str:
    given = given.strip()
    if missing and not given:
        raise Invalid(missing, {name: missing})
    if len(given) > length:
        too_long = _("最多 %(n)d 字") % {"n": length}
        raise Invalid(too_long, {name: too_long})
    return given


def _check_until(until_on: date, today: date) -> None:
    if not today <= until_on <= today + timedelta(days=366):
        raise Invalid(_("整改期限应在今天起一年之内"), {"until_on": _("整改期限应在今天起一年之内")})


def _check_organization(organization_id: int | None, today: date) -> None:
    if organization_id is None:
        return
    office = organizations().by_id(organization_id)
    if office is None or not office.exists(today):
        raise Invalid(_("没有这个单位"), {"organization": _("没有这个单位")})


@transaction.atomic
def report_hazard(*, actor: Actor, area_code: str, new: NewHazard, now: datetime) -> Hazard:
    """
    Take down a hazard found outside of any checklist.

    area_code: of the grid, or of a coarser area where the grid is not known.
    Raises NotAllowed (no HANDLE_HAZARD there), Invalid (no such area, nothing said, a day that has passed).
    """
    area = territory().by_code(area_code)
    if area is None:
        raise Invalid(_("没有这个区域"), {"area": _("没有这个区域")})
    policies.check_can_handle_hazards(actor, area.path)
    return find_hazard(actor=actor, area=area, new=new, now=now)


@transaction.atomic
def assign_hazard(
    *, actor: Actor, hazard_id: int, responsible: str, until_on: date, now: datetime, organization_id: int | None = None
) -> Hazard:
    """
    Set who must put the hazard right and by when; a new day is reminded of anew.

    organization_id: an office that sees to it, None for none.
    Raises HazardNotFound, NotAllowed, WrongHazardState (it is closed), Invalid.
    """
    hazard = queries.lock_hazard(hazard_id)
    policies.check_can_assign(actor, hazard)
    if hazard.status == HazardStatus.CLOSED:
        raise WrongHazardState(_("隐患已销号"))
    _check_until(until_on, local_date(now))
    _check_organization(organization_id, local_date(now))
    if until_on != hazard.until_on:
        hazard.told = 0
    hazard.responsible = _text(responsible, "responsible", NAME_LENGTH_MAX, _("请写明由谁整改"))
    hazard.until_on, hazard.organization_id = until_on, organization_id
    hazard.save(update_fields=["responsible", "until_on", "organization", "told"])
    fact = HazardAssigned(hazard.pk, hazard.responsible, until_on.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(hazard))
    return hazard


def _ready(actor: Actor, hazard_id: int, deed: HazardDeed) -> tuple[Hazard, HazardStatus]:
    """Return the hazard, locked, and where the deed leads; raise where it may not be done."""
    hazard = queries.lock_hazard(hazard_id)
    policies.check_can_on_hazard(actor, deed, hazard)
    return hazard, check_hazard_move(hazard.status, deed)


@transaction.atomic
def rectify_hazard(*, actor: Actor, hazard_id: int, words: str, now: datetime) -> Hazard:
    """
    Say that the hazard has been put right, and how; somebody else looks at it again.

    Raises HazardNotFound, NotAllowed, WrongHazardState, Invalid (nothing said).
    """
    hazard, target = _ready(actor, hazard_id, HazardDeed.RECTIFY)
    words = _text(words, "words", WORDS_LENGTH_MAX, _("请写明怎样整改的"))
    hazard.status, hazard.rectified_by_id = target, actor.id
    hazard.save(update_fields=["status", "rectified_by_id"])
    history.record(actor=actor, fact=HazardRectified(hazard.pk, words), at=now, audience=audience_of(hazard))
    return hazard


@transaction.atomic
def recheck_hazard(
    *, actor: Actor, hazard_id: int, passed: bool, words: str, now: datetime, until_on: date | None = None
) -> Hazard:
    """
    Look whether the hazard was put right. Not passed, it is open again.

    until_on: of one that did not pass the new day; None for that of its level's default.
    Raises HazardNotFound, NotAllowed (also to whoever put it right), WrongHazardState, Invalid (nothing said).
    """
    hazard, target = _ready(actor, hazard_id, HazardDeed.RECHECK)
    words = _text(words, "words", WORDS_LENGTH_MAX, _("请写明复查情况"))
    if passed:
        hazard.status = target
    else:
        today = local_date(now)
        hazard.until_on = until_on or today + timedelta(days=rules().setting("hazard_days")[hazard.level])
        _check_until(hazard.until_on, today)
        hazard.status, hazard.failures, hazard.told = HazardStatus.OPEN, hazard.failures + 1, 0
    hazard.save(update_fields=["status", "failures", "until_on", "told"])
    history.record(actor=actor, fact=HazardRechecked(hazard.pk, words, passed), at=now, audience=audience_of(hazard))
    return hazard


@transaction.atomic
def close_hazard(*, actor: Actor, hazard_id: int, now: datetime, words: str = "") -> Hazard:
    """
    Strike the hazard off the list (销号), after it was looked at again.

    Raises HazardNotFound, NotAllowed, WrongHazardState.
    """
    hazard, target = _ready(actor, hazard_id, HazardDeed.CLOSE)
    hazard.status, hazard.closed_on = target, local_date(now)
    hazard.save(update_fields=["status", "closed_on"])
    words = _text(words, "words", WORDS_LENGTH_MAX)
    history.record(actor=actor, fact=HazardClosed(hazard.pk, words), at=now, audience=audience_of(hazard))
    return hazard


@transaction.atomic
def make_hazard_case(*, actor: Actor, hazard_id: int, now: datetime) -> int:
    """
    Make the hazard a case, in one step, for what the grid cannot solve; the two stay linked. Returns its id.

    The case goes the way of every case; when it is closed, the hazard waits to be looked at again.
    Raises HazardNotFound, NotAllowed (HANDLE_HAZARD and reporting cases there), AlreadyCase, WrongHazardState (closed).
    """
    hazard = queries.lock_hazard(hazard_id)
    policies.check_may_see_hazard(actor, hazard)
    policies.check_can_handle_hazards(actor, path_of(hazard.area_ids))
    if hazard.case_id is not None:
        raise AlreadyCase(_("这条隐患已经转为案件"))
    if hazard.status == HazardStatus.CLOSED:
        raise WrongHazardState(_("隐患已销号"))
    area = territory().area(hazard.area_id)
    case = report_case(
        actor=actor, now=now, description=hazard.words, channel=Channel.PATROL, kind=CaseKind.HELP,
        place=hazard.place, area_code=area.code,
    )  # fmt: skip
    hazard.case = case
    hazard.save(update_fields=["case"])
    history.record(actor=actor, fact=HazardBecameCase(hazard.pk, case.pk), at=now, audience=audience_of(hazard))
    return case.pk


@transaction.atomic
def rectify_hazard_of_case(*, actor: Actor, case_id: int, now: datetime) -> bool:
    """Let the hazard that became this case, if it waits to be put right, wait to be looked at again; tell whether."""
    hazard = Hazard.objects.select_for_update(no_key=True).filter(case_id=case_id, status=HazardStatus.OPEN).first()
    if hazard is None:
        return False
    hazard.status = check_hazard_move(hazard.status, HazardDeed.RECTIFY)
    hazard.save(update_fields=["status"])
    fact = HazardRectified(hazard.pk, _("所转案件已结案"))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(hazard))
    return True


@transaction.atomic
def tell_overdue_hazards(*, actor: Actor, now: datetime) -> int:
    """
    Record which hazards were not put right by their day, each once, and return how many; at most 500 a call.

    Run by two at once, each takes others.
    """
    today = local_date(now)
    late = Hazard.objects.filter(Q(status=HazardStatus.OPEN, until_on__lt=today, told__lt=2)).order_by("until_on")
    rows = list(late.select_for_update(skip_locked=True, no_key=True)[:_TOLD_ROWS])
    for hazard in rows:
        fact = HazardOverdue(hazard.pk, hazard.until_on.isoformat())
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(hazard))
    Hazard.objects.filter(pk__in=[hazard.pk for hazard in rows]).update(told=2)
    return len(rows)


def add_hazard_photo(
    *, actor: Actor, hazard_id: int, data: bytes, now: datetime, purpose: str = Purpose.FOUND
) -> HazardPhoto:
    """
    Add a photo to a hazard, written anew without metadata (no place, no instant); the same one twice is one.

    data: what was uploaded, as `core.photos.clean_photo` takes it.
    Raises HazardNotFound, NotAllowed, PhotoRefused, Invalid (no such purpose), Conflict (nine are there already).
    """
    if purpose not in Purpose.values:
        raise Invalid(_("照片用途应为：发现时、整改后"))
    policies.check_can_add_photo(actor, queries.get_hazard(viewer=actor, hazard_id=hazard_id))
    digest = files.store((photo := clean_photo(data)).data)
    with transaction.atomic():
        hazard = queries.lock_hazard(hazard_id)
        held = HazardPhoto.objects.filter(hazard=hazard)
        same = held.filter(digest=digest).first()
        if same is not None:
            return same
        if held.count() >= PHOTOS_MAX:
            raise Conflict(_("每条隐患最多 %(n)d 张照片") % {"n": PHOTOS_MAX})
        row = HazardPhoto.objects.create(hazard=hazard, purpose=purpose, digest=digest, size=len(photo.data))
        fact = HazardPhotoAdded(hazard.pk, row.pk, purpose)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(hazard))
    files.claim(digest)
    return row
