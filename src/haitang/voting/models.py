from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core import crypto
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below, path_of
from haitang.voting.lifecycle import BEFORE, PUBLIC, TAKING, Status
from haitang.voting.values import COUNTING, BallotKind, Basis, Both, Permission, Standing, Via

STAFF = tuple(each for each in Permission if each != Permission.SETTINGS)
NAME, DOCUMENT, HOME = "voting.entry.name", "voting.entry.document", "voting.entry.household"
"""The contexts under which who is on the roll is sealed."""


class VoteQuerySet(models.QuerySet):
    """The vocabulary of lists of votes."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas whose votes the viewer prepares or looks after."""
        areas = {area for permission in STAFF for area in viewer.areas(permission)}
        return self if EVERYWHERE in areas else self.filter(below(sorted(areas)))

    def public(self) -> Self:
        """Narrow to those that have been opened."""
        return self.filter(status__in=PUBLIC)


class Vote(models.Model):
    """One question put to the residents of an area.

    paper: what is fixed and published at opening, whole: options, limits, rule, seed, electorate, both keys' public
    halves; digest: its SHA-256, which is in the history before the first ballot. Until then it is a draft of it.
    first_id: the account that proposed opening or closing, which another has to confirm. key_one, key_two: public
    halves of the holders' keys. result, root: what the count came to; published whole by `queries.file_of`.
    """

    title = models.TextField("标题")
    words = models.TextField("说明", default="")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    kind = models.TextField("投票方式", choices=BallotKind)
    basis = models.TextField("谁有一票", choices=Basis)
    both = models.TextField("纸质与电子并存时", choices=Both)
    takes_strangers = models.BooleanField("可以先投票后核实", default=True)
    paper = models.JSONField("公布的选票与规则")
    digest = models.TextField("摘要", default="")
    status = models.TextField("状态", choices=Status, default=Status.DRAFT)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    first_id = models.BigIntegerField("提请人账号", null=True)
    key_one = models.BinaryField("第一把钥匙（公开的一半）", default=b"")
    key_two = models.BinaryField("第二把钥匙（公开的一半）", default=b"")
    opened_at = models.DateTimeField("开放时间", null=True)
    closed_at = models.DateTimeField("关闭时间", null=True)
    counted_at = models.DateTimeField("计票时间", null=True)
    root = models.TextField("选票根", default="")
    result = models.JSONField("结果", default=dict)
    tally = models.JSONField("名册人数", default=dict)
    erased_at = models.DateTimeField("名册个人信息删除时间", null=True)

    PRIVACY = {
        **dict.fromkeys(
            (
                "title", "words", "area", "area_ids", "kind", "basis", "both", "takes_strangers", "paper", "digest",
                "status", "opens_at", "closes_at", "key_one", "key_two", "opened_at", "closed_at", "counted_at", "root",
                "result", "tally",
            ),
            Privacy.PUBLIC,
        ),
        **dict.fromkeys(("id", "erased_at"), Privacy.INTERNAL),
        "first_id": Privacy.PERSONAL,
    }  # fmt: skip

    objects = VoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("closes_at").desc(), F("id").desc(), name="voting_closes")]
        constraints = [
            models.CheckConstraint(name="voting_times", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="voting_open_is_fixed",
                condition=Q(status__in=BEFORE)
                | (Q(opened_at__isnull=False) & ~Q(digest="") & ~Q(key_one=b"") & ~Q(key_two=b"")),
            ),
            models.CheckConstraint(
                name="voting_counted_is_published",
                condition=~Q(status=Status.COUNTED) | (Q(counted_at__isnull=False) & ~Q(root="")),
            ),
        ]

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)

    @property
    def options(self) -> list[dict[str, Any]]:
        """Return the options as they stand on the paper."""
        found: list[dict[str, Any]] = self.paper["options"]
        return found

    @property
    def takes_ballots(self) -> bool:
        """Whether it is open as far as its state goes; the published end is another question."""
        return self.status in TAKING


