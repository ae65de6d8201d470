"""The API of projects."""

import pytest

from haitang.projects.models import EvaluationCode
from haitang.projects.tests.cast import street_leader
from haitang.projects.tests.test_life import accepted

pytestmark = pytest.mark.django_db
URL = "/api/v1/projects"


@pytest.fixture
def as_(client, monkeypatch):
    """Call with the token of this actor."""
    from haitang.config import api

    def enter_as(actor):
        monkeypatch.setattr(api, "authenticate_token", lambda token: actor)
        client.defaults["HTTP_AUTHORIZATION"] = "Bearer x"
        return client

    return enter_as


def post(client, path, **body):
    return client.post(f"{URL}{path}", body, content_type="application/json")


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
