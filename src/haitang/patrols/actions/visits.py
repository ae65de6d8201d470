"""Home visits: one entry, several records; what is known is confirmed and never asked again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.cases.actions import report_case
from haitang.cases.values import Channel
from haitang.cases.values import Kind as CaseKind
from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.core.scoping import path_of
from haitang.patrols import policies, queries
from haitang.patrols.actions.hazards import find_hazard
from haitang.patrols.facts import ConsentWithdrawn, HomeVisited, HouseholdUnmasked, VisitsExpired, WishGranted
from haitang.patrols.models import Asked, Household, KnownField, Need, Visit
from haitang.patrols.models.visit import ROOM, VALUE
from haitang.patrols.queries import find_household, index_of_phone, index_of_room, rules
from haitang.patrols.values import (
    PLACE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    AlreadyKnown,
    NeedKind,
    NewHazard,
    NewNeed,
    NoConsent,
    VisitField,
    VisitNotFound,
    visit_fields,
)
from haitang.territory.queries import territory

FORM = "visit"
NEEDS_MAX = 5
ROOM_LENGTH_MAX = 50
_DAYS_A_MONTH = 31  # a month of keeping is never shorter than a calendar month
_HOUSEHOLDS = 7_306_002


@transaction.atomic
def open_household(*, actor: Actor, area_code: str, room: str, now: datetime) -> Household:
    """
    Return the household of a room, entered now if nobody has visited it yet; two at once get the same.

    area_code: of a building or grid. room: in words, at most 50 characters; kept sealed.
    Raises NotAllowed (no VISIT there), Invalid (no such area, no room).
    """
    area = territory().by_code(area_code)
    if area is None:
        raise Invalid(_("没有这个区域"), {"area": _("没有这个区域")})
    policies.check_can_visit(actor, area.path)
    room = room.strip()
    if not 1 <= len(room) <= ROOM_LENGTH_MAX:
        raise Invalid(_("请填写房号，最多 50 字"), {"room": _("请填写房号，最多 50 字")})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_HOUSEHOLDS, area.id % 2**31])
    return find_household(area.id, room) or Household.objects.create(
        area_id=area.id, area_ids=list(area.ids), room_sealed=crypto.seal(room, ROOM),
        room_index=index_of_room(area.id, room), opened_on=local_date(now),
    )  # fmt: skip


@transaction.atomic
def record_visit(
    *,
    actor: Actor,
    household_id: int,
    entry_key: UUID,
    now: datetime,
    words: str = "",
    consented: bool = False,
    answers: Mapping[str, str] | None = None,
    changed: Mapping[str, str] | None = None,
    confirmed: Collection[str] = (),
    needs: Sequence[NewNeed] = (),
    hazard: NewHazard | None = None,
) -> Visit:
    """
    Take down a visit in one entry and fill every record that comes of it: cases, wishes, a hazard, what was told.

    entry_key: made with the entry; the same one again returns the visit that it made. answers: fields asked for the
    first time. changed: known fields of which the household says something else now. confirmed: known fields that
    still hold. Cases get the household's name and telephone from what is known, so that nobody is asked for them.

    Raises HouseholdNotFound, AlreadyKnown (an answer to what is known), NoConsent (answers that the household did not
    agree to leave), Invalid (no such field, too long), and what reporting a case or finding a hazard raises.
    """
    household = queries.lock_household(household_id)
    policies.check_may_know_household(actor, household)
    done = Visit.objects.filter(entry_key=entry_key).first()
    if done is not None:
        if done.household_id != household.pk:
            raise Invalid(_("录入编号重复，请重新打开页面填写"))
        return done
    today, area = local_date(now), territory().area(household.area_id)
    visit = Visit.objects.create(
        household=household, area_ids=household.area_ids, entry_key=entry_key, on=today, entered_at=now,
        words=_words(words, "words"), consented=consented,
        keep_until=_after(today, rules().setting("visit_keep_months")),
    )  # fmt: skip
    told = _learn(actor, household, today, answers or {}, changed or {}, confirmed, consented)
    visit.learned, visit.confirmed = told, len(set(confirmed))
    visit.save(update_fields=["learned", "confirmed"])
    cases = _hear(actor, household, visit, needs, area.code, now)
    found = [find_hazard(actor=actor, area=area, new=hazard, now=now, visit_id=visit.pk)] if hazard else []
    fact = HomeVisited(visit.pk, cases, len(needs) - len(cases), len(found), len(told), visit.confirmed)
    history.record(actor=actor, fact=fact, at=now)  # without an area path: the history keeps no trail of visits
    return visit


def _words(given: str, name: str) -> str:
    given = given.strip()
    if len(given) > WORDS_LENGTH_MAX:
        raise Invalid(
            _("最多 %(n)d 字") % {"n": WORDS_LENGTH_MAX}, {name: _("最多 %(n)d 字") % {"n": WORDS_LENGTH_MAX}}
        )
    return given


def _after(day: date, months: int) -> date:
    return day + timedelta(days=months * _DAYS_A_MONTH)


def _learn(
    actor: Actor, household: Household, today: date, answers: Mapping[str, str], changed: Mapping[str, str],
    confirmed: Collection[str], consented: bool,
) -> list[str]:  # fmt: skip
    """Write down what was told, and return the fields told for the first time."""
    fields = {key: visit_fields()[key] for key in rules().setting("visit_fields") if key in visit_fields()}
    known = {row.key: row for row in KnownField.objects.filter(household=household)}
    answers = {key: value.strip() for key, value in answers.items() if value.strip()}
    for key in {*answers, *changed, *confirmed}:
        if key not in fields:
            raise Invalid(_("走访不采集这一项"), {key: _("走访不采集这一项")})
    if (answers or changed) and not consented:
        raise NoConsent(_("住户未同意留下信息，请不要填写"), {"consented": _("住户未同意留下信息，请不要填写")})
    for key, value in answers.items():
        if key in known and known[key].value != _valid(fields[key], value):
            label = queries.label_of_field(fields[key])
            raise AlreadyKnown(_("“%(label)s”已经知道，只需确认或更改") % {"label": label})
    fresh = [key for key in answers if key not in known]
    for key in fresh:
        KnownField.objects.create(
            household=household, key=key, learned_on=today, form=FORM, organization_id=actor.organization_id,
            **_told(fields[key], answers[key], today),
        )  # fmt: skip
    Asked.objects.bulk_create(
        Asked(household=household, key=key, form=FORM, organization_id=actor.organization_id, on=today) for key in fresh
    )
    for key in {*changed, *confirmed, *answers} & known.keys():
        told = _told(fields[key], changed.get(key) or known[key].value, today)
        if key in changed:
            told |= {"learned_on": today, "form": FORM, "organization_id": actor.organization_id}
        KnownField.objects.filter(pk=known[key].pk).update(**told)
    return sorted(fresh)


def _told(field: VisitField, value: str, today: date) -> dict[str, object]:
    value = _valid(field, value)
    return {
        "value_sealed": crypto.seal(value, VALUE), "confirmed_on": today,
        "value_index": index_of_phone(value) if field.kind == "phone" else None,
        "keep_until": _after(today, field.keep_months),
    }  # fmt: skip


def _valid(field: VisitField, value: str) -> str:
    """Return the value as it is kept. Raises Invalid."""
    value = value.strip()
    wrong = ""
    if field.kind == "phone":
        value = "".join(each for each in value if each not in " -")
        if not (value.isascii() and value.lstrip("+").isdigit() and 5 <= len(value) <= 20):
            wrong = _("请填写电话号码")
    elif field.kind == "number":
        if not (value.isascii() and value.isdigit() and int(value) <= 99):
            wrong = _("请填写 0 至 99 的数字")
    elif not 1 <= len(value) <= PLACE_LENGTH_MAX:
        wrong = _("最多 %(n)d 字") % {"n": PLACE_LENGTH_MAX}
    if wrong:
        raise Invalid(wrong, {field.key: wrong})
    return value


def _hear(
    actor: Actor, household: Household, visit: Visit, needs: Sequence[NewNeed], area_code: str, now: datetime
) -> list[int]:
    """Make every need a case or a wish, and return the ids of the cases."""
    if len(needs) > NEEDS_MAX:
        raise Invalid(_("一次走访最多记 %(n)d 条诉求") % {"n": NEEDS_MAX})
    known = {row.key: row.value for row in KnownField.objects.filter(household=household)}
    cases = []
    for need in needs:
        words = _words(need.words, "need")
        if not words or need.kind not in NeedKind.values:
            raise Invalid(_("请写明诉求，并选择怎样处理"), {"need": _("请写明诉求")})
        case = None
        if need.kind == NeedKind.CASE:
            case = report_case(
                actor=actor, now=now, description=words, channel=Channel.VISIT, kind=CaseKind.HELP,
                area_code=area_code, reporter_name=known.get("contact_name", ""),
                reporter_phone=known.get("contact_phone", ""),
            )  # fmt: skip
            cases.append(case.pk)
        Need.objects.create(visit=visit, kind=need.kind, words=words, case=case)
    return cases


@transaction.atomic
def grant_wish(*, actor: Actor, need_id: int, answer: str, now: datetime) -> Need:
    """
    Say how a wish was granted. Granted already, nothing changes.

    Raises VisitNotFound, Invalid (nothing said).
    """
    need = queries.lock_need(need_id)
    policies.check_may_know_household(actor, need.visit.household)
    if need.kind != NeedKind.WISH:
        raise VisitNotFound(_("没有这个微心愿"))
    if need.granted_on is not None:
        return need
    need.answer = _words(answer, "answer")
    if not need.answer:
        raise Invalid(_("请写明怎样实现的"), {"answer": _("请写明怎样实现的")})
    need.granted_on = local_date(now)
    need.save(update_fields=["answer", "granted_on"])
    history.record(actor=actor, fact=WishGranted(need.pk, need.answer), at=now)
    return need


@transaction.atomic
def withdraw_consent(*, actor: Actor, household_id: int, now: datetime) -> int:
    """
    Delete at once what a household had left, because it says so; return how many fields.

    Source: 《个人信息保护法》 art. 15, 47.
    Raises HouseholdNotFound.
    """
    household = queries.lock_household(household_id)
    policies.check_may_know_household(actor, household)
    removed, _by_model = KnownField.objects.filter(household=household).delete()
    if removed:
        history.record(actor=actor, fact=ConsentWithdrawn(household.pk, removed), at=now)
    return removed


@transaction.atomic
def unmask_household(*, actor: Actor, household_id: int, reason: str, now: datetime) -> dict[str, str]:
    """
    Return what is known of a household in full, by field, and record who looked and why.

    Raises HouseholdNotFound, NotAllowed (no UNMASK), Invalid (no reason).
    """
    household = queries.get_household(viewer=actor, household_id=household_id)
    policies.check_can_unmask(actor, household.area_ids)
    reason = _words(reason, "reason")
    if not reason:
        raise Invalid(_("请填写查看理由"), {"reason": _("请填写查看理由")})
    fact, area = HouseholdUnmasked(household.pk, reason), history.Audience(path_of(household.area_ids))
    history.record(actor=actor, fact=fact, at=now, audience=area)
    return {row.key: row.value for row in KnownField.objects.filter(household=household)}


def note_asked(*, actor: Actor, household: Household, keys: Collection[str], form: str, now: datetime) -> int:
    """Note, in the caller's transaction, that a form asked a household for fields; return how many were known."""
    known = set(KnownField.objects.filter(household=household, key__in=keys).values_list("key", flat=True))
    Asked.objects.bulk_create(
        Asked(
            household=household, key=key, form=form, organization_id=actor.organization_id, on=local_date(now),
            was_known=key in known,
        )
        for key in sorted(set(keys))
    )  # fmt: skip
    return len(known)


