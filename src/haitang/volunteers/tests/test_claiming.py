"""Who was entered by a unit makes the entry their own: by a code from hand to hand, never by a telephone number."""

import re

import pytest
from django.urls import reverse

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotAllowed, NotSignedIn
from haitang.core.models import Entry
from haitang.testing.actors import NOW, actor_with
from haitang.testing.desks import enter
from haitang.testing.people import build_account, refused
from haitang.volunteers import actions, queries
from haitang.volunteers.tests.test_importing import GRID, HEAD, a_file
from haitang.volunteers.tests.test_pages import as_, page, send
from haitang.volunteers.values import AccountTaken, Permission, VolunteerNotFound, Withdrawn, WrongCode

__all__ = ["as_"]


@pytest.fixture
def unit(town):
    """A unit that has brought one person, and who keeps its list."""
    unit_id = enter("DW1", "unit", name="机械厂")
    return actor_with(Permission.VIEW, Permission.MANAGE, organization_id=unit_id, account_id=88, name="联络员")


@pytest.fixture
def brought(town, unit, tmp_path):
    """Somebody of the unit, who has no code of their own."""
    path = a_file(tmp_path, ["周工", "13900002222", GRID, "是", "机械厂"], head=[*HEAD[:4], "单位"])
    actions.import_volunteers(actor=unit, path=path, now=NOW)
    return queries.find_by_phone("13900002222")


@pytest.fixture
def own():
    """The person's account."""
    return Actor("周工", id=build_account("周工").pk)


def found(*, number, code, actor=access.VISITOR):
    return actions.find_own_entry(actor=actor, number=number, code=code, party="1.2.3.4", now=NOW)


def test_the_code_of_the_unit_opens_the_entry_and_the_account_takes_it(town, unit, brought, own):
    refused(WrongCode, found, number=brought.number, code="")
    given = actions.issue_claim_code(actor=unit, volunteer_id=brought.pk, now=NOW)
    assert given.number == brought.number
    assert found(number=given.number, code=given.code.lower()) == brought
    ask = {"volunteer_id": brought.pk, "code": given.code, "now": NOW}
    refused(NotSignedIn, actions.claim_volunteer, actor=access.VISITOR, **ask)
    refused(VolunteerNotFound, actions.claim_volunteer, actor=own, **{**ask, "code": "AAAAAAAAAA"})
    refused(VolunteerNotFound, actions.claim_volunteer, actor=own, **{**ask, "code": ""})
    actions.claim_volunteer(actor=own, **ask)
    assert queries.get_volunteer_of(own.id) == brought
    refused(WrongCode, found, number=given.number, code=given.code)
    refused(AccountTaken, actions.issue_claim_code, actor=unit, volunteer_id=brought.pk, now=NOW)
    told = Entry.objects.filter(fact__in=["ClaimCodeIssued", "VolunteerClaimed"])
    assert sorted(told.values_list("fact", "actor_name")) == [
        ("ClaimCodeIssued", "联络员"),
        ("VolunteerClaimed", "周工"),
    ]


def test_a_new_code_kills_the_one_before_and_an_account_has_one_entry(town, unit, brought, own, profile):
    first = actions.issue_claim_code(actor=town.secretary, volunteer_id=brought.pk, now=NOW)
    second = actions.issue_claim_code(actor=unit, volunteer_id=brought.pk, now=NOW)
    refused(WrongCode, found, number=first.number, code=first.code)
    actions.register_volunteer(actor=own, profile=profile(phone="13900003333"), consented=True, now=NOW)
    ask = {"volunteer_id": brought.pk, "code": second.code, "now": NOW}
    refused(AccountTaken, actions.claim_volunteer, actor=own, **ask)
    assert found(number=second.number, code=second.code) == brought


def test_only_who_keeps_the_register_there_gives_codes(town, brought):
    refused(VolunteerNotFound, actions.issue_claim_code, actor=actor_with(), volunteer_id=brought.pk, now=NOW)
    refused(NotAllowed, actions.issue_claim_code, actor=town.grid, volunteer_id=brought.pk, now=NOW)
    actions.withdraw_volunteer(actor=town.secretary, volunteer_id=brought.pk, now=NOW)
    refused(Withdrawn, actions.issue_claim_code, actor=town.secretary, volunteer_id=brought.pk, now=NOW)


def test_a_list_gets_its_codes_at_once_and_nobodys_is_made_anew(as_, town, unit, brought, tmp_path):
    more = [["吴工", "13900003333", GRID, "是", "机械厂"], ["郑工", "13900004444", GRID, "是", "机械厂"]]
    actions.import_volunteers(actor=unit, path=a_file(tmp_path, *more, head=[*HEAD[:4], "单位"]), now=NOW)
    first = actions.issue_claim_code(actor=unit, volunteer_id=brought.pk, now=NOW)
    refused(NotAllowed, actions.issue_claim_codes, actor=town.grid, wanted=queries.RegisterFilter(), now=NOW)
    other = actor_with(Permission.MANAGE, organization_id=enter("DW2", "unit", name="别的厂"), account_id=89)
    assert actions.issue_claim_codes(actor=other, wanted=queries.RegisterFilter(), now=NOW) == []
    client = as_(unit)
    assert "打印认领码" in page(client, "list")
    told = client.post(f"{reverse('volunteers:volunteer_codes')}?q=工").content.decode()
    codes = dict(re.findall(r"(V\d+)</strong></p><p>认领码 <strong class=\"vo-code\">([A-Z0-9]{10})", told))
    assert len(codes) == 2
    assert [found(number=number, code=code).name for number, code in codes.items()] == ["吴工", "郑工"]
    assert found(number=first.number, code=first.code) == brought
    assert "没有要发的认领码" in client.post(reverse("volunteers:volunteer_codes")).content.decode()
    assert Entry.objects.filter(fact="ClaimCodeIssued").count() == 3


def test_the_pages_give_the_code_once_and_tie_the_account(as_, town, brought, own):
    client = as_(town.secretary)
    assert "发认领码" in page(client, "volunteer", brought.pk)
    told = send(client, "volunteer_code", {}, brought.pk, status=200).content.decode()
    code = re.search(r"认领码 ([A-Z0-9]{10})", told)[1]
    assert code not in page(client, "volunteer", brought.pk)
    client = as_(own)
    send(client, "find", {"number": brought.number, "code": code})
    assert "绑定到我的账号" in page(client, "mine")
    send(client, "claim", {})
    assert "绑定到我的账号" not in page(client, "mine")
    assert queries.get_volunteer_of(own.id) == brought
