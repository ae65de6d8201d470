"""Whether somebody has come with this matter before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from haitang.cases import queries as case_queries
from haitang.cases.queries import catalog
from haitang.core.access import Actor
from haitang.merging.policies import is_open


@dataclass(frozen=True, slots=True)
class EarlierRequest:
    """A case of the same person on what may be the same matter. metres: None where one of the two has no point."""

    view: Any
    metres: int | None
    days: int
    is_open: bool


def find_earlier(
    *,
    viewer: Actor,
    now: datetime,
    phone: str = "",
    account_id: int | None = None,
    category_id: int | None = None,
    lon: float | None = None,
    lat: float | None = None,
) -> list[EarlierRequest]:
    """Return earlier cases of that telephone or that account on the same class of matter nearby, the newest first.

    Within the days and metres of the setting `repeat_near`; of the same top class, where both classes are known.
    Cases that the viewer may not know of are left out. Nothing is found for no telephone and no account.
    """
    rule = catalog().setting("repeat_near")
    since = now - timedelta(days=rule["days"])
    cases = case_queries.list_of_reporter(viewer=viewer, phone=phone, account_id=account_id, since=since)
    near = [
        (case, metres)
        for case in cases
        if case_queries.same_class(category_id, case.category_id)
        and ((metres := _metres(case, lon, lat)) is None or metres <= rule["meters"])
    ]
    views = case_queries.describe([case for case, _metres in near])
    return [
        EarlierRequest(view, metres, (now - case.reported_at) // timedelta(days=1), is_open(case))
        for view, (case, metres) in zip(views, near, strict=True)
    ]


def _metres(case: Any, lon: float | None, lat: float | None) -> int | None:
    if case.lon is None or case.lat is None or lon is None or lat is None:
        return None
    return round(case_queries.distance(lon, lat, case))
