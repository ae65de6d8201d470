"""Changing what is computed: a set of formulas as a new version, and numbers that only the office knows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid, NotFound
from haitang.indicators import queries
from haitang.indicators.facts import FigureGiven, FormulasChanged
from haitang.indicators.models import FormulaVersion, Given
from haitang.indicators.values import Permission, month_of, period_of, read_set
from haitang.territory.queries import territory

NOTE_LENGTH_MAX = 300
NUMBER_MAX = Decimal(10) ** 12


@transaction.atomic
def change_formulas(
    *, actor: Actor, definition: dict[str, Any], valid_from: date, now: datetime, note: str = ""
) -> FormulaVersion:
    """
    Let a set have these formulas for periods that begin on valid_from or later; those before keep what they had.

    definition: the whole set as values.Formulas.as_data gives it; its code must be one there is. valid_from: not
    before the period that runs today began. Raises NotAllowed, SetNotFound, Invalid, FormulaUnreadable.
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    latest = queries.versions_of(definition["code"])[-1].formulas
    formulas = read_set({**definition, "name": latest.name}, queries.quantities())
    today = local_date(now)
    running = period_of(month_of(today, latest.month_start_day), latest.month_start_day).first
    if valid_from < running:
        text = _("生效日期不能早于本考核月第一天（%(day)s）：已结束的考核月保持原公式") % {"day": running}
        raise Invalid(text, {"valid_from": text})
    if len(note) > NOTE_LENGTH_MAX:
        raise Invalid(_("说明不能超过 %(n)d 字") % {"n": NOTE_LENGTH_MAX}, {"note": _("太长")})
    before = {each["code"]: each for each in latest.as_data()["indicators"]}
    after = {each["code"]: each for each in formulas.as_data()["indicators"]}
    changed = sorted(code for code in before.keys() | after.keys() if before.get(code) != after.get(code))
    if not changed and formulas.month_start_day == latest.month_start_day:
        raise Invalid(_("公式没有改动"))
    version = FormulaVersion.objects.create(
        set_code=formulas.code, valid_from=valid_from, definition=formulas.as_data(), note=note.strip(), made_at=now,
        made_by_id=actor.id, made_by_name=actor.name,
    )  # fmt: skip
    queries.SETS.touch()
    fact = FormulasChanged(version.pk, formulas.code, valid_from.isoformat(), changed, note.strip())
    history.record(actor=actor, fact=fact, at=now)
    return version


@transaction.atomic
def give_figure(
    *, actor: Actor, area_id: int, code: str, value: Decimal | None, source: str, now: datetime
) -> Given | None:
    """
    Enter a number about an area that no counter holds, or with None take it back.

    Raises NotAllowed, NotFound (no such area, or none to be given), Invalid (not above zero).
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    quantity = queries.quantities().get(code)
    if territory().get(area_id) is None or quantity is None or not quantity.given:
        raise NotFound(_("没有这项可填报的数值"))
    if value is not None and not 0 < value < NUMBER_MAX:
        raise Invalid(_("数值应大于零"), {"value": _("数值应大于零")})
    held = Given.objects.select_for_update().filter(area_id=area_id, code=code).first()
    before = str(held.value.normalize()) if held else ""
    if value is None:
        if held:
            held.delete()
        held = None
    else:
        held, _made = Given.objects.update_or_create(
            area_id=area_id, code=code, defaults={"value": value, "source": source.strip()[:NOTE_LENGTH_MAX]}
        )
    after = str(value.normalize()) if value is not None else ""
    if before != after:
        fact = FigureGiven(area_id, code, before, after, source.strip()[:NOTE_LENGTH_MAX])
        history.record(actor=actor, fact=fact, at=now)
    return held
