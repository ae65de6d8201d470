"""The forms of indicators: which table, a formula, what the office enters, leaving a case out."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.ui.forms import PhotosField
from haitang.indicators import queries
from haitang.indicators.values import EVIDENCE_LENGTH_MAX, Definition, Formulas, Period, Unit, month_label, month_of
from haitang.indicators.values.definitions import DECIMALS_MAX, NAME_LENGTH_MAX, SOURCE_LENGTH_MAX
from haitang.indicators.values.formulas import LENGTH_MAX
from haitang.indicators.values.periods import START_DAY_MAX
from haitang.organizations.values import Kind

MONTHS_OFFERED = 24
DAYS_MAX = 366
CODE_LENGTH_MAX = 40


class TableFilter(forms.Form):
    """Which indicators: of what set and area, over a month of assessment, or over days of one's own."""

    set = forms.CharField(required=False, max_length=CODE_LENGTH_MAX, widget=forms.HiddenInput)
    area = forms.CharField(required=False, max_length=CODE_LENGTH_MAX, widget=forms.HiddenInput)
    month = forms.ChoiceField(label=gettext_lazy("考核月"), required=False)
    from_ = forms.DateField(label=gettext_lazy("或开始日期"), required=False)
    to = forms.DateField(label=gettext_lazy("结束日期"), required=False)

    def __init__(self, data: Any, *, today: date, set_code: str) -> None:
        super().__init__(data)
        self.set_code, self.today = set_code, today
        start_day = queries.versions_of(set_code)[-1].formulas.month_start_day
        self.usual = month = month_of(today, start_day)
        choices = []
        for _n in range(MONTHS_OFFERED):
            period = queries.period_for(set_code, month)
            choices.append((month.isoformat()[:7], _("%(month)s（%(first)s 至 %(last)s）") % {
                "month": month_label(month), "first": f"{period.first:%m-%d}", "last": f"{period.last:%m-%d}",
            }))  # fmt: skip
            month = (month - timedelta(days=1)).replace(day=1)
        self.fields["month"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.fields["from"] = self.fields.pop("from_")
        self.order_fields(["month", "from", "to"])

    def clean(self) -> dict[str, Any]:
        """Refuse what is no period."""
        given = super().clean() or {}
        first, last = given.get("from"), given.get("to")
        if self.errors:
            return given
        if (first is None) != (last is None):
            self.add_error("to" if last is None else "from", _("开始日期和结束日期应同时填写"))
        elif first is not None and last is not None:
            if last < first:
                self.add_error("to", _("结束日期不能早于开始日期"))
            elif last - first >= timedelta(days=DAYS_MAX):
                self.add_error("from", _("统计期间最长一年"))
            else:
                given["period"] = Period(first, last)
        return given

    @property
    def period(self) -> Period:
        """The days asked for; the running month of assessment where nothing was said."""
        found = getattr(self, "cleaned_data", {}) if self.is_valid() else {}
        if "period" in found:
            return found["period"]
        month = found.get("month")
        return queries.period_for(self.set_code, date.fromisoformat(f"{month}-01") if month else self.usual)

    def asked(self) -> dict[str, str]:
        """Return the parameters that ask for these days again."""
        found = self.cleaned_data if self.is_valid() else {}
        if "period" in found:
            return {"from": found["period"].first.isoformat(), "to": found["period"].last.isoformat()}
        return {"month": found.get("month") or self.usual.isoformat()[:7]}


class DeskFilter(TableFilter):
    """Which indicators of organizations: as for areas, of whose cases, and of what sort of organization."""

    area = forms.ChoiceField(  # type: ignore[assignment]  # hidden there, a choice here
        label=gettext_lazy("案件所在区域"), required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("单位类型"), required=False)

    def __init__(self, data: Any, *, today: date, set_code: str, areas: list[tuple[str, str]]) -> None:
        super().__init__(data, today=today, set_code=set_code)
        everything = "", gettext_lazy("全部")
        self.fields["kind"].choices = [everything, *Kind.choices]  # type: ignore[attr-defined]  # a choice field
        self.fields["area"].choices = areas  # type: ignore[attr-defined]  # a choice field
        if not areas:
            del self.fields["area"]
        self.order_fields(["area", "kind", "month", "from", "to"])

    def asked(self) -> dict[str, str]:
        """Return the parameters that ask for the same again, but for the area."""
        kind = self.cleaned_data.get("kind") if self.is_valid() else ""
        return {**super().asked(), **({"kind": kind} if kind else {})}


class IndicatorForm(forms.Form):
    """One indicator of a set, and from when on its formula holds."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    numerator = forms.CharField(
        label=gettext_lazy("分子（或得分公式）"), max_length=LENGTH_MAX, widget=forms.Textarea,
        help_text=gettext_lazy("写计数项、前面的指标和数字，可用 + − × ÷ 括号、min、max，如：满意数 + 0.9×基本满意数"),
    )  # fmt: skip
    denominator = forms.CharField(
        label=gettext_lazy("分母"), max_length=LENGTH_MAX, required=False,
        help_text=gettext_lazy("分母为零时写“—”。综合得分没有分母，留空"),
    )  # fmt: skip
    unit = forms.ChoiceField(
        label=gettext_lazy("单位"),
        choices=[(Unit.PERCENT.value, gettext_lazy("百分比")), (Unit.POINTS.value, gettext_lazy("数值、得分"))],
    )
    decimals = forms.IntegerField(label=gettext_lazy("小数位数"), min_value=0, max_value=DECIMALS_MAX)
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=SOURCE_LENGTH_MAX, required=False, widget=forms.Textarea
    )
    month_start_day = forms.IntegerField(
        label=gettext_lazy("考核月从几日开始（整套指标）"), min_value=1, max_value=START_DAY_MAX,
        help_text=gettext_lazy("1 为自然月；19 为上月 19 日至本月 18 日"),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=gettext_lazy("从哪天起的考核期生效"), help_text=gettext_lazy("此前开始的考核期仍用原公式")
    )
    note = forms.CharField(label=gettext_lazy("修改说明"), max_length=300, required=False)

    @staticmethod
    def initial_of(each: Definition | None, formulas: Formulas, valid_from: date) -> dict[str, Any]:
        """Return what stands in the form for an indicator of a set, None for a new one."""
        names = formulas.names(queries.quantities())
        initial: dict[str, Any] = {"month_start_day": formulas.month_start_day, "valid_from": valid_from, "decimals": 2}
        if each is not None:
            initial |= {
                "name": each.name, "numerator": each.numerator.shown(names.__getitem__),
                "denominator": each.denominator.shown(names.__getitem__) if each.denominator else "",
                "unit": each.unit.value, "decimals": each.decimals, "source": each.source,
            }  # fmt: skip
        return initial

    def row(self, code: str) -> dict[str, Any]:
        """Return the indicator as a set's document has it."""
        parts = ("name", "numerator", "denominator", "unit", "decimals", "source")
        return {"code": code, **{part: self.cleaned_data[part] for part in parts}}


class GivenForm(forms.Form):
    """One number about an area."""

    area = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.CharField(max_length=CODE_LENGTH_MAX, widget=forms.HiddenInput)
    value = forms.DecimalField(
        label=gettext_lazy("数值"), required=False, max_digits=18, decimal_places=6, min_value=Decimal("0.000001")
    )
    source = forms.CharField(label=gettext_lazy("出处"), required=False, max_length=SOURCE_LENGTH_MAX)


class ExclusionForm(forms.Form):
    """Why a case should be left out, and of what."""

    sets = forms.MultipleChoiceField(label=gettext_lazy("从哪些指标中剔除"), widget=forms.CheckboxSelectMultiple)
    reason = forms.ChoiceField(label=gettext_lazy("理由类别"))
    evidence = forms.CharField(
        label=gettext_lazy("理由和证据"), max_length=EVIDENCE_LENGTH_MAX, widget=forms.Textarea,
        help_text=gettext_lazy("写明事实和依据"),
    )  # fmt: skip
    photos = PhotosField(label=gettext_lazy("证据照片（可不传）"), required=False)

    def __init__(self, data: Any, files: Any = None) -> None:
        super().__init__(data, files)
        choices = [(each.code, each.name) for each in queries.sets()]
        self.fields["sets"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.fields["reason"].choices = list(queries.exclusion_reasons().items())  # type: ignore[attr-defined]  # and another


class ReviewForm(forms.Form):
    """What was decided, and why."""

    opinion = forms.CharField(label=gettext_lazy("审核意见"), max_length=EVIDENCE_LENGTH_MAX, widget=forms.Textarea)
