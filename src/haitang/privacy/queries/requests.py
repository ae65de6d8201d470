"""What is held about somebody, what they have asked for, and what waits on the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from django.utils.translation import gettext as _

from haitang.core import clock, wall
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.clock import LOCAL, local_date
from haitang.core.keyset import page_by_instant
from haitang.core.paging import Page
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.core.tables import Column
from haitang.people.queries import get_own_account
from haitang.privacy.models import PrivacySetting, Request
from haitang.privacy.queries.looks import shown_of, shown_words
from haitang.privacy.values import (
    ACCOUNT,
    HOLDERS,
    KEYS,
    OPEN,
    Asker,
    Holding,
    Item,
    Permission,
    RequestUnknown,
    State,
    holding_of,
    refusals,
    said,
    told,
)
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Limit, deadline

SETTINGS = Settings(cache(partial(read_shipped, "privacy", "settings.toml")), PrivacySetting)
RULES: Policy[Mapping[str, Any]] = Policy("privacy.rules", SETTINGS.values)
ROWS = 50
TEXTS = ("handler", "contact")
"""Settings that are words of notices, not limits."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what is held about somebody. erasable: how many of its items an erasure would take now.

    shown: for each item the offices to which what is masked of it was shown, as a sentence; empty where nobody asked.
    """

    code: str
    name: str
    holding: Holding
    items: Sequence[Item]
    shown: Sequence[str] = ()

    @property
    def lines(self) -> Sequence[tuple[Item, str]]:
        """Return each item with the offices to which it was shown in full, as a sentence."""
        return list(zip(self.items, self.shown or [""] * len(self.items), strict=True))

    @property
    def erasable(self) -> int:
        """Return how many things nothing keeps from being erased."""
        return sum(not item.kept for item in self.items)


@wall.opened("the asker is the person, as the entrance has made sure")
def find_parts(asker: Asker) -> list[Part]:
    """Return everything that is held about the asker, part by part; parts that hold nothing are left out."""
    found = ((holder, tuple(holder.held(asker))) for holder in HOLDERS)
    return [Part(each.code, str(each.name), holding_of(each.code), items) for each, items in found if items]


def find_parts_with_looks(asker: Asker) -> list[Part]:
    """Return the same with who was shown what is masked of it: by office, and how often. For the person themselves."""
    parts = find_parts(asker)
    told = iter(shown_of([item for part in parts for item in part.items]))
    return [replace(part, shown=[shown_words(next(told)) for _item in part.items]) for part in parts]


def part_names() -> dict[str, str]:
    """Return what each part is called, by code."""
    return {holder.code: str(holder.name) for holder in HOLDERS}


@wall.opened("number and code prove who asks")
def asker_for(number: str, code: str) -> Asker | None:
    """Return who may ask because number and code open something together; None where they open nothing.

    The caller limits guesses.
    """
    for opens in KEYS:
        thing = opens(number, code)
        if thing is not None:
            return Asker(thing=thing)
    return None


def asker_of(row: Request) -> Asker:
    """Return who has asked."""
    if row.account_id is not None:
        return Asker(account_id=row.account_id)
    return Asker(thing=(row.thing_type, row.thing_id or 0))


def list_requests_of(asker: Asker) -> list[Request]:
    """Return what the asker has asked for, the latest first; at most ROWS."""
    return list(_of(asker).order_by("-asked_at", "-id")[:ROWS])


def get_request_of(asker: Asker, request_id: int) -> Request:
    """Return one of the asker's own requests. Raises RequestUnknown."""
    row = _of(asker).filter(pk=request_id).first()
    if row is None:
        raise RequestUnknown(_("没有找到这个请求"))
    return row


def _of(asker: Asker) -> Any:
    if asker.account_id is not None:
        return Request.objects.filter(account_id=asker.account_id)
    kind, thing_id = asker.thing or ("", 0)
    return Request.objects.filter(account_id=None, thing_type=kind, thing_id=thing_id)


def list_requests(*, viewer: Actor, is_open: bool = True, cursor: str = "") -> Page[Request]:
    """Return the requests that wait, the oldest first, or those that are over, the latest first. Raises NotAllowed."""
    require(viewer, Permission.DECIDE, area_path=EVERYWHERE)
    rows = Request.objects.filter(state__in=OPEN) if is_open else Request.objects.exclude(state__in=OPEN)
    return page_by_instant(rows, instant="asked_at", cursor=cursor, limit=ROWS, newest_first=not is_open)


def count_waiting(*, viewer: Actor) -> int:
    """Return how many requests wait for an answer; 0 for who does not answer them."""
    if not viewer.holds(Permission.DECIDE, area_path=EVERYWHERE):
        return 0
    return Request.objects.filter(state=State.WAITING).count()


