"""Files of cases: looked at before anything is taken in, and nothing twice."""

from datetime import timedelta

import pytest
from django.urls import reverse

from haitang.cases import queries as case_queries
from haitang.cases.values import Permission
from haitang.core import files
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.core.tables import read_table
from haitang.office import actions, queries
from haitang.office.actions.uploads import layout_map
from haitang.office.models import Upload
from haitang.office.values import NotKept, RowsRefused, UploadNotReady
from haitang.people.models import Account
from haitang.people.queries import get_actor
from haitang.testing.actors import NOW
from haitang.testing.people import build_account, give

HEAD = (
    "工单编号,创建时间,办结时间,一级分类,二级分类,三级分类,被反映街乡镇,二级承办单位简称,"
    "主要内容,处理结果,是否有效回访,是否联系,是否解决,是否满意\n"
)
FIRST = "H1,2026-05-05 09:00,,城乡建设,市政,路灯,海棠街道,住房和城乡建设局,路灯不亮,,否,,,\n"
SECOND = (
    "H2,2026-05-04 09:00,2026-05-05 08:00,市场管理,其他,没有的分类,没有的街道,没有的单位,"
    "占道经营,已劝离,是,是,是,基本满意\n"
)
WRONG = "H3,不是时间,,城乡建设,市政,路灯,海棠街道,,内容,,,,,\n"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def owner(town) -> Account:
    account = build_account("导入员")
    for permission in (Permission.REPORT, Permission.EXPORT, Permission.VIEW):
        give(account, permission=permission)
    return account


