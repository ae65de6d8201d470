"""What can have happened to people, accounts, roles and grants."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.people.values import permission_names, shipped_roles

Id = Annotated[int, Privacy.INTERNAL]
OptionalId = Annotated[int | None, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[list[str], Privacy.INTERNAL]
PersonalText = Annotated[str, Privacy.PERSONAL]
Day = Annotated[str | None, Privacy.INTERNAL]
Flag = Annotated[bool, Privacy.INTERNAL]


class _Fact(Fact):
    """What facts of people have in common: how their fields and the values of these read."""

    field_labels = {
        "account_id": _("账号"), "person_id": _("人员"), "role_id": _("角色"), "username": _("登录名"),
        "reason": _("理由"), "token_id": _("令牌"), "name": _("名称"), "grant_id": _("授权"), "role": _("角色"),
        "permission": _("权限"), "area_id": _("区域范围"), "organization_id": _("单位范围"),
        "from_date": _("起始日期"), "to_date": _("终止日期"), "permissions": _("权限"), "added": _("增加的权限"),
        "removed": _("减少的权限"), "changed": _("更改的项目"), "field": _("查看的项目"), "holding_id": _("任职"),
        "post_id": _("岗位"), "delegation_id": _("代办安排"), "deputy_id": _("代办人"),
        "address": _("网络地址"), "device": _("设备"), "is_locked": _("已锁定"), "kind": _("方式"),
        "setting_id": _("设置"), "key": _("设置项"), "before": _("改前"), "after": _("改后"),
        "elevation_id": _("临时权限"), "hours": _("小时数"), "until_at": _("终止时间"), "answer": _("答复"),
        "scopes": _("范围"),
    }  # fmt: skip
    field_words = {
        "role": {role.code: role.name for role in shipped_roles()},
        **dict.fromkeys(("permission", "permissions", "added", "removed"), permission_names()),
        **{key: {"name": _("姓名"), "phone": _("电话"), "address": _("住址")} for key in ("changed", "field")},
        "kind": {"totp": _("动态口令"), "webauthn": _("通行密钥"), "recovery_codes": _("恢复码")},
    }


class _OfAccount(_Fact):
    subject_type = "account"


class _OfPerson(_Fact):
    subject_type = "person"


class _OfRole(_Fact):
    subject_type = "role"


@dataclass(frozen=True)
class AccountCreated(_OfAccount):
    """Somebody can sign in from now on."""

    label = _("新建账号")
    account_id: Id
    username: PersonalText


@dataclass(frozen=True)
class AccountSwitchedOff(_OfAccount):
    """The account cannot be used any more, its tokens included."""

    label = _("停用账号")
    account_id: Id
    reason: PersonalText


@dataclass(frozen=True)
class AccountSwitchedOn(_OfAccount):
    """The account can be used again."""

    label = _("启用账号")
    account_id: Id


@dataclass(frozen=True)
class AccountErased(_OfAccount):
    """The account was closed for good at its owner's wish, and nothing is left that says whose it was."""

    label = _("注销账号")
    account_id: Id


@dataclass(frozen=True)
class PasswordReset(_OfAccount):
    """An administrator set a password that must be changed at the next sign-in."""

    label = _("重设密码")
    account_id: Id


@dataclass(frozen=True)
class PasswordChanged(_OfAccount):
    """The account's owner chose a new password."""

    label = _("修改密码")
    account_id: Id


@dataclass(frozen=True)
class TokenCreated(_OfAccount):
    """A token for the API was made."""

    label = _("新建接口令牌")
    account_id: Id
    token_id: Id
    name: Word
    scopes: Words


@dataclass(frozen=True)
class TokenRevoked(_OfAccount):
    """A token for the API is no longer accepted."""

    label = _("撤销接口令牌")
    account_id: Id
    token_id: Id


@dataclass(frozen=True)
class GrantGiven(_OfAccount):
    """The account was given a role or a permission. Neither area nor organization: everywhere."""

    label = _("授权")
    account_id: Id
    grant_id: Id
    role: Word
    permission: Word
    area_id: OptionalId
    organization_id: OptionalId
    from_date: Day
    to_date: Day
    reason: PersonalText


@dataclass(frozen=True)
class GrantMoved(_OfAccount):
    """A grant goes on with the new version of its area."""

    label = _("授权随区域更替")
    account_id: Id
    grant_id: Id
    area_id: Id


@dataclass(frozen=True)
class GrantRevoked(_OfAccount):
    """A grant was ended before its time."""

    label = _("撤销授权")
    account_id: Id
    grant_id: Id
    reason: PersonalText


@dataclass(frozen=True)
class RoleCreated(_OfRole):
    """There is a new role."""

    label = _("新建角色")
    role_id: Id
    role: Word
    permissions: Words


@dataclass(frozen=True)
class RoleChanged(_OfRole):
    """The role means something else from now on, for everybody who has it."""

    label = _("更改角色权限")
    role_id: Id
    role: Word
    added: Words
    removed: Words


