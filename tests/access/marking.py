"""Marks: every piece of Chinese text in every row that belongs to some place begins with a word that is nowhere else.

Whoever finds the word in an answer knows the column, the row and the place that it came from.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, models, transaction

from haitang.core.scoping import path_of
from haitang.organizations.models import AreaLink, Post
from haitang.people.models import Account, Grant, Holding, Person
from haitang.territory.models import Area

MARK = re.compile(rb"qx([0-9a-z]+)xq")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
COMMUNITY_DEPTH = 3
KNOWN_TO_ALL = {"core", "worktime", "territory", "organizations", "demo", "bench", "config"}
"""Apps whose rows belong to no place: what all of the city is told, and what nobody reads as such."""
STATES = ("status", "is_confidential")
READ = {"area_ids", *STATES}
PRIVATE = "/private/"
"""The place of what belongs to a resident alone."""

Place = frozenset[str]


@dataclass(frozen=True)
class Marked:
    """One marked text: its column ("cases.Case.description"), its row, and the communities (paths) it belongs to.

    state: the row's status, "" where it has none: what is open to everybody often is so in some states alone.
    """

    column: str
    row_id: int
    places: Place
    state: str = ""

    @property
    def kind(self) -> str:
        """The column, and the state in which the row is."""
        return f"{self.column} ({self.state})" if self.state else self.column


@dataclass
class Rows:
    """What belongs to which places, by model and id."""

    held: dict[type[models.Model], dict[int, dict]] = field(default_factory=dict)
    _places: dict[tuple[type[models.Model], int], Place] = field(default_factory=dict)

    @cached_property
    def _paths(self) -> dict[int, str]:
        return dict(Area.objects.values_list("pk", "path"))

    @cached_property
    def _of_organizations(self) -> dict[int, Place]:
        found: dict[int, set[str]] = defaultdict(set)
        for organization_id, area_id in AreaLink.objects.values_list("organization_id", "area_id"):
            found[organization_id].add(_community(self._paths[area_id]))
        return {key: frozenset(paths) for key, paths in found.items()}

    @cached_property
    def _of_people(self) -> dict[int, Place]:
        found: dict[int, set[str]] = defaultdict(set)
        posts = {post.pk: post for post in Post.objects.all()}
        for person_id, post_id in Holding.objects.values_list("person_id", "post_id"):
            post = posts[post_id]
            if post.area_id:
                found[person_id].add(_community(self._paths[post.area_id]))
            else:
                found[person_id] |= self._of_organizations.get(post.organization_id, frozenset())
        return {key: frozenset(paths) for key, paths in found.items()}

    @cached_property
    def _of_accounts(self) -> dict[int, Place]:
        found: dict[int, set[str]] = defaultdict(set)
        for account_id, area_id, organization_id in Grant.objects.values_list(
            "account_id", "area_id", "organization_id"
        ):
            if organization_id:
                found[account_id] |= self._of_organizations.get(organization_id, frozenset())
            else:
                found[account_id].add(_community(self._paths[area_id]) if area_id else "/")
        return {key: frozenset(paths) for key, paths in found.items()}

    def load(self) -> None:
        """Read the ids, areas and references of every row."""
        for model in marked_models():
            names = [f.attname for f in model._meta.concrete_fields if f.is_relation or f.name in READ]
            self.held[model] = {row["pk"]: row for row in model._base_manager.values("pk", *names)}

    def places(self, model: type[models.Model], row_id: int) -> Place:
        """Return the communities to which the row belongs: its own area's, else those of what it belongs to."""
        key = (model, row_id)
        if key not in self._places:
            self._places[key] = frozenset()  # while it is looked for: rows that refer to one another end here
            self._places[key] = self._find(model, row_id)
        return self._places[key]

    def _find(self, model: type[models.Model], row_id: int) -> Place:
        row = self.held.get(model, {}).get(row_id)
        if row is None:
            return frozenset()
        if model is Person:
            return self._of_people.get(row_id) or frozenset({PRIVATE})
        if model is Account:
            return self._of_people.get(row["person_id"]) or self._of_accounts.get(row_id) or frozenset({PRIVATE})
        if row.get("area_ids"):
            return frozenset({_community(path_of(row["area_ids"]))})
        referred = [(f.related_model, row[f.attname]) for f in _references(model) if row[f.attname] is not None]
        if area := next((found for to, found in referred if to is Area), None):
            return frozenset({_community(self._paths[area])})
        own = [self.places(to, found) for to, found in referred if to in self.held and to not in (Person, Account)]
        if any(own):
            return frozenset().union(*own)
        for to, found in referred:
            if to in (Person, Account):
                return self.places(to, found)
        return frozenset()

    def state(self, model: type[models.Model], row_id: int) -> str:
        """Return what state the row is in, "" where it has none."""
        row = self.held[model][row_id]
        return " ".join(str(row[name]) for name in STATES if row.get(name))

    def empty(self, place: str) -> list[str]:
        """Take away every row that belongs to this place alone, and return the tables of which some had to stay.

        What refers to a row goes before it: as often as that lets something go.
        """
        left = {
            model: {pk for pk in held if self.places(model, pk) == {place}}
            for model, held in self.held.items()
            if model not in (Person, Account)
        }
        while True:
            before = sum(map(len, left.values()))
            for model, row_ids in left.items():
                if row_ids and _delete(model, row_ids):
                    row_ids.clear()
            if sum(map(len, left.values())) in (0, before):
                return sorted(model._meta.label for model, row_ids in left.items() if row_ids)

    def mark(self) -> list[Marked]:
        """Put a mark before every Chinese text of every row that has a place, and return all marks by number."""
        marks: list[Marked] = []
        for model in marked_models():
            for column in _texts(model):
                found = [
                    (row_id, self.places(model, row_id))
                    for row_id, text in model._base_manager.values_list("pk", column.attname).order_by("pk")
                    if text and CHINESE.search(text) and self.places(model, row_id)
                ]
                if found and _write(model, column, [row_id for row_id, _places in found], len(marks)):
                    name = f"{model._meta.label}.{column.name}"
                    marks += [Marked(name, row_id, places, self.state(model, row_id)) for row_id, places in found]
        return marks


