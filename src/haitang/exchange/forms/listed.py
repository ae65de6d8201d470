"""Forms of needs and resources."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.money import parse_yuan
from haitang.core.ui.forms import SuggestInput
from haitang.exchange.forms.fields import (
    COMMUNITIES,
    GRIDS,
    WIDE,
    area_choices,
    category_choices,
    own_units,
    reach_of,
    round_choices,
    small,
    unit_named,
    unit_names,
)
from haitang.exchange.lifecycle import Stage, Status
from haitang.exchange.queries import NEEDS, ORDERS, RESOURCES, AgreementFilter, ListFilter, rules
from haitang.exchange.values import (
    CAPACITY_MAX,
    NAME_LENGTH_MAX,
    PEOPLE_MAX,
    PLACE_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Channel,
    Hours,
    NewNeed,
    NewResource,
    Permission,
    Repeats,
)
from haitang.territory.queries import territory


class _EntryForm(forms.Form):
    """What needs and resources have in common."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=TITLE_LENGTH_MAX)
    category = forms.ChoiceField(label=gettext_lazy("类别"))
    area = forms.ChoiceField(label=gettext_lazy("所在区域"))
    words = forms.CharField(label=gettext_lazy("具体内容"), max_length=WORDS_LENGTH_MAX, required=False, widget=small())
    hours = forms.MultipleChoiceField(
        label=gettext_lazy("合适的时段（不选为不限）"), choices=Hours.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("category", category_choices(first=_("请选择")))

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field

    def _shared(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "title": given["title"], "category": given["category"], "area_code": given["area"],
            "words": given["words"], "hours": tuple(given["hours"]), "round_code": given.get("round", ""),
        }  # fmt: skip


class AskForm(_EntryForm):
    """A need as a resident says it."""

    beneficiaries = forms.CharField(
        label=gettext_lazy("为谁（可不填）"), max_length=NAME_LENGTH_MAX, required=False,
        help_text=gettext_lazy("例如：独居老人、放学后的孩子；请不要写姓名"),
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("具体地点（可不填）"), max_length=PLACE_LENGTH_MAX, required=False)
    people = forms.IntegerField(label=gettext_lazy("大约多少人"), min_value=1, max_value=PEOPLE_MAX, initial=1)
    wished_by = forms.DateField(label=gettext_lazy("希望什么时候之前（可不填）"), required=False)
    contact_name = forms.CharField(label=gettext_lazy("怎么称呼（可不填）"), max_length=NAME_LENGTH_MAX, required=False)
    contact_phone = forms.CharField(
        label=gettext_lazy("联系电话（可不填）"), max_length=NAME_LENGTH_MAX, required=False,
        help_text=gettext_lazy("加密保存，不公开；工作人员查看要写明理由"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("area", area_choices(COMMUNITIES, first=_("请选择您所在的社区")))
        self.fields["title"].label = _("您需要什么")

    def new(self) -> NewNeed:
        """Return what was typed, as actions take it."""
        names = ("beneficiaries", "place", "people", "wished_by", "contact_name", "contact_phone")
        given = self.cleaned_data
        more = {"organization_id": given["organization"]} if given.get("organization") else {}
        return NewNeed(**self._shared(), **{name: given[name] for name in names}, **more)


class NeedForm(AskForm):
    """A need as the community enters it."""

    channel = forms.ChoiceField(
        label=gettext_lazy("来源"),
        choices=[choice for choice in Channel.choices if choice[0] in (Channel.PAGE, Channel.VISIT, Channel.SURVEY)],
    )
    round = forms.ChoiceField(label=gettext_lazy("征集批次"), required=False)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = reach_of(viewer, Permission.ENTER)
        self._choose("area", area_choices(COMMUNITIES | GRIDS, reach, first=_("请选择")))
        self._choose("round", round_choices(first=_("不属于批次"), only_open=True))
        self.fields["title"].label = _("需求标题")


class ResourceForm(_EntryForm):
    """A resource as its unit offers it, or as the community enters it for one."""

    capacity = forms.IntegerField(label=gettext_lazy("一共可提供几次"), min_value=1, max_value=CAPACITY_MAX, initial=1)
    people_max = forms.IntegerField(
        label=gettext_lazy("每次最多多少人（0 为不限）"), min_value=0, max_value=PEOPLE_MAX, initial=0
    )
    repeats = forms.ChoiceField(label=gettext_lazy("频次"), choices=Repeats.choices, initial=Repeats.ON_CALL)
    from_date = forms.DateField(label=gettext_lazy("可约起始日期（可不填）"), required=False)
    until_date = forms.DateField(label=gettext_lazy("可约截止日期（可不填）"), required=False)
    cost = forms.CharField(label=gettext_lazy("社区每次承担的费用（元）"), initial="0", max_length=20)
    round = forms.ChoiceField(label=gettext_lazy("征集批次"), required=False)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_own = bool(units := own_units(viewer))
        label = _("提供单位")
        self.fields["organization"] = (
            forms.ChoiceField(label=label, choices=units)
            if self.is_own
            else forms.CharField(label=label, max_length=100, widget=SuggestInput(unit_names))
        )
        self._choose("area", area_choices(WIDE, first=_("请选择")))
        self._choose("round", round_choices(first=_("不属于批次"), only_open=True))
        self.fields["title"].label = _("资源标题")
        self.fields["area"].label = _("服务哪个区域")
        self.order_fields(["title", "category", "organization", "area"])

    def clean_organization(self) -> int:
        """Return the unit's id."""
        given = self.cleaned_data["organization"]
        return int(given) if self.is_own else unit_named(given)

    def clean_cost(self) -> int:
        """Return the cost in fen."""
        try:
            return parse_yuan(self.cleaned_data["cost"])
        except Invalid as refusal:
            raise forms.ValidationError(refusal.message) from None

    def new(self) -> NewResource:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        names = ("capacity", "people_max", "repeats", "from_date", "until_date")
        return NewResource(
            **self._shared(), **{name: given[name] for name in names}, organization_id=given["organization"],
            cost_fen=given["cost"],
        )  # fmt: skip


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=PLACE_LENGTH_MAX, widget=small(2))


class _WhereFilter(forms.Form):
    """Where, and of which round."""

    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    round = forms.ChoiceField(label=gettext_lazy("征集批次"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices(WIDE, first=_("全部"))  # type: ignore[attr-defined]  # a choice field
        self.fields["round"].choices = round_choices(first=_("全部"))  # type: ignore[attr-defined]  # a choice field

    def _where(self) -> dict[str, Any]:
        """Return area path and round; what cannot be read narrows nothing."""
        self.is_valid()
        area = territory().by_code(self.cleaned_data.get("area", ""))
        found = next((each for each in rules().rounds if each.code == self.cleaned_data.get("round")), None)
        return {"area_path": area.path if area else "", "round_id": found.id if found else None}


class EntryFilterForm(_WhereFilter):
    """Which needs or resources are shown."""

    q = forms.CharField(label=gettext_lazy("标题含"), max_length=NAME_LENGTH_MAX, required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False,
        choices=[("", gettext_lazy("全部")), ("open", gettext_lazy("可下单")),
            ("listed", gettext_lazy("全部已发布")), *Status.choices,
        ],
    )  # fmt: skip
    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    gap = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = category_choices(first=_("全部"))  # type: ignore[attr-defined]  # a choice field
        self.order_fields(["q", "status", "category", "area", "round"])

    def wanted(self, **more: Any) -> ListFilter:
        """Return the filter; what cannot be read narrows nothing."""
        where = self._where()
        given = self.cleaned_data
        category = next((each for each in rules().categories if each.code == given.get("category")), None)
        return ListFilter(
            **{
                **where, "status": given.get("status", ""), "category_id": category.id if category else None,
                "text": given.get("q", "").replace("\x00", ""), "without_agreement": bool(given.get("gap")), **more,
            }
        )  # fmt: skip


class PublicFilterForm(EntryFilterForm):
    """Which needs or resources residents are shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["status"], self.fields["round"], self.fields["gap"]


class AgreementFilterForm(_WhereFilter):
    """Which agreements are shown."""

    stage = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False,
        choices=[
            ("", gettext_lazy("全部")), ("agreed", gettext_lazy("已达成")), ("projects", gettext_lazy("已立项")),
            ("live", gettext_lazy("进行中")), ("failed", gettext_lazy("未成")), *Stage.choices,
        ],
    )  # fmt: skip
    mine = forms.BooleanField(label=gettext_lazy("等我方答复"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["stage", "area", "round", "mine"])

    def wanted(self) -> AgreementFilter:
        """Return the filter; what cannot be read narrows nothing."""
        where, given = self._where(), self.cleaned_data
        return AgreementFilter(stage=given.get("stage", ""), for_me=bool(given.get("mine")), **where)


class WhereForm(_WhereFilter):
    """Of which area and round the figures are."""

    def wanted(self) -> ListFilter:
        """Return the filter; what cannot be read narrows nothing."""
        return ListFilter(**self._where())


class UploadForm(forms.Form):
    """A sheet of needs, resources or orders, as far as the viewer may bring them."""

    kind = forms.ChoiceField(label=gettext_lazy("清单"))
    channel = forms.ChoiceField(
        label=gettext_lazy("来源"),
        choices=[choice for choice in Channel.choices if choice[0] in (Channel.IMPORT, Channel.SURVEY)],
    )
    round = forms.ChoiceField(label=gettext_lazy("征集批次"), required=False)
    file = forms.FileField(label=gettext_lazy("表格文件（xlsx、csv）"))

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].choices = round_choices(first=_("不属于批次"), only_open=True)  # type: ignore[attr-defined]  # a choice field
        kinds = [(NEEDS, _("需求清单"))] if viewer.areas(Permission.ENTER) else []
        if kinds or viewer.holds(Permission.OFFER):
            kinds.append((RESOURCES, _("资源清单")))
        if viewer.areas(Permission.ORDER):
            kinds.append((ORDERS, _("下单清单")))
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a choice field