@dataclass(frozen=True)
class PersonCreated(_OfPerson):
    """A person was entered."""

    label = _("登记人员")
    person_id: Id
    name: PersonalText


@dataclass(frozen=True)
class PersonChanged(_OfPerson):
    """Some of the person's data were changed; which, not to what."""

    label = _("更改人员信息")
    person_id: Id
    changed: Words


@dataclass(frozen=True)
class PersonUnmasked(_OfPerson):
    """Somebody looked at the person's full telephone number or address."""

    label = _("查看人员联系方式")
    person_id: Id
    field: Word
    reason: PersonalText


@dataclass(frozen=True)
class PersonAppointed(_OfPerson):
    """The person holds a post."""

    label = _("任职")
    person_id: Id
    holding_id: Id
    post_id: Id
    from_date: Day
    to_date: Day


@dataclass(frozen=True)
class PersonDismissed(_OfPerson):
    """The person's holding of a post ends."""

    label = _("离任")
    person_id: Id
    holding_id: Id
    post_id: Id
    to_date: Day
    reason: PersonalText


@dataclass(frozen=True)
class DelegationGiven(_OfAccount):
    """Somebody stands in for the account from a day until before another."""

    label = _("安排代办")
    account_id: Id
    delegation_id: Id
    deputy_id: Id
    from_date: Day
    to_date: Day
    reason: PersonalText


@dataclass(frozen=True)
class DelegationEnded(_OfAccount):
    """Nobody stands in for the account any more, before the day that was planned."""

    label = _("提前结束代办")
    account_id: Id
    delegation_id: Id
    deputy_id: Id


@dataclass(frozen=True)
class SignedIn(_OfAccount):
    """Somebody signed in with the account's password, and a second factor where it has one."""

    label = _("登录成功")
    account_id: Id
    address: PersonalText
    device: PersonalText


@dataclass(frozen=True)
class SignInFailed(_OfAccount):
    """A password was wrong. account_id: 0 where no account bears the name, which is not kept: it may be a password.

    is_locked: it was the one after which nobody signs in under the name for a while.
    """

    label = _("登录失败")
    account_id: Id
    address: PersonalText
    is_locked: Flag


@dataclass(frozen=True)
class CodeRefused(_OfAccount):
    """The password was right, the second factor was not."""

    label = _("双因素认证失败")
    account_id: Id
    address: PersonalText


@dataclass(frozen=True)
class LockLifted(_OfAccount):
    """An administrator let the account sign in again before its lock had run out."""

    label = _("解除登录锁定")
    account_id: Id


@dataclass(frozen=True)
class SessionEnded(_OfAccount):
    """The owner, or an administrator, ended one session of the account."""

    label = _("结束一处登录")
    account_id: Id


@dataclass(frozen=True)
class SessionsEnded(_OfAccount):
    """Every session of the account was ended, or all but the one in which that was asked."""

    label = _("结束全部登录")
    account_id: Id
    reason: PersonalText


@dataclass(frozen=True)
class FactorAdded(_OfAccount):
    """The account asks for one thing more than the password. kind: "totp", "webauthn", "recovery_codes"."""

    label = _("启用双因素认证")
    account_id: Id
    kind: Word


@dataclass(frozen=True)
class FactorRemoved(_OfAccount):
    """The account does no longer ask for that."""

    label = _("停用双因素认证")
    account_id: Id
    kind: Word


@dataclass(frozen=True)
class FactorsReset(_OfAccount):
    """An administrator took all second factors off the account: its owner has lost them."""

    label = _("清除双因素认证")
    account_id: Id
    reason: PersonalText


@dataclass(frozen=True)
class SignInRuleChanged(_Fact):
    """A rule of signing in was changed. before, after: as JSON."""

    label = _("更改登录与安全设置")
    subject_type = "sign_in_setting"
    setting_id: Id
    key: Word
    before: Word
    after: Word


@dataclass(frozen=True)
class ElevationAsked(_OfAccount):
    """Somebody asked for a permission for some hours."""

    label = _("申请临时权限")
    account_id: Id
    elevation_id: Id
    permission: Word
    hours: Id
    reason: PersonalText


@dataclass(frozen=True)
class ElevationGranted(_OfAccount):
    """The permission is held until the instant said, and no longer."""

    label = _("给予临时权限")
    account_id: Id
    elevation_id: Id
    permission: Word
    until_at: Word


@dataclass(frozen=True)
class ElevationRefused(_OfAccount):
    """Nobody agreed, or it was no longer wanted."""

    label = _("不同意临时权限")
    account_id: Id
    elevation_id: Id
    permission: Word
    answer: PersonalText


@dataclass(frozen=True)
class ElevationEnded(_OfAccount):
    """The permission was given back, or taken back, before its time."""

    label = _("提前结束临时权限")
    account_id: Id
    elevation_id: Id
    permission: Word
