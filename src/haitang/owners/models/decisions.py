"""A decision with its questions, the roll frozen at its notice, and objections to it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.core.scoping import path_of
from haitang.owners.lifecycle import ObjectionStatus, Status
from haitang.owners.models.estates import Estate, Unit
from haitang.owners.values import Convener, Level, Precedence


class Decision(models.Model):
    """One vote of the owners of an estate, with one question or several.

    votes_from, votes_until: ballots given from the one on and before the other count.
    precedence, may_change, silent_follows: the rules, fixed at the notice. total_size, total_heads: of the roll.
    drawn_by_id: who has drawn the roll as it stands. corrected_at: when the roll last became another, or what counts
    was opened again (a paper ballot taken back, a code replaced): what upholding an objection asks for.
    opened_by_id: neither of announced_by_id and drawn_by_id; stopped_by_id, closed_by_id: two different accounts again.
    """

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="decisions")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    title = models.TextField("标题")
    body = models.TextField("说明", default="")
    convener = models.TextField("组织单位", choices=Convener)
    status = models.TextField("状态", choices=Status)
    votes_from = models.DateTimeField("表决开始")
    votes_until = models.DateTimeField("表决截止")
    planned_until = models.DateTimeField("原定截止")
    precedence = models.TextField("两种票不一致时", choices=Precedence)
    may_change = models.BooleanField("截止前可改票", default=True)
    silent_follows = models.BooleanField("未表态从多数", default=False)
    silent_basis = models.TextField("未表态从多数的依据", default="")
    total_size = models.BigIntegerField("总面积（0.01 平方米）", default=0)
    total_heads = models.IntegerField("总人数", default=0)
    drafted_at = models.DateTimeField("起草时间")
    announced_at = models.DateTimeField("公示时间", null=True)
    announced_by_id = models.BigIntegerField("公示人", null=True)
    drawn_by_id = models.BigIntegerField("生成名册的人", null=True)
    corrected_at = models.DateTimeField("名册或计票更正时间", null=True)
    opened_at = models.DateTimeField("开始时间", null=True)
    opened_by_id = models.BigIntegerField("确认开始的人", null=True)
    stopped_by_id = models.BigIntegerField("申请结束的人", null=True)
    closed_at = models.DateTimeField("结束时间", null=True)
    closed_by_id = models.BigIntegerField("确认结束的人", null=True)
    reason = models.TextField("取消原因", default="")

    PRIVACY = {
        **dict.fromkeys(
            (
                "estate", "title", "body", "convener", "votes_from", "votes_until", "planned_until", "precedence",
                "may_change", "silent_follows", "silent_basis", "total_size", "total_heads", "announced_at",
                "opened_at", "closed_at",
            ),
            Privacy.PUBLIC,
        ),
        **dict.fromkeys(("id", "area_ids", "status", "drafted_at", "corrected_at", "reason"), Privacy.INTERNAL),
        **dict.fromkeys(
            ("announced_by_id", "drawn_by_id", "opened_by_id", "stopped_by_id", "closed_by_id"), Privacy.PERSONAL
        ),
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["estate"], name="owners_decision_estate"),
            models.Index(F("announced_at").desc(), F("id").desc(), name="owners_decision_public"),
        ]
        constraints = [
            models.CheckConstraint(name="owners_decision_period", condition=Q(votes_until__gt=F("votes_from"))),
            models.CheckConstraint(
                name="owners_decision_opened_by_two",
                condition=Q(opened_by_id=None) | ~Q(opened_by_id=F("announced_by_id")),
            ),
            models.CheckConstraint(
                name="owners_decision_roll_by_two",
                condition=Q(opened_by_id=None) | Q(drawn_by_id=None) | ~Q(opened_by_id=F("drawn_by_id")),
            ),
            models.CheckConstraint(
                name="owners_decision_closed_by_two",
                condition=Q(closed_by_id=None) | ~Q(closed_by_id=F("stopped_by_id")),
            ),
            models.CheckConstraint(
                name="owners_decision_silent_basis", condition=Q(silent_follows=False) | ~Q(silent_basis="")
            ),
        ]

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)


class Question(models.Model):
    """One matter to be decided. item: 1 to 9, as article 278 counts them; level: what it needs by it."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="questions")
    number = models.SmallIntegerField("序号")
    item = models.SmallIntegerField("法定事项")
    level = models.TextField("通过条件", choices=Level)
    text = models.TextField("表决事项")

    PRIVACY = dict.fromkeys(("id", "decision", "number", "item", "level", "text"), Privacy.PUBLIC)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="owners_question_once"),
            models.CheckConstraint(name="owners_question_item", condition=Q(item__gte=1, item__lte=9)),
        ]


class RollEntry(models.Model):
    """One head of the roll, as frozen at the notice: its ballots count for all of its area.

    number: the serial number on the roll. size: 0.01 m². label: its units in words. names: of the owners.
    code_hash: of the code by which it votes; b"" before one is made. delivered_at: when the ballot has reached it.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="entries")
    number = models.IntegerField("名册序号")
    size = models.BigIntegerField("面积（0.01 平方米）")
    label = models.TextField("房屋")
    names = models.TextField("业主")
    owner_ids = ArrayField(models.BigIntegerField(), verbose_name="业主编号", default=list)
    is_builder = models.BooleanField("建设单位", default=False)
    code_hash = models.BinaryField("表决码摘要", default=b"")
    delivered_at = models.DateTimeField("送达时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "decision", "number", "size", "is_builder", "delivered_at"), Privacy.INTERNAL),
        **dict.fromkeys(("label", "names", "owner_ids"), Privacy.PERSONAL),
        "code_hash": Privacy.SECRET,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="owners_roll_once"),
            models.UniqueConstraint(fields=["code_hash"], name="owners_roll_code", condition=~Q(code_hash=b"")),
            models.CheckConstraint(name="owners_roll_size", condition=Q(size__gt=0)),
        ]


class RollUnit(models.Model):
    """A unit on the roll, with the area it had at the notice: on one entry of a decision and no other."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="roll_units")
    entry = models.ForeignKey(RollEntry, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    size = models.IntegerField("面积（0.01 平方米）")

    PRIVACY = dict.fromkeys(("id", "decision", "entry", "unit", "size"), Privacy.INTERNAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "unit"], name="owners_roll_unit_once")]


class Objection(models.Model):
    """What somebody has against the roll, or against how ballots are taken and counted.

    by: as they call themselves. unit: the first home of the owner who objected by code or account, None where the desk
    took it down; there is one open at a time for it.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="objections")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.TextField("提出人")
    text = models.TextField("异议")
    raised_at = models.DateTimeField("提出时间")
    status = models.TextField("状态", choices=ObjectionStatus)
    answer = models.TextField("答复", default="")
    settled_at = models.DateTimeField("答复时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "decision", "raised_at", "status", "settled_at"), Privacy.INTERNAL),
        **dict.fromkeys(("unit", "by", "text", "answer"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="owners_objection_answered",
                condition=Q(status=ObjectionStatus.RAISED, settled_at=None)
                | (~Q(status=ObjectionStatus.RAISED) & Q(settled_at__isnull=False) & ~Q(answer="")),
            ),
            models.UniqueConstraint(
                fields=["decision", "unit"], name="owners_objection_open_once",
                condition=Q(status=ObjectionStatus.RAISED, unit__isnull=False),
            ),
        ]  # fmt: skip
