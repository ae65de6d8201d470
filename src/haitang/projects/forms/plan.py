"""Forms of plans, of who takes part, of packages, and the filters of lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.projects.forms.fields import AreaField, OfficeField, YuanField, area_choices, find_office, small
from haitang.projects.lifecycle import Status
from haitang.projects.queries import ProjectFilter, rules
from haitang.projects.values import (
    LINE_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    NewPlan,
    Origin,
    PackageKind,
    Partner,
    Permission,
    Person,
    ProjectPlan,
    Step,
)
from haitang.territory.queries import territory

STEPS_ASKED = 3


def _kinds(first: str, held: str = "") -> list[tuple[str, str]]:
    known = rules()["kinds"]
    return [("", first), *((each, each) for each in known), *([(held, held)] if held and held not in known else [])]


class PlanForm(forms.Form):
    """What is to be done, for whom, when, with what money."""

    title = forms.CharField(label=gettext_lazy("项目名称"), max_length=TITLE_LENGTH_MAX)
    aim = forms.CharField(
        label=gettext_lazy("目标和内容"), max_length=WORDS_LENGTH_MAX, widget=small(4), required=False,
        help_text=gettext_lazy("要解决什么问题，做到什么程度"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    served = forms.CharField(
        label=gettext_lazy("服务对象"), max_length=LINE_LENGTH_MAX, required=False,
        help_text=gettext_lazy("例如：社区老年居民"),
    )  # fmt: skip
    people_expected = forms.IntegerField(label=gettext_lazy("预计服务人数"), min_value=1, required=False)
    from_on = forms.DateField(label=gettext_lazy("计划开始"), required=False)
    until_on = forms.DateField(label=gettext_lazy("计划完成"), required=False)
    planned_fen = YuanField(label=gettext_lazy("计划资金（元）"), required=False)
    money_ref = forms.CharField(
        label=gettext_lazy("资金来源"), max_length=LINE_LENGTH_MAX, required=False,
        help_text=gettext_lazy("经费名称、批文号或台账网址"),
    )  # fmt: skip

    def __init__(self, *args: Any, held: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _kinds(_("不分类"), held)  # type: ignore[attr-defined]  # a choice field

    def plan(self) -> NewPlan:
        """Return what was typed, as actions take it."""
        return NewPlan(**{name: self.cleaned_data[name] for name in PlanForm.base_fields})


class NewProjectForm(PlanForm):
    """A project that a secretary takes on. key: names this one form, so that sending it twice begins one project."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    area = AreaField(label=gettext_lazy("所在区域"))
    organization = OfficeField(label=gettext_lazy("牵头单位"), help_text=gettext_lazy("输入名称后从提示中选择"))
    responsible = forms.CharField(label=gettext_lazy("责任人"), max_length=50)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(viewer, Permission.LEAD)  # type: ignore[attr-defined]  # an AreaField
        for number in range(1, STEPS_ASKED + 1):
            self.fields[f"step_{number}"] = forms.CharField(
                label=_("节点 %(n)d") % {"n": number}, max_length=TITLE_LENGTH_MAX, required=False
            )
            self.fields[f"step_{number}_on"] = forms.DateField(
                label=_("节点 %(n)d 计划日期") % {"n": number}, required=False
            )
        self.order_fields(["key", "title", "area", "organization", "responsible"])

    def clean(self) -> dict[str, Any]:
        """See that each milestone has its day."""
        given = super().clean() or {}
        for number in range(1, STEPS_ASKED + 1):
            if bool(given.get(f"step_{number}")) != bool(given.get(f"step_{number}_on")):
                self.add_error(f"step_{number}", _("节点和计划日期要一起填"))
        return given

    def start(self, viewer: Actor) -> ProjectPlan:
        """Return the whole plan; whoever answers for it is told if it is the one who entered it."""
        given = self.cleaned_data
        own = given["responsible"] == viewer.name
        steps = [(given.get(f"step_{n}"), given.get(f"step_{n}_on")) for n in range(1, STEPS_ASKED + 1)]
        plan = {name: given[name] for name in PlanForm.base_fields}
        return ProjectPlan(
            origin=Origin.SECRETARY, origin_id=given["key"], area_id=given["area"], **plan,
            organization_id=given["organization"],
            responsible=(
                Person(given["responsible"], viewer.id if own else None, given["organization"], _("总负责")),
            ),
            milestones=tuple(Step(title, day) for title, day in steps if title and day),
        )  # fmt: skip


