"""The pages as everybody, families, claimants and the office see them; what is refused keeps what was typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.testing.actors import NOW, actor_with
from haitang.wishes import actions
from haitang.wishes.models import Claim, Wish
from haitang.wishes.tests.cast import GRID, PHONE, SECRETS, claimed, confirmed, entered, opened, somebody, volunteer
from haitang.wishes.values import Permission

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "想要一个书包", "kind": "学习用品", "words": "蓝色", "cost": "100-200", "area": "320585001001",
    "name": "韩梅", "phone": "15400007777", "address": "3幢201", "story": "奶奶带着", "contact": "between",
    "separate_consent": "on",
    "between_name": "李建国", "between_phone": "15400006666", "channel": "visit", "consented": "on",
}  # fmt: skip


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_anybody_looks_and_signs_in_to_claim(client, bag):
    assert "想要一个双肩书包" in text_of(client.get("/wishes/"))
    assert "登录后认领" in text_of(client.get(f"/wishes/{bag.pk}/"))
    assert client.post(f"/wishes/{bag.pk}/claim/", {"phone": PHONE}).status_code in (302, 401)
    assert client.get("/my-wishes/").status_code in (302, 401)
    assert client.get("/wish-claims/").status_code in (302, 401)
    assert "还没有圆梦的心愿" in text_of(client.get("/wishes/?show=granted"))


def test_an_empty_wall_says_so(client, town):
    assert "现在没有等待认领的心愿" in text_of(client.get("/wishes/?kind=陪伴&area=320585001"))


def test_a_volunteer_claims_with_the_phone_they_have_given(as_, town, bag):
    actor, _entry = volunteer(town)
    client = as_(actor)
    assert f'value="{PHONE}"' in text_of(client.get(f"/wishes/{bag.pk}/"))
    refused = text_of(client.post(f"/wishes/{bag.pk}/claim/", {"phone": "", "words": "周六送到"}), 422)
    assert "周六送到" in refused
    answer = client.post(f"/wishes/{bag.pk}/claim/", {"phone": PHONE, "words": "周六送到"})
    claim = Claim.objects.get()
    assert answer["Location"] == f"/wish-claims/{claim.pk}/"
    page = text_of(client.get(answer["Location"]))
    assert "社区正在确认" in page
    assert "看看怎么联系" not in page
    assert "想要一个双肩书包" in text_of(client.get("/wish-claims/"))
    assert client.post(f"/wish-claims/{claim.pk}/contact/").status_code == 404


def test_who_is_too_late_reads_so_and_loses_nothing(as_, town, bag, lin):
    claimed(somebody("先来的"), bag)
    page = text_of(as_(lin).post(f"/wishes/{bag.pk}/claim/", {"phone": "15400005555", "words": "周六就能送"}), 409)
    for part in ("先认领了", "15400005555", "周六就能送", "看看别的心愿"):
        assert part in page, part


def test_the_claimant_goes_through_to_the_end(as_, town, bag, lin):
    claim = confirmed(town, lin, bag)
    client, base = as_(lin), f"/wish-claims/{claim.pk}/"
    first = text_of(client.get(base))
    for secret in SECRETS:
        assert secret not in first, secret
    assert "15400006666" in text_of(client.post(base + "contact/"))
    assert Entry.objects.filter(fact="WishContactSeen").count() == 1
    assert client.post(base + "start/").status_code == 302
    assert "分钟" in text_of(client.post(base + "deliver/", {"words": "放在社区了", "minutes": "9999"}), 422)
    assert client.post(base + "deliver/", {"words": "放在社区了", "minutes": ""}).status_code == 302
    as_(town.secretary).post(f"/wish-desk/{bag.pk}/receive/")
    assert "代家庭确认" in text_of(as_(town.secretary).get(f"/wish-desk/{bag.pk}/"))
    as_(town.secretary).post(f"/wish-desk/{bag.pk}/thank/", {"words": "孩子笑了"})
    client = as_(lin)
    assert "孩子笑了" in text_of(client.get(base))
    assert client.post(base + "feedback/", {"words": "值得"}).status_code == 302
    assert client.post(base + "nonsense/").status_code == 404


def test_a_claim_is_nobody_elses_business(as_, town, bag, lin):
    claim = claimed(lin, bag)
    for stranger in (somebody("路人"), town.grid):
        assert as_(stranger).get(f"/wish-claims/{claim.pk}/").status_code == 404
        assert as_(stranger).post(f"/wish-claims/{claim.pk}/start/").status_code == 404


def test_a_family_says_what_it_wishes_for_and_confirms(as_, town, lin):
    family = somebody("韩梅")
    client = as_(family)
    assert "还没有说过心愿" in text_of(client.get("/my-wishes/"))
    given = {name: TYPED[name] for name in TYPED if name not in ("between_name", "between_phone", "channel", "story")}
    refused = text_of(client.post("/my-wishes/new/", {**given, "words": "送到3幢201室"}), 422)
    assert "送到3幢201室" in refused
    assert "门牌地址" in refused
    answer = client.post("/my-wishes/new/", given)
    wish = Wish.objects.get()
    assert answer["Location"] == f"/my-wishes/{wish.pk}/"
    assert "社区正在看" in text_of(client.get(answer["Location"]))
    assert client.post(f"/my-wishes/{wish.pk}/change/", {**given, "title": "想要一个大书包"}).status_code == 302
    office = as_(town.secretary)
    assert office.post(f"/wish-desk/{wish.pk}/publish/").status_code == 302
    assert "请填写转交联系人" in text_of(office.get(f"/wish-desk/{wish.pk}/"))
    blank = {**TYPED, "title": "想要一个大书包", "name": "", "phone": "", "address": "", "story": ""}
    form = text_of(office.get(f"/wish-desk/{wish.pk}/change/"))
    assert "15400007777" not in form
    assert office.post(f"/wish-desk/{wish.pk}/change/", blank).status_code == 302
    office.post(f"/wish-desk/{wish.pk}/publish/")
    claim = confirmed(town, lin, wish)
    actions.deliver_wish(actor=lin, claim_id=claim.pk, now=NOW)
    client = as_(family)
    assert "去确认" in text_of(client.get("/my-wishes/"))
    assert client.post(f"/my-wishes/{wish.pk}/contest/", {"reason": ""}).status_code == 422
    assert client.post(f"/my-wishes/{wish.pk}/receive/").status_code == 302
    assert client.post(f"/my-wishes/{wish.pk}/thank/", {"words": "谢谢"}).status_code == 302
    assert "谢谢" in text_of(client.get(f"/my-wishes/{wish.pk}/"))
    assert as_(lin).get(f"/my-wishes/{wish.pk}/").status_code == 404
    assert as_(town.secretary).get(f"/my-wishes/{wish.pk}/").status_code == 404


def test_the_office_enters_checks_and_confirms(as_, town, lin):
    client = as_(town.secretary)
    assert "没有符合条件的心愿" in text_of(client.get("/wish-desk/"))
    refused = text_of(client.post("/wish-desk/new/", {**TYPED, "consented": ""}), 422)
    assert "先征得家庭同意" in refused
    assert "奶奶带着" in refused
    answer = client.post("/wish-desk/new/", {**TYPED, "area": GRID})
    wish = Wish.objects.get()
    assert answer["Location"] == f"/wish-desk/{wish.pk}/"
    page = text_of(client.get(answer["Location"]))
    assert "15400007777" not in page
    assert "154****7777" in page
    assert "奶奶带着" in page
    assert "奶奶带着" not in text_of(as_(town.grid).get(answer["Location"]))
    client = as_(town.secretary)
    client.post(f"/wish-desk/{wish.pk}/publish/")
    claim = claimed(lin, wish)
    assert "确认认领人" in text_of(client.get(f"/wish-desk/{wish.pk}/"))
    assert text_of(client.post(f"/wish-desk/{wish.pk}/decline/", {"reason": ""}), 422)
    client.post(f"/wish-desk/{wish.pk}/confirm/")
    claim.refresh_from_db()
    assert claim.status == "confirmed"
    full = text_of(client.post(f"/wish-desk/{wish.pk}/contact/", {"reason": "核对"}))
    for part in ("15400007777", "15400006666", PHONE):
        assert part in full, part
    assert client.post(f"/wish-desk/{wish.pk}/nonsense/").status_code == 404
    assert client.get(f"/wish-desk/{wish.pk}/").status_code == 200
    client.post(f"/wish-desk/{wish.pk}/release/", {"reason": "联系不上"})
    assert "重新开放" in text_of(client.get(f"/wish-desk/{wish.pk}/"))
    assert as_(somebody("路人")).get("/wish-desk/").status_code == 403


def test_the_desk_costs_the_same_statements_at_any_size(as_, town, lin):
    client = as_(town.secretary)
    entered(town)
    client.get("/wish-desk/")
    with CaptureQueriesContext(connection) as few:
        client.get("/wish-desk/")
    for number in range(6):
        claimed(somebody(f"人{number}"), opened(town, title=f"第{number}个"))
    with CaptureQueriesContext(connection) as many:
        client.get("/wish-desk/")
    assert len(many) == len(few)


def test_the_office_changes_the_rules(as_):
    keeper = actor_with(Permission.SETTINGS, account_id=900_020, name="业务管理员")
    client = as_(keeper)
    shown = client.get("/admin/wish-settings/")
    form = shown.context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert "看不懂时限" in text_of(client.post("/admin/wish-settings/", {**typed, "start_limit": "很快"}), 422)
    assert client.post("/admin/wish-settings/", {**typed, "cost_bands": "100\n50"}).status_code in (400, 422)
    changed = {**typed, "start_limit": "7工作日", "kinds": "书\n笔"}
    assert client.post("/admin/wish-settings/", changed).status_code == 302
    assert Entry.objects.filter(fact="WishSettingChanged").count() == 2


def test_a_unit_sees_what_it_has_claimed(as_, town, bag):
    desk = town.desks["ZJJ"]
    speaker = actor_with(Permission.CLAIM, account_id=4713, name="联络员", organization_id=desk)
    assert isinstance(speaker, Actor)
    confirmed(town, speaker, bag, organization_id=desk)
    assert "想要一个双肩书包" in text_of(as_(speaker).get("/wish-claims/"))
