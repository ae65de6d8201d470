"""The catalogue as one snapshot: categories with their limits, rules, phrases and settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from operator import add
from typing import Any

from haitang.cases.models import Category, FormVersion, Phrase, RoutingRule, Setting
from haitang.cases.values import EMPTY, SETTINGS, CaseForm, CategoryNotFound, Stage, form_of_data
from haitang.core.policy import Policy
from haitang.core.shipped import Settings, read_shipped
from haitang.worktime.values import Limit


@dataclass(frozen=True, slots=True)
class FormRef:
    """The form that a category asks by today. version_id: None where it has never asked anything."""

    version_id: int | None = None
    number: int = 0
    form: CaseForm = EMPTY


NO_FORM = FormRef()


@dataclass(frozen=True, slots=True)
class CategoryRef:
    """A category with everything that a case needs of it. ids: from the root of its tree to itself."""

    id: int
    code: str
    name: str
    name_en: str
    tree: str
    parent_id: int | None
    ids: tuple[int, ...]
    limits: Mapping[str, Limit]
    keywords: tuple[str, ...]
    is_urgent: bool
    is_active: bool
    current: FormRef = NO_FORM


@dataclass(frozen=True, slots=True)
class RuleRef:
    """A routing rule; see models.RoutingRule."""

    id: int
    position: int
    name: str
    categories: tuple[str, ...]
    kinds: frozenset[str]
    channels: frozenset[str]
    area_id: int | None
    from_minute: int | None
    to_minute: int | None
    organization_code: str
    serving: str
    post_kind: str
    reason: str


@dataclass(frozen=True)
class Catalog:
    """Everything that is decided per city about cases, as of one version."""

    categories: tuple[CategoryRef, ...]
    rules: tuple[RuleRef, ...]
    phrases: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, Any]
    default_limits: Mapping[str, Limit] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[int, CategoryRef]:
        """Categories by id, the retired ones too."""
        return {category.id: category for category in self.categories}

    @cached_property
    def by_code(self) -> dict[str, CategoryRef]:
        """Categories by code, the retired ones too."""
        return {category.code: category for category in self.categories}

    @cached_property
    def leaves(self) -> tuple[CategoryRef, ...]:
        """The categories in use that have none below them: those a case can have."""
        parents = {category.parent_id for category in self.categories if category.is_active}
        return tuple(c for c in self.categories if c.is_active and c.id not in parents)

    @cached_property
    def _by_beginning(self) -> dict[str, list[tuple[int, str, CategoryRef]]]:
        """Keywords with their rank (the longest first, then the lower code) under the two characters they begin with.

        A keyword of one character stands under that one.
        """
        words = [(word, category) for category in self.leaves for word in (*category.keywords, category.name) if word]
        words.sort(key=lambda pair: (-len(pair[0]), pair[1].code))
        found: dict[str, list[tuple[int, str, CategoryRef]]] = {}
        for rank, (word, category) in enumerate(words):
            found.setdefault(word[:2], []).append((rank, word, category))
        return found

    def category(self, code: str) -> CategoryRef:
        """Return the category in use with that code; raise CategoryNotFound."""
        found = self.by_code.get(code)
        if found is None or not found.is_active:
            raise CategoryNotFound(f"没有编码为“{code[:20]}”的类别")
        return found

    def below(self, code: str) -> list[int]:
        """Return the ids of the category with that code and of all below it; raise CategoryNotFound."""
        top = self.by_code.get(code)
        if top is None:
            raise CategoryNotFound(f"没有编码为“{code[:20]}”的类别")
        return [category.id for category in self.categories if top.id in category.ids]

    def suggest(self, description: str) -> CategoryRef | None:
        """Return the category whose longest keyword stands in the text, or None; ties go to the lower code."""
        best: tuple[int, CategoryRef] | None = None
        here = {*description, *map(add, description, description[1:])}
        for beginning in self._by_beginning.keys() & here:
            for rank, word, category in self._by_beginning[beginning]:
                if (best is None or rank < best[0]) and word in description:
                    best = rank, category
        return best[1] if best else None

    def limit(self, category: CategoryRef | None, stage: str) -> Limit:
        """Return how long the stage may take for that category (None: not yet classified)."""
        limits = category.limits if category is not None else self.default_limits
        return limits[stage]

    def setting(self, key: str) -> Any:
        """Return the value of a setting; a KeyError is a missing default, which is a bug."""
        return self.settings[key]


shipped = partial(read_shipped, "cases")
"""Return the content of one of the data files that the product ships."""


def shipped_settings() -> dict[str, dict[str, Any]]:
    """Return the settings that the product ships, by key: those of cases, then those of apps above."""
    limits = shipped("categories.toml")["defaults"]
    found = {"limits": {"value": limits["limits"], "source": limits.get("source", "")}, **shipped("settings.toml")}
    for more in SETTINGS:
        found |= read_shipped(more.app, "settings.toml")
    return found


CASE_SETTINGS = Settings(shipped_settings, Setting)


def _load() -> Catalog:
    settings = CASE_SETTINGS.values()
    given = {**shipped("categories.toml")["defaults"]["limits"], **settings["limits"]}  # a city may have saved fewer
    defaults = {stage: Limit.parse(text) for stage, text in given.items()}
    rows = {row.pk: row for row in Category.objects.order_by("code")}
    forms = {
        version.category_id: FormRef(version.pk, version.number, form_of_data(version.content))
        for version in FormVersion.objects.order_by("category_id", "-number").distinct("category_id")
    }
    refs: dict[int, CategoryRef] = {}

    def ref(pk: int) -> CategoryRef:
        if pk not in refs:
            row = rows[pk]
            parent = ref(row.parent_id) if row.parent_id else None
            own = {stage: Limit.parse(text) for stage, text in row.limits.items() if stage in Stage.values}
            refs[pk] = CategoryRef(
                row.pk, row.code, row.name, row.name_en or row.name, row.tree, row.parent_id,
                (*(parent.ids if parent else ()), row.pk),
                {**(parent.limits if parent else defaults), **own},
                tuple(row.keywords), row.is_urgent, row.is_active, forms.get(pk, NO_FORM),
            )  # fmt: skip
        return refs[pk]

    phrases: dict[str, tuple[str, ...]] = {}
    for phrase in Phrase.objects.order_by("deed", "position", "id"):
        phrases[phrase.deed] = (*phrases.get(phrase.deed, ()), phrase.text)
    return Catalog(
        categories=tuple(ref(pk) for pk in rows),
        rules=tuple(
            RuleRef(
                r.pk, r.position, r.name, tuple(r.categories), frozenset(r.kinds), frozenset(r.channels),
                r.area_id, r.from_minute, r.to_minute, r.organization_code, r.serving, r.post_kind, r.reason,
            )
            for r in RoutingRule.objects.filter(is_active=True).order_by("position", "id")
        ),
        phrases=phrases,
        settings=settings,
        default_limits=defaults,
    )  # fmt: skip


CATALOG: Policy[Catalog] = Policy("cases.catalog", _load)


def catalog() -> Catalog:
    """Return the catalogue as of now. Cheap: a snapshot shared by all requests of the process."""
    return CATALOG.get()
