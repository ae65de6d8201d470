"""Forms of the desk: councils, members, meetings, resolutions, draws; the lists' filters."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.clock import LOCAL
from haitang.core.ui.forms import SuggestInput, draw_options
from haitang.councils.forms.residents import area_id_of
from haitang.councils.lifecycle import QuestionStatus, ResolutionStatus, TopicStatus
from haitang.councils.queries import LATE, InboxFilter, ResolutionFilter, rules
from haitang.councils.values import (
    AGENDA_MAX,
    LINE_LENGTH_MAX,
    MINUTES_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    AgeBand,
    NewCandidate,
    NewCouncil,
    NewMember,
    NewResolution,
    NewSession,
    Permission,
    Post,
    SessionHeld,
)
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.territory.values import Kind

ALL = ("", gettext_lazy("全部"))
_LINES = AGENDA_MAX * (WORDS_LENGTH_MAX + 60)


def small(rows: int = 3) -> forms.Textarea:
    """Return a text area of a few lines."""
    return forms.Textarea(attrs={"rows": rows})


def choose(form: forms.Form, name: str, choices: Any) -> None:
    """Let a field offer these choices."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field


def _places(viewer: Actor, permission: str) -> list[tuple[str, str]]:
    tree, reach = territory(), tuple(viewer.areas(permission))
    return [
        (area.code, tree.full_name(area.id))
        for area in tree.descendants(None)
        if area.level <= Kind.COMMUNITY.level and area.path.startswith(reach)
    ]


class OrganizationField(forms.CharField):
    """An organization by its name or code; cleaned to its id, None for none."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=100, widget=SuggestInput(self._suggest), **more)

    def _suggest(self) -> Any:
        day = clock.local_date(clock.now())
        return draw_options((each.name, each.code) for each in organizations() if each.exists(day))

    def clean(self, value: Any) -> int | None:
        """Return the organization's id."""
        return office_named(super().clean(value))


def office_named(text: str) -> int | None:
    """Return the id of the one organization called so, None for "". Raises ValidationError."""
    if not text:
        return None
    found = organizations().named(text, clock.local_date(clock.now()))
    if len(found) != 1:
        fault = _("没有名为“%(name)s”的单位，或不止一个，请写全称或代码")
        raise forms.ValidationError(fault % {"name": text[:40]})
    return found[0].id


