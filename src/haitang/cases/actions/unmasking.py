"""Seeing a reporter in full, on the record."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import policies, queries
from haitang.cases.facts import ReporterUnmasked
from haitang.cases.models import Reporter
from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class ReporterInFull:
    """What the reporter told of themselves; "" for what they did not."""

    name: str
    phone: str


@transaction.atomic
def unmask_reporter(*, actor: Actor, case_id: int, reason: str, now: datetime) -> ReporterInFull:
    """
    Return the reporter's name and telephone in full and record who looked and why.

    Raises CaseNotFound, NotAllowed (no UNMASK), Invalid (no reason), NotFound (the reporter left nothing).
    """
    case = queries.get_case(viewer=actor, case_id=case_id)
    policies.check_can_unmask(actor, case)
    reason = reason.strip()
    if not reason:
        raise Invalid(_("请填写查看理由"), {"reason": _("请填写查看理由")})
    reporter = Reporter.objects.filter(case_id=case.pk).first()
    if reporter is None:
        raise NotFound(_("诉求人没有留下联系方式"))
    fact = ReporterUnmasked(case.pk, reason[:500])
    history.record(actor=actor, fact=fact, at=now, audience=history.Audience(case.area_path))
    return ReporterInFull(
        name=crypto.open_(reporter.name_sealed, "reporter.name") if reporter.name_sealed else "",
        phone=crypto.open_(reporter.phone_sealed, "reporter.phone") if reporter.phone_sealed else "",
    )
