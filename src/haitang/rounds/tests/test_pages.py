"""The pages, without JavaScript: a whole round from its arrangement to projects, as each who has a part in it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from haitang.core.access import VISITOR
from haitang.rounds.lifecycle import Status
from haitang.rounds.models import Pot, Proposal, Round, Sitting
from haitang.rounds.tests.cast import (
    AUTHOR,
    MEMBER,
    OFFICE,
    OTHER,
    admitted,
    day_of,
    judge,
    opened,
    pot_of,
    proposed,
    voted,
)
from haitang.rounds.tests.test_life import ELSEWHERE
from haitang.rounds.values import Task
from haitang.testing.actors import NOBODY, NOW

pytestmark = pytest.mark.django_db


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def typed_in(page: str) -> dict[str, str]:
    """Return what the fields of the round's form begin with."""
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    found |= {
        name: text.strip("\n")
        for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S)
    }
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_an_office_arranges_a_round_and_publishes_it(as_, town):
    client = as_(OFFICE)
    begun = typed_in(text_of(client.get("/round-desk/new/")))
    assert begun["phases"].count("\n") == 8
    given = {
        **begun,
        "title": "和谐微实事",
        "area": str(town.areas["street"]),
        "pots": "春和社区 | 80,000\n海棠街道｜50000",
    }
    assert "第 1 行" in text_of(client.post("/round-desk/new/", {**given, "pots": "春和社区 | 很多"}), 422)
    wrong = begun["phases"].replace("居民联名", "随便")
    assert "随便" in text_of(client.post("/round-desk/new/", {**given, "phases": wrong}), 422)
    assert client.post("/round-desk/new/", given).status_code == 302
    row = Round.objects.get()
    assert list(Pot.objects.order_by("pk").values_list("budget_fen", flat=True)) == [80_000_00, 50_000_00]
    assert "还没有发布" in text_of(client.get(f"/round-desk/{row.pk}/"))
    assert as_(VISITOR).get(f"/rounds/{row.pk}/").status_code == 404
    assert as_(OFFICE).post(f"/round-desk/{row.pk}/publish/").status_code == 302
    assert "春和社区" in text_of(as_(VISITOR).get(f"/rounds/{row.pk}/"))
    assert as_(NOBODY).get(f"/round-desk/{row.pk}/").status_code == 403
    again = typed_in(text_of(as_(OFFICE).get(f"/round-desk/{row.pk}/change/")))
    assert again["pots"].splitlines() == ["春和社区 | 80,000.00", "海棠街道 | 50,000.00"]
    assert again["phases"] == begun["phases"]


