"""Pages: who may open them, what they show and keep masked, and what a failed form answers."""

from dataclasses import dataclass
from typing import Annotated

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from haitang.core import clock
from haitang.core.facts import Fact
from haitang.core.history import record
from haitang.core.models import Entry
from haitang.core.privacy import Privacy
from haitang.people import actions, queries
from haitang.people.facts import GrantGiven
from haitang.people.models import Account
from haitang.people.queries import pages
from haitang.testing import people as cast
from haitang.testing.actors import NOW, TODAY
from haitang.testing.desks import build_post, enter
from haitang.testing.people import FOUNDER, PASSWORD, build_town

pytestmark = pytest.mark.django_db

STAFF_PAGES = {
    "person_list": {"system_admin", "community_secretary"},
    "person_create": {"system_admin", "community_secretary"},
    "account_list": {"system_admin", "security_admin"},
    "account_create": {"system_admin"},
    "role_list": {"security_admin"},
    "role_create": {"security_admin"},
    "grant_list": {"security_admin"},
    "history": {"audit_admin"},
    "me": {"system_admin", "security_admin", "audit_admin", "community_secretary", "grid_worker", "leader"},
    "notices": {"system_admin", "security_admin", "audit_admin", "community_secretary", "grid_worker", "leader"},
}
ROLES = sorted(STAFF_PAGES["me"])


@pytest.fixture
def sign_in(client):
    def as_(role: str) -> Account:
        account = cast.build_account(role)
        cast.give(account, role)
        client.force_login(account, "django.contrib.auth.backends.ModelBackend")
        return account

    return as_


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_own_pages_and_no_others(client, sign_in, role):
    sign_in(role)
    for name, roles in STAFF_PAGES.items():
        expected = 200 if role in roles else 403
        assert client.get(reverse(f"people:{name}")).status_code == expected, name


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_a_visitor_is_led_to_the_sign_in(client, name):
    response = client.get(reverse(f"people:{name}"))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_a_person_is_shown_masked_and_in_full_only_after_a_reason(client, sign_in):
    sign_in("system_admin")
    person = cast.build_person("王小明", phone="13800001234", address="太平路 12 号")
    for address in (reverse("people:person_list"), reverse("people:person", args=[person.pk])):
        text = client.get(address).text
        assert "138****1234" in text
        assert "13800001234" not in text
        assert "12 号" not in text
    ask = reverse("people:person_unmask", args=[person.pk, "phone"])
    failed = client.post(ask, {"reason": ""})
    assert failed.status_code == 422
    assert not Entry.objects.filter(fact="PersonUnmasked").exists()
    shown = client.post(ask, {"reason": "核实事故"})
    assert "13800001234" in shown.text
    assert shown["Cache-Control"] == "no-store"
    assert Entry.objects.filter(fact="PersonUnmasked").count() == 1
    assert "13800001234" not in client.get(reverse("people:person", args=[person.pk])).text


def test_a_person_is_found_by_a_whole_telephone_number_and_by_part_of_a_name():
    person = cast.build_person("王小明", phone="13800001234")
    cast.build_person("李四", phone="13800001235")
    for search in ("13800001234", "小明"):
        assert pages.list_persons(viewer=FOUNDER, search=search, now=NOW).rows == [person]
    assert not pages.list_persons(viewer=FOUNDER, search="1380000", now=NOW).rows


def test_a_list_pages_forth_and_back_at_a_constant_price():
    made = [cast.build_person(f"居民{number:02}") for number in range(pages.PAGE_ROWS + 3)]
    first = pages.list_persons(viewer=FOUNDER, now=NOW)
    with CaptureQueriesContext(connection) as spent:
        second = pages.list_persons(viewer=FOUNDER, cursor=first.next, now=NOW)
    assert [*first.rows, *second.rows] == made
    assert len(spent) <= 3
    assert (first.total, first.previous, second.next) == (len(made), "", "")
    back = pages.list_persons(viewer=FOUNDER, cursor=second.previous, now=NOW)
    assert (back.rows, back.previous, back.next) == (first.rows, "", first.next)


