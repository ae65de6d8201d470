"""What every deed does to a whistle: lock, check, record."""

from typing import Any

from django.utils.translation import gettext as _

from haitang.cases.queries import check_goes_alone
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.whistles import policies, queries
from haitang.whistles.lifecycle import Status
from haitang.whistles.models import Call, Whistle
from haitang.whistles.values import AlreadyBlown, CaseHasEnded, WhistleNotFound


def lock_known_whistle(actor: Actor, whistle_id: int) -> tuple[Any, Whistle, list[Call]]:
    """Return the case, locked, with the whistle and its calls as they then stand, for an actor who may know of them.

    Raises WhistleNotFound for others, and where there is no such whistle.
    """
    case, whistle, calls = queries.lock_whistle(whistle_id)
    policies.check_may_know(actor, whistle, case, [call.organization_id for call in calls])
    return case, whistle, calls


def call_of(calls: list[Call], call_id: int) -> Call:
    """Return the call of that id; raise WhistleNotFound where the whistle has none such."""
    for call in calls:
        if call.pk == call_id:
            return call
    raise WhistleNotFound(_("这张哨单没有召集该单位"))


def check_case_is_open(case: Any) -> None:
    """Raise CaseHasEnded for a case that waits for nothing any more, GoesAlong for one that ends with another."""
    if case.stage is None:
        raise CaseHasEnded(_("案件 %(number)s 已办结，不能再吹哨或返工") % {"number": case.number})
    check_goes_alone(case)


def check_no_other_is_open(whistle: Whistle) -> None:
    """Raise AlreadyBlown where another whistle of the case is open: a case has one at a time."""
    others = Whistle.objects.filter(case_id=whistle.case_id, status__in=(Status.PENDING, Status.BLOWN))
    number = others.exclude(pk=whistle.pk).values_list("number", flat=True).first()
    if number is not None:
        raise AlreadyBlown(_("哨单 %(number)s 正在办理，请先办结") % {"number": number})


def clean_words(text: str, field: str, label: str, length_max: int, *, needed: bool = True) -> str:
    """Return the text trimmed; raise Invalid, at that field, for an over-long one, and for an empty one if needed."""
    text = text.strip()
    fault = ""
    if needed and not text:
        fault = _("请填写%(label)s") % {"label": label}
    elif len(text) > length_max:
        fault = _("%(label)s不能超过 %(n)d 字") % {"label": label, "n": length_max}
    if fault:
        raise Invalid(fault, {field: fault})
    return text
