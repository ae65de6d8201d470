"""The pages as residents, helpers and the office see them; what is refused keeps what was typed."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.core import clock
from haitang.orders import actions
from haitang.orders.models import Offer, Order
from haitang.orders.tests.cast import BEGINS, COMMUNITY, accepted, member, offered, open_service, order
from haitang.orders.values import Permission
from haitang.testing.actors import NOW, actor_with

pytestmark = pytest.mark.django_db
WHERE = f"?area={COMMUNITY}&at={quote(BEGINS.isoformat())}"
TYPED = {"name": "林阿姨", "phone": "15400001234", "address": "3幢201", "words": "水龙头滴水", "key": "k1"}


@pytest.fixture
def later(monkeypatch):
    """It is an hour after the service began."""
    monkeypatch.setattr(clock, "now", lambda: BEGINS + timedelta(hours=1))


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_a_resident_orders_in_three_steps(as_, repair, lin):
    client = as_(lin)
    assert "先选您住的社区" in text_of(client.get("/services/"))
    first = text_of(client.get(f"/services/?area={COMMUNITY}"))
    assert f"/services/{repair.pk}/?area={COMMUNITY}" in first
    second = text_of(client.get(f"/services/{repair.pk}/?area={COMMUNITY}&day=2026-05-08"))
    assert "09:00–10:00" in second
    assert "还可约 1 单" in second
    third = f"/services/{repair.pk}/contact/{WHERE}"
    assert "第三步" in text_of(client.get(third))
    refused = text_of(client.post(third, {**TYPED, "phone": ""}), 422)
    assert "3幢201" in refused
    for _twice in range(2):
        answer = client.post(third, TYPED)
        assert answer.status_code == 302
    placed = Order.objects.get()
    page = text_of(client.get(answer["Location"]))
    assert "下单成功" in page
    assert "15400001234" in page
    assert "候补" in text_of(client.get(f"/services/{repair.pk}/?area={COMMUNITY}&day=2026-05-08"))
    assert placed.number in text_of(client.get("/my-orders/"))


def test_a_visitor_looks_and_signs_in_to_order(client, repair):
    assert client.get(f"/services/{repair.pk}/?area={COMMUNITY}").status_code == 200
    assert client.get(f"/services/{repair.pk}/contact/{WHERE}").status_code in (302, 401)
    assert client.get("/my-orders/").status_code in (302, 401)


def test_a_time_that_is_no_more_leads_back_with_a_sentence(as_, repair, lin):
    for at in ("", "nonsense", "2026-05-08T09:00:00", "0001-01-01T00:00:00+08:00", quote("2026-05-01T09:00:00+08:00")):
        page = text_of(as_(lin).get(f"/services/{repair.pk}/contact/?area={COMMUNITY}&at={at}"), 422)
        assert "哪一天" in page


def test_staff_order_for_who_telephones_and_hand_it_out(as_, town, repair, wu):
    client = as_(town.secretary)
    assert "小家电维修" in text_of(client.get(f"/orders/new/?area={COMMUNITY}"))
    third = f"/orders/new/{repair.pk}/contact/{WHERE}"
    answer = client.post(third, {**TYPED, "orderer": "resident"})
    placed = Order.objects.get()
    assert (answer["Location"], placed.channel) == (f"/orders/{placed.pk}/", "phone")
    page = text_of(client.get(answer["Location"]))
    assert "吴师傅" in page
    assert "15400001234" not in page
    assert text_of(client.post(f"/orders/{placed.pk}/offer/", {}), 422)
    client.post(f"/orders/{placed.pk}/offer/", {"helpers": [f"v{wu.volunteer.pk}"]})
    assert Offer.objects.get().volunteer_id == wu.volunteer.pk
    board = text_of(client.get("/orders/?status=ongoing&type=repair"))
    assert placed.number in board
    assert "没有符合条件的订单" in text_of(client.get("/orders/?status=cancelled"))
    assert text_of(client.post(f"/orders/{placed.pk}/contact/", {"reason": ""}), 422)
    assert "15400001234" in text_of(client.post(f"/orders/{placed.pk}/contact/", {"reason": "约时间"}))
    client.post(f"/orders/{placed.pk}/withdraw/")
    assert Order.objects.get().status == "ordered"


def test_a_helper_answers_and_sees_the_contact_after_accepting(as_, town, repair, wu, lin):
    placed = order(lin, repair)
    (row,) = offered(town, placed, wu)
    client = as_(wu.actor)
    page = text_of(client.get("/offers/"))
    assert "小家电维修" in page
    assert "厨房" not in page
    assert text_of(client.post(f"/offers/{row.pk}/decline/", {"reason": ""}), 422)
    answer = client.post(f"/offers/{row.pk}/accept/")
    assert answer["Location"] == f"/tasks/{placed.pk}/"
    task = text_of(client.get(f"/tasks/{placed.pk}/"))
    assert "15400001234" not in task
    assert "15400001234" in text_of(client.post(f"/tasks/{placed.pk}/contact/"))
    assert "不能再答复" in text_of(client.post(f"/offers/{row.pk}/accept/", follow=True))
    assert text_of(client.post(f"/tasks/{placed.pk}/back/", {"reason": ""}), 422)
    client.post(f"/tasks/{placed.pk}/back/", {"reason": "生病"})
    assert Order.objects.get().status == "ordered"


def test_both_confirm_and_the_orderer_reviews(as_, later, town, repair, wu, lin):
    placed = order(lin, repair)
    accepted(town, placed, wu)
    client = as_(wu.actor)
    assert "做完了" in text_of(client.get(f"/tasks/{placed.pk}/"))
    assert text_of(client.post(f"/tasks/{placed.pk}/finish/", {"minutes": "0"}), 422)
    client.post(f"/tasks/{placed.pk}/finish/", {"minutes": "45", "words": "修好了"})
    client = as_(lin)
    assert "服务完成了吗" in text_of(client.get(f"/my-orders/{placed.pk}/"))
    client.post(f"/my-orders/{placed.pk}/confirm/")
    assert text_of(client.post(f"/my-orders/{placed.pk}/review/", {}), 422)
    client.post(f"/my-orders/{placed.pk}/review/", {"stars": "5", "words": "谢谢"})
    assert "★★★★★" in text_of(client.get(f"/my-orders/{placed.pk}/"))


def test_who_has_no_part_in_it_finds_nothing(as_, town, repair, wu, lin):
    placed = order(lin, repair)
    (row,) = offered(town, placed, wu)
    stranger = as_(member(town, "别人").actor)
    for path in (f"/my-orders/{placed.pk}/", f"/orders/{placed.pk}/", f"/tasks/{placed.pk}/", "/my-orders/999999/"):
        assert stranger.get(path).status_code == 404, path
    for path in (f"/offers/{row.pk}/accept/", f"/tasks/{placed.pk}/contact/", f"/my-orders/{placed.pk}/confirm/"):
        assert stranger.post(path).status_code == 404, path
    assert stranger.get("/orders/").status_code == 403
    assert stranger.get("/admin/services/").status_code == 403


def test_the_catalogue_is_kept(as_, town):
    client = as_(town.secretary)
    typed = {
        "type_code": "haircut", "name": "上门理发", "area": COMMUNITY, "hours": "周六 09:00-11:30",
        "capacity_slot": "2", "capacity_day": "4", "is_active": "on", "closed_on": "2026-10-01",
    }  # fmt: skip
    assert "看不懂这一行" in text_of(client.post("/admin/services/new/", {**typed, "hours": "星期六上午"}), 422)
    assert text_of(client.post("/admin/services/new/", {**typed, "hours": "周六 11:00-09:00"}), 422)
    assert client.post("/admin/services/new/", typed).status_code == 302
    listed = text_of(client.get("/admin/services/"))
    assert "周六 09:00-11:30" in listed
    from haitang.orders.models import Service

    pk = Service.objects.get().pk
    assert "2026-10-01" in text_of(client.get(f"/admin/services/{pk}/"))
    client.post(f"/admin/services/{pk}/", {**typed, "capacity_slot": "3"})
    assert Service.objects.get().capacity_slot == 3
    assert as_(town.outsider).get(f"/admin/services/{pk}/").status_code == 403


def test_types_and_settings_are_data(as_, town):
    client = as_(actor_with(Permission.SETTINGS))
    assert "群众点单、社区派单、党员接单" in text_of(client.get("/admin/service-types/"))
    typed = {
        "name": "小家电维修", "group": "便民服务", "variant": "resident_member", "orderers": ["resident"],
        "dispatcher": "hub", "acceptors": ["volunteer", "social"], "skills": ["repair_appliance"], "minutes": "30",
        "is_active": "on",
    }  # fmt: skip
    assert client.get("/admin/service-types/repair/").status_code == 200
    assert text_of(client.post("/admin/service-types/repair/", {**typed, "orderers": []}), 422)
    assert client.post("/admin/service-types/repair/", typed).status_code == 302
    assert actions.ship_service_types() == []
    assert client.get("/admin/service-types/new/").status_code == 200
    assert client.post("/admin/service-types/new/", {**typed, "code": "new_one"}).status_code == 302
    page = text_of(client.get("/admin/order-settings/"))
    assert "派单答复期限" in page
    from haitang.orders.queries import list_order_settings

    values = {
        line.key: "\n".join(map(str, line.value)) if isinstance(line.value, list) else line.value
        for line in list_order_settings(viewer=actor_with(Permission.SETTINGS))
    }
    assert text_of(client.post("/admin/order-settings/", {**values, "remind_days": "明天"}), 422)
    assert client.post("/admin/order-settings/", {**values, "offer_hours": "6"}).status_code == 302
    from haitang.orders.queries import order_rules

    assert order_rules().setting("offer_hours") == 6


def test_a_list_of_orders_costs_the_same_at_any_size(as_, town):
    service = open_service(capacity_slot=50, capacity_day=50)
    client = as_(town.secretary)
    costs = []
    for many in (2, 12):
        for n in range(many):
            order(town.secretary, service, channel="phone", now=NOW + timedelta(seconds=n))
        client.get("/orders/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/orders/")
        costs.append(len(asked))
    assert costs[0] == costs[1]
