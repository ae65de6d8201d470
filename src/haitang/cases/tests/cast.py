"""A small town with desks and people, and the catalogue as shipped: what the tests of cases begin with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from haitang.cases import actions
from haitang.cases.models import Case
from haitang.cases.values import Permission
from haitang.core.access import EVERYWHERE, Actor, Grant
from haitang.core.testing import actor_with
from haitang.organizations import actions as organization_actions
from haitang.organizations.values import AreaRelation, Kind, NewOrganization
from haitang.territory import actions as territory_actions
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

P = Permission
NOW = datetime(2026, 5, 6, 1, 30, tzinfo=UTC)
"""A Wednesday, 09:30 in Asia/Shanghai, the first working day after the holiday of 1 May."""
START = date(2020, 1, 1)
FOUNDER = actor_with(
    "territory.area.manage", "organizations.organization.manage", P.MANAGE_CATALOG, P.MANAGE_ROUTING, account_id=900_001
)
WEST, SOUTH, STEP = 121.30, 31.50, 0.01
LAMP = "春和花园3幢楼下路灯连续三天不亮，晚上老人出行不便，请尽快维修"


def strip(start: int, stop: int) -> dict:
    """Return the land from the start-th to the stop-th hundredth of a degree eastwards."""
    west, east, north = round(WEST + start * STEP, 7), round(WEST + stop * STEP, 7), round(SOUTH + STEP, 7)
    return {
        "type": "Polygon",
        "coordinates": [[[west, SOUTH], [east, SOUTH], [east, north], [west, north], [west, SOUTH]]],
    }


AREAS = [
    ("320585", "海棠市", "city", "", None),
    ("320585001000", "海棠街道", "street", "320585", strip(0, 4)),
    ("320585001001", "春和社区", "community", "320585001000", strip(0, 2)),
    ("320585001002", "秋实社区", "community", "320585001000", strip(2, 4)),
    ("320585001001001", "第一网格", "grid", "320585001001", strip(0, 1)),
    ("320585001001002", "第二网格", "grid", "320585001001", strip(1, 2)),
    ("320585001002001", "第三网格", "grid", "320585001002", strip(2, 3)),
    ("320585001002002", "第四网格", "grid", "320585001002", strip(3, 4)),
]
DESKS = [
    ("ZJJ", "住房和城乡建设局", Kind.GOVERNMENT_DEPARTMENT, "320585"),
    ("CGJ", "城市管理局", Kind.GOVERNMENT_DEPARTMENT, "320585"),
    ("HTJD", "海棠街道办事处", Kind.STREET_OFFICE, "320585001000"),
    ("CHSQ", "春和社区居委会", Kind.COMMUNITY, "320585001001"),
]


@dataclass
class Town:
    """The people of the town. dispatcher, checker: over the street. handler, rival: of two departments."""

    resident: Actor
    grid: Actor
    secretary: Actor
    dispatcher: Actor
    handler: Actor
    rival: Actor
    checker: Actor
    leader: Actor
    outsider: Actor
    desks: dict[str, int]

    def area(self, code: str) -> AreaRef:
        """Return the area that bears the code."""
        area = territory().by_code(code)
        assert area is not None
        return area


def build() -> Town:
    """Create the town through the apps' actions."""
    rows = [
        {"code": code, "name": name, "kind": kind, "parent_code": parent, "boundary": boundary,
         "boundary_source": "测试", "valid_from": START}
        for code, name, kind, parent, boundary in AREAS
    ]  # fmt: skip
    areas = {area.code: area for area in territory_actions.create_areas(actor=FOUNDER, rows=rows, now=NOW)}
    desks = {}
    for code, name, kind, area in DESKS:
        new = NewOrganization(code=code, name=name, kind=kind, valid_from=START)
        desks[code] = organization_actions.create_organization(actor=FOUNDER, new=new, now=NOW).pk
        organization_actions.link_area(
            actor=FOUNDER, organization_id=desks[code], area_id=areas[area].pk, relation=AreaRelation.SERVES,
            from_date=START, now=NOW,
        )  # fmt: skip
    actions.load_default_catalog(actor=FOUNDER, now=NOW)

    def person(name: str, account_id: int, area: str, desk: str, *permissions: P) -> Actor:
        path = areas[area].path
        grants = {Grant(permission, area_path=path) for permission in permissions}
        return Actor(name, id=account_id, organization_id=desks.get(desk), grants=frozenset(grants))

    def official(name: str, account_id: int, desk: str) -> Actor:
        grants = frozenset(Grant(permission, organization_id=desks[desk]) for permission in (P.VIEW, P.HANDLE))
        return Actor(name, id=account_id, organization_id=desks[desk], organization_name=desk, grants=grants)

    street = "320585001000"
    return Town(
        resident=Actor("林阿姨", id=11),
        grid=person("李建国", 12, "320585001001001", "CHSQ", P.VIEW, P.REPORT, P.VERIFY),
        secretary=person("王书记", 13, "320585001001", "CHSQ", P.VIEW, P.REPORT, P.VERIFY, P.ACCEPT, P.HANDLE),
        dispatcher=person(
            "周敏", 14, street, "HTJD",
            P.VIEW, P.REPORT, P.ACCEPT, P.DISPATCH, P.CLOSE, P.REOPEN, P.UNMASK, P.VIEW_CONFIDENTIAL,
        ),
        handler=official("赵强", 15, "ZJJ"),
        rival=official("孙伟", 16, "CGJ"),
        checker=person("钱芳", 17, street, "HTJD", P.VIEW, P.CHECK),
        leader=Actor("郑主任", id=18, grants=frozenset({Grant(P.VIEW, EVERYWHERE)})),
        outsider=person("外区人员", 19, "320585001002", "", P.VIEW, P.ACCEPT, P.DISPATCH, P.CHECK, P.CLOSE),
        desks=desks,
    )  # fmt: skip


def report(actor: Actor, **changes: object) -> Case:
    """Report the broken lamp in the first grid, or what the changes make of it."""
    given = {"description": LAMP, "channel": "web", "lon": WEST + STEP / 2, "lat": SOUTH + STEP / 2, "now": NOW}
    return actions.report_case(actor=actor, **{**given, **changes})
