"""What the operations of joint work share."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from haitang.alliances.values import NAME_LENGTH_MAX
from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.schemas import NO_NUL, Id
from haitang.territory.queries import territory

router = Router(tags=["共驻共建"])
Cursor = Query("", max_length=500, pattern=NO_NUL)
Code = Query("", max_length=40, pattern=NO_NUL)
Text = Query("", max_length=NAME_LENGTH_MAX, pattern=NO_NUL)
"""Part of a name."""
RowId = Annotated[Id, Path()]


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    return request.actor  # type: ignore[attr-defined]  # see core.http.Request


def said(request: HttpRequest) -> dict[str, Any]:
    """Return who acts, and when."""
    return {"actor": actor_of(request), "now": clock.now()}


def path_of(code: str) -> str:
    """Return the path of an area by its code, "" where there is none."""
    area = territory().by_code(code)
    return area.path if area else ""


def today() -> Any:
    """Return the calendar day in China."""
    return local_date(clock.now())