def test_a_fragment_is_a_part_of_its_page(client, sign_in):
    sign_in("system_admin")
    cast.build_person("王小明")
    fragment = client.get(reverse("people:person_list"), headers={"HX-Request": "true"}).text
    assert "王小明" in fragment
    assert "<html" not in fragment


def test_a_grant_is_given_and_taken_in_the_browser(client, sign_in, areas):
    sign_in("security_admin")
    account = cast.build_account("张三")
    give = reverse("people:grant_give", args=[account.pk])
    typed = {"role": "grid_worker", "area_id": areas["grid"], "from_date": "2026-01-01", "reason": "上岗"}
    failed = client.post(give, {**typed, "to_date": "2025-01-01"})
    assert failed.status_code == 422
    assert "终止日期应晚于起始日期" in failed.text
    assert client.post(give, typed).status_code == 302
    assert queries.get_actor(account.pk).holds("cases.case.verify")
    (grant,) = pages.list_grants(viewer=FOUNDER, now=clock.now()).rows[:1]
    assert client.post(reverse("people:grant_revoke", args=[grant.pk]), {"reason": "调岗"}).status_code == 302
    assert not queries.get_actor(account.pk).holds("cases.case.verify")


def test_a_role_is_changed_in_the_browser(client, sign_in):
    sign_in("security_admin")
    address = reverse("people:role_change", args=["leader"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "领导", "permissions": ["no.such.word"]}).status_code == 422
    assert client.post(address, {"name": "领导", "permissions": ["cases.case.view"]}).status_code == 302
    assert queries.permissions_of(queries.get_role("leader")) == {"cases.case.view"}


def test_an_account_is_created_given_a_token_switched_off_and_on_in_the_browser(client, sign_in):
    sign_in("system_admin")
    typed = {"username": "zhang", "name": "张三", "password": PASSWORD}
    assert client.post(reverse("people:account_create"), {**typed, "password": "short"}).status_code == 422
    assert client.post(reverse("people:account_create"), typed).status_code == 302
    account = Account.objects.get(username="zhang")
    refused = client.post(
        reverse("people:account_token_create", args=[account.pk]), {"name": "脚本", "days": 30, "everything": "on"}
    )
    assert refused.status_code == 403
    assert client.post(reverse("people:account_create"), {"username": "iot", "name": "物联平台"}).status_code == 302
    program = Account.objects.get(username="iot")
    token = client.post(
        reverse("people:account_token_create", args=[program.pk]), {"name": "脚本", "days": 30, "everything": "on"}
    )
    assert 'value="ht_' in token.text
    assert client.post(reverse("people:account_off", args=[account.pk]), {"reason": "离职"}).status_code == 302
    assert client.post(reverse("people:account_on", args=[account.pk])).status_code == 302
    assert client.get(reverse("people:account", args=[account.pk])).status_code == 200


def test_a_person_is_appointed_and_dismissed_in_the_browser(client, sign_in):
    sign_in("system_admin")
    person, post = cast.build_person("王小明"), build_post(enter(name="城管局"))
    address = reverse("people:person_appoint", args=[person.pk])
    assert "城管局" in client.get(address).text
    assert client.post(address, {"post_id": post, "from_date": "2026-01-01"}).status_code == 302
    assert client.post(address, {"post_id": post, "from_date": "2026-01-01"}).status_code == 422
    (holding,) = queries.list_holdings_of(person.pk, TODAY)
    leave = reverse("people:person_dismiss", args=[person.pk, holding.pk])
    assert client.post(leave, {"to_date": "2026-02-01", "reason": "调动"}).status_code == 302
    assert not queries.list_holdings_of(person.pk, TODAY)


