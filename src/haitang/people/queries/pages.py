"""What the pages show. Every read names its viewer and returns only what they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.core import clock, crypto, periods
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.paging import Page, decode, encode
from haitang.people import policies
from haitang.people.models import PHONE, Account, ApiToken, Grant, Holding, Notice, Person, Role, RolePermission
from haitang.people.queries import rows
from haitang.people.values import Permission, PersonUnknown

PAGE_ROWS = 20
NOTICES_SHOWN = 50


@dataclass(frozen=True)
class PersonPage:
    """A person with the posts held now and before, newest first."""

    person: Person
    holdings: Sequence[Holding]
    account: Account | None


@dataclass(frozen=True)
class AccountPage:
    """An account with its grants (present and future), its tokens, and whether the viewer may administer it.

    may_reset: whether the viewer may set its password; that of the other two administrators nobody may.
    """

    account: Account
    grants: Sequence[Grant]
    tokens: Sequence[ApiToken]
    may_manage: bool
    may_reset: bool


@dataclass(frozen=True)
class OwnPage:
    """What an account may know about itself: nearly everything."""

    account: Account
    person: Person | None
    holdings: Sequence[Holding]
    grants: Sequence[Grant]
    tokens: Sequence[ApiToken]


def list_persons(*, viewer: Actor, search: str = "", cursor: str = "", now: datetime) -> Page[Person]:
    """Return the persons within the viewer's reach by name, with their present posts as `held`.

    search: part of a name, or a whole telephone number (found by its blind index).
    Raises NotAllowed (no PERSON_MANAGE anywhere), Invalid (a cursor that is none).
    """
    require(viewer, Permission.PERSON_MANAGE)
    today = clock.local_date(now)
    found = visible_persons(viewer, today)
    if search:
        named = Q(name__contains=search)
        if search.isascii() and search.isdigit():
            alike = Person.objects.filter(phone_index=crypto.blind_index(search, PHONE))
            named |= Q(pk__in=[person.pk for person in alike if person.phone == search])
        found = found.filter(named)
    present = Holding.objects.filter(periods.on(today)).select_related("post__organization").order_by("-is_main", "id")
    return _page(found.prefetch_related(Prefetch("holdings", present, to_attr="held")), cursor, "name", "id")


def visible_persons(viewer: Actor, today: date) -> QuerySet[Person]:
    """Return the persons who hold a post within the viewer's reach today, or none at all; see check_reaches_person."""
    paths = viewer.areas(Permission.PERSON_MANAGE)
    if EVERYWHERE in paths:
        return Person.objects.all()
    held = Holding.objects.filter(periods.on(today), person=OuterRef("pk"))
    reach = Q(post__organization_id__in=viewer.organizations(Permission.PERSON_MANAGE))
    for path in paths:
        reach |= Q(post__area__path__startswith=path)
    return Person.objects.filter(Exists(held.filter(reach)) | ~Exists(held))


def get_person_page(*, viewer: Actor, person_id: int, now: datetime) -> PersonPage:
    """Return a person's page. Raises PersonUnknown (or out of reach), NotAllowed."""
    require(viewer, Permission.PERSON_MANAGE)
    person = visible_persons(viewer, clock.local_date(now)).filter(pk=person_id).select_related("account").first()
    if person is None:
        raise PersonUnknown(_("没有找到该人员"))
    holdings = Holding.objects.filter(person=person).select_related("post__organization", "post__area")
    return PersonPage(person, list(holdings.order_by("-from_date", "-id")), getattr(person, "account", None))


def list_accounts(*, viewer: Actor, search: str = "", active: bool | None = None, cursor: str = "") -> Page[Account]:
    """Return accounts by sign-in name. search: part of the sign-in name or of the name. active None: both.

    Raises NotAllowed (neither ACCOUNT_MANAGE nor GRANT_MANAGE anywhere), Invalid (a cursor that is none).
    """
    _require_administrator(viewer)
    found = Account.objects.select_related("person")
    if search:
        found = found.filter(Q(username__contains=search) | Q(name__contains=search))
    if active is not None:
        found = found.filter(is_active=active)
    return _page(found, cursor, "username", "id")


