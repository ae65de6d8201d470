"""What goes along with what."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haitang.cases import queries as case_queries
from haitang.cases.queries.relating import CLOSES, REFUSES, VOIDS
from haitang.cases.values import GoesAlong, Mark
from haitang.core.access import Actor
from haitang.merging.models import Join
from haitang.merging.policies import is_open
from haitang.merging.values import StillTogether


@dataclass(frozen=True, slots=True)
class Bundle:
    """The cases that go together with one, as far as a viewer may know of them.

    main: the main case where the case asked about goes along with it, else None. joined: those that go along with
    the case asked about, oldest first. hidden: how many there are besides that the viewer may not know of.
    """

    main: Any | None
    joined: list[Any]
    hidden: int


def joins_of(main_id: int) -> list[Join]:
    """Return what was joined to a main case, in the order of the cases' ids. For actions and jobs."""
    return list(Join.objects.filter(main_id=main_id).order_by("case_id"))


def main_of(case_id: int) -> int | None:
    """Return the id of the main case that the case goes along with, or None."""
    return Join.objects.filter(case_id=case_id).values_list("main_id", flat=True).first()


def get_bundle(*, viewer: Actor, case_id: int) -> Bundle:
    """Return what goes together with the case; raise CaseNotFound if the viewer may not know of it."""
    case_queries.get_case(viewer=viewer, case_id=case_id)
    main_id = main_of(case_id)
    ids = [join.case_id for join in joins_of(case_id)]
    seen = case_queries.list_known(viewer=viewer, case_ids=[*ids, *([main_id] if main_id else [])])
    views = {view.case.pk: view for view in case_queries.describe(seen)}
    joined = [views[pk] for pk in ids if pk in views]
    return Bundle(views.get(main_id or 0), joined, len(ids) - len(joined))


def keep_together(deed: str, case: Any) -> None:
    """Keep a case that goes along with another from deeds of its own, and a main case from being struck out.

    A guard (cases.values.GUARDS). Only what could concern it is looked up: a joined case's clock rests.
    Raises GoesAlong, StillTogether.
    """
    is_main = deed == VOIDS and Mark.MAIN.value in case.marks
    if is_main and Join.objects.filter(main_id=case.pk, case__stage__isnull=False).exists():
        raise StillTogether(_("还有案件并入此案件，请先拆单再作废"))
    if case.due_at is not None or not is_open(case) or Mark.JOINED.value not in case.marks:
        return
    main = case_queries.get_case_for_job(main_of(case.pk) or 0)
    if main is not None and (is_open(main) or deed not in (CLOSES, REFUSES)):
        text = _("此案件已并入 %(number)s，请在主案件上办理，或先拆单")
        raise GoesAlong(text % {"number": main.number})
