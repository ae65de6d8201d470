"""What people type about the rules of whistles."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from haitang.organizations.values import PostKind
from haitang.whistles.actions import PHRASED
from haitang.whistles.lifecycle import Deed
from haitang.whistles.values import (
    REMINDER_DAYS_MAX,
    STREET_STAGES,
    WORDS_LENGTH_MAX,
    KindRule,
    Over,
    Permission,
    Reminding,
    Rules,
    Rung,
    Stage,
)

LADDER_ROWS = 5


class KindForm(forms.Form):
    """A kind of whistle, with its clocks."""

    code = forms.CharField(
        label=gettext_lazy("编码"), max_length=20, help_text=gettext_lazy("字母、数字、下划线；存后不改")
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=20)
    use = forms.CharField(label=gettext_lazy("适用情形"), max_length=WORDS_LENGTH_MAX)
    approver_posts = forms.MultipleChoiceField(
        label=gettext_lazy("审批岗位"), required=False, choices=PostKind.choices, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("须由街道办事处的这些岗位之一审批；都不选则凡有吹哨审批权限的均可"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=pgettext_lazy("whistle", "启用"), required=False, initial=True)
    source = forms.CharField(label=gettext_lazy("依据"), max_length=WORDS_LENGTH_MAX, required=False)

    def __init__(self, data: Any = None, *, kind: KindRule | None = None) -> None:
        initial: dict[str, Any] = {}
        if kind is not None:
            initial = {
                "code": kind.code, "name": kind.name, "use": kind.use, "approver_posts": list(kind.approver_posts),
                "is_active": kind.is_active, "source": kind.source,
            } | {f"limit_{stage}": str(limit) for stage, limit in kind.limits.items()}  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["code"].disabled = kind is not None
        for stage in Stage:
            owed = stage in STREET_STAGES
            self.fields[f"limit_{stage.value}"] = forms.CharField(
                label=_("%(stage)s时限") % {"stage": stage.label}, max_length=20, widget=forms.TextInput,
                required=not owed, help_text=_("街道自己的时限，留空不计时") if owed else "",
            )  # fmt: skip
        limits = [f"limit_{stage.value}" for stage in Stage]
        self.order_fields(["code", "name", "use", *limits, "approver_posts", "is_active", "source"])

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.change_whistle_kind` takes it."""
        given = dict(self.cleaned_data)
        limits = {stage.value: given.pop(f"limit_{stage.value}") for stage in Stage}
        return {"limits": {stage: limit for stage, limit in limits.items() if limit}, **given}


