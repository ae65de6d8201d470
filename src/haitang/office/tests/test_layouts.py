"""How an office's own hotline names its columns: kept as data, tried on a file, versioned, and read by."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from haitang.cases import queries as case_queries
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.office import actions, queries
from haitang.office.models import HotlineLayout, Upload
from haitang.office.tests.test_uploads import FIRST, HEAD, bring
from haitang.office.values import HotlineFormat, LayoutChangedMeanwhile, NotKept, Permission
from haitang.people.queries import get_actor
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import build_account, give

KEEPER = actor_with(Permission.LAYOUT, account_id=71, name="管理员")
OURS = HotlineFormat(
    "本市热线", "本市热线",
    {"单号": "external_id", "受理日期": "reported_at", "反映内容": "description", "属地": "area_code", "性质": "kind"},
    {"诉苦": "complaint"}, "suggestion", "phone", ("满意情况",),
)  # fmt: skip
FILE = (
    "单号,受理日期,反映内容,属地,性质,满意情况,备注\n"
    "7,2026-05-05 09:00,路灯不亮,海棠街道,诉苦,满意,无\n8,不是日期,x,,,,\n"
)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def keep(layout: HotlineFormat = OURS, **more) -> HotlineLayout:
    return actions.change_hotline_layout(actor=KEEPER, now=NOW, layout=layout, **more)


@pytest.fixture
def owner(town):
    account = build_account("导入员")
    give(account, "case_importer")
    return account


def test_a_file_is_read_by_the_offices_own_layout_and_keeps_its_version(town, owner):
    row = keep()
    actor = get_actor(owner.pk, now=NOW)
    upload = actions.upload_cases(
        actor=actor, kind="hotline", layout=row.code, file_name="单.csv", data=FILE.encode(), now=NOW
    )
    keep(replace(OURS, columns={**OURS.columns, "反映": "description", "反映内容": "place"}), code=row.code, version=1)
    actions.work_upload(actor=actor, upload_id=upload.pk, now=NOW)
    actions.confirm_upload(actor=actor, upload_id=upload.pk, does_overwrite=False, now=NOW)
    actions.work_upload(actor=actor, upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.sound, upload.refused, upload.source) == ("done", 1, 1, "本市热线")
    case = case_queries.get_case_for_job(case_queries.find_imported("本市热线", ["7"])["7"])
    assert (case.kind, case.channel, case.area_id) == ("complaint", "phone", town.areas["street"])
    assert queries.get_ticket(case.pk).columns == {"满意情况": "满意"}


def take_in(owner, layout: str) -> None:
    actor = get_actor(owner.pk, now=NOW)
    upload = actions.upload_cases(
        actor=actor, kind="hotline", layout=layout, file_name="单.csv", data=FILE.encode(), now=NOW
    )
    actions.work_upload(actor=actor, upload_id=upload.pk, now=NOW)
    actions.confirm_upload(actor=actor, upload_id=upload.pk, does_overwrite=False, now=NOW)
    actions.work_upload(actor=actor, upload_id=upload.pk, now=NOW)


def feed_back(owner, **more):
    columns, rows = actions.feed_tickets_back(
        actor=get_actor(owner.pk, now=NOW), from_at=NOW - timedelta(days=9), to_at=NOW, now=NOW, **more
    )
    return [column.title for column in columns], rows


def test_what_came_in_by_a_layout_goes_back_in_the_same_columns_and_order(town, owner):
    give(owner, permission="cases.case.export")
    lines = "性质\n属地\n单号\n备注\n反映内容\n满意情况\n处置意见 = 办理结果\n受理日期\n进度＝状态\n街道=街道（乡镇）"
    row = keep(replace(OURS, feedback=queries.read_feedback(lines)))
    assert queries.feedback_lines(row.format).splitlines()[6] == "处置意见 = 办理结果"
    take_in(owner, row.code)
    bring(owner, HEAD + FIRST)
    headers, [told] = feed_back(owner, layout=row.code)
    assert headers == [
        "性质", "属地", "单号", "备注", "反映内容", "满意情况", "处置意见", "受理日期", "进度", "街道",
    ]  # fmt: skip
    case = case_queries.get_case_for_job(case_queries.find_imported("本市热线", ["7"])["7"])
    assert told == ("诉苦", "海棠街道", "7", None, "路灯不亮", "满意", None, case.reported_at, "待受理", "海棠街道")
    assert [entry.data["source"] for entry in Entry.objects.filter(fact="TicketsFedBack")] == ["本市热线"]
    assert [told[0] for told in feed_back(owner)[1]] == ["H1"]
    with pytest.raises(NotKept):
        feed_back(owner, layout="nothing")


def test_a_layout_that_names_no_columns_goes_back_as_shipped_under_its_own_headers(owner):
    give(owner, permission="cases.case.export")
    row = keep()
    take_in(owner, row.code)
    headers, [told] = feed_back(owner, layout=row.code)
    assert headers[:4] == ["单号", "受理日期", "承办系统编号", "办理状态"]
    assert told[0] == "7"
    with pytest.raises(Invalid, match="没有这一栏"):
        queries.read_feedback("电话 = 联系电话")


def test_the_shipped_layout_stays_the_default(owner):
    keep()
    assert bring(owner, HEAD + FIRST).sound == 1
    assert Upload.objects.get().layout is None
    assert queries.shipped_format().columns["工单编号"] == "external_id"


def test_each_change_is_a_version_and_the_second_of_two_is_told(town):
    row = keep(note="初次")
    later = keep(replace(OURS, name="市热线"), code=row.code, version=1)
    assert [each.version for each in queries.list_layout_versions(viewer=KEEPER, code=row.code)] == [2, 1]
    assert [each.name for each in queries.list_layouts()] == ["市热线"]
    with pytest.raises(LayoutChangedMeanwhile):
        keep(code=row.code, version=1)
    keep(code=row.code, version=later.version, is_active=False)
    assert queries.list_layouts() == []
    with pytest.raises(NotKept):
        keep(code="nothing", version=1)
    told = Entry.objects.filter(fact="HotlineLayoutChanged").order_by("id").first()
    assert told.data["changed"] == sorted(OURS.columns)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"source": ""},
        {"columns": {"单号": "external_id"}},
        {"columns": {**OURS.columns, "x": "nothing"}},
        {"columns": {**OURS.columns, "另一列": "description"}},
        {"kinds": {"诉苦": "grief"}},
        {"channel": "pigeon"},
        {"kept": tuple(f"第{n}列" for n in range(50))},
        {"feedback": (("单号", ""), ("单号", "number"))},
        {"feedback": (("单号", "nothing"),)},
        {"feedback": ((" ", ""),)},
    ],
)
def test_a_layout_that_nothing_could_be_read_by_is_refused(town, wrong):
    with pytest.raises(Invalid):
        keep(replace(OURS, **wrong))
    assert not HotlineLayout.objects.exists()


def test_only_who_may_keeps_layouts_and_only_those_in_use_are_read_by(town, owner):
    with pytest.raises(NotAllowed):
        actions.change_hotline_layout(actor=town.dispatcher, now=NOW, layout=OURS)
    row = keep(is_active=False)
    for code in (row.code, "nothing"):
        with pytest.raises(NotKept):
            actions.upload_cases(
                actor=get_actor(owner.pk, now=NOW), kind="hotline", layout=code, file_name="x", data=b"x", now=NOW
            )


def typed(form) -> dict[str, str]:
    """Return what stands in a form's fields, as a browser would send it."""
    found = {name: form[name].value() for name in form.fields if name not in ("file", "is_active")}
    return {name: value for name, value in found.items() if value is not None} | {"is_active": "on"}


