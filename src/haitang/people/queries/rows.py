"""Single rows, locked or not, and what hangs on them."""

from datetime import date
from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.core import periods
from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.core.schemas import ID_MAX
from haitang.people.models import Account, ApiToken, Grant, Holding, Notice, Person, Role
from haitang.people.values import AccountUnknown, PersonUnknown, RoleUnknown

Row = TypeVar("Row", bound=Model)


def lock_account(account_id: int) -> Account:
    """Return the account, locked until the end of the transaction. Raises AccountUnknown."""
    return one(
        Account.objects.select_for_update(no_key=True, of=("self",)), account_id, AccountUnknown(_("没有找到该账号"))
    )


def lock_person(person_id: int) -> Person:
    """Return the person, locked until the end of the transaction. Raises PersonUnknown."""
    return one(
        Person.objects.select_for_update(no_key=True, of=("self",)), person_id, PersonUnknown(_("没有找到该人员"))
    )


def lock_grant(grant_id: int) -> Grant:
    """Return the grant with its area, locked until the end of the transaction. Raises NotFound."""
    rows = Grant.objects.select_for_update(no_key=True, of=("self",)).select_related("area", "role")
    return one(rows, grant_id, NotFound(_("没有找到该授权")))


def lock_holding(holding_id: int) -> Holding:
    """Return the holding with its post, locked until the end of the transaction. Raises NotFound."""
    rows = Holding.objects.select_for_update(no_key=True, of=("self",)).select_related("post__area")
    return one(rows, holding_id, NotFound(_("没有找到该任职记录")))


def lock_token(token_id: int) -> ApiToken:
    """Return the token's row, locked until the end of the transaction. Raises NotFound."""
    return one(ApiToken.objects.select_for_update(no_key=True, of=("self",)), token_id, NotFound(_("没有找到该令牌")))


def lock_role(code: str) -> Role:
    """Return the role, locked until the end of the transaction. Raises RoleUnknown."""
    return _role(Role.objects.select_for_update(no_key=True, of=("self",)), code)


def get_role(code: str) -> Role:
    """Return the role with this code. Raises RoleUnknown."""
    return _role(Role.objects.all(), code)


def get_person(person_id: int) -> Person:
    """Return the person, for actions and whoever has checked the reach. Raises PersonUnknown."""
    return one(Person.objects.all(), person_id, PersonUnknown(_("没有找到该人员")))


def permissions_of(role: Role) -> set[str]:
    """Return the role's permissions."""
    return set(role.permissions.values_list("permission", flat=True))


def list_grants_of(account_id: int, today: date) -> list[Grant]:
    """Return the account's grants that are valid today or later, with what they name, oldest first."""
    rows = Grant.objects.filter(alive(today), account_id=account_id)
    return list(rows.select_related("role", "area", "organization").order_by("from_date", "id"))


def list_permissions_in_period(account_id: int, from_date: date, to_date: date | None) -> set[str]:
    """Return every permission that the account is given on any day of the half-open period."""
    overlapping = Grant.objects.filter(alive(from_date))
    if to_date is not None:
        overlapping = overlapping.filter(from_date__lt=to_date)
    rows = overlapping.filter(account_id=account_id).values_list("permission", "role__permissions__permission")
    return {each for row in rows for each in row if each}


def list_holders_of(role: Role, today: date) -> set[int]:
    """Return the ids of the accounts that have the role today or later."""
    return set(Grant.objects.filter(alive(today), role=role).values_list("account_id", flat=True))


def is_held_by_administrators(role: Role, today: date) -> bool:
    """Tell whether an account that has the role today or later is also one of the three administrators."""
    holders = Grant.objects.filter(alive(today), role=role).values("account_id")
    return Grant.objects.filter(alive(today), account_id__in=holders).exclude(duty="").exists()


def list_holdings_of(person_id: int, today: date) -> list[Holding]:
    """Return the posts that the person holds today, with organization and area, the main one first."""
    rows = Holding.objects.filter(periods.on(today), person_id=person_id)
    return list(rows.select_related("post__organization", "post__area").order_by("-is_main", "from_date", "id"))


def count_unread(viewer: Actor) -> int:
    """Return how many notices the viewer has not read."""
    return Notice.objects.filter(account_id=viewer.id, read_at=None).count() if viewer.id else 0


def one(rows: QuerySet[Row], pk: int, otherwise: NotFound) -> Row:
    """Return the row of that id; raise what is given where there is none."""
    found = rows.filter(pk=pk).first() if 0 < pk <= ID_MAX else None
    if found is None:
        raise otherwise
    return found


def _role(rows: QuerySet[Role], code: str) -> Role:
    found = rows.filter(code=code).first()
    if found is None:
        raise RoleUnknown(_("没有名为“%(code)s”的角色") % {"code": code})
    return found


def get_account_id(username: str) -> int:
    """Return the id of the account with this sign-in name. Raises AccountUnknown."""
    found = Account.objects.filter(username=username).values_list("pk", flat=True).first()
    if found is None:
        raise AccountUnknown(_("没有账号“%(username)s”") % {"username": username})
    return found


def get_account(account_id: int) -> Account:
    """Return the account with its person. Raises AccountUnknown."""
    return one(Account.objects.select_related("person"), account_id, AccountUnknown(_("没有找到该账号")))


def find_account_of(person_id: int) -> Account | None:
    """Return the person's account, None where there is none. For jobs."""
    return Account.objects.filter(person_id=person_id).first()


def get_notice(notice_id: int, account_id: int) -> Notice:
    """Return the account's notice. Raises NotFound."""
    return one(Notice.objects.filter(account_id=account_id), notice_id, NotFound(_("没有找到该消息")))


def alive(today: date) -> Q:
    """Return the filter for grants that are valid today or later."""
    return Q(to_date=None) | Q(to_date__gt=today) & Q(to_date__gt=F("from_date"))
