"""How the files of a hotline are read, kept as data: each change is a new version."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.values import Channel, Kind
from haitang.core import history
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid
from haitang.office import queries
from haitang.office.facts import HotlineLayoutChanged
from haitang.office.models import HotlineLayout
from haitang.office.values import (
    HEADER_LENGTH_MAX,
    HEADERS_FED_BACK_MAX,
    HEADERS_KEPT_MAX,
    LAYOUT_NAME_LENGTH_MAX,
    LAYOUT_NEEDS,
    WORDS_MAX,
    HotlineFormat,
    LayoutChangedMeanwhile,
    Permission,
)

_FAR = 1_000


@transaction.atomic
def change_hotline_layout(
    *, actor: Actor, now: datetime, layout: HotlineFormat, code: str = "", version: int = 0, is_active: bool = True,
    note: str = "",
) -> HotlineLayout:  # fmt: skip
    """
    Keep a new version of a hotline's layout, for files that are brought from now on.

    code: of a layout that there is, "" for a new one. version: the one it was made from, so that of two who change it
        at once the second is told.
    Raises NotAllowed (no LAYOUT over everything), NotKept, LayoutChangedMeanwhile, Invalid.
    """
    require(actor, Permission.LAYOUT, area_path=EVERYWHERE)
    meanwhile = LayoutChangedMeanwhile(_("此格式已被他人修改，请刷新后再改"))
    before = queries.get_layout(code) if code else None
    if before is not None and before.version != version:
        raise meanwhile
    layout = _clean(layout)
    queries.format_map(layout)
    with refusing({"office_layout_version": meanwhile}):
        row = HotlineLayout.objects.create(
            code=code or f"own{HotlineLayout.objects.count() + 1}", version=version + 1 if before else 1,
            name=layout.name, source=layout.source, columns=dict(layout.columns), kinds=dict(layout.kinds),
            other_kind=layout.other_kind, channel=layout.channel, kept=list(layout.kept),
            feedback=[list(pair) for pair in layout.feedback], is_active=is_active,
            note=note.strip()[:_FAR], made_by_id=actor.id, made_by_name=actor.name, made_at=now,
        )  # fmt: skip
    old = before.columns if before else {}
    changed = sorted(header for header in {*old, *layout.columns} if old.get(header) != layout.columns.get(header))
    fact = HotlineLayoutChanged(row.pk, row.name, row.version, changed, is_active, row.note)
    history.record(actor=actor, fact=fact, at=now)
    return row


def _clean(layout: HotlineFormat) -> HotlineFormat:
    """Return the layout with its texts trimmed; raise Invalid naming what is wrong with it."""
    name, source = layout.name.strip(), layout.source.strip()
    for field, text in (("name", name), ("source", source)):
        if not 0 < len(text) <= LAYOUT_NAME_LENGTH_MAX or "\0" in text:
            words = _("请填写 1 至 %(n)d 字") % {"n": LAYOUT_NAME_LENGTH_MAX}
            raise Invalid(words, {field: words})
    columns = {header.strip(): column for header, column in layout.columns.items()}
    kept = tuple(dict.fromkeys(header.strip() for header in layout.kept if header.strip()))
    kinds = {word.strip(): kind for word, kind in layout.kinds.items() if word.strip()}
    feedback = tuple((header.strip(), word) for header, word in layout.feedback)
    headers = [header for header, _word in feedback]
    if any(not 0 < len(text) <= HEADER_LENGTH_MAX or "\0" in text for text in (*columns, *kept, *kinds, *headers)):
        raise Invalid(_("列名、类型名称应为 1 至 %(n)d 字") % {"n": HEADER_LENGTH_MAX})
    if len(kept) > HEADERS_KEPT_MAX or len(kinds) > WORDS_MAX:
        raise Invalid(_("最多保留 %(n)d 列，类型名称最多 %(m)d 个") % {"n": HEADERS_KEPT_MAX, "m": WORDS_MAX})
    _check_feedback(headers, {word for _header, word in feedback if word})
    if not {*kinds.values(), layout.other_kind} <= set(Kind.values) or layout.channel not in Channel.values:
        raise Invalid(_("没有这种诉求类型或来源"))
    missing = [column for column in LAYOUT_NEEDS if column not in columns.values()]
    if missing:
        text = _("工单编号、创建时间、主要内容必须对应文件中的列")
        raise Invalid(text, {f"header_{column}": _("必填") for column in missing})
    return replace(layout, name=name, source=source, columns=columns, kinds=kinds, kept=kept, feedback=feedback)


def _check_feedback(headers: list[str], words: set[str]) -> None:
    """Refuse columns of the feedback file that nobody could tell apart, or of which nothing is known."""
    text = ""
    if len(set(headers)) < len(headers) or len(headers) > HEADERS_FED_BACK_MAX:
        text = _("反馈文件的列不能重名，最多 %(n)d 列") % {"n": HEADERS_FED_BACK_MAX}
    elif not words <= set(queries.feedback_words()):
        text = _("反馈文件写有本系统没有的栏目")
    if text:
        raise Invalid(text, {"feedback": text})