def bring(owner, text, *, confirm=True, overwrite=False, kind="hotline", whole=False):
    actor = get_actor(owner.pk, now=NOW)
    upload = actions.upload_cases(actor=actor, kind=kind, file_name="工单.csv", data=text.encode(), now=NOW)
    actions.work_upload(actor=actor, upload_id=upload.pk, now=NOW)
    if confirm:
        actions.confirm_upload(actor=actor, upload_id=upload.pk, does_overwrite=overwrite, is_whole=whole, now=NOW)
        actions.work_upload(actor=actor, upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    return upload


def told(upload):
    return files.read(upload.result_digest).decode("utf-8-sig").splitlines()


def case_of(number):
    return case_queries.get_case_for_job(case_queries.find_imported("12345", [number])[number])


@pytest.mark.django_db
def test_the_check_says_what_would_happen_and_does_nothing(owner):
    upload = bring(owner, HEAD + FIRST + SECOND + WRONG + FIRST, confirm=False)
    assert (upload.state, upload.rows, upload.sound, upload.refused, upload.repeated) == ("checked", 4, 2, 1, 1)
    assert [line for line, _reason in upload.reasons] == [4, 5]
    assert case_queries.find_imported("12345", ["H1", "H2"]) == {}


def test_the_hotlines_columns_become_a_case(town, owner):
    upload = bring(owner, HEAD + FIRST + SECOND + WRONG)
    assert (upload.state, upload.sound, upload.refused) == ("done", 2, 1)
    first, second = case_of("H1"), case_of("H2")
    assert (first.channel, first.area_id, first.status) == ("hotline", town.areas["street"], "reported")
    assert case_queries.describe([first])[0].category.name == "路灯"
    assert second.status == "closed"
    ticket = queries.get_ticket(second.pk)
    assert ticket.columns["是否满意"] == "基本满意"
    assert "主要内容" not in ticket.columns
    lines = told(upload)
    assert lines[0].startswith("导入结果,工单编号")
    assert ["已导入" in line for line in lines[1:]] == [True, True, False]
    assert "未导入" in lines[3]


def test_a_known_ticket_is_updated_and_never_a_second_case(owner):
    bring(owner, HEAD + FIRST)
    changed = FIRST.replace("否,,,", "是,是,否,不满意").replace("路灯不亮", "路灯不亮，已报三次")
    skipped = bring(owner, HEAD + changed)
    case = case_of("H1")
    assert (skipped.sound, skipped.repeated, skipped.overwritten) == (0, 1, 0)
    assert case.description == "路灯不亮"
    assert queries.get_ticket(case.pk).columns["是否满意"] == "不满意"
    assert Entry.objects.get(fact="TicketUpdated").data["columns"] == [
        "是否有效回访",
        "是否满意",
        "是否联系",
        "是否解决",
    ]
    overwritten = bring(owner, HEAD + changed + " ", overwrite=True)
    assert overwritten.overwritten == 1
    assert case_of("H1").description == "路灯不亮，已报三次"
    assert case_of("H1").status == "reported"
    assert "已更新" in told(overwritten)[1]
    assert Entry.objects.filter(fact="TicketUpdated").count() == 1


def test_all_of_a_file_or_nothing(owner):
    with pytest.raises(RowsRefused, match="有 1 行不能导入"):
        bring(owner, HEAD + FIRST + WRONG, whole=True)
    late = Upload.objects.get()  # what the check found sound may have gone bad before the job comes to it
    Upload.objects.update(state="importing", is_whole=True)
    actions.work_upload(actor=get_actor(owner.pk, now=NOW), upload_id=late.pk, now=NOW)
    late.refresh_from_db()
    assert (late.state, "有 1 行不能导入" in late.failure) == ("failed", True)
    assert case_queries.find_imported("12345", ["H1"]) == {}
    done = bring(owner, HEAD + FIRST + SECOND + FIRST, whole=True)
    assert (done.state, done.sound, done.repeated) == ("done", 2, 1)


def test_the_hotline_is_told_how_its_tickets_stand(owner):
    bring(owner, HEAD + FIRST + SECOND)
    actor = get_actor(owner.pk, now=NOW)
    columns, rows = actions.feed_tickets_back(actor=actor, from_at=NOW - timedelta(days=9), to_at=NOW, now=NOW)
    assert [column.title for column in columns][:3] == ["工单编号", "创建时间", "承办系统编号"]
    assert [row[0] for row in rows] == ["H2", "H1"]
    assert [row[3] for row in rows] == ["已结案", "待受理"]
    other = {"actor": actor, "from_at": NOW - timedelta(days=9), "to_at": NOW, "now": NOW, "source": "别的热线"}
    assert actions.feed_tickets_back(**other)[1] == []


def test_it_takes_the_right_over_everything_and_only_ones_own_files_are_shown(town, owner):
    upload = bring(owner, HEAD + FIRST, confirm=False)
    with pytest.raises(NotAllowed):
        actions.upload_cases(actor=town.dispatcher, kind="cases", file_name="a.csv", data=b"a", now=NOW)
    with pytest.raises(NotKept):
        queries.get_upload(get_actor(town.account("leader").pk).id, upload.pk)
    with pytest.raises(Invalid):
        actions.upload_cases(actor=get_actor(owner.pk), kind="cases", file_name="a.csv", data=b"", now=NOW)


def test_what_was_dealt_with_is_not_taken_in_again(owner):
    upload = bring(owner, HEAD + FIRST)
    with pytest.raises(UploadNotReady):
        actions.confirm_upload(actor=get_actor(owner.pk), upload_id=upload.pk, does_overwrite=False, now=NOW)
    actions.work_upload(actor=get_actor(owner.pk), upload_id=upload.pk, now=NOW)
    assert Entry.objects.filter(fact="UploadTakenIn").count() == 1


def test_a_file_that_is_no_table_says_so(owner):
    upload = bring(owner, "%PDF-1.4", confirm=False)
    assert upload.state == "failed"
    assert "PDF" in upload.failure


def test_files_are_forgotten(owner):
    upload = bring(owner, HEAD + FIRST)
    assert actions.forget_uploads(actor=get_actor(owner.pk), now=NOW + timedelta(days=6)) == 0
    assert actions.forget_uploads(actor=get_actor(owner.pk), now=NOW + timedelta(days=8)) == 1
    assert not files.path_for(upload.digest).exists()
    assert not Upload.objects.exists()


def test_a_layout_reads_names_as_codes(town):
    values = layout_map("hotline").values
    assert values["area_code"]["海棠街道"] == "320585001000"
    assert values["organization_code"]["住房和城乡建设局"] == "ZJJ"


def test_the_pages(owner, client):
    client.force_login(owner)
    bring(owner, HEAD + FIRST)
    upload = bring(owner, HEAD + SECOND + WRONG, confirm=False)
    assert "预检" in client.get(reverse("office:uploads")).content.decode()
    page = client.get(reverse("office:upload", args=[upload.pk])).content.decode()
    assert "确认导入" in page
    assert "第 3 行" in page
    assert client.post(reverse("office:upload_confirm", args=[upload.pk]), {"repeated": "skip"}).status_code == 302
    actions.work_upload(actor=get_actor(owner.pk), upload_id=upload.pk, now=NOW)
    assert client.get(reverse("office:upload_result", args=[upload.pk])).status_code == 200
    sent = {"from_date": "2026-05-01", "to_date": "2026-05-06"}
    assert client.post(reverse("office:feedback"), sent).status_code == 200
    assert "热线工单" in client.get(f"/cases/{case_of('H1').pk}/").content.decode()


@pytest.mark.django_db
def test_the_check_goes_before_what_nobody_waits_for(owner):
    from procrastinate.contrib.django.models import ProcrastinateJob

    actions.upload_cases(
        actor=get_actor(owner.pk, now=NOW), kind="cases", file_name="a.csv", data=FIRST.encode(), now=NOW
    )
    assert ProcrastinateJob.objects.get(task_name="office.work_upload").priority > 0


@pytest.mark.django_db
def test_the_sheet_of_an_imported_case_tells_what_was_before_in_order(owner):
    bring(owner, HEAD + SECOND)
    sheet = queries.get_sheet(viewer=get_actor(owner.pk, now=NOW), kind="case", case_id=case_of("H2").pk, now=NOW)
    assert [line[1] for line in sheet.log][:3] == ["来源系统登记", "来源系统办结", "导入"]
    assert sheet.log[0][0] == "5月4日 09:00"
    assert sheet.log[1][2:] == ("12345 H2", "已劝离")
    assert dict(sheet.rows)["办理结果"] == "已劝离"


@pytest.mark.django_db
def test_the_template_is_read_as_a_table_without_rows(owner, client, tmp_path):
    client.force_login(owner)
    path = tmp_path / "template.xlsx"
    path.write_bytes(client.get(reverse("office:upload_template")).content)
    assert list(read_table(path, case_queries.import_columns())) == []
