"""Reads over call-ups for those who call: the list, one call-up with its numbers, and those called by group."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.callups import policies
from haitang.callups.facts import CallAnswered, CallReported
from haitang.callups.lifecycle import Status
from haitang.callups.models import Call, CallUp
from haitang.callups.queries.rules import callup_rules
from haitang.callups.values import Answer, CallUpInvalid, CallUpNotFound, Counted, Group, Whom
from haitang.core import access, keyset
from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.core.paging import Page, decode, encode
from haitang.core.schemas import ID_MAX
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef
from haitang.volunteers.queries import Candidate, names_of, promised_between, who_fits
from haitang.volunteers.values import ItemKind, MemberClass

ROWS, PEOPLE_ROWS, TOTAL_MAX = 20, 60, 1000
ENTRIES_MAX = 40

GROUPS: dict[str, Q] = {
    Group.ALL: Q(), Group.COMING: Q(answer=Answer.COMING, turn__isnull=True),
    Group.LATE: Q(answer=Answer.LATE, turn__isnull=True), Group.WAITING: Q(turn__isnull=False),
    Group.CANNOT: Q(answer=Answer.CANNOT), Group.SILENT: Q(answer=Answer.NONE), Group.HERE: Q(here_at__isnull=False),
}  # fmt: skip
"""The condition of each group of those called."""


@dataclass(frozen=True, slots=True)
class CallUpView:
    """A call-up as its lists show it."""

    row: CallUp
    area_name: str
    organization_name: str
    counted: Counted


@dataclass(frozen=True, slots=True)
class CallUpPage:
    """A call-up with what its page shows. may_lead: whether the viewer may change, close and cancel it.

    without_account: how many of those who have not answered can be told by telephone alone.
    """

    view: CallUpView
    skills: list[str]
    classes: list[str]
    may_lead: bool
    without_account: int
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class CallLine:
    """One of those called as the caller sees them; "" for the name of who has left the register since."""

    call: Call
    name: str
    area_name: str
    has_account: bool


def lock_callup(callup_id: int) -> CallUp:
    """Return the call-up, locked until the end of the transaction. For actions. Raises CallUpNotFound."""
    rows = CallUp.objects.select_for_update(no_key=True)
    row = rows.filter(pk=callup_id).first() if 0 < callup_id <= ID_MAX else None
    if row is None:
        raise CallUpNotFound(_("没有这次召唤"))
    return row


def lock_call(callup: CallUp, *, volunteer_id: int | None = None, call_id: int | None = None) -> Call | None:
    """Return the call to somebody, locked, by who they are or by its id; the call-up is locked before."""
    rows = Call.objects.select_for_update(no_key=True).filter(callup=callup)
    if call_id is not None:
        return rows.filter(pk=call_id).first()
    return rows.filter(volunteer_id=volunteer_id).first() if volunteer_id is not None else None


def lock_waiting(callup: CallUp) -> list[Call]:
    """Return the wait list by turn, locked. The call-up is locked."""
    rows = Call.objects.select_for_update(no_key=True, of=("self",)).filter(callup=callup, turn__isnull=False)
    return list(rows.select_related("volunteer").order_by("turn"))


def area_called(code: str) -> AreaRef:
    """Return the area of a code. Raises CallUpInvalid."""
    area = territory().by_code(code)
    if area is None:
        raise CallUpInvalid(_("请选择召唤哪个区域的人"), {"area": _("请选择召唤哪个区域的人")})
    return area


def find_called(*, viewer: Actor, whom: Whom, begins_at: datetime, ends_at: datetime, now: datetime) -> list[Candidate]:
    """Return everybody who would be called, by id.

    Raises NotAllowed, CallUpInvalid (no such area or class, times that cannot be).
    """
    area = area_called(whom.area_code)
    policies.check_can_call(viewer, area.path)
    _check_times(begins_at, ends_at, now)
    if not set(whom.classes) <= set(MemberClass.values):
        raise CallUpInvalid(_("没有这个类别"), {"classes": _("没有这个类别")})
    at, until = (begins_at, ends_at) if whom.only_free else (None, None)
    found = who_fits(skills=whom.skills, area=area, classes=whom.classes, at=at, until=until, wants_calls=True)
    busy = promised_between([each.id for each in found], begins_at, ends_at) if whom.only_free else {}
    return [each for each in found if each.id not in busy]


def _check_times(begins_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise CallUpInvalid for what is over, lies too far ahead or lasts too long."""
    held = callup_rules()
    if ends_at <= begins_at or ends_at <= now:
        wrong = _("结束时间应晚于开始时间和现在")
        raise CallUpInvalid(wrong, {"ends_at": wrong})
    if ends_at - begins_at > timedelta(hours=held["last_hours_max"]):
        wrong = _("一次召唤最长 %(n)d 小时") % {"n": held["last_hours_max"]}
        raise CallUpInvalid(wrong, {"ends_at": wrong})
    if begins_at - now > timedelta(days=held["ahead_days"]):
        wrong = _("最早提前 %(n)d 天召唤") % {"n": held["ahead_days"]}
        raise CallUpInvalid(wrong, {"begins_at": wrong})


def get_callup(*, viewer: Actor, callup_id: int) -> CallUp:
    """Return one call-up to who works with call-ups there. Raises CallUpNotFound."""
    row = CallUp.objects.filter(pk=callup_id).first() if 0 < callup_id <= ID_MAX else None
    if row is None:
        raise CallUpNotFound(_("没有这次召唤"))
    policies.check_may_see(viewer, row)
    return row


