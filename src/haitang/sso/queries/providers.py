"""Providers as pages show them and as a sign-in needs them, and the rules in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count
from django.utils.translation import gettext as _

from haitang.core import crypto
from haitang.core.access import Actor
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.sso import policies
from haitang.sso.models import SECRET, IdentityProvider, SingleSignOnSetting
from haitang.sso.values import ProviderNotFound


@dataclass(frozen=True, slots=True)
class Door:
    """A provider as everybody may know of it: a button. origin: whereto it leads, for the page's content policy."""

    id: int
    code: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider with the number of accounts that it opens."""

    row: IdentityProvider
    identities: int


def _doors() -> tuple[Door, ...]:
    rows = IdentityProvider.objects.filter(is_active=True).order_by("name", "id")
    return tuple(Door(row.pk, row.code, row.name, _origin(row.told)) for row in rows)


def _origin(told: Mapping[str, Any]) -> str:
    parts = urlsplit(told["authorization_endpoint"])
    return f"{parts.scheme}://{parts.netloc}"


PROVIDERS: Policy[tuple[Door, ...]] = Policy("sso.providers", _doors)
SETTINGS = Settings(cache(partial(read_shipped, "sso", "settings.toml")), SingleSignOnSetting)
RULES: Policy[Mapping[str, Any]] = Policy("sso.rules", SETTINGS.values)


def open_doors() -> tuple[Door, ...]:
    """Return the providers through which anybody may try to sign in, by name. Costs no query in most requests."""
    return PROVIDERS.get()


def single_sign_on_rules() -> Mapping[str, Any]:
    """Return the rules in force by key (data/settings.toml)."""
    return RULES.get()


def list_single_sign_on_rules(*, viewer: Actor) -> list[SettingLine]:
    """Return every rule with its value and its source; raise NotAllowed without MANAGE everywhere."""
    policies.check_can_manage(viewer)
    return SETTINGS.lines()


def list_providers(*, viewer: Actor) -> list[ProviderLine]:
    """Return every provider by name, those switched off last; raise NotAllowed without MANAGE everywhere."""
    policies.check_can_manage(viewer)
    return [ProviderLine(row, row.count) for row in _counted().order_by("-is_active", "name", "id")]


def get_provider(*, viewer: Actor, provider_id: int) -> ProviderLine:
    """Return one; raise NotAllowed without MANAGE everywhere, ProviderNotFound."""
    policies.check_can_manage(viewer)
    row = _counted().filter(pk=provider_id).first()
    if row is None:
        raise _absent()
    return ProviderLine(row, row.count)


def list_trusted(*, viewer: Actor) -> Sequence[IdentityProvider]:
    """Return every provider with what of its word is believed; raise NotAllowed without GRANT_MANAGE everywhere."""
    policies.check_can_trust(viewer)
    return list(IdentityProvider.objects.order_by("-is_active", "name", "id"))


def find_provider(code: str) -> IdentityProvider:
    """Return the provider that is in use under this short name; raise ProviderNotFound. For entrances without a viewer:
    what is shown of it is a name."""
    row = IdentityProvider.objects.filter(code=code, is_active=True).first()
    if row is None:
        raise _absent()
    return row


def lock_provider(provider_id: int) -> IdentityProvider:
    """Return a provider, locked until the end of the transaction. Raises ProviderNotFound."""
    row = IdentityProvider.objects.select_for_update().filter(pk=provider_id).first()
    if row is None:
        raise _absent()
    return row


def get_secret(row: IdentityProvider) -> str:
    """Return the client's secret, "" where it has none. For the action that asks the provider, and nobody else."""
    return crypto.open_(row.secret_sealed, SECRET)


def _counted() -> Any:
    return IdentityProvider.objects.annotate(count=Count("identities"))


def _absent() -> ProviderNotFound:
    return ProviderNotFound(_("没有这种统一登录，或已停用"))
