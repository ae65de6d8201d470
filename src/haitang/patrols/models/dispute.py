from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core import crypto
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.patrols.lifecycle import DisputeStatus
from haitang.patrols.models.patrol import ByArea
from haitang.patrols.values import PartyRole, Permission

NAME, PHONE = "patrols.party.name", "patrols.party.phone"
"""The contexts under which the names and telephones of parties are sealed."""


class DisputeQuerySet(ByArea):
    """The vocabulary of lists of disputes."""

    def visible_to(self, viewer: Actor) -> "DisputeQuerySet":
        """Narrow to the areas where the viewer mediates; confidential ones to those trusted, and their mediators."""
        rows = self.within(viewer, Permission.MEDIATE)
        trusted = viewer.areas(Permission.CONFIDENTIAL_DISPUTES)
        if EVERYWHERE in trusted:
            return rows
        own = Q(pk__in=Mediator.objects.filter(account_id=viewer.id).values("dispute_id")) if viewer.id else Q(pk=0)
        return rows.filter(Q(is_confidential=False) | below(trusted) | own)


class Dispute(models.Model):
    """A quarrel that somebody mediates, from the hearing to what came of the agreement.

    kind: one of the setting `dispute_kinds`. outcome_words: the agreement's text, or why there is none.
    """

    area = models.ForeignKey(
        "territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="所属区域"
    )
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    kind = models.TextField("纠纷类型")
    matter = models.TextField("纠纷事由")
    place = models.TextField("地点", default="")
    is_confidential = models.BooleanField("保密", default=False)
    status = models.TextField("状态", choices=DisputeStatus, default=DisputeStatus.OPEN)
    opened_at = models.DateTimeField("登记时间")
    concluded_on = models.DateField("办结日期", null=True)
    outcome_words = models.TextField("协议或结果", default="")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", verbose_name="关联案件")

    PRIVACY = {
        **dict.fromkeys(
            ("id", "area", "area_ids", "kind", "is_confidential", "status", "opened_at", "concluded_on", "case"),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("matter", "place", "outcome_words"), Privacy.PERSONAL),
    }

    objects = DisputeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("opened_at").desc(), F("id").desc(), name="patrols_dispute_opened")]
        constraints = [
            models.CheckConstraint(
                name="patrols_dispute_concluded",
                condition=Q(status=DisputeStatus.OPEN, concluded_on__isnull=True)
                | (~Q(status=DisputeStatus.OPEN) & Q(concluded_on__isnull=False)),
            )
        ]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"JF{local_date(self.opened_at):%Y%m}-{self.pk:05d}"


class Party(models.Model):
    """One side of a dispute; name and telephone are sealed."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="parties")
    role = models.TextField("身份", choices=PartyRole)
    name_sealed = models.BinaryField("姓名")
    phone_sealed = models.BinaryField("电话", null=True)

    SEALED_FOR = {"name_sealed": NAME, "phone_sealed": PHONE}
    PRIVACY = {
        **dict.fromkeys(("id", "dispute", "role"), Privacy.INTERNAL),
        **dict.fromkeys(("name_sealed", "phone_sealed"), Privacy.SENSITIVE),
    }

    @property
    def name(self) -> str:
        """Return the name in full."""
        return crypto.open_(self.name_sealed, NAME)

    @property
    def phone(self) -> str:
        """Return the telephone in full, "" where none was given."""
        return crypto.open_(self.phone_sealed, PHONE) if self.phone_sealed else ""


class Mediator(models.Model):
    """An account that mediates a dispute."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="mediators")
    account_id = models.BigIntegerField("账号", db_index=True)
    name = models.TextField("姓名")

    PRIVACY = {
        **dict.fromkeys(("id", "dispute"), Privacy.INTERNAL),
        **dict.fromkeys(("account_id", "name"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispute", "account_id"], name="patrols_mediator_once")]


class Session(models.Model):
    """One meeting of the parties with a mediator."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="sessions")
    on = models.DateField("日期")
    words = models.TextField("调解记录")

    PRIVACY = {"id": Privacy.INTERNAL, "dispute": Privacy.INTERNAL, "on": Privacy.INTERNAL, "words": Privacy.PERSONAL}


class FollowUp(models.Model):
    """A day on which somebody asks whether the agreement is kept."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="follow_ups")
    due_on = models.DateField("回访日期")
    done_on = models.DateField("完成日期", null=True)
    is_kept = models.BooleanField("协议是否履行", null=True)
    words = models.TextField("回访情况", default="")
    is_told = models.BooleanField("已提醒", default=False)

    PRIVACY = {
        **dict.fromkeys(("id", "dispute", "due_on", "done_on", "is_told"), Privacy.INTERNAL),
        **dict.fromkeys(("is_kept", "words"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["due_on"], name="patrols_followup_due", condition=Q(done_on__isnull=True))]
        constraints = [models.UniqueConstraint(fields=["dispute", "due_on"], name="patrols_followup_once")]
