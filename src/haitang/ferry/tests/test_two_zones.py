"""Packages between two installations that share nothing: once, in order, whole, and whatever goes wrong on the way.

One test, since each pair of installations takes a copy of the database: what becomes of the two is told in parts.
"""

import pytest
from django.core.management import CommandError, call_command

from haitang.cases import actions as case_actions
from haitang.cases import queries as cases
from haitang.cases.lifecycle import Status
from haitang.cases.models import Attachment, Case, Reporter
from haitang.core import clock, crypto
from haitang.core.models import Entry
from haitang.ferry import actions, jobs
from haitang.ferry.actions import making, taking
from haitang.ferry.models import Arrival, Crossing, Package
from haitang.ferry.tests.zones import ADMIN, CLERK, build_zones, picture, remove_zone
from haitang.ferry.values import HandedAcross, PackageRefused
from haitang.testing.cases import FOUNDER, LAMP, report
from haitang.testing.crowds import at_once
from haitang.testing.killing import killed_at

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, NAME = "13800001234", "林阿姨"
WORK = {
    "verify": "grid", "accept": "dispatcher", "register": "dispatcher", "dispatch": "dispatcher", "sign": "handler",
    "handle": "handler", "feedback": "handler", "check": "checker", "close": "dispatcher",
}  # fmt: skip


@pytest.fixture
def both(tmp_path, monkeypatch):
    """An outside and an inside."""
    zones = build_zones(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: zones[0].now())
    yield zones
    remove_zone(zones[1])


def work(zone, case_id: int, *steps: str) -> None:
    """Have the people of the office do the steps."""
    for step in steps:
        more = {"organization_code": "ZJJ"} if step == "dispatch" else {}
        if step == "register":
            more["demand_answers"] = False
        getattr(case_actions, f"{step}_case")(
            actor=getattr(zone.town, WORK[step]), case_id=case_id, opinion=f"{step}：路灯已修好", now=zone.now(), **more
        )


def counters_hold() -> bool:
    """Tell whether the counters are what the cases and the history come to."""
    return cases.counted() == cases.recount()


def test_packages_go_between_two_zones(both, tmp_path, monkeypatch):
    whatever_is_wrong_is_refused_and_written_down(*both)
    a_report_goes_across_and_its_reporter_reads_the_answer(*both, tmp_path / "stick")
    killed_half_way_it_leaves_nothing_and_is_done_once_afterwards(*both, monkeypatch)
    new_keys_open_what_was_sealed_to_the_former(*both)
    one_bad_case_does_not_hold_the_others_back_and_what_does_not_fit_waits(*both)