class CouncilFilterForm(forms.Form):
    """Which councils."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)

    def __init__(self, data: Any, *, viewer: Actor) -> None:
        super().__init__(data)
        choose(self, "kind", [ALL, *((each.code, each.name) for each in rules().kinds)])
        choose(self, "area", [ALL, *_places(viewer, Permission.VIEW)])

    def wanted(self) -> dict[str, Any]:
        """Return the filter; what cannot be read narrows nothing."""
        self.is_valid()
        area = territory().by_code(self.cleaned_data.get("area") or "")
        return {"kind": self.cleaned_data.get("kind") or "", "area_path": area.path if area else ""}


class InboxForm(forms.Form):
    """Which topics or questions."""

    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)

    def __init__(self, data: Any, *, viewer: Actor, statuses: type[TopicStatus] | type[QuestionStatus]) -> None:
        super().__init__(data)
        choose(self, "status", [ALL, *statuses.choices])
        choose(self, "area", [ALL, *_places(viewer, Permission.VIEW)])

    def wanted(self) -> InboxFilter:
        """Return the filter; what cannot be read narrows nothing."""
        self.is_valid()
        area = territory().by_code(self.cleaned_data.get("area") or "")
        return InboxFilter(self.cleaned_data.get("status") or "", area.path if area else "")


class ResolutionFilterForm(forms.Form):
    """Which resolutions."""

    status = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[ALL, *ResolutionStatus.choices, (LATE, gettext_lazy("逾期"))],
    )
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)

    def __init__(self, data: Any, *, viewer: Actor, today: date) -> None:
        super().__init__(data)
        self._today = today
        choose(self, "area", [ALL, *_places(viewer, Permission.VIEW)])

    def wanted(self) -> ResolutionFilter:
        """Return the filter; what cannot be read narrows nothing."""
        self.is_valid()
        area = territory().by_code(self.cleaned_data.get("area") or "")
        return ResolutionFilter(self._today, self.cleaned_data.get("status") or "", area.path if area else "")


class CouncilForm(forms.Form):
    """A council to be."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"))
    area = forms.ChoiceField(label=gettext_lazy("区域"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=TITLE_LENGTH_MAX)
    organization = OrganizationField(label=gettext_lazy("召集单位"))
    habit = forms.CharField(
        label=gettext_lazy("多久一次（可不填）"), max_length=TITLE_LENGTH_MAX, required=False,
        help_text=gettext_lazy("不填按这一类的习惯"),
    )  # fmt: skip
    from_date = forms.DateField(label=gettext_lazy("成立日期"))

    def __init__(self, *args: Any, viewer: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "kind", [(each.code, each.name) for each in rules().kinds if each.is_active])
        choose(self, "area", _places(viewer, Permission.CONVENE))

    def new(self) -> NewCouncil:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return NewCouncil(
            given["kind"], given["name"], area_id_of(given["area"]), given["organization"], given["from_date"],
            given["habit"],
        )  # fmt: skip


class MemberForm(forms.Form):
    """A member to be."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_LENGTH_MAX)
    post = forms.ChoiceField(label=gettext_lazy("职务"), choices=Post.choices, initial=Post.MEMBER)
    username = forms.CharField(
        label=gettext_lazy("账号（可不填）"), max_length=100, required=False,
        help_text=gettext_lazy("有账号的，开会时收到通知；没有的请电话通知"),
    )  # fmt: skip
    from_date = forms.DateField(label=gettext_lazy("任职日期"))
    until = forms.DateField(label=gettext_lazy("任期至（可不填）"), required=False)

    def new(self, council_id: int) -> NewMember:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return NewMember(
            council_id, given["name"], given["from_date"], given["post"], given["until"], given["username"]
        )


class EndForm(forms.Form):
    """The end of something, from a day on."""

    on = forms.DateField(label=gettext_lazy("自哪天起"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=LINE_LENGTH_MAX, widget=small(2))


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=LINE_LENGTH_MAX, widget=small(2))


class SessionForm(forms.Form):
    """A meeting to be, with its agenda: topics that wait, and the council's own matters, one a line."""

    title = forms.CharField(label=gettext_lazy("会议名称"), max_length=TITLE_LENGTH_MAX)
    at = forms.DateTimeField(
        label=gettext_lazy("时间"), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("地点（可不填）"), max_length=LINE_LENGTH_MAX, required=False)
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("列入的居民提议"), required=False, widget=forms.CheckboxSelectMultiple
    )
    items = forms.CharField(
        label=gettext_lazy("其他议程（每行一项）"),
        validators=[MaxLengthValidator(_LINES)],
        required=False,
        widget=small(4),
    )

    def __init__(self, *args: Any, topics: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "topics", [(str(each.pk), f"{each.number} {each.title}") for each in topics])
        if not topics:
            del self.fields["topics"]

    def new(self, council_id: int) -> NewSession:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        at: datetime = given["at"]
        return NewSession(
            council_id, given["title"], at if at.tzinfo else at.replace(tzinfo=LOCAL), given["place"],
            tuple(int(each) for each in given.get("topics", ())),
            tuple(filter(None, (line.strip() for line in given["items"].splitlines()))),
        )  # fmt: skip


class ResolutionsForm(forms.Form):
    """Resolutions, a line each: what, who sees to it, until when, how many agreed; before it which topic it answers."""

    resolutions = forms.CharField(
        label=gettext_lazy("议定事项（每行一项）"), validators=[MaxLengthValidator(_LINES)], required=False,
        widget=small(5),
        help_text=gettext_lazy(
            "写作“事项 | 责任单位全称 | 完成期限 2026-09-30 | 同意人数”，后三项可不填；"
            "回应居民提议的，行首写提议编号，如“TY00012 …”"
        ),
    )  # fmt: skip

    def clean_resolutions(self) -> tuple[NewResolution, ...]:
        """Return the resolutions."""
        lines = (each.strip() for each in self.cleaned_data["resolutions"].splitlines())
        return tuple(resolution_of(line) for line in lines if line)


def resolution_of(line: str) -> NewResolution:
    """Read one line of resolutions. Raises ValidationError."""
    text, named, due, agreed = [*(part.strip() for part in line.split("|")), "", "", ""][:4]
    number, _space, rest = text.partition(" ")
    topic_id = int(number[2:]) if number.startswith("TY") and number[2:].isdecimal() and len(number) < 18 else None
    try:
        due_on = date.fromisoformat(due) if due else None
    except ValueError:
        raise forms.ValidationError(_("期限应写作 2026-09-30：%(line)s") % {"line": line[:40]}) from None
    if agreed and not (agreed.isascii() and agreed.isdigit() and len(agreed) < 6):
        raise forms.ValidationError(_("同意人数应是数字：%(line)s") % {"line": line[:40]})
    return NewResolution(
        text if topic_id is None else rest.strip(),
        office_named(named),
        due_on,
        int(agreed) if agreed else None,
        topic_id,
    )


