from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below, path_of
from haitang.rounds.values import BallotRule, ClauseKind, Permission

STAFF = tuple(each for each in Permission if each != Permission.SETTINGS)


class RoundQuerySet(models.QuerySet):
    """The vocabulary of lists of rounds."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to rounds with a pot where the viewer works with them, drafts included."""
        areas = {area for permission in STAFF for area in viewer.areas(permission)}
        if EVERYWHERE in areas:
            return self
        scope = below(sorted(areas))
        return self.filter(scope | Q(pk__in=Pot.objects.filter(scope).values("round_id")))

    def public(self) -> Self:
        """Narrow to those that were published."""
        return self.filter(published_at__isnull=False)


class Round(models.Model):
    """A round of micro-projects in an area. ballot: a BallotRule, published with it. published_at: None for a draft."""

    title = models.TextField("名称")
    words = models.TextField("说明", default="")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    ballot = models.JSONField("投票和计票规则")
    numbers = models.IntegerField("已编提案号", default=0)
    made_at = models.DateTimeField("建立时间")
    published_at = models.DateTimeField("发布时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "title", "words", "area", "area_ids", "ballot", "published_at"), Privacy.PUBLIC),
        **dict.fromkeys(("numbers", "made_at"), Privacy.INTERNAL),
    }

    objects = RoundQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("made_at").desc(), F("id").desc(), name="rounds_latest")]

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)

    @property
    def rule(self) -> BallotRule:
        """Return how its votes go."""
        return BallotRule.of(self.ballot)


class Phase(models.Model):
    """A phase of a round; both days belong to it. tasks: what it permits. source: where the office has it from."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="phases", db_index=False)
    position = models.SmallIntegerField("顺序")
    name = models.TextField("阶段")
    begins_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    tasks = ArrayField(models.TextField(), verbose_name="可以办理", default=list)
    source = models.TextField("依据", default="")

    PRIVACY = dict.fromkeys(
        ("id", "round", "position", "name", "begins_on", "ends_on", "tasks", "source"), Privacy.PUBLIC
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="rounds_phase_position"),
            models.CheckConstraint(name="rounds_phase_days", condition=Q(ends_on__gte=F("begins_on"))),
        ]


class Pot(models.Model):
    """Money of a round for one area. vote: which decides on it, None until its ballot is prepared.

    outcome: what came of it, with fairness figures, as `actions.publish_outcome` writes it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="pots", db_index=False)
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    budget_fen = models.BigIntegerField("资金（分）")
    vote = models.OneToOneField("voting.Vote", models.PROTECT, null=True, related_name="+", verbose_name="投票")
    published_at = models.DateTimeField("结果公布时间", null=True)
    outcome = models.JSONField("结果", default=dict)

    PRIVACY = dict.fromkeys(
        ("id", "round", "area", "area_ids", "budget_fen", "vote", "published_at", "outcome"), Privacy.PUBLIC
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "area"], name="rounds_one_pot"),
            models.CheckConstraint(name="rounds_pot_has_money", condition=Q(budget_fen__gt=0)),
        ]

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)


class OwnClause(models.Model):
    """A clause that the office has added, or one that was shipped and is used no more. is_used: whether it stands."""

    code = models.TextField("编号", unique=True)
    kind = models.TextField("清单", choices=ClauseKind)
    text = models.TextField("内容")
    source = models.TextField("依据", default="")
    is_used = models.BooleanField("使用中", default=True)

    PRIVACY = dict.fromkeys(("id", "code", "kind", "text", "source", "is_used"), Privacy.PUBLIC)


class RoundSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
