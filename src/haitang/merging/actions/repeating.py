"""One person comes with one matter again: linked to the case that stands for it, and counted."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.values import DESCRIPTION_LENGTH_MAX, Channel, Mark
from haitang.cases.values import Permission as CasePermission
from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.merging import policies
from haitang.merging.actions.judging import find_difficult, reassess
from haitang.merging.facts import RequestRepeated
from haitang.merging.models import Join, Repeat
from haitang.merging.values import NotJoinable


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
    text = text.strip()
    if not text:
        raise Invalid(_("请写明这次反映了什么"), {"text": _("请写明这次反映了什么")})
    if len(text) > DESCRIPTION_LENGTH_MAX:
        raise Invalid(_("反映内容太长"), {"text": _("反映内容太长")})
    if channel not in Channel.values:
        raise Invalid(_("请选择来源"), {"channel": _("请选择来源")})
    case_queries.get_case(viewer=actor, case_id=case_id)
    case = case_queries.lock_cases_whole([case_id, *([later_id] if later_id else [])])[case_id]
    access.require(actor, CasePermission.REPORT, area_path=case.area_path)
    if later_id is None and not policies.is_open(case):
        raise NotJoinable(_("案件 %(number)s 已办结，请另行登记") % {"number": case.number})
    repeat = Repeat.objects.create(
        case_id=case_id, later_id=later_id, channel=channel, text=text, by_id=actor.id, at=now
    )
    for marked in filter(None, (case_id, later_id)):
        case_actions.mark_case(actor=actor, case_id=marked, add=[Mark.REPEAT], now=now)
    count = Repeat.objects.filter(case_id=case_id).count()
    fact = RequestRepeated(case_id, channel, count, later_id or 0, text)
    case_actions.note_on_case(actor=actor, fact=fact, now=now)
    main_id = Join.objects.filter(case_id=case_id).values_list("main_id", flat=True).first()
    reassess(actor=actor, case_id=main_id or case_id, now=now)
    find_difficult(actor=actor, case_id=case_id, now=now)
    return repeat
