"""Every page, as each role meets it, keeps nobody out: at both sizes, in large mode, in English too."""

import pytest
from playwright.sync_api import Page

from tests.journeys.walking import DESK, PHONE, Walk, look

SIZES = {"desk": DESK, "phone": PHONE}
PUBLIC = [
    "/", "/report/", "/track/", "/help/", "/help/register/", "/help/find/", "/help/verify/", "/open/projects/",
    "/open/projects/evaluate/", "/open311/", "/owners/", "/owners/vote/", "/service-days/", "/services/",
    "/surveys/", "/surveys/answer/", "/votes/", "/wishes/",
    "/conversations/", "/councils/", "/councils/draws/again/", "/rounds/",
    "/wishes/?show=granted", "/lists/", "/lists/needs/", "/lists/resources/", "/lists/agreements/",
    "/privacy/", "/promises/", "/me/data/enter/",
    "/accessibility/", "/accounts/login/",
]  # fmt: skip
STAFF = {
    "resident": [
        "/mine/",
        "/me/",
        "/me/data/",
        "/me/data/ask/erase/",
        "/me/help/",
        "/calls/",
        "/my-orders/",
        "/offers/",
        "/my-wishes/",
        "/my-wishes/new/",
        "/conversations/",
        "/owners/",
        "/owners/vote/",
    ],
    "volunteer": [
        "/calls/",
        "/service-days/",
        "/me/help/",
        "/me/help/change/",
        "/offers/",
        "/services/",
        "/wish-claims/",
    ],
    "community": [
        "/callups/",
        "/callups/new/",
        "/days/",
        "/days/new/",
        "/days/bring/",
        "/orders/",
        "/orders/new/",
        "/orders/plans/",
        "/survey-desk/",
        "/survey-desk/new/",
        "/survey-reviews/",
        "/admin/services/",
        "/volunteers/",
        "/volunteers/new/",
        "/volunteers/figures/",
        "/volunteers/import/",
        "/needs/",
        "/resources/",
        "/agreements/",
        "/exchange/plan/",
        "/exchange/unmet/",
        "/exchange/unused/",
        "/exchange/figures/",
        "/exchange/files/",
        "/conversation-desk/",
        "/conversation-desk/new/",
        "/council-desk/",
        "/council-desk/new/",
        "/council-desk/topics/",
        "/council-desk/resolutions/",
        "/council-desk/questions/",
        "/estates/",
        "/estates/new/",
        "/owner-votes/",
        "/projects/",
        "/projects/new/",
        "/project-packages/",
        "/project-selections/",
        "/round-desk/",
        "/round-desk/new/",
        "/vote-desk/",
        "/vote-desk/new/",
        "/wish-desk/",
        "/wish-desk/new/",
        "/wish-desk/bring/",
        "/wish-desk/heard/",
        "/links/",
        "/links/figures/",
        "/links/new/",
        "/links/files/",
        "/committees/",
        "/committees/new/",
        "/committees/decisions/",
        "/alliances/",
        "/action-branches/",
        "/contact-points/",
        "/workstations/",
        "/joint/alliances/new/",
        "/joint/branches/new/",
        "/joint/points/new/",
        "/joint/stations/new/",
    ],
    "unit": [
        "/unit/",
        "/resources/",
        "/offers/",
        "/volunteers/",
        "/wish-claims/",
        "/unit/links/",
        "/links/",
        "/committees/",
        "/committees/decisions/",
        "/alliances/",
    ],
    "manager": [
        "/data-requests/",
        "/admin/privacy-settings/",
        "/admin/service-types/",
        "/admin/order-settings/",
        "/admin/volunteer-catalogue/",
        "/admin/volunteer-settings/",
        "/admin/exchange/",
        "/admin/opinion-settings/",
        "/admin/council-settings/",
        "/admin/council-settings/kinds/new/",
        "/admin/wish-settings/",
        "/admin/callup-settings/",
        "/admin/service-day-settings/",
        "/admin/owners-settings/",
        "/admin/alliances/",
        "/admin/alliances/duty/new/",
        "/admin/alliances/of_unit/unit_duties/",
        "/admin/round-settings/",
        "/admin/vote-settings/",
        "/admin/survey-settings/",
        "/admin/points/",
        "/admin/points/rewards/new/",
    ],
    "grid": [
        "/desk/",
        "/cases/todo/",
        "/cases/done/",
        "/cases/mine/",
        "/cases/new/",
        "/map/",
        "/field/",
        "/field/mine/",
    ],
    "street": ["/desk/", "/cases/", "/cases/?overdue=1", "/cases/new/", "/map/", "/figures/", "/me/notices/"],
    "department": [
        "/accounts/security/",
        "/elevations/",
        "/elevations/ask/",
        "/me/tokens/",
        "/desk/",
        "/cases/todo/",
        "/cases/",
        "/whistles/",
        "/indicators/organizations/",
    ],
    "leader": [
        "/projects/",
        "/project-packages/",
        "/project-selections/",
        "/desk/",
        "/cases/",
        "/map/",
        "/figures/",
        "/figures/?by=area",
        "/figures/?by=category",
        "/indicators/",
        "/indicators/organizations/",
    ],
    "sysadmin": [
        "/desk/",
        "/admin/areas/",
        "/admin/organizations/",
        "/admin/calendars/",
        "/admin/people/",
        "/admin/accounts/",
        "/admin/categories/",
        "/admin/routes/",
        "/admin/phrases/",
        "/admin/case-settings/",
        "/admin/ferry/",
        "/admin/ferry/partners/new/",
        "/open311/",
    ],
    "secadmin": ["/desk/", "/admin/retention/", "/admin/roles/", "/admin/grants/", "/admin/sign-in/", "/elevations/"],
    "auditor": ["/desk/", "/admin/history/"],
    "hotline": ["/ferry/"],
}


