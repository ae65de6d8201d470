"""The life of a year's agreement, and of what a meeting decides."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """Where a year's agreement stands."""

    PROPOSED = "proposed", _("待确认")
    RETURNED = "returned", _("已退回")
    AGREED = "agreed", _("已签订")


class Standing(TextChoices):
    """How a link stands in a year, as lists narrow it; what no stage names follows from days and evaluations."""

    MISSING = "missing", _("未签协议")
    PROPOSED = "proposed", _("待对方确认")
    MINE = "mine", _("等我方确认")
    RETURNED = "returned", _("已退回")
    AGREED = "agreed", _("已签订")
    QUIET = "quiet", _("久未联系")
    TO_JUDGE = "to_judge", _("待考评")
    JUDGED = "judged", _("双方已考评")


class AgreementDeed(TextChoices):
    """What can be done to a year's agreement."""

    PROPOSE = "propose", _("拟定协议")
    CONFIRM = "confirm", _("确认协议")
    RETURN = "return", _("退回修改")
    JUDGE = "judge", _("考评对方")


class MeetingStatus(TextChoices):
    """Where a meeting of a committee stands."""

    CALLED = "called", _("已召集")
    HELD = "held", _("已召开")
    CANCELLED = "cancelled", _("已取消")


class DecisionStatus(TextChoices):
    """What became of a decision."""

    OPEN = "open", _("办理中")
    DONE = "done", _("已落实")
    DROPPED = "dropped", _("不再办理")
    PROJECT = "project", _("已立项")
    CASE = "case", _("已转案件")