class PartiesForm(forms.Form):
    """Which units take part and who answers for what, one a line. accounts: (id, name) of those who can be told."""

    partners = forms.CharField(
        label=gettext_lazy("参与单位"), widget=small(6), required=False,
        help_text=gettext_lazy("每行一个：单位名称 | 承担内容"),
    )  # fmt: skip
    responsible = forms.CharField(
        label=gettext_lazy("责任人"), widget=small(6), required=False,
        help_text=gettext_lazy("每行一人：姓名 | 分工 | 单位名称（后两项可不填）；本项目负责人有账号的会收到提醒。"),
    )  # fmt: skip

    def __init__(self, *args: Any, accounts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._accounts: dict[str, int | None] = {}
        for account_id, name in accounts:
            self._accounts[name] = None if name in self._accounts else account_id

    def clean_partners(self) -> tuple[Partner, ...]:
        """Return the units, each found by its name."""
        return tuple(Partner(find_office(parts[0]), parts[1]) for parts in _lines(self.cleaned_data["partners"], 2))

    def clean_responsible(self) -> tuple[Person, ...]:
        """Return the people."""
        return tuple(
            Person(name, self._accounts.get(name), find_office(office) if office else None, task)
            for name, task, office in _lines(self.cleaned_data["responsible"], 3)
        )


def _lines(text: str, width: int) -> list[list[str]]:
    """Return the parts of each line that holds anything, filled up to the width."""
    found = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        if not any(parts):
            continue
        if len(parts) > width:
            raise ValidationError(_("“%(line)s”多了一段") % {"line": line.strip()})
        found.append(parts + [""] * (width - len(parts)))
    return found


class ProjectFilterForm(forms.Form):
    """Which projects are shown."""

    text = forms.CharField(label=gettext_lazy("名称或编号"), max_length=TITLE_LENGTH_MAX, required=False)
    area = AreaField(label=gettext_lazy("区域"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False,
        choices=[("", gettext_lazy("全部")), ("open", gettext_lazy("未验收")), *Status.choices],
    )  # fmt: skip
    origin = forms.ChoiceField(
        label=gettext_lazy("来源"), required=False, choices=[("", gettext_lazy("全部")), *Origin.choices]
    )
    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    organization = OfficeField(label=gettext_lazy("单位"), required=False)
    late = forms.BooleanField(label=gettext_lazy("有逾期"), required=False)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(viewer, Permission.VIEW, first=_("全部"))  # type: ignore[attr-defined]  # an AreaField
        self.fields["kind"].choices = _kinds(_("全部"))  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> ProjectFilter:
        """Return what is asked for; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().get(given.get("area"))
        return ProjectFilter(
            given.get("status", ""), given.get("origin", ""), given.get("kind", ""), area.path if area else "",
            given.get("late", False), given.get("organization"), given.get("text", ""),
        )  # fmt: skip


class PublicFilterForm(forms.Form):
    """Which published projects are shown."""

    area = AreaField(label=gettext_lazy("区域"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices((), first=_("全部"))  # type: ignore[attr-defined]  # a choice field
        self.fields["kind"].choices = _kinds(_("全部"))  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> tuple[str, str]:
        """Return the area's path and the kind; what cannot be read narrows nothing."""
        self.is_valid()
        area = territory().get(self.cleaned_data.get("area"))
        return area.path if area else "", self.cleaned_data.get("kind", "")


class PackageForm(forms.Form):
    """A package to be made."""

    title = forms.CharField(label=gettext_lazy("项目包名称"), max_length=TITLE_LENGTH_MAX)
    kind = forms.ChoiceField(label=gettext_lazy("方式"), choices=PackageKind.choices, widget=forms.RadioSelect)
    area = AreaField(label=gettext_lazy("所在区域"))
    organization = OfficeField(label=gettext_lazy("牵头单位"), help_text=gettext_lazy("输入名称后从提示中选择"))
    partners = forms.CharField(
        label=gettext_lazy("联合发包单位"), widget=small(), required=False,
        help_text=gettext_lazy("每行一个单位名称，没有则不填"),
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("说明"), max_length=WORDS_LENGTH_MAX, widget=small(), required=False)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(viewer, Permission.LEAD)  # type: ignore[attr-defined]  # an AreaField

    def clean_partners(self) -> tuple[int, ...]:
        """Return the units, each found by its name."""
        return tuple(find_office(parts[0]) for parts in _lines(self.cleaned_data["partners"], 1))

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the action takes it."""
        given = self.cleaned_data
        return {
            "title": given["title"], "kind": given["kind"], "area_id": given["area"], "words": given["words"],
            "organization_ids": (given["organization"], *given["partners"]),
        }  # fmt: skip


class UploadForm(forms.Form):
    """A sheet of projects."""

    file = forms.FileField(label=gettext_lazy("表格文件（xlsx、csv）"))


class PackForm(forms.Form):
    """Projects to be put into a package."""

    projects = forms.TypedMultipleChoiceField(
        label=gettext_lazy("项目"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, candidates: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].choices = [  # type: ignore[attr-defined]  # a choice field
            (row.pk, f"{row.number} {row.title}") for row in candidates
        ]
