"""The plan of the demo city's organizations: government, streets, communities, party organizations, partners.

Kinds, hierarchies, relations and posts are written in the words of the organizations app; other organizations and
areas are named by code, so the plan needs no database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from haitang.demo import names
from haitang.demo.city import City, Place

PROPERTY_COMPANIES = 24

GOVERNMENT, CENTER = "SZF", "ZHZX"


@dataclass(frozen=True, slots=True)
class Post:
    """A post to be: kind, title, and the code of the duty area ("" for none)."""

    kind: str
    title: str
    area: str = ""


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization to be.

    parents: (hierarchy, code of the parent). areas: (relation, code of the area).
    links: (relation, code of the other organization).
    """

    code: str
    name: str
    kind: str
    short_name: str = ""
    phone: str = ""
    parents: tuple[tuple[str, str], ...] = ()
    areas: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    posts: tuple[Post, ...] = ()


def plan_organizations(city: City, seed: int) -> list[Organization]:
    """Return every organization of the city, each after those it stands under or is tied to."""
    rng = Random(seed + 1)
    return [
        *_government(city),
        *_streets(city),
        *_communities(city),
        *_grid_branches(city),
        *_property_companies(rng, city),
        *_partners(rng, city),
        *_social_organizations(rng, city),
    ]


def code_of(kind: str, area: Place | str) -> str:
    """Return the code of the organization of that kind for the area or the area's code: JD-329981001000."""
    prefix = {"street_office": "JD", "community": "SQ", "party_committee": "DW", "party_branch": "ZB"}[kind]
    return f"{prefix}-{area if isinstance(area, str) else area.code}"


def _government(city: City) -> Iterator[Organization]:
    root = city.root.code
    yield Organization("SW", f"中共{names.CITY}委员会", "party_committee", "市委", areas=(("serves", root),))
    yield Organization(
        GOVERNMENT, f"{names.CITY}人民政府", "government_department", "市政府", names.office_number(1),
        areas=(("serves", root),), posts=(Post("leader", "分管领导", root),),
    )  # fmt: skip
    yield Organization(
        CENTER, f"{names.CITY}城市运行管理中心", "command_center", "城运中心", names.office_number(2),
        parents=(("administrative", GOVERNMENT),), areas=(("serves", root),),
        posts=(
            Post("leader", "中心主任", root), Post("acceptor", "受理员", root), Post("dispatcher", "派遣员", root),
            Post("checker", "核查员", root), Post("other", "举报专员", root),
            Post("other", "回访员", root), Post("administrator", "业务管理员", root),
            *(Post("administrator", title) for title in ("系统管理员", "安全管理员", "审计管理员")),
        ),
    )  # fmt: skip
    for number, each in enumerate(names.SHIPPED["department"], start=10):
        short = each["short_name"]
        yield Organization(
            each["code"], names.CITY + each["name"], each["kind"], short,
            names.office_number(number), parents=(("administrative", GOVERNMENT),), areas=(("serves", root),),
            posts=(Post("leader", f"{short}分管负责人"), *(Post("handler", f"{short}承办人") for _desk in range(2))),
        )  # fmt: skip


def _streets(city: City) -> Iterator[Organization]:
    for number, street in enumerate(city.streets, start=100):
        office = "办事处" if street.kind == "street" else "人民政府"
        yield Organization(
            code_of("party_committee", street), f"{street.name}大工委", "party_committee",
            parents=(("party", "SW"),), areas=(("serves", street.code),),
        )  # fmt: skip
        yield Organization(
            code_of("street_office", street), street.name + office, "street_office", street.name,
            names.office_number(number), parents=(("administrative", GOVERNMENT), ("grid", CENTER)),
            areas=(("serves", street.code),),
            posts=(
                Post("director", "主任" if street.kind == "street" else "镇长", street.code),
                Post("acceptor", "受理员", street.code), Post("dispatcher", "派遣员", street.code),
                Post("checker", "核查员", street.code), Post("handler", "综合执法处置人员", street.code),
            ),
        )  # fmt: skip


