"""Disputes: taken up, mediated, concluded, and asked about afterwards."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, crypto, history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.core.scoping import path_of
from haitang.patrols import policies, queries
from haitang.patrols.actions.visits import note_asked
from haitang.patrols.facts import (
    AgreementFollowedUp,
    DisputeEnded,
    DisputeHandedOver,
    DisputeOpened,
    FollowUpDue,
    MediatorNamed,
    PartyUnmasked,
    SessionHeld,
)
from haitang.patrols.lifecycle import OUTCOMES, DisputeStatus
from haitang.patrols.models import Dispute, FollowUp, Mediator, Party, Session
from haitang.patrols.models.dispute import NAME, PHONE
from haitang.patrols.queries import find_household_by_phone, rules
from haitang.patrols.values import (
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    DisputeConcluded,
    DisputeNotFound,
    NewParty,
    PartyRole,
    Permission,
)
from haitang.people.queries import get_actor, list_accounts_holding
from haitang.territory.queries import territory

PARTIES_MAX = 10
_TOLD_ROWS = 500


def _audience(dispute: Dispute) -> history.Audience:
    permission = Permission.CONFIDENTIAL_DISPUTES if dispute.is_confidential else Permission.MEDIATE
    return history.Audience(path_of(dispute.area_ids), (), permission)


def _text(given: str, name: str, length: int = WORDS_LENGTH_MAX, *, missing: str = "") -> str:
    given = given.strip()
    wrong = missing if missing and not given else ""
    if len(given) > length:
        wrong = _("最多 %(n)d 字") % {"n": length}
    if wrong:
        raise Invalid(wrong, {name: wrong})
    return given


@transaction.atomic
def open_dispute(
    *,
    actor: Actor,
    area_code: str,
    kind: str,
    matter: str,
    parties: Sequence[NewParty],
    now: datetime,
    place: str = "",
    is_confidential: bool = False,
) -> Dispute:
    """
    Take up a quarrel; whoever does is its first mediator.

    parties: two to ten; names and telephones are stored sealed. A telephone that a household has left before counts
    as asked once more. kind: one of the setting `dispute_kinds`. Raises NotAllowed (no MEDIATE there), Invalid.
    """
    area = territory().by_code(area_code)
    if area is None:
        raise Invalid(_("没有这个区域"), {"area": _("没有这个区域")})
    access.require(actor, Permission.MEDIATE, area_path=area.path)
    if kind not in rules().setting("dispute_kinds"):
        raise Invalid(_("请选择纠纷类型"), {"kind": _("请选择纠纷类型")})
    if not 2 <= len(parties) <= PARTIES_MAX:
        raise Invalid(_("请填写双方当事人"), {"respondent_name": _("请填写双方当事人")})
    dispute = Dispute.objects.create(
        area_id=area.id, area_ids=list(area.ids), kind=kind, is_confidential=is_confidential, opened_at=now,
        matter=_text(matter, "matter", missing=_("请写明纠纷事由")), place=_text(place, "place", PLACE_LENGTH_MAX),
    )  # fmt: skip
    for party in parties:
        name = _text(party.name, f"{party.role}_name", NAME_LENGTH_MAX, missing=_("请填写当事人姓名"))
        phone = _text(party.phone, f"{party.role}_phone", 20)
        if party.role not in PartyRole.values:
            raise Invalid(_("请选择当事人身份"))
        Party.objects.create(
            dispute=dispute, role=party.role, name_sealed=crypto.seal(name, NAME),
            phone_sealed=crypto.seal(phone, PHONE) if phone else None,
        )  # fmt: skip
        household = find_household_by_phone(phone) if phone else None
        if household is not None:
            keys = ("contact_name", "contact_phone")
            note_asked(actor=actor, household=household, keys=keys, form="dispute", now=now)
    if actor.id is not None:
        Mediator.objects.create(dispute=dispute, account_id=actor.id, name=actor.name)
    history.record(actor=actor, fact=DisputeOpened(dispute.pk, kind), at=now, audience=_audience(dispute))
    return dispute


def _open(actor: Actor, dispute_id: int) -> Dispute:
    dispute = queries.lock_dispute(viewer=actor, dispute_id=dispute_id)
    if dispute.status != DisputeStatus.OPEN:
        raise DisputeConcluded(_("这起纠纷已经办结"))
    return dispute


@transaction.atomic
def name_mediator(*, actor: Actor, dispute_id: int, account_id: int, now: datetime) -> Mediator:
    """
    Name one more mediator, who then sees the dispute even if it is confidential; named already, nothing changes.

    Raises DisputeNotFound, DisputeConcluded, Invalid (the account does not mediate there).
    """
    dispute = _open(actor, dispute_id)
    there = Mediator.objects.filter(dispute=dispute, account_id=account_id).first()
    if there is not None:
        return there
    path = path_of(dispute.area_ids)
    if account_id not in list_accounts_holding(Permission.MEDIATE, area_path=path, now=now):
        raise Invalid(_("该账号没有这里的调解权限"), {"account": _("该账号没有这里的调解权限")})
    row = Mediator.objects.create(dispute=dispute, account_id=account_id, name=get_actor(account_id, now=now).name)
    history.record(actor=actor, fact=MediatorNamed(dispute.pk, account_id), at=now, audience=_audience(dispute))
    return row


@transaction.atomic
def change_mediator(*, actor: Actor, dispute_id: int, from_id: int, to_id: int, now: datetime) -> Dispute:
    """
    Let another mediate in the place of one who leaves; whoever else mediates stays.

    Whether the actor may hand it over is for the caller to have asked. Raises DisputeNotFound (the actor may not know
    of it, or the former one does not mediate it), Invalid (the other does not mediate there).
    """
    dispute = queries.lock_dispute(viewer=actor, dispute_id=dispute_id)
    former = Mediator.objects.filter(dispute=dispute, account_id=from_id).first()
    if former is None:
        raise DisputeNotFound(_("没有这起纠纷"))
    if to_id not in list_accounts_holding(Permission.MEDIATE, area_path=path_of(dispute.area_ids), now=now):
        raise Invalid(_("该账号没有这里的调解权限"), {"account": _("该账号没有这里的调解权限")})
    former.delete()
    name = get_actor(to_id, now=now).name
    Mediator.objects.get_or_create(dispute=dispute, account_id=to_id, defaults={"name": name})
    fact = DisputeHandedOver(dispute.pk, from_id, to_id)
    history.record(actor=actor, fact=fact, at=now, audience=_audience(dispute))
    return dispute


@transaction.atomic
def hold_session(*, actor: Actor, dispute_id: int, on: date, words: str, now: datetime) -> Session:
    """
    Take down a meeting of the parties.

    on: not after today. Raises DisputeNotFound, DisputeConcluded, Invalid.
    """
    dispute = _open(actor, dispute_id)
    if on > local_date(now):
        raise Invalid(_("调解日期不能晚于今天"), {"on": _("调解日期不能晚于今天")})
    words = _text(words, "words", missing=_("请写明调解情况"))
    row = Session.objects.create(dispute=dispute, on=on, words=words)
    history.record(actor=actor, fact=SessionHeld(dispute.pk, on.isoformat()), at=now, audience=_audience(dispute))
    return row


@transaction.atomic
def conclude_dispute(*, actor: Actor, dispute_id: int, status: str, words: str, now: datetime) -> Dispute:
    """
    Conclude the dispute: agreed, failed or withdrawn. An agreement is asked about on the days of the setting.

    words: the agreement's text, or why there is none. Raises DisputeNotFound, DisputeConcluded, Invalid.
    """
    dispute = _open(actor, dispute_id)
    if status not in OUTCOMES:
        raise Invalid(_("请选择调解结果"), {"status": _("请选择调解结果")})
    dispute.outcome_words = _text(words, "words", missing=_("请写明协议内容或未达成的原因"))
    dispute.status, dispute.concluded_on = status, local_date(now)
    dispute.save(update_fields=["outcome_words", "status", "concluded_on"])
    if status == DisputeStatus.AGREED:
        days = sorted(set(rules().setting("dispute_followup_days")))
        FollowUp.objects.bulk_create(
            FollowUp(dispute=dispute, due_on=dispute.concluded_on + timedelta(days=each)) for each in days
        )
    history.record(actor=actor, fact=DisputeEnded(dispute.pk, status), at=now, audience=_audience(dispute))
    return dispute


@transaction.atomic
def follow_up_dispute(
    *, actor: Actor, dispute_id: int, follow_up_id: int, is_kept: bool, words: str, now: datetime
) -> FollowUp:
    """
    Take down whether the agreement is kept, on one of its days or before.

    Raises DisputeNotFound, DisputeConcluded (asked about already), Invalid (nothing said).
    """
    dispute = queries.lock_dispute(viewer=actor, dispute_id=dispute_id)
    row = FollowUp.objects.filter(dispute=dispute, pk=follow_up_id).first()
    if row is None or row.done_on is not None:
        raise DisputeConcluded(_("这次回访已经完成"))
    row.words = _text(words, "words", missing=_("请写明回访情况"))
    row.is_kept, row.done_on = is_kept, local_date(now)
    row.save(update_fields=["words", "is_kept", "done_on"])
    fact = AgreementFollowedUp(dispute.pk, row.due_on.isoformat(), is_kept)
    history.record(actor=actor, fact=fact, at=now, audience=_audience(dispute))
    return row


@transaction.atomic
def unmask_parties(*, actor: Actor, dispute_id: int, reason: str, now: datetime) -> list[tuple[str, str, str]]:
    """
    Return the parties in full (role, name, telephone), and record who looked and why.

    Raises DisputeNotFound, NotAllowed (no UNMASK), Invalid (no reason).
    """
    dispute = queries.get_dispute(viewer=actor, dispute_id=dispute_id)
    policies.check_can_unmask(actor, dispute.area_ids)
    reason = _text(reason, "reason", missing=_("请填写查看理由"))
    fact, area = PartyUnmasked(dispute.pk, reason), history.Audience(path_of(dispute.area_ids))
    history.record(actor=actor, fact=fact, at=now, audience=area)
    rows = Party.objects.filter(dispute=dispute).order_by("id")
    return [(row.get_role_display(), row.name, row.phone) for row in rows]


@transaction.atomic
def tell_due_follow_ups(*, actor: Actor, now: datetime) -> int:
    """Record which agreements are to be asked about by now, each once, and return how many; at most 500 a call."""
    due = FollowUp.objects.filter(due_on__lte=local_date(now), done_on__isnull=True, is_told=False).order_by("due_on")
    rows = list(
        due.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("dispute")[:_TOLD_ROWS]
    )
    for row in rows:
        fact = FollowUpDue(row.dispute_id, row.due_on.isoformat())
        history.record(actor=actor, fact=fact, at=now, audience=_audience(row.dispute))
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(is_told=True)
    return len(rows)
