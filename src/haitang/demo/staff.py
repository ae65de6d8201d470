"""The plan of who works where in the demo city, with which account and which roles.

Everybody who does deeds has an account: in the home community every grid worker, elsewhere the leader of the
community's grids. Only the accounts that the demo shows have a password.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from haitang.demo import names, units
from haitang.demo.city import City
from haitang.demo.timeline import home_of

# For anybody who tries the demo, hence no secret; an installation in use refuses to build the demo.
PASSWORD = "Haitang-2026"  # noqa: S105 - told to everybody with the demo
RESIDENT, VOLUNTEER = "resident", "volunteer"
CALLER = "callback"
UNIT = "unit"
CENTER_ACCEPTOR, CENTER_DISPATCHER, OFFICER = "hotline", "center-dispatcher", "center-officer"
_TRUSTED = ("CGJ", "SCJ")


@dataclass(frozen=True, slots=True)
class Scope:
    """A role over an area or an organization, each by code; over everything where both are empty."""

    role: str
    area: str = ""
    organization: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A person to be, with the post held and perhaps an account.

    organization, post: kind of post, the how-manieth of that kind there; "" for the resident. username: "" for none.
    """

    name: str
    phone: str
    organization: str = ""
    post: str = ""
    number: int = 0
    username: str = ""
    scopes: tuple[Scope, ...] = ()

    @property
    def signs_in(self) -> bool:
        """Tell whether this is one of the accounts that the demo offers."""
        return self.username in SHOWN


SHOWN = {
    RESIDENT: "居民", VOLUNTEER: "志愿者", "grid": "网格员", "community": "社区书记", "street": "街道派遣员",
    "department": "部门承办人",
    "department2": "第二个部门的承办人", "director": "街道领导", "supervisor": "督查专员", "manager": "业务管理员",
    "checker": "核查员", CENTER_ACCEPTOR: "热线受理员（可导入工单）", CALLER: "回访员", "leader": "领导",
    "sysadmin": "系统管理员", "secadmin": "安全管理员",
    "auditor": "审计管理员", UNIT: "单位联络员",
}  # fmt: skip
"""The accounts with a password, and what each is for."""


def plan_staff(city: City, organizations: list[units.Organization], seed: int) -> list[Seat]:
    """Return one person for every post of the city, a resident and a volunteer."""
    rng = Random(seed + 3)
    accounts = _Accounts(city)
    seats = [Seat(names.person_name(rng), names.mobile_number(0), username=RESIDENT, scopes=(Scope("resident"),))]
    for organization in organizations:
        counted: Counter[str] = Counter()
        for post in organization.posts:
            username, scopes = accounts.of(organization, post, counted[post.kind])
            seats.append(
                Seat(
                    names.person_name(rng), names.mobile_number(len(seats)), organization.code, post.kind,
                    counted[post.kind], username, scopes,
                )
            )  # fmt: skip
            counted[post.kind] += 1
    helper = Seat(
        names.person_name(rng), names.mobile_number(len(seats)), username=VOLUNTEER, scopes=(Scope("resident"),)
    )
    return [*seats, helper]


class _Accounts:
    """Says which post comes with which account and roles."""

    def __init__(self, city: City) -> None:
        self._root = city.root.code
        grid = home_of(city)
        community = next(place for place in city.communities if place.code == grid.parent)
        self._community = community.code
        self._shown = {
            worker_name(grid.code): "grid", secretary_name(community.code): "community",
            dispatcher_name(community.parent): "street", handler_name("CGJ", 0): "department",
            director_name(community.parent): "director", handler_name("ZJJ", 0): "department2",
        }  # fmt: skip

    def of(self, organization: units.Organization, post: units.Post, number: int) -> tuple[str, tuple[Scope, ...]]:
        for username, scopes in self._matching(organization, post, number):
            return self._shown.get(username, username), scopes
        return "", ()

    def _matching(
        self, organization: units.Organization, post: units.Post, number: int
    ) -> Iterator[tuple[str, tuple[Scope, ...]]]:
        root, own = self._root, Scope("department_handler", organization=organization.code)
        trusted = Scope("confidential_officer", organization=organization.code)
        match organization.kind, post.kind:
            case "command_center", _:
                yield from self._center(post)
            case "government_department", "leader" if organization.code == units.GOVERNMENT:
                yield "leader", (Scope("leader", area=root),)
            case (("government_department" | "public_service"), "handler"):
                yield (
                    handler_name(organization.code, number),
                    (own, trusted) if number and organization.code in _TRUSTED else (own,),
                )
            case "street_office", "dispatcher":
                yield dispatcher_name(post.area), (Scope("street_dispatcher", area=post.area),)
            case "street_office", "director":
                yield director_name(post.area), (Scope("street_leader", area=post.area),)
            case "street_office", "checker":
                yield checker_name(post.area), (Scope("checker", area=post.area),)
            case "street_office", "handler":
                yield handler_name(organization.code, number), (own, trusted)
            case "unit", "handler":
                yield UNIT, (Scope("unit_liaison", organization=organization.code),)
            case "community", "secretary":
                yield secretary_name(post.area), (Scope("community_secretary", area=post.area),)
            case "community", "grid_leader":
                yield leader_name(post.area), (Scope("grid_worker", area=post.area),)
            case "community", "grid_worker" if post.area[:12] == self._community:
                yield worker_name(post.area), (Scope("grid_worker", area=post.area),)

    def _center(self, post: units.Post) -> Iterator[tuple[str, tuple[Scope, ...]]]:
        dispatcher, root = Scope("street_dispatcher", area=self._root), self._root
        found = {
            "受理员": (CENTER_ACCEPTOR, (dispatcher, Scope("case_importer"))),
            "派遣员": (CENTER_DISPATCHER, (dispatcher,)),
            "核查员": ("checker", (Scope("checker", area=root), Scope("selection_reviewer", area=root))),
            "举报专员": (OFFICER, (dispatcher, Scope("checker", area=root), Scope("confidential_officer", area=root))),
            "回访员": (CALLER, (Scope("callback_officer", area=root),)),
            "业务管理员": ("manager", (Scope("case_administrator"), Scope("privacy_officer"))),
            "中心主任": ("supervisor", (Scope("supervisor", area=root), Scope("selection_reviewer", area=root))),
            "系统管理员": ("sysadmin", (Scope("system_admin"),)),
            "安全管理员": ("secadmin", (Scope("security_admin"),)),
            "审计管理员": ("auditor", (Scope("audit_admin"),)),
        }.get(post.title)
        if found:
            yield found


def worker_name(grid: str) -> str:
    """Return the account of the grid's worker."""
    return f"grid-{grid}"


def leader_name(community: str) -> str:
    """Return the account of the leader of the community's grids."""
    return f"grids-{community}"


def secretary_name(community: str) -> str:
    """Return the account of the community's secretary."""
    return f"community-{community}"


def dispatcher_name(street: str) -> str:
    """Return the account of the street's dispatcher."""
    return f"street-{street}"


def director_name(street: str) -> str:
    """Return the account of the street's director."""
    return f"director-{street}"


def checker_name(street: str) -> str:
    """Return the account of the street's checker."""
    return f"checker-{street}"


def handler_name(organization: str, number: int) -> str:
    """Return the account of a desk in a department, a public utility or a street office."""
    return f"desk-{organization.lower()}-{number + 1}"
