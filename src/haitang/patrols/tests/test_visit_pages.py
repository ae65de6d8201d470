"""Pages of visits, disputes and settings, as a browser without JavaScript meets them."""

from uuid import uuid4

import pytest
from django.urls import reverse

from haitang.cases.models import Case
from haitang.patrols import actions, queries
from haitang.patrols.models import Dispute, Hazard, Household, KnownField, Need, Visit
from haitang.patrols.values import Permission
from haitang.testing.actors import NOW, actor_with

pytestmark = pytest.mark.django_db
GRID = "320585001001001"


def test_a_visit_in_one_entry_and_a_second_that_asks_nothing_known(town, as_):
    client = as_(town.grid)
    answer = client.post(reverse("patrols:door"), {"area": GRID, "room": "3幢502"})
    home = Household.objects.get()
    page = reverse("patrols:visit_new", args=[home.pk])
    assert answer.url == page
    assert "3幢502" not in page
    assert 'name="contact_phone"' in client.get(page).content.decode()
    sent = {
        "entry_key": str(uuid4()), "contact_name": "林阿姨", "contact_phone": "15400001234", "level": "general",
        "need1": "楼下路灯不亮", "need1_kind": "case", "need2": "想要一副老花镜", "need2_kind": "wish",
        "hazard_words": "燃气软管老化",
    }  # fmt: skip
    failed = client.post(page, sent)
    assert failed.status_code == 422
    assert "住户未同意留下信息" in failed.content.decode()
    assert client.post(page, {**sent, "consented": "on"}).status_code == 302
    visit = Visit.objects.get()
    assert (Case.objects.count(), Need.objects.count(), Hazard.objects.count()) == (1, 2, 1)
    shown = client.get(reverse("patrols:visit", args=[visit.pk])).content.decode()
    assert Case.objects.get().number in shown
    second = client.get(page).content.decode()
    assert "154****1234" in second
    assert "15400001234" not in second
    assert 'name="still_contact_phone"' in second
    again = {"entry_key": str(uuid4()), "still_contact_phone": "holds", "still_contact_name": "changed"}
    assert client.post(page, again).status_code == 422
    assert client.post(page, {**again, "contact_name": "林月娥", "consented": "on"}).status_code == 302
    assert KnownField.objects.get(key="contact_name").value == "林月娥"
    assert "入户走访" in client.get(reverse("patrols:visits")).content.decode()


def test_a_household_is_seen_in_full_for_a_reason_and_deleted_on_demand(town, as_):
    client = as_(town.grid)
    client.post(reverse("patrols:door"), {"area": GRID, "room": "502"})
    home = Household.objects.get()
    sent = {"entry_key": str(uuid4()), "contact_phone": "15400001234", "consented": "on", "level": "general"}
    client.post(reverse("patrols:visit_new", args=[home.pk]), sent)
    contact = reverse("patrols:household_unmask", args=[home.pk])
    assert client.post(contact, {"reason": ""}).status_code == 422
    assert "15400001234" in client.post(contact, {"reason": "约时间"}).content.decode()
    assert "15400001234" not in client.get(reverse("patrols:household", args=[home.pk])).content.decode()
    assert client.post(reverse("patrols:household_withdraw", args=[home.pk])).status_code == 302
    assert not KnownField.objects.exists()


def test_wishes_wait_and_are_granted(town, as_):
    client = as_(town.grid)
    client.post(reverse("patrols:door"), {"area": GRID, "room": "502"})
    home = Household.objects.get()
    sent = {"entry_key": str(uuid4()), "need1": "想学用手机", "need1_kind": "wish", "level": "general"}
    client.post(reverse("patrols:visit_new", args=[home.pk]), sent)
    need = Need.objects.get()
    assert "想学用手机" in client.get(reverse("patrols:wishes")).content.decode()
    grant = reverse("patrols:wish", args=[need.pk])
    assert client.post(grant, {"answer": ""}).status_code == 422
    assert client.post(grant, {"answer": "志愿者上门教"}).status_code == 302
    assert "想学用手机" not in client.get(reverse("patrols:wishes")).content.decode()


def test_a_dispute_goes_through_its_page(town, as_):
    client = as_(town.grid)
    sent = {
        "kind": "邻里纠纷", "area": GRID, "matter": "楼上漏水", "applicant_name": "林阿姨",
        "applicant_phone": "15400001234", "respondent_name": "孙先生",
    }  # fmt: skip
    assert client.post(reverse("patrols:dispute_new"), {**sent, "matter": ""}).status_code == 422
    assert client.post(reverse("patrols:dispute_new"), sent).status_code == 302
    dispute = Dispute.objects.get()
    page = reverse("patrols:dispute", args=[dispute.pk])
    shown = client.get(page).content.decode()
    assert "林**" in shown
    assert "林阿姨" not in shown

    def deed(name, **more):
        return client.post(reverse("patrols:dispute_deed", args=[dispute.pk, name]), more).status_code

    assert deed("session", on="2026-05-06", words="双方到场") == 302
    assert deed("session", on="2026-06-06", words="未来") == 422
    assert deed("conclude", status="agreed", words="修好水管") == 302
    assert deed("conclude", status="agreed", words="再来") == 409
    assert deed("follow", is_kept="1", words="") == 422
    assert deed("follow", is_kept="1", words="已修好") == 302
    assert deed("nothing") == 404
    contact = reverse("patrols:dispute_unmask", args=[dispute.pk])
    assert client.post(contact, {"reason": ""}).status_code == 422
    assert "林阿姨" in client.post(contact, {"reason": "约时间"}).content.decode()
    assert dispute.number in client.get(reverse("patrols:disputes") + "?status=agreed").content.decode()
    assert as_(town.leader).get(page).status_code == 403


def test_the_monitor_and_the_settings_have_pages(town, as_):
    actions.open_household(actor=town.grid, area_code=GRID, room="502", now=NOW)
    asked = {"area_code": GRID, "room": "502", "form": "台账", "keys": ["people"]}
    actions.report_asked(actor=town.grid, now=NOW, **asked)
    assert 'data-label="重复询问"' in as_(town.secretary).get(reverse("patrols:monitor")).content.decode()
    assert "重复采集监测" in as_(town.secretary).get(reverse("patrols:monitor")).content.decode()
    client = as_(actor_with(Permission.MANAGE))
    page = reverse("patrols:settings")
    assert "隐患整改期限" in client.get(page).content.decode()
    sent = {
        "hazard_days_general": "10", "hazard_days_major": "1", "visit_fields": ["people"], "visit_keep_months": "12",
        "repeats_months": "6", "dispute_kinds": "邻里纠纷\n其他纠纷", "dispute_followup_days": "7\n三十",
    }  # fmt: skip
    assert client.post(page, sent).status_code == 422
    assert client.post(page, {**sent, "dispute_followup_days": "7\n30\n90"}).status_code == 302
    assert queries.rules().setting("dispute_followup_days") == [7, 30, 90]
    assert queries.rules().setting("hazard_days") == {"general": 10, "major": 1}
