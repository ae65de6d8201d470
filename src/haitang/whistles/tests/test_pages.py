"""The pages of whistles, as a browser without JavaScript meets them."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from haitang.core.models import Entry
from haitang.testing import cases as cast
from haitang.testing.actors import TODAY
from haitang.testing.cases import report
from haitang.whistles.lifecycle import Status
from haitang.whistles.models import Call, Meeting, Photo, RuleBook, Task, Whistle
from haitang.whistles.tests.cast import (
    TO_SIGNED_OFF,
    act,
    blow,
    by_desk,
    draft,
    everywhere,
    street_leader,
    supervisor,
    third,
    to_checked,
)
from haitang.whistles.values import Permission

pytestmark = pytest.mark.django_db


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (640, 480), "green").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def text(response) -> str:
    return response.content.decode()


def page_of(whistle) -> str:
    return reverse("whistles:whistle", args=[whistle.pk])


def do(client, call, deed, **more):
    where = reverse("whistles:call_deed", args=[call.whistle_id, call.pk, deed])
    return client.post(where, {"opinion": f"{deed}意见", **more})


def test_the_whole_story_goes_through_the_pages(town, as_):
    case = report(town.dispatcher, channel="phone")
    street = as_(town.dispatcher)
    case_page = reverse("cases:case", args=[case.pk])
    assert reverse("whistles:draft", args=[case.pk]) in text(street.get(case_page))
    form = reverse("whistles:draft", args=[case.pk])
    assert "牵头单位" in text(street.get(form))
    refused = street.post(form, {"kind": "emergency", "lead": "", "reason": ""})
    assert refused.status_code == 422
    given = {"kind": "emergency", "lead": "ZJJ", "assisting": ["CGJ", "ZJJ"], "reason": "多个部门"}
    assert street.post(form, given).status_code == 302
    whistle = Whistle.objects.get()
    assert "待审批" in text(street.get(case_page))
    assert reverse("whistles:draft", args=[case.pk]) not in text(street.get(case_page))
    assert as_(town.rival).get(page_of(whistle)).status_code == 404
    approve = reverse("whistles:decide", args=[whistle.pk, "approve"])
    assert as_(street_leader(town)).post(approve, {"opinion": ""}).status_code == 422
    assert as_(street_leader(town)).post(approve, {"opinion": "同意"}).status_code == 302
    first, second = Call.objects.order_by("id")
    lead = as_(town.handler)
    assert "召集本单位的哨" in text(lead.get(reverse("whistles:list")))
    assert whistle.number in text(lead.get(reverse("whistles:list")))
    assert "剩余" in text(lead.get(page_of(whistle)))
    assert do(lead, first, "sign").status_code == 302
    assert do(lead, first, "arrive", place="", people="").status_code == 422
    assert do(lead, first, "arrive", place="东门", people="张科长等2人").status_code == 302
    assert do(lead, first, "handle", photos=photo()).status_code == 302
    assert do(lead, first, "sign_off").status_code == 302
    kept = Photo.objects.get()
    picture = reverse("whistles:photo", args=[whistle.pk, kept.pk])
    assert lead.get(f"{picture}?size=320")["Content-Type"] == "image/jpeg"
    assert as_(town.outsider).get(picture).status_code == 404
    assert do(as_(town.rival), second, "refuse").status_code == 302
    leader = as_(street_leader(town))
    assert "拒哨待裁定" in text(leader.get(page_of(whistle)))
    assert do(leader, second, "release").status_code == 302
    assert do(leader, first, "evaluate", rating="basic").status_code == 302
    whistle.refresh_from_db()
    assert whistle.status == Status.DONE
    shown = text(leader.get(page_of(whistle)))
    for word in ("已办结", "基本满意", "张科长等2人", "流转记录", "已免除"):
        assert word in shown
    assert "已办结" in text(as_(town.dispatcher).get(case_page))


def test_a_closed_door_says_why_and_keeps_what_was_typed(town, as_):
    case = report(town.dispatcher, channel="phone")
    whistle, calls = blow(town, case, desks=())
    to_checked(town, case)
    refused = as_(town.dispatcher).post(reverse("cases:deed", args=[case.pk, "close"]), {"opinion": "可以结案了"})
    assert refused.status_code == 409
    assert "还有单位未销哨" in text(refused)
    assert "可以结案了" in text(refused)
    act(town, calls[0], "sign_call")
    late = do(as_(town.handler), calls[0], "sign", opinion="我来签收")
    assert late.status_code == 409
    assert "我来签收" in text(late)
    assert do(as_(town.rival), calls[0], "contact").status_code == 404
    assert do(as_(town.dispatcher), calls[0], "contact").status_code == 403
    assert as_(town.dispatcher).get(page_of(whistle)).status_code == 200
    assert do(as_(supervisor(town)), calls[0], "waive").status_code == 302


def test_a_meeting_with_its_tasks(town, as_):
    whistle, _calls = blow(town)
    leader = as_(street_leader(town))
    where = reverse("whistles:meeting", args=[whistle.pk])
    given = {"held_at": "2026-05-06T09:40", "minutes": "议定分工", "attendees": "各单位"}
    assert leader.post(where, {**given, "who_0": "CGJ"}).status_code == 422
    assert not Meeting.objects.exists()
    tasks = {"who_0": "CGJ", "what_0": "清理占道", "due_0": TODAY.isoformat()}
    assert leader.post(where, {**given, **tasks}).status_code == 302
    task = Task.objects.get()
    settle = reverse("whistles:task", args=[whistle.pk, task.pk])
    assert as_(third(town)).post(settle, {"done": "1", "note": "完成"}).status_code == 403
    assert "登记办理情况" in text(as_(town.rival).get(page_of(whistle)))
    assert as_(town.rival).post(settle, {"done": "1", "note": "已清理"}).status_code == 302
    task.refresh_from_db()
    assert (task.is_done, task.note) == (True, "已清理")
    assert as_(town.rival).post(settle, {"done": "0", "note": "又没有"}).status_code == 409
    assert "已清理" in text(as_(town.rival).get(page_of(whistle)))
    assert as_(town.rival).post(where, given).status_code == 403


def test_the_lists_show_what_waits(town, as_):
    pending = draft(town)
    _blown, calls = blow(town)
    leader = as_(street_leader(town))
    assert pending.number in text(leader.get(reverse("whistles:list")))
    act(town, calls[1], *TO_SIGNED_OFF)
    for actor, box, there in (
        (by_desk(town, calls[1]), "todo", False),
        (by_desk(town, calls[0]), "todo", True),
        (by_desk(town, calls[1]), "called", True),
        (town.dispatcher, "street", True),
        (town.dispatcher, "todo", True),
        (town.outsider, "all", False),
    ):
        shown = text(as_(actor).get(reverse("whistles:list"), {"box": box}))
        assert (calls[0].whistle.number in shown) is there, (actor.name, box)
        assert pending.number not in shown or actor is town.dispatcher


def test_the_rules_are_changed_on_their_pages(town, as_):
    manager = as_(everywhere(cast.FOUNDER, Permission.MANAGE))
    settings = reverse("whistles:settings")
    assert "推进哨" in text(manager.get(settings))
    kind = reverse("whistles:kind", args=["emergency"])
    limits = {"limit_sign": "10分钟", "limit_contact": "30分钟", "limit_arrive": "1小时", "limit_handle": "1天"}
    given = {"name": "应急哨", "use": "突发情况", "is_active": "on", "source": "本地规定", **limits}
    assert "30 分钟" in text(manager.get(kind))
    assert manager.post(kind, {**given, "limit_sign": "很快"}).status_code == 422
    assert manager.post(kind, given).status_code == 302
    assert manager.post(reverse("whistles:kind_new"), {**given, "code": "joint", "name": "联合哨"}).status_code == 302
    ladder = reverse("whistles:ladder")
    assert manager.get(ladder).status_code == 200
    steps = {f"{part}_{row}": "" for row in range(5) for part in ("name", "after", "source")}
    whom = {f"whom_{row}": "department|whistles.whistle.respond" for row in range(5)}
    one = {
        **steps,
        **whom,
        "name_0": "责任人",
        "name_1": "负责人",
        "after_1": "2工作时",
        "whom_1": "department|director",
    }
    assert manager.post(ladder, one).status_code == 302
    phrases = reverse("whistles:phrases")
    assert manager.get(phrases).status_code == 200
    assert manager.post(phrases, {"sign": "收到\n马上办"}).status_code == 302
    assert RuleBook.objects.count() == 4
    assert Entry.objects.filter(fact="WhistleRulesChanged").count() == 4
    content = RuleBook.objects.order_by("-id")[0].content
    assert [kind["name"] for kind in content["kind"]] == ["推进哨", "攻坚哨", "应急哨", "联合哨"]
    assert [(rung["name"], rung["posts"]) for rung in content["rung"]] == [("责任人", []), ("负责人", ["director"])]
    assert content["phrases"]["sign"] == ["收到", "马上办"]
    assert "负责人" in text(manager.get(settings))
    assert as_(town.dispatcher).get(settings).status_code == 403


def test_every_page_stands_in_english(town, as_):
    whistle, _calls = blow(town)
    client = as_(everywhere(street_leader(town), Permission.MANAGE))
    for name, args in (("list", []), ("whistle", [whistle.pk]), ("settings", []), ("ladder", []), ("phrases", [])):
        page = client.get(reverse(f"whistles:{name}", args=args), headers={"Accept-Language": "en"})
        assert page.status_code == 200, name