def test_a_layout_is_tried_on_a_file_and_then_kept_and_chosen(owner, client):
    client.force_login(owner)
    assert "随系统提供" in client.get(reverse("office:layouts")).content.decode()
    new = reverse("office:layout_new")
    sent = typed(client.get(new).context["form"]) | {
        "name": "本市热线", "source": "本市热线", "header_external_id": "单号", "header_reported_at": "受理日期",
        "header_description": "反映内容", "header_area_code": "属地", "header_kind": "性质", "header_category": "",
        "header_organization_code": "", "kind_complaint": "投诉、诉苦", "kept": "满意情况",
    }  # fmt: skip
    tried = client.post(new, sent | {"try": "1", "file": SimpleUploadedFile("a.csv", FILE.encode())})
    page = tried.content.decode()
    assert tried.status_code == 200
    assert "单号 → 外部编号" in page
    assert "备注" in page
    assert "320585001000" in page
    assert not HotlineLayout.objects.exists()
    offered = tried.context["form"]["feedback"].value()
    assert offered.splitlines() == ["单号", "受理日期", "反映内容", "属地", "性质", "满意情况", "备注"]
    assert client.post(new, sent | {"try": "1"}).status_code == 422
    assert client.post(new, sent | {"feedback": "x = y"}).status_code == 422
    sent["feedback"] = offered
    assert client.post(new, sent | {"try": "1", "file": SimpleUploadedFile("a.pdf", b"%PDF-1")}).status_code == 422
    assert client.post(new, sent | {"header_place": "单号"}).status_code == 422
    assert client.post(new, sent | {"header_external_id": ""}).status_code == 422
    made = client.post(new, sent)
    assert made.status_code == 302
    row = HotlineLayout.objects.get()
    assert (row.kinds["诉苦"], row.columns["反映内容"], row.version) == ("complaint", "description", 1)
    again = typed(client.get(made.url).context["form"])
    assert client.post(made.url, again | {"note": "更名"}).status_code == 302
    assert client.post(made.url, again).status_code == 409
    assert "热线格式：本市热线" in client.get(reverse("office:uploads")).content.decode()
    give(owner, permission="cases.case.export")
    assert row.name in client.get(reverse("office:uploads")).content.decode()
    take_in(owner, row.code)
    asked = {"layout": row.code, "from_date": "2026-05-01", "to_date": "2026-05-06"}
    answer = client.post(reverse("office:feedback"), asked)
    header, told = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert header == offered.splitlines()
    assert told[::5] == ["7", "满意"]
    assert client.post(reverse("office:feedback"), asked | {"layout": "nothing"}).status_code == 422
    Upload.objects.all().delete()
    given = {"kind": f"own:{row.code}", "file": SimpleUploadedFile("a.csv", FILE.encode())}
    assert client.post(reverse("office:uploads"), given).status_code == 302
    assert Upload.objects.get().layout.version == 2
    assert client.get(reverse("office:layout", args=["nothing"])).status_code == 404
