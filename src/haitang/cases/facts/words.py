"""How facts of cases read: what their fields are called, and the words that stand in them."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.cases.lifecycle import Deed, Status
from haitang.cases.values import Channel, Kind, Level, Stage
from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]


class OfCases(Fact):
    """What facts of cases have in common: how their fields and the values of these read."""

    field_labels = {
        "case_id": _("案件"), "area_id": _("区域"), "category_id": _("类别"), "rule_id": _("分派规则"),
        "phrase_id": _("常用语"), "catalog_id": _("类别目录"),
        "opinion": _("处理意见"), "from_status": _("原状态"), "to_status": _("现状态"), "spent_s": _("用时"),
        "in_time": _("是否按时"), "status": _("状态"), "channel": pgettext_lazy("case", "来源"),
        "routing_reason": _("分派理由"), "routing_problems": _("未能执行的规则"), "result": _("核实结果"),
        "organization_id": _("承办单位"), "organization_name": _("承办单位名称"), "solved": _("是否解决"),
        "score": _("评价分值"), "category_before": _("原类别"), "category_after": _("现类别"),
        "area_before": _("原区域"), "area_after": _("现区域"), "source": _("依据"), "external_id": _("原系统编号"),
        "reported_at": _("上报时间"), "closed_at": _("结案时间"), "target_at": _("要求完成时间"),
        "narrowed": _("筛选条件"), "unmasked": _("含完整联系方式"), "reason": _("理由"), "attachment_id": _("照片"),
        "purpose": _("用途"), "stage": _("环节"), "due_at": _("应完成时间"), "new_area_id": _("新区域"),
        "cases": _("案件数"), "changes": _("更改内容"), "file": _("文件"), "made": _("新增"), "renamed": _("更名"),
        "refused": _("未采用"), "categories": _("类别"), "rules": _("分派规则"), "phrases": _("常用语"),
        "deed": _("环节"), "amended": _("更正的内容"),
        "text": _("内容"), "removed": _("删除"), "key": _("设置"), "value": _("值"),
        # what a change, or the narrowing of an export, may name
        "name": _("名称"), "name_en": _("英文名称"), "keywords": _("关键词"), "limits": _("时限"),
        "is_urgent": _("紧急"), "is_active": _("启用"), "position": _("次序"), "kinds": _("诉求类型"),
        "channels": pgettext_lazy("case", "来源"), "organization_code": _("承办单位"), "serving": _("属地单位"),
        "hierarchy": _("上级体系"), "post_kind": _("岗位"), "from_minute": _("时段起"), "to_minute": _("时段止"),
        "percent": _("已用百分比"), "level": _("解决层级"), "condition": _("条件"), "version": _("版本"),
        "questions": _("补充问题"), "opening": _("立案条件"), "closing": _("结案条件"), "basis": _("法律依据"),
        "collection": _("采集要求"), "responsible": _("责任主体"), "supervising": _("监管主体"),
        "moved": _("移动"), "category": _("类别"), "kind": _("诉求类型"), "overdue": _("是否超期"),
        "from": _("上报日期从"), "to": _("到"), "q": _("关键词或编号"),
    }  # fmt: skip
    field_words = {
        "status": dict(Status.choices), "from_status": dict(Status.choices), "to_status": dict(Status.choices),
        "channel": dict(Channel.choices), "channels": dict(Channel.choices), "kind": dict(Kind.choices),
        "kinds": dict(Kind.choices), "stage": dict(Stage.choices), "limits": dict(Stage.choices),
        "deed": dict(Deed.choices),
        "amended": {"description": _("问题描述"), "place": _("地点")}, "level": dict(Level.choices),
        "result": {"exists": _("属实"), "absent": _("不属实"), "unable": _("无法核实")},
        "purpose": {"before": _("处置前照片"), "after": _("处置后照片"), "place": _("现场照片")},
        "moved": {"up": _("上移"), "down": _("下移")},
    }  # fmt: skip
