"""The registry: every organization, place, area link and post in memory, for questions asked with every case.

A `core.policy` snapshot: reloaded when an action touches it, otherwise no query at all. It holds all
periods and is asked about a day, so that midnight changes the answers without reloading anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from haitang.core.periods import covers
from haitang.core.policy import Policy
from haitang.organizations import models
from haitang.organizations.values import AreaRelation


@dataclass(frozen=True, slots=True)
class Place:
    """A parent in a hierarchy over the half-open period [from_date, to_date)."""

    hierarchy: str
    parent_id: int
    from_date: date
    to_date: date | None


@dataclass(frozen=True, slots=True)
class OrganizationRef:
    """One organization as the rest of the platform sees it; exists over [valid_from, valid_to)."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    calendar_id: int | None
    valid_from: date
    valid_to: date | None
    places: tuple[Place, ...] = ()

    @property
    def label(self) -> str:
        """The short name, or the full one where there is no short one."""
        return self.short_name or self.name

    def exists(self, on: date) -> bool:
        """Tell whether the organization exists on that day."""
        return covers(self.valid_from, self.valid_to, on)

    def parent_id(self, hierarchy: str, on: date) -> int | None:
        """Return the id of the organization that stands above it in the hierarchy on that day."""
        for place in self.places:
            if place.hierarchy == hierarchy and covers(place.from_date, place.to_date, on):
                return place.parent_id
        return None


@dataclass(frozen=True, slots=True)
class PostRef:
    """One post; area_id is the duty area. Exists over [from_date, to_date)."""

    id: int
    organization_id: int
    title: str
    kind: str
    area_id: int | None
    from_date: date
    to_date: date | None


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a hierarchy in reading order: how deep it stands, and how many levels end after it."""

    organization: OrganizationRef
    depth: int
    has_children: bool
    closes: int


_Served = tuple[date, date | None, int]


class Registry:
    """Every organization by id and by code, and who serves what; immutable, shared by all requests."""

    def __init__(
        self,
        organizations: list[OrganizationRef],
        serving: list[tuple[int, int, date, date | None]],
        posts: list[PostRef],
    ) -> None:
        """Index the rows. serving: (organization id, area id, from, to) of the links that say "serves"."""
        self._by_id = {each.id: each for each in organizations}
        self._by_code = {each.code: each for each in organizations}
        self._children: dict[tuple[int, str], list[tuple[date, date | None, int]]] = {}
        for each in organizations:
            for place in each.places:
                key = (place.parent_id, place.hierarchy)
                self._children.setdefault(key, []).append((place.from_date, place.to_date, each.id))
        self._serving: dict[tuple[int, str], list[_Served]] = {}
        for organization_id, area_id, from_date, to_date in sorted(serving, key=lambda link: (link[2], link[0])):
            key = (area_id, self._by_id[organization_id].kind)
            self._serving.setdefault(key, []).append((from_date, to_date, organization_id))
        self._post_by_id = {post.id: post for post in posts}
        self._posts: dict[int, list[PostRef]] = {}
        for post in posts:
            self._posts.setdefault(post.organization_id, []).append(post)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[OrganizationRef]:
        """Iterate over all, closed ones too, by code."""
        return iter(self._by_code.values())

    def by_id(self, organization_id: int | None) -> OrganizationRef | None:
        """Return the organization with this id, also a closed one, or None."""
        return None if organization_id is None else self._by_id.get(organization_id)

    def by_code(self, code: str) -> OrganizationRef | None:
        """Return the organization with this code, also a closed one, or None."""
        return self._by_code.get(code)

    def named(self, text: str, on: date) -> list[OrganizationRef]:
        """Return those called so that exist on the day, by full name, else short name, else code; maybe several."""
        existing = [each for each in self if each.exists(on)]
        coded = self.by_code(text)
        return (
            [each for each in existing if each.name == text]
            or [each for each in existing if each.short_name == text]
            or ([coded] if coded is not None and coded.exists(on) else [])
        )

    def all_serving(self, area_ids: tuple[int, ...], kind: str, on: date) -> tuple[OrganizationRef, ...]:
        """Return all of that kind that serve the nearest area of the chain served by any, longest-serving first.

        area_ids: the chain of area ids from the root to the leaf.
        """
        for area_id in reversed(area_ids):
            found = tuple(
                organization
                for from_date, to_date, organization_id in self._serving.get((area_id, kind), ())
                if covers(from_date, to_date, on) and (organization := self._by_id[organization_id]).exists(on)
            )
            if found:
                return found
        return ()

    def serving(self, area_ids: tuple[int, ...], kind: str, on: date) -> OrganizationRef | None:
        """Return the organization of that kind that serves the nearest of these areas, going up, or None.

        area_ids: the chain of area ids from the root to the leaf: "the community of the case" is
        `serving(case.area_ids, Kind.COMMUNITY, today)`. Where several of the kind serve the same
        area, the one that has served it longest, then the one entered first.
        """
        return next(iter(self.all_serving(area_ids, kind, on)), None)

    def children(self, organization_id: int, hierarchy: str, on: date) -> tuple[OrganizationRef, ...]:
        """Return those that stand directly under it in the hierarchy on that day, by code."""
        return tuple(
            child
            for from_date, to_date, child_id in self._children.get((organization_id, hierarchy), ())
            if covers(from_date, to_date, on) and (child := self._by_id[child_id]).exists(on)
        )

    def below(self, organization_id: int, hierarchy: str, on: date) -> frozenset[int]:
        """Return the ids of all that stand under it, at any depth, on that day; without its own."""
        found: set[int] = set()
        pending = [organization_id]
        while pending:
            for child in self.children(pending.pop(), hierarchy, on):
                if child.id not in found:
                    found.add(child.id)
                    pending.append(child.id)
        return frozenset(found)

    def above(self, organization_id: int, hierarchy: str, on: date) -> tuple[OrganizationRef, ...]:
        """Return those that stand above it on that day, the nearest first."""
        found: list[OrganizationRef] = []
        current = self._by_id.get(organization_id)
        while current is not None:
            current = self.by_id(current.parent_id(hierarchy, on))
            if current is not None:
                found.append(current)
        return tuple(found)

    def tree(self, hierarchy: str, on: date) -> tuple[Branch, ...]:
        """Return the whole hierarchy of that day in reading order; those who stand alone in it are left out."""
        roots = [
            each
            for each in self
            if each.exists(on) and each.parent_id(hierarchy, on) is None and self.children(each.id, hierarchy, on)
        ]
        found: list[Branch] = []
        for root in roots:
            self._grow(found, root, hierarchy, on)
        return tuple(found)

    def _grow(self, found: list[Branch], root: OrganizationRef, hierarchy: str, on: date) -> None:
        pending = [(root, 0, 0)]
        while pending:
            organization, depth, closes = pending.pop()
            children = self.children(organization.id, hierarchy, on)
            found.append(Branch(organization, depth, bool(children), 0 if children else closes))
            for place, child in enumerate(reversed(children)):
                # The last child ends its parent's list, and every list that its parent ends.
                pending.append((child, depth + 1, closes + 1 if place == 0 else 0))

    def post(self, post_id: int | None) -> PostRef | None:
        """Return the post with this id, also a closed one, or None."""
        return None if post_id is None else self._post_by_id.get(post_id)

    def posts(self, organization_id: int, kind: str | None = None, on: date | None = None) -> tuple[PostRef, ...]:
        """Return the organization's posts, of that kind only and on that day only where named, by id."""
        return tuple(
            post
            for post in self._posts.get(organization_id, ())
            if (kind is None or post.kind == kind) and (on is None or covers(post.from_date, post.to_date, on))
        )


