"""Ballots, the two readings of paper ones, and what came of them."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.owners.lifecycle import SheetStatus
from haitang.owners.models.decisions import Question, RollEntry
from haitang.owners.values import Channel, Choice


class Ballot(models.Model):
    """What one head has said to one question, by one of the two ways. Named: owners' votes are not secret by law.

    counts: of a head's ballots on a question one counts; which, where both ways were used, the rule fixed before the
    vote says. given_at: when it was first given this way; changed_at: when last.
    """

    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="ballots")
    question = models.ForeignKey(Question, models.PROTECT, related_name="ballots")
    channel = models.TextField("方式", choices=Channel)
    choice = models.TextField("意见", choices=Choice)
    counts = models.BooleanField("是否计入")
    given_at = models.DateTimeField("投票时间")
    changed_at = models.DateTimeField("最后修改时间")

    PRIVACY = {
        **dict.fromkeys(("id", "question", "channel", "counts", "given_at", "changed_at"), Privacy.INTERNAL),
        **dict.fromkeys(("entry", "choice"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "question", "channel"], name="owners_ballot_once_each_way"),
            models.UniqueConstraint(
                fields=["entry", "question"], name="owners_ballot_counts_once", condition=Q(counts=True)
            ),
        ]


class PaperSheet(models.Model):
    """A paper ballot, typed in twice by two people who do not see each other's reading.

    handed_in_at: when the desk has got it. first, second: by question id what each has read; a question left blank or
    not readable is missing. second, second_handed_in_at: None before the second reading.
    settled, settled_by_id: what a third person has seen on the paper where the two differ.
    """

    entry = models.OneToOneField(RollEntry, models.PROTECT, related_name="paper")
    handed_in_at = models.DateTimeField("收到时间")
    status = models.TextField("状态", choices=SheetStatus)
    first = models.JSONField("第一遍")
    first_by_id = models.BigIntegerField("第一遍录入人")
    second = models.JSONField("第二遍", null=True)
    second_by_id = models.BigIntegerField("第二遍录入人", null=True)
    second_handed_in_at = models.DateTimeField("第二遍录入的收到时间", null=True)
    settled = models.TextField("核对说明", default="")
    settled_by_id = models.BigIntegerField("核对人", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "handed_in_at", "second_handed_in_at", "status"), Privacy.INTERNAL),
        **dict.fromkeys(
            ("entry", "first", "first_by_id", "second", "second_by_id", "settled", "settled_by_id"), Privacy.PERSONAL
        ),
    }  # fmt: skip

    @property
    def times_differ(self) -> bool:
        """Whether the two have read different times of receipt, to the minute."""
        return self.second_handed_in_at is not None and _minute(self.second_handed_in_at) != _minute(self.handed_in_at)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="owners_paper_by_two", condition=Q(second_by_id=None) | ~Q(second_by_id=F("first_by_id"))
            ),
            models.CheckConstraint(
                name="owners_paper_read_twice", condition=Q(status=SheetStatus.ONCE) | Q(second_by_id__isnull=False)
            ),
            models.CheckConstraint(
                name="owners_paper_settled_by_third",
                condition=Q(settled_by_id=None)
                | ~(Q(settled_by_id=F("first_by_id")) | Q(settled_by_id=F("second_by_id"))),
            ),
        ]


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


class Outcome(models.Model):
    """What came of a question, as computed at the close. Areas in 0.01 m².

    silent: those whom the ballot has reached and who have not voted. passed_with_silent: with these counted with the
    majority, None where the owners' rules do not say so.
    """

    question = models.OneToOneField(Question, models.PROTECT, related_name="outcome")
    total_size = models.BigIntegerField("总面积")
    total_heads = models.IntegerField("总人数")
    yes_size = models.BigIntegerField("同意面积")
    yes_heads = models.IntegerField("同意人数")
    no_size = models.BigIntegerField("反对面积")
    no_heads = models.IntegerField("反对人数")
    abstain_size = models.BigIntegerField("弃权面积")
    abstain_heads = models.IntegerField("弃权人数")
    silent_size = models.BigIntegerField("已送达未表态面积")
    silent_heads = models.IntegerField("已送达未表态人数")
    contradictions = models.IntegerField("两种票不一致的户数")
    passed = models.BooleanField("是否通过")
    passed_with_silent = models.BooleanField("未表态从多数时是否通过", null=True)

    PRIVACY = dict.fromkeys(
        (
            "id", "question", "total_size", "total_heads", "yes_size", "yes_heads", "no_size", "no_heads",
            "abstain_size", "abstain_heads", "silent_size", "silent_heads", "contradictions", "passed",
            "passed_with_silent",
        ),
        Privacy.PUBLIC,
    )  # fmt: skip
