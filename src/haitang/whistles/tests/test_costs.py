"""What deeds about whistles cost: statements are counted, so that one more of them is somebody's decision."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from haitang.cases.values import Permission as CasePermission
from haitang.core import policy
from haitang.testing.actors import NOW
from haitang.whistles import actions, queries
from haitang.whistles.tests.cast import act, blow, by_desk, draft, street_leader
from haitang.whistles.tests.test_api import Api
from haitang.whistles.values import Permission

pytestmark = pytest.mark.django_db
ANSWERING = (
    "the case, locked by the whistle's id", "the whistle with its calls", "UPDATE of the call",
    "INSERT of the counters", "INSERT of the history with its reactions and news",
)  # fmt: skip
"""Every deed of a department; the last one out adds FINISHING."""
FINISHING = (
    "UPDATE of the whistle", "INSERT of the counters", "INSERT of the history: all departments are finished",
)  # fmt: skip
POLICIES = ("the versions of the policies, once a request",)


def statements(spent: CaptureQueriesContext) -> list[str]:
    """Return what was asked of the database, without the savepoints that a test's own transaction calls for."""
    return [each["sql"].strip() for each in spent if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def cost(deed) -> list[str]:
    with policy.reading(), CaptureQueriesContext(connection) as spent:
        deed()
    return statements(spent)


def do(town, call, deed):
    """Do the deed, by its action alone."""
    more = {"place": "东门", "people": "2人"} if deed == "report_arrival" else {}
    getattr(actions, deed)(
        actor=by_desk(town, call), now=NOW + timedelta(minutes=1), whistle_id=call.whistle_id, call_id=call.pk,
        opinion="办", **more,
    )  # fmt: skip


@pytest.mark.parametrize("desks", [(), ("CGJ", "CHSQ")])
def test_a_deed_costs_the_same_for_one_department_and_for_three(town, desks):
    _whistle, calls = blow(town, desks=desks)
    for deed in ("sign_call", "contact_street", "report_arrival", "handle_call"):
        said = cost(lambda deed=deed: do(town, calls[0], deed))
        assert len(said) == len(POLICIES + ANSWERING), (deed, said)


def test_the_last_department_to_sign_off_ends_the_whistle_in_three_more(town):
    _whistle, calls = blow(town, desks=())
    act(town, calls[0], "report_arrival", "handle_call")
    said = cost(lambda: do(town, calls[0], "sign_off_call"))
    assert len(said) == len(POLICIES + ANSWERING + FINISHING) - 1, said  # nothing to count for it


def test_approving_costs_the_same_for_one_department_and_for_three(town):
    costs = []
    for desks in ((), ("CGJ", "CHSQ")):
        whistle = draft(town, desks=desks)
        queries.rules()

        def approve(whistle=whistle):
            actions.approve_whistle(actor=street_leader(town), now=NOW, whistle_id=whistle.pk, opinion="同意")

        costs.append(len(cost(approve)))
    assert costs[0] == costs[1] <= 8


def test_over_the_api_a_deed_costs_who_asks_and_the_deed(town):
    api = Api(*Permission, CasePermission.VIEW)
    _whistle, calls = blow(town)
    client = Client(headers={"Authorization": f"Bearer {api.token}"})

    def sign(call):
        where = f"/api/v1/whistles/{call.whistle_id}/calls/{call.pk}/sign"
        with CaptureQueriesContext(connection) as spent:
            assert client.post(where, json.dumps({"opinion": "签收"}), "application/json").status_code == 200
        return statements(spent)

    sign(calls[0])  # what a process does once is done before anything is counted
    said = sign(calls[1])
    assert len(said) == 1 + len(ANSWERING), said  # one statement says who asks, and the versions of the policies
