from django.contrib.postgres.fields import ArrayField
from django.db import models

from haitang.core.privacy import Privacy

SECRET = "sso.identity_provider.secret"  # noqa: S105 - the context under which secrets are sealed
SUBJECT = "sso.identity.subject"
"""The context under which subjects are sealed, often numbers of staff; by their index they are found."""
KEY = "sso.signing_key.pem"
"""The context under which private keys are sealed."""


class IdentityProvider(models.Model):
    """Another system that says who somebody is, by OpenID Connect.

    code: its short name in addresses of this site. issuer, subject_claim: never changed, for they say whose identities
    these are. trusted: words of its acr or amr that stand for a second factor. told: the part of its published
    configuration that is used; keys: its public keys, as JSON web keys; read_at: when both were read.
    """

    code = models.TextField("短名", unique=True)
    name = models.TextField("名称")
    issuer = models.TextField("颁发者")
    client_id = models.TextField("客户端编号")
    secret_sealed = models.BinaryField("客户端密钥（密文）", default=b"")
    subject_claim = models.TextField("身份字段", default="sub")
    trusted = ArrayField(models.TextField(), verbose_name="可抵第二因素的登录强度", default=list)
    is_active = models.BooleanField("启用", default=True)
    told = models.JSONField("对方公布的配置", default=dict)
    keys = models.JSONField("对方公布的公钥", default=list)
    read_at = models.DateTimeField("读取时间")
    made_at = models.DateTimeField("新建时间")

    SEALED_FOR = {"secret_sealed": SECRET}
    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "code", "name", "issuer", "client_id", "subject_claim", "trusted", "is_active", "told", "keys",
                "read_at", "made_at",
            ),
            Privacy.INTERNAL,
        ),
        "secret_sealed": Privacy.SECRET,
    }  # fmt: skip


class Identity(models.Model):
    """An identity elsewhere that opens an account here. linked_by: the account that said so, its own or another's."""

    provider = models.ForeignKey(IdentityProvider, models.PROTECT, related_name="identities", verbose_name="统一登录")
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+", verbose_name="账号")
    subject_sealed = models.BinaryField("身份编号（密文）")
    subject_index = models.BinaryField("身份编号索引")
    linked_at = models.DateTimeField("关联时间")
    linked_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name="关联人")
    used_at = models.DateTimeField("最近使用", null=True)

    SEALED_FOR = {"subject_sealed": SUBJECT}
    PRIVACY = {
        **dict.fromkeys(("id", "provider", "linked_at", "used_at"), Privacy.INTERNAL),
        **dict.fromkeys(("account", "linked_by"), Privacy.PERSONAL),
        **dict.fromkeys(("subject_sealed", "subject_index"), Privacy.SENSITIVE),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject_index"], name="sso_one_account_an_identity"),
            models.UniqueConstraint(fields=["provider", "account"], name="sso_one_identity_an_account"),
        ]


class ConnectedSystem(models.Model):
    """Another system that lets in whoever is signed in here. redirects: the whole addresses of its own."""

    client_id = models.TextField("客户端编号", unique=True)
    name = models.TextField("名称")
    secret_hash = models.BinaryField("客户端密钥（摘要）")
    redirects = ArrayField(models.TextField(), verbose_name="回调地址")
    scopes = ArrayField(models.TextField(), verbose_name="内容范围")
    is_active = models.BooleanField("启用", default=True)
    made_at = models.DateTimeField("新建时间")

    PRIVACY = {
        **dict.fromkeys(("id", "client_id", "name", "redirects", "scopes", "is_active", "made_at"), Privacy.INTERNAL),
        "secret_hash": Privacy.SECRET,
    }


class Admission(models.Model):
    """Somebody let in at a system: the code that says so, and the token that the system was given for it.

    spent_at: when the code was used, once. token_hash: None before. revoked_at: from when on nothing of it holds.
    signed_in_at, had_factor: of the session in which it was agreed to.
    """

    system = models.ForeignKey(ConnectedSystem, models.CASCADE, related_name="+", verbose_name="接入系统")
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+", verbose_name="账号")
    scopes = ArrayField(models.TextField(), verbose_name="内容范围")
    redirect = models.TextField("回调地址")
    nonce = models.TextField("随机数")
    challenge = models.TextField("校验摘要")
    code_hash = models.BinaryField("登录码（摘要）", unique=True)
    token_hash = models.BinaryField("令牌（摘要）", unique=True, null=True)
    signed_in_at = models.DateTimeField("登录时间")
    had_factor = models.BooleanField("已验证第二因素")
    at = models.DateTimeField("同意时间", db_index=True)
    spent_at = models.DateTimeField("使用时间", null=True)
    token_until = models.DateTimeField("令牌有效至", null=True)
    revoked_at = models.DateTimeField("失效时间", null=True)

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "system", "scopes", "redirect", "nonce", "challenge", "had_factor", "at", "spent_at",
                "token_until", "revoked_at",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("account", "signed_in_at"), Privacy.PERSONAL),
        **dict.fromkeys(("code_hash", "token_hash"), Privacy.SECRET),
    }  # fmt: skip


class SigningKey(models.Model):
    """A key with which what connected systems are told is signed. retired_at: None for the present one."""

    kid = models.TextField("编号", unique=True)
    pem_sealed = models.BinaryField("私钥（密文）")
    made_at = models.DateTimeField("生成时间")
    retired_at = models.DateTimeField("停用时间", null=True)

    SEALED_FOR = {"pem_sealed": KEY}
    PRIVACY = {
        **dict.fromkeys(("id", "kid", "made_at", "retired_at"), Privacy.INTERNAL),
        "pem_sealed": Privacy.SECRET,
    }


class SingleSignOnSetting(models.Model):
    """A rule for single sign-on that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
