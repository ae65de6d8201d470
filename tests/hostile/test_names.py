"""Texts that look like others: direction marks, characters of no width, letters of another script."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from haitang.core import clock
from haitang.core.characters import check_name, typed, typed_in
from haitang.core.errors import Invalid
from haitang.people import actions
from haitang.people.models import Account
from haitang.people.queries import get_actor
from haitang.people.values import UsernameTaken
from haitang.testing import people as cast
from haitang.testing.people import FOUNDER, PASSWORD, refused

UNSEEN = [
    "\u202e",
    "\u2066",
    "\u200f",
    "\u061c",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u00ad",
    "\u3164",
    "\u2800",
    "\U000e0041",
    "\u009b",
]


@pytest.mark.parametrize("mark", UNSEEN)
def test_what_nobody_sees_does_not_come_in(mark):
    assert typed(f"张{mark}三") == "张三"
    assert typed_in({"a": [f"{mark}x", 1, None]}) == {"a": ["x", 1, None]}


@pytest.mark.parametrize(
    "text",
    ["张三", "👨\u200d👩\u200d👧", "é", "葛\U000e0100", "阿依古丽·买买提", "ئۇيغۇر", "a\tb\nc", "", "野\U00020bb7"],
)
def test_what_people_write_stays(text):
    assert typed(text) == text


def test_what_looks_the_same_is_the_same():
    assert typed("e\u0301") == typed("\u00e9")
    assert typed("\uf9dc") == "隆"


@given(st.text())
def test_typing_it_again_changes_nothing(text):
    assert typed(typed(text)) == typed(text)
    assert not set(typed(text)) & set(UNSEEN) - {"\u200d"}


@pytest.mark.parametrize("name", ["\u0430dmin", "Ηaitang", "ｐаypal"])
def test_a_name_of_letters_that_only_look_alike_is_refused(name):
    with pytest.raises(Invalid) as refusal:
        check_name(name, "name")
    assert "形近" in refusal.value.fields["name"]


@pytest.mark.parametrize("name", ["张三", "A区指挥中心", "Иван", "Κώστας", "李Bob", "3号网格", "ئۇيغۇر"])
def test_names_of_one_script_beside_chinese_are_names(name):
    assert check_name(name, "name") == name


@pytest.mark.django_db
def test_nobody_signs_in_under_a_name_that_looks_like_anothers():
    said = {"actor": FOUNDER, "password": PASSWORD, "name": "张三", "now": clock.now()}
    actions.create_account(username="zhangsan", **said)
    refused(UsernameTaken, actions.create_account, username="ｚhangsan", **said)
    refused(Invalid, actions.create_account, username="zh\u0430ngsan", **said)
    refused(Invalid, actions.create_account, username="other", **{**said, "name": "B\u043eb"})
    refused(Invalid, actions.create_person, actor=FOUNDER, name="B\u043eb", now=clock.now())


@pytest.mark.django_db
def test_pages_take_texts_in_normalised_and_passwords_as_they_are(client):
    odd = PASSWORD + "\u200b字"
    account = cast.build_account(password=odd)
    assert (
        client.post("/accounts/login/", {"login": f"{account.username}\u200b", "password": PASSWORD + "字"}).status_code
        == 200
    )
    assert client.post("/accounts/login/", {"login": f"\u202e{account.username}", "password": odd}).status_code == 302
    assert Account.objects.get(pk=account.pk).check_password(odd)


@pytest.mark.django_db
def test_what_was_stored_is_found_however_it_is_typed(town, client):
    client.force_login(town.account("leader"))
    page = client.get("/cases/", {"q": "路\u200b灯"}).content.decode()
    assert 'value="路灯"' in page


@pytest.mark.django_db
def test_programs_send_texts_that_come_in_normalised(town):
    account = town.account("dispatcher")
    row, token = actions.create_token(
        actor=get_actor(account.pk), account_id=account.pk, name="\u202e对接", now=clock.now()
    )
    assert row.name == "\u202e对接", "actions take what they are given; entrances normalise"
    body = {"kind": "complaint", "description": "路灯\u202e不亮\u200b了，请来修", "category": "", "lon": 0, "lat": 0}
    answer = Client().post(
        "/api/v1/cases", body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code in (201, 422)
