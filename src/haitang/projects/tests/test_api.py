"""The API of projects."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from haitang.people.queries import get_actor
from haitang.projects.models import EvaluationCode
from haitang.projects.tests.cast import start, street_leader
from haitang.projects.tests.test_life import accepted
from haitang.projects.tests.test_selecting import MANAGER, reviewers

pytestmark = pytest.mark.django_db
URL = "/api/v1/projects"


@pytest.fixture
def as_(client, monkeypatch):
    """Call with the token of this actor."""
    from haitang.config import api

    def enter_as(actor):
        monkeypatch.setattr(api, "authenticate_token", lambda token, **_asked: actor)
        client.defaults["HTTP_AUTHORIZATION"] = "Bearer x"
        return client

    return enter_as


def post(client, path, **body):
    return client.post(f"{URL}{path}", body, content_type="application/json")


def call(client, method, path, body=None):
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json")


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (640, 480), "green").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def test_a_project_lives_through_the_api(town, as_):
    client = as_(town.secretary)
    body = {
        "origin_id": "ext-1", "title": "楼道亮化", "area_id": town.areas["spring"],
        "organization_id": town.desks["CHSQ"], "partners": [{"organization_id": town.desks["ZJJ"]}],
        "milestones": [{"title": "踏勘", "due_on": "2026-06-01"}], "responsible": [{"name": "王书记"}],
    }  # fmt: skip
    assert post(client, "", **body, more=1).status_code == 422
    made = post(client, "", **body).json()
    assert post(client, "", **body).json()["id"] == made["id"]
    path = f"/{made['id']}"
    assert made["deeds"] == ["launch"]
    assert post(client, f"{path}/launch").json()["status"] == "under_way"
    assert post(client, f"{path}/launch").status_code == 409
    step = made["timeline"][0]["id"]
    assert post(client, f"{path}/milestones/{step}/reach").json()["milestones_done"] == 1
    assert len(post(client, f"{path}/milestones", title="安装", due_on="2026-06-09").json()["timeline"]) == 2
    assert post(client, f"{path}/progress", words="到货").json()["progress"][0]["words"] == "到货"
    assert post(client, f"{path}/deliver", words="完工").json()["status"] == "delivered"
    client = as_(street_leader(town))
    assert post(client, f"{path}/accept", passed=False, words="返工").json()["reworks"] == 1
    listed = client.get(URL, {"status": "open", "q": "亮化"}).json()
    assert [row["number"] for row in listed["items"]] == [made["number"]]
    assert client.get(f"{URL}/{2**62}").status_code == 404
    assert as_(town.grid).get(URL).json().get("items", []) == []


def test_everybody_reads_and_judges_through_the_api(town, as_):
    project = accepted(town)
    client = as_(town.secretary)
    assert post(client, f"/{project.pk}/publish", summary="好用").json()["published"] is True
    codes = post(client, f"/{project.pk}/codes", count=2).json()["codes"]
    assert EvaluationCode.objects.count() == len(codes) == 2
    client = as_(town.resident)
    assert client.get(f"{URL}/public").json()["items"][0]["summary"] == "好用"
    assert post(client, "/evaluations", code=codes[0], score=5).json() == {"project": project.number, "evaluations": 1}
    assert post(client, "/evaluations", code=codes[0], score=5).status_code == 404
    for hostile in ("\x00", "a" * 30):
        assert client.get(f"{URL}/public", {"area": hostile, "cursor": hostile}).status_code in (400, 422)


def test_packages_through_the_api(town, as_):
    client = as_(town.secretary)
    first, second = start(town), start(town, origin_id="form-2")
    body = {
        "title": "春和社区适老化包", "kind": "joint", "area_id": town.areas["spring"],
        "organization_ids": [town.desks["CHSQ"], town.desks["ZJJ"]], "project_ids": [first.pk],
    }  # fmt: skip
    assert call(client, "post", "/project-packages", body | {"kind": "other"}).status_code == 422
    made = call(client, "post", "/project-packages", body)
    assert (made.status_code, made.json()["projects"], len(made.json()["organizations"])) == (201, 1, 2)
    at = f"/project-packages/{made.json()['id']}"
    packed = call(client, "post", f"{at}/projects", {"project_ids": [first.pk, second.pk]}).json()
    assert sorted(each["id"] for each in packed["items"]) == [first.pk, second.pk]
    other = call(client, "post", "/project-packages", body)
    assert other.status_code == 409
    assert call(client, "delete", f"{at}/projects/{first.pk}").json()["projects"] == 1
    assert client.get("/api/v1/project-packages").json()["total"] == 1
    assert client.get(f"/api/v1{at}").json()["planned_fen"] == 2_000_000
    client = as_(town.grid)
    assert client.get(f"/api/v1{at}").status_code in (403, 404)
    assert call(client, "post", "/project-packages", body).status_code == 403


def test_a_selection_through_the_api(town, as_):
    project = accepted(town)
    accounts = reviewers(town)
    client = as_(MANAGER)
    criteria = [{"key": "need", "title": "需求", "weight": 60}, {"key": "effect", "title": "成效 | 好", "weight": 40}]
    body = {
        "title": "百佳示范项目", "area_id": town.areas["city"], "places": 1, "until_on": "2099-01-01",
        "criteria": criteria,
    }  # fmt: skip
    bad = [{**each, "weight": 10} for each in criteria]
    assert call(client, "post", "/project-selections", body | {"criteria": bad}).status_code == 422
    made = call(client, "post", "/project-selections", body).json()
    assert [each["title"] for each in made["criteria"]] == ["需求", "成效 ｜ 好"]
    at = f"/project-selections/{made['id']}"
    client = as_(town.secretary)
    assert client.get(f"/api/v1{at}").json()["deeds"] == ["nominate"]
    nominated = {"project_id": project.pk, "words": "居民评价高"}
    assert call(client, "post", f"{at}/nominations", nominated).json()["nominations"][0]["number"] == project.number
    assert call(client, "post", f"{at}/nominations", nominated).status_code == 409
    client = as_(MANAGER)
    assert call(client, "post", f"{at}/publish", {}).status_code == 409
    begun = call(client, "post", f"{at}/scoring", {"account_ids": [each.pk for each in accounts]}).json()
    assert (begun["stage"], len(begun["reviewers"])) == ("scoring", 3)
    score = f"{at}/nominations/{begun['nominations'][0]['id']}/score"
    for number, account in enumerate(accounts):
        client = as_(get_actor(account.pk))
        assert call(client, "put", score, {"marks": {"need": 101, "effect": 0}}).status_code == 422
        marked = call(client, "put", score, {"marks": {"need": 80 + number, "effect": 90}}).json()
        assert marked["nominations"][0]["own"] == {"need": 80 + number, "effect": 90}
    published = call(as_(MANAGER), "post", f"{at}/publish", {}).json()
    row = published["nominations"][0]
    assert (row["total"], row["place"], row["is_selected"]) == ("84.60", 1, True)
    assert row["parts"][0] == {"title": "需求", "weight": 60, "sum": 243, "points": "48.60"}
    client = as_(town.resident)
    assert client.get("/api/v1/project-selections/public").json()["total"] == 1
    assert client.get(f"/api/v1/project-selections/public/{made['id']}").json()["nominations"][0]["total"] == "84.60"
    assert client.get("/api/v1/project-selections").status_code == 403


def test_a_photo_of_progress_through_the_api(town, as_):
    client = as_(town.secretary)
    project = start(town)
    post(client, f"/{project.pk}/launch")
    told = post(client, f"/{project.pk}/progress", words="到货").json()["progress"][0]
    at = f"{URL}/{project.pk}/progress/{told['id']}/photos"
    assert client.post(at, {"file": SimpleUploadedFile("a.jpg", b"no picture")}).status_code == 422
    assert client.post(at, {"file": photo()}).status_code == 201
    assert client.get(f"{URL}/{project.pk}").json()["progress"][0]["photos"] == 1
