"""What can have happened to single sign-on. No subject stands here, no secret and no token."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.sso.values import SCOPES, Why

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Flag = Annotated[bool, Privacy.INTERNAL]


class OfSingleSignOn(Fact):
    """What these facts have in common: how their fields and the values of these read."""

    subject_type = "identity_provider"
    field_labels = {
        "provider_id": _("统一登录"), "name": _("名称"), "host": _("对方服务器"), "is_active": _("启用"),
        "trusted": _("可抵第二因素的登录强度"), "account_id": _("账号"), "is_own": _("本人关联"),
        "had_factor": _("对方已验证第二因素"), "why": _("原因"), "address": _("网络地址"), "setting_id": _("设置"),
        "key": _("设置项"), "value": _("值"),
        "system_id": _("接入系统"), "redirects": _("回调地址"), "scopes": _("内容范围"), "key_id": _("签名密钥"),
    }  # fmt: skip
    field_words = {"why": dict(Why.choices), "scopes": SCOPES}


class _OfAccount(OfSingleSignOn):
    subject_type = "account"


@dataclass(frozen=True)
class IdentityProviderAdded(OfSingleSignOn):
    """Staff may sign in with identities of another system from now on. host: of its address."""

    label = _("新建统一登录")
    provider_id: Id
    name: Word
    host: Word


@dataclass(frozen=True)
class IdentityProviderChanged(OfSingleSignOn):
    """A provider's name, its client's id, its secret or its state was changed."""

    label = _("修改统一登录")
    provider_id: Id
    name: Word
    is_active: Flag


@dataclass(frozen=True)
class AssuranceTrusted(OfSingleSignOn):
    """The security administrator has said which words of a provider stand for a second factor."""

    label = _("修改统一登录的信任")
    provider_id: Id
    trusted: Annotated[list[str], Privacy.INTERNAL]


@dataclass(frozen=True)
class IdentityLinked(_OfAccount):
    """An identity elsewhere opens the account from now on. is_own: its owner has done it, not an administrator."""

    label = _("关联统一登录身份")
    account_id: Id
    provider_id: Id
    is_own: Flag


@dataclass(frozen=True)
class IdentityUnlinked(_OfAccount):
    """An identity elsewhere opens the account no longer."""

    label = _("解除统一登录身份")
    account_id: Id
    provider_id: Id
    is_own: Flag


@dataclass(frozen=True)
class SignedInThroughProvider(_OfAccount):
    """Somebody has signed in with an identity elsewhere. had_factor: the provider is believed a second factor."""

    label = _("统一登录")
    account_id: Id
    provider_id: Id
    had_factor: Flag


@dataclass(frozen=True)
class ProviderSignInRefused(OfSingleSignOn):
    """Somebody came back from a provider and was not signed in. why: of values.Why."""

    label = _("统一登录未通过")
    provider_id: Id
    why: Word
    address: Annotated[str, Privacy.PERSONAL]


@dataclass(frozen=True)
class SingleSignOnRuleChanged(OfSingleSignOn):
    """A rule for single sign-on was set otherwise."""

    label = _("修改统一登录规则")
    subject_type = "sso_setting"
    setting_id: Id
    key: Word
    value: Word


Words = Annotated[list[str], Privacy.INTERNAL]


class _OfSystem(OfSingleSignOn):
    subject_type = "connected_system"


@dataclass(frozen=True)
class SystemConnected(_OfSystem):
    """Another system may let in whoever is signed in here from now on."""

    label = _("新建接入系统")
    system_id: Id
    name: Word
    redirects: Words
    scopes: Words


@dataclass(frozen=True)
class SystemChanged(_OfSystem):
    """A connected system was changed to this, or disconnected."""

    label = _("修改接入系统")
    system_id: Id
    name: Word
    redirects: Words
    scopes: Words
    is_active: Flag


@dataclass(frozen=True)
class SystemSecretChanged(_OfSystem):
    """A connected system proves itself by another secret from now on."""

    label = _("更换接入系统密钥")
    system_id: Id


@dataclass(frozen=True)
class CodeUsedTwice(_OfSystem):
    """A code came a second time: somebody else had read it, or the system asked twice. What it gave is revoked."""

    label = _("登录码重复使用")
    system_id: Id
    account_id: Id


@dataclass(frozen=True)
class SigningKeyMade(OfSingleSignOn):
    """What connected systems are told is signed with a new key from now on."""

    label = _("更换签名密钥")
    subject_type = "signing_key"
    key_id: Id


@dataclass(frozen=True)
class AdmittedToSystem(_OfAccount):
    """Somebody has agreed to be let in at another system, which may know these things of them."""

    label = _("登录接入系统")
    account_id: Id
    system_id: Id
    scopes: Words
