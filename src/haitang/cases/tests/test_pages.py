"""The staff's pages of cases, as a browser without JavaScript meets them."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from haitang.cases import actions, queries
from haitang.cases.lifecycle import Status
from haitang.cases.models import Attachment, Case
from haitang.cases.values import Permission
from haitang.cases.views.rows import rows
from haitang.core import access, clock
from haitang.core.access import EVERYWHERE
from haitang.core.models import Entry
from haitang.core.ui import panels
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import report
from haitang.testing.land import SOUTH, STEP, WEST

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor; it is 20 minutes after NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))

    def enter_as(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as


def page_of(case: Case) -> str:
    return reverse("cases:case", args=[case.pk])


def text(response) -> str:
    return response.content.decode()


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (640, 480), "green").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def send(client, case: Case, deed: str, **more):
    return client.post(reverse("cases:deed", args=[case.pk, deed]), {"opinion": f"{deed}意见", **more})


def test_the_whole_loop_goes_through_the_pages(town, as_):
    case = report(town.resident, reporter_name="林阿姨", reporter_phone="13900000001")
    steps = [
        (town.grid, "verify", {"result": "exists", "photos": photo()}),
        (town.dispatcher, "accept", {}),
        (town.dispatcher, "register", {"category_code": queries.describe([case])[0].category.code}),
        (town.dispatcher, "dispatch", {"organization_code": "ZJJ"}),
        (town.handler, "sign", {}),
        (town.handler, "handle", {}),
        (town.handler, "feedback", {"photos": photo()}),
        (town.checker, "check", {"passed": "1"}),
        (town.dispatcher, "close", {}),
    ]
    for actor, deed, more in steps:
        client = as_(actor)
        assert reverse("cases:deed", args=[case.pk, deed]) in text(client.get(page_of(case)))
        response = send(client, case, deed, **more)
        assert (response.status_code, response["Location"]) == (302, page_of(case)), text(response)
    case.refresh_from_db()
    assert case.status == Status.CLOSED
    page = text(as_(town.dispatcher).get(page_of(case)))
    for words in (
        "派遣至 住房和城乡建设局",
        "核实：属实",
        "核查通过",
        "feedback意见",
        "按时完成",
        "林**",
        "139****0001",
    ):
        assert words in page
    assert "13900000001" not in page


def test_a_colleague_was_faster_and_what_was_typed_stays(town, as_):
    case = report(town.resident)
    client = as_(town.dispatcher)
    assert send(client, case, "accept").status_code == 302
    response = client.post(reverse("cases:deed", args=[case.pk, "accept"]), {"opinion": "我仔细写了很久的意见"})
    assert response.status_code == 409
    assert "案件当前为“待立案”" in text(response)
    assert "我仔细写了很久的意见" in text(response)


def test_a_wrong_category_is_put_right_on_the_page(town, as_):
    case = report(town.resident)
    before = queries.describe([case])[0].category
    after = next(each for each in queries.catalog().leaves if each != before)
    client, address = as_(town.dispatcher), reverse("cases:correct", args=[case.pk])
    assert address in text(client.get(page_of(case)))
    sent = {"category_code": after.code, "area_code": "", "opinion": "描述与原类别不符"}
    response = client.post(address, sent)
    assert (response.status_code, response["Location"]) == (302, page_of(case)), text(response)
    assert Case.objects.get(pk=case.pk).category_id == after.id
    page = text(client.get(page_of(case)))
    assert f"{before.name} → {after.name}" in page
    assert "描述与原类别不符" in page
    again = client.post(address, sent)
    assert (again.status_code, "类别和区域都没有变化" in text(again)) == (422, True)
    nameless = client.post(address, {**sent, "opinion": ""})
    assert (nameless.status_code, 'aria-invalid="true"' in text(nameless)) == (422, True)


def test_only_those_who_accept_cases_there_put_their_category_right(town, as_):
    case = report(town.resident)
    address = reverse("cases:correct", args=[case.pk])
    code = queries.catalog().leaves[0].code
    for actor in (town.grid, town.resident, town.outsider):
        client = as_(actor)
        assert address not in text(client.get(page_of(case)))
        assert client.post(address, {"category_code": code, "opinion": "改"}).status_code in (403, 404)


def test_a_deed_without_opinion_is_shown_again(town, as_):
    case = report(town.resident)
    response = as_(town.dispatcher).post(reverse("cases:deed", args=[case.pk, "accept"]), {"opinion": "  "})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in text(response)
    assert Case.objects.get(pk=case.pk).status == Status.VERIFYING


def test_a_file_that_is_no_photo_stops_the_deed_and_leaves_nothing(town, as_):
    case = report(town.resident)
    wrong = SimpleUploadedFile("a.jpg", b"not a photo at all", "image/jpeg")
    response = send(as_(town.grid), case, "verify", result="exists", photos=[photo(), wrong])
    assert response.status_code == 422
    assert "这个文件不是照片" in text(response)
    assert Case.objects.get(pk=case.pk).status == Status.VERIFYING
    assert not Attachment.objects.exists()


def test_a_hidden_case_is_nowhere(town, as_):
    case = report(town.resident)
    shot = actions.add_photo(actor=town.resident, case_id=case.pk, data=photo().read(), now=NOW)
    client = as_(town.outsider)
    for name, args in (("case", []), ("photo", [shot.pk])):
        assert client.get(reverse(f"cases:{name}", args=[case.pk, *args])).status_code == 404
    assert send(client, case, "accept").status_code == 404
    assert case.number not in text(client.get(reverse("cases:list")))
    assert as_(town.dispatcher).get(reverse("cases:case", args=[10**30])).status_code == 404


def test_a_denunciation_is_seen_by_those_who_may(town, as_):
    case = report(town.resident, kind="denunciation")
    assert "保密" in text(as_(town.dispatcher).get(page_of(case)))
    assert as_(town.checker).get(page_of(case)).status_code == 404


def test_a_photo_is_served_privately_and_small(town, as_):
    case = report(town.resident)
    shot = actions.add_photo(actor=town.resident, case_id=case.pk, data=photo().read(), now=NOW)
    url = reverse("cases:photo", args=[case.pk, shot.pk])
    whole, small = as_(town.grid).get(url), as_(town.grid).get(url, {"size": "320"})
    assert whole["Content-Type"] == small["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(small.content)).size == (320, 240)
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert "private" in whole["Cache-Control"]
    assert as_(town.grid).get(url, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    assert as_(town.grid).get(url, {"size": "9000"}).status_code == 404


def test_the_reporter_is_seen_in_full_once_and_for_a_reason(town, as_):
    case = report(town.resident, reporter_name="林阿姨", reporter_phone="13900000001")
    url = reverse("cases:unmask", args=[case.pk])
    client = as_(town.dispatcher)
    assert client.post(url, {"reason": ""}).status_code == 422
    response = client.post(url, {"reason": "电话回访"})
    assert "13900000001" in text(response)
    assert "no-store" in response["Cache-Control"]
    assert Entry.objects.filter(fact="ReporterUnmasked").count() == 1
    assert "13900000001" not in text(client.get(page_of(case)))
    assert as_(town.checker).post(url, {"reason": "想看看"}).status_code == 403


def test_the_boxes_hold_what_waits_what_was_done_and_what_was_begun(town, as_):
    case = report(town.grid, channel="patrol")
    assert case.number in text(as_(town.dispatcher).get(reverse("cases:todo")))
    assert "没有待办案件" in text(as_(town.handler).get(reverse("cases:todo")))
    assert "还没有办理过案件" in text(as_(town.checker).get(reverse("cases:done")))
    assert case.number in text(as_(town.grid).get(reverse("cases:mine")))
    assert "还没有发起过案件" in text(as_(town.checker).get(reverse("cases:mine")))
    send(as_(town.dispatcher), case, "accept")
    done = text(as_(town.dispatcher).get(reverse("cases:done")))
    assert case.number in done
    assert "受理" in done


def test_the_list_is_filtered_and_htmx_gets_the_fragment(town, as_):
    lamp = report(town.resident)
    other = report(town.dispatcher, channel="patrol", description="小区门口垃圾成堆", lon=WEST + STEP * 2.5)
    client = as_(town.dispatcher)
    url = reverse("cases:list")
    for asked, there, absent in (
        ({"q": "路灯"}, lamp, other),
        ({"channel": "patrol"}, other, lamp),
        ({"area": "320585001001"}, lamp, other),
        ({"area": "秋实社区"}, other, lamp),
        ({"status": "reported"}, other, lamp),
        ({"from_date": "2026-05-06", "to_date": "2026-05-06", "q": lamp.number}, lamp, other),
    ):
        page = text(client.get(url, asked))
        assert there.number in page, asked
        assert absent.number not in page.replace(f'value="{absent.number}"', ""), asked
    assert "没有符合条件的案件" in text(client.get(url, {"overdue": "1"}))
    assert "没有这个区域" in text(client.get(url, {"area": "火星"}))
    fragment = text(client.get(url, {"status": "open"}, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert lamp.number in fragment
    assert 'hx-get="/cases/?status=open"' in fragment, "news must bring the list as it is narrowed now"
    clerk = actor_with(Permission.VIEW, Permission.EXPORT)
    fragment = text(as_(clerk).get(url, {"status": "open"}, headers={"HX-Request": "true"}))
    assert 'action="/cases/export/?status=open"' in fragment, "and so must the export"


def test_pages_of_cases_cost_the_same_for_one_and_for_many(town, as_, django_assert_max_num_queries):
    first = report(town.resident, reporter_name="甲", reporter_phone="13900000001")
    client = as_(town.dispatcher)

    own = 10  # the page's own questions; each panel of an app above may ask one more
    above = sum(1 for port in (panels.CASE_SIDE, panels.CASE_REST, panels.CASE_LIST, panels.TOP) for _ in port)

    def cost(url: str) -> int:
        client.get(url)
        with django_assert_max_num_queries(own + above) as counted:
            assert client.get(url).status_code == 200
        return len(counted)

    urls = [reverse(f"cases:{name}") for name in ("list", "todo", "done", "mine")] + [page_of(first)]
    send(client, report(town.grid), "accept")
    few = [cost(url) for url in urls]
    for _ in range(20):
        send(client, report(town.grid), "accept")
    assert [cost(url) for url in urls] == few


def test_the_list_is_exported_as_shown(town, as_):
    lamp = report(town.resident, reporter_phone="13900000001")
    report(town.grid, channel="patrol", description="小区门口垃圾成堆")
    clerk = actor_with(Permission.VIEW, Permission.EXPORT, area_path=town.area("320585001000").path)
    url = reverse("cases:export") + "?channel=web"
    response = as_(clerk).post(url, {"format": "csv"})
    sheet = b"".join(response.streaming_content).decode("utf-8-sig")
    assert lamp.number in sheet
    assert "垃圾" not in sheet
    assert "13900000001" not in sheet
    assert sheet.count("\n") == 2
    response = as_(clerk).post(url, {"format": "xlsx"})
    assert b"".join(response.streaming_content)[:2] == b"PK"
    assert Entry.objects.filter(fact="CasesExported").count() == 2
    assert as_(clerk).post(url, {"format": "csv", "reason": "回访"}).status_code == 403
    keeper = actor_with(Permission.VIEW, Permission.EXPORT, Permission.UNMASK, area_path=EVERYWHERE)
    for reason in ("a\x00b", "长" * 501):
        assert as_(keeper).post(url, {"format": "csv", "reason": reason}).status_code == 422
    assert as_(town.checker).post(url, {"format": "csv"}).status_code == 403


def entered(**more) -> dict:
    return {
        "description": "春和花园东门路灯不亮", "category_code": "", "kind": "help", "channel": "phone", "place": "东门",
        "area_code": "", "lon": str(WEST + STEP / 2), "lat": str(SOUTH + STEP / 2), "reporter_name": "王大爷",
        "reporter_phone": "13800000002", **more,
    }  # fmt: skip


def test_a_case_is_entered_for_a_caller(town, as_):
    client, url = as_(town.dispatcher), reverse("cases:new")
    assert client.get(url).status_code == 200
    response = client.post(url, entered(photos=photo()), follow=True)
    case = Case.objects.get()
    assert case.number in text(response)
    assert case.query_code in text(response)
    assert (case.channel, case.attachments.count()) == ("phone", 1)


def test_what_may_be_the_same_matter_is_shown_once_before_saving(town, as_):
    client, url = as_(town.dispatcher), reverse("cases:new")
    earlier = report(town.grid, channel="patrol")
    page = text(client.post(url, entered()))
    assert "仍要登记" in page
    assert earlier.number in page
    assert client.post(url, entered(seen=[earlier.number])).status_code == 302
    near = client.get(reverse("cases:similar"), {"lon": WEST + STEP / 2, "lat": SOUTH + STEP / 2})
    assert earlier.number in text(near)
    assert "可能重复" not in text(client.get(reverse("cases:similar"), {"lon": "x"}))
    assert "路灯" in text(client.get(reverse("cases:suggest"), {"description": "路灯不亮"}))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"description": ""}, "必填"),
        ({"lon": "", "lat": ""}, "请在地图上选点"),
        ({"lon": ""}, "经度和纬度应同时填写"),
        ({"lon": "100"}, "不在本市范围内"),
        ({"area_code": "404"}, "没有这个区域"),
        ({"description": "a\x00b"}, "无法显示的字符"),
        ({"occurred_at": "2027-01-01T00:00"}, "不能晚于现在"),
        ({"category_code": "nope"}, "请从列出的选项中选择"),
    ],
)
def test_what_cannot_be_entered_is_shown_again(town, as_, changed, words):
    response = as_(town.dispatcher).post(reverse("cases:new"), entered(**changed))
    assert response.status_code == 422
    assert words in text(response)
    assert not Case.objects.exists()


def test_who_gives_a_case_back_is_led_to_their_box(town, as_):
    case = report(town.dispatcher, channel="phone")
    for deed, more in (("accept", {}), ("register", {}), ("dispatch", {"organization_code": "ZJJ"})):
        getattr(actions, f"{deed}_case")(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW, **more)
    assert send(as_(town.handler), case, "return").url == reverse("cases:todo")


def test_in_the_first_hours_of_a_year_last_years_cases_show_their_year(town):
    case = report(town.resident, now=datetime(2025, 12, 31, 10, tzinfo=UTC))
    (line,) = rows(queries.describe([case]), datetime(2025, 12, 31, 17, tzinfo=UTC))
    assert line.reported == "2025-12-31"