def count_answers(callup_ids: Iterable[int]) -> dict[int, Counted]:
    """Return for each of these call-ups how those called have answered, in one statement. For who was let see them."""
    numbers = {
        name.value: Count("id", filter=GROUPS[name] & Q(is_called=True) if name == Group.SILENT else GROUPS[name])
        for name in Group if name != Group.ALL
    }  # fmt: skip
    rows = Call.objects.filter(callup_id__in=list(callup_ids)).order_by().values("callup_id")
    found = rows.annotate(called=Count("id", filter=Q(is_called=True)), **numbers)
    names = [each.name for each in fields(Counted)]
    return {row[0]: Counted(*row[1:]) for row in found.values_list("callup_id", *names)}


def describe_callups(rows: Iterable[CallUp]) -> list[CallUpView]:
    """Return call-ups as lists show them: the same few statements for any number."""
    rows = list(rows)
    counted, offices, tree = count_answers([row.pk for row in rows]), organizations(), territory()
    views = []
    for row in rows:
        office = offices.by_id(row.organization_id)
        numbers = counted.get(row.pk) or Counted(row.called, 0, 0, 0, 0, row.called, 0)
        views.append(CallUpView(row, tree.full_name(row.area_id), office.name if office else "", numbers))
    return views


def list_callups(*, viewer: Actor, status: str, cursor: str) -> Page[CallUp]:
    """Return a page of the call-ups within reach, the latest first; status "" for all. Raises Invalid (bad cursor)."""
    rows = CallUp.objects.visible_to(viewer)
    if status:
        rows = rows.filter(status=status)
    return keyset.page_by_instant(rows, instant="called_at", cursor=cursor, limit=ROWS, total_max=TOTAL_MAX)


def get_callup_page(*, viewer: Actor, callup_id: int) -> CallUpPage:
    """Return a call-up with its numbers and what has happened to it, but not each answer. Raises CallUpNotFound."""
    row = get_callup(viewer=viewer, callup_id=callup_id)
    silent = Call.objects.filter(GROUPS[Group.SILENT], callup=row, is_called=True)
    told = Entry.objects.filter(subject_type="callup", subject_id=row.pk)  # not history.timeline: thousands answer
    entries = told.exclude(fact__in=(CallAnswered.__name__, CallReported.__name__)).order_by("-id")[:ENTRIES_MAX]
    return CallUpPage(
        describe_callups([row])[0], names_of(ItemKind.SKILL, row.skills),
        [str(MemberClass(each).label) for each in row.classes],
        access.allows(policies.check_can_lead, viewer, row),
        silent.filter(volunteer__account__isnull=True).count() if row.status == Status.OPEN else 0,
        list(entries)[::-1],
    )  # fmt: skip


def list_called(*, viewer: Actor, callup_id: int, group: str = Group.ALL, cursor: str = "") -> Page[CallLine]:
    """Return a page of those called of a group: on the wait list by turn, otherwise the latest answers first.

    Raises CallUpNotFound, Invalid (a bad cursor).
    """
    row = get_callup(viewer=viewer, callup_id=callup_id)
    rows = Call.objects.filter(GROUPS[group], callup=row).select_related("volunteer")
    if group == Group.WAITING:
        after = decode(cursor, int)[0] if cursor else 0
        found = list(rows.filter(turn__gt=after).order_by("turn")[: PEOPLE_ROWS + 1])
        more = encode(found[PEOPLE_ROWS - 1].turn or 0) if len(found) > PEOPLE_ROWS else ""
    else:
        if cursor:
            at, after = decode(cursor, str, int)
            rows = _older(rows, at, after)
        found = list(rows.order_by(F("answered_at").desc(nulls_last=True), "id")[: PEOPLE_ROWS + 1])
        last = found[PEOPLE_ROWS - 1] if len(found) > PEOPLE_ROWS else None
        more = encode(last.answered_at.isoformat() if last.answered_at else "", last.pk) if last else ""
    return Page([_line(call) for call in found[:PEOPLE_ROWS]], next=more)


def _older(rows: QuerySet[Call], at: str, after: int) -> QuerySet[Call]:
    """Narrow to what follows a row answered at that instant, "" for one without answer."""
    if not at:
        return rows.filter(answered_at__isnull=True, pk__gt=after)
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise CallUpInvalid(_("翻页参数无效，请从第一页重新查看"))
    same = Q(answered_at=instant, pk__gt=after)
    return rows.filter(Q(answered_at__lt=instant) | Q(answered_at__isnull=True) | same)


def _line(call: Call) -> CallLine:
    person = call.volunteer
    return CallLine(call, person.name, territory().full_name(person.area_id), person.account_id is not None)


def accounts_called(callup_id: int, *, only_here: bool = False) -> list[int]:
    """Return the accounts of those called who have one, for jobs. only_here: of those who have reported."""
    rows = Call.objects.filter(callup_id=callup_id, volunteer__account__isnull=False)
    if only_here:
        rows = rows.filter(here_at__isnull=False)
    return list(rows.values_list("volunteer__account_id", flat=True))


def get_callup_for_job(callup_id: int) -> CallUp | None:
    """Return a call-up, for jobs."""
    return CallUp.objects.filter(pk=callup_id).first()


def get_call_for_job(call_id: int) -> Call | None:
    """Return one call with its person and call-up, for jobs."""
    return Call.objects.select_related("callup", "volunteer").filter(pk=call_id).first()


def open_calls_of(volunteer_id: int) -> list[int]:
    """Return the call-ups that go on to which somebody was called, in the order in which they are locked; for jobs."""
    rows = CallUp.objects.filter(status=Status.OPEN, calls__volunteer_id=volunteer_id)
    return list(rows.order_by("id").values_list("pk", flat=True))