class LadderForm(forms.Form):
    """A ladder: up to five steps; one without a name is left out. street: that for decisions that the street owes."""

    def __init__(self, data: Any = None, *, ladder: tuple[Rung, ...], street: bool = False) -> None:
        super().__init__(data)
        whom = [*(_street_whom() if street else _department_whom()), *_area_whom()]
        for row in range(LADDER_ROWS):
            rung = ladder[row] if row < len(ladder) else None
            self.fields[f"name_{row}"] = forms.CharField(
                label=_("第 %(n)d 级") % {"n": row + 1},
                required=row == 0,
                max_length=20,
                initial=rung.name if rung else "",
            )
            self.fields[f"after_{row}"] = forms.CharField(
                label=_("超时多久后"),
                required=False,
                max_length=20,
                initial=str(rung.after) if rung and rung.after else "",
            )
            self.fields[f"whom_{row}"] = forms.ChoiceField(
                label=_("提醒谁"), choices=whom, initial=_whom(rung) if rung else whom[0][0]
            )  # fmt: skip
            self.fields[f"source_{row}"] = forms.CharField(
                label=_("依据"), required=False, max_length=WORDS_LENGTH_MAX, initial=rung.source if rung else ""
            )

    def rows(self) -> list[list[Any]]:
        """Return the fields of each step, to be drawn in lines."""
        names = ("name", "after", "whom", "source")
        return [[self[f"{name}_{row}"] for name in names] for row in range(LADDER_ROWS)]

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.change_whistle_ladder` takes it."""
        rungs = []
        for row in range(LADDER_ROWS):
            given = {name: self.cleaned_data[f"{name}_{row}"] for name in ("name", "after", "whom", "source")}
            if not given["name"]:
                continue
            over, _bar, who = given.pop("whom").partition("|")
            by_post = who != "" and who not in set(Permission)
            held = Permission.RESPOND.value if over == Over.DEPARTMENT else ""
            rungs.append({
                **given, "over": over, "posts": who.split(",") if by_post else [],
                "permission": held if by_post else who,
            })  # fmt: skip
        return {"rungs": rungs}


def _department_whom() -> list[tuple[str, Any]]:
    posts = (PostKind.LEADER, PostKind.DEPUTY, PostKind.DIRECTOR, PostKind.SECRETARY)
    return [
        (f"{Over.DEPARTMENT}|{Permission.RESPOND}", _("被召集单位的应哨人员")),
        *((f"{Over.DEPARTMENT}|{post.value}", _("被召集单位的%(post)s") % {"post": post.label}) for post in posts),
        (f"{Over.DEPARTMENT}|leader,deputy", _("被召集单位的分管领导、副职")),
    ]


def _street_whom() -> list[tuple[str, Any]]:
    posts = (PostKind.SECRETARY, PostKind.DIRECTOR, PostKind.DEPUTY, PostKind.LEADER)
    return [
        (f"{Over.AREA}|", _("应作出审批、裁定的人员")),
        *((f"{Over.STREET}|{post.value}", _("街道的%(post)s") % {"post": post.label}) for post in posts),
        (f"{Over.STREET}|secretary,director", _("街道主要领导（书记、主任）")),
    ]


def _area_whom() -> list[tuple[str, Any]]:
    return [
        (f"{Over.AREA}|{Permission.EVALUATE}", _("发起街道的吹哨负责人员")),
        (f"{Over.AREA}|{Permission.APPROVE}", _("发起街道的吹哨审批人")),
        (f"{Over.AREA}|{Permission.WAIVE}", _("督查人员")),
    ]


def _whom(rung: Rung) -> str:
    return f"{rung.over}|{','.join(rung.posts) or rung.permission}"


class RemindersForm(forms.Form):
    """When whoever has a task of a joint meeting is reminded."""

    before_days = forms.IntegerField(
        label=gettext_lazy("到期前几个工作日提醒"), min_value=0, max_value=REMINDER_DAYS_MAX
    )
    after_days = forms.IntegerField(
        label=gettext_lazy("逾期后几个工作日催办"), min_value=0, max_value=REMINDER_DAYS_MAX
    )
    source = forms.CharField(label=gettext_lazy("依据"), max_length=WORDS_LENGTH_MAX, required=False)

    def __init__(self, data: Any = None, *, reminding: Reminding) -> None:
        super().__init__(data, initial=asdict(reminding))

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.change_meeting_reminders` takes it."""
        return self.cleaned_data


class PhrasesForm(forms.Form):
    """The ready-made opinions for every deed, one a line."""

    def __init__(self, data: Any = None, *, rules: Rules) -> None:
        super().__init__(data)
        labels = {
            "draft": _("吹哨事由"), "approve": _("批准吹哨"), "decline": _("不批准吹哨"), "add": _("增加协同单位"),
        }  # fmt: skip
        labels |= {deed.value: str(deed.label) for deed in Deed}
        for name in PHRASED:
            self.fields[name] = forms.CharField(
                label=labels[name], required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000,
                initial="\n".join(rules.phrases.get(name, ())),
            )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """Return what was changed, as `actions.change_whistle_phrases` takes it."""
        found = {}
        for name in self.changed_data:
            found[name] = [line.strip() for line in self.cleaned_data[name].splitlines() if line.strip()]
        return {"phrases": found}
