"""What somebody who said "me too" is shown: how the matter stands, and nothing of who reported it or in which words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from haitang.cases import queries as case_queries
from haitang.core import ids, wall
from haitang.merging.models import Voice
from haitang.merging.queries.bundles import main_of
from haitang.merging.values import VOICES_SHOWN_MAX


@dataclass(frozen=True, slots=True)
class VoicedCase:
    """How the matter stands that somebody met with too. The number is the case's; it opens only with the own code."""

    number: str
    status: str
    category: Any
    area_name: str
    organization: str
    said_at: datetime
    closed_at: datetime | None
    voices: int


@wall.opened("number and code prove who asks")
def find_voice(*, number: str, query_code: str) -> Voice | None:
    """Return who said "me too" with that code on the case of that number; the caller limits the rate of guesses."""
    code = ids.normalize_code(query_code)
    if not code:
        return None
    case = case_queries.id_of(number.strip())
    return Voice.objects.filter(case_id=case, query_code=code).first() if case else None


def list_voices_of(*, account_id: int | None) -> list[VoicedCase]:
    """Return how the matters stand that an account said "me too" on, the latest first, up to VOICES_SHOWN_MAX.

    account_id: None, of whoever has none, finds none.
    """
    if account_id is None:
        return []
    voices = Voice.objects.filter(account_id=account_id).order_by("-at", "-id")[:VOICES_SHOWN_MAX]
    return [follow_voice(voice=voice) for voice in voices]


def find_voice_of(*, account_id: int, number: str) -> Voice | None:
    """Return the voice of that account on the case of that number."""
    case = case_queries.id_of(number)
    return Voice.objects.filter(case_id=case, account_id=account_id).first() if case else None


def follow_voice(*, voice: Voice) -> VoicedCase:
    """Return what that person is shown; the caller has made sure that it is they who ask."""
    own = case_queries.get_case_for_job(voice.case_id)
    case = case_queries.get_case_for_job(main_of(voice.case_id) or voice.case_id)
    assert own is not None
    assert case is not None
    view = case_queries.describe([case])[0]
    return VoicedCase(
        number=own.number, status=case.status, category=view.category, area_name=view.area_name,
        organization=view.organization.name if view.organization and case.organization_id else "",
        said_at=voice.at, closed_at=case.closed_at, voices=case.voices,
    )  # fmt: skip
