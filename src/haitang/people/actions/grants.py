"""Roles, and who may do what where and how long."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import clock, history
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid, NotFound
from haitang.people import policies, queries
from haitang.people.facts import GrantGiven, GrantMoved, GrantRevoked, RoleChanged, RoleCreated
from haitang.people.models import Grant, Holding, Role, RolePermission
from haitang.people.values import (
    CASE_WORK,
    DutiesMixed,
    GrantOver,
    Permission,
    RoleCodeTaken,
    clean_text,
    duty_of,
    shipped_roles,
)


@transaction.atomic
def give_grant(
    *,
    actor: Actor,
    account_id: int,
    from_date: date,
    reason: str,
    now: datetime,
    role: str = "",
    permission: str = "",
    area_id: int | None = None,
    organization_id: int | None = None,
    to_date: date | None = None,
) -> Grant:
    """Let the account do what a role, or a single permission, says, within one scope and period.

    role: the role's code; or permission: one permission; exactly one of them.
    area_id: that area and all below; organization_id: that organization; neither: everywhere.
    from_date, to_date: half-open, calendar dates in Asia/Shanghai; None: until revoked.

    Raises NotAllowed (no GRANT_MANAGE over the scope), OwnGrant, AccountUnknown, RoleUnknown, NotFound (area or
    organization), Invalid, DutiesMixed (the account would be two administrators, or one who handles cases).
    """
    require(actor, Permission.GRANT_MANAGE)
    account = queries.lock_account(account_id)
    if bool(role) == bool(permission):
        raise Invalid(_("请选择一个角色或一项权限"))
    if area_id is not None and organization_id is not None:
        raise Invalid(_("授权范围只能是一个区域或一个单位"))
    if to_date is not None and to_date <= from_date:
        raise Invalid(_("终止日期应晚于起始日期"), {"to_date": _("终止日期应晚于起始日期")})
    held = queries.lock_role(role) if role else None  # a change of the role waits, and sees who has it
    granted = queries.permissions_of(held) if held else {permission}
    grant = Grant(
        account=account,
        role=held,
        permission=permission,
        duty=held.duty if held else duty_of(granted),
        area_id=area_id,
        organization_id=organization_id,
        from_date=from_date,
        to_date=to_date,
        given_by_id=actor.id,
        reason=clean_text(reason, field="reason", label=_("理由"), length_max=200),
    )
    _check_scope_exists(grant)
    policies.check_may_grant(actor, grant)
    _check_separate(grant, granted)
    with refusing(
        {"people_grant_one_administrator": DutiesMixed(_("该账号在此期间已是管理员，三员分立，一人只能任其一"))}
    ):
        grant.save(force_insert=True)
    queries.ACTORS.touch()
    fact = GrantGiven(
        account.pk, grant.pk, role, permission, area_id, organization_id,
        from_date.isoformat(), to_date.isoformat() if to_date else None, grant.reason,
    )  # fmt: skip
    history.record(actor=actor, fact=fact, at=now)
    return grant


@transaction.atomic
def revoke_grant(*, actor: Actor, grant_id: int, reason: str, now: datetime) -> Grant:
    """End the grant at once; one that has not begun never takes effect.

    Raises NotFound, NotAllowed (no GRANT_MANAGE over its scope), OwnGrant, GrantOver (it ended before), Invalid.
    """
    require(actor, Permission.GRANT_MANAGE)
    grant = queries.lock_grant(grant_id)
    policies.check_may_grant(actor, grant)
    today = clock.local_date(now)
    if grant.to_date is not None and grant.to_date <= max(today, grant.from_date):
        raise GrantOver(_("该授权已失效"))
    reason = clean_text(reason, field="reason", label=_("理由"), length_max=200)
    grant.to_date = max(today, grant.from_date)
    grant.save(update_fields=["to_date"])
    queries.ACTORS.touch()
    history.record(actor=actor, fact=GrantRevoked(grant.account_id, grant.pk, reason), at=now)
    return grant


@transaction.atomic
def move_grants(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Let every grant and grid worker of a replaced area go on with its new version; return how many moved.

    An area that ended with an heir moves nothing: whoever had a say in a part is not given one in the whole.
    Raises NotAllowed (no GRANT_MANAGE everywhere).
    """
    require(actor, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    grants = list(Grant.objects.select_for_update(no_key=True).filter(area_id=area_id).order_by("id"))
    Grant.objects.filter(pk__in=[grant.pk for grant in grants]).update(area_id=new_area_id)
    held = Holding.objects.filter(area_id=area_id).update(area_id=new_area_id)
    if grants or held:
        queries.ACTORS.touch()
    history.record_many(
        actor=actor, facts=[GrantMoved(grant.account_id, grant.pk, new_area_id) for grant in grants], at=now
    )
    return len(grants) + held


@transaction.atomic
def create_role(
    *, actor: Actor, code: str, name: str, description: str, permissions: Iterable[str], now: datetime
) -> Role:
    """Add a role with these permissions.

    Raises NotAllowed (no GRANT_MANAGE everywhere), Invalid, RoleCodeTaken, DutiesMixed.
    """
    require(actor, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    wanted = set(permissions)
    code = clean_text(code, field="code", label=_("代码"), length_max=50)
    role = Role(
        code=code,
        name=clean_text(name, field="name", label=_("名称"), length_max=50),
        description=clean_text(description, field="description", label=_("说明"), length_max=500, required=False),
        duty=duty_of(wanted),
    )
    with refusing({"people_role_code_key": RoleCodeTaken(_("角色代码“%(code)s”已被使用") % {"code": code})}):
        role.save(force_insert=True)
    RolePermission.objects.bulk_create(RolePermission(role=role, permission=each) for each in sorted(wanted))
    history.record(actor=actor, fact=RoleCreated(role.pk, role.code, sorted(wanted)), at=now)
    return role


@transaction.atomic
def change_role(
    *, actor: Actor, role: str, name: str, description: str, permissions: Iterable[str], now: datetime
) -> Role:
    """Change what a role means, at once, for everybody who has it. It no longer follows later releases.

    A role cannot become or stop being an administrator's: those who have it would change sides unasked. Nobody widens
    a role that is their own.
    Raises NotAllowed (no GRANT_MANAGE everywhere), OwnGrant, RoleUnknown, Invalid, DutiesMixed.
    """
    require(actor, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    row = queries.lock_role(role)
    wanted, present = set(permissions), queries.permissions_of(row)
    if duty_of(wanted) != row.duty:
        raise DutiesMixed(_("不能把普通角色改为管理员角色，或把管理员角色改为普通角色，请另建角色"))
    policies.check_may_widen(actor, queries.list_holders_of(row, clock.local_date(now)), wanted - present)
    if any(each.startswith(CASE_WORK) for each in wanted - present) and queries.is_held_by_administrators(
        row, clock.local_date(now)
    ):
        raise DutiesMixed(_("管理员不能同时办理案件"))
    row.name = clean_text(name, field="name", label=_("名称"), length_max=50)
    row.description = clean_text(description, field="description", label=_("说明"), length_max=500, required=False)
    row.is_shipped = False
    row.save(update_fields=["name", "description", "is_shipped"])
    _set_permissions(row, present, wanted)
    queries.ACTORS.touch()
    fact = RoleChanged(row.pk, row.code, sorted(wanted - present), sorted(present - wanted))
    history.record(actor=actor, fact=fact, at=now)
    return row


@transaction.atomic
def ship_roles() -> list[str]:
    """Bring the shipped roles to what this release's data file says, and return the codes of those changed.

    Runs after every migration, by nobody, and records nothing: the release is the record. A role that was
    changed in this installation is left alone.
    """
    changed = []
    present = {role.code: role for role in Role.objects.select_for_update(no_key=True)}
    for each in shipped_roles():
        role = present.get(each.code) or Role(code=each.code, is_shipped=True)
        if not role.is_shipped:
            continue
        held = queries.permissions_of(role) if role.pk else set()
        duty = duty_of(set(each.permissions))
        if role.pk and (role.name, role.description, role.duty, held) == (
            each.name, each.description, duty, set(each.permissions),
        ):  # fmt: skip
            continue
        role.name, role.description, role.duty = each.name, each.description, duty
        role.save()
        _set_permissions(role, held, set(each.permissions))
        changed.append(role.code)
    if changed:
        queries.ACTORS.touch()
    return changed


def _set_permissions(role: Role, present: set[str], wanted: set[str]) -> None:
    RolePermission.objects.filter(role=role, permission__in=present - wanted).delete()
    RolePermission.objects.bulk_create(RolePermission(role=role, permission=each) for each in sorted(wanted - present))


def _check_scope_exists(grant: Grant) -> None:
    try:
        _scope = (grant.area, grant.organization)
    except ObjectDoesNotExist as error:
        raise NotFound(_("没有找到授权范围中的区域或单位")) from error


def _check_separate(grant: Grant, granted: set[str]) -> None:
    """An administrator handles no cases. The account is locked, so nothing is given to it meanwhile."""
    duty_of(granted | queries.list_permissions_in_period(grant.account_id, grant.from_date, grant.to_date))
