"""Pages of the three lists, as a browser without JavaScript meets them."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from haitang.core.access import VISITOR
from haitang.exchange import actions, jobs, queries
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.tests.playing import GRID, MANAGER, SPRING, STREET, finish
from haitang.exchange.tests.test_files import NEEDS
from haitang.people.models import Notice
from haitang.testing.actors import NOBODY, NOW, TODAY

pytestmark = pytest.mark.django_db


def seen(client, page, *args, answers=200, **asked) -> str:
    answer = client.get(reverse(f"exchange:{page}", args=args), asked)
    assert answer.status_code == answers, answer.content.decode()[:500]
    return answer.content.decode()


def post(client, page, *args, answers=302, **sent):
    answer = client.post(reverse(f"exchange:{page}", args=args), sent)
    assert answer.status_code == answers, answer.content.decode()[-3000:]
    return answer


def test_from_a_need_with_one_press_to_two_evaluations(stage, as_):
    client = as_(stage.secretary)
    page = seen(client, "need", stage.need.pk)
    assert "一键下单" in page
    assert "类别相同" in page
    assert "15400001234" not in page
    post(client, "order", stage.resource.pk, need=stage.need.pk)
    row = Agreement.objects.get()
    assert "等待单位确认" in seen(client, "agreement", row.pk)
    client = as_(stage.unit)
    assert row.number in seen(client, "unit")
    assert "确认" in seen(client, "agreement", row.pk)
    post(client, "agreement_deed", row.pk, "decline", reason="", answers=422)
    assert "不在" not in post(client, "agreement_deed", row.pk, "confirm", people="0", answers=422).content.decode()
    post(client, "agreement_deed", row.pk, "confirm", people="30", version="1")
    post(client, "agreement_deed", row.pk, "deliver", words="28 人参加", answers=409)
    row.refresh_from_db()
    finish(row.project_id)
    jobs.follow_project(project_id=row.project_id)
    post(client, "agreement_deed", row.pk, "evaluate", stars="4", words="组织有序")
    client = as_(stage.secretary)
    post(client, "agreement_deed", row.pk, "evaluate", stars="5", words="")
    page = seen(client, "agreement", row.pk)
    assert "组织有序" in page
    assert "双方已确认" not in page
    assert "平均 5.0 星" in seen(as_(stage.unit), "unit")
    assert row.number in seen(as_(stage.secretary), "agreements", stage="delivered")
    public = seen(as_(VISITOR), "lists", "agreements")
    assert stage.need.title in public


def test_entered_published_denied_on_pages(town, as_):
    client = as_(town.grid)
    sent = {"title": "教老人用手机", "category": "elderly", "area": GRID, "people": "20", "channel": "visit"}
    assert "教老人用手机" in post(client, "need_new", **{**sent, "category": ""}, answers=422).content.decode()
    made = post(client, "need_new", **sent)
    need = Need.objects.get()
    assert made.url == reverse("exchange:need", args=[need.pk])
    assert need.channel == "visit"
    post(client, "need_deed", need.pk, "publish", answers=403)
    client = as_(town.secretary)
    post(client, "need_deed", need.pk, "deny", reason="", answers=422)
    post(client, "need_deed", need.pk, "deny", reason="重复")
    assert "重复" in seen(client, "need", need.pk)
    post(client, "need_deed", need.pk, "publish")
    assert need.number in seen(client, "needs", status="open", q="手机")
    assert "教老人用手机" in seen(as_(VISITOR), "public")
    seen(as_(VISITOR), "lists", "secrets", answers=404)


def test_a_resident_asks_and_reads_why_not(town, as_):
    resident = replace(town.resident, id=town.account("resident").pk)
    client = as_(resident)
    sent = {"title": "缺一个修鞋摊", "category": "other", "area": SPRING, "people": "1", "contact_phone": "15400001234"}
    post(client, "ask", **sent)
    need = Need.objects.get()
    assert "待发布" in seen(client, "asked")
    actions.deny_need(actor=town.secretary, need_id=need.pk, reason="已有便民点", now=NOW)
    jobs.tell_denied(need_id=need.pk, entry_id=1)
    assert "已有便民点" in seen(as_(resident), "asked")
    post(as_(town.secretary), "need_unmask", need.pk, reason="", answers=422)
    shown = post(as_(town.secretary), "need_unmask", need.pk, reason="约时间", answers=200)
    assert "15400001234" in shown.content.decode()
    assert "15400001234" not in seen(as_(VISITOR), "public")


def test_a_unit_offers_on_its_page_and_takes_a_need_up(stage, as_):
    client = as_(stage.unit)
    sent = {
        "title": "急救培训", "category": "health", "area": STREET, "capacity": "2", "people_max": "0",
        "repeats": "monthly", "cost": "12.5", "organization": str(stage.resource.organization_id),
    }  # fmt: skip
    post(client, "resource_new", **{**sent, "cost": "多少"}, answers=422)
    post(client, "resource_new", **sent)
    made = Resource.objects.get(title="急救培训")
    post(client, "resource_deed", made.pk, "publish", answers=403)
    post(as_(stage.secretary), "resource_deed", made.pk, "publish")
    page = seen(as_(stage.unit), "resource", made.pk)
    assert "认领这条需求" in page
    post(as_(stage.unit), "order", made.pk, need=stage.need.pk, side="unit")
    row = Agreement.objects.get()
    assert row.waits_for == "community"
    client = as_(stage.secretary)
    assert "等我方答复" in seen(client, "agreements")
    assert row.number in seen(client, "agreements", mine="on")
    post(client, "agreement_deed", row.pk, "confirm", people="30", version="7", answers=409)
    post(client, "agreement_deed", row.pk, "decline", reason="改天")
    post(as_(stage.unit), "resource_deed", made.pk, "close", reason="停办")
    seen(as_(NOBODY), "resource", made.pk, answers=404)


def test_ordered_directly_and_by_the_plan(stage, as_):
    client = as_(stage.secretary)
    page = seen(client, "plan")
    assert f'value="{stage.need.pk},{stage.resource.pk}"' in page
    assert "由您下单的 1 条" in page
    assert 'type="checkbox" name="pair"' in page
    elsewhere = seen(as_(stage.town.outsider), "plan")  # of another street, who sees what is published
    assert stage.need.title in elsewhere
    assert 'type="checkbox" name="pair"' not in elsewhere
    client = as_(stage.secretary)
    post(client, "plan_order")
    post(client, "plan_order", pair=[f"{stage.need.pk},{stage.resource.pk}", "x,y", "1"])
    assert Agreement.objects.count() == 1
    again = client.post(reverse("exchange:plan_order"), {"pair": f"{stage.need.pk},{stage.resource.pk}"}, follow=True)
    assert "请勿重复" in again.content.decode()
    sent = {"area": SPRING, "people": "5"}
    answer = post(client, "order", stage.resource.pk, **sent, answers=409)
    assert "已约满" in answer.content.decode()


def test_gaps_and_figures_lead_to_their_rows(stage, as_):
    client = as_(stage.secretary)
    assert stage.need.number in seen(client, "unmet")
    assert stage.resource.number in seen(client, "unused")
    page = seen(client, "figures")
    assert "gap=1" in page
    assert stage.need.number in seen(client, "needs", status="open", gap="1")
    answer = client.get(reverse("exchange:figures"), {"format": "xlsx"})
    assert answer.content[:2] == b"PK"
    for kind in ("needs", "resources"):
        assert client.get(reverse("exchange:export", args=[kind])).content[:2] == b"PK"
    assert client.get(reverse("exchange:agreements_export")).content[:2] == b"PK"
    assert client.get(reverse("exchange:export", args=["all"])).status_code == 404


def test_a_sheet_on_its_pages(town, as_):
    client = as_(town.secretary)
    assert client.get(reverse("exchange:template", args=["needs"])).content[:2] == b"PK"
    sheet = {"kind": "needs", "channel": "import", "file": SimpleUploadedFile("a.csv", NEEDS)}
    answer = client.post(reverse("exchange:files"), sheet)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "5 行不能导入" in page
    assert client.post(answer.url + "take-in/").status_code == 302
    assert Need.objects.count() == 2
    bad = {"kind": "needs", "channel": "import", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")}
    assert client.post(reverse("exchange:files"), bad).status_code == 422
    assert as_(NOBODY).get(reverse("exchange:files")).status_code == 403


def test_rules_on_their_pages(stage, as_):
    client = as_(MANAGER)
    lines = queries.list_exchange_settings(viewer=MANAGER)
    sent = {}
    for line in lines:
        if isinstance(line.value, list):
            sent[line.key] = "\n".join(line.value)
            continue
        values = line.value if isinstance(line.value, dict) else {"": line.value}
        sent |= {f"{line.key}_{part}" if part else line.key: str(value) for part, value in values.items()}
    post(client, "settings", **{**sent, "answer_days": "0"}, answers=422)
    post(client, "settings", **{**sent, "answer_days": "3"})
    assert queries.rules().setting("answer_days") == 3
    post(client, "settings", **{**sent, "project_steps": "见面"}, answers=422)
    post(client, "settings", **{**sent, "project_steps": "见面 | 3\n\n收尾 | 20"})
    assert queries.rules().setting("project_steps") == ["见面 | 3", "收尾 | 20"]
    batch = {"code": "r1", "name": "春季征集", "area_code": STREET, "from_date": str(TODAY), "makes_projects": "on"}
    post(client, "batch_new", **batch)
    post(client, "batch", "r1", **{**batch, "until_date": "2020-01-01"}, answers=422)
    post(client, "batch", "r1", **{**batch, "name": "改名"})
    assert queries.rules().round("r1").name == "改名"
    post(client, "category_new", code="pets", name="宠物", group="其他", is_active="on")
    post(client, "category", "pets", name="宠物管理", group="其他")
    assert "停用" in seen(client, "settings")
    seen(client, "category", "nothing", answers=404)
    assert as_(stage.secretary).get(reverse("exchange:settings")).status_code == 403


def test_both_sides_are_told(stage):
    row = stage.order()
    unit = stage.town.account("handler")
    from haitang.exchange.values import Permission
    from haitang.testing.people import give

    give(unit, permission=Permission.OFFER, organization_id=row.organization_id)
    jobs.tell_ordered(agreement_id=row.pk, side="community", entry_id=7)
    jobs.tell_ordered(agreement_id=row.pk, side="community", entry_id=7)
    (notice,) = Notice.objects.all()
    assert notice.account_id == unit.pk
    for job in (jobs.tell_reached, jobs.tell_expired, jobs.tell_delivered, jobs.tell_withdrawn, jobs.tell_given_up):
        job(agreement_id=row.pk, entry_id=8)
    jobs.tell_declined(agreement_id=row.pk, side="community", entry_id=9)
    jobs.tell_answered(agreement_id=row.pk, side="community", entry_id=10)
