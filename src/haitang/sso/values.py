"""The words of single sign-on: permission, refusals, and what a token must say before anybody believes it."""

import base64
import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import jwt
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import system
from haitang.core.errors import Conflict, NotAllowed, NotFound


class Permission(StrEnum):
    """What may be done about single sign-on. Who may believe a provider's second factor is people's GRANT_MANAGE."""

    MANAGE = "sso.provider.manage"


SINGLE_SIGN_ON = system("统一登录")
"""Who acts when nobody in particular does."""
NAME_LENGTH_MAX = 30
CODE_LENGTH_MAX = 30
WORD_LENGTH_MAX = 255
"""Of a client's id, of a subject (OpenID Connect Core 1.0, section 2: at most 255 characters), of a claim's name."""
SECRET_LENGTH_MAX = 500
TRUSTED_MAX = 10
ALGORITHMS = ("RS256", "PS256", "ES256")
"""With which a token may be signed: by a key that only its issuer holds; never "none", never the client's secret."""
SIGNED_IN_BY = "signed_in_by"
"""Under which a session keeps the id of the provider through which it began."""
_RSA_BITS_MIN = 2048


class Why(TextChoices):
    """Why nobody was signed in through a provider, as the history has it."""

    STATE = "state", gettext_lazy("不是从本系统发起，或已超时")
    DENIED = "denied", gettext_lazy("对方未同意登录")
    NO_ANSWER = "no_answer", gettext_lazy("对方没有应答")
    ANSWER = "answer", gettext_lazy("对方的应答不正确")
    TOKEN = "token", gettext_lazy("身份令牌无效")
    UNKNOWN = "unknown", gettext_lazy("没有关联的账号")
    OFF = "off", gettext_lazy("账号已停用")


class ProviderNotFound(NotFound):
    """There is no such identity provider, or it is switched off."""


class IdentityNotFound(NotFound):
    """There is no such identity, or it is another's."""


class CodeTaken(Conflict):
    """Another provider stands under this short name in addresses."""


class IdentityTaken(Conflict):
    """The identity belongs to another account, or the account has another identity there."""


class OutOfReach(NotAllowed):
    """Whoever ties an identity to an account can become it; the actor may not."""


class Refused(Conflict):
    """Nobody is signed in. why: for the history; the message is for whoever tried, and tells less."""

    def __init__(self, why: Why, message: str) -> None:
        super().__init__(message)
        self.why = why


