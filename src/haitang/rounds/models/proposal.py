from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from haitang.core import crypto
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below, path_of
from haitang.rounds.lifecycle import PUBLIC, MergerStatus, Status
from haitang.rounds.models.round import STAFF, Pot, Round
from haitang.rounds.values import Channel, Feasibility

NAME, PHONE = "rounds.proposal.name", "rounds.proposal.phone"
"""The contexts under which who has proposed is sealed."""


class ProposalQuerySet(models.QuerySet):
    """The vocabulary of lists of proposals."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas whose proposals the viewer works with."""
        areas = {area for permission in STAFF for area in viewer.areas(permission)}
        return self if EVERYWHERE in areas else self.filter(below(sorted(areas), "pot__area_ids"))

    def public(self) -> Self:
        """Narrow to those that anybody may read."""
        return self.filter(status__in=PUBLIC)


class Proposal(models.Model):
    """One micro-project that somebody asks for, from when it is handed in until it is chosen or not.

    number: within its round. district: the area below the pot's in which it lies, "" for none; limits go by it.
    account_id: of the author, None where it came on paper or by phone. price_fen: the officer's; voted on is the price,
    where there is one, else the estimate. clauses: of the lists as they read when it was checked. exclusive: proposals
    of a pot with the same word here are not chosen together. into: the one that it was merged into.
    option: its number on the ballot. result: votes, the reason and what would have been enough.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="proposals", db_index=False)
    pot = models.ForeignKey(Pot, models.PROTECT, related_name="proposals")
    number = models.IntegerField("编号")
    title = models.TextField("项目名称")
    words = models.TextField("做什么、为什么")
    category = models.TextField("类别")
    area = models.ForeignKey(
        "territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="所在区域"
    )
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    district = models.TextField("片区", default="")
    place = models.TextField("地点", default="")
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    cost_fen = models.BigIntegerField("估算造价（分）")
    status = models.TextField("状态", choices=Status)
    channel = models.TextField("来源", choices=Channel)
    account_id = models.BigIntegerField("提案人账号", null=True)
    entered_by_id = models.BigIntegerField("录入账号", null=True)
    name_sealed = models.BinaryField("提案人", default=b"")
    phone_sealed = models.BinaryField("提案人电话", default=b"")
    handed_in_at = models.DateTimeField("提交时间")
    feasibility = models.TextField("可行性", choices=Feasibility, default="")
    price_fen = models.BigIntegerField("核定造价（分）", null=True)
    opinion = models.TextField("部门意见", default="")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="承办单位"
    )
    appraised_at = models.DateTimeField("出具意见时间", null=True)
    clauses = models.JSONField("对照清单", default=list)
    checked_at = models.DateTimeField("初审时间", null=True)
    reason = models.TextField("未通过或撤回的原因", default="")
    exclusive = models.TextField("互斥组", default="")
    into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    option = models.TextField("选票编号", default="")
    result = models.JSONField("结果", default=dict)
    project = models.OneToOneField("projects.Project", models.PROTECT, null=True, related_name="+")

    SEALED_FOR = {"name_sealed": NAME, "phone_sealed": PHONE}
    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "round", "pot", "number", "title", "words", "category", "area", "area_ids", "district", "place",
                "lon", "lat", "cost_fen", "status", "channel", "feasibility", "price_fen", "opinion", "organization",
                "clauses", "exclusive", "into", "option", "result", "project",
            ),
            Privacy.PUBLIC,
        ),
        **dict.fromkeys(("handed_in_at", "appraised_at", "checked_at"), Privacy.INTERNAL),
        **dict.fromkeys(("account_id", "entered_by_id", "reason"), Privacy.PERSONAL),
        **dict.fromkeys(("name_sealed", "phone_sealed"), Privacy.SENSITIVE),
    }  # fmt: skip

    objects = ProposalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account_id"], name="rounds_author", condition=Q(account_id__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="rounds_proposal_number"),
            models.CheckConstraint(
                name="rounds_proposal_costs", condition=Q(cost_fen__gt=0) & (Q(price_fen=None) | Q(price_fen__gt=0))
            ),
            models.CheckConstraint(
                name="rounds_proposal_point",
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
            ),
            models.CheckConstraint(
                name="rounds_merged_into",
                condition=Q(status=Status.MERGED, into__isnull=False) | (~Q(status=Status.MERGED) & Q(into=None)),
            ),
            models.CheckConstraint(
                name="rounds_on_ballot_has_option",
                condition=~Q(status__in=[Status.ON_BALLOT, Status.CHOSEN, Status.NOT_CHOSEN]) | ~Q(option=""),
            ),
            models.CheckConstraint(
                name="rounds_project_of_chosen", condition=Q(project=None) | Q(status=Status.CHOSEN)
            ),
        ]  # fmt: skip

    @property
    def area_path(self) -> str:
        """Return the path of the area in which it lies."""
        return path_of(self.area_ids)

    @property
    def asked_fen(self) -> int:
        """Return what it is voted on with: the officer's price, else the author's estimate."""
        return self.price_fen or self.cost_fen

    @property
    def name(self) -> str:
        """Return the author's name in full."""
        return crypto.open_(self.name_sealed, NAME)

    @property
    def phone(self) -> str:
        """Return the author's telephone in full."""
        return crypto.open_(self.phone_sealed, PHONE)


