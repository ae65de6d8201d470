from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core import crypto
from haitang.core.access import Actor
from haitang.core.privacy import Privacy
from haitang.patrols.models.patrol import ByArea
from haitang.patrols.values import NeedKind, Permission

ROOM, VALUE = "patrols.household.room", "patrols.known.value"
"""The contexts under which a room and what is known of a household are sealed."""


class HouseholdQuerySet(ByArea):
    """The vocabulary of lists of households."""

    def visible_to(self, viewer: Actor) -> "HouseholdQuerySet":
        """Narrow to the areas in which the viewer makes visits."""
        return self.within(viewer, Permission.VISIT)


class Household(models.Model):
    """A home that was visited: a building or grid, and a room in words; no list of who lives there.

    room_index: keyed blind index of area and room, confirmed by opening `room_sealed`.
    """

    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="楼栋或网格")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    room_sealed = models.BinaryField("房号")
    room_index = models.BinaryField("房号索引")
    opened_on = models.DateField("建立日期")

    SEALED_FOR = {"room_sealed": ROOM}
    PRIVACY = {
        **dict.fromkeys(("id", "area", "area_ids", "opened_on"), Privacy.INTERNAL),
        **dict.fromkeys(("room_sealed", "room_index"), Privacy.SENSITIVE),
    }

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area", "room_index"], name="patrols_household_room")]

    @property
    def room(self) -> str:
        """Return the room in words."""
        return crypto.open_(self.room_sealed, ROOM)


class KnownField(models.Model):
    """Something that a household has agreed to leave, with where and when it was said, until its day of deletion.

    form: which form asked for it. value_index: of a telephone, so that other forms find the household.
    """

    household = models.ForeignKey(Household, models.CASCADE, related_name="known")
    key = models.TextField("信息项")
    value_sealed = models.BinaryField("内容")
    value_index = models.BinaryField("内容索引", null=True, db_index=True)
    learned_on = models.DateField("采集日期")
    confirmed_on = models.DateField("确认日期")
    form = models.TextField("来源表单")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="采集单位"
    )
    keep_until = models.DateField("保存至")

    SEALED_FOR = {"value_sealed": VALUE}
    PRIVACY = {
        **dict.fromkeys(
            ("id", "household", "key", "learned_on", "confirmed_on", "form", "organization", "keep_until"),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("value_sealed", "value_index"), Privacy.SENSITIVE),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "key"], name="patrols_known_once")]

    @property
    def value(self) -> str:
        """Return what was said."""
        return crypto.open_(self.value_sealed, VALUE)


class VisitQuerySet(ByArea):
    """The vocabulary of lists of visits."""

    def visible_to(self, viewer: Actor) -> "VisitQuerySet":
        """Narrow to the areas in which the viewer makes visits."""
        return self.within(viewer, Permission.VISIT)


class Visit(models.Model):
    """One visit to a home, by its day; who came is not kept with it. entry_key: of the one entry, sent perhaps twice.

    learned: the fields that were told at this visit. consented: whether the household agreed to leave them.
    """

    household = models.ForeignKey(Household, models.CASCADE, related_name="visits")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    entry_key = models.UUIDField("录入编号", unique=True)
    on = models.DateField("日期")
    entered_at = models.DateTimeField("录入时间")
    words = models.TextField("走访情况", default="")
    consented = models.BooleanField("同意留下信息", default=False)
    learned = ArrayField(models.TextField(), verbose_name="采集项", default=list)
    confirmed = models.SmallIntegerField("确认项数", default=0)
    keep_until = models.DateField("保存至")

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "household", "area_ids", "entry_key", "on", "entered_at", "consented", "learned", "confirmed",
                "keep_until",
            ),
            Privacy.INTERNAL,
        ),
        "words": Privacy.PERSONAL,
    }  # fmt: skip

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("entered_at").desc(), F("id").desc(), name="patrols_visit_entered")]


class Need(models.Model):
    """Something that a household asked for at a visit: a case, or a wish that is granted nearby."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="needs")
    kind = models.TextField("处理方式", choices=NeedKind)
    words = models.TextField("诉求")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", verbose_name="案件")
    granted_on = models.DateField("实现日期", null=True)
    answer = models.TextField("办理情况", default="")

    PRIVACY = {
        **dict.fromkeys(("id", "visit", "kind", "case", "granted_on"), Privacy.INTERNAL),
        **dict.fromkeys(("words", "answer"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="patrols_need_case",
                condition=Q(kind=NeedKind.CASE, case__isnull=False, granted_on__isnull=True)
                | Q(kind=NeedKind.WISH, case__isnull=True),
            )
        ]


class Asked(models.Model):
    """A household was asked for something, by a form of an organization; never by whom. was_known: needlessly."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="+")
    key = models.TextField("信息项")
    form = models.TextField("表单")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    on = models.DateField("日期", db_index=True)
    was_known = models.BooleanField("当时已知", default=False)

    PRIVACY = dict.fromkeys(("id", "household", "key", "form", "organization", "on", "was_known"), Privacy.INTERNAL)
