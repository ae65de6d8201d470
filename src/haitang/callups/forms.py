"""The forms of call-ups."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.callups.queries import callup_rules
from haitang.callups.values import (
    COMES,
    PLACE_LENGTH_MAX,
    PLACES_MAX,
    PURPOSE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Answer,
    NewCallUp,
    Permission,
    Urgency,
    Whom,
)
from haitang.core.access import Actor
from haitang.core.clock import LOCAL
from haitang.core.ui import settings
from haitang.territory.queries import territory
from haitang.volunteers.queries import rules as register
from haitang.volunteers.values import ItemKind, MemberClass

_MINUTE = "%Y-%m-%dT%H:%M"


def _instant(label: Any, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=forms.DateTimeInput(format=_MINUTE), **more)


def _area_choices(viewer: Actor) -> list[tuple[str, Any]]:
    """Return the areas over which the viewer may call, each with all below it, indented by depth."""
    tree, reach = territory(), tuple(viewer.areas(Permission.CALL))
    areas = [area for area in tree.descendants(None) if reach and area.path.startswith(reach)]
    top = min((area.depth for area in areas), default=0)
    return [(area.code, "　" * (area.depth - top) + area.name) for area in areas]


class CallUpForm(forms.Form):
    """What for, where, when, how many, and whom to call."""

    purpose = forms.CharField(
        label=gettext_lazy("为什么事召唤"), max_length=PURPOSE_LENGTH_MAX,
        help_text=gettext_lazy("例如：台风防汛值守、寻找走失老人"),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=gettext_lazy("紧急程度"), choices=Urgency.choices, initial=Urgency.URGENT, widget=forms.RadioSelect
    )
    place = forms.CharField(label=gettext_lazy("集合地点"), max_length=PLACE_LENGTH_MAX)
    begins_at = _instant(gettext_lazy("开始时间"))
    ends_at = _instant(gettext_lazy("预计结束时间"))
    answer_by = _instant(gettext_lazy("答复截止"), help_text=gettext_lazy("过了截止时间仍可到现场报到"))
    places = forms.IntegerField(
        label=gettext_lazy("需要多少人（不限请留空）"), min_value=1, max_value=PLACES_MAX, required=False,
        help_text=gettext_lazy("满员以后的答复进入候补，有人退出时依次转正"),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("具体任务（可不填）"), max_length=WORDS_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    area = forms.ChoiceField(label=gettext_lazy("召唤住在哪里的人"))
    classes = forms.MultipleChoiceField(
        label=gettext_lazy("党员类别（不选为全部志愿者）"), choices=MemberClass.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("需要的技能（不选为不限，选几项即须都会）"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    only_free = forms.BooleanField(label=gettext_lazy("只召唤登记了这个时间方便的人"), required=False)

    def __init__(self, *args: Any, viewer: Actor, now: datetime, **kwargs: Any) -> None:
        held, whole = callup_rules(), now.replace(second=0, microsecond=0)
        begins = whole + timedelta(minutes=held["answer_minutes"])
        kwargs["initial"] = {
            "begins_at": begins, "answer_by": begins, "ends_at": begins + timedelta(minutes=held["last_minutes"]),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        choices = _area_choices(viewer)
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field
        skills = [(item.code, item.name) for item in register().of(ItemKind.SKILL)]
        self.fields["skills"].choices = skills  # type: ignore[attr-defined]  # a choice field

    def new(self) -> NewCallUp:
        """Return what was typed, as actions take it."""
        given = {**self.cleaned_data}
        whom = Whom(given.pop("area"), tuple(given.pop("skills")), tuple(given.pop("classes")), given.pop("only_free"))
        return NewCallUp(**given, whom=whom)


class ChangeForm(forms.Form):
    """How many are needed, and until when they may answer."""

    places = forms.IntegerField(
        label=gettext_lazy("需要多少人（不限请留空）"), min_value=1, max_value=PLACES_MAX, required=False
    )
    answer_by = _instant(gettext_lazy("答复截止"))


class CloseForm(forms.Form):
    """When it was over, and how it went."""

    ended_at = _instant(gettext_lazy("实际结束时间"))
    summary = forms.CharField(
        label=gettext_lazy("小结"), max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("已报到的人从报到（或开始）到结束计入服务时长"),
    )  # fmt: skip


class CancelForm(forms.Form):
    """Why nobody is needed any more."""

    reason = forms.CharField(
        label=gettext_lazy("为什么取消"), max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("被召唤的人都会收到"),
    )  # fmt: skip


class OtherForm(forms.Form):
    """An answer in one's own words."""

    answer = forms.ChoiceField(
        label=gettext_lazy("我的答复"), widget=forms.RadioSelect, choices=[*((each, each.label) for each in COMES),
                                                                         (Answer.CANNOT, Answer.CANNOT.label)],
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("说明"), max_length=REASON_LENGTH_MAX, required=False)


LABELS = {
    "answer_minutes": gettext_lazy("答复截止默认为多少分钟以后"), "last_minutes": gettext_lazy("预计时长默认多少分钟"),
    "report_before_minutes": gettext_lazy("开始前多少分钟起可以报到"),
    "called_max": gettext_lazy("一次最多召唤多少人"), "last_hours_max": gettext_lazy("一次召唤最长多少小时"),
    "ahead_days": gettext_lazy("最早提前多少天召唤"),
    "close_after_hours": gettext_lazy("预计结束后多少小时不再提示"),
    "reasons_cannot": gettext_lazy("来不了的原因（每行一个）"), "reasons_late": gettext_lazy("晚到的说明（每行一个）"),
}  # fmt: skip


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    number_max = None


def local(instant: datetime) -> datetime:
    """Return an instant as the clock on the wall shows it, to the minute, for a field's first value."""
    return instant.astimezone(LOCAL).replace(second=0, microsecond=0)
