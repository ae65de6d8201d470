"""Estates, their units, and who owns them."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core import crypto
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below, path_of
from haitang.owners.values import SIZE_MAX, Basis, Permission, UnitKind, UnitState

PHONE, IDENTITY = "owners.owner.phone", "owners.owner.identity"
"""The contexts under which what must stay within is sealed."""
STAFF = (Permission.VIEW, Permission.KEEP, Permission.PREPARE, Permission.CLOSE, Permission.ENTER)


class EstateQuerySet(models.QuerySet):
    """The vocabulary of lists of estates."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas whose estates the viewer may see as staff."""
        areas = {area for permission in STAFF for area in viewer.areas(permission)}
        return self if EVERYWHERE in areas else self.filter(below(sorted(areas)))


class Estate(models.Model):
    """A housing estate (小区), whose owners decide jointly.

    builder: who built it and holds what is not sold. company: the organization that manages it.
    silent_follows: the owners' own rules count a silent owner with the majority; silent_basis: which clause says so.
    """

    name = models.TextField("小区名称")
    area = models.ForeignKey(
        "territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="所属区域"
    )
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    address = models.TextField("地址", default="")
    builder = models.TextField("建设单位", default="")
    company = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="物业服务企业"
    )
    silent_follows = models.BooleanField("未表态从多数", default=False)
    silent_basis = models.TextField("未表态从多数的依据", default="")
    entered_at = models.DateTimeField("登记时间")

    PRIVACY = {
        **dict.fromkeys(("name", "address", "builder", "company", "silent_follows", "silent_basis"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "area", "area_ids", "entered_at"), Privacy.INTERNAL),
    }

    objects = EstateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area"], name="owners_estate_area")]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="owners_estate_once"),
            models.CheckConstraint(
                name="owners_estate_silent_basis", condition=Q(silent_follows=False) | ~Q(silent_basis="")
            ),
        ]

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)


class Unit(models.Model):
    """A part of a building in separate ownership (专有部分). size: 0.01 m², taken from where basis says."""

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="units")
    building = models.TextField("楼栋")
    number = models.TextField("房号")
    kind = models.TextField("用途", choices=UnitKind)
    state = models.TextField("交付情况", choices=UnitState)
    size = models.IntegerField("专有部分面积（0.01 平方米）")
    basis = models.TextField("面积依据", choices=Basis)
    is_gone = models.BooleanField("已不在册", default=False)

    PRIVACY = dict.fromkeys(
        ("id", "estate", "building", "number", "kind", "state", "size", "basis", "is_gone"), Privacy.INTERNAL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "building", "number"], name="owners_unit_once"),
            models.CheckConstraint(name="owners_unit_size", condition=Q(size__gt=0, size__lte=SIZE_MAX)),
        ]

    @property
    def label(self) -> str:
        """Return how people call it."""
        return f"{self.building} {self.number}"


class Owner(models.Model):
    """Somebody who owns units of an estate, alone or with others. account_id: who may vote for them when signed in."""

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="owners")
    name = models.TextField("姓名或名称")
    identity_sealed = models.BinaryField("证件号码", default=b"")
    identity_index = models.BinaryField("证件号码（盲索引）", default=b"")
    phone_sealed = models.BinaryField("电话", default=b"")
    account_id = models.BigIntegerField("账号", null=True)

    SEALED_FOR = {"identity_sealed": IDENTITY, "phone_sealed": PHONE}
    PRIVACY = {
        **dict.fromkeys(("id", "estate"), Privacy.INTERNAL),
        **dict.fromkeys(("name", "account_id"), Privacy.PERSONAL),
        **dict.fromkeys(("identity_sealed", "identity_index", "phone_sealed"), Privacy.SENSITIVE),
    }

    class Meta:
        indexes = [models.Index(fields=["account_id"], name="owners_account", condition=Q(account_id__isnull=False))]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "account_id"], name="owners_account_once", condition=Q(account_id__isnull=False)
            )
        ]

    @property
    def phone(self) -> str:
        """Return the telephone in full."""
        return crypto.open_(self.phone_sealed, PHONE)

    @property
    def identity(self) -> str:
        """Return the number of the certificate in full."""
        return crypto.open_(self.identity_sealed, IDENTITY)


class Share(models.Model):
    """What of a unit an owner holds: part of `of` equal parts. For the register; jointly they are one head."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="shares")
    owner = models.ForeignKey(Owner, models.CASCADE, related_name="shares")
    part = models.IntegerField("份额")
    of = models.IntegerField("总份数")

    PRIVACY = dict.fromkeys(("id", "unit", "owner", "part", "of"), Privacy.PERSONAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "owner"], name="owners_share_once"),
            models.CheckConstraint(name="owners_share_part", condition=Q(part__gte=1, of__gte=F("part"))),
        ]


class OwnersSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
