"""Reads for the phone: its key, what can be chosen there, what waits for its worker."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.lifecycle import Deed, Status
from haitang.cases.values import Permission, Tree
from haitang.core.access import Actor
from haitang.field.models import Phone
from haitang.field.values import PhoneUnknown
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef, Kind

AREAS_MAX = 400
"""More than a phone's list can be read through: who reports for a larger area chooses among communities."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for the worker, as little of it as finds the way there."""

    id: int
    number: str
    status: str
    category: str
    area: str
    place: str
    words: str
    due_at: datetime | None


def get_phone(*, viewer: Actor, uid: UUID) -> Phone:
    """Return the viewer's phone of that name. Raises PhoneUnknown, for another account's as well."""
    phone = Phone.objects.filter(uid=uid, account_id=viewer.id).first() if viewer.id is not None else None
    if phone is None:
        raise PhoneUnknown(_("这部手机尚未启用，或已停用"))
    return phone


def list_phones(*, viewer: Actor) -> list[Phone]:
    """Return the viewer's own phones that hold a key, the latest first."""
    if viewer.id is None:
        return []
    return list(Phone.objects.filter(account_id=viewer.id).order_by("-made_at", "-id"))


def lock_phones(**wanted: Any) -> list[Phone]:
    """Return the phones so described, locked until the end of the transaction. For actions only."""
    return list(Phone.objects.select_for_update().filter(**wanted).order_by("id"))


def list_places(*, viewer: Actor) -> list[AreaRef]:
    """Return the grids in which the viewer may report, by code; the communities where there are too many grids."""
    tree = territory()
    found: dict[int, AreaRef] = {}
    for path in viewer.areas(Permission.REPORT):
        ids = [int(part) for part in path.split("/") if part]
        root = tree.get(ids[-1]) if ids else None
        for area in ([root] if root is not None and root.open else []) + tree.descendants(ids[-1] if ids else None):
            found[area.id] = area
    for kind in (Kind.GRID, Kind.COMMUNITY, Kind.STREET):
        chosen = [area for area in found.values() if area.kind == kind]
        if chosen and len(chosen) <= AREAS_MAX:
            return sorted(chosen, key=lambda area: area.code)
    return []


def list_categories() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the categories that can be chosen, (code, name), under the names of the trees."""
    leaves = [category for category in cases.catalog().leaves if category.is_active]
    groups = [(str(tree.label), [(c.code, c.name) for c in leaves if c.tree == tree.value]) for tree in Tree]
    return [(name, choices) for name, choices in groups if choices]


def list_phrases() -> list[str]:
    """Return the ready-made words for what was put in order at once: those of handling a case."""
    return list(cases.catalog().phrases.get(Deed.HANDLE.value, ()))


def list_waiting(*, viewer: Actor) -> list[Waiting]:
    """Return what waits for the viewer, the one due first on top, as a phone may keep it for a while.

    Never a denunciation, never a reporter.
    """
    page = cases.list_todo(viewer=viewer, limit=settings.PHONE_TODO_ROWS)
    return [
        Waiting(
            id=view.case.pk,
            number=view.case.number,
            status=str(Status(view.case.status).label),
            category=view.category.name if view.category else "",
            area=view.area_name,
            place=view.case.place,
            words=view.case.description[: settings.PHONE_TODO_WORDS],
            due_at=view.case.due_at,
        )
        for view in cases.describe([case for case in page.rows if not case.is_confidential])
    ]
