"""What forms say about personal data: the shipped words, over them those of the office, by version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.errors import NotFound
from haitang.core.history import NOTICE
from haitang.core.policy import Policy
from haitang.core.shipped import read_shipped
from haitang.core.ui.notices import CONSENT, Notice
from haitang.privacy.models import NoticeVersion
from haitang.privacy.queries.requests import RULES
from haitang.privacy.queries.retention import list_rules
from haitang.privacy.values import How, Permission, holding_of, said

SHIPPED = 1
MARKS_MAX = 3
"""So many forms with a notice at most stand on one page."""


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The words of a notice that an office may change, in Chinese, as they are in force."""

    code: str
    version: int
    purpose: str
    voluntary: str
    consent: str


def _load() -> Mapping[str, NoticeText]:
    """Return the office's own words by code: the latest version of each."""
    latest = NoticeVersion.objects.order_by("code", "-version").distinct("code")
    return {row.code: NoticeText(row.code, row.version, row.purpose, row.voluntary, row.consent) for row in latest}


NOTICE_TEXTS: Policy[Mapping[str, NoticeText]] = Policy("privacy.notices", _load)


@cache
def shipped_notices() -> dict[str, dict[str, Any]]:
    """Return the content of data/notices.toml."""
    return read_shipped("privacy", "notices.toml")


@cache
def _codes_by_form() -> dict[str, str]:
    return {form: code for code, told in shipped_notices().items() for form in told["forms"]}


def notice_for(kind: type) -> Notice | None:
    """Return what a form of that class says, in the reader's language; None for one that asks nothing of a person.

    What the office has written itself stands in Chinese for every reader.
    """
    app = kind.__module__.split(".")
    code = _codes_by_form().get(f"{app[1]}.{kind.__name__}") if app[0] == "haitang" and len(app) > 1 else None
    if code is None:
        return None
    told, own, rules = shipped_notices()[code], NOTICE_TEXTS.get().get(code), RULES.get()
    purpose, voluntary, consent = (
        (own.purpose, own.voluntary, own.consent)
        if own
        else (said(told, "purpose"), said(told, "voluntary"), said(told, "consent"))
    )
    lines = (
        (_("谁在用"), _(rules["handler"])), (_("用来做什么"), purpose), (_("依据"), _basis(told)),
        (_("怎么保管"), _("加密保存，平时只显示一部分；查看完整信息要写明理由，并留下记录")),
        (_("保存多久"), _kept(told)), (_("可以不填的"), voluntary), (_("您的权利"), _rights(rules["contact"])),
    )  # fmt: skip
    mark = f"{code}.{own.version if own else SHIPPED}"
    return Notice(
        mark, lines, reverse("privacy:mine"), tuple(told["fields"]), consent, tuple(told.get("consent_for", ()))
    )


def _basis(told: Mapping[str, Any]) -> str:
    return holding_of(told["part"]).basis if "part" in told else said(told, "basis")


def _kept(told: Mapping[str, Any]) -> str:
    """Return how long it is kept: to the month where the nightly job erases it, by the words of the part elsewhere."""
    rule = next(each for each in list_rules() if each.code == told["rule"])
    if rule.how == How.ERASE:
        return _("%(after)s后 %(months)d 个月删除；可以提前要求删除") % {"after": _(rule.after), "months": rule.months}
    return holding_of(told["part"]).keep if "part" in told else said(told, "keep")


def _rights(contact: str) -> str:
    return _("可以查阅、复制、更正、删除，撤回同意，找%(contact)s；对答复不满意，可以向网信部门投诉") % {
        "contact": _(contact)
    }


def shown_notice(sent: Any) -> str:
    """Return which notices the forms showed that were handed in: "report.1", "wish.2+" with its separate consent.

    sent: what was posted. What is no notice of ours, or of a version that there never was, is passed over.
    """
    marks = []
    for mark in sent.getlist(NOTICE)[:MARKS_MAX]:
        code, _dot, version = mark.partition(".")
        own = NOTICE_TEXTS.get().get(code) if code in shipped_notices() else None
        latest = own.version if own else SHIPPED
        if code in shipped_notices() and version in {str(n) for n in range(1, latest + 1)}:
            marks.append(mark + ("+" if sent.get(CONSENT) else ""))
    return ",".join(dict.fromkeys(marks))


def list_notices(*, viewer: Actor) -> Sequence[tuple[str, NoticeText]]:
    """Return what every form says: the title of each and its words in force. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS, area_path=EVERYWHERE)
    return [(said(told, "title"), notice_text(code)) for code, told in shipped_notices().items()]


def notice_text(code: str) -> NoticeText:
    """Return the words of a notice as they are in force, in Chinese. Raises NotFound."""
    told = shipped_notices().get(code)
    if told is None:
        raise NotFound(_("没有这份告知"))
    shipped = NoticeText(code, SHIPPED, told["purpose"], told["voluntary"], told.get("consent", ""))
    return NOTICE_TEXTS.get().get(code, shipped)


def notice_title(code: str) -> str:
    """Return what a notice is called, in the reader's language."""
    return said(shipped_notices()[code], "title")


def notice_versions(*, viewer: Actor, code: str) -> list[NoticeVersion]:
    """Return the office's own versions of a notice, the latest first. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS, area_path=EVERYWHERE)
    return list(NoticeVersion.objects.filter(code=code).order_by("-version"))