class HeldForm(ResolutionsForm):
    """Minutes of a meeting that was held: who was there for its quorum, what was resolved, what is published."""

    present = forms.MultipleChoiceField(
        label=gettext_lazy("到会成员"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只用来核对本次会议的到会比例，不统计、不排名"),
    )  # fmt: skip
    minutes = forms.CharField(label=gettext_lazy("会议纪要"), max_length=MINUTES_LENGTH_MAX, widget=small(6))
    summary = forms.CharField(
        label=gettext_lazy("公开摘要（可以以后再公开）"), max_length=WORDS_LENGTH_MAX, required=False, widget=small(3),
        help_text=gettext_lazy("所有人看得到，不写人名"),
    )  # fmt: skip
    field_order = ["present", "minutes", "resolutions", "summary"]

    def __init__(self, *args: Any, members: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "present", [(str(each.pk), each.name) for each in members])

    def held(self, session_id: int) -> SessionHeld:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return SessionHeld(
            session_id, given["minutes"], tuple(map(int, given["present"])), given["resolutions"], given["summary"]
        )


class SummaryForm(forms.Form):
    """What everybody reads of a meeting."""

    summary = forms.CharField(
        label=gettext_lazy("公开摘要"), max_length=WORDS_LENGTH_MAX, widget=small(4),
        help_text=gettext_lazy("所有人看得到，不写人名"),
    )  # fmt: skip


class SettleForm(forms.Form):
    """What became of a resolution."""

    words = forms.CharField(
        label=gettext_lazy("落实情况，或不再办理的理由"), max_length=WORDS_LENGTH_MAX, widget=small(2)
    )
    dropped = forms.BooleanField(label=gettext_lazy("不再办理"), required=False)


class CaseForm(forms.Form):
    """A resolution to be handed over to case handling."""

    words = forms.CharField(label=gettext_lazy("案件内容"), max_length=WORDS_LENGTH_MAX, widget=small(3))
    place = forms.CharField(label=gettext_lazy("具体位置（可不填）"), max_length=LINE_LENGTH_MAX, required=False)


class ProjectForm(forms.Form):
    """A resolution to be carried out as a project."""

    title = forms.CharField(label=gettext_lazy("项目名称"), max_length=TITLE_LENGTH_MAX)
    until_on = forms.DateField(label=gettext_lazy("计划完成（可不填）"), required=False)


class VotingForm(forms.Form):
    """A resolution to be voted on."""

    way = forms.ChoiceField(label=gettext_lazy("由谁表决"))
    matter = forms.ChoiceField(
        label=gettext_lazy("属于民法典第二百七十八条哪一项"), required=False,
        help_text=gettext_lazy("只有业主共同决定要选，它决定需要多少业主同意"),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("表决标题"), max_length=TITLE_LENGTH_MAX)

    def __init__(self, *args: Any, ways: Any, matters: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "way", ways)
        choose(self, "matter", [("", gettext_lazy("请选择")), *matters.items()])
        if not matters:
            del self.fields["matter"]


class DrawForm(forms.Form):
    """A draw to be announced."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=TITLE_LENGTH_MAX)
    seats = forms.IntegerField(label=gettext_lazy("抽选人数"), min_value=1, max_value=500)
    by_area = forms.BooleanField(label=gettext_lazy("按小区分配名额"), required=False)
    by_age = forms.BooleanField(label=gettext_lazy("按年龄段分配名额（本人自愿填写）"), required=False)


class CandidatesForm(forms.Form):
    """People to be put on a list, one a line."""

    people = forms.CharField(
        label=gettext_lazy("名单（每行一人）"), validators=[MaxLengthValidator(200_000)], widget=small(6),
        help_text=gettext_lazy(
            "写作“姓名 | 联系方式 | 小区 | 年龄段”，后三项可不填；年龄段写 18-34、35-59 或 60+，"
            "本人不愿说就不填"
        ),
    )  # fmt: skip

    def clean_people(self) -> list[NewCandidate]:
        """Return the people."""
        found = []
        for line in filter(None, (each.strip() for each in self.cleaned_data["people"].splitlines())):
            name, contact, area, band = [*(part.strip() for part in line.split("|")), "", "", ""][:4]
            if band not in AgeBand.values:
                raise forms.ValidationError(_("年龄段看不懂：%(text)s") % {"text": line[:40]})
            found.append(NewCandidate(name, contact, area, band))
        return found


class WitnessForm(forms.Form):
    """What the public gives when lots are drawn."""

    witness = forms.CharField(
        label=gettext_lazy("现场见证文字（可不填）"), max_length=LINE_LENGTH_MAX, required=False,
        help_text=gettext_lazy("名单锁定以后由在场居民给出，如几个数字；有了它，事先知道种子的人也算不出结果"),
    )  # fmt: skip
