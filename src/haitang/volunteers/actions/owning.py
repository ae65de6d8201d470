"""What somebody takes along of their own: the way back to their entry, a certificate, the address of their calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history, ids, limits
from haitang.core.access import Actor, require
from haitang.core.clock import LOCAL, local_date
from haitang.core.constraints import refusing
from haitang.core.errors import NotSignedIn
from haitang.core.scoping import path_of
from haitang.volunteers import policies, queries
from haitang.volunteers.facts import (
    CalendarClosed,
    CalendarOpened,
    CertificateIssued,
    ClaimCodeIssued,
    VolunteerClaimed,
    VolunteerConsented,
    VolunteerUnmasked,
)
from haitang.volunteers.models import CalendarKey, Certificate, Volunteer
from haitang.volunteers.values import (
    AccountTaken,
    CertificateNotFound,
    NoConsent,
    Permission,
    VolunteerInvalid,
    VolunteerNotFound,
    WrongCode,
)

_GUESSES_MAX, _WINDOW_S = 10, 3600
CODE_LENGTH, _CERTIFICATE_CODE_LENGTH, _KEY_LENGTH = 10, 12, 32
REASON_LENGTH_MAX = 200
SLIPS_MAX = 500


def find_own_entry(*, actor: Actor, number: str, code: str, party: str, now: datetime) -> Volunteer:
    """Return the entry of that number ("V0000123") to who knows its code; wrong guesses of a party are limited.

    party: from where it is asked. Raises WrongCode, TooMany.
    """
    key = f"volunteers.code:{party}"
    limits.hit(key, limit=_GUESSES_MAX, window_s=_WINDOW_S, now=now)
    digits = ids.normalize_code(number).removeprefix("V")
    try:
        found = queries.get_volunteer(
            viewer=actor, volunteer_id=int(digits) if digits.isascii() and digits.isdigit() else 0, code=code
        )
    except VolunteerNotFound as refusal:
        raise WrongCode(_("登记编号或查询码不对，请核对后重试")) from refusal
    limits.give_back(key)
    return found


@dataclass(frozen=True, slots=True)
class ClaimCode:
    """The code by which the person opens their entry, told this once; with `number` of the entry."""

    number: str
    code: str


@transaction.atomic
def issue_claim_code(*, actor: Actor, volunteer_id: int, now: datetime) -> ClaimCode:
    """
    Give somebody without account, whom a unit or the community has entered, a code to open their entry.

    Whoever keeps the register there gives it into the person's hand, knowing who they are: a telephone number alone
    opens nothing. A former code is dead.
    Raises VolunteerNotFound, NotAllowed, Withdrawn, AccountTaken (their account opens it already).
    """
    row = queries.lock_volunteer(volunteer_id)
    policies.check_can_give_code(actor, row)
    if row.account_id is not None:
        raise AccountTaken(_("本人已用账号认领，登录即可打开"))
    code = ids.query_code(CODE_LENGTH)
    row.code_hash = policies.hash_of(code)
    row.save(update_fields=["code_hash"])
    history.record(actor=actor, fact=ClaimCodeIssued(row.pk), at=now)
    return ClaimCode(row.number, code)


@dataclass(frozen=True, slots=True)
class ClaimSlip:
    """What is printed for one person and cut out: who it is for, and their code."""

    line: queries.Line
    claim: ClaimCode


@transaction.atomic
def issue_claim_codes(*, actor: Actor, wanted: queries.RegisterFilter, now: datetime) -> list[ClaimSlip]:
    """
    Give everybody of a list who has neither an account nor a code a code to open their entry, by unit and name.

    At most SLIPS_MAX at once: asked again, the next ones. Nobody's code is made anew: that is `issue_claim_code`.
    Raises NotAllowed (MANAGE nowhere).
    """
    require(actor, Permission.MANAGE)
    today = local_date(now)
    rows = queries.lock_without_code(viewer=actor, wanted=wanted, today=today, limit=SLIPS_MAX)
    codes = ids.query_codes(len(rows), CODE_LENGTH)
    for row, code in zip(rows, codes, strict=True):
        row.code_hash = policies.hash_of(code)
    Volunteer.objects.bulk_update(rows, ["code_hash"])
    history.record_each(actor=actor, facts=[(ClaimCodeIssued(row.pk), history.NOBODY) for row in rows], at=now)
    slips = [
        ClaimSlip(line, ClaimCode(line.volunteer.number, code))
        for line, code in zip(queries.describe(rows, today), codes, strict=True)
    ]
    return sorted(slips, key=lambda slip: (slip.line.unit_name, slip.line.volunteer.name, slip.line.volunteer.pk))


@transaction.atomic
def claim_volunteer(*, actor: Actor, volunteer_id: int, code: str, now: datetime) -> Volunteer:
    """
    Tie an entry to the actor's own account, which opens it from now on; the code is dead then.

    code: of the entry, proof that it is theirs; `find_own_entry` limits guesses. Raises NotSignedIn, VolunteerNotFound
    (also a wrong code), Withdrawn, AccountTaken (the account has an entry already, or the entry an account).
    """
    if not actor.is_known or actor.id is None:
        raise NotSignedIn(_("请先登录"))
    row = queries.lock_volunteer(volunteer_id)
    check_own(actor, row, code)
    policies.check_stands(row)
    if row.account_id == actor.id:
        return row
    row.account_id, row.code_hash = actor.id, b""
    with refusing(
        {"volunteers_one_per_account": AccountTaken(_("您的账号下已有一条志愿登记，请联系社区撤回多余的一条"))}
    ):
        row.save(update_fields=["account", "code_hash"])
    history.record(actor=actor, fact=VolunteerClaimed(row.pk), at=now)
    return row


@transaction.atomic
def consent_again(*, actor: Actor, volunteer_id: int, version: str, now: datetime, code: str = "") -> Volunteer:
    """
    Have somebody agree to the text in force, which has changed since they registered; for the person alone.

    version: of the text that they have read. Raises VolunteerNotFound, Withdrawn, NoConsent (there is a newer text).
    """
    row = queries.lock_volunteer(volunteer_id)
    check_own(actor, row, code)
    policies.check_stands(row)
    if version != queries.consent().version:
        raise NoConsent(_("说明刚刚又有更新，请重新阅读"), {"consented": _("说明刚刚又有更新，请重新阅读")})
    if row.consent_version != version:
        row.consent_version, row.consented_at = version, now
        row.save(update_fields=["consent_version", "consented_at"])
        history.record(actor=actor, fact=VolunteerConsented(row.pk, version), at=now)
    return row


@transaction.atomic
def issue_certificate(
    *, actor: Actor, volunteer_id: int, from_date: date, to_date: date, now: datetime, code: str = ""
) -> Certificate:
    """
    State what somebody has served from one day to another (both included), under a code by which anybody checks it.

    For the person (by account or code) alone. Raises VolunteerNotFound, VolunteerInvalid (no such period, no service).
    """
    row = queries.lock_volunteer(volunteer_id)
    check_own(actor, row, code)
    if not date(1990, 1, 1) <= from_date <= to_date <= local_date(now):
        raise VolunteerInvalid(_("起止日期不正确"), {"to_date": _("起止日期不正确")})
    since = datetime.combine(from_date, time(0), LOCAL)
    until = datetime.combine(to_date + timedelta(days=1), time(0), LOCAL)
    services = queries.count_services(row.pk, since, until)
    if not services:
        raise VolunteerInvalid(_("这段时间内没有服务记录"), {"from_date": _("这段时间内没有服务记录")})
    made = Certificate.objects.create(
        volunteer=row, code=ids.query_code(_CERTIFICATE_CODE_LENGTH), name=row.name, from_date=from_date,
        to_date=to_date, services=services, minutes=queries.minutes_of(row.pk, since, until), issued_at=now,
    )  # fmt: skip
    history.record(actor=actor, fact=CertificateIssued(row.pk, made.services, made.minutes), at=now)
    return made


def verify_certificate(*, actor: Actor, code: str, party: str, now: datetime) -> Certificate:
    """Return the certificate that bears the code, for anybody; wrong guesses of a party are limited.

    party: from where it is asked. Raises CertificateNotFound, TooMany.
    """
    key = f"volunteers.certificate:{party}"
    limits.hit(key, limit=_GUESSES_MAX, window_s=_WINDOW_S, now=now)
    found = Certificate.objects.filter(code=ids.normalize_code(code)[:40].replace("\x00", "")).first()
    if found is None:
        raise CertificateNotFound(_("没有这个验证码的证明，请核对后重试"))
    limits.give_back(key)
    return found


@dataclass(frozen=True, slots=True)
class OpenedCalendar:
    """The key of a calendar, told this once: it is part of the secret address."""

    key: str


@transaction.atomic
def open_calendar(*, actor: Actor, volunteer_id: int, now: datetime, code: str = "") -> OpenedCalendar:
    """
    Make a secret address for somebody's calendar, which their telephone can subscribe to; a former one is dead.

    For the person (by account or code) alone. Raises VolunteerNotFound.
    """
    row = queries.lock_volunteer(volunteer_id)
    check_own(actor, row, code)
    CalendarKey.objects.filter(volunteer=row, revoked_at=None).update(revoked_at=now)
    key = ids.query_code(_KEY_LENGTH)
    CalendarKey.objects.create(volunteer=row, key_hash=policies.hash_of(key), made_at=now)
    history.record(actor=actor, fact=CalendarOpened(row.pk), at=now)
    return OpenedCalendar(key)


@transaction.atomic
def close_calendar(*, actor: Actor, volunteer_id: int, now: datetime, code: str = "") -> None:
    """Revoke the secret address of somebody's calendar, if there is one; for the person alone."""
    row = queries.lock_volunteer(volunteer_id)
    check_own(actor, row, code)
    if CalendarKey.objects.filter(volunteer=row, revoked_at=None).update(revoked_at=now):
        history.record(actor=actor, fact=CalendarClosed(row.pk), at=now)


