"""Owners' committees with their members and terms, and joint meetings."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.owners.models.estates import Estate
from haitang.owners.values import Party, Seat


class Committee(models.Model):
    """An owners' committee (业主委员会) for one term. until: the last day; one term at a time."""

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="committees")
    name = models.TextField("名称")
    from_date = models.DateField("任期开始")
    until = models.DateField("任期届满")

    PRIVACY = {**dict.fromkeys(("id", "estate"), Privacy.INTERNAL),
               **dict.fromkeys(("name", "from_date", "until"), Privacy.PUBLIC)}  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(name="owners_committee_term", condition=Q(until__gte=F("from_date"))),
            models.UniqueConstraint(fields=["estate", "from_date"], name="owners_committee_once"),
        ]


class CommitteeMember(models.Model):
    """Somebody on an owners' committee; who they are is announced in the estate. until: None while they serve."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="members")
    name = models.TextField("姓名")
    seat = models.TextField("职务", choices=Seat)
    from_date = models.DateField("任职开始")
    until = models.DateField("离任", null=True)

    PRIVACY = {**dict.fromkeys(("id", "committee", "seat", "from_date", "until"), Privacy.INTERNAL),
               "name": Privacy.PERSONAL}  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"], name="owners_member_once", condition=Q(until=None)
            ),
            models.UniqueConstraint(
                fields=["committee"], name="owners_one_chair", condition=Q(until=None, seat=Seat.CHAIR)
            ),
            models.CheckConstraint(name="owners_member_term", condition=Q(until=None) | Q(until__gte=F("from_date"))),
        ]  # fmt: skip


class JointMeeting(models.Model):
    """A joint meeting (3+3+N): community, committee and property company, and whoever else is asked.

    others: the N, by name of unit. minutes: "" until they are written.
    """

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="meetings")
    title = models.TextField("议题")
    at = models.DateTimeField("时间")
    place = models.TextField("地点", default="")
    agenda = models.TextField("议程")
    others = ArrayField(models.TextField(), verbose_name="其他参加单位", default=list)
    minutes = models.TextField("纪要", default="")
    minuted_at = models.DateTimeField("纪要登记时间", null=True)

    PRIVACY = {**dict.fromkeys(("id", "estate", "at", "place", "others", "minuted_at"), Privacy.INTERNAL),
               **dict.fromkeys(("title", "agenda", "minutes"), Privacy.PERSONAL)}  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["estate", "-at"], name="owners_meeting_at")]


class Resolution(models.Model):
    """What a joint meeting has agreed on: who sees to it by when, and that it is done."""

    meeting = models.ForeignKey(JointMeeting, models.PROTECT, related_name="resolutions")
    text = models.TextField("议定事项")
    party = models.TextField("责任方", choices=Party)
    due_on = models.DateField("完成期限", null=True)
    done_at = models.DateTimeField("办结时间", null=True)
    done = models.TextField("办理情况", default="")

    PRIVACY = {**dict.fromkeys(("id", "meeting", "party", "due_on", "done_at"), Privacy.INTERNAL),
               **dict.fromkeys(("text", "done"), Privacy.PERSONAL)}  # fmt: skip
