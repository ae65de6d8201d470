"""What a yes costs: statements are counted, so that one more of them is somebody's decision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.core import policy
from haitang.orders import actions, queries
from haitang.orders.models import Offer, Order
from haitang.orders.tests.cast import member, offered, order
from haitang.testing.actors import NOW

pytestmark = pytest.mark.django_db
POLICIES = ("the versions of the policies, once a request",)
ACCEPTING = (
    "the offer with its order, both locked", "who the actor is in the register", "the helper's calendar, locked",
    "their shifts", "the calls they come to", "the time promised, the order and all its open offers",
    "INSERT of the history with its reactions and news",
)  # fmt: skip
OTHERS_TOLD = ("the accounts of those who were asked, too",)


def cost(deed) -> list[str]:
    """Return what was asked of the database, without the savepoints that a test's own transaction calls for."""
    queries.order_rules()
    with policy.reading(), CaptureQueriesContext(connection) as spent:
        deed()
    return [each["sql"] for each in spent if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]


@pytest.mark.parametrize("others", [0, 4])
def test_a_yes_costs_the_same_however_many_were_asked(town, repair, branch, wu, others):
    asked = [member(town, f"党员{n}", branch=branch) for n in range(others)]
    placed = order(town.secretary, repair, channel="phone")
    row, *rest = offered(town, placed, wu, *asked)
    said = cost(lambda: actions.accept_offer(actor=wu.actor, offer_id=row.pk, now=NOW))
    assert len(said) == len(POLICIES + ACCEPTING) + (len(OTHERS_TOLD) if others else 0), said
    assert {each.status for each in Offer.objects.exclude(pk=row.pk)} <= {"withdrawn"}
    assert Offer.objects.get(pk=row.pk).status == "accepted"
    assert len(rest) == others


def test_what_is_read_for_a_yes_is_nothing_sealed(town, repair, wu):
    row, *_none = offered(town, order(town.secretary, repair, channel="phone"), wu)
    said = cost(lambda: actions.accept_offer(actor=wu.actor, offer_id=row.pk, now=NOW))
    assert not any(sealed in each for each in said for sealed in ("name_sealed", "phone_sealed", "address_sealed"))
    assert Order.objects.get().volunteer_id == wu.volunteer.pk
