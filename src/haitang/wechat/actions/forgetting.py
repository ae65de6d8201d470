"""Forgetting who has written: at their wish, or once the time is over. Cases stay, and lead to no openid."""

from datetime import datetime

from django.db import transaction

from haitang.core import history
from haitang.core.access import Actor
from haitang.wechat.facts import WechatContactForgotten
from haitang.wechat.models import Contact
from haitang.wechat.queries import old_contacts


@transaction.atomic
def forget_contact(*, actor: Actor, contact: Contact, now: datetime) -> None:
    """Erase somebody's openid, drafts and the threads to their cases. For actions of this app."""
    history.record(actor=actor, fact=WechatContactForgotten(contact.pk), at=now)
    contact.delete()


@transaction.atomic
def clean_old_contacts(*, actor: Actor, before: datetime, limit: int, now: datetime) -> int:
    """Erase those who have not written since; return how many. For the nightly job."""
    found = list(old_contacts(before).select_for_update(skip_locked=True)[:limit])
    for contact in found:
        forget_contact(actor=actor, contact=contact, now=now)
    return len(found)
