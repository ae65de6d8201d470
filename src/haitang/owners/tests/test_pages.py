"""The pages: the desk from estate to result, owners in three steps, anybody reading sums."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from haitang.core.access import Actor
from haitang.owners import actions
from haitang.owners.models import Ballot, Decision, Estate, JointMeeting, Objection, Owner, RollEntry
from haitang.owners.tests.cast import (
    AFTER,
    COMMUNITY,
    SECOND,
    THIRD,
    announced,
    closed,
    codes,
    estate,
    home,
    keeper,
    opened,
    paper,
    plan,
    sheet,
    vote,
)
from haitang.owners.values import Permission
from haitang.testing.actors import NOW, actor_with

pytestmark = pytest.mark.django_db
ANON = Actor("来访者", kind="visitor")


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_the_desk_from_estate_to_draft(as_, town):
    client = as_(keeper(town), NOW)
    assert "还没有登记小区" in text_of(client.get("/estates/"))
    made = client.post("/estates/new/", {"name": "春和花园", "area": COMMUNITY, "builder": "建设公司"})
    where = Estate.objects.get()
    assert made["Location"] == f"/estates/{where.pk}/"
    bring = f"/estates/{where.pk}/bring/"

    def file(*rows):
        return SimpleUploadedFile("a.csv", sheet(*rows))

    wrong = text_of(client.post(bring, {"file": file(home(1), home(2, "89.999")), "only_check": ""}))
    assert "1 行不合格" in wrong
    assert "89.999" in wrong
    assert "预检通过" in text_of(client.post(bring, {"file": file(home(1), home(2)), "only_check": "on"}))
    assert not Owner.objects.exists()
    assert client.post(bring, {"file": file(home(1), home(2), home(3))}).status_code == 302
    page = text_of(client.get(f"/estates/{where.pk}/"))
    assert "300.00 平方米" in page
    units = text_of(client.get(f"/estates/{where.pk}/units/"))
    assert "业**" in units
    assert "业主1" not in units
    typed = {
        "title": "电梯", "convener": "committee", "votes_from": "2026-05-26T08:00", "votes_until": "2026-06-10T18:00",
        "precedence": "first", "item_1": "5", "text_1": "更换电梯", "item_2": "", "text_2": "有内容没有事项",
    }  # fmt: skip
    assert "都要填" in text_of(client.post(f"/estates/{where.pk}/decide/", typed), 422)
    typed["text_2"] = ""
    made = client.post(f"/estates/{where.pk}/decide/", typed)
    decision = Decision.objects.get()
    assert made["Location"] == f"/owner-votes/{decision.pk}/"
    assert "更换电梯" in text_of(client.get(f"/owner-votes/{decision.pk}/change/"))
    assert client.post(f"/owner-votes/{decision.pk}/announce/").status_code == 302
    page = text_of(client.get(f"/owner-votes/{decision.pk}/"))
    assert "生成表决码" in page
    book = client.post(f"/owner-votes/{decision.pk}/codes/")
    assert book["Content-Type"].endswith("sheet")
    assert RollEntry.objects.exclude(code_hash=b"").count() == 3
    assert BytesIO(book.content).read(2) == b"PK"


def test_an_owner_votes_in_three_steps_and_looks_the_own_ballot_up(as_, town):
    decision = opened(town, estate(town))
    code = codes(town, decision)[1]
    client = as_(ANON)
    assert "春和花园" in text_of(client.get("/owners/"))
    assert "核对后重新输入" in text_of(client.post("/owners/vote/", {"code": "AAAABBBBCCCC"}), 422)
    entry = RollEntry.objects.get(decision=decision, number=1)
    assert client.get(f"/owners/mine/{entry.pk}/")["Location"] == "/owners/vote/"
    assert client.post("/owners/vote/", {"code": code.lower()})["Location"] == f"/owners/mine/{entry.pk}/"
    other = RollEntry.objects.get(decision=decision, number=2)
    assert client.get(f"/owners/mine/{other.pk}/").status_code == 302
    mine = f"/owners/mine/{entry.pk}/"
    page = text_of(client.get(mine))
    assert "依法记名" in page
    question = decision.questions.get()
    assert client.post(mine, {}).status_code == 422
    chosen = {f"question_{question.pk}": "yes"}
    assert "请再看一遍" in text_of(client.post(mine, chosen))
    assert not Ballot.objects.exists()
    assert "请选择" in text_of(client.post(mine, {**chosen, "back": "1"}))
    assert client.post(mine, {**chosen, "confirm": "1"}).status_code == 302
    page = text_of(client.get(mine))
    assert "我家的票" in page
    assert "改票" in page
    assert "请选择" in text_of(client.get(mine + "?again=1"))
    staff = text_of(as_(keeper(town)).get(f"/owner-votes/{decision.pk}/"))
    assert "1 / 3 人" in staff


def test_the_public_result_shows_sums_and_what_is_lacking_and_the_sheet_says_the_same(as_, town):
    decision = opened(town, estate(town, home(1), home(2, "99.99"), home(3)))
    made = codes(town, decision)
    vote(decision, made[1])
    vote(decision, made[2])
    assert "怎么算的" not in text_of(as_(ANON).get(f"/owners/{decision.pk}/"))
    closed(town, decision)
    page = text_of(as_(ANON, AFTER).get(f"/owners/{decision.pk}/"))
    for part in ("未通过", "还差 0.01 平方米", "3 × 19999 &lt; 2 × 29999"):
        assert part in page, part
    assert "业主1" not in page
    docx = as_(ANON, AFTER).get(f"/owners/{decision.pk}/result.docx")
    assert docx.content[:2] == b"PK"
    from docx import Document

    words = "\n".join(each.text for each in Document(BytesIO(docx.content)).paragraphs)
    assert "3 × 19999 < 2 × 29999" in words
    assert as_(SECOND, AFTER).get(f"/owner-votes/{decision.pk}/ballots/").status_code == 200


def test_paper_contradictions_stand_on_the_desk(as_, town):
    decision = opened(town, estate(town))
    vote(decision, codes(town, decision)[1], "yes")
    paper(town, decision, 1, "no")
    page = text_of(as_(keeper(town)).get(f"/owner-votes/{decision.pk}/"))
    assert "纸质票与电子票不一致" in page
    assert "1 户，按公示的规则：先投的为准" in page
    assert "纸质：" not in page
    closed(town, decision)
    shown = text_of(as_(keeper(town), AFTER).get(f"/owner-votes/{decision.pk}/"))
    assert "纸质：反对；电子：同意；计入：电子" in shown
    assert "纸质：" not in text_of(as_(actor_with("owners.estate.view"), AFTER).get(f"/owner-votes/{decision.pk}/"))
    assert "已投票" in text_of(as_(keeper(town)).get(f"/owner-votes/{decision.pk}/roll/"))


def test_paper_is_typed_in_by_two_and_settled_on_the_page(as_, town):
    decision = opened(town, estate(town))
    entry = RollEntry.objects.get(decision=decision, number=2)
    question = decision.questions.get()
    url, typed = f"/owner-votes/{decision.pk}/paper/{entry.pk}/", {"handed_in_at": "2026-05-31T09:00"}
    assert as_(keeper(town)).post(url, {**typed, f"question_{question.pk}": "yes"}).status_code == 302
    assert "另一位" in text_of(as_(keeper(town)).post(url, {**typed, f"question_{question.pk}": "yes"}), 403)
    assert "checked" not in text_of(as_(THIRD).get(url))
    assert as_(THIRD).post(url, {**typed, f"question_{question.pk}": "no"}).status_code == 302
    settled = {**typed, f"question_{question.pk}": "no", "reason": "勾的是反对"}
    assert "另一位" in text_of(as_(THIRD).post(url, settled), 403)
    assert "第一遍：同意；第二遍：反对" in text_of(as_(SECOND).get(url))
    assert as_(SECOND).post(url, settled).status_code == 302
    assert Ballot.objects.get().choice == "no"
    assert "退回重录" in text_of(as_(SECOND).get(url))
    assert "另一位" in text_of(as_(SECOND).post(url, {"reason": "再看"}), 403)
    fourth = actor_with(*Permission, account_id=79, name="督查员")
    assert as_(fourth).post(url, {"reason": "勾的是弃权"}).status_code == 302
    assert not Ballot.objects.exists()
    assert "由两个人各录一遍" in text_of(as_(THIRD).get(url))


def test_objections_committee_meetings_and_owner_pages(as_, town):
    where = estate(town)
    decision = announced(town, where)
    code = codes(town, decision)[1]
    client = as_(ANON, NOW)
    client.post("/owners/vote/", {"code": code})
    entry = RollEntry.objects.get(number=1)
    assert "提出异议" in text_of(client.get(f"/owners/mine/{entry.pk}/"))
    assert client.post(f"/owners/mine/{entry.pk}/object/", {"text": "面积不对"}).status_code == 302
    objection = Objection.objects.get()
    client = as_(keeper(town), NOW)
    base, votes = f"/estates/{where.pk}", f"/owner-votes/{decision.pk}"
    assert "面积不对" in text_of(client.get(f"{votes}/"))
    settle = f"{votes}/objections/{objection.pk}/"
    assert "先改正小区登记" in text_of(client.post(settle, {"upheld": "yes", "answer": "已更正"}), 409)
    assert client.post(settle, {"upheld": "no", "answer": "以登记簿为准"}).status_code == 302
    mine = text_of(as_(ANON, NOW).get(f"/owners/mine/{entry.pk}/"))
    assert "以登记簿为准" in mine
    client = as_(keeper(town), NOW)
    term = {"name": "第一届业主委员会", "from_date": "2026-01-01", "until": "2029-12-31"}
    assert client.post(f"{base}/committee/0/", term).status_code == 302
    assert "重叠" in text_of(client.post(f"{base}/committee/0/", term), 422)
    committee = where.committees.get()
    member = {"name": "林阿姨", "seat": "chair", "from_date": "2026-01-01"}
    assert client.post(f"{base}/member/{committee.pk}/", member).status_code == 302
    assert "已有一位主任" in text_of(client.post(f"{base}/member/{committee.pk}/", {**member, "name": "王某"}), 409)
    meeting = {"title": "停车", "at": "2026-05-20T19:00", "agenda": "车位分配", "others": "派出所\n城管"}
    assert client.post(f"{base}/meeting/0/", meeting).status_code == 302
    row = JointMeeting.objects.get()
    minutes = {"minutes": "议定两项", "text_1": "重新划线", "party_1": "property", "due_on_1": "2026-06-30"}
    assert client.post(f"{base}/minutes/{row.pk}/", minutes).status_code == 302
    resolution = row.resolutions.get()
    assert client.post(f"{base}/done/{resolution.pk}/", {"words": "已划线"}).status_code == 302
    page = text_of(client.get(f"{base}/"))
    for part in ("林阿姨", "派出所、城管", "重新划线", "已办结", "已划线"):
        assert part in page, part
    assert client.post(f"{base}/leave/{committee.members.get().pk}/").status_code == 302
    owner = Owner.objects.get(name="业主1")
    assert "业主1" not in text_of(client.get(f"/unit-owners/{owner.pk}/"))
    full = text_of(client.post(f"/unit-owners/{owner.pk}/unmask/", {"reason": "核对"}))
    assert "ID0001" in full


def test_who_works_elsewhere_sees_nothing(as_, town):
    where = estate(town)
    decision = announced(town, where)
    client = as_(town.outsider, NOW)
    for path in (f"/estates/{where.pk}/", f"/owner-votes/{decision.pk}/", f"/owner-votes/{decision.pk}/roll/"):
        assert client.get(path).status_code == 404, path
    draft = actions.draft_decision(actor=keeper(town), estate_id=where.pk, new=plan(), now=NOW)
    assert client.get(f"/owners/{draft.pk}/").status_code == 404