def _load() -> Registry:
    # Organizations are read last, so that whatever was seen to point at one finds it.
    places: dict[int, list[Place]] = {}
    for child_id, hierarchy, parent_id, from_date, to_date in models.Subordination.objects.order_by(
        "child_id", "from_date"
    ).values_list("child_id", "hierarchy", "parent_id", "from_date", "to_date"):
        places.setdefault(child_id, []).append(Place(hierarchy, parent_id, from_date, to_date))
    serving = list(
        models.AreaLink.objects.filter(relation=AreaRelation.SERVES).values_list(
            "organization_id", "area_id", "from_date", "to_date"
        )
    )
    posts = [
        PostRef(*row)
        for row in models.Post.objects.order_by("id").values_list(
            "id", "organization_id", "title", "kind", "area_id", "from_date", "to_date"
        )
    ]
    found = [
        OrganizationRef(*row, places=tuple(places.get(row[0], ())))
        for row in models.Organization.objects.order_by("code").values_list(
            "id", "code", "name", "short_name", "kind", "calendar_id", "valid_from", "valid_to"
        )
    ]
    return Registry(found, serving, posts)


_policy = Policy("organizations.registry", _load)


def organizations() -> Registry:
    """Return the registry as of now; costs dictionary look-ups unless an action has touched it since."""
    return _policy.get()


def touch_organizations() -> None:
    """Declare, inside an action's transaction, that the registry must be read again. For this app's actions only."""
    _policy.touch()