class ProposalPhoto(models.Model):
    """A photo of a proposal, known by its content."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="photos", db_index=False)
    digest = models.TextField("内容摘要")

    PRIVACY = {**dict.fromkeys(("id", "proposal"), Privacy.INTERNAL), "digest": Privacy.PUBLIC}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "digest"], name="rounds_photo_once")]


class CoProposer(models.Model):
    """Somebody who stands behind a proposal with its author: an account, or a name on paper."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="co_proposers", db_index=False)
    account_id = models.BigIntegerField("账号", null=True)
    name_sealed = models.BinaryField("姓名", default=b"")

    SEALED_FOR = {"name_sealed": NAME}
    PRIVACY = {
        **dict.fromkeys(("id", "proposal"), Privacy.INTERNAL),
        "account_id": Privacy.PERSONAL,
        "name_sealed": Privacy.SENSITIVE,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "account_id"], name="rounds_joins_once", condition=Q(account_id__isnull=False)
            )
        ]


class Merger(models.Model):
    """Similar proposals to become one, once the author of each has agreed; undone as long as none is on a ballot."""

    target = models.ForeignKey(Proposal, models.PROTECT, related_name="mergers")
    status = models.TextField("状态", choices=MergerStatus)
    reason = models.TextField("理由")
    begun_at = models.DateTimeField("提出时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    PRIVACY = dict.fromkeys(("id", "target", "status", "reason", "begun_at", "ended_at"), Privacy.INTERNAL)


class MergerPart(models.Model):
    """A proposal of a merger, the target included. agreed: what its author said, None for nothing yet.

    before: its status before it was merged. is_live: the merger holds it; a proposal is in one live merger at most.
    by_staff: the word came by telephone or on paper, and was noted by staff; how: in words.
    """

    merger = models.ForeignKey(Merger, models.PROTECT, related_name="parts", db_index=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    agreed = models.BooleanField("同意", null=True)
    by_staff = models.BooleanField("工作人员代记", default=False)
    how = models.TextField("代记说明", default="")
    before = models.TextField("原状态", default="")
    is_live = models.BooleanField("有效", default=True)

    PRIVACY = {
        **dict.fromkeys(("id", "merger", "proposal", "agreed", "by_staff", "before", "is_live"), Privacy.INTERNAL),
        "how": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merger", "proposal"], name="rounds_merger_part"),
            models.UniqueConstraint(fields=["proposal"], name="rounds_one_merger", condition=Q(is_live=True)),
        ]


class Remark(models.Model):
    """What a resident says to a proposal while it is published, and what the office answers."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="remarks", db_index=True)
    account_id = models.BigIntegerField("居民账号", null=True)
    words = models.TextField("意见")
    said_at = models.DateTimeField("提出时间")
    answer = models.TextField("答复", default="")
    answered_at = models.DateTimeField("答复时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "proposal", "said_at", "answered_at"), Privacy.INTERNAL),
        **dict.fromkeys(("account_id", "words", "answer"), Privacy.PERSONAL),
    }
