"""Organizations as rows: one with all that hangs on it, and what actions lock and ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.core import periods
from haitang.core.access import Actor
from haitang.organizations import models
from haitang.organizations.values import AreaRelation, OrganizationUnknown, PostUnknown
from haitang.territory.queries import territory


@dataclass(frozen=True)
class OrganizationPage:
    """One organization with everything that its page shows; periods of the past and the future too.

    places: its parents in all hierarchies. children: those directly under it today.
    """

    organization: models.Organization
    places: Sequence[models.Subordination]
    children: Sequence[models.Subordination]
    areas: Sequence[models.AreaLink]
    links: Sequence[models.OrganizationLink]
    posts: Sequence[models.Post]
    area_paths: tuple[str, ...]


def get_row(organization_id: int | str) -> models.Organization:
    """Return the organization by id, or by code where a text is given. For actions. Raises OrganizationUnknown."""
    return _one(models.Organization.objects.all(), organization_id)


def get_organization(*, viewer: Actor, key: int | str) -> models.Organization:
    """Return the organization with this id, or with this code where a text is given.

    Raises OrganizationUnknown (absent, or not for the viewer to see).
    """
    return _one(models.Organization.objects.visible_to(viewer).select_related("calendar"), key)


def get_organization_page(*, viewer: Actor, key: int | str, on: date) -> OrganizationPage:
    """Return one organization (by id, or by code) with all that hangs on it. Raises OrganizationUnknown.

    on: the day that counts as today for what is shown of others under it.
    """
    organization = get_organization(viewer=viewer, key=key)
    effective = ~Q(to_date=F("from_date"))
    ended_last = (F("to_date").desc(nulls_first=True), "-from_date", "id")
    children = covering(organization.children.all(), on).select_related("child").order_by("hierarchy", "child__code")
    links = models.OrganizationLink.objects.filter(effective, Q(one=organization) | Q(other=organization))
    return OrganizationPage(
        organization=organization,
        places=list(organization.parents.filter(effective).select_related("parent").order_by("hierarchy", *ended_last)),
        children=list(children),
        areas=list(
            organization.areas.filter(effective).select_related("area").defer("area__boundary").order_by(*ended_last)
        ),
        links=list(links.select_related("one", "other").order_by(*ended_last)),
        posts=list(
            organization.posts.filter(effective).select_related("area").defer("area__boundary").order_by(*ended_last)
        ),
        area_paths=managed_paths(organization.pk, on),
    )


@dataclass(frozen=True, slots=True)
class Tie:
    """What two organizations are to each other over [from_date, to_date): a row of OrganizationLink, by its id."""

    id: int
    one_id: int
    other_id: int
    from_date: date
    to_date: date | None


def list_ties(relation: str, *, organization_ids: Iterable[int] | None = None) -> list[Tie]:
    """Return every tie of that relation that ever took effect, by id. For apps above; shows nobody anything.

    organization_ids: only those with one of these at either end; None for all.
    """
    rows = models.OrganizationLink.objects.filter(~Q(to_date=F("from_date")), relation=relation)
    if organization_ids is not None:
        wanted = list(organization_ids)
        rows = rows.filter(Q(one_id__in=wanted) | Q(other_id__in=wanted))
    return [Tie(*row) for row in rows.order_by("id").values_list("id", "one_id", "other_id", "from_date", "to_date")]


def lock_organization(organization_id: int) -> models.Organization:
    """Return the organization locked until the transaction ends. For actions only. Raises OrganizationUnknown."""
    return lock_organizations([organization_id])[organization_id]


def lock_organizations(organization_ids: Iterable[int]) -> dict[int, models.Organization]:
    """Return these organizations by id, locked in the order of their ids. Raises OrganizationUnknown."""
    wanted = set(organization_ids)
    rows = models.Organization.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("id")
    found = {row.pk: row for row in rows}
    if wanted - found.keys():
        raise _unknown()
    return found


def get_post(post_id: int) -> models.Post:
    """Return the post with its organization. For actions. Raises PostUnknown."""
    return _one_post(models.Post.objects.select_related("organization"), post_id)


def lock_post(post_id: int) -> models.Post:
    """Return the post locked until the transaction ends. For actions only. Raises PostUnknown."""
    return _one_post(models.Post.objects.select_for_update(no_key=True), post_id)


def covering(rows: QuerySet, on: date) -> QuerySet:
    """Narrow dated rows to those whose period covers the day."""
    return rows.filter(periods.on(on))


def managed_paths(organization_id: int, on: date) -> tuple[str, ...]:
    """Return the paths of the areas through which the organization is managed.

    Those that it serves on that day or will serve; if none, those in which it is located; if none, ().
    """
    running = Q(to_date__isnull=True) | Q(to_date__gt=on)
    links = models.AreaLink.objects.filter(
        running, organization_id=organization_id, relation__in=(AreaRelation.SERVES, AreaRelation.LOCATED)
    )
    paths: dict[str, list[str]] = {}
    for relation, path in links.values_list("relation", "area__path"):
        paths.setdefault(relation, []).append(path)
    return tuple(sorted(paths.get(AreaRelation.SERVES) or paths.get(AreaRelation.LOCATED) or ()))


def area_paths(area_ids: Iterable[int]) -> dict[int, str]:
    """Return the materialised path of each of these areas. Raises AreaNotFound for any missing."""
    tree = territory()
    return {area_id: tree.area(area_id).path for area_id in area_ids}


def _one(rows: QuerySet, key: int | str) -> models.Organization:
    found = rows.filter(**({"code": key} if isinstance(key, str) else {"pk": key})).first()
    if found is None:
        raise _unknown()
    return found


def _one_post(rows: QuerySet, post_id: int) -> models.Post:
    post = rows.filter(pk=post_id).first()
    if post is None:
        raise PostUnknown(_("没有这个岗位"))
    return post


def _unknown() -> OrganizationUnknown:
    return OrganizationUnknown(_("没有这个单位，或它不在您可以查看的范围内"))
