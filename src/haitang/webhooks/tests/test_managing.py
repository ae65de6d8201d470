"""Subscriptions are managed within one's areas, by page and by API; secrets are shown once; addresses are judged."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

from haitang.core.errors import Conflict, Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.people.actions import create_token
from haitang.people.queries import get_actor
from haitang.testing import people
from haitang.testing.people import refused
from haitang.webhooks import actions, queries
from haitang.webhooks.models import Delivery, Subscription
from haitang.webhooks.tests.city import NOW, subscribe
from haitang.webhooks.values import SubscriptionNotFound, kinds

URL = "https://receiver.example/hook?word=hidden"


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def local_admin(town):
    """Somebody who manages the webhooks of one community."""
    account = people.build_account("社区系统员")
    people.give(account, permission="webhooks.subscription.manage", area_id=town.areas["spring"])
    return account


def given(**changes):
    return {"name": "数据平台", "url": URL, "area_code": "", "level": "internal", "chosen": ["case.closed"], **changes}


def test_it_is_made_by_a_page_and_its_secret_shown_once(signed_in):
    page = signed_in.post(reverse("webhooks:new"), given())
    secret = re.search(r'value="(whsec_[^"]+)"', page.content.decode())[1]
    assert "no-store" in page.headers["Cache-Control"]
    row = Subscription.objects.get()
    assert (row.kinds, row.state, row.name) == (["case.closed"], "active", "数据平台")
    assert secret.encode() not in bytes(row.secret_sealed)
    for name in ("list", "one", "edit", "rules"):
        shown = signed_in.get(reverse(f"webhooks:{name}", args=[row.pk] if name in ("one", "edit") else []))
        assert shown.status_code == 200
        assert secret not in shown.content.decode()
    for entry in Entry.objects.filter(subject_type="webhook"):
        assert not any(word in str(entry.data) for word in (secret, "hidden"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://receiver.example/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "url"),
        ({"name": " "}, "name"),
        ({"level": "personal"}, "level"),
        ({"chosen": []}, "chosen"),
        ({"chosen": ["case.unmasked"]}, "chosen"),
        ({"area_code": "nowhere"}, "area_code"),
    ],
)
def test_what_cannot_be_is_refused_by_page_and_action(signed_in, owner, changes, field):
    page = signed_in.post(reverse("webhooks:new"), given(**changes))
    assert page.status_code == 422
    assert "is-invalid" in page.content.decode() or "ht-alert-error" in page.content.decode()
    refusal = refused(Invalid, actions.make_subscription, actor=get_actor(owner.pk), now=NOW, **given(**changes))
    assert field in refusal.fields
    assert not Subscription.objects.exists()


def test_each_manages_what_lies_in_their_areas(town, owner, local_admin):
    whole, _secret = subscribe(owner, URL)
    local = get_actor(local_admin.pk)
    refused(NotAllowed, actions.make_subscription, actor=local, now=NOW, **given())
    spring = town.area("320585001001")
    row, _secret = actions.make_subscription(actor=local, now=NOW, **given(area_code=spring.code))
    assert [view.row.pk for view in queries.list_subscriptions(viewer=local)] == [row.pk]
    assert len(queries.list_subscriptions(viewer=get_actor(owner.pk))) == 2
    for action in (actions.pause_subscription, actions.end_subscription, actions.rotate_secret):
        refused(SubscriptionNotFound, action, actor=local, subscription_id=whole.pk, now=NOW)
    refused(
        NotAllowed, actions.change_subscription, actor=local, subscription_id=row.pk, now=NOW, **given(area_code="")
    )
    refused(NotAllowed, queries.list_subscriptions, viewer=get_actor(people.build_account().pk))


def test_whoever_may_not_manage_is_shown_nothing(town, client, owner):
    row, _secret = subscribe(owner, URL)
    client.force_login(town.account("dispatcher"))
    for name, args in (("list", []), ("new", []), ("rules", []), ("one", [row.pk]), ("edit", [row.pk])):
        assert client.get(reverse(f"webhooks:{name}", args=args)).status_code == 403
    for name in ("test", "secret", "pause", "resume", "end", "dead"):
        assert client.post(reverse(f"webhooks:{name}", args=[row.pk])).status_code == 403


def test_a_test_is_sent_now_and_its_end_is_told(signed_in, owner, receiver):
    row, secret = subscribe(owner, receiver.url)
    page = signed_in.post(reverse("webhooks:test", args=[row.pk]), follow=True)
    assert "测试已送到" in page.content.decode()
    assert receiver.taken[0].kind == "webhook.test"
    assert receiver.taken[0].is_signed(secret)
    receiver.answer = lambda _n, _event: 302
    page = signed_in.post(reverse("webhooks:test", args=[row.pk]), follow=True)
    assert "HTTP 302" in page.content.decode()
    for _n in range(28):
        actions.try_subscription(actor=get_actor(owner.pk), subscription_id=row.pk, now=NOW)
    assert signed_in.post(reverse("webhooks:test", args=[row.pk])).status_code in (302, 429)


def test_an_inside_address_typed_before_the_rule_is_not_asked(owner, receiver, settings):
    row, _secret = subscribe(owner, receiver.url)
    settings.OUTGOING_NETWORKS = []
    sent = actions.try_subscription(actor=get_actor(owner.pk), subscription_id=row.pk, now=NOW)
    assert sent.standing == "dropped"
    assert not receiver.taken


def test_ended_for_good_nothing_of_it_is_left(signed_in, owner):
    row, _secret = subscribe(owner, URL)
    Delivery.objects.create(
        subscription=row, entry_id=1, kind="case.closed", subject_id=1, made_at=NOW, next_at=NOW, standing="dead"
    )
    assert "送达失败" in signed_in.get(reverse("webhooks:one", args=[row.pk]) + "?standing=dead").content.decode()
    signed_in.post(reverse("webhooks:end", args=[row.pk]))
    row.refresh_from_db()
    assert (row.state, bytes(row.secret_sealed), bytes(row.url_sealed)) == ("ended", b"", b"")
    assert Delivery.objects.get().standing == "dropped"
    assert signed_in.get(reverse("webhooks:one", args=[row.pk])).status_code == 200
    assert signed_in.post(reverse("webhooks:resume", args=[row.pk])).status_code == 409


def test_there_are_as_many_as_the_rules_allow(signed_in, owner):
    page = signed_in.get(reverse("webhooks:rules")).content.decode()
    assert "whsec" not in page
    lines = {line.key: line.value for line in queries.list_webhook_rules(viewer=get_actor(owner.pk))}
    typed = {
        key: "\n".join(map(str, value)) if isinstance(value, list) else value for key, value in lines.items()
    }  # fmt: skip
    assert signed_in.post(reverse("webhooks:rules"), {**typed, "subscriptions_max": 1}).status_code == 302
    assert signed_in.post(reverse("webhooks:rules"), {**typed, "retry_steps_s": "x"}).status_code == 422
    assert signed_in.post(reverse("webhooks:rules"), {**typed, "timeout_s": 99}).status_code == 422
    subscribe(owner, URL)
    refused(Conflict, actions.make_subscription, actor=get_actor(owner.pk), now=NOW, **given())


def test_the_api_does_what_the_pages_do(client, owner, receiver):
    token = create_token(actor=people.FOUNDER, account_id=owner.pk, name="对接", now=NOW)[1]

    def ask(method, path="", body=None):
        return client.generic(
            method, f"/api/v1/webhooks{path}", "" if body is None else json.dumps(body),
            content_type="application/json", headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip

    assert [each["kind"] for each in ask("GET", "/kinds").json()] == list(kinds())
    body = {"name": "平台", "url": receiver.url, "level": "public", "kinds": ["case.reported"]}
    made = ask("POST", "", body)
    assert made.status_code == 201
    here = f"/{made.json()['id']}"
    assert made.json()["secret"].startswith("whsec_")
    assert "secret" not in ask("GET", here).json()
    assert ask("POST", f"{here}/test").json()["standing"] == "delivered"
    assert ask("PUT", here, {**body, "name": "新名"}).json()["name"] == "新名"
    assert ask("POST", f"{here}/secret").json()["old_until"]
    assert ask("POST", f"{here}/pause").json()["state"] == "paused"
    assert ask("POST", f"{here}/pause").status_code == 409
    assert ask("POST", f"{here}/resume", {}).json()["state"] == "active"
    assert ask("GET", f"{here}/deliveries?standing=delivered").json()["total"] == 1
    assert ask("POST", f"{here}/dead/resend", {}).status_code == 409
    assert ask("POST", f"{here}/dead/drop", {"delivery_ids": [1]}).status_code == 409
    assert ask("DELETE", here).status_code == 204
    assert len(ask("GET").json()) == 1
    assert ask("POST", "", {**body, "url": "https://10.0.0.1/"}).status_code == 422


def test_the_guides_receiver_knows_what_is_ours(owner, receiver):
    """The example of docs/howto/webhooks.md, as it stands there."""
    text = (Path(__file__).parents[4] / "docs/howto/webhooks.md").read_text("utf-8")
    room: dict = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], room)  # the document's own example
    row, secret = subscribe(owner, receiver.url)
    actions.try_subscription(actor=get_actor(owner.pk), subscription_id=row.pk, now=NOW)
    taken = receiver.taken[0]
    headers = {
        "webhook-id": taken.id, "webhook-timestamp": str(taken.at), "webhook-signature": " ".join(taken.signatures)
    }  # fmt: skip
    at = NOW.timestamp() + 10
    room["check"](secret, headers, taken.body, at)
    for body, when, key in ((taken.body + b" ", at, secret), (taken.body, at + 600, secret), (taken.body, at, "AAAA")):
        with pytest.raises(ValueError, match=r"secret|old"):
            room["check"](key, headers, body, when)
