"""Cases that are parts of another, at any depth: split off, tied, untied.

Whoever changes what is whose part takes one lock first, then the cases in the order of their ids: so two ties made at
once cannot close a circle, however long, and nobody waits for whoever waits for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as cases
from haitang.cases.values import Channel, WrongStage
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.oversight import policies
from haitang.oversight.facts import PartGained, PartTied, PartUntied
from haitang.oversight.models import Part
from haitang.oversight.queries import families as queries
from haitang.oversight.values import PARTS_MAX, Circle
from haitang.territory.queries import territory

_LOCK = 7_303_001


@dataclass(frozen=True, slots=True)
class NewPart:
    """A part to be split off. category_code: "" for the one that the description suggests."""

    description: str
    category_code: str = ""


@transaction.atomic
def split_case(*, actor: Actor, case_id: int, parts: Iterable[NewPart], now: datetime) -> list[Any]:
    """
    Split parts off an open case (拆分) and return them: cases of their own at its place, without a reporter.

    Whoever reported hears of the whole. A part of a denunciation is one.
    Raises CaseNotFound, NotAllowed (DISPATCH and REPORT over the area), WrongStage (it is done), GoesAlong (joined to
    another), Invalid (none or too many), CategoryNotFound.
    """
    wanted = list(parts)
    if not 1 <= len(wanted) <= PARTS_MAX:
        text = _("一次可拆分 1 至 %(n)d 个子案件") % {"n": PARTS_MAX}
        raise Invalid(text, {"description": text})
    _lock_families()
    whole = cases.lock_case(case_id)
    cases.get_case(viewer=actor, case_id=case_id)
    policies.check_can_tie(actor, whole)
    if whole.stage is None:
        raise WrongStage(_("案件已办结，不能拆分"))
    cases.check_goes_alone(whole)
    made = []
    for part in wanted:
        child = case_actions.report_case(
            actor=actor, now=now, description=part.description, category_code=part.category_code, kind=whole.kind,
            channel=Channel.TRANSFER, place=whole.place, lon=whole.lon, lat=whole.lat,
            area_code=territory().area(whole.area_id).code, demand_answers=False,
        )  # fmt: skip
        _tie(actor, child, whole, now)
        made.append(child)
    return made


@transaction.atomic
def tie_case(*, actor: Actor, case_id: int, parent_id: int, now: datetime) -> Part:
    """
    Make a case a part of another that is open.

    Raises CaseNotFound, NotAllowed (DISPATCH over the areas of both), WrongStage (the whole is done), GoesAlong (it is
    joined to another), Circle (it has a whole already, or is a whole of what it would become a part of, or the same).
    """
    _lock_families()
    locked = cases.lock_cases((case_id, parent_id))
    child, whole = (cases.get_case(viewer=actor, case_id=each) for each in (case_id, parent_id))
    for case in (child, whole):
        policies.check_can_tie(actor, case)
    if child.pk == whole.pk or len(locked) < 2:
        raise Circle(_("案件不能作为自己的子案件"))
    if whole.stage is None:
        raise WrongStage(_("父案件已办结，不能再增加子案件"))
    cases.check_goes_alone(whole)
    if child.is_confidential != whole.is_confidential:
        raise Circle(_("举报案件只能与举报案件建立父子关系"))
    if queries.parent_of(child.pk) is not None:
        raise Circle(_("此案件已是其他案件的子案件"))
    if child.pk in queries.ancestors_of(whole.pk):
        raise Circle(_("不能形成循环：父案件本身在此案件之下"))
    return _tie(actor, child, whole, now)


@transaction.atomic
def untie_case(*, actor: Actor, case_id: int, now: datetime) -> None:
    """
    Let a case be a part of another no longer.

    Raises CaseNotFound, NotAllowed (DISPATCH over the areas of both), Circle (it is no part).
    """
    _lock_families()
    parent_id = queries.parent_of(case_id)
    if parent_id is None:
        cases.get_case(viewer=actor, case_id=case_id)
        raise Circle(_("此案件不是子案件"))
    cases.lock_cases((case_id, parent_id))
    child, whole = (cases.get_case(viewer=actor, case_id=each) for each in (case_id, parent_id))
    for case in (child, whole):
        policies.check_can_tie(actor, case)
    Part.objects.filter(pk=child.pk).delete()
    for case, other in ((child, whole), (whole, child)):
        fact = PartUntied(case.pk, other.pk, other.number)
        case_actions.note_on_case(actor=actor, fact=fact, now=now)


def _tie(actor: Actor, child: Any, whole: Any, now: datetime) -> Part:
    part = Part.objects.create(child_id=child.pk, parent_id=whole.pk, by_id=actor.id, at=now)
    tied = PartTied(child.pk, whole.pk, whole.number)
    gained = PartGained(whole.pk, child.pk, child.number)
    for fact in (tied, gained):
        case_actions.note_on_case(actor=actor, fact=fact, now=now)
    return part


def _lock_families() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
