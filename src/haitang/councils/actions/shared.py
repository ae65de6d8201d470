"""What the actions of deliberation share: texts and areas as they may stand, who hears, who stands in the history."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from haitang.core import history, wording
from haitang.core.access import Actor
from haitang.core.clock import LOCAL
from haitang.core.facts import Fact
from haitang.core.privacy import mask_text
from haitang.councils import policies, queries
from haitang.councils.models import Council
from haitang.councils.values import ROWS_MAX, AskedEnough, BadEntry, CouncilHasEnded, Permission
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

ANONYMOUS = Actor("居民")
"""Who stands in the history for residents: it forgets nothing, and rows forget who has asked after a term."""
_LOCK = 7_301


def text_of(given: str, name: str, length: int, *, missing: str = "") -> str:
    """Return what was typed without outer spaces. Raises BadEntry where it is too long, or missing and may not be."""
    return wording.text_of(given, name, length, missing=missing, refusal=BadEntry)


def public_text_of(given: str, name: str, length: int, *, missing: str = "") -> str:
    """Return what was typed and anybody will read; numbers of people and documents in it are refused."""
    text = text_of(given, name, length, missing=missing)
    if mask_text(text)[1]:
        wrong = _("这里会公开，请去掉电话、证件号码或邮箱")
        raise BadEntry(wrong, {name: wrong})
    return text


def day_of(given: date, name: str, today: date) -> date:
    """Return the day. Raises BadEntry where it is years away."""
    return wording.day_of(given, name, today, refusal=BadEntry)


def last_day(from_date: date, given: date, today: date) -> date:
    """Return the day on which something ends. Raises BadEntry where it is years away or before the beginning."""
    if day_of(given, "on", today) < from_date:
        raise BadEntry(_("不能早于开始日期"), {"on": _("不能早于开始日期")})
    return given


def area_of(area_id: int | None) -> AreaRef:
    """Return the valid area. Raises BadEntry."""
    area = territory().get(area_id)
    if area is None or not area.open:
        raise BadEntry(_("没有这个区域"), {"area": _("没有这个区域")})
    return area


def office_of(organization_id: int | None, name: str, today: date) -> OrganizationRef:
    """Return the organization, which exists that day. Raises BadEntry."""
    found = organizations().by_id(organization_id)
    if found is None or not found.exists(today):
        raise BadEntry(_("没有这个单位"), {name: _("没有这个单位")})
    return found


def bounded(given: Sequence[object]) -> None:
    """Raise BadEntry for more than ROWS_MAX at once."""
    if len(given) > ROWS_MAX:
        raise BadEntry(_("一次最多 %(n)d 条") % {"n": ROWS_MAX})


def kept(actor: Actor, council: Council, today: date) -> Council:
    """Return the council, which the actor keeps and which is not over. Raises NotAllowed, CouncilHasEnded."""
    policies.check_can_convene(actor, council)
    if council.to_date is not None and council.to_date <= today:
        raise CouncilHasEnded(_("这个议事组织已经撤销，不能再改"))
    return council


def audience_of(row: Any) -> history.Audience:
    """Return who may hear at once of what happens to a council, a topic or a question: staff of its area."""
    return history.Audience(row.area_path, (), Permission.VIEW)


def tell(actor: Actor, facts: Sequence[tuple[Council, Fact]], now: datetime) -> None:
    """Record what happened to councils."""
    told = [(fact, audience_of(council)) for council, fact in facts]
    history.record_each(actor=actor, facts=told, at=now)


def check_not_too_much(account_id: int, now: datetime) -> None:
    """Raise AskedEnough where the account has raised and asked as much today as it may; many at once wait in turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, account_id % 2**31])
    midnight = now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    most = queries.rules().settings["topics_a_day"]
    if queries.count_between(account_id, midnight, midnight + timedelta(days=1)) >= most:
        raise AskedEnough(_("每人每天最多提 %(n)d 件，请明天再来") % {"n": most})
