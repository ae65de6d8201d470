"""What people type in the office's pages."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.cases import queries as case_queries
from haitang.cases.lifecycle import DESK_DEEDS, MOVES, Deed
from haitang.cases.values import OPINION_LENGTH_MAX
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.ui.forms import SuggestInput, draw_options
from haitang.office.queries import own_phrases_by_deed
from haitang.office.values import FILTER_NAME_LENGTH_MAX, PHRASE_LENGTH_MAX, Layout
from haitang.organizations.queries import organizations
from haitang.people.queries import list_colleagues
from haitang.people.values import Permission as PeoplePermission

PHRASE_DEEDS = [deed for deed in MOVES if deed is not Deed.RATE]
assert set(PHRASE_DEEDS) >= DESK_DEEDS


class OrganizationField(forms.CharField):
    """An organization by code or name; cleaned to its code, "" where empty."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=100, widget=SuggestInput(_organizations), **more)

    def clean(self, value: Any) -> str:
        """Return the code of the organization of that code or name."""
        typed = super().clean(value)
        if not typed:
            return ""
        registry = organizations()
        found = registry.by_code(typed) or next((each for each in registry if typed in (each.name, each.label)), None)
        if found is None:
            raise forms.ValidationError(_("没有这个单位，请从提示中选择"))
        return found.code


def _organizations() -> Any:
    today = clock.local_date(clock.now())
    return draw_options((each.name, each.code) for each in organizations() if each.exists(today))


class BatchForm(forms.Form):
    """One opinion for many cases, and of a dispatch the desk."""

    opinion = forms.CharField(
        label=gettext_lazy("处理意见"), max_length=OPINION_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("同一意见写入每个案件的流转记录"),
    )  # fmt: skip

    def __init__(self, deed: Deed, data: Any = None, *, viewer: Actor) -> None:
        super().__init__(data)
        self.deed, self._viewer = deed, viewer
        if deed is Deed.DISPATCH:
            self.fields["organization_code"] = OrganizationField(
                label=_("派往单位"), required=False, help_text=_("不填则按分派规则，各派往建议的单位")
            )
            self.order_fields(["organization_code", "opinion"])

    @property
    def phrases(self) -> list[str]:
        """The ready-made opinions, one's own first."""
        own, shared = own_phrases_by_deed(self._viewer), case_queries.catalog().phrases
        return list(dict.fromkeys([*own.get(self.deed.value, ()), *shared.get(self.deed.value, ())]))


class OwnPhraseForm(forms.Form):
    """An opinion to keep ready."""

    deed = forms.ChoiceField(label=gettext_lazy("环节"), choices=[(deed.value, deed.label) for deed in PHRASE_DEEDS])
    text = forms.CharField(
        label=gettext_lazy("内容"), max_length=PHRASE_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )


class SaveFilterForm(forms.Form):
    """The name under which a list is kept, and the list."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=FILTER_NAME_LENGTH_MAX)
    query = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)


class ColleagueField(forms.CharField):
    """An account by sign-in name or by a name that only one bears, of those offered; cleaned to its id."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=100, widget=SuggestInput(self._suggest), **more)
        self.offered: list[Any] = []

    def _suggest(self) -> Any:
        return draw_options((f"{each.name}（{each.username}）", "") for each in self.offered)

    def clean(self, value: Any) -> int:
        """Return the id of the account meant."""
        typed = (super().clean(value) or "").strip()
        found = [each for each in self.offered if typed in (each.username, f"{each.name}（{each.username}）")]
        found = found or [each for each in self.offered if typed == each.name]
        if len(found) != 1:
            raise forms.ValidationError(_("请从提示中选择本单位人员"))
        return int(found[0].pk)


def _colleagues(viewer: Actor, *, others: bool) -> list[Any]:
    """Return whom the viewer may name: the own office, or for who arranges it everywhere, everybody."""
    everybody = others and EVERYWHERE in viewer.areas(PeoplePermission.DELEGATION_MANAGE)
    if viewer.organization_id is None and not everybody:
        return []
    return list_colleagues(None if everybody else viewer.organization_id, clock.now())


class HandOverForm(forms.Form):
    """Who takes over what somebody has in hand, and why."""

    account_id = ColleagueField(label=gettext_lazy("移交人"))
    to_account_id = ColleagueField(label=gettext_lazy("接收人"), help_text=gettext_lazy("输入姓名或账号，从提示中选择"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200, help_text=gettext_lazy("例如：调离、退休"))

    def __init__(self, data: Any = None, *, viewer: Actor, others: bool) -> None:
        super().__init__(data)
        self._offered = _colleagues(viewer, others=others)
        for name in ("account_id", "to_account_id"):
            self.fields[name].offered = self._offered  # type: ignore[attr-defined]  # a colleague field
        if not others:
            del self.fields["account_id"]

    def chosen(self, username: str) -> int | None:
        """Return the id of the colleague with that sign-in name, and fill it in; None where there is none."""
        for each in self._offered:
            if each.username == username:
                self.initial["account_id"] = username
                return int(each.pk)
        return None

    def name_of(self, account_id: int) -> str:
        """Return a colleague's name."""
        return next((each.name for each in self._offered if each.pk == account_id), "")


class DeputyForm(forms.Form):
    """Who stands in, for whom, and how long; both days included."""

    account_id = ColleagueField(label=gettext_lazy("委托人"))
    deputy_id = ColleagueField(label=gettext_lazy("代办人"), help_text=gettext_lazy("输入姓名或账号，从提示中选择"))
    from_date = forms.DateField(label=gettext_lazy("开始日期"))
    last_date = forms.DateField(label=gettext_lazy("结束日期（含当天）"))
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, help_text=gettext_lazy("例如：年休假、外出培训")
    )

    def __init__(self, data: Any = None, *, viewer: Actor, others: bool) -> None:
        super().__init__(data, initial={"from_date": clock.local_date(clock.now())})
        self._viewer = viewer
        for name in ("account_id", "deputy_id"):
            self.fields[name].offered = _colleagues(viewer, others=others)  # type: ignore[attr-defined]  # a colleague field
        if not others:
            del self.fields["account_id"]

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `people.actions.give_delegation` takes it."""
        given = dict(self.cleaned_data)
        last = given.pop("last_date")
        given["to_date"] = last + timedelta(days=1) if last < date.max else last
        return {"account_id": self._viewer.id, **given}


class UploadForm(forms.Form):
    """A file of cases, and how it is to be read."""

    kind = forms.ChoiceField(
        label=gettext_lazy("文件格式"), widget=forms.RadioSelect, initial=Layout.CASES.value,
        choices=[
            (Layout.CASES.value, gettext_lazy("本系统的案件表（与导出的列相同）")),
            (Layout.HOTLINE.value, gettext_lazy("12345 热线导出的工单")),
        ],
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("文件"), help_text=gettext_lazy("Excel 或 CSV，不超过 20 MB"))
    source = forms.CharField(
        label=gettext_lazy("来源系统"), max_length=100, required=False,
        help_text=gettext_lazy("同一来源系统内按外部编号（工单编号）去重；可不填"),
    )  # fmt: skip


class FeedbackForm(forms.Form):
    """Tickets of which days; both included."""

    from_date = forms.DateField(label=gettext_lazy("创建日期从"))
    to_date = forms.DateField(label=gettext_lazy("到"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        given = super().clean() or {}
        first, last = given.get("from_date"), given.get("to_date")
        if first and last and (last < first or last == date.max):
            self.add_error("to_date", _("截止日期早于起始日期"))
        return given
