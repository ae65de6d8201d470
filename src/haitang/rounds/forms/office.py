"""A round with its phases and money, the settings, the lists."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.money import format_yuan, parse_yuan
from haitang.core.ui import settings
from haitang.rounds.values import (
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    BallotRule,
    Clause,
    ClauseKind,
    Decides,
    Permission,
    PhaseDraft,
    PotDraft,
    RoundDraft,
    Task,
    read_caps,
    write_caps,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind
from haitang.voting.values import METHOD_WORDS, BallotKind, Basis, Both

TIES = {
    "votes,lot": gettext_lazy("选的人多的在前，再抽签"), "cheaper,lot": gettext_lazy("造价低的在前，再抽签"),
    "earlier,lot": gettext_lazy("提交早的在前"), "lot": gettext_lazy("抽签"),
}  # fmt: skip
LABELS = {
    "categories": gettext_lazy("提案类别（每行一个）"),
    "council_quorum": gettext_lazy("议事会法定到会人数占应到的几分之几（两行：分子、分母）"),
    "council_majority": gettext_lazy("赞成须超过到会的几分之几（两行：分子、分母）"),
    "proposals_a_day": gettext_lazy("同一账号每天最多提交几件提案（或意见）"),
    "author_keep_days": gettext_lazy("本轮结束多少天后删除提案人的姓名、电话和联名名单"),
    "milestones_max": gettext_lazy("立项时最多带入几个节点"),
}


def _lines(rows: int, maximum: int = 20_000) -> dict[str, Any]:
    return {"max_length": maximum, "widget": forms.Textarea(attrs={"rows": rows})}


class RoundForm(forms.Form):
    """Everything about a round on one page; phases and money one a line."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=TITLE_LENGTH_MAX)
    area = forms.ChoiceField(label=gettext_lazy("区域"))
    words = forms.CharField(
        label=gettext_lazy("说明"), max_length=WORDS_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    pots = forms.CharField(
        label=gettext_lazy("资金"), help_text=gettext_lazy("每行一笔：区域名称或代码 | 金额（元）"),
        **_lines(6),
    )  # fmt: skip
    phases = forms.CharField(
        label=gettext_lazy("阶段"),
        help_text=gettext_lazy("每行一个：名称 | 开始日期 | 结束日期 | 可以办理的事项（用顿号隔开）| 依据"),
        **_lines(18),
    )  # fmt: skip
    decides = forms.ChoiceField(label=gettext_lazy("由谁选定"), choices=Decides.choices)
    kind = forms.ChoiceField(label=gettext_lazy("投票方式"), choices=BallotKind.choices)
    least = forms.IntegerField(label=gettext_lazy("至少选几项"), min_value=0)
    most = forms.IntegerField(
        label=gettext_lazy("最多"), min_value=1,
        help_text=gettext_lazy("多选、排序：最多几项；分配点数：一共几点；打分：每项最高几分"),
    )  # fmt: skip
    basis = forms.ChoiceField(label=gettext_lazy("谁有一票"), choices=Basis.choices)
    both = forms.ChoiceField(label=gettext_lazy("纸质与电子并存时"), choices=Both.choices)
    method = forms.ChoiceField(label=gettext_lazy("计票规则"), choices=list(METHOD_WORDS.items()))
    ties = forms.ChoiceField(label=gettext_lazy("并列时"), choices=list(TIES.items()))
    seed = forms.CharField(
        label=gettext_lazy("抽签种子"), required=False, max_length=80,
        help_text=gettext_lazy("与规则一起公布；空着由系统在生成选票时随机产生"),
    )  # fmt: skip
    least_votes = forms.IntegerField(label=gettext_lazy("每项最低得票"), min_value=0)
    turnout_percent = forms.IntegerField(label=gettext_lazy("最低参与比例（%）"), min_value=0, max_value=100)
    caps = forms.CharField(
        label=gettext_lazy("类别和片区限额"), required=False,
        help_text=gettext_lazy("每行一条：类别 | 环境 | 2 个，或：片区 | 第一网格 | 50000 元"), **_lines(3, 2_000),
    )  # fmt: skip
    takes_strangers = forms.BooleanField(
        label=gettext_lazy("名册以外的人可以先投票，核实居住后计入"), required=False
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Actor, initial_of: RoundDraft, **kwargs: Any) -> None:
        """initial_of: the round as it stands, or the one that is proposed to begin with."""
        kwargs["initial"] = _initial(initial_of)
        super().__init__(*args, **kwargs)
        reach = tuple(viewer.areas(Permission.MANAGE))
        choices = [
            (str(area.id), area.name)
            for area in territory().descendants(None)
            if area.path.startswith(reach) and area.level <= Kind.COMMUNITY.level
        ]
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean_pots(self) -> tuple[PotDraft, ...]:
        """Read the money from each line."""
        found = []
        for at, parts in _split(self.cleaned_data["pots"]):
            area = _area_named(parts[0])
            if area is None or len(parts) != 2:
                raise forms.ValidationError(_("第 %(n)d 行应写成：区域名称 | 金额，名称不唯一时用代码") % {"n": at})
            try:
                found.append(PotDraft(area, parse_yuan(parts[1])))
            except Invalid as refusal:
                raise forms.ValidationError(_("第 %(n)d 行的金额不正确") % {"n": at}) from refusal
        return tuple(found)

    def clean_phases(self) -> tuple[PhaseDraft, ...]:
        """Read a phase from each line."""
        known = {str(each.label): each.value for each in Task}
        found = []
        for at, parts in _split(self.cleaned_data["phases"]):
            name, begins, ends, tasks, source, *more = [*parts, "", "", "", "", ""]
            words = [each.strip() for each in tasks.split("、") if each.strip()]
            unknown = [each for each in words if each not in known]
            if any(more) or unknown:
                told = {"n": at, "words": "、".join(unknown) or source}
                raise forms.ValidationError(_("第 %(n)d 行有不认识的内容：%(words)s") % told)
            try:
                days = date.fromisoformat(begins), date.fromisoformat(ends)
            except ValueError as error:
                raise forms.ValidationError(_("第 %(n)d 行的日期应写成 2026-05-06") % {"n": at}) from error
            found.append(PhaseDraft(name, *days, tuple(known[each] for each in words), source))
        return tuple(found)

    def clean_caps(self) -> Any:
        """Read a limit from each line."""
        try:
            return read_caps(self.cleaned_data["caps"].splitlines())
        except Invalid as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    def draft(self) -> RoundDraft:
        """Return what was typed, as the action takes it."""
        given = dict(self.cleaned_data)
        whole = {name: given.pop(name) for name in ("title", "words", "pots", "phases")}
        area_id, ties = int(given.pop("area")), tuple(given.pop("ties").split(","))
        return RoundDraft(**whole, area_id=area_id, ballot=BallotRule(**given, ties=ties))


def _split(text: str) -> list[tuple[int, list[str]]]:
    rows = enumerate(text.replace("｜", "|").splitlines(), start=1)
    return [(at, [part.strip() for part in line.split("|")]) for at, line in rows if line.strip()]


def _area_named(name: str) -> int | None:
    tree = territory()
    coded = tree.by_code(name)
    if coded is not None:
        return coded.id
    found = [area.id for area in tree.descendants(None) if area.name == name]
    return found[0] if len(found) == 1 else None


def _initial(draft: RoundDraft) -> dict[str, Any]:
    rule, tree = draft.ballot, territory()
    phases = [
        " | ".join([
            each.name, each.begins_on.isoformat(), each.ends_on.isoformat(),
            "、".join(str(Task(task).label) for task in each.tasks), each.source,
        ])
        for each in draft.phases
    ]  # fmt: skip
    pots = [(tree.area(each.area_id), each.budget_fen) for each in draft.pots]
    return {
        "title": draft.title, "words": draft.words, "area": str(draft.area_id), "phases": "\n".join(phases),
        "pots": "\n".join(f"{area.code if _area_named(area.name) is None else area.name} | {format_yuan(money)}"
                          for area, money in pots),
        "ties": ",".join(rule.ties), "caps": "\n".join(write_caps(rule.caps)),
        **{name: getattr(rule, name) for name in (
            "kind", "least", "most", "basis", "both", "method", "seed", "least_votes", "turnout_percent",
            "takes_strangers", "decides",
        )},
    }  # fmt: skip


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    number_max = None


class ClauseForm(forms.Form):
    """A clause of the lists."""

    code = forms.CharField(label=gettext_lazy("编号"), max_length=20)
    kind = forms.ChoiceField(label=gettext_lazy("哪张清单"), choices=ClauseKind.choices)
    text = forms.CharField(label=gettext_lazy("内容"), **_lines(2, WORDS_LENGTH_MAX))
    source = forms.CharField(label=gettext_lazy("依据"), max_length=100, required=False)
    is_used = forms.BooleanField(label=gettext_lazy("使用中"), required=False, initial=True)

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the action takes it."""
        given = dict(self.cleaned_data)
        return {"is_used": given.pop("is_used"), "clause": Clause(**given)}
