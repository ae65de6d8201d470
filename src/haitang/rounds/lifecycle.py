"""The states of a proposal, of a merger and of a sitting of the council."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from haitang.rounds.values import WrongProposalState


class Status(TextChoices):
    """Where a proposal stands, named by what it waits for."""

    HANDED_IN = "handed_in", gettext_lazy("待初审")
    ADMITTED = "admitted", gettext_lazy("待议事会评议")
    SHORTLISTED = "shortlisted", gettext_lazy("公示中")
    ON_BALLOT = "on_ballot", gettext_lazy("进入投票")
    CHOSEN = "chosen", pgettext_lazy("proposal", "入选")
    NOT_CHOSEN = "not_chosen", pgettext_lazy("proposal", "未入选")
    REFUSED = "refused", pgettext_lazy("proposal", "初审未通过")
    DECLINED = "declined", pgettext_lazy("proposal", "议事会未通过")
    MERGED = "merged", pgettext_lazy("proposal", "已合并")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "已撤回")


class Deed(TextChoices):
    """What moves a proposal."""

    CHANGE = "change", gettext_lazy("修改")
    ADMIT = "admit", gettext_lazy("通过初审")
    REFUSE = "refuse", gettext_lazy("不予通过")
    REOPEN = "reopen", gettext_lazy("重新初审")
    APPRAISE = "appraise", gettext_lazy("出具意见")
    MERGE = "merge", gettext_lazy("合并")
    SHORTLIST = "shortlist", gettext_lazy("通过评议")
    DECLINE = "decline", gettext_lazy("不通过评议")
    RETURN = "return", gettext_lazy("退回评议")
    PUT_ON = "put_on", gettext_lazy("列入选票")
    CHOOSE = "choose", gettext_lazy("入选")
    PASS_OVER = "pass_over", gettext_lazy("未入选")
    WITHDRAW = "withdraw", gettext_lazy("撤回")


_EARLY = (Status.HANDED_IN, Status.ADMITTED)
MOVES: dict[Deed, tuple[tuple[Status, ...], Status | None]] = {
    Deed.CHANGE: ((Status.HANDED_IN,), None),
    Deed.ADMIT: ((Status.HANDED_IN,), Status.ADMITTED),
    Deed.REFUSE: (_EARLY, Status.REFUSED),
    Deed.REOPEN: ((Status.REFUSED, Status.ADMITTED), Status.HANDED_IN),
    Deed.APPRAISE: (_EARLY, None),
    Deed.MERGE: (_EARLY, Status.MERGED),
    Deed.SHORTLIST: ((Status.ADMITTED,), Status.SHORTLISTED),
    Deed.DECLINE: ((Status.ADMITTED,), Status.DECLINED),
    Deed.RETURN: ((Status.SHORTLISTED, Status.DECLINED), Status.ADMITTED),
    Deed.PUT_ON: ((Status.SHORTLISTED,), Status.ON_BALLOT),
    Deed.CHOOSE: ((Status.ON_BALLOT, Status.SHORTLISTED), Status.CHOSEN),
    Deed.PASS_OVER: ((Status.ON_BALLOT, Status.SHORTLISTED), Status.NOT_CHOSEN),
    Deed.WITHDRAW: ((*_EARLY, Status.SHORTLISTED), Status.WITHDRAWN),
}
"""From which states a deed leads where; None: it stays where it is."""
PUBLIC = (
    Status.ADMITTED, Status.SHORTLISTED, Status.ON_BALLOT, Status.CHOSEN, Status.NOT_CHOSEN, Status.DECLINED,
    Status.MERGED,
)  # fmt: skip
"""In these, anybody may read a proposal; what was not admitted is read by its author and by staff alone."""
MERGEABLE = _EARLY


def leads(current: str, deed: Deed) -> bool:
    """Tell whether the deed leads anywhere from this state."""
    return current in MOVES[deed][0]


def check_move(current: str, deed: Deed) -> Status:
    """Return the state that the deed leads to; raise WrongProposalState where it leads nowhere from the current one."""
    sources, target = MOVES[deed]
    if current not in sources:
        told = {"status": Status(current).label, "deed": deed.label}
        raise WrongProposalState(_("提案当前为“%(status)s”，不能%(deed)s") % told)
    return target or Status(current)


class MergerStatus(TextChoices):
    """Where a merger stands."""

    WAITING = "waiting", gettext_lazy("征求意见中")
    DONE = "done", pgettext_lazy("merger", "已合并")
    DECLINED = "declined", gettext_lazy("有人不同意")
    UNDONE = "undone", gettext_lazy("已拆开")


LIVE = (MergerStatus.WAITING, MergerStatus.DONE)
