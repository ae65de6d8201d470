"""What the official account says."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from haitang.cases.lifecycle import Status
from haitang.cases.queries import catalog
from haitang.core.clock import LOCAL
from haitang.wechat.values import TEXT_BYTES_MAX


def help_text() -> str:
    """Return what can be done here."""
    return _(
        "直接发文字说明情况即可上报，也可以先发照片或位置。发“进度”看您的上报，发“编号 查询码”查一件，"
        "发“取消”放弃，发“删除”清除您的信息。紧急情况请拨打 110、119、120。"
    )


def ask_where() -> str:
    """Return the question for the place."""
    return _("已记下。请发送位置（点＋号，选“位置”），或者写明社区和地点。可以继续发照片，发“取消”放弃。")


def ask_words() -> str:
    """Return the question for what has happened."""
    return _("已收到。请用文字说明发生了什么。")


def ask_ready(area: str, place: str, pictures: int) -> str:
    """Return what is about to be reported, to be confirmed."""
    where = " ".join(filter(None, (area, place)))
    told = {"where": where, "n": pictures}
    return (
        _("地点：%(where)s；照片 %(n)d 张。发“提交”上报；可以继续补充文字、照片，或发手机号以便联系；发“取消”放弃。")
        % told
    )


def reported(case: Any) -> str:
    """Return number and query code of what was just reported."""
    told = {"number": case.number, "code": case.query_code}
    return _("已上报，编号 %(number)s，查询码 %(code)s。有进展会在这里告知您，也可以发“进度”查看。") % told


def progress_of(followed: Any) -> str:
    """Return how a case stands, with the office's last answer, as short as WeChat shows it."""
    known = catalog().by_id.get(followed.category.id) if followed.category else None
    lines = [
        _("编号 %(number)s：%(status)s") % {"number": followed.number, "status": Status(followed.status).label},
        " ".join(filter(None, (known.name if known else "", followed.organization))),
    ]
    for step in reversed(followed.steps):
        if step.text:
            when = step.at.astimezone(LOCAL).strftime("%m-%d %H:%M")
            lines.append(_("%(when)s 答复：%(text)s") % {"when": when, "text": step.text})
            break
    return shown(lines)


def shown(lines: Sequence[str]) -> str:
    """Return the lines as one text that WeChat shows whole."""
    told = "\n".join(filter(None, lines)).encode()
    return told[:TEXT_BYTES_MAX].decode(errors="ignore")
