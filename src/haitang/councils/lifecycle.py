"""The lives of a topic, a meeting, a resolution, a question and a draw."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TopicStatus(TextChoices):
    """Where a matter raised by a resident stands."""

    WAITING = "waiting", pgettext_lazy("topic", "待审核")
    ACCEPTED = "accepted", pgettext_lazy("topic", "待议")
    DENIED = "denied", pgettext_lazy("topic", "未采纳")
    WITHDRAWN = "withdrawn", pgettext_lazy("topic", "已撤回")
    TABLED = "tabled", pgettext_lazy("topic", "已列入议程")
    DISCUSSED = "discussed", pgettext_lazy("topic", "已议")


PUBLIC = (TopicStatus.ACCEPTED, TopicStatus.TABLED, TopicStatus.DISCUSSED)
"""Anybody may read the topic."""


class SessionStatus(TextChoices):
    """Where a meeting of a council stands."""

    CALLED = "called", pgettext_lazy("council", "已召集")
    HELD = "held", pgettext_lazy("council", "已召开")
    CANCELLED = "cancelled", pgettext_lazy("council", "已取消")


class ResolutionStatus(TextChoices):
    """What became of a resolution."""

    OPEN = "open", pgettext_lazy("resolution", "办理中")
    DONE = "done", pgettext_lazy("resolution", "已落实")
    DROPPED = "dropped", pgettext_lazy("resolution", "不再办理")


class Way(TextChoices):
    """How a resolution is carried out: by its office, or as something that is followed where it lies."""

    OWN = "own", _("责任单位自办")
    CASE = "case", _("按案件办理")
    PROJECT = "project", _("按项目实施")
    VOTING = "voting", _("交付表决")


class QuestionStatus(TextChoices):
    """Where a question stands."""

    WAITING = "waiting", pgettext_lazy("question", "待答复")
    ANSWERED = "answered", pgettext_lazy("question", "已答复")


class DrawStatus(TextChoices):
    """Where a draw stands: the seed is announced before anybody is on the list, and told after it is closed."""

    OPEN = "open", pgettext_lazy("draw", "名单登记中")
    FROZEN = "frozen", pgettext_lazy("draw", "名单已锁定")
    DRAWN = "drawn", pgettext_lazy("draw", "已抽选")


class CandidateStatus(TextChoices):
    """Where somebody on the list stands."""

    LISTED = "listed", pgettext_lazy("draw", "在名单")
    INVITED = "invited", pgettext_lazy("draw", "抽中")
    ACCEPTED = "accepted", pgettext_lazy("draw", "已接受")
    DECLINED = "declined", pgettext_lazy("draw", "不参加")
    RESERVE = "reserve", pgettext_lazy("draw", "候补")
