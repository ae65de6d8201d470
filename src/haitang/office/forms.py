"""What people type in the office's pages."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.cases import queries as case_queries
from haitang.cases.lifecycle import DESK_DEEDS, MOVES, Deed
from haitang.cases.values import OPINION_LENGTH_MAX, Channel, Kind
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Invalid
from haitang.core.ui.forms import SuggestInput, draw_options
from haitang.office.queries import (
    feedback_lines,
    list_layouts,
    own_phrases_by_deed,
    read_feedback,
    shipped_format,
)
from haitang.office.values import (
    FILTER_NAME_LENGTH_MAX,
    HEADER_LENGTH_MAX,
    LAYOUT_NAME_LENGTH_MAX,
    LAYOUT_NEEDS,
    PHRASE_LENGTH_MAX,
    HotlineFormat,
    Layout,
)
from haitang.organizations.queries import organizations
from haitang.people.queries import list_colleagues
from haitang.people.values import Permission as PeoplePermission

OWN = "own:"
NOT_ASKED = ("number", "source", "area", "organization")
"""Columns of our own exports that say nothing of a hotline's ticket: its areas and desks go into those of the codes."""
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
    """A file of cases, and how it is to be read: as ours, as the shipped hotline's, or as one of the office's own."""

    kind = forms.ChoiceField(label=gettext_lazy("文件格式"), widget=forms.RadioSelect, initial=Layout.CASES.value)
    file = forms.FileField(label=gettext_lazy("文件"), help_text=gettext_lazy("Excel 或 CSV，不超过 20 MB"))
    source = forms.CharField(
        label=gettext_lazy("来源系统"), max_length=100, required=False,
        help_text=gettext_lazy("同一来源系统内按外部编号（工单编号）去重；可不填"),
    )  # fmt: skip

    def __init__(self, data: Any = None, sent_files: Any = None) -> None:
        super().__init__(data, sent_files)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a choice field
            (Layout.CASES.value, _("本系统的案件表（与导出的列相同）")),
            (Layout.HOTLINE.value, _("12345 热线导出的工单")),
            *((f"{OWN}{each.code}", _("热线格式：%(name)s") % {"name": each.name}) for each in list_layouts()),
        ]

    def given(self) -> dict[str, str]:
        """Return how the file is to be read, as `actions.upload_cases` takes it."""
        kind = self.cleaned_data["kind"]
        own = kind.removeprefix(OWN) if kind.startswith(OWN) else ""
        return {"kind": Layout.HOTLINE.value if own else kind, "layout": own, "source": self.cleaned_data["source"]}


