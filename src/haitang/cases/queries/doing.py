"""Whose turn a case is, what ends it, and whether its desk may still give it back by itself."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from haitang.cases import policies
from haitang.cases.lifecycle import ENDING, MOVES, NEXT_DEED, Deed, Status
from haitang.cases.models import Case
from haitang.cases.queries.catalog import catalog
from haitang.cases.values import Permission, ReturnRefused, Stage
from haitang.core import access
from haitang.core.access import Actor
from haitang.people.queries import get_actor, list_accounts_holding


def ends_case(deed: str) -> bool:
    """Tell whether the deed that a guard is asked about ends the work on a case, one way or another."""
    return deed in {each.value for each in ENDING}


def waits_for(*, viewer: Actor, case: Case) -> bool:
    """Tell whether what the case waits for is the viewer's to do: the desk's people, the dispatcher, the checker."""
    expected = NEXT_DEED.get(Status(case.status))
    return expected is not None and access.allows(policies.check_can, viewer, expected, case)


def can_be_returned(case: Case) -> bool:
    """Tell whether the case lies on a desk that has not done its work, from which it may be taken."""
    return Status(case.status) in MOVES[Deed.RETURN].sources


def list_trusted_with(case: Case) -> list[int]:
    """Return the accounts on the desk of a denunciation that may know of it and sign for it. For actions."""
    trusted = list_accounts_holding(
        Permission.VIEW_CONFIDENTIAL, area_path=case.area_path, organization_id=case.organization_id
    )
    return [each for each in trusted if access.allows(policies.check_can, get_actor(each), Deed.SIGN, case)]


def why_no_return(case: Case, now: datetime) -> ReturnRefused | None:
    """Return why the desk may not give the case back by itself, as a refusal to raise; None if it may.

    The settings `returns` (how often a case, within how many hours after it was dispatched) and `first_desk_keeps`
    (首接负责: whoever it came to first answers for it until the street decides otherwise).
    """
    known = catalog()
    rule = known.setting("returns")
    ask = _("，请申请由街道研究决定")
    if known.setting("first_desk_keeps"):
        return ReturnRefused(_("实行首接负责，承办单位不能自行退回") + ask)
    if case.returns >= rule["max"]:
        return ReturnRefused(_("此案件已退回 %(n)d 次，不能再自行退回") % {"n": case.returns} + ask)
    dispatched = case.deadlines.get(Stage.SIGN.value, {}).get("started_at")
    if dispatched and now > datetime.fromisoformat(dispatched) + timedelta(hours=rule["hours"]):
        return ReturnRefused(_("派遣后已超过 %(n)d 小时，不能再自行退回") % {"n": rule["hours"]} + ask)
    return None
