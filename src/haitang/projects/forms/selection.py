"""Forms of selections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.projects.forms.fields import AreaField, small
from haitang.projects.queries import rules
from haitang.projects.values import TITLE_LENGTH_MAX, WORDS_LENGTH_MAX, Criterion, Permission


class SelectionForm(forms.Form):
    """A selection to be opened."""

    title = forms.CharField(label=gettext_lazy("评选名称"), max_length=TITLE_LENGTH_MAX)
    area = AreaField(label=gettext_lazy("范围"))
    places = forms.IntegerField(label=gettext_lazy("名额"), min_value=1)
    until_on = forms.DateField(label=gettext_lazy("推荐截止"))
    criteria = forms.CharField(
        label=gettext_lazy("评选标准"), widget=small(6),
        help_text=gettext_lazy("每行一条：代码 | 名称 | 权重 | 说明，权重合计 100"),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(viewer, Permission.SELECT)  # type: ignore[attr-defined]  # an AreaField
        self.fields["criteria"].initial = "\n".join(rules()["criteria"])

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the action takes it."""
        given = self.cleaned_data
        return {
            "title": given["title"], "area_id": given["area"], "places": given["places"],
            "until_on": given["until_on"],
            "criteria": [line for line in given["criteria"].splitlines() if line.strip()],
        }  # fmt: skip


class NominateForm(forms.Form):
    """A project put forward."""

    project = forms.TypedChoiceField(label=gettext_lazy("项目"), coerce=int)
    words = forms.CharField(label=gettext_lazy("推荐理由"), max_length=WORDS_LENGTH_MAX, widget=small())

    def __init__(self, *args: Any, candidates: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [  # type: ignore[attr-defined]  # a choice field
            (row.pk, f"{row.number} {row.title}") for row in candidates
        ]


class ReviewersForm(forms.Form):
    """Who marks the projects."""

    reviewers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("评委"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, possible: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].choices = possible  # type: ignore[attr-defined]  # a choice field


class MarksForm(forms.Form):
    """A reviewer's marks for one project."""

    def __init__(self, *args: Any, criteria: list[Criterion], held: Any = None, key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{key}_%s", **kwargs})
        for each in criteria:
            self.fields[f"mark_{each.key}"] = forms.IntegerField(
                label=f"{each.title}（{each.weight}%）", help_text=each.words, min_value=0, max_value=100,
                initial=held.marks.get(each.key) if held else None,
            )  # fmt: skip
        self.fields["words"] = forms.CharField(
            label=gettext_lazy("评语（可不填）"), max_length=WORDS_LENGTH_MAX, required=False,
            initial=held.words if held else "",
        )  # fmt: skip

    def marks(self) -> dict[str, int]:
        """Return the marks by criterion."""
        return {
            name.removeprefix("mark_"): mark for name, mark in self.cleaned_data.items() if name.startswith("mark_")
        }
