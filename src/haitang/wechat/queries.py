"""The official account, whoever wrote to it, and what they are still to be told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.db import connection

from haitang.core import crypto
from haitang.core.access import Actor
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.territory.queries import territory
from haitang.territory.values import LEVELS, AreaRef, Kind
from haitang.wechat import policies
from haitang.wechat.models import AES, DRAFT, OPENID, TOKEN, Contact, Dialogue, OfficialAccount, WechatSetting
from haitang.wechat.values import OWN_SHOWN, TOLD, Keys

SETTINGS = Settings(cache(partial(read_shipped, "wechat", "settings.toml")), WechatSetting)
RULES: Policy[Mapping[str, Any]] = Policy("wechat.rules", SETTINGS.values)


@dataclass(frozen=True, slots=True)
class AccountView:
    """The official account as its page shows it: no secret. last_at: of the last message."""

    app_id: str
    is_active: bool
    last_at: datetime | None


def wechat_rules() -> Mapping[str, Any]:
    """Return the rules in force by key."""
    return RULES.get()


def list_wechat_rules(*, viewer: Actor) -> list[SettingLine]:
    """Return every rule with its source, in the order of the shipped file. Raises NotAllowed."""
    policies.check_can_manage(viewer)
    return SETTINGS.lines()


def get_account(*, viewer: Actor) -> AccountView | None:
    """Return the official account, None before one is entered. Raises NotAllowed."""
    policies.check_can_manage(viewer)
    row = OfficialAccount.objects.first()
    last = Contact.objects.order_by("-last_at").values_list("last_at", flat=True).first()
    return AccountView(row.app_id, row.is_active, last) if row else None


def find_keys() -> Keys | None:
    """Return what is agreed with the platform; None where no account is entered or it is turned off. For entrances."""
    row = OfficialAccount.objects.filter(is_active=True).first()
    if row is None:
        return None
    aes = [crypto.open_(sealed, AES) for sealed in (row.aes_sealed, row.old_aes_sealed) if sealed]
    return Keys(row.app_id, crypto.open_(row.token_sealed, TOKEN), tuple(aes))


def openid_of(contact: Contact) -> str:
    """Return the openid. For actions that write to its owner."""
    return crypto.open_(contact.openid_sealed, OPENID)


def draft_of(dialogue: Dialogue) -> dict[str, Any]:
    """Return what was said so far."""
    return dict(json.loads(crypto.open_(dialogue.draft_sealed, DRAFT) or "{}"))


def own_cases(contact: Contact) -> list[int]:
    """Return the ids of the cases that somebody reported here, the newest first."""
    ended = Dialogue.objects.filter(contact=contact, case__isnull=False).order_by("-id")
    return list(ended.values_list("case_id", flat=True)[:OWN_SHOWN])


def areas_named_in(text: str) -> list[AreaRef]:
    """Return the narrowest areas, down to the grid, whose name the text holds."""
    levels = LEVELS[Kind.STREET], LEVELS[Kind.GRID]
    named = [
        area for area in territory().descendants(None) if levels[0] <= area.level <= levels[1] and area.name in text
    ]
    finest = max((area.level for area in named), default=0)
    wide = tuple(area.path for area in named if area.level < finest)
    found = [area for area in named if area.level == finest]
    return [area for area in found if area.path.startswith(wide)] or found


def list_untold(now: datetime, limit: int) -> list[tuple[int, int]]:
    """Return (dialogue, last entry) of reports of which something has happened since their reporters were told.

    Whoever writes about a case has it locked, so that its entries come in the order of their ids. For jobs.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id, max(e.id) FROM wechat_dialogue d JOIN core_entry e ON e.subject_type = 'case'"
            " AND e.subject_id = d.case_id AND e.id > d.last_entry_id AND e.fact = ANY(%s)"
            " WHERE d.case_id IS NOT NULL AND d.follow_until > %s GROUP BY d.id ORDER BY d.id LIMIT %s",
            [list(TOLD), now, limit],
        )
        return [(int(pk), int(last)) for pk, last in cursor.fetchall()]


def old_contacts(before: datetime) -> Any:
    """Return those who have not written since, the longest ago first. For the nightly job."""
    return Contact.objects.filter(last_at__lt=before).order_by("last_at", "id")


def count_old_contacts(before: datetime, limit: int) -> int:
    """Return how many such there are, counted up to limit."""
    return int(old_contacts(before)[:limit].count())
