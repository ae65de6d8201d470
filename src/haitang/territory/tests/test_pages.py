"""The pages of areas, as a browser without JavaScript meets them."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from haitang.core import access
from haitang.core.access import Actor, Grant
from haitang.territory import models, queries
from haitang.territory.values import Permission
from haitang.testing.actors import NOBODY
from haitang.testing.land import FOUNDER, ref, strip

pytestmark = pytest.mark.django_db
GRID = "320585001001001"


@pytest.fixture
def sign_in(monkeypatch):
    """Whoever comes without an account is taken for this actor."""
    return lambda actor: monkeypatch.setattr(access, "VISITOR", actor)


@pytest.fixture
def manager(client, sign_in):
    sign_in(FOUNDER)
    return client


def url(name: str, code: str = "") -> str:
    return reverse(f"territory:{name}", args=[ref(code).id] if code else [])


def test_the_tree_is_browsed_from_the_root_to_a_grid(areas, manager):
    page = manager.get(url("index")).content.decode()
    assert "海棠市" in page
    assert "春和社区" not in page
    page = manager.get(url("area", "320585001001")).content.decode()
    for words in ("海棠街道", "春和社区", "第一网格", "第二网格", GRID, "更替", "?parent=320585001001"):
        assert words in page
    assert "第三网格" not in page
    assert "没有下级区域" in manager.get(url("area", GRID)).content.decode()


def test_searching_looks_below_at_any_depth_and_htmx_gets_the_fragment(areas, manager):
    page = manager.get(url("index"), {"q": "第三"}, headers={"HX-Request": "true"}).content.decode()
    assert "第三网格" in page
    assert "海棠街道 / 秋实社区" in page
    assert "<html" not in page
    assert "没有符合条件的区域" in manager.get(url("area", "320585001001"), {"q": "第三"}).content.decode()


def test_a_page_of_many_areas_costs_no_more_queries(areas, manager, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        assert manager.get(url("area", "320585001000")).status_code == 200


def test_only_those_who_manage_see_the_buttons(areas, client, sign_in):
    sign_in(Actor("查看员", id=9, grants=frozenset({Grant(Permission.VIEW, "/")})))
    page = client.get(url("area", GRID)).content.decode()
    assert "第一网格" in page
    assert "停用</a>" not in page
    assert client.get(url("boundary", GRID)).status_code == 200
    for name in ("create", "change", "replace", "close", "population"):
        assert client.get(url(name, GRID)).status_code == 403
    sign_in(NOBODY)
    assert client.get(url("index")).status_code == 403
    assert client.get(url("geojson")).status_code == 200


def test_a_visitor_is_sent_to_sign_in(areas, client):
    assert client.get(url("index")).headers["Location"].startswith("/accounts/login/")
    assert client.get("/areas/geojson").status_code == 302


def test_creating_changing_replacing_closing(areas, manager):
    community = "320585001001"
    sent = {"name": "第五网格", "kind": "grid", "code": "320585001009005"}
    assert manager.get(url("create", community)).status_code == 200
    answer = manager.post(url("create", community), sent, follow=True)
    assert "区域已建立" in answer.content.decode()
    assert "前 12 位" in answer.content.decode()
    assert manager.post(url("change", "320585001009005"), {"name": "荷花网格", "kind": "grid"}).status_code == 302
    sent = {"name": "荷花网格", "kind": "grid", "code": "320585001002005", "parent_id": "320585001002"}
    assert manager.post(url("replace", "320585001009005"), sent).status_code == 302
    assert ref("320585001002005").parent_id == ref("320585001002").id
    old = models.Area.objects.get(code="320585001009005")
    assert "由其接替" in manager.get(reverse("territory:area", args=[old.pk])).content.decode()
    assert manager.post(url("close", "320585001002005"), {"replaced_by_id": ""}).status_code == 302
    assert ref("320585001002005") is None
    sent = {"kind": "resident", "number": "812", "date": "2020-11-01", "source": "七普"}
    assert manager.post(url("population", GRID), sent).status_code == 302
    assert "812" in manager.get(url("area", community)).content.decode()


@pytest.mark.parametrize(
    ("name", "code", "sent", "words"),
    [
        ("create", "320585001001", {"name": "网格", "kind": "grid", "code": GRID}, "已被使用"),
        ("create", "320585001001", {"name": "网格", "kind": "city", "code": "x"}, "有效"),
        ("create", "320585001001", {"name": "", "kind": "grid", "code": "x"}, "id_name_error"),
        ("create", "320585001001", {"name": "a\x00b", "kind": "grid", "code": "x"}, "id_name_error"),
        ("create", "320585001001", {"name": "a", "kind": "grid", "code": "x", "valid_from": "2999-01-01"}, "晚于今天"),
        ("create_root", "", {"name": "a", "kind": "city", "code": "中"}, "编码"),
        ("replace", GRID, {"name": "a", "kind": "grid", "code": "x", "parent_id": "404"}, "没有编码为"),
        ("close", "320585001001", {}, "还有有效区域"),
        ("close", GRID, {"replaced_by_id": GRID}, "自己接替"),
        (
            "population",
            GRID,
            {"kind": "resident", "number": "-1", "date": "2020-01-01", "source": "x"},
            "id_number_error",
        ),
        ("boundary", GRID, {"crs": "wgs84", "source": "x"}, "请选择文件或填写坐标"),
        ("boundary", GRID, {"crs": "wgs84", "source": "x", "text": "121.3 31.5\n北门"}, "第 2 行"),
        ("boundary", GRID, {"crs": "wgs84", "source": "x", "text": "{"}, "JSON"),
        ("boundary", GRID, {"crs": "wgs84", "source": "x", "text": "[" * 100_000}, "GeoJSON"),
        ("boundary", GRID, {"crs": "wgs84", "source": "x", "text": json.dumps(strip(0, 2))}, "重叠"),
        ("codes", "", {"kind": "grid", "pattern": "(", "label": "x"}, "正则"),
    ],
)
def test_a_failed_form_is_shown_again(areas, manager, name, code, sent, words):
    answer = manager.post(url(name, code), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_boundary_is_typed_or_uploaded(areas, manager):
    typed = "121.30, 31.50\n121.31，31.50\n121.31 31.505\n\n121.30, 31.505\n"
    assert manager.post(url("boundary", GRID), {"crs": "wgs84", "source": "手绘", "text": typed}).status_code == 302
    page = manager.get(url("boundary", GRID[:12])).content.decode()
    assert "缝隙" in page
    findings = manager.get(url("findings", GRID[:12])).json()["features"]
    assert findings[0]["properties"]["colour"] == "orange"
    feature = {"type": "Feature", "properties": {}, "geometry": strip(0, 1)}
    for document in (feature, strip(0, 1), {"type": "FeatureCollection", "features": [feature]}):
        file = SimpleUploadedFile("b.geojson", b"\xef\xbb\xbf" + json.dumps(document).encode())
        assert manager.post(url("boundary", GRID), {"crs": "wgs84", "source": "测", "file": file}).status_code == 302
    assert "没有发现缝隙" in manager.get(url("boundary", GRID[:12])).content.decode()


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"{", b"[]", b"null", b'{"type":"FeatureCollection","features":[]}', b"[" * 99999]
)
def test_a_broken_file_is_refused_in_the_form(areas, manager, data):
    for name, code in (("boundary", GRID), ("import", "")):
        sent = {"crs": "wgs84", "source": "x", "code_property": "code", "file": SimpleUploadedFile("b.json", data)}
        assert manager.post(url(name, code), sent).status_code == 422


def test_a_file_of_boundaries_is_imported(areas, manager):
    features = [{"type": "Feature", "properties": {"code": GRID}, "geometry": strip(0, 1)}]
    file = SimpleUploadedFile("b.json", json.dumps({"type": "FeatureCollection", "features": features}).encode())
    sent = {"crs": "wgs84", "source": "二调", "code_property": "code", "file": file}
    answer = manager.post(url("import"), sent, follow=True)
    assert "已导入 1 个区域的边界" in answer.content.decode()
    assert queries.get_area_by_code(GRID).boundary_source == "二调"


def test_a_code_rule_is_added(areas, manager):
    assert "15 位网格编码" in manager.get(url("codes")).content.decode()
    sent = {"kind": "grid", "pattern": r"^WG\d+$", "label": "WG＋数字", "strict": "on"}
    assert manager.post(url("codes"), sent).status_code == 302
    page = manager.get(url("codes")).content.decode()
    assert "WG＋数字" in page
    assert "15 位网格编码" not in page


def test_outlines_are_given_by_level_parent_and_box_and_not_sent_twice(areas, manager):
    def codes(**asked):
        answer = manager.get("/areas/geojson", asked)
        assert answer.headers["Content-Type"] == "application/geo+json"
        return [feature["properties"]["code"] for feature in answer.json()["features"]]

    assert len(codes(level="grid")) == 4
    assert codes(level="grid", parent="320585001002") == ["320585001002001", "320585001002002"]
    assert codes(parent="320585001002")[0] == "320585001002"
    assert codes(level="special_grid", bbox="121.301,31.501,121.302,31.502") == [GRID]
    answer = manager.get("/areas/geojson", {"parent": GRID, "links": "1"})
    assert answer.json()["features"][0]["properties"]["url"] == url("area", GRID)
    again = manager.get(
        "/areas/geojson", {"parent": GRID, "links": "1"}, headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    for bad, status in (
        ({"parent": "404"}, 404),
        ({"level": "x"}, 422),
        ({"bbox": "1,2"}, 422),
        ({"bbox": "a,b,c,d"}, 422),
        ({"bbox": "nan,nan,nan,nan"}, 422),
    ):
        assert manager.get("/areas/geojson", bad).status_code == status
