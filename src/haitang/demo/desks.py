"""What the desks of the demo city keep for themselves: phrases, lists, cases watched, and who stands in for whom."""

from datetime import datetime, timedelta

from haitang.cases.lifecycle import Deed
from haitang.cases.queries import CaseFilter, list_cases
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.office import actions
from haitang.office.queries import list_filters
from haitang.people.actions import give_delegation
from haitang.people.queries import get_account_id, get_actor, list_colleagues

PHRASES = (
    (Deed.ACCEPT, "情况已核对，予以受理，请关注短信通知"), (Deed.REGISTER, "属于本辖区职责范围，予以立案"),
    (Deed.DISPATCH, "请按时限处置，并上传处置前后照片"),
)  # fmt: skip
LISTS = (("超期未办", "overdue=1", True), ("电话来件待受理", "channel=phone&status=reported", True))
WATCHED = 6
STANDING_IN_DAYS = 7
_DISPATCHER, _DEPUTY = "street", "department"


def is_done() -> bool:
    """Tell whether the desks have been settled into already."""
    return bool(list_filters(viewer=get_actor(get_account_id(_DISPATCHER))))


def settle_in(*, now: datetime) -> None:
    """Let the street's dispatcher keep lists and watch cases, and a colleague of the department be away for a week."""
    dispatcher = get_actor(get_account_id(_DISPATCHER))
    for deed, text in PHRASES:
        actions.add_own_phrase(actor=dispatcher, deed=deed, text=text, now=now)
    page = list_cases(viewer=dispatcher, wanted=CaseFilter(statuses=("handling", "dispatched")), now=now, limit=WATCHED)
    for case in page.rows:
        actions.watch_case(actor=dispatcher, case_id=case.pk, now=now)
    _go_on_leave(now)
    for name, query, is_pinned in LISTS:
        kept = actions.save_filter(actor=dispatcher, name=name, query=query, now=now)
        actions.pin_filter(actor=dispatcher, filter_id=kept.pk, is_pinned=is_pinned, now=now)


def _go_on_leave(now: datetime) -> None:
    deputy: Actor = get_actor(get_account_id(_DEPUTY))
    away = next((each for each in list_colleagues(deputy.organization_id, now) if each.pk != deputy.id), None)
    if away is None or deputy.id is None:
        return
    today = local_date(now)
    give_delegation(
        actor=get_actor(away.pk), account_id=away.pk, deputy_id=deputy.id, from_date=today,
        to_date=today + timedelta(days=STANDING_IN_DAYS), reason="年休假", now=now,
    )  # fmt: skip
