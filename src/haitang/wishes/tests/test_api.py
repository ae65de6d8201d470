"""The API: strict about what comes in, once under a key, and silent about whose wish it is."""

import json

import pytest

from haitang.testing.actors import NOW
from haitang.wishes import actions
from haitang.wishes.models import Claim, Wish
from haitang.wishes.tests.cast import PHONE, SECRETS, claimed, somebody

pytestmark = pytest.mark.django_db
BODY = {
    "title": "想要一个书包", "kind": "学习用品", "words": "蓝色", "cost": "100-200", "area_code": "320585001001",
    "name": "韩梅", "phone": "15400007777", "between_name": "李建国", "between_phone": "15400006666",
    "consented": True, "channel": "visit",
}  # fmt: skip


def test_a_wish_goes_its_way_by_the_api(call, town, lin):
    office = town.account("secretary").pk
    made = [call(office, "post", "/wishes", BODY, key="k1") for _twice in range(2)]
    assert [each.status_code for each in made] == [201, 201], made[0].content
    wish = Wish.objects.get()
    assert made[0].json()["status"] == "draft"
    assert call(office, "post", f"/wishes/{wish.pk}/change", {**BODY, "words": "红色"}).json()["words"] == "红色"
    assert call(lin.id, "post", f"/wishes/{wish.pk}/change", BODY).status_code == 404
    assert call(office, "post", f"/wishes/{wish.pk}/publish").json()["status"] == "open"
    assert call(office, "post", f"/wishes/{wish.pk}/change", BODY).status_code == 409
    assert call(office, "get", "/wish-desk?status=open").json()["total"] == 1
    told = [call(lin.id, "post", f"/wishes/{wish.pk}/claims", {"phone": PHONE}, key="k2") for _twice in range(2)]
    assert [each.status_code for each in told] == [201, 201], told[0].content
    claim = f"/wish-claims/{Claim.objects.get().pk}"
    assert told[0].json() == told[1].json()
    assert call(lin.id, "post", f"{claim}/contact").status_code == 404
    assert call(lin.id, "post", f"{claim}/confirm").status_code == 403
    assert call(office, "post", f"{claim}/confirm").json()["status"] == "confirmed"
    assert call(lin.id, "post", f"{claim}/contact").json()["phone"] == "15400006666"
    assert call(lin.id, "post", f"{claim}/start").json()["wish"]["status"] == "preparing"
    assert call(lin.id, "post", f"{claim}/deliver", {"minutes": 30}).status_code == 200
    assert call(lin.id, "get", "/wish-claims").json()[0]["status"] == "confirmed"
    assert call(office, "post", f"/wishes/{wish.pk}/contest", {"reason": "没有来"}).json()["status"] == "preparing"
    call(lin.id, "post", f"{claim}/deliver")
    assert call(office, "post", f"/wishes/{wish.pk}/receive").json()["status"] == "granted"
    assert call(office, "post", f"/wishes/{wish.pk}/thanks", {"words": "谢谢"}).status_code == 200
    assert call(office, "post", f"{claim}/feedback", {"words": "很高兴"}).status_code == 404
    assert call(lin.id, "post", f"{claim}/feedback", {"words": "很高兴"}).status_code == 200
    assert Claim.objects.get().feedback == "很高兴"
    text = json.dumps(call(lin.id, "get", "/wishes?show=granted").json(), ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in text]


def test_the_second_to_claim_is_told_so(call, town, bag, lin):
    claimed(somebody("先来的"), bag)
    told = call(lin.id, "post", f"/wishes/{bag.pk}/claims", {"phone": PHONE})
    assert told.status_code == 409
    assert "先认领" in told.json()["detail"]


def test_a_family_by_the_api(call, town):
    family = somebody("韩梅").id
    made = call(family, "post", "/wishes", {**BODY, "by_family": True, "between_name": "", "between_phone": ""})
    assert made.status_code == 201, made.content
    assert call(family, "get", "/my-wishes").json()[0]["id"] == made.json()["id"]
    assert call(family, "post", "/wishes", BODY).status_code == 403
    told = call(family, "post", f"/wishes/{made.json()['id']}/withdraw", {"reason": "不用了"})
    assert told.json()["status"] == "withdrawn"


def test_hostile_input_is_refused(call, client, town, bag, lin):
    for path, body in (
        ("/wishes", {**BODY, "more": 1}), ("/wishes", {**BODY, "title": "\x00"}), ("/wishes", {**BODY, "cost": "1-"}),
        (f"/wishes/{bag.pk}/claims", {"phone": "x"}),
        (f"/wishes/{bag.pk}/claims", {"phone": PHONE, "words": "长" * 999}),
        (f"/wishes/{2**63 - 1}/claims", {"phone": PHONE}), (f"/wish-claims/{2**63 - 1}/deliver", {"minutes": 0}),
    ):  # fmt: skip
        assert call(lin.id, "post", path, body).status_code in (400, 403, 404, 422), (path, body)
    for path in (f"/wishes/{2**63}", "/wishes?cursor=nonsense", "/wishes/0"):
        assert call(lin.id, "get", path).status_code in (400, 404, 422), path
    for path in ("/wishes/999999999999999999999/", "/wishes/?cursor=x"):
        assert client.get(path).status_code in (400, 404, 422), path


def test_jobs_tell_who_is_concerned_and_twice_is_once(town, bag, lin):
    from haitang.core.models import Entry
    from haitang.people.models import Notice
    from haitang.wishes import jobs

    claim = claimed(lin, bag)
    actions.confirm_claim(actor=town.secretary, claim_id=claim.pk, now=NOW)
    entry = Entry.objects.get(fact="ClaimConfirmed")
    for _twice in range(2):
        jobs.tell_confirmed(entry_id=entry.pk, **entry.data)
    (notice,) = Notice.objects.filter(account_id=lin.id)
    assert notice.parts["title"] == bag.title
    for name, fact in (
        ("tell_claimed", "WishClaimed"),
        ("tell_published", "WishPublished"),
        ("tell_entered", "WishEntered"),
    ):
        row = Entry.objects.get(fact=fact)
        getattr(jobs, name)(entry_id=row.pk, **row.data)
