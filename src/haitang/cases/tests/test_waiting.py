"""For whom a case really waits: the nearest first, who may act, and only while it is still so. And who may judge it."""

from datetime import timedelta

import pytest

from haitang.cases import actions, jobs, queries
from haitang.cases.values import Permission
from haitang.core import access, clock
from haitang.core.access import EVERYWHERE, Grant
from haitang.core.errors import NotAllowed
from haitang.territory.queries import territory
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import report

pytestmark = pytest.mark.django_db


def todo(viewer):
    return [case.pk for case in queries.list_todo(viewer=viewer).rows]


def test_an_unverified_report_waits_for_the_grid_first_and_climbs_with_time(town, monkeypatch):
    case = report(town.resident)
    path = case.area_path
    community = actor_with(Permission.VIEW, Permission.VERIFY, area_path=path.rsplit("/", 2)[0] + "/")
    street = actor_with(Permission.VIEW, Permission.VERIFY, area_path=path.rsplit("/", 3)[0] + "/")
    for minutes, waits in ((5, (True, False, False)), (61, (True, True, False)), (241, (True, True, True))):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: NOW + timedelta(minutes=minutes))
        assert tuple(case.pk in todo(viewer) for viewer in (town.grid, community, street)) == waits


def test_a_report_without_a_grid_waits_for_its_community_at_once(town, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    area = territory().area(town.areas["spring"])
    case = report(town.resident, lon=None, lat=None, area_code=area.code)
    assert case.pk in todo(actor_with(Permission.VIEW, Permission.VERIFY, area_path=area.path))


def told(monkeypatch, accounts):
    sent = []
    monkeypatch.setattr(jobs, "send_notices", lambda **said: sent.append(set(said["account_ids"])))
    monkeypatch.setattr(jobs, "list_accounts_holding", lambda permission, **scope: sorted(accounts))
    monkeypatch.setattr(jobs, "get_actor", accounts.get)
    return sent


def at_desk(town):
    case = report(town.resident)
    steps = {"case_id": case.pk, "opinion": "办", "now": NOW}
    actions.accept_case(actor=town.dispatcher, **steps)
    actions.register_case(actor=town.dispatcher, **steps)
    return actions.dispatch_case(actor=town.dispatcher, organization_code="ZJJ", **steps), steps


def test_nobody_of_another_desk_is_told_to_sign(town, monkeypatch):
    case, _steps = at_desk(town)
    grants = frozenset(Grant(str(p), EVERYWHERE) for p in (Permission.VIEW, Permission.HANDLE))
    other = access.Actor("他局", id=8, organization_id=town.handler.organization_id + 1, grants=grants)
    sent = told(monkeypatch, {7: town.handler, 8: other})
    jobs.tell_dispatched(case_id=case.pk, entry_id=1, organization_id=case.organization_id)
    assert sent == [{7}]


def test_nobody_is_told_to_sign_what_has_moved_on(town, monkeypatch):
    case, steps = at_desk(town)
    actions.sign_case(actor=town.handler, **steps)
    sent = told(monkeypatch, {7: town.handler})
    jobs.tell_dispatched(case_id=case.pk, entry_id=1, organization_id=case.organization_id)
    actions.handle_case(actor=town.handler, **steps)
    jobs.tell_reworked(case_id=case.pk, entry_id=2)
    jobs.tell_returned(case_id=case.pk, entry_id=3)
    assert sent == []


def test_whoever_took_a_call_down_does_not_judge_it(town):
    case = report(town.dispatcher, channel="phone")
    with pytest.raises(NotAllowed, match="登记人不能代为评价"):
        actions.rate_case(actor=town.dispatcher, case_id=case.pk, is_solved=True, score=5, now=NOW)
    with pytest.raises(NotAllowed, match="登记人不能代为评价"):
        actions.rate_case_by_code(
            actor=town.dispatcher, number=case.number, query_code=case.query_code, party="here", is_solved=True,
            score=5, now=NOW,
        )  # fmt: skip
