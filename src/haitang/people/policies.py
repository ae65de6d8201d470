"""May they? Pure questions over loaded rows; they raise."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from haitang.core.access import EVERYWHERE, Actor, Kind, allows, require
from haitang.people.models import Grant, Holding
from haitang.people.values import AdministratorApart, Duty, OutOfReach, OwnGrant, Permission, PersonUnknown


def check_may_grant(actor: Actor, grant: Grant) -> None:
    """Raise unless the actor may give and take permissions over the grant's whole scope, and it is not for the actor.

    A grant over an organization asks for the permission over that organization or everywhere.
    """
    require(actor, Permission.GRANT_MANAGE, area_path=_path(grant), organization_id=grant.organization_id)
    if actor.id is not None and actor.id == grant.account_id:
        raise OwnGrant(_("不能给自己授权或收回自己的授权，请由另一位安全管理员办理"))


def check_may_widen(actor: Actor, holders: Iterable[int], added: Iterable[str]) -> None:
    """Raise if a role that the actor has is to do more than before: it would be a grant to oneself.

    holders: the accounts that have the role today or later. Taking away is free.
    """
    if actor.id is not None and set(added) and actor.id in holders:
        raise OwnGrant(_("不能给自己所任的角色增加权限，请由不任此角色的安全管理员办理，或另建角色"))


def check_may_manage_account(actor: Actor, grants: Iterable[Grant]) -> None:
    """Raise unless the actor administers accounts everywhere that the account has a say.

    Otherwise an administrator of one street could set the mayor's password and sign in with it.
    grants: the account's present and future ones.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    for grant in grants:
        if not actor.holds(Permission.ACCOUNT_MANAGE, area_path=_path(grant), organization_id=grant.organization_id):
            raise OutOfReach(_("该账号的权限超出您的管理范围，请由上级系统管理员办理"))


def check_may_become(actor: Actor, grants: Iterable[Grant]) -> None:
    """Raise if the account is a security or audit administrator's, and the actor is not the machine's command line.

    Whoever sets a password, or has a token made, can act as that account: a system administrator would be two of the
    three at once. The command line belongs to whoever owns the machine and the database, from whom nothing is kept.
    grants: the account's present and future ones.
    """
    if actor.kind is not Kind.SYSTEM and any(grant.duty in (Duty.SECURITY, Duty.AUDIT) for grant in grants):
        raise AdministratorApart(
            _("三员分立：安全、审计管理员的密码和令牌不能由他人代办，忘记密码时请在服务器上执行 haitang reset-password")
        )


def check_may_delegate(actor: Actor, account_id: int, whole: Actor) -> None:
    """Raise unless it is the actor's own account, or the actor arranges deputies over all that the account may do.

    whole: the account with all it holds.
    """
    if actor.id is not None and actor.id == account_id and actor.standing_in_for is None:
        return
    require(actor, Permission.DELEGATION_MANAGE)
    for grant in whole.grants:
        require(actor, Permission.DELEGATION_MANAGE, area_path=grant.area_path, organization_id=grant.organization_id)


def allows_account(actor: Actor, grants: Iterable[Grant]) -> bool:
    """Tell whether the actor may administer the account that has these grants."""
    return allows(check_may_manage_account, actor, grants)


def allows_becoming(actor: Actor, grants: Iterable[Grant]) -> bool:
    """Tell whether the actor may set the password of the account that has these grants."""
    return allows(check_may_become, actor, grants)


def check_may_manage_holding(actor: Actor, holding: Holding) -> None:
    """Raise unless the actor keeps the people of the post's area or of its organization."""
    post = holding.post
    require(
        actor,
        Permission.PERSON_MANAGE,
        area_path=post.area.path if post.area else EVERYWHERE,
        organization_id=post.organization_id,
    )


def check_reaches_person(actor: Actor, permission: str, holdings: Iterable[Holding]) -> None:
    """Raise unless the person holds a post within the permission's scope, or none at all.

    Whoever holds no post yet (or any more) belongs to nobody in particular and is reached by everybody who
    keeps people somewhere: otherwise nobody could appoint them.
    """
    require(actor, permission)
    held = list(holdings)
    if held and not _covers(actor, permission, held):
        raise PersonUnknown(_("没有找到该人员"))


def check_may_unmask(actor: Actor, holdings: Iterable[Holding]) -> None:
    """Raise unless the person holds a post within the scope of PERSON_UNMASK, or the actor holds it everywhere.

    Whoever holds no post is a resident, and no street's to look up.
    """
    held = list(holdings)
    check_reaches_person(actor, Permission.PERSON_UNMASK, held)
    if not _covers(actor, Permission.PERSON_UNMASK, held):
        require(actor, Permission.PERSON_UNMASK, area_path=EVERYWHERE)


def allows_unmasking(actor: Actor, holdings: Iterable[Holding]) -> bool:
    """Tell whether the actor may see the full telephone number of the person who holds these posts."""
    return allows(check_may_unmask, actor, holdings)


def _covers(actor: Actor, permission: str, holdings: Iterable[Holding]) -> bool:
    return any(
        actor.holds(
            permission,
            area_path=each.post.area.path if each.post.area else EVERYWHERE,
            organization_id=each.post.organization_id,
        )
        for each in holdings
    )


def _path(grant: Grant) -> str | None:
    if grant.area is not None:
        return grant.area.path
    return EVERYWHERE
