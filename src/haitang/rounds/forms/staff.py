"""What staff type about a proposal, and what residents answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.clock import local_date, now
from haitang.core.money import format_yuan
from haitang.organizations.queries import organizations
from haitang.rounds.forms.proposing import CHOOSE, YuanField
from haitang.rounds.queries import list_clauses
from haitang.rounds.values import WORDS_LENGTH_MAX, Appraisal, ClauseKind, Feasibility


def words_field(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    """Return a field for a few sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=WORDS_LENGTH_MAX, widget=widget, **more)


def _clauses(kind: ClauseKind) -> list[tuple[str, str]]:
    return [(each.code, f"{each.code} {each.text}") for each in list_clauses() if each.kind == kind]


class AdmitForm(forms.Form):
    """The clauses of the positive list that a proposal meets."""

    codes = forms.MultipleChoiceField(label=gettext_lazy("符合的正面清单"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = _clauses(ClauseKind.POSITIVE)  # type: ignore[attr-defined]  # a choice field


class TurnDownForm(forms.Form):
    """Why a proposal is refused."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("符合的负面清单"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = words_field(gettext_lazy("原因（提案人会看到）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = _clauses(ClauseKind.NEGATIVE)  # type: ignore[attr-defined]  # a choice field


class AppraiseForm(forms.Form):
    """The officer's opinion and price."""

    feasibility = forms.ChoiceField(
        label=gettext_lazy("可行性"), choices=Feasibility.choices, widget=forms.RadioSelect
    )  # fmt: skip
    opinion = words_field(gettext_lazy("意见（公开）"), required=False)
    price = YuanField(label=gettext_lazy("核定造价（元）"), required=False)
    organization = forms.ChoiceField(label=gettext_lazy("由哪个单位承办"))
    exclusive = forms.CharField(
        label=gettext_lazy("互斥组"), required=False, max_length=20,
        help_text=gettext_lazy("同一笔资金里互斥组相同的项目只能入选一个，例如：菜场北空地"),
    )  # fmt: skip

    def __init__(self, *args: Any, known: Any, organization_id: int | None = None, **kwargs: Any) -> None:
        """known: the proposal. organization_id: of whoever fills it in, offered first."""
        price = known.asked_fen
        kwargs.setdefault("initial", {
            "feasibility": known.feasibility, "opinion": known.opinion, "price": format_yuan(price),
            "organization": str(known.organization_id or organization_id or ""), "exclusive": known.exclusive,
        })  # fmt: skip
        super().__init__(*args, **kwargs)
        today = local_date(now())
        offices = sorted((each for each in organizations() if each.exists(today)), key=lambda each: each.name)
        self.fields["organization"].choices = [  # type: ignore[attr-defined]  # a choice field
            CHOOSE, *((str(each.id), each.name) for each in offices)
        ]  # fmt: skip

    def appraisal(self) -> Appraisal:
        """Return what was typed, as the action takes it."""
        given = self.cleaned_data
        return Appraisal(
            given["feasibility"], given["price"], int(given["organization"]), given["opinion"], given["exclusive"]
        )


class ReasonForm(forms.Form):
    """A reason."""

    reason = words_field(gettext_lazy("原因"))


class RemarkForm(forms.Form):
    """What a resident says to a published proposal."""

    words = words_field(
        gettext_lazy("您的意见"), help_text=gettext_lazy("公示期内提出，社区会答复。意见会公开，不写姓名")
    )


class AnswerForm(forms.Form):
    """What the office answers."""

    answer = words_field(gettext_lazy("答复（公开）"))


class MergeForm(forms.Form):
    """Which similar proposals become part of this one."""

    others = forms.MultipleChoiceField(label=gettext_lazy("并入本提案的"), widget=forms.CheckboxSelectMultiple)
    reason = words_field(gettext_lazy("为什么合并（提案人会看到）"), rows=2)

    def __init__(self, *args: Any, similar: Iterable[tuple[Any, float]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].choices = [  # type: ignore[attr-defined]  # a choice field
            (str(each.pk), f"{each.number} {each.title}") for each, _alike in similar
        ]


class ConsentForm(forms.Form):
    """What an author says to a merger. how: only where staff note it."""

    agreed = forms.ChoiceField(
        label=gettext_lazy("是否同意合并"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
    )  # fmt: skip
    how = forms.CharField(
        label=gettext_lazy("提案人怎么答复的"), max_length=200, help_text=gettext_lazy("例如：7 月 3 日电话确认")
    )

    def __init__(self, *args: Any, by_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_staff:
            del self.fields["how"]

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the action takes it."""
        return {"agreed": self.cleaned_data["agreed"] == "yes", "how": self.cleaned_data.get("how", "")}