def get_account_page(*, viewer: Actor, account_id: int, now: datetime) -> AccountPage:
    """Return an account's page. Raises AccountUnknown, NotAllowed."""
    _require_administrator(viewer)
    account = rows.get_account(account_id)
    grants = rows.list_grants_of(account_id, clock.local_date(now))
    tokens = list(ApiToken.objects.filter(account=account).order_by("-id"))
    may_manage = policies.allows_account(viewer, grants)
    may_reset = may_manage and policies.allows_becoming(viewer, grants)
    return AccountPage(account, grants, tokens, may_manage, may_reset)


def list_grants(*, viewer: Actor, search: str = "", role: str = "", cursor: str = "", now: datetime) -> Page[Grant]:
    """Return the grants valid today or later within the viewer's scope, newest first.

    search: part of an account's name. role: a role's code.
    Raises NotAllowed (no GRANT_MANAGE anywhere), Invalid (a cursor that is none).
    """
    require(viewer, Permission.GRANT_MANAGE)
    today = clock.local_date(now)
    found = Grant.objects.filter(rows.alive(today)).select_related("account", "role", "area", "organization")
    paths = viewer.areas(Permission.GRANT_MANAGE)
    if EVERYWHERE not in paths:
        reach = Q(organization_id__in=viewer.organizations(Permission.GRANT_MANAGE))
        for path in paths:
            reach |= Q(area__path__startswith=path)
        found = found.filter(reach)
    if search:
        found = found.filter(Q(account__username__contains=search) | Q(account__name__contains=search))
    if role:
        found = found.filter(role__code=role)
    return _page(found, cursor, "-id")


def list_roles() -> list[Role]:
    """Return every role with its permissions; what roles mean is no secret."""
    return list(
        Role.objects.prefetch_related(Prefetch("permissions", RolePermission.objects.order_by("id"))).order_by("id")
    )


def get_own_page(*, viewer: Actor, now: datetime) -> OwnPage:
    """Return what the viewer's own account consists of. Raises AccountUnknown (a visitor)."""
    account = rows.get_account(viewer.id or 0)
    today = clock.local_date(now)
    return OwnPage(
        account=account,
        person=account.person,
        holdings=rows.list_holdings_of(account.person_id, today) if account.person_id else [],
        grants=rows.list_grants_of(account.pk, today),
        tokens=list(ApiToken.objects.filter(account=account, revoked_at=None).order_by("-id")),
    )


def list_notices(*, viewer: Actor) -> list[Notice]:
    """Return the viewer's latest notices, newest first."""
    found = Notice.objects.filter(account_id=viewer.id or 0).select_related("in_place_of")
    return list(found.order_by("-at", "-id")[:NOTICES_SHOWN])


def get_notice(*, viewer: Actor, notice_id: int) -> Notice:
    """Return one of the viewer's notices. Raises NotFound (another's, too)."""
    return rows.get_notice(notice_id, viewer.id or 0)


def _require_administrator(viewer: Actor) -> None:
    if not viewer.holds(Permission.GRANT_MANAGE):
        require(viewer, Permission.ACCOUNT_MANAGE)


def _page(found: QuerySet, cursor: str, *order: str) -> Page:
    """Return the page after (or before) the cursor: [direction, *sort key]; the last of the order is unique."""
    names, descending = [name.lstrip("-") for name in order], order[0].startswith("-")
    backward = False
    total = found.count()
    if cursor:
        types = [int if name == "id" else str for name in names]
        direction, *key = decode(cursor, str, *types)
        backward = direction == "<"
        found = found.filter(_beyond(names, key, descending != backward))
    turned = descending != backward
    ordered = found.order_by(*(f"-{name}" if turned else name for name in names))
    shown = list(ordered[: PAGE_ROWS + 1])
    more, shown = len(shown) > PAGE_ROWS, shown[:PAGE_ROWS]
    if backward:
        shown.reverse()
    keys = [[getattr(row, name) for name in names] for row in (shown[:1] + shown[-1:])]
    return Page(
        rows=shown,
        total=total,
        previous=encode("<", *keys[0]) if keys and (more if backward else bool(cursor)) else "",
        next=encode(">", *keys[-1]) if keys and (more or backward) else "",
    )


def _beyond(names: list[str], key: list, downwards: bool) -> Q:
    """Return "after this key" for one or two columns, the way a row comparison would."""
    than = "lt" if downwards else "gt"
    beyond = Q(**{f"{names[-1]}__{than}": key[-1]})
    if len(names) == 1:
        return beyond
    return Q(**{f"{names[0]}__{than}": key[0]}) | Q(**{names[0]: key[0]}) & beyond
