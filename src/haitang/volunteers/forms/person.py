"""What people fill in about themselves, and staff for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core import clock
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind
from haitang.territory.queries import territory
from haitang.volunteers.forms.fields import (
    BRANCHES,
    REACHES,
    HomeField,
    ItemsField,
    OrganizationField,
    ReachField,
    TimesField,
    name_of,
)
from haitang.volunteers.values import NAME_LENGTH_MAX, ItemKind, MemberClass, Relation, VolunteerProfile

_AUTOFILL = {"autocomplete": "name"}
_PHONE = {"autocomplete": "tel", "inputmode": "tel"}


class ProfileForm(forms.Form):
    """What is kept of somebody."""

    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=NAME_LENGTH_MAX, widget=forms.TextInput(attrs=_AUTOFILL)
    )
    phone = forms.CharField(
        label=gettext_lazy("电话"), max_length=30, widget=forms.TextInput(attrs=_PHONE),
        help_text=gettext_lazy("加密保存，平时只显示一部分"),
    )  # fmt: skip
    area = HomeField(label=gettext_lazy("居住的社区和网格"))
    skills = ItemsField(ItemKind.SKILL, label=gettext_lazy("能帮什么忙"))
    languages = ItemsField(ItemKind.LANGUAGE, label=gettext_lazy("会什么语言"))
    times = TimesField(label=gettext_lazy("什么时候方便"), help_text=gettext_lazy("不选表示随时可以"))
    reach_m = ReachField(label=gettext_lazy("愿意去多远"))
    wants_calls = forms.BooleanField(
        label=gettext_lazy("遇到紧急情况可以召唤我"), required=False,
        help_text=gettext_lazy("例如防汛、停水送水；来不来由您当时决定"),
    )  # fmt: skip
    unit = OrganizationField(label=gettext_lazy("工作单位"), required=False)

    def profile(self) -> VolunteerProfile:
        """Return what was filled in, as the actions take it."""
        given = self.cleaned_data
        return VolunteerProfile(
            name=given["name"], phone=given["phone"], area_id=given["area"], unit_id=given.get("unit"),
            skills=tuple(given["skills"]), languages=tuple(given["languages"]),
            forces=tuple(given.get("forces", ())), times=tuple(given["times"]), reach_m=given["reach_m"],
            wants_calls=given["wants_calls"],
        )  # fmt: skip

    @staticmethod
    def initial_of(volunteer: Any) -> dict[str, Any]:
        """Return what the form shows of somebody."""
        return {
            "name": volunteer.name, "phone": volunteer.phone, "area": territory().area(volunteer.area_id).code,
            "skills": volunteer.skills, "languages": volunteer.languages, "forces": volunteer.forces,
            "times": volunteer.times, "wants_calls": volunteer.wants_calls, "unit": name_of(volunteer.unit_id),
            "reach_m": min(REACHES, key=lambda reach: (reach < volunteer.reach_m, reach)),
        }  # fmt: skip


class OwnForm(ProfileForm):
    """A person's own entry."""


_CLASSES = [("", gettext_lazy("不填")), *MemberClass.choices]
STEPS = (
    ("name", "phone", "area"),
    ("skills", "languages", "times", "reach_m", "wants_calls"),
    ("unit", "member_class", "home_branch", "consented"),
)
"""The fields of each step, 1 to 3."""


class RegisterForm(ProfileForm):
    """Registering in three steps: what was told in the others travels along, and nothing is kept before the last.

    step: 1 to 3, the one that was sent; errors of later ones are not shown yet.
    """

    member_class = forms.ChoiceField(
        label=gettext_lazy("党员报到（可不填）"), choices=_CLASSES, required=False,
        help_text=gettext_lazy("只用于社区党组织与您联系"),
    )  # fmt: skip
    home_branch = OrganizationField(label=gettext_lazy("组织关系所在支部"), required=False, kinds=BRANCHES)
    consented = forms.BooleanField(label=gettext_lazy("我已阅读并同意"))

    def __init__(self, data: Any = None, *, step: int = 1, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.step = step

    def shown(self, step: int) -> list[Any]:
        """Return the fields of a step."""
        return [self[name] for name in STEPS[step - 1]]

    def carried(self, step: int) -> list[Any]:
        """Return the fields of the other steps, to travel along hidden; consent is given where it is read."""
        return [
            self[name]
            for number, names in enumerate(STEPS, 1)
            if number != step
            for name in names
            if name != "consented"
        ]

    def passes(self) -> bool:
        """Tell whether all up to this step is as it should be; what comes later is not complained of yet."""
        self.full_clean()
        for number, names in enumerate(STEPS, 1):
            if number > self.step:
                for name in names:
                    self.errors.pop(name, None)
        return not self.errors

    def first_wrong(self) -> int:
        """Return the step to show: the first with an error, else the one that was sent."""
        wrong = [number for number, names in enumerate(STEPS, 1) if any(name in self.errors for name in names)]
        return min([*wrong, self.step])

    def clean(self) -> dict[str, Any]:
        """Ask for a branch where a class is given and the community has none of its own."""
        given = super().clean() or {}
        if self.step == len(STEPS) and given.get("member_class") and given.get("area"):
            relation = self._relation(given)
            if relation.home_branch_id is None and relation.community_branch_id is None:
                self.add_error("home_branch", _("请填写组织关系所在支部"))
        return given

    @staticmethod
    def _relation(given: dict[str, Any]) -> Relation:
        today, area = clock.local_date(clock.now()), territory().area(given["area"])
        branch = organizations().serving(area.ids, Kind.PARTY_BRANCH, today)
        return Relation(given["member_class"], "", given.get("home_branch"), branch.id if branch else None)

    def relation(self) -> Relation | None:
        """Return how the person is tied to the branches: the community's by where they live."""
        return self._relation(self.cleaned_data) if self.cleaned_data.get("member_class") else None


class StaffForm(ProfileForm):
    """An entry as staff write it."""

    forces = ItemsField(ItemKind.FORCE, label=gettext_lazy("先锋力量"))
    consented = forms.BooleanField(label=gettext_lazy("已向本人说明用途和保存的内容，本人同意登记"))

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["consented"]


class FindForm(forms.Form):
    """The way back to one's entry."""

    number = forms.CharField(label=gettext_lazy("登记编号"), max_length=20, help_text=gettext_lazy("以 V 开头"))
    code = forms.CharField(label=gettext_lazy("查询码"), max_length=20)


class VerifyForm(forms.Form):
    """The code printed on a certificate."""

    code = forms.CharField(label=gettext_lazy("验证码"), max_length=40)


class CertificateForm(forms.Form):
    """For which days a certificate is wanted."""

    from_date = forms.DateField(label=gettext_lazy("开始日期"))
    to_date = forms.DateField(label=gettext_lazy("结束日期"))
