"""Pages of committees, meetings and decisions."""

from datetime import timedelta

import pytest
from django.urls import reverse

from haitang.alliances.models import Committee, Decision, Meeting, Seat
from haitang.alliances.tests.playing import SPRING, build_committee
from haitang.alliances.tests.test_pages import post, seen
from haitang.alliances.values import NewDecision
from haitang.projects.models import Project
from haitang.testing.actors import NOBODY, NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(pair):
    """The community's committee, in which the company has a seat."""
    return build_committee(pair)


def test_members_on_the_pages(board, as_):
    client, at = as_(board.secretary), board.row.pk
    page = seen(client, "committee", at)
    assert "沈院长" in page
    assert "春和医院" in page
    sent = {"name": "赵园长", "kind": "part_time", "post": "兼职委员", "from_date": str(TODAY)}
    assert "兼职委员请填写所在单位" in post(client, "committee_deed", at, "seat", answers=422, **sent).content.decode()
    post(client, "committee_deed", at, "seat", **sent, home="春和医院")
    post(client, "committee_deed", at, "else", answers=404)
    held = Seat.objects.get(name="赵园长")
    seen(client, "seat", at, held.pk)
    post(client, "seat", at, held.pk, on=str(TODAY), reason="", answers=422)
    post(client, "seat", at, held.pk, on=str(TODAY), reason="调动", name="孙园长", kind="part_time", post="委员",
         home="没有这个单位", answers=422)  # fmt: skip
    post(client, "seat", at, held.pk, on=str(TODAY), reason="调动", name="孙园长", kind="part_time", post="委员",
         home="春和医院")  # fmt: skip
    page = seen(client, "committee", at)
    assert "孙园长" in page
    assert "离任的委员" in page
    seen(client, "seat", at, held.pk, answers=404)
    follower = Seat.objects.get(name="孙园长")
    post(client, "seat", at, follower.pk, on=str(TODAY), reason="退休")
    assert "春和社区大党委" in seen(client, "committees")
    assert client.get(reverse("alliances:committees_export")).content[:2] == b"PK"
    post(client, "committee_deed", at, "end", to_date=str(TODAY), reason="", answers=422)
    post(client, "committee_deed", at, "end", to_date=str(TODAY), reason="合并")
    sent = {"kind": "community", "area": SPRING, "name": "新大党委", "organization": "春和社区党委"}
    post(client, "committee_new", **sent, answers=422)
    post(client, "committee_new", **sent, from_date=str(TODAY))
    assert Committee.objects.count() == 2


def test_a_meeting_on_the_pages(board, as_):
    client, at = as_(board.secretary), board.row.pk
    soon = (NOW + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    sent = {"title": "联席会议", "at": soon, "place": "会议室", "agenda": "小区停车\n义诊进社区 | 春和医院\n"}
    bad = post(client, "meeting_new", at, answers=422, **{**sent, "agenda": "议题 | 没有这个"})
    assert "没有名为" in bad.content.decode()
    post(client, "meeting_new", at, **sent)
    row = Meeting.objects.get()
    page = seen(client, "meeting", row.pk)
    assert "春和医院提出" in page
    page = seen(client, "meeting_edit", row.pk)
    assert "义诊进社区 | 春和医院" in page
    early = (NOW - timedelta(hours=2) + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    post(client, "meeting_edit", row.pk, **{**sent, "title": ""}, answers=422)
    post(client, "meeting_edit", row.pk, **{**sent, "at": early})
    told = {"minutes": "议定两件事", "decisions": f"每月义诊 | 春和医院 | {TODAY}\n建一个微花园"}
    post(client, "meeting_deed", row.pk, "hold", answers=422, **{**told, "decisions": "决议 | 春和医院 | 下周"})
    post(client, "meeting_deed", row.pk, "hold", **told)
    clinic, garden = Decision.objects.order_by("pk")
    assert (clinic.office_id, clinic.due_on) == (board.company, TODAY)
    post(client, "meeting_deed", row.pk, "add", decisions="补一件")
    post(client, "meeting_deed", row.pk, "off", reason="不开", answers=409)
    post(client, "meeting_deed", row.pk, "else", answers=404)
    unit = as_(board.unit)
    assert "登记办理结果" in seen(unit, "meeting", row.pk)
    post(unit, "decision_deed", row.pk, clinic.pk, "settle", words="", answers=422)
    post(unit, "decision_deed", row.pk, clinic.pk, "settle", words="义诊一次")
    client = as_(board.secretary)
    post(client, "decision_deed", row.pk, garden.pk, "start", title="", answers=422)
    post(client, "decision_deed", row.pk, garden.pk, "start", title="微花园项目")
    assert Project.objects.get().title == "微花园项目"
    assert "查看项目" in seen(client, "meeting", row.pk)
    post(client, "decision_deed", row.pk, clinic.pk, "reopen", reason="还要再办一次")
    more = Decision.objects.get(text="补一件")
    post(client, "decision_deed", row.pk, more.pk, "case", words="", answers=422)
    post(client, "decision_deed", row.pk, more.pk, "case", words="东门路灯不亮，请维修", place="东门")
    more.refresh_from_db()
    assert more.case.number in seen(client, "meeting", row.pk)
    assert "由会议决议转来" in client.get(reverse("cases:case", args=[more.case_id])).content.decode()
    post(client, "decision_deed", row.pk, clinic.pk, "else", answers=404)
    assert "每月义诊" in seen(client, "decisions", status="open")
    assert "每月义诊" not in seen(client, "decisions", status="project")
    assert client.get(reverse("alliances:decisions_export")).content[:2] == b"PK"


def test_who_may_open_them(board, as_):
    row = board.hold(NewDecision("每月义诊", board.company))
    leader = as_(board.pair.town.leader)
    assert "新任委员" not in seen(leader, "committee", board.row.pk)
    assert "登记办理结果" not in seen(leader, "meeting", row.pk)
    assert leader.get(reverse("alliances:meeting_new", args=[board.row.pk])).status_code == 403
    nobody = as_(NOBODY)
    seen(nobody, "committee", board.row.pk, answers=404)
    seen(nobody, "meeting", row.pk, answers=404)
    seen(nobody, "committees", answers=403)
