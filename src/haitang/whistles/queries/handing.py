"""Calls in somebody's hand. For actions and jobs of the office, which asks whether it may."""

from django.utils.translation import gettext as _

from haitang.whistles.lifecycle import OPEN
from haitang.whistles.models import Call
from haitang.whistles.values import WhistleNotFound


def list_calls_in_hand(account_id: int) -> list[Call]:
    """Return the open calls that the account answers for, with whistle and case, the one due first on top."""
    rows = Call.objects.filter(handler_id=account_id, status__in=sorted(OPEN)).select_related("whistle__case")
    return list(rows.defer("whistle__case__search", "whistle__case__query_code").order_by("due_at", "id"))


def whistle_id_of(call_id: int) -> int:
    """Return the id of a call's whistle; raise WhistleNotFound."""
    found = Call.objects.filter(pk=call_id).values_list("whistle_id", flat=True).first()
    if found is None:
        raise WhistleNotFound(_("这张哨单没有召集该单位"))
    return found
