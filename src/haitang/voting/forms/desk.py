"""What staff types: a vote, its roll, a reason, keys, a ballot of paper, the settings."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.money import format_yuan, parse_yuan
from haitang.core.ui import settings
from haitang.territory.queries import territory
from haitang.territory.values import Kind
from haitang.voting.forms.ballots import BallotForm
from haitang.voting.values import (
    BLANKS_MAX,
    METHOD_WORDS,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    VOID,
    WORDS_LENGTH_MAX,
    BallotKind,
    Basis,
    Both,
    OptionDraft,
    Permission,
    VotePlan,
    Voter,
)

LABELS = {
    "roll_keep_days": gettext_lazy("公布多少天后删除名册中的个人信息"),
    "registrations_an_hour": gettext_lazy("同一网络地址每小时可登记几次先投票后核实"),
    "apart_least": gettext_lazy("纸质（电子）票少于几张时，公布的选票不分纸质和电子"),
}
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_TIES = {
    "lot": ("lot",), "votes,lot": ("votes", "lot"), "cheaper,lot": ("cheaper", "lot"), "earlier": ("earlier", "lot"),
}  # fmt: skip


class VoteForm(forms.Form):
    """Everything that is fixed when the vote opens."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=TITLE_LENGTH_MAX)
    area = forms.ChoiceField(label=gettext_lazy("哪个区域的居民投票"))
    words = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=WORDS_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    options = forms.CharField(
        label=gettext_lazy("选项"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("每行一个：名称 | 造价（元，没有就空着） | 类别 | 片区 | 说明"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("投票方式"), choices=BallotKind.choices)
    least = forms.IntegerField(label=gettext_lazy("至少选几项"), min_value=0, initial=0)
    most = forms.IntegerField(
        label=gettext_lazy("最多"), min_value=1, initial=1,
        help_text=gettext_lazy("多选、排序：最多几项；分配点数：一共几点；打分：每项最高几分"),
    )  # fmt: skip
    budget = forms.CharField(
        label=gettext_lazy("预算（元）"), required=False, max_length=20,
        help_text=gettext_lazy("没有造价的投票空着，按下面的名额取票数最多的"),
    )  # fmt: skip
    winners = forms.IntegerField(label=gettext_lazy("名额"), min_value=1, initial=1)
    method = forms.ChoiceField(label=gettext_lazy("计票规则"), choices=list(METHOD_WORDS.items()))
    ties = forms.ChoiceField(
        label=gettext_lazy("并列时"),
        choices=[
            ("votes,lot", gettext_lazy("选的人多的在前，再抽签")),
            ("cheaper,lot", gettext_lazy("造价低的在前，再抽签")),
            ("earlier", gettext_lazy("列在前面的在前")), ("lot", gettext_lazy("抽签")),
        ],
    )  # fmt: skip
    seed = forms.CharField(
        label=gettext_lazy("抽签种子"), required=False, max_length=80,
        help_text=gettext_lazy("与规则一起公布；空着由系统随机产生"),
    )  # fmt: skip
    least_votes = forms.IntegerField(label=gettext_lazy("每项最低得票"), min_value=0, initial=1)
    turnout_percent = forms.IntegerField(label=gettext_lazy("最低参与比例（%）"), min_value=0, max_value=100, initial=0)
    basis = forms.ChoiceField(label=gettext_lazy("谁有一票"), choices=Basis.choices)
    both = forms.ChoiceField(label=gettext_lazy("纸质与电子并存时"), choices=Both.choices)
    takes_strangers = forms.BooleanField(
        label=gettext_lazy("名册以外的人可以先投票，核实居住后计入"), required=False, initial=True
    )
    opens_at = forms.DateTimeField(label=gettext_lazy("开始时间"), widget=_MOMENT)
    closes_at = forms.DateTimeField(label=gettext_lazy("截止时间"), widget=_MOMENT)

    def __init__(self, *args: Any, viewer: Actor, known: Any = None, **kwargs: Any) -> None:
        if known is not None:
            kwargs["initial"] = _initial(known)
        super().__init__(*args, **kwargs)
        reach = tuple(viewer.areas(Permission.PREPARE))
        choices = [
            (str(area.id), area.name)
            for area in territory().descendants(None)
            if area.path.startswith(reach) and area.level <= Kind.COMMUNITY.level
        ]
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean_budget(self) -> int:
        """Read the budget as fen, 0 for none."""
        return _fen(self.cleaned_data["budget"]) or 0

    def clean_options(self) -> tuple[OptionDraft, ...]:
        """Read an option from each line."""
        found = []
        for at, line in enumerate(self.cleaned_data["options"].splitlines(), start=1):
            parts = [part.strip() for part in line.replace("｜", "|").split("|")]
            if not any(parts):
                continue
            title, cost, category, area, words, *more = [*parts, "", "", "", "", ""]
            if any(more):
                raise forms.ValidationError(_("第 %(n)d 行的栏目太多") % {"n": at})
            try:
                found.append(OptionDraft(title, words, _fen(cost), category, area))
            except forms.ValidationError as error:
                raise forms.ValidationError(_("第 %(n)d 行的造价不正确") % {"n": at}) from error
        return tuple(found)

    def plan(self) -> VotePlan:
        """Return what was typed, as the action takes it."""
        given = dict(self.cleaned_data)
        return VotePlan(
            area_id=int(given.pop("area")), budget_fen=given.pop("budget"), ties=_TIES[given.pop("ties")], **given
        )


def _fen(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return parse_yuan(text)
    except Invalid as refusal:
        raise forms.ValidationError(refusal.message) from refusal


def _initial(vote: Any) -> dict[str, Any]:
    paper, rule = vote.paper, vote.paper["rule"]

    def line(option: dict[str, Any]) -> str:
        cost = format_yuan(option["cost"]) if option["cost"] else ""
        return " | ".join([option["title"], cost, option["category"], option["area"], option["words"]]).rstrip(" |")

    return {
        **{key: paper[key] for key in ("title", "words", "kind", "least", "most", "winners", "basis", "both")},
        **{key: rule[key] for key in ("method", "seed", "least_votes", "turnout_percent")},
        "ties": next((key for key, words in _TIES.items() if list(words) == rule["ties"]), "votes,lot"),
        "takes_strangers": vote.takes_strangers, "area": str(vote.area_id),
        "budget": format_yuan(paper["budget"]) if paper["budget"] else "",
        "options": "\n".join(map(line, paper["options"])), "opens_at": vote.opens_at,
        "closes_at": vote.closes_at,
    }  # fmt: skip


class RollForm(forms.Form):
    """People for the roll, pasted from a sheet."""

    people = forms.CharField(
        label=gettext_lazy("名册"), validators=[MaxLengthValidator(20_000_000)],
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("每行一人：姓名、证件号或电话、住址，用制表符或逗号隔开，可以从表格整块粘贴"),
    )  # fmt: skip

    def clean_people(self) -> list[Voter]:
        """Read somebody from each line."""
        found = []
        for line in self.cleaned_data["people"].splitlines():
            parts = [part.strip() for part in line.replace("，", ",").replace(",", "\t").split("\t")]
            if any(parts):
                name, document, *rest = [*parts, "", ""]
                found.append(Voter(name, document, " ".join(filter(None, rest))))
        return found


class DocumentForm(forms.Form):
    """Whom the desk looks for."""

    document = forms.CharField(label=gettext_lazy("证件号或电话"), max_length=NAME_LENGTH_MAX, required=False)


class KeysForm(forms.Form):
    """The codes of both key holders, typed by the holders themselves."""

    first = forms.CharField(
        label=gettext_lazy("第一位保管人的钥匙码"),
        max_length=60,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    second = forms.CharField(
        label=gettext_lazy("第二位保管人的钥匙码"),
        max_length=60,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class PaperForm(BallotForm):
    """What stands on a ballot of paper."""

    serial = forms.CharField(label=gettext_lazy("纸质票编号"), max_length=20)
    void = forms.BooleanField(label=gettext_lazy("废票：填写不符合规定，无法认定"), required=False)
    field_order = ("serial",)
    question = gettext_lazy("纸质票上的选择")
    tells = False

    def clean(self) -> None:
        """A void paper says nothing else."""
        if self.data.get("void"):
            self.errors.pop("choice", None)
        super().clean()

    def marks(self) -> dict[str, int]:
        """Return what was marked, by option; or that it is void."""
        return dict(VOID) if self.cleaned_data.get("void") else super().marks()


class BlanksForm(forms.Form):
    """How many blank ballots of paper are printed."""

    count = forms.IntegerField(label=gettext_lazy("打印几张"), min_value=1, max_value=BLANKS_MAX, initial=20)


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
