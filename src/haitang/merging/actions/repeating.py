"""One person comes with one matter again: linked to the case that stands for it, and counted."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.queries import catalog
from haitang.cases.values import DESCRIPTION_LENGTH_MAX, CaseNotFound, Channel, Mark
from haitang.cases.values import Permission as CasePermission
from haitang.core import access, limits
from haitang.core.access import EVERYWHERE, Actor, Grant, system
from haitang.core.errors import Invalid
from haitang.merging import policies, queries
from haitang.merging.actions.judging import find_difficult, reassess
from haitang.merging.facts import RequestRepeated
from haitang.merging.models import Join, Repeat
from haitang.merging.values import NotJoinable

_FINDER = system("重复识别", Grant(CasePermission.VIEW, area_path=EVERYWHERE))
"""Knows every case but denunciations: these are linked to nothing."""


@transaction.atomic
def link_repeat(
    *, actor: Actor, case_id: int, text: str, channel: str, now: datetime, later_id: int | None = None
) -> Repeat:
    """
    Note that the person who reported a case has come with the matter again, instead of opening another case.

    text: what they said this time. channel: how they came. later_id: a case that was opened all the same, because
    the first has ended; it is marked as a repeated one too. Without it the first must still be open.
    Raises CaseNotFound, NotAllowed (no REPORT over the area), NotJoinable (it has ended), Invalid.
    """
    text = _clean(text)
    if channel not in Channel.values:
        raise Invalid(_("请选择来源"), {"channel": _("请选择来源")})
    case_queries.get_case(viewer=actor, case_id=case_id)
    case = case_queries.lock_cases_whole([case_id, *([later_id] if later_id else [])])[case_id]
    access.require(actor, CasePermission.REPORT, area_path=case.area_path)
    if later_id is None:
        _check_open(case)
    return _link(actor, case, text, channel, later_id, now)


def repeat_own(*, actor: Actor, case_id: int, text: str, party: str, now: datetime) -> Repeat:
    """
    Note that a resident has come again with the matter of a case that their account reported; none is opened anew.

    party: who asks (an address), by which attempts are limited as those to say "me too".
    Raises CaseNotFound (not reported by this account, or a denunciation), NotJoinable (it has ended), TooMany, Invalid.
    """
    text = _clean(text)
    limits.hit(f"merging.voice:{party}", limit=catalog().setting("voices_per_hour"), window_s=3600, now=now)
    with transaction.atomic():
        case = case_queries.lock_cases_whole([case_id]).get(case_id)
        is_own = case is not None and case_queries.is_reporter(case=case, account_id=actor.id, phone="")
        if case is None or not is_own or case.is_confidential:
            raise CaseNotFound(_("没有这个案件"))
        _check_open(case)
        return _link(actor, case, text, Channel.WEB.value, None, now)


@transaction.atomic
def note_repeat(
    *, actor: Actor, case_id: int, now: datetime, phone: str = "", account_id: int | None = None
) -> Repeat | None:
    """
    Link a case that was just opened to the first one of the same person on the same matter, if there is one.

    Both are marked as repeated, for whoever dispatches them to see. phone, account_id: the reporter's.
    None where nothing is found, and for a denunciation. Run again, it returns what it has linked.
    """
    case = case_queries.get_case_for_job(case_id)
    if case is None or case.is_confidential or not (phone or account_id):
        return None
    if held := Repeat.objects.filter(later_id=case_id).first():
        return held
    found = queries.find_earlier(
        viewer=_FINDER, now=now, phone=phone, account_id=account_id, category_id=case.category_id,
        lon=case.lon, lat=case.lat,
    )  # fmt: skip
    earlier = next((each.view.case.pk for each in found if each.view.case.pk < case_id), None)
    if earlier is None:
        return None
    first = Repeat.objects.filter(later_id=earlier).values_list("case_id", flat=True).first() or earlier
    locked = case_queries.lock_cases_whole([first, case_id])
    return _link(actor, locked[first], case.description, case.channel, case_id, now)


def _link(actor: Actor, case: Any, text: str, channel: str, later_id: int | None, now: datetime) -> Repeat:
    repeat = Repeat.objects.create(
        case_id=case.pk, later_id=later_id, channel=channel, text=text, by_id=actor.id, at=now
    )
    for marked in filter(None, (case.pk, later_id)):
        case_actions.mark_case(actor=actor, case_id=marked, add=[Mark.REPEAT], now=now)
    count = Repeat.objects.filter(case_id=case.pk).count()
    fact = RequestRepeated(case.pk, channel, count, later_id or 0, text)
    case_actions.note_on_case(actor=actor, fact=fact, now=now)
    if policies.is_open(case):
        main_id = Join.objects.filter(case_id=case.pk).values_list("main_id", flat=True).first()
        reassess(actor=actor, case_id=main_id or case.pk, now=now)
        find_difficult(actor=actor, case_id=case.pk, now=now)
    return repeat


def _check_open(case: Any) -> None:
    if not policies.is_open(case):
        raise NotJoinable(_("案件 %(number)s 已办结，请另行登记") % {"number": case.number})


def _clean(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(_("请写明这次反映了什么"), {"text": _("请写明这次反映了什么")})
    if len(text) > DESCRIPTION_LENGTH_MAX:
        raise Invalid(_("反映内容太长"), {"text": _("反映内容太长")})
    return text
