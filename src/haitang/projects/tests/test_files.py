"""Sheets of projects, in and out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from haitang.core.brought import FileTaken, FileUnknown
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.tables import read_table, write_xlsx
from haitang.projects import actions, queries
from haitang.projects.models import Milestone, Project, ProjectFile, ProjectUnit, Responsible
from haitang.projects.queries import ProjectFilter
from haitang.projects.tests.cast import start
from haitang.testing.actors import NOBODY, NOW, TODAY
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
SHEET = """名称,来源,来源编号,类别,区域,牵头单位,参与单位,责任人,预计服务人数,计划开始,计划完成,计划资金（元）,节点
楼道扶手,书记领办,A-1,设施改造,春和社区,CHSQ,ZJJ、CGJ,王书记、李师傅,120,2026-05-10,2026-09-01,4800.5,STEPS
邻里学堂,,,,春和社区,CHSQ,,,,,,,
邻里学堂,,,,春和社区,CHSQ,,,,,,,
别处的,,,,秋实社区,CHSQ,,,,,,,
无此单位,,,,春和社区,无名,,,,,,,
节点没有日期,,,,春和社区,CHSQ,,,,,,,征求意见
日期颠倒,,,,春和社区,CHSQ,,,,2026-05-10,2026-04-01,,
,,,,春和社区,CHSQ,,,,,,,
""".replace("STEPS", "征求意见 2026-06-01；完工 2026-08-20").encode()


def bring(actor, data=SHEET):
    return actions.bring_project_file(actor=actor, file_name="项目.csv", data=data, now=NOW)


def test_a_sheet_is_looked_through_first_and_then_becomes_projects_once(town):
    row = bring(town.secretary)
    assert (row.rows, row.sound, row.known) == (8, 2, 0)
    assert [line for line, _why in row.reasons] == [4, 5, 6, 7, 8, 9]
    told = " ".join(why for _line, why in row.reasons)
    for part in ("同一个项目", "无名", "应写名称和日期", "计划完成日期不能早于", "不能为空"):
        assert part in told
    assert not Project.objects.exists()
    refused(FileUnknown, actions.take_in_project_file, actor=NOBODY, file_id=row.pk, now=NOW)
    actions.take_in_project_file(actor=town.secretary, file_id=row.pk, now=NOW)
    refused(FileTaken, actions.take_in_project_file, actor=town.secretary, file_id=row.pk, now=NOW)
    first = Project.objects.get(title="楼道扶手")
    assert (first.origin, first.origin_id, first.planned_fen, first.people_expected) == (
        "secretary", "sheet:A-1", 480_050, 120,
    )  # fmt: skip
    assert ProjectUnit.objects.filter(project=first).count() == 3
    assert sorted(Responsible.objects.filter(project=first).values_list("name", flat=True)) == ["李师傅", "王书记"]
    assert [step.title for step in Milestone.objects.filter(project=first).order_by("due_on")] == ["征求意见", "完工"]
    again = bring(town.secretary)
    assert (again.sound, again.known) == (0, 2)
    actions.take_in_project_file(actor=town.secretary, file_id=again.pk, now=NOW)
    assert Project.objects.count() == 2


def test_what_is_given_out_can_be_brought_back(town, tmp_path):
    start(town)
    columns, wanted = queries.export_columns(), ProjectFilter()
    rows = list(queries.export_rows(viewer=town.secretary, wanted=wanted, today=TODAY))
    assert list(queries.export_rows(viewer=NOBODY, wanted=wanted, today=TODAY)) == []
    path = tmp_path / "out.xlsx"
    assert write_xlsx(rows, columns, path) == 1
    (read,) = read_table(path, queries.project_columns())
    assert not read.error
    assert read.cells["milestones"].startswith("方案公示 ")
    row = bring(town.secretary, path.read_bytes())
    assert (row.rows, row.sound, row.known, row.reasons) == (1, 0, 1, [])
    Project.objects.all().delete()
    cells = [[None, *line[1:]] for line in rows]
    write_xlsx(cells, columns, path)
    row = bring(town.secretary, path.read_bytes())
    assert (row.sound, row.reasons) == (1, [])
    actions.take_in_project_file(actor=town.secretary, file_id=row.pk, now=NOW)
    made = Project.objects.get()
    assert (made.title, made.planned_fen, made.kind) == ("健康驿站改造", 2_000_000, "设施改造")


def test_no_agreement_is_claimed_by_a_sheet(town):
    data = "名称,来源,来源编号,区域,牵头单位\n冒名,三张清单,5,春和社区,CHSQ\n".encode()
    actions.take_in_project_file(actor=town.secretary, file_id=bring(town.secretary, data).pk, now=NOW)
    assert Project.objects.get().origin_id == "sheet:5"


def test_what_is_no_table_is_refused(town):
    for refusal, actor, data in (
        (Invalid, town.secretary, b"%PDF-1.7"), (Invalid, town.secretary, b"x" * 5_000_001),
        (NotAllowed, NOBODY, SHEET),
    ):  # fmt: skip
        refused(refusal, bring, actor=actor, data=data)


def test_on_its_pages(town, as_, tmp_path):
    client = as_(town.secretary)
    assert client.get(reverse("projects:template")).status_code == 200
    where = reverse("projects:files")
    assert "先检查" in client.get(where).content.decode()
    assert client.post(where, {}).status_code == 422
    bad = SimpleUploadedFile("a.csv", b"%PDF-1.7")
    assert client.post(where, {"file": bad}).status_code == 422
    sent = client.post(where, {"file": SimpleUploadedFile("项目.csv", SHEET)})
    row = ProjectFile.objects.get(sound=2)
    assert sent.url == reverse("projects:file", args=[row.pk])
    page = client.get(sent.url).content.decode()
    assert "6 行不能导入" in page
    assert client.post(reverse("projects:file_take_in", args=[row.pk])).status_code == 302
    assert "查看待启动的项目" in client.get(sent.url).content.decode()
    assert "项目.csv" in client.get(where).content.decode()
    assert as_(NOBODY).get(where).status_code == 403
    answer = as_(town.secretary).get(reverse("projects:export"))
    (first, second) = read_table_of(answer, tmp_path)
    assert {first.cells["title"], second.cells["title"]} == {"楼道扶手", "邻里学堂"}


def read_table_of(answer, folder):
    path = folder / "given.xlsx"
    path.write_bytes(answer.content)
    return list(read_table(path, queries.export_columns()))
