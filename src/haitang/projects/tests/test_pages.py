"""The pages of projects, as a browser without JavaScript meets them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from haitang.core.tables import read_table
from haitang.projects.models import Evaluation, EvaluationCode, Milestone, Package, Progress, Project, Selection
from haitang.projects.queries import export_columns
from haitang.projects.tests.cast import start, street_leader
from haitang.projects.tests.test_life import accepted
from haitang.projects.tests.test_selecting import MANAGER, nominate, opened, reviewers
from haitang.projects.values import Permission
from haitang.testing.actors import TODAY, actor_with

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"projects:{name}", args=args)


def plan(town, **changes):
    return {
        "key": "k1", "title": "楼道亮化", "area": "320585001001", "organization": "春和社区居委会",
        "responsible": "王书记", "planned_fen": "12,000.50", "step_1": "踏勘", "step_1_on": "2026-06-01", **changes,
    }  # fmt: skip


def test_a_secretary_takes_a_project_on(town, as_):
    client = as_(town.secretary)
    assert 'value="春和社区居委会"' in client.get(at("new")).content.decode()
    refused = client.post(at("new"), plan(town, organization="无此单位", step_1_on=""))
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "没有名为" in text
    assert "节点和计划日期要一起填" in text
    assert "楼道亮化" in text
    for _twice in range(2):
        answer = client.post(at("new"), plan(town))
    project = Project.objects.get()
    assert answer.url == at("project", project.pk)
    assert (project.planned_fen, project.origin) == (1_200_050, "secretary")
    page = client.get(answer.url).content.decode()
    assert "踏勘" in page
    assert "12,000.50" in page
    assert project.number in client.get(at("projects")).content.decode()
    assert as_(town.grid).get(at("projects")).status_code == 403


def test_a_project_goes_through_its_pages(town, as_):
    project = start(town)
    client, page = as_(town.secretary), at("project", project.pk)
    assert client.post(at("deed", project.pk, "launch"), {"words": ""}).status_code == 302
    assert client.post(at("deed", project.pk, "accept"), {"words": "好", "passed": "1"}).status_code == 403
    added = {"title": "回访", "due_on": (TODAY + timedelta(days=50)).isoformat()}
    assert client.post(at("milestone", project.pk), {**added, "due_on": "x"}).status_code == 422
    assert client.post(at("milestone", project.pk), added).status_code == 302
    step = Milestone.objects.get(title="回访")
    assert client.post(at("milestone_deed", project.pk, step.pk, "reach"), {"words": ""}).status_code == 302
    assert client.post(at("milestone_deed", project.pk, step.pk, "melt")).status_code == 404
    out = BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    photo = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    told = {"words": "座椅到货", "photos": photo, "is_public": "on"}
    assert client.post(at("tell", project.pk), {"words": ""}).status_code == 422
    assert client.post(at("tell", project.pk), told).status_code == 302
    row = Progress.objects.get()
    picture = row.photos.get()
    assert client.get(at("photo", project.pk, picture.pk) + "?size=320")["Content-Type"] == "image/jpeg"
    assert client.post(at("edit", project.pk), {"title": "健康驿站二期"}).status_code == 302
    parties = {"partners": "城市管理局 | 清运\n", "responsible": "王书记 | 总负责\n李建国"}
    assert client.post(at("parties", project.pk), {**parties, "partners": "没有的单位"}).status_code == 422
    assert client.post(at("parties", project.pk), parties).status_code == 302
    assert "清运" in client.get(at("parties", project.pk)).content.decode()
    failed = client.post(at("deed", project.pk, "deliver"), {"words": ""})
    assert failed.status_code == 422
    assert client.post(at("deed", project.pk, "deliver"), {"words": "完工"}).status_code == 302
    client = as_(street_leader(town))
    text = client.get(page).content.decode()
    assert "验收结果" in text
    assert client.post(at("deed", project.pk, "accept"), {"words": "好"}).status_code == 422
    assert client.post(at("deed", project.pk, "accept"), {"words": "好", "passed": "1"}).status_code == 302
    assert "座椅到货" in client.get(page).content.decode()
    assert as_(town.outsider).get(page).status_code in (403, 404)


def test_everybody_reads_and_judges(town, as_):
    project = accepted(town)
    client = as_(town.secretary)
    assert client.get(at("public_project", project.pk)).status_code == 404
    assert client.post(at("publish", project.pk), {"summary": "候诊有座"}).status_code == 302
    assert client.post(at("codes", project.pk), {"count": "0"}).status_code == 422
    assert client.post(at("codes", project.pk), {"count": "2"}).status_code == 302
    code = EvaluationCode.objects.first().code
    assert code in client.get(at("codes", project.pk)).content.decode()
    client = as_(town.resident)
    assert "候诊有座" in client.get(at("public")).content.decode()
    assert "候诊有座" not in client.get(at("public"), {"area": "320585002000"}).content.decode()
    public = client.get(at("public_project", project.pk)).content.decode()
    assert "王书记" not in public
    assert client.post(at("evaluate"), {"code": code}).status_code == 422
    wrong = client.post(at("evaluate"), {"code": "WRONGONE", "score": "5", "words": "很好很好"})
    assert wrong.status_code == 404
    answer = client.post(at("evaluate"), {"code": code, "score": "4", "words": "很好"})
    assert answer.url == at("public_project", project.pk)
    assert Evaluation.objects.get().score == 4
    assert "4.00" in client.get(answer.url).content.decode()
    assert as_(town.secretary).post(at("unpublish", project.pk)).status_code == 302


def test_the_list_narrows_and_is_exported(town, as_, tmp_path):
    start(town)
    start(town, origin="vote", title="=口袋公园", kind="环境整治", partners=(), until_on=TODAY, from_on=None)
    client = as_(town.leader)
    page = client.get(at("projects"), {"origin": "vote"}).content.decode()
    assert "口袋公园" in page
    assert "健康驿站" not in page
    assert client.get(at("projects"), {"status": "nowhere", "organization": "没有", "area": "x"}).status_code == 200
    answer = client.get(at("export"), {"kind": "环境整治"})
    path = tmp_path / "p.xlsx"
    path.write_bytes(answer.content)
    rows = list(read_table(path, export_columns()))
    assert [row.cells["title"] for row in rows] == ["=口袋公园"]


def test_packages_have_their_pages(town, as_):
    project = start(town)
    client = as_(town.secretary)
    sent = {"title": "春和暖心包", "kind": "joint", "area": "320585001001", "organization": "春和社区居委会"}
    assert client.post(at("package_new"), {**sent, "partners": "没有"}).status_code == 422
    assert client.post(at("package_new"), {**sent, "partners": "住房和城乡建设局"}).status_code == 302
    package = Package.objects.get()
    assert client.post(at("package_add", package.pk), {}).status_code == 422
    assert client.post(at("package_add", package.pk), {"projects": [project.pk]}).status_code == 302
    assert "健康驿站改造" in client.get(at("package", package.pk)).content.decode()
    assert "20,000.00" in client.get(at("packages")).content.decode()
    assert client.post(at("package_remove", package.pk, project.pk)).status_code == 302
    assert as_(town.grid).get(at("package", package.pk)).status_code == 403


def test_selections_have_their_pages(town, as_):
    project = accepted(town)
    client = as_(MANAGER)
    sent = {"title": "百佳示范", "area": "320585", "places": "1", "until_on": "2026-06-30"}
    assert client.post(at("selection_new"), {**sent, "criteria": "甲"}).status_code == 422
    criteria = "need | 需求 | 60\neffect | 成效 | 40"
    assert client.post(at("selection_new"), {**sent, "criteria": criteria}).status_code == 302
    selection = Selection.objects.get()
    client = as_(town.secretary)
    page = at("selection", selection.pk)
    assert "推荐项目" in client.get(page).content.decode()
    assert client.post(at("nominate", selection.pk), {"project": project.pk, "words": ""}).status_code == 422
    assert client.post(at("nominate", selection.pk), {"project": project.pk, "words": "好"}).status_code == 302
    named = reviewers(town)
    client = as_(MANAGER)
    assert client.post(at("begin", selection.pk), {"reviewers": [named[0].pk]}).status_code == 422
    assert client.post(at("begin", selection.pk), {"reviewers": [each.pk for each in named]}).status_code == 302
    nomination = selection.nominations.get()
    for account in named:
        client = as_(actor_with(Permission.VIEW, Permission.REVIEW, account_id=account.pk))
        score = at("score", selection.pk, nomination.pk)
        assert client.post(score, {"mark_need": "101", "mark_effect": "90"}).status_code == 422
        assert client.post(score, {"mark_need": "80", "mark_effect": "90"}).status_code == 302
        assert "您已打分" in client.get(page).content.decode()
    client = as_(MANAGER)
    assert client.post(at("selection_publish", selection.pk)).status_code == 302
    assert "240 ÷ 3 × 60% = 48.00" in client.get(page).content.decode()
    text = as_(town.resident).get(at("public_selection", selection.pk)).content.decode()
    assert "84.00" in text
    assert "评委0" not in text
    assert "百佳示范" in as_(town.leader).get(at("selections")).content.decode()


def test_the_rules_are_kept_by_the_office(town, as_):
    client = as_(actor_with(Permission.MANAGE))
    page = client.get(at("settings")).content.decode()
    assert "为民服务" in page
    sent = {
        "kinds": "甲\n乙", "evaluation_attempts_per_hour": "5", "reviewers_min": "1",
        "criteria": "a | 甲 | 50\nb | 乙 | 50",
    }  # fmt: skip
    assert client.post(at("settings"), {**sent, "criteria": "a | 甲 | 50"}).status_code == 422
    assert client.post(at("settings"), sent).status_code == 302
    assert "乙" in as_(town.secretary).get(at("new")).content.decode()
    assert as_(town.leader).get(at("settings")).status_code == 403


def test_a_page_costs_the_same_at_any_length(town, as_, django_assert_max_num_queries):
    for number in range(12):
        start(town, origin_id=f"n{number}")
    client = as_(town.leader)
    client.get(at("projects"))
    with django_assert_max_num_queries(12):
        client.get(at("projects"))


def test_a_nominated_project_is_refused_twice_on_its_page(town, as_):
    project = accepted(town)
    selection = opened(town)
    nominate(town, selection, project)
    answer = as_(town.secretary).post(at("nominate", selection.pk), {"project": project.pk, "words": "再来"})
    assert answer.status_code == 422