PICTURES = {
    ("street", "/desk/"): "desk",
    ("street", "/cases/"): "list",
    ("leader", "/map/"): "map",
    ("leader", "/figures/?by=area"): "figures",
    ("sysadmin", "/admin/routes/"): "routes",
}
OPENED = {
    "/conversations/",
    "/conversation-desk/",
    "/estates/",
    "/owner-votes/",
    "/owners/",
    "/survey-desk/",
    "/links/",
    "/unit/links/",
    "/committees/",
    "/committees/decisions/",
    "/alliances/",
    "/action-branches/",
    "/contact-points/",
    "/workstations/",
    "/callups/",
    "/days/",
    "/cases/",
    "/admin/organizations/",
    "/admin/people/",
    "/admin/accounts/",
    "/admin/calendars/",
    "/orders/",
    "/my-orders/",
    "/admin/services/",
    "/admin/service-types/",
    "/volunteers/",
    "/needs/",
    "/resources/",
    "/agreements/",
    "/projects/",
    "/open/projects/",
    "/round-desk/",
    "/rounds/",
    "/votes/",
    "/vote-desk/",
}
"""Lists whose first line is opened, too."""
FIRST = (
    "main table tbody a, main h2 a, main .or-list a, main .vo-votes a, main .ro-lines a, main .ow-list a, main .op-card"
)


@pytest.mark.parametrize("large", ["0", "1"], ids=["normal", "large"])
@pytest.mark.parametrize("size", SIZES)
def test_public_pages_keep_nobody_out(walk: Walk, size: str, large: str):
    page = walk.open("/", SIZES[size])
    page.context.add_cookies([{"name": "haitang_large", "value": large, "url": walk.address}])
    for path in PUBLIC:
        assert page.goto(path).status == 200, path
        look(page)
        _open_first(page, path)
        if path == "/" and large == "1" and size == "phone":
            walk.picture(page, "large")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("username", STAFF)
def test_staff_pages_keep_nobody_out(walk: Walk, username: str, size: str):
    page = walk.sign_in(username, "/me/", SIZES[size])
    for path in STAFF[username]:
        _see(page, path)
        if size == "desk" and (username, path) in PICTURES:
            walk.picture(page, PICTURES[username, path])
        _open_first(page, path)


@pytest.mark.parametrize(
    ("size", "language"),
    [
        ("phone", "en"),  # the longest words on the narrowest screen
        pytest.param("desk", "zh-hans", marks=pytest.mark.nightly),
        pytest.param("phone", "zh-hans", marks=pytest.mark.nightly),
        pytest.param("desk", "en", marks=pytest.mark.nightly),
    ],
)
@pytest.mark.parametrize("username", ["street", "volunteer", "community", "unit", "manager"])
def test_pages_keep_nobody_out_in_large_mode(walk: Walk, username: str, size: str, language: str):
    page = walk.sign_in(username, "/me/", SIZES[size])
    kept = {"haitang_large": "1", "django_language": language}
    page.context.add_cookies([{"name": name, "value": value, "url": walk.address} for name, value in kept.items()])
    for path in STAFF[username]:
        _see(page, path)
        assert page.locator("html").get_attribute("lang").lower().startswith(language[:2]), path


def _see(page: Page, path: str) -> None:
    response = page.goto(path)
    assert response.status == 200, f"{path}: {response.status}"
    if page.locator("[data-map]").count():
        page.wait_for_timeout(400)  # until it has drawn
    look(page)


def _open_first(page: Page, path: str) -> None:
    if path in OPENED:
        page.locator(FIRST).locator("visible=true").first.click()
        page.wait_for_load_state()
        look(page)
