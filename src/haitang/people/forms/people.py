"""Persons, accounts, roles and grants."""

from dataclasses import fields
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core import clock
from haitang.core.facts import known_facts
from haitang.organizations.queries import organizations
from haitang.people.queries import pages, password_rule
from haitang.people.values import EVERYWHERE_NAME, permission_groups
from haitang.territory.queries import territory

NAME_MAX, REASON_MAX, ADDRESS_MAX, PASSWORD_MAX = 50, 200, 200, 128
AREA_OPTIONS_DEPTH_MAX = 5
"""Grants and posts are over areas down to the grid; buildings would drown them."""


def _choose(form: forms.Form, name: str) -> forms.ChoiceField:
    """Return the form's field of that name, whose choices are known only now."""
    return cast("forms.ChoiceField", form.fields[name])


class Search(forms.Form):
    """The filter row of a list."""

    q = forms.CharField(label=gettext_lazy("关键字"), required=False, max_length=NAME_MAX)


class AccountSearch(Search):
    """The filter row of the accounts."""

    active = forms.TypedChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        empty_value=None,
        coerce=lambda chosen: chosen == "1",
        choices=[("", gettext_lazy("全部")), ("1", gettext_lazy("启用")), ("0", gettext_lazy("停用"))],
    )


class HistorySearch(forms.Form):
    """The filter row of the history."""

    who = forms.CharField(label=gettext_lazy("操作人"), required=False, max_length=NAME_MAX)
    fact = forms.ChoiceField(label=gettext_lazy("事项"), required=False)
    subject_type = forms.ChoiceField(label=gettext_lazy("对象"), required=False)
    subject_id = forms.IntegerField(label=gettext_lazy("对象编号"), required=False, min_value=0, max_value=2**63 - 1)
    from_date = forms.DateField(
        label=gettext_lazy("从"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    to_date = forms.DateField(
        label=gettext_lazy("到"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subjects: dict[str, Any] = {}
        groups: dict[str, list[tuple[str, Any]]] = {}
        for fact in known_facts():
            first = fields(fact)[0].name
            subject = subjects.setdefault(fact.subject_type, fact.field_labels.get(first, fact.subject_type))
            groups.setdefault(str(subject), []).append((fact.__name__, fact.label or fact.__name__))
        _choose(self, "fact").choices = [("", _("全部")), *groups.items()]
        _choose(self, "subject_type").choices = [("", _("全部")), *subjects.items()]


class GrantSearch(Search):
    """The filter row of the grants."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "role").choices = [("", _("全部")), *_roles()]


class PersonForm(forms.Form):
    """A person. On a change the sealed fields begin empty: what stays empty stays as it is."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_MAX)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=30, required=False)
    address = forms.CharField(label=gettext_lazy("住址"), max_length=ADDRESS_MAX, required=False)


class PersonChangeForm(PersonForm):
    """A change of a person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "address"):
            self.fields[name].help_text = _("留空表示不改动")


class PeriodForm(forms.Form):
    """A half-open period of days; its last day is the day after which it no longer holds."""

    from_date = forms.DateField(label=gettext_lazy("起始日期"), initial=lambda: _today())
    to_date = forms.DateField(
        label=gettext_lazy("终止日期"), required=False, help_text=gettext_lazy("自该日起不再有效，留空表示长期")
    )


class AppointForm(PeriodForm):
    """A person takes up a post of an organization."""

    post_id = forms.TypedChoiceField(label=gettext_lazy("岗位"), coerce=int)
    is_main = forms.BooleanField(label=gettext_lazy("作为主要岗位"), required=False)
    field_order = ("post_id", "from_date", "to_date", "is_main")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "post_id").choices = [("", _("请选择")), *_posts()]


class DismissForm(forms.Form):
    """A person leaves a post."""

    to_date = forms.DateField(
        label=gettext_lazy("离任日期"), initial=lambda: _today(), help_text=gettext_lazy("自该日起不再担任")
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=REASON_MAX)


class ReasonForm(forms.Form):
    """A deed that needs a reason and nothing else."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=REASON_MAX)


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(label=gettext_lazy("账号"), max_length=NAME_MAX, help_text=gettext_lazy("工号或手机号"))
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_MAX)
    password = forms.CharField(
        label=gettext_lazy("初始密码"),
        max_length=PASSWORD_MAX,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy("首次登录须修改；留空表示只供系统对接使用、不能登录页面"),
    )


class PasswordResetForm(forms.Form):
    """A password set by an administrator."""

    password = forms.CharField(
        label=gettext_lazy("新密码"),
        max_length=PASSWORD_MAX,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = f"{password_rule()}；{_('本人下次登录时须修改')}"


class PasswordChangeForm(forms.Form):
    """A password chosen by its owner."""

    present = forms.CharField(
        label=gettext_lazy("当前密码"),
        max_length=PASSWORD_MAX,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=gettext_lazy("新密码"),
        max_length=PASSWORD_MAX,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输入一次新密码"),
        max_length=PASSWORD_MAX,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = password_rule()

    def clean(self) -> dict[str, Any]:
        """Refuse two different new passwords."""
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("两次输入的新密码不一致"))
        return given


class GrantForm(PeriodForm):
    """A role for an account, over an area, an organization, or everywhere."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    area_id = forms.TypedChoiceField(label=gettext_lazy("区域范围"), coerce=int, empty_value=None, required=False)
    organization_id = forms.TypedChoiceField(
        label=gettext_lazy("或单位范围"), coerce=int, empty_value=None, required=False
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=REASON_MAX)
    field_order = ("role", "area_id", "organization_id", "from_date", "to_date", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "role").choices = [("", _("请选择")), *_roles()]
        _choose(self, "area_id").choices = [("", EVERYWHERE_NAME), *_areas()]
        _choose(self, "organization_id").choices = [("", _("不限单位")), *_organizations()]
        self.fields["area_id"].help_text = _("含其下所有区域；区域和单位只能选一种，都不选即全域")


class RoleForm(forms.Form):
    """A role: its name and what it may do."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_MAX)
    description = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    permissions = forms.MultipleChoiceField(
        label=gettext_lazy("权限"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "permissions").choices = [
            (_(group), [(code, _(name)) for code, name in named.items()])
            for group, named in permission_groups().items()
        ]


class NewRoleForm(RoleForm):
    """A role that is new, with its code."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        label=gettext_lazy("代码"),
        max_length=NAME_MAX,
        help_text=gettext_lazy("小写字母、数字和下划线，建立后不变"),
    )
    field_order = ("code", "name", "description", "permissions")


def _today() -> date:
    return clock.local_date(clock.now())


def _roles() -> list[tuple[str, str]]:
    return [(role.code, _(role.name)) for role in pages.list_roles()]


def _areas() -> list[tuple[int, str]]:
    tree = territory()
    return [
        (area.id, "　" * (area.depth - 1) + area.name)
        for area in tree.descendants(None)
        if area.depth <= AREA_OPTIONS_DEPTH_MAX
    ]


def _organizations() -> list[tuple[int, str]]:
    today = _today()
    return [(each.id, each.name) for each in organizations() if each.exists(today)]


def _posts() -> list[tuple[str, list[tuple[int, str]]]]:
    today, registry = _today(), organizations()
    grouped = [(each.name, registry.posts(each.id, on=today)) for each in registry if each.exists(today)]
    return [(name, [(post.id, _post_label(post)) for post in posts]) for name, posts in grouped if posts]


def _post_label(post: Any) -> str:
    area = territory().get(post.area_id)
    return f"{post.title}（{area.name}）" if area else post.title
