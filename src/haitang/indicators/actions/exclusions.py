"""Leaving cases out of the figures (剔除): asked for by one, decided by another, undone on the record."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.actions import note_on_case
from haitang.core import files
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid, NotFound
from haitang.core.photos import CleanPhoto, clean_photo
from haitang.indicators import policies, queries
from haitang.indicators.facts import ExclusionFollowed, ExclusionRequested, ExclusionReviewed, ExclusionUndone
from haitang.indicators.models import Evidence, Exclusion
from haitang.indicators.values import (
    EVIDENCE_LENGTH_MAX,
    EVIDENCE_PHOTOS_MAX,
    AlreadyExcluded,
    ExclusionNotFound,
    ExclusionState,
    NotYourOwn,
    Permission,
    WrongState,
)


def request_exclusion(
    *, actor: Actor, case_id: int, sets: list[str], reason: str, evidence: str, now: datetime,
    photos: Sequence[bytes] = (),
) -> Exclusion:  # fmt: skip
    """
    Ask that a case be left out of these sets of indicators.

    reason: a code of the list of reasons. evidence: why, and what shows it. photos: what was uploaded, at most
        EVIDENCE_PHOTOS_MAX, JPEG, PNG or WebP; kept re-encoded and without metadata, the same one once.
    Raises CaseNotFound, NotAllowed, AlreadyExcluded, SetNotFound, Invalid, PhotoRefused.
    """
    policies.check_can(actor, Permission.REQUEST, cases.get_case(viewer=actor, case_id=case_id))
    if len(photos) > EVIDENCE_PHOTOS_MAX:
        text = _("最多 %(n)d 张照片") % {"n": EVIDENCE_PHOTOS_MAX}
        raise Invalid(text, {"photos": text})
    kept = {}
    for data in photos:
        photo = clean_photo(data)
        digest = files.store(photo.data)
        files.claim(digest)
        kept[digest] = photo
    return _request(actor, case_id, sets, reason, evidence, kept, now)


@transaction.atomic
def _request(
    actor: Actor, case_id: int, sets: list[str], reason: str, evidence: str, photos: dict[str, CleanPhoto],
    now: datetime,
) -> Exclusion:  # fmt: skip
    case = cases.lock_case(case_id)
    cases.get_case(viewer=actor, case_id=case_id)
    policies.check_can(actor, Permission.REQUEST, case)
    for code in sets:
        queries.versions_of(code)
    if not sets:
        raise Invalid(_("请选择从哪些指标中剔除"), {"sets": _("请至少选择一项")})
    if reason not in queries.exclusion_reasons():
        raise Invalid(_("请选择剔除理由"), {"reason": _("请选择剔除理由")})
    evidence = _said(evidence, "evidence")
    with refusing({"indicators_excluded_once": AlreadyExcluded(_("此案件已申请剔除或已剔除"))}):
        exclusion = Exclusion.objects.create(
            case_id=case_id, sets=sorted(set(sets)), reason=reason, evidence=evidence,
            state=ExclusionState.REQUESTED, requested_at=now, requested_by_id=actor.id, requested_by_name=actor.name,
        )  # fmt: skip
    Evidence.objects.bulk_create(
        Evidence(
            exclusion=exclusion, digest=digest, mime=photo.mime, width=photo.width, height=photo.height,
            size=len(photo.data), added_at=now,
        )
        for digest, photo in photos.items()
    )  # fmt: skip
    fact = ExclusionRequested(case_id, exclusion.pk, exclusion.sets, reason, evidence)
    note_on_case(actor=actor, fact=fact, now=now)
    return exclusion


@transaction.atomic
def review_exclusion(*, actor: Actor, exclusion_id: int, approved: bool, opinion: str, now: datetime) -> Exclusion:
    """
    Decide on a request that somebody else made; approved, all that the case has counted for is left out.

    Raises ExclusionNotFound, NotAllowed, NotYourOwn, WrongState, Invalid (no opinion).
    """
    exclusion = _lock(actor, exclusion_id)
    if exclusion.state != ExclusionState.REQUESTED:
        raise WrongState(_("此申请已审核：%(state)s") % {"state": ExclusionState(exclusion.state).label})
    if actor.id is not None and exclusion.requested_by_id == actor.id:
        raise NotYourOwn(_("不能审核本人提出的剔除申请，请由他人审核"))
    opinion = _said(opinion, "opinion")
    exclusion.state = (ExclusionState.APPROVED if approved else ExclusionState.REFUSED).value
    exclusion.reviewed_at, exclusion.reviewed_by_id, exclusion.reviewed_by_name = now, actor.id, actor.name
    exclusion.opinion = opinion
    if approved:
        exclusion.counted, exclusion.counted_at = queries.measures_of(cases.lock_case(exclusion.case_id)), now
    exclusion.save()
    fact = ExclusionReviewed(
        exclusion.case_id, exclusion.pk, approved, opinion, exclusion.sets, list(exclusion.counted)
    )  # fmt: skip
    note_on_case(actor=actor, fact=fact, now=now)
    return exclusion


@transaction.atomic
def undo_exclusion(*, actor: Actor, exclusion_id: int, opinion: str, now: datetime) -> Exclusion:
    """
    Put a case back into the figures, with the reason.

    Raises ExclusionNotFound, NotAllowed, WrongState, Invalid (no reason).
    """
    exclusion = _lock(actor, exclusion_id)
    if exclusion.state != ExclusionState.APPROVED:
        raise WrongState(_("此案件没有被剔除，无需恢复"))
    opinion = _said(opinion, "opinion")
    back = _difference([], exclusion.counted)
    exclusion.state, exclusion.counted, exclusion.counted_at = ExclusionState.UNDONE.value, [], None
    exclusion.save(update_fields=["state", "counted", "counted_at"])
    fact = ExclusionUndone(exclusion.case_id, exclusion.pk, opinion, exclusion.sets, back)
    note_on_case(actor=actor, fact=fact, now=now)
    return exclusion


@transaction.atomic
def follow_exclusion(*, actor: Actor, case_id: int, exclusion_id: int, now: datetime) -> bool:
    """
    Leave out what a case that is left out has come to count for since; tell whether there was anything.

    Run again it does nothing. Raises CaseNotFound, ExclusionNotFound.
    """
    case = cases.lock_case(case_id)
    exclusion = queries.lock_exclusion(exclusion_id)
    if exclusion.state != ExclusionState.APPROVED:
        return False
    counted = queries.measures_of(case)
    change = _difference(counted, exclusion.counted)
    exclusion.counted, exclusion.counted_at = counted, max(now, case.changed_at)
    exclusion.save(update_fields=["counted", "counted_at"])
    if change:
        note_on_case(
            actor=actor, fact=ExclusionFollowed(case_id, exclusion.pk, exclusion.sets, change), now=now
        )  # fmt: skip
    return bool(change)


def _lock(actor: Actor, exclusion_id: int) -> Exclusion:
    """Lock the case, then the request; raise ExclusionNotFound where the actor may not know of it, NotAllowed."""
    case_id = Exclusion.objects.filter(pk=exclusion_id).values_list("case_id", flat=True).first()
    try:
        case = cases.lock_case(case_id or 0)
        cases.get_case(viewer=actor, case_id=case.pk)
    except NotFound as refusal:
        raise ExclusionNotFound(_("没有这项剔除申请")) from refusal
    policies.check_can(actor, Permission.REVIEW, case)
    return queries.lock_exclusion(exclusion_id)


def _said(text: str, field: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(_("请写明理由"), {field: _("请写明理由")})
    if len(text) > EVIDENCE_LENGTH_MAX:
        words = _("不能超过 %(n)d 字") % {"n": EVIDENCE_LENGTH_MAX}
        raise Invalid(words, {field: words})
    return text


def _difference(now: list[str], before: list[str]) -> list[str]:
    """Return what leads from the one list of counts to the other, as such a list."""
    sums: Counter[str] = Counter()
    for lines, sign in ((now, 1), (before, -1)):
        for line in lines:
            key, _bar, n = line.rpartition("|")
            sums[key] += sign * int(n)
    return [f"{key}|{n}" for key, n in sorted(sums.items()) if n]
