from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core import crypto
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.core.privacy import Privacy
from haitang.core.scoping import below, path_of
from haitang.wishes.lifecycle import HOLDING, LIVE, PUBLIC, ClaimStatus, Status
from haitang.wishes.values import MINUTES_MAX, Channel, Contact, Permission

NAME, PHONE, ADDRESS = "wishes.wish.name", "wishes.wish.phone", "wishes.wish.address"
STORY, BETWEEN, CLAIMANT = "wishes.wish.story", "wishes.wish.between", "wishes.claim.phone"
"""The contexts under which what must stay within is sealed."""
STAFF = (Permission.VIEW, Permission.ENTER, Permission.CHECK)


class WishQuerySet(models.QuerySet):
    """The vocabulary of lists of wishes."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas whose wishes the viewer may see as staff."""
        areas = {area for permission in STAFF for area in viewer.areas(permission)}
        return self if EVERYWHERE in areas else self.filter(below(sorted(areas)))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))


class Wish(models.Model):
    """One wish of one family, from when it is entered until it is granted, and then without who it was.

    Public are title, kind, words, cost and the street or town that `area` lies in; nothing else ever is.
    account_id: of the family, None where a community entered it. entered_by_id: the account that typed it.
    cost_from, cost_to: yuan; both 0 for what costs nothing. story: how the family lives, for those who check alone.
    between: who hands things over. is_on_behalf: the community has confirmed in the family's place.
    erased_at: since when nothing says any more whose it was.
    """

    title = models.TextField("心愿")
    kind = models.TextField("类别")
    words = models.TextField("具体内容", default="")
    cost_from = models.IntegerField("估价下限（元）")
    cost_to = models.IntegerField("估价上限（元）")
    area = models.ForeignKey(
        "territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="所属区域"
    )
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    status = models.TextField("状态", choices=Status)
    channel = models.TextField("来源", choices=Channel)
    contact = models.TextField("联系方式", choices=Contact)
    account_id = models.BigIntegerField("家庭账号", null=True)
    entered_by_id = models.BigIntegerField("录入账号", null=True)
    name_sealed = models.BinaryField("家庭联系人", default=b"")
    phone_sealed = models.BinaryField("家庭电话", default=b"")
    phone_index = models.BinaryField("电话（盲索引）", default=b"")
    address_sealed = models.BinaryField("家庭住址", default=b"")
    story_sealed = models.BinaryField("家庭情况", default=b"")
    between_name = models.TextField("转交联系人", default="")
    between_phone_sealed = models.BinaryField("转交联系人电话", default=b"")
    consented_at = models.DateTimeField("家庭同意公开时间")
    entered_at = models.DateTimeField("登记时间")
    published_at = models.DateTimeField("发布时间", null=True)
    expires_at = models.DateTimeField("到期时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    reason = models.TextField("不予发布或撤回的原因", default="")
    is_on_behalf = models.BooleanField("社区代为确认", default=False)
    thanks = models.TextField("感谢的话", default="")
    thanked_at = models.DateTimeField("感谢时间", null=True)
    erased_at = models.DateTimeField("个人信息删除时间", null=True)

    SEALED_FOR = {
        "name_sealed": NAME,
        "phone_sealed": PHONE,
        "address_sealed": ADDRESS,
        "story_sealed": STORY,
        "between_phone_sealed": BETWEEN,
    }
    PRIVACY = {
        **dict.fromkeys(("title", "kind", "words", "cost_from", "cost_to"), Privacy.PUBLIC),
        **dict.fromkeys(
            (
                "id", "status", "channel", "contact", "consented_at", "entered_at", "published_at", "expires_at",
                "ended_at", "is_on_behalf", "thanked_at", "erased_at",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(
            ("area", "area_ids", "account_id", "entered_by_id", "between_name", "reason", "thanks"), Privacy.PERSONAL
        ),
        **dict.fromkeys(
            (
                "name_sealed", "phone_sealed", "phone_index", "address_sealed", "story_sealed", "between_phone_sealed",
            ),
            Privacy.SENSITIVE,
        ),
    }  # fmt: skip

    objects = WishQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("entered_at").desc(), F("id").desc(), name="wishes_entered"),
            models.Index(
                F("published_at").desc(), F("id").desc(), name="wishes_public", condition=Q(status__in=PUBLIC)
            ),
            models.Index(fields=["account_id"], name="wishes_account", condition=Q(account_id__isnull=False)),
            models.Index(fields=["expires_at"], name="wishes_expiring", condition=Q(status=Status.OPEN)),
            models.Index(
                fields=["ended_at"], name="wishes_to_erase", condition=Q(ended_at__isnull=False, erased_at=None)
            ),
            models.Index(fields=["phone_index"], name="wishes_phone", condition=~Q(phone_index=b"")),
        ]
        constraints = [
            models.CheckConstraint(
                name="wishes_cost", condition=Q(cost_from__gte=0, cost_to__gte=F("cost_from"))
            ),
            models.CheckConstraint(
                name="wishes_public_since", condition=~Q(status__in=PUBLIC) | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="wishes_erased_is_erased",
                condition=Q(erased_at=None)
                | Q(
                    name_sealed=b"", phone_sealed=b"", phone_index=b"", address_sealed=b"", story_sealed=b"",
                    between_name="", between_phone_sealed=b"", account_id=None, reason="", thanks="",
                ),
            ),
        ]  # fmt: skip

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"XY{local_date(self.entered_at):%Y}-{self.pk:05d}"

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)

    @property
    def name(self) -> str:
        """Return who speaks for the family, in full."""
        return crypto.open_(self.name_sealed, NAME)

    @property
    def phone(self) -> str:
        """Return the family's telephone in full."""
        return crypto.open_(self.phone_sealed, PHONE)

    @property
    def address(self) -> str:
        """Return where the family lives, in full."""
        return crypto.open_(self.address_sealed, ADDRESS)

    @property
    def story(self) -> str:
        """Return how the family lives."""
        return crypto.open_(self.story_sealed, STORY)

    @property
    def between_phone(self) -> str:
        """Return the telephone of who hands things over, in full."""
        return crypto.open_(self.between_phone_sealed, BETWEEN)


