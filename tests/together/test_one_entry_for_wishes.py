"""What families wish for is one entry of the menu, whatever app it comes from: pages side by side, joined by a port."""

import re

import pytest

from haitang.core import access
from haitang.patrols.values import Permission as Patrols
from haitang.testing.actors import actor_with
from haitang.wishes.values import Permission as Wishes

pytestmark = pytest.mark.django_db


@pytest.fixture
def menu_of(client, monkeypatch, town):
    """Return the addresses of the entries called 微心愿, and the tabs, as a viewer with these permissions sees a page."""

    def look(path, *permissions):
        viewer = actor_with(*permissions)
        monkeypatch.setattr(access, "VISITOR", viewer)
        html = client.get(path).content.decode()
        menu = html.partition('id="ht-menu"')[2].partition("</nav>")[0]
        entries = re.findall(r'<a href="([^"]*)"[^>]*>(?:(?!</a>).)*<span>微心愿</span>', menu, re.DOTALL)
        tabs = re.search(r'<nav class="ht-tabs".*?</nav>', html, re.DOTALL)
        return set(entries), re.findall(r'href="([^"]*)"( aria-current)?', tabs[0]) if tabs else []

    return look


def test_who_works_with_both_has_one_entry_and_two_tabs(menu_of):
    desk, heard = "/wish-desk/", "/wish-desk/heard/"
    both = (Wishes.VIEW, Patrols.VISIT)
    assert menu_of(desk, *both) == ({desk}, [(desk, " aria-current"), (heard, "")])
    assert menu_of(heard, *both) == ({desk}, [(desk, ""), (heard, " aria-current")])


def test_who_works_with_one_of_them_has_that_one(menu_of):
    assert menu_of("/wish-desk/", Wishes.VIEW) == ({"/wish-desk/"}, [])
    assert menu_of("/wish-desk/heard/", Patrols.VISIT) == ({"/wish-desk/heard/"}, [])