class Entry(models.Model):
    """Somebody on the roll of one vote.

    document_index, household_index: whole keyed digests within this vote, so that the database keeps people and homes
    apart; erased with the names. code_hash: of the code handed over, b"" where there is none. has_voted: written at
    the count, for all at once; until then whether an envelope is there says so.
    """

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="entries", db_index=False)
    number = models.IntegerField("序号")
    standing = models.TextField("资格", choices=Standing)
    name_sealed = models.BinaryField("姓名", default=b"")
    document_sealed = models.BinaryField("证件号或电话", default=b"")
    household_sealed = models.BinaryField("住址", default=b"")
    document_index = models.BinaryField("证件（盲索引）", default=b"")
    household_index = models.BinaryField("住户（盲索引）", default=b"")
    code_hash = models.BinaryField("投票码（摘要）", default=b"")
    has_voted = models.BooleanField("已投票", default=False)
    reason = models.TextField("不予核实的原因", default="")

    SEALED_FOR = {"name_sealed": NAME, "document_sealed": DOCUMENT, "household_sealed": HOME}
    PRIVACY = {
        **dict.fromkeys(("id", "vote", "number", "standing"), Privacy.INTERNAL),
        **dict.fromkeys(("has_voted", "reason"), Privacy.PERSONAL),
        **dict.fromkeys(
            ("name_sealed", "document_sealed", "household_sealed", "document_index", "household_index"),
            Privacy.SENSITIVE,
        ),
        "code_hash": Privacy.SECRET,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "number"], name="voting_entry_number"),
            models.UniqueConstraint(
                fields=["vote", "document_index"], name="voting_one_person",
                condition=Q(standing__in=COUNTING) & ~Q(document_index=b""),
            ),
            models.UniqueConstraint(fields=["vote", "code_hash"], name="voting_code", condition=~Q(code_hash=b"")),
        ]  # fmt: skip

    @property
    def name(self) -> str:
        """Return the name in full."""
        return crypto.open_(self.name_sealed, NAME)

    @property
    def document(self) -> str:
        """Return the document's number in full."""
        return crypto.open_(self.document_sealed, DOCUMENT)

    @property
    def household(self) -> str:
        """Return the home's address in full."""
        return crypto.open_(self.household_sealed, HOME)


class Envelope(models.Model):
    """What one person has in the box until the count: an encrypted ballot, or the word that paper has come.

    One row for a person, one for a household: so the database keeps the second vote out, whichever way it comes. It
    bears no time and no sequence. Under paper an electronic ballot stays sealed, so that it is there again where paper
    was noted for the wrong person; only electronic ones are opened. All rows of a vote go at once at the count.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="envelope")
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="+")
    household_index = models.BinaryField("住户（盲索引）", null=True)
    via = models.TextField("方式", choices=Via)
    sealed = models.BinaryField("封存的选票", default=b"")

    PRIVACY = {
        **dict.fromkeys(("entry", "vote", "via"), Privacy.PERSONAL),
        "household_index": Privacy.SENSITIVE,
        "sealed": Privacy.SECRET,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vote", "household_index"], name="voting_one_household",
                condition=Q(household_index__isnull=False),
            ),
            models.CheckConstraint(
                name="voting_envelope_is_sealed",
                condition=Q(via=Via.PAPER) | (Q(via__in=(Via.ELECTRONIC, Via.ASIDE)) & ~Q(sealed=b"")),
            ),
            models.CheckConstraint(
                name="voting_aside_keeps_nobody_out", condition=~Q(via=Via.ASIDE) | Q(household_index=None)
            ),
        ]  # fmt: skip


class PaperSheet(models.Model):
    """A ballot of paper, known by the number printed on it and by nothing that leads to a person.

    first, second: what two different people read on it; agreed: what counts, once both say the same or a third person
    has decided; `VOID` for what the rules make void. The accounts are of staff.
    """

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="sheets", db_index=False)
    serial = models.TextField("纸质票编号")
    first = models.JSONField("第一次录入")
    first_by_id = models.BigIntegerField("第一次录入账号")
    second = models.JSONField("第二次录入", null=True)
    second_by_id = models.BigIntegerField("第二次录入账号", null=True)
    agreed = models.JSONField("认定的内容", null=True)
    third_by_id = models.BigIntegerField("复核账号", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "vote", "serial", "first", "second", "agreed"), Privacy.INTERNAL),
        **dict.fromkeys(("first_by_id", "second_by_id", "third_by_id"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "serial"], name="voting_sheet_serial"),
            models.CheckConstraint(
                name="voting_two_people", condition=Q(second_by_id=None) | ~Q(second_by_id=F("first_by_id"))
            ),
            models.CheckConstraint(
                name="voting_third_person",
                condition=Q(third_by_id=None) | (~Q(third_by_id=F("first_by_id")) & ~Q(third_by_id=F("second_by_id"))),
            ),
        ]


class PublishedBallot(models.Model):
    """A ballot as anybody may read it. The key is the receipt's hash, which is random: rows stand in its order."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots", db_index=False)
    receipt = models.TextField("回执编号")
    marks = models.JSONField("选票内容")
    via = models.TextField("方式", choices=Via)

    PRIVACY = dict.fromkeys(("id", "vote", "receipt", "marks", "via"), Privacy.PUBLIC)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "receipt"], name="voting_receipt")]


class VotingSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