def refuse(why: Why) -> Refused:
    """Return the refusal with its sentence."""
    sentences = {
        Why.STATE: _("登录请求不是从本系统发起，或已超时，请重新登录"),
        Why.DENIED: _("统一登录已取消"),
        Why.UNKNOWN: _("这个统一登录身份没有关联账号，请先用账号密码登录后关联，或联系本单位系统管理员"),
        Why.OFF: _("这个账号已停用，请联系本单位管理员"),
    }
    return Refused(why, sentences.get(why) or _("统一登录没有成功，请稍后再试，或用账号密码登录"))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to a provider and back, as the visitor's session keeps it.

    state, nonce, verifier: unguessable, for this way alone. account_id: of whom an identity is to be tied to, None for
    a sign-in. next: where to go afterwards, a path of this site. at: seconds since 1970.
    """

    provider_id: int
    state: str
    nonce: str
    verifier: str
    account_id: int | None
    next: str
    at: int

    def kept(self) -> dict[str, Any]:
        """Return it as a session keeps it."""
        return asdict(self)

    @classmethod
    def begun(cls, provider_id: int, *, account_id: int | None, next_: str, now: datetime) -> "Attempt":
        """Return a new one."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _n in range(3))
        return cls(provider_id, state, nonce, verifier, account_id, next_, int(now.timestamp()))

    @property
    def challenge(self) -> str:
        """The verifier's digest, by which the provider knows the second request for that of the first."""
        return digest_of(self.verifier)


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says of whoever it has signed in. assurances: how sure it is: acr and amr together."""

    subject: str
    assurances: frozenset[str]


def has_key(token: str, keys: Collection[Mapping[str, Any]]) -> bool:
    """Tell whether the key that the token names is among these: where it is not, they have to be read anew."""
    try:
        named = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError:
        return True  # no other keys make a token of it
    return named is None or any(key.get("kid") == named for key in keys)


def read_id_token(
    token: str, *, keys: Collection[Mapping[str, Any]], issuer: str, client_id: str, nonce: str, claim: str,
    now: datetime, skew: timedelta,
) -> Said:  # fmt: skip
    """Return what an ID token says, after every check that it has to stand; raise Refused.

    keys: those that the issuer publishes, as JSON web keys. nonce: of this very attempt. claim: what names the person.

    Source: OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725 (JSON Web Token Best Current Practices).
    """
    try:
        claims = _opened(token, keys, issuer, client_id)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise refuse(Why.TOKEN) from error
    at, leeway = now.timestamp(), skew.total_seconds()
    instants = {name: claims.get(name, 0) for name in ("exp", "iat", "nbf")}
    audience = claims["aud"]
    is_sound = (
        all(type(instant) in (int, float) for instant in instants.values())
        and instants["exp"] > at - leeway
        and instants["iat"] <= at + leeway
        and instants["nbf"] <= at + leeway
        and secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode())
        and (claims.get("azp", client_id) == client_id if isinstance(audience, str) or len(audience) == 1
             else claims.get("azp") == client_id)
    )  # fmt: skip
    subject = claims.get(claim)
    if not is_sound or not isinstance(subject, str | int) or isinstance(subject, bool):
        raise refuse(Why.TOKEN)
    subject = str(subject)
    if not 0 < len(subject) <= WORD_LENGTH_MAX:
        raise refuse(Why.TOKEN)
    amr = claims.get("amr")
    told = [claims.get("acr"), *(amr if isinstance(amr, list) else [])]
    return Said(subject, frozenset(each for each in told if isinstance(each, str)))


def _opened(token: str, keys: Collection[Mapping[str, Any]], issuer: str, client_id: str) -> dict[str, Any]:
    """Return the claims of a token signed by one of the keys, for this client, by this issuer."""
    header = jwt.get_unverified_header(token)
    algorithm, named = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise ValueError("an algorithm that is not taken")
    fitting = [
        key for key in keys
        if key.get("kty") == ("EC" if algorithm.startswith("ES") else "RSA")
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (named is None or key.get("kid") == named)
    ]  # fmt: skip
    if len(fitting) != 1:
        raise ValueError("not one key that the token can be of")
    key = jwt.PyJWK.from_dict(dict(fitting[0]), algorithm=algorithm)
    if key.key_type == "RSA" and key.key.key_size < _RSA_BITS_MIN:
        raise ValueError("a key that is too short")
    return jwt.decode(
        token, key, algorithms=[algorithm], audience=client_id, issuer=issuer,
        options={
            "require": ["iss", "aud", "exp", "iat", "sub"], "verify_exp": False, "verify_iat": False,
            "verify_nbf": False,
        },
    )  # fmt: skip  # instants are compared with the clock that the caller has read


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that a provider has answered with; raise Refused."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refuse(Why.ANSWER) from error
    if not isinstance(told, dict):
        raise refuse(Why.ANSWER)
    return told


# As a provider: other systems of the office let whoever is signed in here in.

SCOPES = {
    "openid": gettext_lazy("您的账号编号"), "profile": gettext_lazy("姓名和登录名"),
    "organization": gettext_lazy("所在单位名称"),
}  # fmt: skip
"""What a connected system may ask for, and what of it a person is told. There are no e-mail addresses here."""
REDIRECTS_MAX = 10
_CHALLENGE_LENGTHS = range(43, 129)
_STATE_LENGTH_MAX = 2000


class SystemNotFound(NotFound):
    """There is no such connected system, or it is disconnected."""


class NotForResidents(NotAllowed):
    """The account holds nothing here: systems of the office let in those who work for it."""


class AskedWrongly(Exception):
    """A request that the protocol refuses. error: its word; status: of the answer to a program.

    redirect: where a browser is sent with the error, "" where that must not be.
    """

    def __init__(self, error: str, *, status: int = 400, redirect: str = "") -> None:
        super().__init__(error)
        self.error, self.status, self.redirect = error, status, redirect


@dataclass(frozen=True, slots=True)
class Asked:
    """A sound request of a system to let somebody in. redirect: one of its own addresses."""

    client_id: str
    redirect: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    prompts: frozenset[str]


def back_to(redirect: str, issuer: str, **told: str) -> str:
    """Return the system's address with what it is told; the issuer among it (RFC 9207)."""
    words = urlencode({name: value for name, value in {**told, "iss": issuer}.items() if value})
    return f"{redirect}{'&' if '?' in redirect else '?'}{words}"


def read_request(given: Mapping[str, Sequence[str]], *, redirects: Collection[str], allowed: Collection[str],
                 issuer: str) -> Asked:  # fmt: skip
    """Return what a system asks for, whose addresses and scopes these are; raise AskedWrongly.

    given: every value of each parameter. Only what is asked by code and with PKCE (S256) is given.

    Source: RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.2; RFC 9700, sections 2.1 and 4.1.
    """
    one = {name: values[0] for name, values in given.items() if values}
    redirect = one.get("redirect_uri", "")
    if redirect not in redirects or len(given.get("redirect_uri", ())) != 1:
        raise AskedWrongly("invalid_request")
    state = one.get("state", "")

    def refused(error: str) -> AskedWrongly:
        return AskedWrongly(error, redirect=back_to(redirect, issuer, error=error, state=state[:_STATE_LENGTH_MAX]))

    if len(state) > _STATE_LENGTH_MAX or any(len(values) != 1 for values in given.values()):
        raise refused("invalid_request")
    for name, error in (("request", "request_not_supported"), ("request_uri", "request_uri_not_supported")):
        if name in one:
            raise refused(error)
    if one.get("response_type") != "code":
        raise refused("unsupported_response_type")
    challenge, nonce = one.get("code_challenge", ""), one.get("nonce", "")
    if (
        one.get("response_mode", "query") != "query"
        or one.get("code_challenge_method") != "S256"
        or len(challenge) not in _CHALLENGE_LENGTHS
        or len(nonce) > WORD_LENGTH_MAX
    ):
        raise refused("invalid_request")
    scopes = tuple(dict.fromkeys(one.get("scope", "").split()))
    if "openid" not in scopes or not set(scopes) <= set(allowed):
        raise refused("invalid_scope")
    prompts = frozenset(one.get("prompt", "").split())
    if "none" in prompts:
        raise refused("consent_required")
    return Asked(one.get("client_id", ""), redirect, scopes, state, nonce, challenge, prompts)


def is_proof(verifier: str, challenge: str) -> bool:
    """Tell whether the verifier is the one whose digest was sent ahead (RFC 7636, section 4.6)."""
    return len(verifier) in _CHALLENGE_LENGTHS and secrets.compare_digest(digest_of(verifier), challenge)


def digest_of(verifier: str) -> str:
    """Return a verifier's digest as it is sent ahead (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
