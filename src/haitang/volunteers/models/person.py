from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from haitang.core import crypto, periods
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy, mask_phone
from haitang.core.scoping import below
from haitang.volunteers.values import Management, MemberClass, Permission, Via

PHONE = "volunteers.volunteer.phone"
"""The context under which telephones are sealed."""


class VolunteerQuerySet(models.QuerySet):
    """The vocabulary of lists of volunteers."""

    def visible_to(self, viewer: Actor, permission: str = Permission.VIEW) -> Self:
        """Narrow to those who live in the viewer's areas or work in the viewer's units."""
        areas = viewer.areas(permission)
        if EVERYWHERE in areas:
            return self
        return self.filter(below(areas) | Q(unit_id__in=viewer.organizations(permission)))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))

    def standing(self) -> Self:
        """Leave out those who have withdrawn."""
        return self.filter(withdrawn_at=None)


class Volunteer(models.Model):
    """Somebody who has agreed to be asked for help; once withdrawn, a row about nobody, kept for the counts.

    account: of the person, None for those without one; their code (only its hash is kept) opens their entry then.
    phone_index: keyed blind index, confirmed by opening `phone_sealed`; see `actions` for "nobody stands here twice".
    skills, languages, forces: codes of the catalogue. times: slots of the week, empty where not said.
    reach_m: how far from home they help, metres. consent: the version of the text that was agreed to, and when.
    """

    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="账号")
    name = models.TextField("姓名")
    phone_sealed = models.BinaryField("电话（密文）", default=b"")
    phone_index = models.BinaryField("电话（盲索引）", default=b"")
    code_hash = models.BinaryField("查询码摘要", default=b"")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="居住网格")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    unit = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    skills = ArrayField(models.TextField(), verbose_name="技能", default=list)
    languages = ArrayField(models.TextField(), verbose_name="语言", default=list)
    forces = ArrayField(models.TextField(), verbose_name="先锋力量", default=list)
    times = ArrayField(models.SmallIntegerField(), verbose_name="方便的时间", default=list)
    reach_m = models.IntegerField("服务范围（米）")
    wants_calls = models.BooleanField("愿意应急召唤", default=False)
    via = models.TextField("登记方式", choices=Via)
    consent_version = models.TextField("同意书版本")
    consented_at = models.DateTimeField("同意时间")
    registered_at = models.DateTimeField("登记时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    SEALED_FOR = {"phone_sealed": PHONE}
    PRIVACY = {
        **dict.fromkeys(
            (
                "account", "name", "unit", "skills", "languages", "forces", "times", "reach_m", "wants_calls",
                "area", "area_ids",
            ),
            Privacy.PERSONAL,
        ),
        **dict.fromkeys(
            ("id", "via", "consent_version", "consented_at", "registered_at", "withdrawn_at"), Privacy.INTERNAL
        ),
        **dict.fromkeys(("phone_sealed", "phone_index"), Privacy.SENSITIVE),
        "code_hash": Privacy.SECRET,
    }  # fmt: skip

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(account__isnull=False), name="volunteers_one_per_account"
            ),
            models.CheckConstraint(
                name="volunteers_withdrawn_is_erased",
                condition=Q(withdrawn_at=None)
                | Q(
                    account=None, name="", phone_sealed=b"", phone_index=b"", code_hash=b"", unit=None, skills=[],
                    languages=[], forces=[], times=[], wants_calls=False,
                ),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["phone_index"], condition=~Q(phone_index=b""), name="volunteers_phone"),
            models.Index(F("registered_at").desc(), F("id").desc(), name="volunteers_registered"),
            models.Index(fields=["unit"], condition=Q(unit__isnull=False), name="volunteers_unit"),
            models.Index(fields=["area"], condition=Q(withdrawn_at=None), name="volunteers_area"),
            GinIndex(fields=["skills"], name="volunteers_skills"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """Return the number under which the person finds their entry: V0000123."""
        return f"V{self.pk:07d}"

    @property
    def phone(self) -> str:
        """The full number, for actions; pages show phone_masked."""
        return crypto.open_(self.phone_sealed, PHONE)

    @phone.setter
    def phone(self, plain: str) -> None:
        self.phone_sealed, self.phone_index = crypto.seal(plain, PHONE), crypto.blind_index(plain, PHONE)

    @property
    def phone_masked(self) -> str:
        """The number as it is shown: 138****1234."""
        return mask_phone(self.phone)


class Membership(models.Model):
    """How a member is tied to the branches from a day until before another: one tie at a time, so counted once.

    home_branch: where the membership is. community_branch: where they live and have reported to.
    """

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="memberships", verbose_name="登记人")
    member_class = models.TextField("类别", choices=MemberClass)
    management = models.TextField("管理方式", choices=Management)
    home_branch = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="组织关系所在支部"
    )
    community_branch = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="报到的社区支部"
    )
    from_date = models.DateField("起始日期")
    to_date = models.DateField("终止日期", null=True)

    PRIVACY = dict.fromkeys(
        ("id", "volunteer", "member_class", "management", "home_branch", "community_branch", "from_date", "to_date"),
        Privacy.PERSONAL,
    )

    class Meta:
        constraints = [
            periods.in_order(name="volunteers_membership_period"),
            periods.one_at_a_time(name="volunteers_membership_one_at_a_time", per=["volunteer"]),
            models.CheckConstraint(
                name="volunteers_membership_words",
                condition=Q(member_class__in=MemberClass.values, management__in=Management.values),
            ),
            models.CheckConstraint(
                name="volunteers_membership_somewhere",
                condition=Q(home_branch__isnull=False) | Q(community_branch__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["home_branch"], name="volunteers_membership_home"),
            models.Index(fields=["community_branch"], name="volunteers_membership_comm"),
        ]