def a_report_goes_across_and_its_reporter_reads_the_answer(outside, inside, stick):
    with outside.here():
        photo = case_actions.keep_photo(actor=outside.town.resident, data=picture(), now=outside.now())
        mine = case_actions.report_case_with_photos(
            actor=outside.town.resident, now=outside.now(), photos=[photo], description=LAMP, channel="web",
            lon=121.305, lat=31.505, reporter_name=NAME, reporter_phone=PHONE,
        )  # fmt: skip
        first = outside.make("inside")
        again = report(outside.town.resident, now=outside.now())
        with pytest.raises(HandedAcross, match="inside区"):
            work(outside, mine.pk, "verify")
        assert Case.objects.get(pk=mine.pk).due_at is None
        assert "已转交办理" in [step.told for step in cases.follow_case(case=mine).steps]
        assert Entry.objects.filter(fact="ReporterUnmasked", subject_id=mine.pk).count() == 1
    for secret in (PHONE, NAME, "路灯", mine.number):
        assert secret.encode() not in first
        assert secret.encode("unicode-escape") not in first

    with inside.here():
        assert inside.take(first).package.problems == []
        case = Case.objects.get(external_id=mine.number)
        assert (case.description, case.external_source, case.external_id) == (LAMP, "ferry:outside", mine.number)
        assert case.area_ids == mine.area_ids
        reporter = Reporter.objects.get(case=case)
        assert crypto.open_(reporter.phone_sealed, "reporter.phone") == PHONE
        assert Attachment.objects.filter(case=case, purpose="place").count() == 1
        work(inside, case.pk, "verify", "accept", "register", "dispatch", "sign")
        case_actions.add_photo(
            actor=inside.town.handler, case_id=case.pk, data=picture("red"), purpose="after", now=inside.now()
        )
        work(inside, case.pk, "handle", "feedback", "check", "close")
        back = inside.make("outside")

    with outside.here():
        taken = outside.take(back)
        assert taken.package.problems == []
        seen = cases.follow_case(case=Case.objects.get(pk=mine.pk))
        assert seen.status == Status.CLOSED
        answers = [step.text for step in seen.steps if step.text]
        assert answers == ["feedback：路灯已修好"], "the office's own opinions stay inside"
        assert "住房和城乡建设局" in [step.desk for step in seen.steps]
        assert len(seen.photos) == 1
        assert seen.asks_rating
        assert not Package.objects.filter(direction="out", arrived_at=None).exists()
        assert counters_hold()
        case_actions.rate_case(
            actor=outside.town.resident, case_id=mine.pk, is_solved=False, score=2, text="又灭了", now=outside.now()
        )
        jobs.rest_reopened(case_id=mine.pk)
        case = Case.objects.get(pk=mine.pk)
        assert (case.status, case.due_at) == (Status.HANDLING, None)
        stick.mkdir()
        call_command("ferry_out", "inside", str(stick))
        call_command("ferry_out", "inside", str(stick), "--again")
        assert [path.name for path in stick.iterdir()] == ["outside-inside-000005.ferry"]

    with inside.here():
        call_command("ferry_in", str(stick))
        call_command("ferry_in", str(stick))
        first_case = Case.objects.get(external_id=mine.number)
        assert Case.objects.filter(external_id=again.number).count() == 1
        assert (first_case.status, first_case.reopenings, first_case.score) == (Status.HANDLING, 1, 2)
        work(inside, first_case.pk, "handle", "feedback", "check", "close")
        back = inside.make("outside")
        assert counters_hold()

    with outside.here():
        outside.take(back)
        case = Case.objects.get(pk=mine.pk)
        assert (case.status, case.reopenings) == (Status.CLOSED, 1)
        assert counters_hold()
        owed = outside.make("inside")
        assert actions.make_ferry_package(actor=CLERK, partner_code="inside", now=outside.now()) is None
    with inside.here():
        inside.take(owed)
        assert not Package.objects.filter(direction="out", arrived_at=None).exists()


def whatever_is_wrong_is_refused_and_written_down(outside, inside):
    with outside.here():
        report(outside.town.resident, now=outside.now())
        first = outside.make("inside")
        report(outside.town.resident, now=outside.now())
        second = outside.make("inside")
        report(outside.town.resident, now=outside.now())
        third = outside.make("inside")
    head = first.index(b"\n", first.index(b"{")) + 1
    altered = bytearray(first)
    altered[-40] ^= 1
    renumbered = first.replace(b'"number":1', b'"number":4')
    signature = bytearray(first)
    signature[head + 5] = ord("b" if chr(signature[head + 5]) == "a" else "a")  # another digit, not another alphabet
    wrong = {
        "不是摆渡包": b"PK\x03\x04" + bytes(100), "开头已损坏": first[:head],
        "未登记的区域": first.replace(b'"sender":"outside"', b'"sender":"strange"'),
        "已被改动": bytes(altered), "不完整": first[:-1], "签名不符": renumbered, "这个包不是": bytes(signature),
        "还缺第 1 号": second, "还缺第 1–2 号": third,
    }  # fmt: skip
    with inside.here():
        for sentence, data in wrong.items():
            with pytest.raises(PackageRefused, match=sentence):
                inside.take(data, "坏包.ferry")
        told = list(Arrival.objects.order_by("pk").values_list("outcome", "reason"))
        assert [outcome for outcome, _reason in told] == ["refused"] * len(wrong)
        assert all(sentence in reason for sentence, (_outcome, reason) in zip(wrong, told, strict=True))
        assert not Case.objects.exists()
        assert Entry.objects.filter(fact="FerryPackageTurnedAway").count() == len(wrong)
        assert not inside.take(first).is_repeated
        assert inside.take(first).is_repeated
        assert Case.objects.count() == 1
        with pytest.raises(PackageRefused, match="还缺第 2 号"):
            inside.take(third)
        inside.take(second)
        inside.take(third)
        assert Case.objects.count() == 3
        assert list(Package.objects.values_list("number", flat=True).order_by("number")) == [1, 2, 3]
        own = inside.make("outside")
    with inside.here(), pytest.raises(PackageRefused, match="未登记"):
        inside.take(own)
    with outside.here():
        outside.take(own)
        assert not Package.objects.filter(direction="out").exclude(arrived_at=None, file="").filter(arrived_at=None)


