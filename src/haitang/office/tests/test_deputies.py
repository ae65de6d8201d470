"""Standing in: never more than the other holds, never longer than agreed, never passed on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.values import CaseNotFound, Permission
from haitang.core.access import VISITOR
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.people import actions
from haitang.people.actions import send_notices
from haitang.people.models import Account, Notice
from haitang.people.queries import count_unread, get_actor, list_stood_in_for
from haitang.people.values import DelegationOver, DelegationRefused
from haitang.testing.actors import NOW, TODAY
from haitang.testing.cases import build_town, report
from haitang.testing.desks import build_post
from haitang.testing.people import appoint, build_account, build_person, give

NEXT_WEEK = TODAY + timedelta(days=7)


def colleague(town, name, *, desk="ZJJ", role="department_handler", **over) -> Account:
    """Somebody who holds a post at the desk, with a role over it."""
    person = build_person(name)
    account = build_account(name, person)
    appoint(person, build_post(town.desks[desk]))
    if role:
        give(account, role, **(over or {"organization_id": town.desks[desk]}))
    return account


@pytest.fixture
def pair(town):
    return colleague(town, "赵强"), colleague(town, "钱勇", role="")


def stand_in(whose, deputy, *, actor=None, to_date=NEXT_WEEK, **more):
    return actions.give_delegation(
        actor=actor or get_actor(whose.pk, now=NOW), account_id=whose.pk, deputy_id=deputy.pk,
        **{"from_date": TODAY, "to_date": to_date, "reason": "年休假", "now": NOW, **more},
    )  # fmt: skip


def acting(deputy, whose, now=NOW):
    return get_actor(deputy.pk, now=now, standing_in_for=whose.pk)


def on_the_desk(town):
    case = report(VISITOR)
    for deed in (case_actions.accept_case, case_actions.register_case):
        deed(actor=town.dispatcher, case_id=case.pk, opinion="同意", now=NOW)
    case_actions.dispatch_case(actor=town.dispatcher, case_id=case.pk, opinion="请办", organization_code="ZJJ", now=NOW)
    return case


def test_the_deputy_sees_the_box_and_the_history_names_both(town, pair):
    whose, deputy = pair
    case = on_the_desk(town)
    stand_in(whose, deputy)
    with pytest.raises(CaseNotFound):
        case_queries.get_case(viewer=get_actor(deputy.pk, now=NOW), case_id=case.pk)
    actor = acting(deputy, whose)
    assert [row.pk for row in case_queries.list_todo(viewer=actor).rows] == [case.pk]
    case_actions.sign_case(actor=actor, case_id=case.pk, opinion="代签", now=NOW)
    entry = Entry.objects.get(fact="CaseSigned")
    assert (entry.actor_id, entry.actor_name) == (deputy.pk, "钱勇（代 赵强）")
    assert Entry.objects.get(fact="DelegationGiven").data["deputy_id"] == deputy.pk


def test_it_begins_and_ends_by_itself(town, pair):
    whose, deputy = pair
    stand_in(whose, deputy, from_date=TODAY + timedelta(days=1), to_date=TODAY + timedelta(days=3))
    stands = [acting(deputy, whose, NOW + timedelta(days=days)).standing_in_for for days in range(5)]
    assert stands == [None, whose.pk, whose.pk, None, None]
    assert [each.account_id for each in list_stood_in_for(viewer=get_actor(deputy.pk), now=NOW)] == []


def test_the_deputy_never_holds_more_than_the_other(town, pair):
    whose, deputy = pair
    give(deputy, "street_dispatcher", area_id=town.areas["street"])
    row = give(whose, "confidential_officer", organization_id=town.desks["ZJJ"])
    stand_in(whose, deputy)
    actor = acting(deputy, whose)
    assert actor.holds(Permission.HANDLE, organization_id=town.desks["ZJJ"])
    assert not actor.holds(Permission.DISPATCH)
    assert not actor.holds(Permission.VIEW_CONFIDENTIAL)
    assert row.pk
    for grant in whose.grants.filter(role__code="department_handler"):
        actions.revoke_grant(actor=founder(), grant_id=grant.pk, reason="调岗", now=NOW)
    assert not acting(deputy, whose).holds(Permission.HANDLE)


def founder():
    from haitang.testing.people import FOUNDER

    return FOUNDER


def test_who_is_switched_off_is_stood_in_for_no_longer(town, pair):
    whose, deputy = pair
    stand_in(whose, deputy)
    actions.switch_account_off(actor=founder(), account_id=whose.pk, reason="离职", now=NOW)
    assert acting(deputy, whose).standing_in_for is None


def test_there_are_no_chains(town, pair):
    whose, deputy = pair
    third = colleague(town, "孙丽")
    stand_in(whose, deputy)
    with pytest.raises(DelegationRefused, match="转手"):
        stand_in(deputy, third)
    with pytest.raises(DelegationRefused, match="转手"):
        stand_in(third, whose)
    with pytest.raises(NotAllowed):
        stand_in(whose, third, actor=acting(deputy, whose))
    later = {"from_date": NEXT_WEEK, "to_date": NEXT_WEEK + timedelta(days=1)}
    assert stand_in(deputy, third, **later)


def test_one_deputy_at_a_time(town, pair):
    whose, deputy = pair
    stand_in(whose, deputy)
    with pytest.raises(DelegationRefused, match="原安排"):
        stand_in(whose, colleague(town, "孙丽"))


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
@pytest.mark.parametrize("turned", [False, True])
def test_the_three_administrators_are_left_out(town, role, turned):
    pair = colleague(town, "赵强"), colleague(town, "钱勇", role="")
    give(pair[1], role)
    whose, deputy = reversed(pair) if turned else pair
    with pytest.raises(DelegationRefused, match="管理员"):
        stand_in(whose, deputy)


def test_who_becomes_an_administrator_stands_in_no_longer(town, pair):
    whose, deputy = pair
    stand_in(whose, deputy)
    give(deputy, "audit_admin")
    assert acting(deputy, whose).standing_in_for is None


def test_only_colleagues_and_only_with_leave(town, pair):
    whose, deputy = pair
    stranger = colleague(town, "外单位", desk="CGJ")
    with pytest.raises(DelegationRefused, match="本单位"):
        stand_in(whose, stranger)
    with pytest.raises(NotAllowed):
        stand_in(whose, deputy, actor=get_actor(stranger.pk, now=NOW))
    manager = colleague(town, "综合科", role="office_manager")
    row = stand_in(whose, deputy, actor=get_actor(manager.pk, now=NOW))
    actions.end_delegation(actor=get_actor(deputy.pk, now=NOW), delegation_id=row.pk, now=NOW)
    assert acting(deputy, whose).standing_in_for is None
    with pytest.raises(DelegationOver):
        actions.end_delegation(actor=get_actor(whose.pk, now=NOW), delegation_id=row.pk, now=NOW)


def test_a_manager_hands_out_nothing_beyond_the_own_office(town, pair):
    whose, deputy = pair
    give(whose, "street_dispatcher", area_id=town.areas["street"])
    manager = colleague(town, "综合科", role="office_manager")
    with pytest.raises(NotAllowed):
        stand_in(whose, deputy, actor=get_actor(manager.pk, now=NOW))


@pytest.mark.parametrize(
    ("from_days", "to_days"), [(-1, 3), (3, 3), (3, 1), (0, 500)], ids=["past", "empty", "backwards", "for ever"]
)
def test_dates_that_make_no_sense_are_refused(town, pair, from_days, to_days):
    with pytest.raises(Invalid):
        stand_in(*pair, from_date=TODAY + timedelta(days=from_days), to_date=TODAY + timedelta(days=to_days))


def test_the_pages_lead_into_the_others_place_and_back(town, pair, client):
    whose, deputy = pair
    give(deputy, "checker", area_id=town.areas["other_street"])
    from haitang.core import clock

    now = clock.now()
    today = clock.local_date(now)
    actions.give_delegation(
        actor=get_actor(whose.pk), account_id=whose.pk, deputy_id=deputy.pk, from_date=today,
        to_date=today + timedelta(days=2), reason="培训", now=now,
    )  # fmt: skip
    client.force_login(deputy)
    assert "代赵强办理" in client.get("/desk/").content.decode()
    assert client.post(reverse("office:act", args=[whose.pk])).status_code == 302
    page = client.get("/cases/todo/").content.decode()
    assert "钱勇（代 赵强）" in page
    assert (
        "安排代办" not in client.get(reverse("office:deputies")).content.decode().split("<main")[1].split("现有安排")[1]
    )
    client.post(reverse("office:act_end"))
    assert "钱勇（代 赵强）" not in client.get("/cases/todo/").content.decode()
    assert client.post(reverse("office:act", args=[deputy.pk])).status_code == 403
    client.force_login(whose)
    sent = {
        "deputy_id": "钱勇",
        "from_date": today + timedelta(days=5),
        "last_date": today + timedelta(days=6),
        "reason": "假",
    }
    assert client.post(reverse("office:deputies"), sent).status_code == 302
    assert client.post(reverse("office:deputies"), sent).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_two_who_name_one_another_at_once_do_not_both_succeed():
    town = build_town()
    one, other = colleague(town, "赵强"), colleague(town, "钱勇")
    together = Barrier(2)

    def work(whose, deputy):
        actor = get_actor(whose.pk, now=NOW)
        together.wait()
        try:
            stand_in(whose, deputy, actor=actor)
        except DelegationRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as both:
        done = [both.submit(work, one, other), both.submit(work, other, one)]
        assert sorted(each.result() for each in done) == [False, True]


def tell(account, case, key="k"):
    return send_notices(
        actor=VISITOR, account_ids=[account.pk], key=key, text="案件 {number} 待签收", parts={"number": case.number},
        url=f"/cases/{case.pk}/", subject_type="case", subject_id=case.pk, now=NOW,
    )  # fmt: skip


def test_the_deputy_hears_what_is_meant_for_the_other_and_opens_it_in_their_place(town, pair, client, monkeypatch):
    from haitang.core import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    whose, deputy = pair
    case = on_the_desk(town)
    stand_in(whose, deputy)
    for _twice in range(2):
        tell(whose, case)
    assert [count_unread(get_actor(each.pk, now=NOW)) for each in pair] == [1, 1]
    client.force_login(deputy)
    assert "代 赵强" in client.get(reverse("people:notices")).content.decode()
    assert client.get(f"/cases/{case.pk}/").status_code == 404
    notice = Notice.objects.get(account=deputy)
    answer = client.post(reverse("people:notice", args=[notice.pk]), follow=True)
    assert answer.redirect_chain == [(f"/cases/{case.pk}/", 302)]
    assert "钱勇（代 赵强）" in answer.content.decode()
    tell(deputy, case, "own")
    own = Notice.objects.get(account=deputy, key="own")
    assert client.post(reverse("people:notice", args=[own.pk]), follow=True).status_code == 404


def test_the_deputy_hears_of_no_denunciation_nor_after_the_last_day(town, pair):
    whose, deputy = pair
    stand_in(whose, deputy)
    give(whose, permission=Permission.VIEW_CONFIDENTIAL)
    tell(whose, report(VISITOR, kind="denunciation"))
    assert [count_unread(get_actor(each.pk, now=NOW)) for each in pair] == [1, 0]
    case = on_the_desk(town)
    send_notices(actor=VISITOR, account_ids=[whose.pk], key="late", text="晚", now=NOW + timedelta(days=8))
    assert not Notice.objects.filter(account=deputy).exists()
    tell(whose, case)
    assert Notice.objects.get(account=deputy).in_place_of_id == whose.pk
