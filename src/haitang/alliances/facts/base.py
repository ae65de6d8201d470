"""What facts of joint work have in common."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.alliances.values import Kind, SeatKind, Side
from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]


class OfAlliances(Fact):
    """What facts of joint work have in common: how their fields and the values of these read."""

    field_labels = {
        "link_id": _("结对"), "unit_id": _("单位"), "community_id": _("社区"), "to_date": _("终止日期"),
        "reason": _("理由"), "year": _("年度"), "side": _("哪一方"), "version": _("版本"), "duties": _("责任项数"),
        "contact_id": _("联系记录"), "on": _("日期"), "what": _("内容"), "given": _("合计"), "of": _("满分"),
        "file_id": _("结对文件"), "rows": _("条数"), "line_id": _("共建目录项"), "kind": _("类型"), "code": _("编码"),
        "name": _("名称"), "setting_id": _("共建设置"), "key": _("设置"), "value": _("值"), "area_id": _("区域"),
        "new_area_id": _("新区域"), "moved": _("移动条数"), "committee_id": _("委员会"), "seat_id": _("席位"),
        "post": _("职务"), "home_id": _("所在单位"), "meeting_id": _("会议"), "title": _("标题"), "at": _("时间"),
        "decisions": _("决议数"), "decision_id": _("决议"), "words": _("说明"), "dropped": _("不再办理"),
        "project_id": _("项目"), "case_id": _("案件"), "alliance_id": _("联盟"), "partners": _("成员单位数"),
        "branch_id": _("行动支部"), "members": _("人数"), "member_id": _("成员"), "point_id": _("联系点"),
        "station_id": _("工作站"), "organization_id": _("单位"),
    }  # fmt: skip
    field_words = {"side": dict(Side.choices), "kind": dict((*Kind.choices, *SeatKind.choices))}