def new_keys_open_what_was_sealed_to_the_former(outside, inside):
    with outside.here():
        report(outside.town.resident, now=outside.now())
        first = outside.make("inside")
    with inside.here():
        former, before = inside.partner().card, Case.objects.count()
        actions.make_zone_keys(actor=ADMIN, code="inside", name="内网", now=inside.now())
        inside.take(first)
        assert inside.partner().card == former
    with outside.here():
        report(outside.town.resident, now=outside.now())
        partner = outside.partner()
        data = outside.make("inside")
        assert partner.card.fingerprint in data.decode("latin-1"), "still sealed to the former keys"
    with inside.here():
        inside.take(data)
        assert Case.objects.count() == before + 2


def killed_half_way_it_leaves_nothing_and_is_done_once_afterwards(outside, inside, monkeypatch):
    with outside.here():
        for _each in range(3):
            report(outside.town.resident, now=outside.now())
        before, sent = Crossing.objects.count(), outside.partner().sent
        killed_at(monkeypatch, making.case_actions, "note_on_case", lambda: outside.make("inside"), call=2)
        assert (Crossing.objects.count(), outside.partner().sent) == (before, sent)
        data = outside.make("inside")
        assert (Crossing.objects.count(), outside.partner().sent) == (before + 3, sent + 1)
    with inside.here():
        before, arrived, received = Case.objects.count(), Arrival.objects.count(), inside.partner().received
        for call in (1, 3):
            killed_at(monkeypatch, taking.case_actions, "note_on_case", lambda: inside.take(data), call=call)
            assert (Case.objects.count(), Arrival.objects.count()) == (before, arrived)
        killed_at(monkeypatch, taking.history, "record", lambda: inside.take(data))
        assert inside.partner().received == received
        outcomes = at_once(*[lambda: inside.take(data)] * 4)
        assert outcomes == [None] * 4
        assert Case.objects.count() == before + 3
        outcomes = Arrival.objects.order_by("pk").values_list("outcome", flat=True)[arrived:]
        assert sorted(outcomes) == ["repeated"] * 3 + ["taken"]
        assert counters_hold()


def one_bad_case_does_not_hold_the_others_back_and_what_does_not_fit_waits(outside, inside):
    with outside.here():
        case_actions.change_setting(actor=FOUNDER, key="ferry_cases_max", value=2, now=outside.now())
        numbers = [report(outside.town.resident, now=outside.now()).number for _each in range(3)]
        first, second = outside.make("inside"), outside.make("inside")
        assert list(Package.objects.order_by("-pk").values_list("cases", flat=True)[:2]) == [1, 2]
    with inside.here():
        before = Case.objects.count()
        report(outside.town.resident, now=inside.now(), external_source="ferry:outside", external_id=numbers[0])
        problems = inside.take(first).package.problems
        assert [number for number, _why in problems] == numbers[:1]
        assert Case.objects.count() == before + 2
        inside.take(second)
        assert Case.objects.count() == before + 3
        with pytest.raises(CommandError, match="读不出来"):
            call_command("ferry_in", "/nonexistent/stick.ferry")
