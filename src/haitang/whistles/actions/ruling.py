"""The rules of whistles, changed: each change is a new version, and whistles keep the one they were drafted under."""

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Invalid
from haitang.whistles import queries
from haitang.whistles.actions.common import clean_words
from haitang.whistles.facts import WhistleRulesChanged
from haitang.whistles.lifecycle import Deed
from haitang.whistles.models import RuleBook
from haitang.whistles.values import PHRASES_MAX, WORDS_LENGTH_MAX, Over, Permission, Rules, RulesUnusable

_LOCK = 7_302_001
PHRASED = ("draft", "approve", "decline", "add", *Deed.values)
"""What phrases are kept for."""


@transaction.atomic
def change_whistle_kind(
    *, actor: Actor, now: datetime, code: str, name: str, use: str, approver_posts: Sequence[str],
    limits: Mapping[str, str], is_active: bool, source: str = "",
) -> RuleBook:  # fmt: skip
    """
    Change a kind of whistle, or add one under a new code; whistles that exist keep their clocks.

    approver_posts: kinds of posts (organizations), one of which the approver holds; none: whoever may approve.
    limits: by stage (sign, contact, arrive, handle), as officials write them: "1 工作时"; approve and rule may be
    missing: then the street has no clock to approve, or to decide on a refusal.
    Raises NotAllowed, LimitUnreadable, RulesUnusable, Invalid.
    """
    code = clean_words(code, "code", _("编码"), 20)
    if not code.isascii() or not code.replace("_", "").isalnum():
        raise Invalid(_("编码只能含字母、数字和下划线"), {"code": _("编码只能含字母、数字和下划线")})
    row = {
        "code": code, "name": clean_words(name, "name", _("名称"), 20),
        "use": clean_words(use, "use", _("适用情形"), WORDS_LENGTH_MAX), "approver_posts": sorted(set(approver_posts)),
        "limits": dict(limits), "is_active": is_active,
        "source": clean_words(source, "source", _("依据"), WORDS_LENGTH_MAX, needed=False),
    }  # fmt: skip

    def change(content: dict[str, Any]) -> None:
        kinds = content["kind"]
        at = next((index for index, kind in enumerate(kinds) if kind["code"] == code), len(kinds))
        kinds[at : at + 1] = [row]

    return _change(actor, now, "kind", str(row), change, note=f"哨类：{row['name']}")


@transaction.atomic
def change_whistle_ladder(
    *, actor: Actor, now: datetime, rungs: Sequence[Mapping[str, Any]], street: bool = False
) -> RuleBook:
    """
    Change the ladder that missed deadlines climb; at least one rung.

    rungs: each with name, after (a limit, "" at once), posts, permission, over, source; see values.Rung.
    street: the ladder for decisions that the street owes, instead of that for departments.
    Raises NotAllowed, LimitUnreadable, RulesUnusable.
    """
    if not rungs:
        raise RulesUnusable(_("升级至少一级"))
    for rung in rungs:
        known = {*Permission, ""} if street else {*Permission}
        if rung["permission"] not in known or rung["over"] not in set(Over) or not rung["name"].strip():
            raise RulesUnusable(_("请填写每一级的名称和对象"))

    def change(content: dict[str, Any]) -> None:
        content["street_rung" if street else "rung"] = [dict(rung) for rung in rungs]

    told = "；".join(f"{rung['name']} {rung['after']}" for rung in rungs)
    note = "审批、裁定超时升级" if street else "超时升级"
    return _change(actor, now, "rung", told, change, note=note)


@transaction.atomic
def change_meeting_reminders(
    *, actor: Actor, now: datetime, before_days: int, after_days: int, source: str = ""
) -> RuleBook:
    """
    Change when whoever has a task of a joint meeting is reminded: so many working days before its day, and after it.

    0 does not remind; at most 30. Raises NotAllowed, RulesUnusable, Invalid.
    """
    row = {
        "before_days": before_days, "after_days": after_days,
        "source": clean_words(source, "source", _("依据"), WORDS_LENGTH_MAX, needed=False),
    }  # fmt: skip

    def change(content: dict[str, Any]) -> None:
        content["meeting_task"] = row

    return _change(actor, now, "meeting_task", f"{before_days} / {after_days}", change, note="会商任务提醒")


@transaction.atomic
def change_whistle_phrases(*, actor: Actor, now: datetime, phrases: Mapping[str, Sequence[str]]) -> RuleBook:
    """
    Change the ready-made opinions: by deed (PHRASED), each 1 to 200 characters; deeds not named keep theirs.

    Raises NotAllowed, Invalid.
    """
    for deed, texts in phrases.items():
        if deed not in PHRASED or len(texts) > PHRASES_MAX or any(not 0 < len(t) <= WORDS_LENGTH_MAX for t in texts):
            text = _("每项最多 %(n)d 条常用语，每条 1 至 200 字") % {"n": PHRASES_MAX}
            raise Invalid(text, {deed: text})

    def change(content: dict[str, Any]) -> None:
        content["phrases"] |= {deed: list(texts) for deed, texts in phrases.items()}

    return _change(actor, now, "phrases", "、".join(phrases), change, note="常用语")


def _change(actor: Actor, now: datetime, what: str, told: str, change: Any, *, note: str) -> RuleBook:
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    content = copy.deepcopy(queries.rule_content())
    change(content)
    Rules.read(0, content)
    row = RuleBook.objects.create(content=content, made_by_name=actor.name, made_at=now, note=note)
    queries.RULES.touch()
    history.record(actor=actor, fact=WhistleRulesChanged(row.pk, {what: told}), at=now)
    return row
