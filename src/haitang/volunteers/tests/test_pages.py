"""The pages: registering on the telephone, a person's own, the office's."""

import re

import pytest
from django.urls import reverse

from haitang.core import access, clock
from haitang.testing.actors import NOW
from haitang.testing.desks import enter
from haitang.volunteers import actions, queries
from haitang.volunteers.models import Volunteer
from haitang.volunteers.values import Service, shipped_consent

GRID = "320585001001001"


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor."""
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def enter_as(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as


def page(client, name, *args, status=200, **more):
    answer = client.get(reverse(f"volunteers:{name}", args=args), more)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def send(client, name, data, *args, status=302):
    answer = client.post(reverse(f"volunteers:{name}", args=args), data)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer


FIRST = {"name": "陈姐", "phone": "13900001111", "area": GRID}
SECOND = {**FIRST, "skills": ["haircut", "elder_care"], "times": ["15", "18"], "reach_m": "1000", "wants_calls": "on"}
AGREED = {"consented": "on", "consent_version": shipped_consent().version}


def test_registering_in_three_steps_without_an_account(town, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert "我要登记" in page(client, "front")
    assert "第一网格" in page(client, "register")
    wrong = send(client, "register", {"step": "1", "name": "", "phone": "1", "area": GRID}, status=422)
    assert "能帮什么忙" not in wrong.content.decode()
    two = send(client, "register", {"step": "1", **FIRST}, status=200).content.decode()
    assert 'type="hidden" name="name" value="陈姐"' in two
    assert 'name="skills"' in two
    three = send(client, "register", {"step": "2", **SECOND}, status=200).content.decode()
    assert three.count('type="hidden" name="skills"') == 2
    assert "撤回" in three
    assert not Volunteer.objects.exists()
    back = send(client, "register", {"step": "3", "back": "1", **SECOND}, status=200).content.decode()
    assert 'value="haircut" class="form-check-input" id=' in back or "checked" in back
    send(client, "register", {"step": "3", **SECOND}, status=422)
    send(client, "register", {"step": "3", **SECOND, "consented": "on", "consent_version": "2025-01"}, status=422)
    send(client, "register", {"step": "3", **SECOND, **AGREED})
    row = Volunteer.objects.get()
    assert (row.name, row.times, row.reach_m, row.wants_calls) == ("陈姐", [15, 18], 1000, True)
    told = page(client, "registered")
    code = re.search(r"<strong>([A-Z0-9]{10})</strong>", told)[1]
    assert "139****1111" in page(client, "mine")
    client.logout()
    page(client, "mine", status=302)
    send(client, "find", {"number": row.number, "code": "AAAAAAAAAA"}, status=422)
    send(client, "find", {"number": row.number, "code": code})
    send(client, "change", {**SECOND, "skills": ["law"]})
    row.refresh_from_db()
    assert row.skills == ["law"]
    send(client, "withdraw", {})
    page(client, "mine", status=302)
    assert Volunteer.objects.get().name == ""


def test_who_stands_there_already_is_told_so_and_loses_nothing(town, entered, client):
    data = {"step": "3", **SECOND, "phone": "13800001234", **AGREED}
    answer = send(client, "register", data, status=409).content.decode()
    assert "该电话已经登记过" in answer
    assert 'value="陈姐"' in answer


def test_an_account_has_its_hours_certificate_and_calendar(town, client, profile, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    account = town.account("resident")
    client.force_login(account)
    from haitang.people.queries import get_actor

    made = actions.register_volunteer(actor=get_actor(account.pk), profile=profile(), consented=True, now=NOW)
    pk = made.volunteer.pk
    began = NOW.replace(hour=0, minute=0)
    actions.record_services(actor=town.secretary, services=[Service("orders", "1", pk, "修电视", began, NOW)], now=NOW)
    assert "修电视" in page(client, "mine")
    page(client, "register", status=302)
    send(client, "certify", {"from_date": "2026-05-01", "to_date": "2026-04-01"}, status=422)
    address = send(client, "certify", {"from_date": "2026-05-01", "to_date": "2026-05-06"}).url
    shown = client.get(address).content.decode()
    code = re.search(r"<dd>([A-Z0-9]{12})</dd>", shown)[1]
    assert "1.5 小时" in shown
    assert client.get(address + "docx/").content[:2] == b"PK"
    opened = send(client, "calendar", {"open": "1"}, status=200).content.decode()
    secret = re.search(r"/help/calendar/[A-Z0-9]+\.ics", opened)
    client.logout()
    assert client.get(secret[0]).content.startswith(b"BEGIN:VCALENDAR")
    checked = page(client, "verify", code=code)
    assert "证明有效" in checked
    assert "138" not in checked
    assert "没有这个验证码" in page(client, "verify", code="X" * 12)
    assert client.get(address).status_code == 302
    client.force_login(account)
    send(client, "calendar", {"close": "1"})
    assert client.get(secret[0]).status_code == 404


def test_staff_see_the_register_with_telephones_masked(town, entered, as_):
    client, pk = as_(town.secretary), entered.volunteer.pk
    listed = page(client, "list", area=GRID, skill="repair_appliance", calls="1")
    assert "吴师傅" in listed
    assert "13800001234" not in listed
    assert "没有符合条件的人" in page(client, "list", member_class="employed")
    assert "吴师傅" in page(client, "list", q="13800001234")
    assert "吴师傅" in page(client, "volunteer", pk)
    assert "13800001234" in send(client, "unmask", {"reason": "通知集合"}, pk, status=200).content.decode()
    send(client, "unmask", {"reason": ""}, pk, status=422)
    enter("DZB1", "party_branch")
    send(client, "relation", {"member_class": "employed", "from_date": "2026-05-06"}, pk, status=422)
    send(client, "relation", {"member_class": "employed", "home_branch": "DZB1", "from_date": "2026-05-06"}, pk)
    assert "双向共管" in page(client, "list", branch="DZB1")
    figures = page(client, "figures")
    assert "member_class=employed" in figures
    assert "吴师傅" not in page(client, "figures", by="unit")
    for query, reason in (("", ""), (f"?area={GRID}", "应急名册")):
        answer = client.post(reverse("volunteers:export") + query, {"reason": reason})
        assert answer.content.startswith(b"PK")
    send(client, "relation", {"member_class": "", "from_date": "2026-05-06"}, pk)
    assert queries.membership_on(pk, clock.local_date(NOW)) is None


def test_staff_enter_and_change_and_withdraw(town, entered, as_):
    client = as_(town.secretary)
    new = {**FIRST, "reach_m": "3000", "forces": ["model_worker"]}
    send(client, "new", new, status=422)
    address = send(client, "new", {**new, "consented": "on"}).url
    assert "劳动模范" in client.get(address).content.decode()
    pk = Volunteer.objects.exclude(pk=entered.volunteer.pk).get().pk
    send(client, "volunteer_change", {**new, "name": "陈大姐"}, pk)
    assert Volunteer.objects.get(pk=pk).name == "陈大姐"
    send(client, "volunteer_withdraw", {}, pk)
    assert "个人信息已删除" in page(client, "volunteer", pk)
    worker = as_(town.grid)
    page(worker, "volunteer", entered.volunteer.pk)
    page(worker, "new", status=403)
    page(as_(town.outsider), "volunteer", entered.volunteer.pk, status=404)


def test_a_file_is_brought_and_taken_in(town, as_):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = as_(town.secretary)
    text = f"姓名,电话,居住网格,本人同意\n王一,13800000001,{GRID},是\n王二,13800000002,{GRID},否\n"
    send(client, "import", {"file": SimpleUploadedFile("x.csv", b"")}, status=422)
    address = send(client, "import", {"file": SimpleUploadedFile("名单.csv", text.encode())}).url
    shown = client.get(address).content.decode()
    assert "本人未同意，不能登记" in shown
    assert client.post(address).status_code == 302
    assert Volunteer.objects.count() == 1
    assert client.post(address).status_code == 409
    assert "名单.csv" in page(client, "import")
    answer = client.get(reverse("volunteers:import_template"))
    assert answer.content.startswith(b"PK")
    page(as_(town.leader), "import", status=403)


def test_the_office_keeps_catalogues_and_settings(town, as_):
    from haitang.testing.actors import actor_with
    from haitang.volunteers.values import Permission

    client = as_(actor_with(Permission.SETTINGS))
    assert "家电维修" in page(client, "catalogues")
    page(client, "catalogue", "nothing", status=404)
    send(client, "item_new", {"code": "chess", "name": "下 棋"}, "skill", status=422)
    send(client, "item_new", {"code": "chess", "name": "下棋", "is_active": "on"}, "skill")
    send(client, "item", {"name": "理发", "group": "上门便民"}, "skill", "haircut")
    assert {item.code for item in queries.rules().of("skill")} & {"chess", "haircut"} == {"chess"}
    actions.ship_volunteer_catalogue()
    assert "haircut" not in {item.code for item in queries.rules().of("skill")}
    assert "依据" in page(client, "settings")
    kept = {"reach_default_m": "2000", "service_hours_max": "16", "load_days": "30", "calendar_days": "180"}
    ways = {"resident": "direct", "employed": "shared", "retired": "shared", "mobile": "assisted"}
    send(client, "settings", {**kept, **{f"management_of_class_{key}": value for key, value in ways.items()}})
    assert queries.rules().setting("reach_default_m") == 2000
    assert queries.rules().setting("management_of_class")["employed"] == "shared"
    page(as_(town.secretary), "settings", status=403)
