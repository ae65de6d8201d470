"""The menu: who sees what, and which entry is this page's."""

import pytest
from django.test import RequestFactory

from haitang.core.access import ANYONE, SIGNED_IN, VISITOR, Actor, Grant
from haitang.core.ui import menu


@pytest.fixture(autouse=True)
def _items(monkeypatch):
    monkeypatch.setattr(menu, "_items", {})
    menu.register(
        menu.Item("组件", "ui:gallery", "demo.see", group="演示", order=20, badge=lambda viewer: 7),
        menu.Item("登录", "account_login", ANYONE, order=10),
        menu.Item("修改密码", "account_change_password", SIGNED_IN, group="演示", order=30),
        menu.Item("没有的页", "nowhere:page", ANYONE),
        menu.Item("反映", "ui:manifest", ANYONE, public=True),
    )


def shown(viewer: Actor, path: str = "/") -> dict[str, bool]:
    groups = menu.build(RequestFactory().get(path), viewer, public=False)
    return {link.label: link.current for group in groups for link in group.links}


def test_a_visitor_sees_what_is_open_to_anyone():
    assert list(shown(VISITOR)) == ["登录"]


def test_an_entry_appears_with_its_permission_in_order():
    viewer = Actor("周敏", id=1, grants=frozenset({Grant("demo.see", "/1/")}))
    assert list(shown(viewer)) == ["登录", "组件", "修改密码"]


def test_an_entry_for_the_whole_city_is_not_shown_to_a_part_of_it():
    menu.register(menu.Item("导入", "ui:gallery", "demo.see", everywhere=True))
    assert "导入" not in shown(Actor("周敏", id=1, grants=frozenset({Grant("demo.see", "/1/")})))
    assert "导入" in shown(Actor("周敏", id=1, grants=frozenset({Grant("demo.see", "/")})))


def test_the_entry_of_a_page_below_is_marked():
    viewer = Actor("周敏", id=1, grants=frozenset({Grant("demo.see", "/")}))
    assert shown(viewer, "/ui/gallery/public/") == {"登录": False, "组件": True, "修改密码": False}


def test_an_entry_that_is_of_no_use_to_the_viewer_is_left_out():
    menu.register(menu.Item("派给我的", "ui:gallery", SIGNED_IN, shown=lambda viewer: viewer.id == 2))
    assert "派给我的" in shown(Actor("周敏", id=2))
    assert "派给我的" not in shown(Actor("周敏", id=1))


def test_residents_and_staff_can_have_an_entry_to_the_same_page():
    menu.register(menu.Item("组件", "ui:gallery", ANYONE, public=True))
    assert "组件" in shown(Actor("周敏", id=1, grants=frozenset({Grant("demo.see", "/")})))


def test_a_badge_is_asked_of_the_viewer():
    viewer = Actor("周敏", id=1, grants=frozenset({Grant("demo.see", "/")}))
    groups = menu.build(RequestFactory().get("/"), viewer, public=False)
    assert {link.label: link.badge for group in groups for link in group.links}["组件"] == 7