class LayoutForm(forms.Form):
    """How the files of a hotline are read: which of its columns is which of ours, and what its words mean."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=LAYOUT_NAME_LENGTH_MAX)
    source = forms.CharField(
        label=gettext_lazy("来源系统"), max_length=LAYOUT_NAME_LENGTH_MAX,
        help_text=gettext_lazy("同一来源系统内按工单编号去重，存后不宜再改"),
    )  # fmt: skip
    channel = forms.ChoiceField(label=gettext_lazy("诉求来源"), choices=Channel.choices)
    kept = forms.CharField(
        label=gettext_lazy("另外保留的列"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个文件中的列名，原样显示在案件页面；不要写含姓名、电话的列"),
    )  # fmt: skip
    feedback = forms.CharField(
        label=gettext_lazy("反馈文件的列"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "每行一列，按文件中的顺序；可写“列名 = 本系统的栏目”，例如“处置意见 = 办理结果”。"
            "只写列名的：保留的列原样写回，对照过的写现在的内容，其余留空。"
            "不填则用随系统提供的列。试读文件后，空着的会按该文件的列填好"
        ),
    )  # fmt: skip
    other_kind = forms.ChoiceField(label=gettext_lazy("其他类型名称当作"), choices=Kind.choices)
    is_active = forms.BooleanField(label=gettext_lazy("可用于新文件"), required=False)
    note = forms.CharField(label=gettext_lazy("修改说明"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label=gettext_lazy("试读文件"), required=False,
        help_text=gettext_lazy("选一份热线导出的文件试读，看前几行读成什么；文件不保存"),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, sent_files: Any = None, *, layout: HotlineFormat, version: int = 0,
        is_active: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(data, sent_files, initial={
            "name": layout.name, "source": layout.source, "channel": layout.channel, "kept": "\n".join(layout.kept),
            "other_kind": layout.other_kind, "is_active": is_active, "version": version,
            "feedback": feedback_lines(layout),
        })  # fmt: skip
        headers = {column: header for header, column in layout.columns.items()}
        for column in case_queries.import_columns():
            if column.name in NOT_ASKED and column.name not in headers:
                continue
            needed = column.name in LAYOUT_NEEDS
            self.fields[f"header_{column.name}"] = forms.CharField(
                label=_(column.title), required=needed, max_length=HEADER_LENGTH_MAX,
                initial=headers.get(column.name, ""),
            )  # fmt: skip
        for kind in Kind:
            words = "、".join(word for word, meant in layout.kinds.items() if meant == kind)
            self.fields[f"kind_{kind.value}"] = forms.CharField(
                label=str(kind.label), required=False, max_length=1000, initial=words
            )

    def main(self) -> list[Any]:
        """Return the fields about the layout itself."""
        return [self[name] for name in ("name", "source", "channel", "is_active")]

    def headers(self) -> list[Any]:
        """Return a field for each of our columns: what the hotline calls it."""
        return [self[name] for name in self.fields if name.startswith("header_")]

    def words(self) -> list[Any]:
        """Return a field for each kind of matter: what the hotline calls it; and which kind any other word is."""
        return [*(self[name] for name in self.fields if name.startswith("kind_")), self["other_kind"]]

    def given(self) -> HotlineFormat:
        """Return the layout that was typed; two of our columns may not have the same header."""
        given = self.cleaned_data
        columns: dict[str, str] = {}
        for name in self.fields:
            header = str(given.get(name) or "").strip() if name.startswith("header_") else ""
            if header and header in columns:
                text = _("文件中的“%(header)s”对应了两项") % {"header": header}
                raise Invalid(text, {name: text})
            if header:
                columns[header] = name.removeprefix("header_")
        kinds = {
            word.strip(): kind.value
            for kind in Kind
            for word in given[f"kind_{kind.value}"].replace("，", "、").replace(",", "、").split("、")
            if word.strip()
        }
        return HotlineFormat(
            given["name"], given["source"], columns, kinds, given["other_kind"], given["channel"],
            tuple(given["kept"].splitlines()), read_feedback(given["feedback"]),
        )  # fmt: skip

    def offer_feedback(self, header: Sequence[str]) -> None:
        """Write a file's header into the empty field of the columns that go back, to be looked at and kept."""
        if not self.cleaned_data["feedback"]:
            self.data = {**{name: self.data[name] for name in self.data}, "feedback": "\n".join(header)}


class FeedbackForm(forms.Form):
    """Tickets of which days, both included, and in which hotline's columns they go back."""

    layout = forms.ChoiceField(label=gettext_lazy("热线格式"), required=False)
    from_date = forms.DateField(label=gettext_lazy("创建日期从"))
    to_date = forms.DateField(label=gettext_lazy("到"))
    source = forms.CharField(
        label=gettext_lazy("来源系统"), max_length=100, required=False,
        help_text=gettext_lazy("导入时另填过来源系统的，这里填同样的；可不填"),
    )  # fmt: skip

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["layout"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", shipped_format().name), *((each.code, each.name) for each in list_layouts(active_only=False)),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        given = super().clean() or {}
        first, last = given.get("from_date"), given.get("to_date")
        if first and last and (last < first or last == date.max):
            self.add_error("to_date", _("截止日期早于起始日期"))
        return given
