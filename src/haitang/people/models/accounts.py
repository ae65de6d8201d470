from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from haitang.core import crypto, periods
from haitang.core.privacy import Privacy, mask_address, mask_phone
from haitang.people.values import Duty, PostKind, permission_names

PHONE = "people.person.phone"
ADDRESS = "people.person.address"


class Person(models.Model):
    """Somebody who works for the community, or who keeps an account as a resident.

    Telephone and home address are sealed (core.crypto) and opened only here and by unmask_person.
    Never kept: religion, ethnicity, political views, scores.
    """

    name = models.TextField("姓名")
    phone_sealed = models.BinaryField("电话（密文）", default=b"")
    phone_index = models.BinaryField("电话（盲索引）", default=b"")
    address_sealed = models.BinaryField("住址（密文）", default=b"")

    SEALED_FOR = {"phone_sealed": PHONE, "address_sealed": ADDRESS}
    PRIVACY = {
        "name": Privacy.PERSONAL, "phone_sealed": Privacy.SENSITIVE, "phone_index": Privacy.SENSITIVE,
        "address_sealed": Privacy.SENSITIVE,
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["phone_index"], condition=~Q(phone_index=b""), name="people_person_phone"),
            models.Index(fields=["name", "id"], name="people_person_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone(self) -> str:
        """The full number, for actions and look-up; pages show phone_masked."""
        return crypto.open_(self.phone_sealed, PHONE)

    @phone.setter
    def phone(self, plain: str) -> None:
        self.phone_sealed, self.phone_index = crypto.seal(plain, PHONE), crypto.blind_index(plain, PHONE)

    @property
    def address(self) -> str:
        """The full home address; pages show address_masked."""
        return crypto.open_(self.address_sealed, ADDRESS)

    @address.setter
    def address(self, plain: str) -> None:
        self.address_sealed = crypto.seal(plain, ADDRESS)

    @property
    def phone_masked(self) -> str:
        """The number as it is shown: 138****1234."""
        return mask_phone(self.phone)

    @property
    def address_masked(self) -> str:
        """The address as it is shown: 太平路***."""
        return mask_address(self.address)


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by their natural key; accounts are made by people.actions."""


class Account(AbstractBaseUser):
    """A way to sign in, belonging to one person. What it may do is said by its grants, never by a flag.

    person: None for accounts of other systems. must_change_password: somebody else chose the present one.
    password_changed_at: when its owner chose the present one; null where nobody has, or a program did.
    """

    username = models.TextField("账号", unique=True)
    name = models.TextField("姓名")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True)
    person = models.OneToOneField(Person, models.PROTECT, verbose_name="人员", null=True, related_name="account")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    PRIVACY = {
        "username": Privacy.PERSONAL, "name": Privacy.PERSONAL, "is_active": Privacy.INTERNAL,
        "must_change_password": Privacy.INTERNAL, "password_changed_at": Privacy.INTERNAL, "person": Privacy.PERSONAL,
        "password": Privacy.SECRET, "last_login": Privacy.PERSONAL,
    }  # fmt: skip

    objects = AccountManager()

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"


class Holding(models.Model):
    """A person holds a post from a day until before another; None: until further notice.

    kind, area_id: the post's, copied here when it is taken up, because the constraint "one worker at a
    time in each grid" cannot look into another table. is_main: for whom the person acts, of several posts.
    """

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="人员", related_name="holdings")
    post = models.ForeignKey("organizations.Post", models.PROTECT, verbose_name="岗位", related_name="+")
    kind = models.TextField("岗位类别")
    area_id = models.BigIntegerField("责任区域", null=True)
    is_main = models.BooleanField("主要岗位", default=False)
    from_date = models.DateField("起始日期")
    to_date = models.DateField("终止日期", null=True)

    PRIVACY = {
        "person": Privacy.PERSONAL, "post": Privacy.INTERNAL, "kind": Privacy.INTERNAL, "area_id": Privacy.INTERNAL,
        "is_main": Privacy.INTERNAL, "from_date": Privacy.PERSONAL, "to_date": Privacy.PERSONAL,
    }  # fmt: skip

    class Meta:
        constraints = [
            periods.in_order(name="people_holding_period"),
            periods.one_at_a_time(name="people_holding_once", per=["person", "post"]),
            periods.one_at_a_time(
                name="people_holding_one_worker_per_grid",
                per=["area_id"],
                where=Q(kind=PostKind.GRID_WORKER.value, area_id__isnull=False),
            ),
        ]


class Role(models.Model):
    """A named set of permissions. What it allows where is said by the grants.

    duty: which of the three administrators, "" for ordinary work; follows from the permissions.
    is_shipped: as shipped, untouched here; a newer release may bring it up to date.
    """

    code = models.TextField("代码", unique=True)
    name = models.TextField("名称")
    description = models.TextField("说明", default="")
    duty = models.TextField("管理员类别", choices=[(d.value, d.value) for d in Duty], default=Duty.NONE)
    is_shipped = models.BooleanField("系统预置", default=False)

    PRIVACY = {
        "code": Privacy.INTERNAL, "name": Privacy.INTERNAL, "description": Privacy.INTERNAL,
        "duty": Privacy.INTERNAL, "is_shipped": Privacy.INTERNAL,
    }  # fmt: skip

    def __str__(self) -> str:
        return self.name


class RolePermission(models.Model):
    """One permission of a role."""

    role = models.ForeignKey(Role, models.CASCADE, verbose_name="角色", related_name="permissions")
    permission = models.TextField("权限")

    PRIVACY = {"role": Privacy.INTERNAL, "permission": Privacy.INTERNAL}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="people_rolepermission_once")]


class Grant(models.Model):
    """An account may do what a role (or one permission) says: over an area with all below it, over an
    organization, or, with neither, everywhere; from a day until before another.

    given_by_id: the account that gave it, None for the system; who that was is in the history.
    duty: the role's or permission's, copied here, so that the database itself keeps the three
    administrators apart: one such grant for each account at a time.
    """

    account = models.ForeignKey(Account, models.PROTECT, verbose_name="账号", related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, verbose_name="角色", null=True, related_name="grants")
    permission = models.TextField("权限", default="")
    duty = models.TextField("管理员类别", default=Duty.NONE)
    area = models.ForeignKey("territory.Area", models.PROTECT, verbose_name="区域", null=True, related_name="+")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, verbose_name="单位", null=True, related_name="+"
    )
    from_date = models.DateField("起始日期")
    to_date = models.DateField("终止日期", null=True)
    given_by_id = models.BigIntegerField("授权人", null=True)
    reason = models.TextField("理由")

    PRIVACY = {
        "account": Privacy.PERSONAL, "role": Privacy.INTERNAL, "permission": Privacy.INTERNAL,
        "duty": Privacy.INTERNAL, "area": Privacy.INTERNAL, "organization": Privacy.INTERNAL,
        "from_date": Privacy.INTERNAL, "to_date": Privacy.INTERNAL, "given_by_id": Privacy.PERSONAL,
        "reason": Privacy.PERSONAL,
    }  # fmt: skip

    class Meta:
        constraints = [
            periods.in_order(name="people_grant_period"),
            models.CheckConstraint(
                condition=Q(role__isnull=False, permission="") | (Q(role__isnull=True) & ~Q(permission="")),
                name="people_grant_role_or_permission",
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(organization__isnull=True), name="people_grant_one_scope"
            ),
            periods.one_at_a_time(name="people_grant_one_administrator", per=["account"], where=~Q(duty="")),
        ]
        indexes = [models.Index(fields=["permission"], name="people_grant_permission")]

    @property
    def permission_name(self) -> str:
        """The single permission's Chinese name."""
        return permission_names().get(self.permission, self.permission)


class Delegation(models.Model):
    """Somebody's deputy (代办、AB岗) from a day until before another: may act in their place, with what they hold.

    Nothing is copied: what the deputy may do is what the other holds at that moment, so it can never be more, and it
    ends with the period, or with either account.
    """

    account = models.ForeignKey(Account, models.PROTECT, verbose_name="委托人", related_name="+")
    deputy = models.ForeignKey(Account, models.PROTECT, verbose_name="代办人", related_name="+")
    from_date = models.DateField("起始日期")
    to_date = models.DateField("终止日期")
    given_by_id = models.BigIntegerField("安排人", null=True)
    reason = models.TextField("理由")

    PRIVACY = {
        **dict.fromkeys(("account", "deputy", "given_by_id", "reason"), Privacy.PERSONAL),
        **dict.fromkeys(("from_date", "to_date"), Privacy.INTERNAL),
    }

    class Meta:
        constraints = [
            periods.in_order(name="people_delegation_period"),
            models.CheckConstraint(condition=~Q(account=models.F("deputy")), name="people_delegation_another"),
            periods.one_at_a_time(name="people_delegation_one_deputy", per=["account"]),
        ]
        indexes = [models.Index(fields=["deputy", "to_date"], name="people_delegation_deputy")]

    @property
    def last_date(self) -> date:
        """The last day on which the deputy stands in."""
        return self.to_date - timedelta(days=1)


class ApiToken(models.Model):
    """A key with which another program acts as an account. Only its SHA-256 is kept.

    scopes: what it may do of all that the account may, "cases:read" (values.scope_of); null: all of it.
    last_used_date: the day only, to find unused tokens; when exactly somebody worked is nobody's business.
    """

    account = models.ForeignKey(Account, models.PROTECT, verbose_name="账号", related_name="tokens")
    name = models.TextField("名称")
    token_hash = models.BinaryField("令牌摘要", unique=True)
    scopes = models.JSONField("范围", null=True)
    created_at = models.DateTimeField("创建时间")
    expires_at = models.DateTimeField("到期时间", null=True)
    revoked_at = models.DateTimeField("吊销时间", null=True)
    last_used_date = models.DateField("最近使用日期", null=True)

    PRIVACY = {
        "account": Privacy.PERSONAL, "name": Privacy.INTERNAL, "token_hash": Privacy.SECRET, "scopes": Privacy.INTERNAL,
        "created_at": Privacy.INTERNAL, "expires_at": Privacy.INTERNAL, "revoked_at": Privacy.INTERNAL,
        "last_used_date": Privacy.INTERNAL,
    }  # fmt: skip


class Notice(models.Model):
    """Something an account is told of: the bell at the top of the page.

    text: the sentence with {places}, translated when shown; parts: what goes into the places.
    key: who sends twice under one key tells once.
    in_place_of: of a deputy, whom it was meant for; null where it is meant for the account itself.
    """

    account = models.ForeignKey(Account, models.CASCADE, verbose_name="账号", related_name="+")
    in_place_of = models.ForeignKey(
        Account, models.CASCADE, null=True, verbose_name="代办谁", related_name="+", db_index=False
    )
    key = models.TextField("去重键")
    text = models.TextField("内容")
    parts = models.JSONField("变量", default=dict)
    url = models.TextField("链接", default="")
    subject_type = models.TextField("对象类型", default="")
    subject_id = models.BigIntegerField("对象", null=True)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True)

    PRIVACY = {
        "account": Privacy.PERSONAL, "in_place_of": Privacy.PERSONAL, "key": Privacy.INTERNAL,
        "text": Privacy.INTERNAL, "parts": Privacy.PERSONAL, "url": Privacy.INTERNAL,
        "subject_type": Privacy.INTERNAL, "subject_id": Privacy.INTERNAL,
        "at": Privacy.INTERNAL, "read_at": Privacy.PERSONAL,
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="people_notice_once")]
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="people_notice_account"),
            models.Index(fields=["account"], condition=Q(read_at=None), name="people_notice_unread"),
        ]