@transaction.atomic
def unmask_volunteer(*, actor: Actor, volunteer_id: int, reason: str, now: datetime) -> str:
    """Return somebody's telephone in full, for the reason given, which is recorded.

    Raises VolunteerNotFound, NotAllowed (no UNMASK there), VolunteerInvalid (no reason), Withdrawn.
    """
    row = queries.get_volunteer(viewer=actor, volunteer_id=volunteer_id)
    policies.check_can_unmask(actor, row)
    policies.check_stands(row)
    reason = check_reason(reason)
    fact, area = VolunteerUnmasked(row.pk, reason), history.Audience(path_of(row.area_ids))
    history.record(actor=actor, fact=fact, at=now, audience=area)
    return row.phone


def check_reason(reason: str) -> str:
    """Return the reason as it is kept. Raises VolunteerInvalid."""
    reason = reason.strip()
    if not 2 <= len(reason) <= REASON_LENGTH_MAX or "\x00" in reason:
        raise VolunteerInvalid(_("请写明理由"), {"reason": _("请写明理由")})
    return reason


def check_own(actor: Actor, row: Volunteer, code: str) -> None:
    """Raise VolunteerNotFound unless it is the actor's own entry."""
    if not policies.is_own(actor, row, code):
        raise VolunteerNotFound(_("没有找到这条志愿登记"))
