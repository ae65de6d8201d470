"""What the city is founded with, as the actions take it; and what was founded, by its code."""

from datetime import date

from haitang.demo import units
from haitang.demo.city import Place
from haitang.organizations.queries import organizations
from haitang.organizations.values import NewOrganization, NewPost
from haitang.territory.queries import territory

BOUNDARY_SOURCE = "演示数据，程序生成"


def area(place: Place, day: date) -> dict:
    """Return an area as it is entered, from this day on."""
    return {
        "code": place.code, "name": place.name, "kind": place.kind, "parent_code": place.parent, "valid_from": day,
        "boundary": place.boundary, "boundary_source": BOUNDARY_SOURCE,
    }  # fmt: skip


def organization(each: units.Organization, day: date) -> NewOrganization:
    """Return an organization with its posts as it is entered, from this day on; its areas are there."""
    return NewOrganization(
        code=each.code, name=each.name, kind=each.kind, valid_from=day, short_name=each.short_name, phone=each.phone,
        parents=dict(each.parents), links=each.links,
        areas=tuple((relation, area_id(code)) for relation, code in each.areas),
        posts=tuple(NewPost(post.kind, post.title, area_id(post.area) if post.area else None) for post in each.posts),
    )  # fmt: skip


def organization_id(code: str) -> int:
    """Return the id of an organization. Raises LookupError."""
    found = organizations().by_code(code)
    if found is None:
        raise LookupError(f"no organization {code}")
    return found.id


def area_id(code: str) -> int:
    """Return the id of an area. Raises LookupError."""
    found = territory().by_code(code)
    if found is None:
        raise LookupError(f"no area {code}")
    return found.id
