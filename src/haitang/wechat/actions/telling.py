"""Telling reporters of progress without being asked: a message while they may be written to freely, else a template."""

from datetime import datetime, timedelta

from django.db import transaction

from haitang.cases import queries as cases
from haitang.cases.lifecycle import Status
from haitang.core.access import Actor
from haitang.core.clock import LOCAL
from haitang.wechat.actions import asking
from haitang.wechat.actions.wording import progress_of
from haitang.wechat.models import Dialogue
from haitang.wechat.queries import list_untold, openid_of, wechat_rules
from haitang.wechat.values import NotSetUp, PlatformRefused

BATCH = 200
_GONE = {43004, 40003, 45015, 48001, 50002}
"""errcodes that no later attempt changes: follows no more, unknown, too long ago, not permitted, restricted."""


def tell_wechat_progress(*, actor: Actor, now: datetime) -> int:
    """
    Write to everybody whose case has gone on since they were told, once of all that happened; return to how many.

    One whose message the platform does not take is asked again at the next turn, unless that would change nothing.
    Nobody is written to twice, except by a process that died between sending and noting it.
    """
    told = 0
    for dialogue_id, last_entry_id in list_untold(now, BATCH):
        with transaction.atomic():
            rows = Dialogue.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
            row = rows.select_related("contact").filter(pk=dialogue_id, last_entry_id__lt=last_entry_id).first()
            if row is None:
                continue
            try:
                told += _tell(row, now)
            except NotSetUp:
                return told
            except PlatformRefused as refusal:
                if refusal.errcode not in _GONE:
                    continue
            row.last_entry_id = last_entry_id
            row.save(update_fields=["last_entry_id"])
    return told


def _tell(row: Dialogue, now: datetime) -> bool:
    rules, openid = wechat_rules(), openid_of(row.contact)
    case = cases.get_case_for_job(row.case_id) if row.case_id is not None else None
    if case is None:
        return False
    if now - row.contact.last_at < timedelta(hours=rules["free_hours"]):
        asking.send_text(openid=openid, text=progress_of(cases.follow_case(case=case)), now=now)
        return True
    if rules["template_id"]:
        names = rules["template_fields"]
        data = {
            names["number"]: case.number, names["status"]: str(Status(case.status).label),
            names["time"]: case.changed_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M"),
        }  # fmt: skip
        asking.send_template(openid=openid, template_id=rules["template_id"], data=data, url="", now=now)
        return True
    return False
