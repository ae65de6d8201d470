"""The API: strict about what comes in, once under a key, and silent about who has proposed."""

import json

import pytest

from haitang.core.access import VISITOR
from haitang.rounds.models import Proposal
from haitang.rounds.tests.cast import OTHER, admitted, day_of, judge, opened, pot_of, voted
from haitang.rounds.values import Task
from haitang.testing.people import build_account

pytestmark = pytest.mark.django_db


def body_of(pot, town, **more) -> dict:
    told = {
        "pot": pot.pk, "title": "楼道加装扶手", "words": "三个单元", "category": "为老", "area": town.areas["spring"],
        "cost": 20_000_00, "name": "林阿姨", "phone": "13900020001",
    }  # fmt: skip
    return {**told, **more}


def test_a_round_and_what_came_of_it_are_read_by_anybody(as_, town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    row = admitted(pot, town)
    admitted(pot, town, OTHER, title="口袋公园", category="环境", cost_fen=60_000_00)
    client = as_(VISITOR)
    assert client.get("/api/v1/rounds").json()[0]["now"] == ["征集"]
    told = client.get(f"/api/v1/rounds/{round_.pk}").json()
    assert [each["name"] for each in told["phases"]][:3] == ["征集", "初审", "议事会评议"]
    assert told["pots"][0]["budget"] == 80_000_00
    listed = client.get(f"/api/v1/rounds/{round_.pk}/proposals?category=为老").json()
    assert [each["id"] for each in listed] == [row.pk]
    assert "林阿姨" not in json.dumps(listed, ensure_ascii=False)
    judge(pot, day_of(round_, Task.REVIEW))
    voted(round_, pot, [{"2": 1}, {"1": 1}, {"2": 1}])
    came = client.get(f"/api/v1/rounds/pots/{pot.pk}/outcome").json()
    assert [each["place"] for each in came["projects"]] == [1, 0]
    assert came["projects"][1]["why"]
    assert came["fairness"]["served"] == [3, 2]


def test_a_proposal_goes_its_way_by_the_api(call, town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    body = body_of(pot, town)
    author, neighbour = build_account("林阿姨").pk, build_account("周叔叔").pk
    office = town.account("secretary").pk
    assert call(0, "post", "/round-proposals", body).status_code == 401
    assert call(author, "post", "/round-proposals", {**body, "more": 1}).status_code == 422
    assert call(author, "post", "/round-proposals", {**body, "channel": "paper"}).status_code == 403
    made = [call(author, "post", "/round-proposals", body, key="k1") for _twice in range(2)]
    assert [each.status_code for each in made] == [201, 201], made[0].content
    row = Proposal.objects.get()
    home = f"/round-proposals/{row.pk}"
    assert call(neighbour, "get", home).status_code == 404
    assert call(author, "get", home).json()["status"] == "handed_in"
    assert call(office, "post", f"{home}/admit", {"codes": ["正1"]}).json()["status"] == "admitted"
    told = call(office, "post", f"{home}/appraise", {
        "feasibility": "feasible", "price": 18_000_00, "organization": town.desks["CHSQ"],
    })  # fmt: skip
    assert told.json()["price"] == 18_000_00
    assert [call(neighbour, "put", f"{home}/co-proposer").status_code for _twice in range(2)] == [200, 409]
    assert call(neighbour, "delete", f"{home}/co-proposer").status_code == 200
    refused = call(office, "post", f"{home}/refuse", {"reason": "重复", "codes": ["正1"]})
    assert refused.status_code == 422
    assert call(author, "post", f"{home}/withdraw", {"reason": "不用了"}).json()["status"] == "withdrawn"