def _communities(city: City) -> Iterator[Organization]:
    for number, place in enumerate(city.communities, start=200):
        committee = "村民委员会" if place.kind == "village" else "居民委员会"
        yield Organization(
            code_of("party_committee", place), f"{place.name}大党委", "party_committee",
            parents=(("party", code_of("party_committee", place.parent)),), areas=(("serves", place.code),),
        )  # fmt: skip
        grids = [grid for grid in city.grids if grid.parent == place.code]
        yield Organization(
            code_of("community", place), place.name + committee, "community", place.name,
            names.office_number(number),
            parents=tuple((tree, code_of("street_office", place.parent)) for tree in ("administrative", "grid")),
            areas=(("serves", place.code),),
            posts=(
                Post("secretary", "书记", place.code), Post("director", "主任", place.code),
                Post("grid_leader", "网格长", place.code),
                *(Post("community_worker", "社区工作者", place.code) for _desk in range(2)),
                *(Post("grid_worker", f"{grid.name.removeprefix(place.name)}网格员", grid.code) for grid in grids),
            ),
        )  # fmt: skip


def _grid_branches(city: City) -> Iterator[Organization]:
    for grid in city.grids:
        yield Organization(
            code_of("party_branch", grid), f"{grid.name}党支部", "party_branch",
            parents=(("party", code_of("party_committee", grid.parent)),), areas=(("serves", grid.code),),
        )  # fmt: skip


def _property_companies(rng: Random, city: City) -> Iterator[Organization]:
    """Return the companies that look after estates; each works in a few urban communities."""
    words = rng.sample(names.ESTATE_FIRST, PROPERTY_COMPANIES)
    urban = [place for place in city.communities if place.kind == "community"]
    for number, word in enumerate(words):
        yield Organization(
            f"WY-{number + 1:03d}", f"{word}物业服务有限公司", "property_company", f"{word}物业",
            names.office_number(300 + number),
            areas=tuple(("located", place.code) for place in urban[number :: PROPERTY_COMPANIES]),
            posts=(Post("handler", "项目经理"),),
        )  # fmt: skip


def _partners(rng: Random, city: City) -> Iterator[Organization]:
    """Return the 281 units that are paired with communities, spread over all of them."""
    patterns = [each["name"] for each in names.SHIPPED["partner"] for _unit in range(each["count"])]
    rng.shuffle(patterns)
    taken: set[str] = set()
    for number, pattern in enumerate(patterns):
        place = city.communities[number % len(city.communities)]
        name = _free_name(rng, pattern, place, taken)
        taken.add(name)
        yield Organization(
            f"ZQ-{number + 1:03d}", name, "unit", "", names.office_number(1000 + number),
            areas=(("located", place.code),), links=(("pairs", code_of("community", place)),),
            posts=(Post("handler", "联络员"),) if number == 0 else (),
        )  # fmt: skip


def _free_name(rng: Random, pattern: str, place: Place, taken: set[str]) -> str:
    """Return the pattern filled in so that no other unit has the name."""
    own = place.name.removesuffix("社区").removesuffix("村")
    words = [
        own if "学" in pattern or "幼儿" in pattern or "卫生" in pattern else "",
        *rng.sample(names.ESTATE_FIRST, 12),
    ]
    for word in filter(None, words):
        name = pattern.format(w=word, s=own)
        if name not in taken:
            return name
    return f"{pattern.format(w=words[1], s=own)}（{place.name}）"


def _social_organizations(rng: Random, city: City) -> Iterator[Organization]:
    for number, name in enumerate(names.SOCIAL_ORGANIZATIONS):
        place = rng.choice(city.communities)
        yield Organization(
            f"SZ-{number + 1:03d}", names.CITY + name, "social_organization", "", names.office_number(400 + number),
            areas=(("located", place.code),),
        )  # fmt: skip
