"""What somebody takes along: hours, a certificate, a calendar; and who looks at a telephone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from haitang.core import access
from haitang.core.errors import NotAllowed, TooMany
from haitang.core.models import Entry
from haitang.core.ports import Port
from haitang.testing.actors import NOW, TODAY
from haitang.testing.people import refused
from haitang.volunteers import actions, queries
from haitang.volunteers.queries import calendar
from haitang.volunteers.values import (
    CalendarEntry,
    CalendarNotFound,
    CertificateNotFound,
    Service,
    VolunteerInvalid,
    VolunteerNotFound,
    WrongCode,
    ical,
)


@pytest.fixture
def served(town, entered):
    """Somebody with two services of two hours each, two days ago and yesterday."""
    actions.record_services(
        actor=town.secretary, now=NOW,
        services=[
            Service("orders", str(days), entered.volunteer.pk, "修电视", NOW - timedelta(days=days),
                    NOW - timedelta(days=days) + timedelta(hours=2))
            for days in (1, 2)
        ],
    )  # fmt: skip
    return {"actor": access.VISITOR, "volunteer_id": entered.volunteer.pk, "code": entered.code, "now": NOW}


def test_the_way_back_by_number_and_code(town, entered):
    ask = {"actor": access.VISITOR, "party": "1.2.3.4", "now": NOW}
    found = actions.find_own_entry(number=entered.volunteer.number.lower(), code=entered.code, **ask)
    assert found == entered.volunteer
    for number in ("V0000000", "abc", "V" + "9" * 40, entered.volunteer.number):
        refused(WrongCode, actions.find_own_entry, number=number, code="AAAAAAAAAA", **ask)
    for _guess in range(6):
        refused(WrongCode, actions.find_own_entry, number="V0000000", code="AAAAAAAAAA", **ask)
    refused(TooMany, actions.find_own_entry, number=entered.volunteer.number, code=entered.code, **ask)


def test_a_certificate_says_what_it_was_issued_for_and_loses_the_name(town, served):
    made = actions.issue_certificate(from_date=TODAY - timedelta(days=1), to_date=TODAY, **served)
    assert (made.services, made.minutes, made.name) == (1, 120, "吴师傅")
    check = {"actor": access.VISITOR, "party": "1.2.3.4", "now": NOW}
    assert actions.verify_certificate(code=made.code.lower(), **check).minutes == 120
    refused(CertificateNotFound, actions.verify_certificate, code="AAAABBBBCCCC", **check)
    actions.withdraw_volunteer(**served)
    kept = actions.verify_certificate(code=made.code, **check)
    assert (kept.name, kept.minutes) == ("", 120)


def test_a_certificate_is_the_persons_own_and_needs_a_service(town, served):
    other = {**served, "actor": town.secretary, "code": ""}
    refused(VolunteerNotFound, actions.issue_certificate, from_date=TODAY, to_date=TODAY, **other)
    refused(VolunteerInvalid, actions.issue_certificate, from_date=TODAY, to_date=TODAY, **served)
    backwards = {"from_date": TODAY, "to_date": TODAY - timedelta(days=1)}
    refused(VolunteerInvalid, actions.issue_certificate, **backwards, **served)
    refused(VolunteerInvalid, actions.issue_certificate, from_date=date(1, 1, 1), to_date=TODAY, **served)


def test_a_calendar_shows_what_other_apps_put_into_it_until_it_is_revoked(town, served, monkeypatch):
    port, deadlines = Port("test"), Port("test")
    who, until = served["volunteer_id"], NOW + timedelta(hours=1)
    entry = CalendarEntry(who, "order-7", "修电视；带, 工具", NOW, until, "春和社区", "/orders/7/")
    due = CalendarEntry(who, "wish-claim-3", "送到心愿", NOW, until, is_due=True)
    off = CalendarEntry(who, "shift-2-1", "清洁", NOW, until, cancelled=True)
    port.join(lambda volunteer_ids, _since, _until: [entry, off] if who in volunteer_ids else [])
    deadlines.join(lambda volunteer_ids, _since, _until: [due] if who in volunteer_ids else [])
    monkeypatch.setattr(calendar, "CALENDAR", port)
    monkeypatch.setattr(calendar, "DUE", deadlines)
    assert queries.promised_between([who, who + 1], NOW, until) == {who: [entry]}
    assert queries.lock_calendar(who, NOW, until) == [entry]
    first = actions.open_calendar(**served).key
    assert queries.get_feed(key=first, now=NOW)[1] == [entry, off, due]
    second = actions.open_calendar(**served).key
    for dead in (first, "nothing", ""):
        with pytest.raises(CalendarNotFound):
            queries.get_feed(key=dead, now=NOW)
    page = queries.get_own_page(
        viewer=access.VISITOR, volunteer_id=served["volunteer_id"], code=served["code"], now=NOW
    )
    assert (page.coming, page.minutes, page.count, page.has_calendar) == ([entry, due], 240, 2, True)
    actions.close_calendar(**served)
    with pytest.raises(CalendarNotFound):
        queries.get_feed(key=second, now=NOW)


def test_the_feed_is_what_rfc_5545_says():
    long = CalendarEntry(7, "x", "服务" * 60, NOW, NOW + timedelta(hours=1), cancelled=True)
    text = ical([long], name="我的志愿服务", host="example.org", made_at=NOW)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "")
    assert "服务" * 60 in whole
    assert "DTSTART:20260506T013000Z" in whole
    assert "STATUS:CANCELLED" in whole
    assert "TRANSP" not in whole
    assert "TRANSP:TRANSPARENT" in ical([replace(long, is_due=True)], name="", host="", made_at=NOW)
    assert ical([replace(long, title="a;b,c\\d\ne")], name="", host="", made_at=NOW).count("a\\;b\\,c\\\\d\\ne") == 1


def test_a_telephone_is_seen_in_full_for_a_reason(town, entered):
    look = {"volunteer_id": entered.volunteer.pk, "now": NOW}
    assert actions.unmask_volunteer(actor=town.secretary, reason="通知集合", **look) == "13800001234"
    assert Entry.objects.get(fact="VolunteerUnmasked").data["reason"] == "通知集合"
    refused(VolunteerInvalid, actions.unmask_volunteer, actor=town.secretary, reason=" ", **look)
    refused(NotAllowed, actions.unmask_volunteer, actor=town.grid, reason="通知集合", **look)


def test_an_export_is_for_who_may_and_is_recorded(town, entered):
    wanted = {"wanted": queries.RegisterFilter(), "now": NOW}
    assert len(actions.export_volunteers(actor=town.secretary, **wanted)) == 1
    assert actions.export_volunteers(actor=town.secretary, unmask_reason="应急名册", **wanted)
    assert [entry.data["in_full"] for entry in Entry.objects.filter(fact="VolunteersExported").order_by("pk")] == [
        False, True,
    ]  # fmt: skip
    refused(NotAllowed, actions.export_volunteers, actor=town.grid, **wanted)
    refused(NotAllowed, actions.export_volunteers, actor=town.leader, **wanted)