class Claim(models.Model):
    """A wish claimed by one person, or by one unit through one of its accounts.

    volunteer: the person's entry in the register, if there is one: their hours go there. name: as the community and
    the family read it. remind_at, due_at: when whose turn it is is reminded, and when the wish is open again.
    minutes: what the person has spent on it, as they say; None for none.
    """

    wish = models.ForeignKey(Wish, models.PROTECT, related_name="claims")
    account_id = models.BigIntegerField("认领账号")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="认领单位"
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="+", verbose_name="志愿者"
    )
    name = models.TextField("认领人")
    phone_sealed = models.BinaryField("认领人电话")
    words = models.TextField("认领时说的话", default="")
    status = models.TextField("状态", choices=ClaimStatus)
    claimed_at = models.DateTimeField("认领时间")
    answered_at = models.DateTimeField("社区答复时间", null=True)
    started_at = models.DateTimeField("开始准备时间", null=True)
    delivered_at = models.DateTimeField("送达时间", null=True)
    delivery = models.TextField("送达情况", default="")
    minutes = models.SmallIntegerField("用时（分钟）", null=True)
    remind_at = models.DateTimeField("提醒时间", null=True)
    due_at = models.DateTimeField("期限", null=True)
    feedback = models.TextField("认领人的话", default="")
    ended_at = models.DateTimeField("结束时间", null=True)
    reason = models.TextField("未确认或放弃的原因", default="")

    SEALED_FOR = {"phone_sealed": CLAIMANT}
    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "wish", "organization", "status", "claimed_at", "answered_at", "started_at", "delivered_at",
                "minutes", "remind_at", "due_at", "ended_at",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(
            ("account_id", "volunteer", "name", "words", "delivery", "feedback", "reason"), Privacy.PERSONAL
        ),
        "phone_sealed": Privacy.SENSITIVE,
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["account_id"], name="wishes_claim_account"),
            models.Index(fields=["remind_at"], name="wishes_claim_remind", condition=Q(remind_at__isnull=False)),
            models.Index(fields=["due_at"], name="wishes_claim_due", condition=Q(due_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["wish"], condition=Q(status__in=HOLDING), name="wishes_claimed_by_one"),
            models.CheckConstraint(
                name="wishes_claim_times",
                condition=Q(status__in=LIVE, ended_at=None)
                | (~Q(status__in=LIVE) & Q(ended_at__isnull=False, remind_at=None, due_at=None)),
            ),
            models.CheckConstraint(
                name="wishes_claim_one_sort", condition=Q(organization=None) | Q(volunteer=None)
            ),
            models.CheckConstraint(
                name="wishes_claim_minutes",
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=MINUTES_MAX),
            ),
        ]  # fmt: skip

    @property
    def phone(self) -> str:
        """Return the claimant's telephone in full."""
        return crypto.open_(self.phone_sealed, CLAIMANT)


class WishSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
