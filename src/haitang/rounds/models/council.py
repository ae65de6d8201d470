from django.db import models
from django.db.models import Q

from haitang.core.privacy import Privacy
from haitang.rounds.models.proposal import Proposal
from haitang.rounds.models.round import Pot
from haitang.rounds.values import Choice


class Sitting(models.Model):
    """A sitting of the council that judges the proposals of a pot. closed_at: then hands are counted and removed.

    members, present, needed: as counted at the end; needed: of those present.
    """

    pot = models.ForeignKey(Pot, models.PROTECT, related_name="sittings")
    held_on = models.DateField("会议日期")
    place = models.TextField("地点", default="")
    minutes = models.TextField("会议记录", default="")
    opened_at = models.DateTimeField("开始时间")
    closed_at = models.DateTimeField("结束时间", null=True)
    members = models.IntegerField("应到", default=0)
    present = models.IntegerField("实到", default=0)
    needed = models.IntegerField("法定到会人数", default=0)

    PRIVACY = {
        **dict.fromkeys(("held_on", "place", "members", "present", "needed"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "pot", "minutes", "opened_at", "closed_at"), Privacy.INTERNAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pot"], name="rounds_one_open_sitting", condition=Q(closed_at=None)),
            models.CheckConstraint(
                name="rounds_sitting_counted", condition=Q(present__gte=0) & Q(members__gte=models.F("present"))
            ),
        ]


class Seat(models.Model):
    """A member of the council in one sitting. account_id: who gives hands themselves; others through the keeper."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="seats", db_index=False)
    position = models.SmallIntegerField("顺序")
    name = models.TextField("成员")
    account_id = models.BigIntegerField("账号", null=True)
    is_present = models.BooleanField("到会", default=False)

    PRIVACY = {
        **dict.fromkeys(("id", "sitting", "position", "is_present"), Privacy.INTERNAL),
        **dict.fromkeys(("name", "account_id"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [
            models.Index(fields=["account_id"], name="rounds_seat_account", condition=Q(account_id__isnull=False))
        ]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "position"], name="rounds_seat_position"),
            models.UniqueConstraint(
                fields=["sitting", "account_id"], name="rounds_one_seat", condition=Q(account_id__isnull=False)
            ),
        ]


class Agenda(models.Model):
    """A proposal before a sitting. yes, no, abstained, passed: as counted at its end; passed None: not decided."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="agenda", db_index=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="agenda")
    yes = models.IntegerField("赞成", default=0)
    no = models.IntegerField("反对", default=0)
    abstained = models.IntegerField("弃权", default=0)
    passed = models.BooleanField("通过", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "sitting", "proposal"), Privacy.INTERNAL),
        **dict.fromkeys(("yes", "no", "abstained", "passed"), Privacy.PUBLIC),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "proposal"], name="rounds_agenda_once")]


class Hand(models.Model):
    """What a member says to a proposal, until the sitting is closed; then only numbers are left."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="hands", db_index=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    choice = models.TextField("表决", choices=Choice)

    PRIVACY = dict.fromkeys(("id", "seat", "proposal", "choice"), Privacy.PERSONAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "proposal"], name="rounds_one_hand")]
