"""What families wish for is one entry of the menu, whatever app it comes from: pages side by side, joined by a port."""

import re
from uuid import uuid4

import pytest

from haitang.core import access
from haitang.patrols import actions as patrols
from haitang.patrols.values import NewNeed
from haitang.patrols.values import Permission as Patrols
from haitang.testing.actors import NOW, actor_with
from haitang.wishes.values import Permission as Wishes

pytestmark = pytest.mark.django_db


@pytest.fixture
def menu_of(client, monkeypatch, town):
    """Return where entries called 微心愿 lead, and the tabs, as a viewer with these permissions sees a page."""

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


def test_a_wish_heard_at_a_visit_begins_the_form_by_which_others_are_asked(client, monkeypatch, town):
    monkeypatch.setattr(access, "VISITOR", town.secretary)
    home = patrols.open_household(actor=town.secretary, area_code="320585001001001", room="502", now=NOW)
    needs = [NewNeed("想要一副老花镜", "wish")]
    patrols.record_visit(actor=town.secretary, household_id=home.pk, entry_key=uuid4(), needs=needs, now=NOW)
    page = client.get("/wish-desk/heard/").content.decode()
    address = re.search(r'href="(/wish-desk/new/\?heard=\d+)"', page)[1]
    form = client.get(address).content.decode()
    assert 'value="想要一副老花镜"' in form
    assert '<option value="320585001001001" selected>' in form
    for other in ("0", "999999999999999999", "x", "9" * 40):
        assert "老花镜" not in client.get(f"/wish-desk/new/?heard={other}").content.decode()
    monkeypatch.setattr(access, "VISITOR", actor_with(Wishes.ENTER))
    assert "老花镜" not in client.get(address).content.decode()