def test_a_first_password_must_be_changed_before_anything_else(client):
    account = actions.create_account(actor=FOUNDER, username="zhang", name="张三", password=PASSWORD, now=NOW)
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    change = reverse("account_change_password")
    assert client.get(reverse("people:me")).url == change
    assert client.post(reverse("people:notices")).status_code == 403
    typed = {"present": PASSWORD, "password": "Another-2026", "again": "Another-2026"}
    assert client.post(change, {**typed, "again": "other"}).status_code == 422
    assert client.post(change, {**typed, "present": "wrong"}).status_code == 422
    assert client.post(change, typed).status_code == 302
    assert client.get(reverse("people:me")).status_code == 200


def test_notices_are_read_and_lead_to_what_they_tell_of(client, sign_in):
    account = sign_in("leader")
    given = {"actor": FOUNDER, "account_ids": [account.pk], "parts": {"number": "A-7"}, "now": NOW}
    actions.send_notices(key="1", text="案件 {number} 已超期（{missing}）", url="/me/", **given)
    actions.send_notices(key="2", text="外部", url="https://example.org/", **given)
    assert "案件 A-7 已超期（{missing}）" in client.get(reverse("people:notices")).text
    rows = {row.key: row for row in pages.list_notices(viewer=queries.get_actor(account.pk))}
    assert client.post(reverse("people:notice", args=[rows["1"].pk])).url == "/me/"
    assert client.post(reverse("people:notice", args=[rows["2"].pk])).url == reverse("people:notices")
    assert client.post(reverse("people:notice", args=[10**9])).status_code == 404
    assert queries.count_unread(queries.get_actor(account.pk)) == 0


@pytest.mark.parametrize(
    "address",
    [
        "/admin/people/?cursor=x",
        "/admin/people/?q=" + "x" * 99,
        "/admin/people/99999/",
        "/admin/accounts/new/?person=" + "9" * 5000,
    ],
)
def test_what_cannot_be_is_refused_in_words(client, sign_in, address):
    sign_in("system_admin")
    assert client.get(address).status_code in (200, 404, 422)


def test_the_auditor_reads_what_was_done_narrowed_by_who_and_when(client, sign_in):
    sign_in("audit_admin")
    person = cast.build_person("王小明")
    page = client.get(reverse("people:history"), {"fact": "PersonCreated"})
    assert (page.status_code, f"人员 {person.pk}" in page.content.decode()) == (200, True)
    assert "登记人员" in page.text
    assert "没有符合条件" in client.get(reverse("people:history"), {"who": "无此人"}).content.decode()
    assert client.get(reverse("people:history"), {"from_date": "x", "cursor": "zz"}).status_code == 422
    assert client.get(reverse("people:history"), {"to_date": "9999-12-31"}).status_code == 200


def test_the_history_reads_like_an_office_wrote_it(client, sign_in):
    sign_in("audit_admin")
    area = build_town().area("320585001000")
    record(actor=FOUNDER, fact=GrantGiven(7, 1, "checker", "", area.id, None, "2026-01-01", None, "轮岗"), at=NOW)
    page = client.get(reverse("people:history"), {"fact": "GrantGiven"}).text
    for words in (">授权<", "账号 7", "<dt>角色</dt><dd>核查员</dd>", f"<dt>区域范围</dt><dd>{area.name}</dd>"):
        assert words in page
    assert "None" not in page


@dataclass(frozen=True)
class CaseTold(Fact):
    subject_type = "case"
    case_id: Annotated[int, Privacy.INTERNAL]
    opinion: Annotated[str, Privacy.PERSONAL]
    reason: Annotated[str, Privacy.PERSONAL]


def test_the_audit_administrator_reads_who_did_what_to_a_case_and_not_what_it_is_about(client, sign_in):
    sign_in("audit_admin")
    record(actor=FOUNDER, fact=CaseTold(7, "被举报人系某店主", "回访来电人"), at=NOW)
    page = client.get(reverse("people:history"), {"fact": "CaseTold"}).text
    assert "回访来电人" in page
    assert "某店主" not in page