def test_a_resident_proposes_in_three_steps(as_, town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    client, home = as_(AUTHOR), f"/rounds/{round_.pk}/propose/"
    assert client.get(f"{home}contact/").headers["Location"] == home
    assert client.post(home, {"title": "", "words": "三个单元", "category": "为老"}).status_code == 422
    assert "三个单元" in text_of(client.get(home))  # what was typed is kept
    first = client.post(home, {"title": "楼道加装扶手", "words": "三个单元", "category": "为老"})
    assert first.headers["Location"] == f"{home}place/"
    where = {
        "pot": str(pot.pk),
        "area": str(town.areas["grid"]),
        "place": "春和路 1 号",
        "cost": "两万",
        "lon": "",
        "lat": "",
    }
    assert client.post(f"{home}place/", where).status_code == 422
    assert client.post(f"{home}place/", {**where, "cost": "20,000"}).headers["Location"] == f"{home}contact/"
    done = client.post(f"{home}contact/", {"name": "林阿姨", "phone": "13900020001"})
    row = Proposal.objects.get()
    assert done.headers["Location"] == f"/proposals/{row.pk}/"
    assert (row.cost_fen, row.district, row.account_id) == (20_000_00, "第一网格", AUTHOR.id)
    page = text_of(client.get(f"/proposals/{row.pk}/"))
    assert "13900020001" not in page
    assert as_(OTHER).get(f"/proposals/{row.pk}/").status_code == 404
    late = day_of(round_, Task.VOTE)
    assert as_(AUTHOR, late).get(home).status_code == 409


def test_staff_check_appraise_and_refuse_with_the_clause(as_, town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    row, other = proposed(pot, town), proposed(pot, town, title="车棚充电桩", words="电动车没处充电", category="安全")
    client, home = as_(OFFICE), f"/round-proposals/{row.pk}/"
    assert "139****0001" in text_of(client.get(home))
    assert client.post(f"{home}admit/", {}).status_code == 422
    assert client.post(f"{home}admit/", {"codes": ["正1"]}).status_code == 302
    given = {"feasibility": "feasible", "opinion": "可做", "price": "", "organization": str(town.desks["CHSQ"])}
    assert "核定造价" in text_of(client.post(f"{home}appraise/", given), 422)
    assert client.post(f"{home}appraise/", {**given, "price": "25000"}).status_code == 302
    assert Proposal.objects.get(pk=row.pk).price_fen == 25_000_00
    assert client.post(f"/round-proposals/{other.pk}/turn_down/", {"reason": " "}).status_code == 422
    refused = client.post(f"/round-proposals/{other.pk}/turn_down/", {"codes": ["负4"], "reason": "物业合同有"})
    assert refused.status_code == 302
    page = text_of(as_(AUTHOR).get(f"/proposals/{other.pk}/"))
    assert "属于物业服务企业合同职责的项目" in page
    assert "物业合同有" in page
    assert as_(NOBODY).get(home).status_code == 403


def test_a_council_sits_votes_and_closes(as_, town):
    round_ = opened(town)
    pot, now = pot_of(round_, town), day_of(round_, Task.REVIEW)
    row = admitted(pot, town)
    account = town.account("resident")
    client = as_(OFFICE, now)
    given = {"held_on": "2026-06-10", "place": "社区会议室", "members": f"甲\n乙 | {account.username}\n丙 | 没有这个人"}
    assert "没有这个人" in text_of(client.post(f"/round-pots/{pot.pk}/sittings/new/", given), 422)
    given["members"] = f"甲\n乙 | {account.username}"
    assert client.post(f"/round-pots/{pot.pk}/sittings/new/", given).status_code == 302
    sitting = Sitting.objects.get()
    first, second = sitting.seats.order_by("position")
    assert second.account_id == account.pk
    home = f"/round-sittings/{sitting.pk}/"
    assert client.post(f"{home}present/", {"seats": [str(first.pk)]}).status_code == 302
    assert client.post(f"{home}hands-{first.pk}/", {f"hand_{row.pk}": "yes"}).status_code == 302
    member = type(MEMBER)("乙", id=account.pk)
    assert "楼道加装扶手" in text_of(as_(member, now).get(f"/rounds/council/{sitting.pk}/"))
    assert client.post(f"/rounds/council/{sitting.pk}/", {f"hand_{row.pk}": "yes"}).status_code == 302
    assert as_(OTHER, now).get(f"/rounds/council/{sitting.pk}/").status_code == 404
    assert as_(OFFICE, now).post(f"{home}close/", {"minutes": "通过"}).status_code == 302
    assert Proposal.objects.get().status == Status.SHORTLISTED
    assert "赞成 2，反对 0，弃权 0" in text_of(client.get(home))


def test_what_is_published_is_remarked_on_counted_and_explained(as_, town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    rail = admitted(pot, town)
    park = admitted(pot, town, OTHER, title="口袋公园", category="环境", cost_fen=60_000_00)
    now = day_of(round_, Task.REVIEW)
    judge(pot, now)
    said = as_(OTHER, now).post(f"/proposals/{rail.pk}/remark/", {"words": "位置再想想"})
    assert said.status_code == 302
    remark = rail.remarks.get()
    assert (
        as_(OFFICE, now).post(f"/round-remarks/{remark.pk}/answer/", {"answer": "已和楼道居民商量"}).status_code == 302
    )
    page = text_of(as_(VISITOR, now).get(f"/proposals/{rail.pk}/"))
    assert "位置再想想" in page
    assert "已和楼道居民商量" in page
    voted(round_, pot, [{"2": 1}, {"2": 1}, {"1": 1}])
    later = day_of(round_, Task.START)
    page = text_of(as_(VISITOR, later).get(f"/rounds/pots/{pot.pk}/"))
    assert "若" in page
    assert "3 人中 2 人" in page
    assert "为什么入选或没有入选" in text_of(client_get(as_, VISITOR, later, f"/proposals/{rail.pk}/"))
    assert as_(OFFICE, later).post(f"/round-desk/{round_.pk}/start/").status_code == 302
    assert Proposal.objects.get(pk=park.pk).project_id is not None
    assert "项目节点" in text_of(as_(VISITOR, later).get(f"/proposals/{park.pk}/"))
    assert as_(OFFICE, later + timedelta(days=1)).get(f"/round-desk/{round_.pk}/").status_code == 200


def client_get(as_, actor, now, url):
    return as_(actor, now).get(url)


def test_neighbours_join_and_authors_answer_a_merger(as_, town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    one, two = admitted(pot, town), proposed(pot, town, OTHER, title="楼道里装上扶手")
    assert as_(OTHER).post(f"/proposals/{one.pk}/join/").status_code == 302
    assert one.co_proposers.count() == 1
    begun = as_(OFFICE).post(f"/round-proposals/{one.pk}/merge/", {"others": [str(two.pk)], "reason": "同一件事"})
    assert begun.status_code == 302
    assert "是否同意合并" in text_of(as_(OTHER).get(f"/proposals/{two.pk}/"))
    for actor, row in ((OTHER, two), (AUTHOR, one)):
        assert as_(actor).post(f"/proposals/{row.pk}/merge/", {"agreed": "yes"}).status_code == 302
    assert Proposal.objects.get(pk=two.pk).status == Status.MERGED
    merger = one.mergers.get()
    given = {"reason": "情况不同", "proposal": str(one.pk)}
    assert as_(OFFICE).post(f"/round-mergers/{merger.pk}/undo/", given).status_code == 302
    assert Proposal.objects.get(pk=two.pk).status == Status.HANDED_IN


def test_the_office_sets_rules_and_lists(as_, town):
    client = as_(OFFICE)
    begun = typed_in(text_of(client.get("/admin/round-settings/")))
    keys = ("categories", "council_quorum", "council_majority", "proposals_a_day", "author_keep_days", "milestones_max")
    given = {key: begun[key] for key in keys}
    assert client.post("/admin/round-settings/", {**given, "council_quorum": "3\n2"}).status_code == 422
    assert client.post("/admin/round-settings/", {**given, "council_quorum": "3\n4"}).status_code == 302
    clause = {"code": "负9", "kind": "negative", "text": "一次性活动", "source": "本街道办法", "is_used": "on"}
    assert client.post("/admin/round-settings/clauses/", clause).status_code == 302
    assert "一次性活动" in text_of(client.get("/admin/round-settings/"))
    row = proposed(pot_of(opened(town), town), town)
    told = client.post(f"/round-proposals/{row.pk}/turn_down/", {"codes": ["负9"], "reason": "只做一次"})
    assert told.status_code == 302
    assert as_(VISITOR, NOW).get("/admin/round-settings/").status_code in (302, 401, 403)


def test_an_office_takes_a_file_over(as_, town):
    round_ = opened(town)
    pot, home = pot_of(round_, town), f"/round-desk/{round_.pk}/import/"
    client = as_(OFFICE)
    assert "从文件导入提案" in text_of(client.get(home))
    given = {"pot": str(pot.pk), "category": "环境"}
    broken = SimpleUploadedFile("x.pb", "META\nkey;value\nbudget;很多\n".encode())
    assert "文件不完整" in text_of(client.post(home, {**given, "file": broken}), 422)
    assert "UTF-8" in text_of(client.post(home, {**given, "file": SimpleUploadedFile("x.pb", b"\xff\xfe")}), 422)
    sound = SimpleUploadedFile("x.pb", ELSEWHERE.encode())
    assert client.post(home, {**given, "file": sound}).status_code == 302
    page = text_of(client.get(f"/round-desk/{round_.pk}/"))
    assert "宣传栏" in page
    assert "从文件导入" in page
    assert as_(NOBODY).get(home).status_code == 403
