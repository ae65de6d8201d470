"""What a desk keeps for itself. Everything here belongs to the viewer and is shown to nobody else."""

from collections.abc import Mapping
from typing import Any

from haitang.cases import queries as case_queries
from haitang.core import paging
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.office.models import OwnPhrase, SavedFilter, Watch

ROWS = 20


def list_own_phrases(*, viewer: Actor) -> list[OwnPhrase]:
    """Return the viewer's own ready-made opinions, in the order in which they were added."""
    return list(OwnPhrase.objects.filter(account_id=viewer.id or 0).order_by("id"))


def own_phrases_by_deed(viewer: Actor) -> Mapping[str, list[str]]:
    """Return the texts of the viewer's own opinions by deed."""
    found: dict[str, list[str]] = {}
    for phrase in list_own_phrases(viewer=viewer):
        found.setdefault(phrase.deed, []).append(phrase.text)
    return found


def list_filters(*, viewer: Actor) -> list[SavedFilter]:
    """Return the viewer's saved lists by name."""
    return list(SavedFilter.objects.filter(account_id=viewer.id or 0).order_by("name", "id"))


def list_pinned(*, viewer: Actor) -> list[SavedFilter]:
    """Return those of the viewer's lists that stand on the desk."""
    return [saved for saved in list_filters(viewer=viewer) if saved.is_pinned]


def is_watched(*, viewer: Actor, case_id: int) -> bool:
    """Tell whether the viewer watches the case."""
    return Watch.objects.filter(account_id=viewer.id or 0, case_id=case_id).exists()


def list_watched(*, viewer: Actor, cursor: str = "") -> tuple[paging.Page, list[Any]]:
    """Return a page of what the viewer watches, the latest first, and its cases as far as still visible."""
    page = page_by_instant(
        Watch.objects.filter(account_id=viewer.id or 0), instant="since", cursor=cursor, limit=ROWS, total_max=1000
    )
    return page, case_queries.list_chosen(viewer=viewer, case_ids=[watch.case_id for watch in page.rows])


def list_watchers(case_id: int) -> list[int]:
    """Return the ids of the accounts that watch the case. For jobs only, which ask each whether it may still know."""
    return sorted(Watch.objects.filter(case_id=case_id).values_list("account_id", flat=True))
