"""What is held about people who said "me too": the port of `privacy`."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from haitang.core import crypto
from haitang.core.privacy import mask_phone
from haitang.merging.models import Voice
from haitang.merging.queries.voices import find_voice
from haitang.privacy.values import Asker, Item, told

PHONE = "merging.voice.phone"
"""The context under which telephones are sealed."""


def opened_voice(number: str, code: str) -> tuple[str, int] | None:
    """Return the voice that a case's number and a code of one's own open."""
    voice = find_voice(number=number, query_code=code)
    return None if voice is None else ("voice", voice.pk)


def voices_of(asker: Asker) -> QuerySet[Any]:
    """Return the asker's voices, with their cases. For `privacy`: the asker is who they say."""
    rows = Voice.objects.select_related("case").defer("case__search")
    if asker.account_id is not None:
        return rows.filter(account_id=asker.account_id)
    return rows.filter(pk=asker.thing_of("voice") or 0)


def held_of_voice(asker: Asker) -> list[Item]:
    """Return what is held about the asker with the cases on which they said "me too"."""
    return [
        Item(row.case.number, told((_("电话"), _phone(row))), row.at) for row in voices_of(asker).order_by("-at", "-id")
    ]


def _phone(row: Voice) -> str:
    """Return the number as far as it is needed to recognise it; it was given to be told, and is not asked for again."""
    return mask_phone(crypto.open_(row.phone_sealed, PHONE)) if row.phone_sealed else ""


def old_voices(before: datetime) -> QuerySet[Any]:
    """Return the voices on cases that ended before which still hold a telephone or a browser, the longest ago first."""
    ended = Voice.objects.filter(case__closed_at__lt=before)
    return ended.exclude(phone_sealed=None, phone_index=None, browser=None).order_by("case__closed_at", "pk")


def count_old_voices(before: datetime, limit: int) -> int:
    """Return how many such rows there are, counted up to limit."""
    return old_voices(before)[:limit].count()