def marked_models() -> list[type[models.Model]]:
    """Return the models whose rows may belong to a place."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("haitang.")
        and model._meta.app_label not in KNOWN_TO_ALL
        and isinstance(model._meta.pk, models.BigAutoField | models.BigIntegerField | models.OneToOneField)
    ]


def _community(path: str) -> str:
    return "/" + "".join(f"{part}/" for part in path.strip("/").split("/")[:COMMUNITY_DEPTH] if part)


def _references(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    return (f for f in model._meta.concrete_fields if f.is_relation)


def _texts(model: type[models.Model]) -> Iterator[models.Field]:
    for column in model._meta.concrete_fields:
        is_text = isinstance(column, models.CharField | models.TextField) and not isinstance(column, ArrayField)
        if is_text and not column.choices and not column.unique:
            yield column


def _write(model: type[models.Model], column: models.Field, row_ids: list[int], first: int) -> bool:
    """Write the marks into the column; False where the database keeps it as it is."""
    marks = [f"qx{np.base_repr(first + number, 36).lower()}xq" for number in range(len(row_ids))]
    quote = connection.ops.quote_name
    table, name, key = quote(model._meta.db_table), quote(column.column), quote(model._meta.pk.column)
    statement = (
        f"UPDATE {table} SET {name} = left(m.mark || {table}.{name}, %s) "
        f"FROM unnest(%s::bigint[], %s::text[]) AS m(id, mark) WHERE {table}.{key} = m.id"
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [column.max_length or 100_000, row_ids, marks])
    except DatabaseError:
        return False
    return True


def _delete(model: type[models.Model], row_ids: set[int]) -> bool:
    """Take the rows away; False where others refer to them, or the database keeps them."""
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {key} = ANY(%s)", [list(row_ids)])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError:
        return False
    return True
