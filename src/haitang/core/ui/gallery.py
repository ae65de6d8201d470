"""What the gallery at /ui/ shows: every component in all its states, with invented content."""

from datetime import datetime, timedelta
from pathlib import Path

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core import clock
from haitang.core.paging import Page
from haitang.core.ui.forms import PhotosField

CHANNELS = [("patrol", gettext_lazy("巡查")), ("phone", gettext_lazy("电话")), ("web", gettext_lazy("网页随手拍"))]
GROUPED = [
    (gettext_lazy("部件"), [("light", gettext_lazy("路灯")), ("cover", gettext_lazy("井盖"))]),
    (gettext_lazy("事件"), [("litter", gettext_lazy("暴露垃圾"))]),
]


class Example(forms.Form):
    """A form with every kind of control."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=60, help_text=gettext_lazy("一句话说明问题"))
    description = forms.CharField(label=gettext_lazy("情况说明"), max_length=500, widget=forms.Textarea)
    category = forms.ChoiceField(label=gettext_lazy("类别"), choices=GROUPED)
    channel = forms.ChoiceField(label=gettext_lazy("来源"), choices=CHANNELS, widget=forms.RadioSelect)
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("涉及"), choices=CHANNELS, widget=forms.CheckboxSelectMultiple, required=False
    )
    on = forms.DateField(label=gettext_lazy("发生日期"))
    at = forms.DateTimeField(label=gettext_lazy("约定时间"), required=False)
    limit = forms.IntegerField(label=gettext_lazy("时限（工作小时）"), min_value=1)
    photos = PhotosField(label=gettext_lazy("现场照片"), required=False, help_text=gettext_lazy("手机上可直接拍照"))
    agree = forms.BooleanField(label=gettext_lazy("我已核对内容"))
    fixed = forms.CharField(label=gettext_lazy("不可修改"), disabled=True, initial="GD-2026-000123")


class Filter(forms.Form):
    """A filter row."""

    q = forms.CharField(label=gettext_lazy("关键词"), required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("来源"), choices=[("", gettext_lazy("全部")), *CHANNELS], required=False
    )
    since = forms.DateField(label=gettext_lazy("起始日期"), required=False)


def context(request: HttpRequest) -> dict:
    """Return the gallery's content."""
    now = clock.now()
    wrong = Example(
        {"title": "长" * 61, "category": "light", "on": "不是日期"},
        MultiValueDict({"photos": [SimpleUploadedFile("a.txt", b"x")]}),
        auto_id="wrong_%s",
    )
    wrong.is_valid()
    return {
        "form": Example(auto_id="right_%s", initial={"title": _("路灯不亮"), "at": now, "channel": "patrol"}),
        "wrong": wrong,
        "filter": Filter({"q": _("路灯"), "channel": "phone"}, auto_id="filter_%s"),
        "pages": [
            Page([], 1_234, next="n"),
            Page([], 1_000, total_is_more=True, previous="p", next="n"),
            Page([], previous="p"),
            Page([], 0),
        ],
        "tabs": [
            {"label": _("待办"), "url": "?tab=1", "current": True, "count": 12},
            {"label": _("已办"), "url": "?tab=2", "current": False, "count": 23_456},
            {"label": _("我发起"), "url": "?tab=3", "current": False, "count": None},
        ],
        "tags": [
            ("red", _("超期 2天3小时")), ("orange", _("即将超期")), ("green", _("已结案")),
            ("blue", _("处置中")), ("grey", _("已作废")),
        ],
        "phrases": [_("情况属实，已处理"), _("不属于本单位职责，申请退回"), _("请核实具体位置")],
        "rows": [
            ("GD-2026-000123", _("海棠路与梧桐街交叉口路灯不亮，夜间行人看不清路面"), "orange", _("剩余 5小时"), 3),
            ("GD-2026-000122", _("小区东门垃圾未清运"), "red", _("超期 2天3小时"), 12),
            ("GD-2026-000121", _("咨询老年食堂办卡流程"), "green", _("已结案"), 0),
        ],
        "steps": [
            _step(_("上报"), "grey", "张**", _("居民"), now - timedelta(days=3), text=_("路口的灯坏了三天。")),
            _step(_("派遣"), "blue", "周敏", _("红花街道"), now - timedelta(days=1), 7_500, text=_("请路灯所处理。")),
            _step(_("处置"), "orange", "李工", _("市路灯管理所"), now, 94_000, tag=_("即将超期")),
            _step(_("结案"), "green", "周敏", _("红花街道"), now, 40),
        ],
        "instants": [now - timedelta(days=days) for days in (0, 1, -1, 40, 400)],
        "lengths": [30, 59 * 60, 3_600, 90_000, 86_400 * 12],
        "numbers": [0, 9_999, 12_345, 12_345_678, 1_234_567_890],
        "icons": sorted(_icon_names()),
    }  # fmt: skip


def _step(
    title: str, colour: str, who: str, organization: str, at: datetime, took_s: int | None = None, **more: str
) -> dict:
    return {
        "title": title, "colour": colour, "who": who, "organization": organization, "at": at, "took_s": took_s, **more,
    }  # fmt: skip


def _icon_names() -> list[str]:
    return [line for line in (Path(__file__).parent / "icons.txt").read_text().split("\n") if line and line[0] != "#"]


def shapes() -> dict:
    """Return invented boundaries and cases as GeoJSON (WGS84), for the map of the gallery."""
    features = []
    for number in range(6):
        west, south = 117.10 + 0.01 * (number % 3), 34.20 + 0.008 * (number // 3)
        ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.008], [west, south + 0.008], [west, south]]
        properties = {"name": _("第%d网格") % (number + 1), "label": True}
        features.append(
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": properties}
        )
        for colour, tag in (("red", _("超期")), ("blue", _("处置中")))[: number % 3]:
            at = [west + (0.003 if colour == "red" else 0.007), south + 0.004]
            properties = {
                "title": "GD-2026-00012" + str(number),
                "tag": tag,
                "colour": colour,
                "url": "#",
                "text": _("路灯不亮"),
            }
            features.append(
                {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": properties}
            )
    return {"type": "FeatureCollection", "features": features}
