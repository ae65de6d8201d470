from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below, path_of
from haitang.opinions.lifecycle import StatementStatus, Status
from haitang.opinions.values import Answer, Permission, Who

KEY, AUTHOR = "opinions.conversation.key", "opinions.statement.author"
"""The contexts under which keys, and authors who are to be told, are sealed."""


class ConversationQuerySet(models.QuerySet):
    """The vocabulary of lists of conversations."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas whose conversations the viewer sees as staff."""
        permissions = (Permission.VIEW, Permission.MANAGE, Permission.MODERATE)
        areas = {area for permission in permissions for area in viewer.areas(permission)}
        return self if EVERYWHERE in areas else self.filter(below(sorted(areas)))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))


class Conversation(models.Model):
    """A question on which people agree and disagree with one another's statements, from when it opens until it closes.

    key_sealed: from it and an account the number is made under which somebody answers; destroyed at the close, and
    with it the last way from an answer to a person. people, votes: as published; None until the close.
    """

    title = models.TextField("议题")
    words = models.TextField("说明", default="")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    who = models.TextField("谁可以参加", choices=Who)
    status = models.TextField("状态", choices=Status, default=Status.DRAFT)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    started_at = models.DateTimeField("新建时间")
    closed_at = models.DateTimeField("结束时间", null=True)
    key_sealed = models.BinaryField("编号密钥（密文）", default=b"")
    people = models.IntegerField("参与人数", null=True)
    votes = models.IntegerField("表态数", null=True)

    SEALED_FOR = {"key_sealed": KEY}
    PRIVACY = {
        **dict.fromkeys(
            (
                "title", "words", "area", "area_ids", "who", "status", "opens_at", "closes_at", "closed_at", "people",
                "votes",
            ),
            Privacy.PUBLIC,
        ),
        **dict.fromkeys(("id", "started_at"), Privacy.INTERNAL),
        "key_sealed": Privacy.SECRET,
    }  # fmt: skip

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("started_at").desc(), F("id").desc(), name="opinions_started"),
            models.Index(fields=["closes_at"], name="opinions_closing", condition=Q(status=Status.OPEN)),
        ]
        constraints = [
            models.CheckConstraint(name="opinions_period", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="opinions_closed_forgets",
                condition=~Q(status=Status.CLOSED)
                | Q(key_sealed=b"", closed_at__isnull=False, people__isnull=False, votes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)


class Statement(models.Model):
    """One sentence to agree or disagree with.

    participant: the number of who wrote it, by which they find it again; "" for staff's, and after the close.
    author_sealed: the account to be told whether it is shown, only until it was told.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="statements")
    words = models.TextField("观点")
    is_seed = models.BooleanField("工作人员添加", default=False)
    status = models.TextField("状态", choices=StatementStatus)
    reason = models.TextField("不公开的原因", default="")
    participant = models.TextField("提出人编号", default="", db_collation="C")
    author_sealed = models.BinaryField("待通知的账号（密文）", default=b"")

    SEALED_FOR = {"author_sealed": AUTHOR}
    PRIVACY = {
        **dict.fromkeys(("words", "is_seed"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "conversation", "status", "reason", "participant"), Privacy.INTERNAL),
        "author_sealed": Privacy.SENSITIVE,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "words"], name="opinions_said_once",
                condition=~Q(status=StatementStatus.DENIED),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words


class Vote(models.Model):
    """What the bearer of a number says of a statement: one row for both, whatever they change their mind to.

    id: at random, so that it tells nothing of when, and nothing else of it does. participant: a keyed digest of
    the account while the conversation is open; a number drawn at random from then on.
    """

    id = models.UUIDField(primary_key=True)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="votes", db_index=False)
    participant = models.TextField("编号", db_collation="C")
    answer = models.SmallIntegerField("表态", choices=Answer)

    PRIVACY = {
        "id": Privacy.INTERNAL, "statement": Privacy.INTERNAL, "participant": Privacy.INTERNAL,
        "answer": Privacy.PUBLIC,
    }  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["participant"], name="opinions_participant")]
        constraints = [
            models.UniqueConstraint(fields=["statement", "participant"], name="opinions_one_vote"),
            models.CheckConstraint(name="opinions_answers", condition=Q(answer__in=Answer.values)),
        ]


class Landscape(models.Model):
    """What came out for a conversation when its groups were found last. print: of the votes from which.

    found: groups, statements, consensus and bridges, as queries.results reads them.
    """

    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="landscape")
    computed_at = models.DateTimeField("计算时间")
    print = models.TextField("表态摘要")
    people = models.IntegerField("参与人数")
    votes = models.IntegerField("表态数")
    found = models.JSONField("结果")

    PRIVACY = {
        **dict.fromkeys(("id", "conversation", "computed_at", "print"), Privacy.INTERNAL),
        **dict.fromkeys(("people", "votes", "found"), Privacy.PUBLIC),
    }


class Standing(models.Model):
    """In which group the bearer of a number is; -1 in none. Found anew whenever votes have come."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="standings", db_index=False)
    participant = models.TextField("编号", db_collation="C")
    group = models.SmallIntegerField("组")

    PRIVACY = {
        **dict.fromkeys(("id", "conversation", "participant"), Privacy.INTERNAL), "group": Privacy.PUBLIC,
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "participant"], name="opinions_one_standing")]


class OpinionSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