@transaction.atomic
def report_asked(
    *, actor: Actor, area_code: str, room: str, form: str, keys: Collection[str], now: datetime
) -> dict[str, bool]:
    """
    Note that a form of another system asks a household for fields, and return for each whether it is known already.

    So that the other system need not ask. form: its name, at most 50 characters. Raises NotAllowed, Invalid.
    """
    if not 1 <= len(form.strip()) <= ROOM_LENGTH_MAX or form in (FORM, "dispute"):
        raise Invalid(_("请填写表单名称"), {"form": _("请填写表单名称")})
    if not keys or not set(keys) <= visit_fields().keys():
        raise Invalid(_("走访不采集这一项"), {"fields": _("走访不采集这一项")})
    household = open_household(actor=actor, area_code=area_code, room=room, now=now)
    known = set(KnownField.objects.filter(household=household).values_list("key", flat=True))
    note_asked(actor=actor, household=household, keys=keys, form=form.strip(), now=now)
    return {key: key in known for key in keys}


@transaction.atomic
def forget_expired_visits(*, actor: Actor, now: datetime) -> int:
    """
    Delete what has served its time: known fields, visits with their needs, households of which nothing is left.

    Cases and hazards that came of a visit stay. Returns how many rows went. Run again, it finds nothing.
    """
    today = local_date(now)
    removed = queries.expired_known(today).delete()[0]
    removed += Visit.objects.filter(keep_until__lt=today).delete()[0]
    empty = Household.objects.filter(opened_on__lt=today, visits__isnull=True, known__isnull=True)
    asked_lately = Asked.objects.filter(on__gte=today - timedelta(days=366)).values("household_id")
    removed += empty.exclude(pk__in=asked_lately).delete()[0]
    if removed:
        day = today.year * 10_000 + today.month * 100 + today.day
        history.record(actor=actor, fact=VisitsExpired(day, removed), at=now)
    return removed