def get_request(*, viewer: Actor, request_id: int) -> Request:
    """Return a request to who answers it. Raises NotAllowed, RequestUnknown."""
    require(viewer, Permission.DECIDE, area_path=EVERYWHERE)
    row = Request.objects.filter(pk=request_id).first()
    if row is None:
        raise RequestUnknown(_("没有找到这个请求"))
    return row


def lock_request(request_id: int) -> Request:
    """Return a request, locked until the end of the transaction. Raises RequestUnknown."""
    row = Request.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        raise RequestUnknown(_("没有找到这个请求"))
    return row


def list_going(*, after: int, limit: int) -> list[int]:
    """Return the ids of requests that were agreed to and wait for the end of something. For jobs."""
    rows = Request.objects.filter(state=State.GOING, pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def due_on(asked_at: datetime) -> date:
    """Return the last day for an answer, by the office's calendar."""
    found = deadline(asked_at, Limit.parse(RULES.get()["answer_limit"]), get_calendar(None))
    assert found is not None  # only an open pause holds a deadline back
    return local_date(found)


def refusal_choices() -> list[tuple[str, str]]:
    """Return the reasons for a refusal: code, and words with the law behind them."""
    return [(code, f"{said(each, 'text')}（{each['law']}）") for code, each in refusals().items()]


def refusal_words(code: str) -> str:
    """Return a reason in words; "" for none."""
    return dict(refusal_choices()).get(code, "")


def list_privacy_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()


def ordered(codes: Sequence[str]) -> list[str]:
    """Return codes of parts in the order in which they are erased: the account is last."""
    known = [holder.code for holder in HOLDERS]
    return sorted(set(codes) & set(known), key=lambda code: (code == ACCOUNT, known.index(code)))


def as_file(asker: Asker, *, at: datetime) -> dict[str, Any]:
    """Return everything that is held about the asker as plain values, for a file that a program can read."""
    return {
        "made_at": at.isoformat(),
        "law": "中华人民共和国个人信息保护法 第四十五条",
        "parts": [
            {
                "code": part.code, "name": part.name, "purpose": part.holding.purpose, "basis": part.holding.basis,
                "kept_for": part.holding.keep,
                "items": [
                    {
                        "title": item.title, "at": item.at.isoformat() if item.at else None,
                        "content": [{"label": label, "value": value} for label, value in item.lines],
                        "kept_because": item.kept or None, "shown_to": shown or None,
                    }
                    for item, shown in part.lines
                ],
            }
            for part in find_parts_with_looks(asker)
        ],
    }  # fmt: skip


def sheet_columns() -> list[Column]:
    """Return the columns of the sheet with everything that is held about somebody."""
    return [
        Column("part", _("类别"), width=18), Column("title", _("事项"), width=30), Column("at", _("时间"), width=18),
        Column("label", _("项目"), width=18), Column("value", _("内容"), width=60),
        Column("purpose", _("用途"), width=40), Column("keep", _("保存多久"), width=40),
    ]  # fmt: skip


def sheet_rows(asker: Asker) -> list[list[Any]]:
    """Return the rows of that sheet: one for each value."""
    return [
        [
            part.name, item.title, item.at.strftime("%Y-%m-%d %H:%M") if item.at else "", label, value,
            part.holding.purpose, part.holding.keep,
        ]
        for part in find_parts_with_looks(asker)
        for item, shown in part.lines
        for label, value in (*item.lines, *(((_("查看完整信息的单位"), shown),) if shown else ())) or (("", ""),)
    ]  # fmt: skip


def held_of_account(asker: Asker) -> list[Item]:
    """Return what is held about the asker with their account: who they are, how to reach them, where they signed in."""
    own = get_own_account(asker.account_id or 0, local_date(clock.now()))
    if own is None:
        return []
    person, words = own.account.person, "%Y-%m-%d %H:%M"
    lines = told(
        (_("账号"), own.account.username), (_("姓名"), person.name if person else own.account.name),
        (_("电话"), person.phone if person else ""), (_("住址"), person.address if person else ""),
        *((_("岗位"), f"{holding.post.title} {holding.post.organization}") for holding in own.holdings),
        *(
            (_("正在登录"), f"{each.at.astimezone(LOCAL):{words}} {each.device} {each.address}")
            for each in own.sign_ins
        ),
        *((_("接口令牌"), name) for name in own.tokens),
        (_("消息条数"), own.notices or ""),
    )  # fmt: skip
    kept = _("在岗人员的履职记录依法保存，不能注销") if own.holdings else ""
    subject = ("person", person.pk) if person else None
    return [Item(own.account.name, lines, kept=kept, subject=subject)]
