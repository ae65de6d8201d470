from django.db import models
from django.db.models import Q

from haitang.cases.values import Level, Stage
from haitang.core.privacy import Privacy
from haitang.oversight.values import Cause, State, Wish


class Request(models.Model):
    """What those who have a case ask for: that its clock stands, more time, or that it be taken from their desk.

    stage, stage_started_at: the stretch of the case that it was made for; it lapses once the case has left it.
    until: of a pause, when the clock is to go on. more: of an extension, a limit as text.
    resumed_at: of a pause, when the clock went on; resumed_by_id is null where it did so by itself.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+", verbose_name="案件")
    wish = models.TextField("申请事项", choices=Wish)
    state = models.TextField("审批状态", choices=State, default=State.PENDING)
    stage = models.TextField("环节", choices=Stage)
    stage_started_at = models.DateTimeField("环节开始")
    due_at = models.DateTimeField("申请时的时限")
    reason = models.TextField("理由")
    until = models.DateTimeField("缓办至", null=True)
    more = models.TextField("延长", default="")
    asked_by_id = models.BigIntegerField("申请账号", null=True)
    asked_by_name = models.TextField("申请人")
    asked_at = models.DateTimeField("申请时间")
    organization_id = models.BigIntegerField("申请单位", null=True)
    decided_by_id = models.BigIntegerField("审批账号", null=True)
    decided_at = models.DateTimeField("审批时间", null=True)
    opinion = models.TextField("审批意见", default="")
    resumed_by_id = models.BigIntegerField("恢复账号", null=True)
    resumed_at = models.DateTimeField("恢复时间", null=True)

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "case", "wish", "state", "stage", "stage_started_at", "due_at", "until", "more", "asked_at",
                "organization_id", "decided_at", "resumed_at",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(
            ("reason", "asked_by_id", "asked_by_name", "decided_by_id", "opinion", "resumed_by_id"), Privacy.PERSONAL
        ),
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["asked_at", "id"], name="oversight_request_pending", condition=Q(state="pending")),
            models.Index(
                fields=["until"], name="oversight_request_standing",
                condition=Q(wish="pause", state="approved", resumed_at__isnull=True),
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["case", "wish"], name="oversight_request_one_pending", condition=Q(state="pending")
            ),
            models.UniqueConstraint(
                fields=["case"], name="oversight_request_one_standing",
                condition=Q(wish="pause", state="approved", resumed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="oversight_request_what",
                condition=(Q(wish="pause") & Q(until__isnull=False) & Q(more=""))
                | (Q(wish="extension") & Q(until__isnull=True) & ~Q(more=""))
                | (Q(wish="return") & Q(until__isnull=True) & Q(more="")),
            ),
        ]  # fmt: skip


class Urging(models.Model):
    """Somebody has asked the desk to get on with it; n is the how manieth time that day."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+", verbose_name="案件")
    day = models.DateField("日期")
    n = models.SmallIntegerField("当日次数")
    text = models.TextField("内容")
    by_id = models.BigIntegerField("催办账号", null=True)
    at = models.DateTimeField("时间")

    PRIVACY = {
        **dict.fromkeys(("id", "case", "day", "n", "at"), Privacy.INTERNAL),
        **dict.fromkeys(("text", "by_id"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "day", "n"], name="oversight_urging_once")]


class Supervision(models.Model):
    """A case on which an answer is demanded (督办): the desk answers, whoever supervises closes it. One open at a time.

    opened_by_id: null where the ladder did it.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+", verbose_name="案件")
    cause = models.TextField("督办类型", choices=Cause)
    demand = models.TextField("督办要求")
    answer_by = models.DateTimeField("答复时限")
    opened_by_id = models.BigIntegerField("督办账号", null=True)
    opened_by_name = models.TextField("督办人")
    opened_at = models.DateTimeField("督办时间")
    answer = models.TextField("答复", default="")
    answered_by_id = models.BigIntegerField("答复账号", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    closing = models.TextField("销办意见", default="")
    closed_by_id = models.BigIntegerField("销办账号", null=True)
    closed_at = models.DateTimeField("销办时间", null=True)

    PRIVACY = {
        **dict.fromkeys(
            ("id", "case", "cause", "answer_by", "opened_at", "answered_at", "closed_at"), Privacy.INTERNAL
        ),
        **dict.fromkeys(
            (
                "demand", "opened_by_id", "opened_by_name", "answer", "answered_by_id", "closing", "closed_by_id",
            ),
            Privacy.PERSONAL,
        ),
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(
                fields=["answer_by", "id"], name="oversight_supervision_open", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["case"], name="oversight_supervision_case"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="oversight_supervision_one_open", condition=Q(closed_at__isnull=True)
            ),
        ]


class Part(models.Model):
    """A case that is a part of another (子案件). A whole may itself be a part; nothing is a part of itself.

    Circles are kept out by a lock that all who tie and untie take first (actions.families).
    """

    child = models.OneToOneField(
        "cases.Case", models.CASCADE, primary_key=True, related_name="+", verbose_name="子案件"
    )
    parent = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="父案件")
    by_id = models.BigIntegerField("操作账号", null=True)
    at = models.DateTimeField("时间")

    PRIVACY = {
        **dict.fromkeys(("child", "parent", "at"), Privacy.INTERNAL),
        "by_id": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.CheckConstraint(name="oversight_part_of_another", condition=~Q(child=models.F("parent")))]


class Rung(models.Model):
    """One rung of a ladder that overdue cases climb: who is told, once a case is overdue by so many hours.

    area: the ladder holds for it and all below, in place of those further up; null for everywhere.
    step: 1 upwards. level: which of the case's areas they answer for: the narrowest not narrower than that.
    permission: told are those who hold it over that area and not merely over a wider one, if there are any;
    or serving, post_kind: those who hold such a post in the organization of that kind which serves that area.
    supervises: the case is supervised from this rung on.
    """

    area = models.ForeignKey("territory.Area", models.PROTECT, null=True, related_name="+", verbose_name="区域")
    step = models.SmallIntegerField("级次")
    after_hours = models.IntegerField("超期小时")
    level = models.TextField("层级", choices=Level)
    permission = models.TextField("权限", default="")
    serving = models.TextField("属地单位类型", default="")
    post_kind = models.TextField("岗位", default="")
    supervises = models.BooleanField("自动督办", default=False)

    PRIVACY = dict.fromkeys(
        ("id", "area", "step", "after_hours", "level", "permission", "serving", "post_kind", "supervises"),
        Privacy.INTERNAL,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "step"], name="oversight_rung_step", nulls_distinct=False),
            models.CheckConstraint(
                name="oversight_rung_who",
                condition=(~Q(permission="") & Q(serving="", post_kind=""))
                | (Q(permission="") & ~Q(serving="") & ~Q(post_kind="")),
            ),
        ]


class Climb(models.Model):
    """How far up the ladder a case has come that is overdue. due_at: the deadline that it missed.

    since: from when on its delay counts, where it came overdue from another system: when it was taken over; null where
    it counts from the deadline.
    """

    case = models.OneToOneField("cases.Case", models.CASCADE, primary_key=True, related_name="+", verbose_name="案件")
    due_at = models.DateTimeField("超过的时限")
    step = models.SmallIntegerField("级次")
    at = models.DateTimeField("时间")
    since = models.DateTimeField("起算时间", null=True)

    PRIVACY = dict.fromkeys(("case", "due_at", "step", "at", "since"), Privacy.INTERNAL)


class Setting(models.Model):
    """A rule of oversight that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", primary_key=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("key", "value"), Privacy.INTERNAL)
