"""Who keeps providers and ties identities to accounts; secrets and subjects stay sealed; nobody becomes another."""

import pytest
from django.urls import reverse

from haitang.core import clock, crypto
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.people.queries import get_actor
from haitang.sso import actions
from haitang.sso.jobs import forget_erased
from haitang.sso.models import SECRET as SECRET_CONTEXT
from haitang.sso.models import Identity, IdentityProvider
from haitang.sso.tests.provider import CLIENT, SECRET
from haitang.sso.values import IdentityNotFound, IdentityTaken, OutOfReach
from haitang.testing import people
from haitang.testing.people import PASSWORD, refused


def given(provider, **changes):
    return {
        "code": "city", "name": "市统一认证", "issuer": provider.url, "client_id": CLIENT, "secret": SECRET,
        "subject_claim": "sub", **changes,
    }  # fmt: skip


def test_it_is_entered_by_a_page_and_its_secret_never_shown(client, provider, keeper, caplog):
    client.force_login(keeper)
    page = client.post(reverse("sso:new"), given(provider))
    row = IdentityProvider.objects.get()
    assert page.url == reverse("sso:one", args=[row.pk])
    assert crypto.open_(row.secret_sealed, SECRET_CONTEXT) == SECRET
    assert SECRET.encode() not in bytes(row.secret_sealed)
    for name in ("one", "change", "identity_enter"):
        shown = client.get(reverse(f"sso:{name}", args=[row.pk]))
        assert shown.status_code == 200
        assert SECRET not in shown.content.decode()
    assert "http://testserver/sign-in/city/back/" in client.get(page.url).content.decode()
    client.post(
        reverse("sso:change", args=[row.pk]), {"name": "新名", "client_id": CLIENT, "secret": "", "is_active": "on"}
    )
    row.refresh_from_db()
    assert (row.name, crypto.open_(row.secret_sealed, SECRET_CONTEXT)) == ("新名", SECRET)
    assert not any(SECRET in str(entry.data) for entry in Entry.objects.all())
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issuer": "http://127.0.0.1:1/"}, "issuer"),
        ({"issuer": "https://10.0.0.1/"}, "issuer"),
        ({"issuer": "https://169.254.169.254/"}, "issuer"),
        ({"issuer": "no address"}, "issuer"),
        ({"code": "a b"}, "code"),
        ({"name": " "}, "name"),
        ({"client_id": ""}, "client_id"),
        ({"subject_claim": " "}, "subject_claim"),
    ],
)
def test_what_cannot_be_is_refused_by_page_and_action(client, provider, keeper, changes, field):
    client.force_login(keeper)
    page = client.post(reverse("sso:new"), given(provider, **changes))
    assert page.status_code == 422
    refusal = refused(Invalid, actions.add_provider, actor=get_actor(keeper.pk), now=clock.now(),
                      **given(provider, **changes))  # fmt: skip
    assert field in refusal.fields
    assert not IdentityProvider.objects.exists()


def test_an_issuer_that_publishes_another_name_or_an_inside_address_is_refused(provider, keeper):
    for config in (
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "https://10.0.0.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ):
        provider.config = config
        refused(Invalid, actions.add_provider, actor=get_actor(keeper.pk), now=clock.now(), **given(provider))


def test_two_do_not_share_a_short_name(client, provider, city, keeper):
    client.force_login(keeper)
    page = client.post(reverse("sso:new"), given(provider))
    assert page.status_code == 409
    assert "短名已被使用" in page.content.decode()


def test_doors_are_closed_to_all_others(client, town, city, clerk):
    identity = Identity.objects.get()
    for account, status in ((town.account("dispatcher"), 403), (None, 302)):
        if account:
            client.force_login(account)
        for name, args in (
            ("providers", []), ("new", []), ("rules", []), ("trust", []), ("one", [city.pk]), ("change", [city.pk]),
            ("identity_enter", [city.pk]),
        ):  # fmt: skip
            assert client.get(reverse(f"sso:{name}", args=args)).status_code == status, name
        posted = client.post(reverse("sso:identity_remove", args=[identity.pk]))
        assert posted.status_code == (403 if account else 401)
        client.logout()


def test_system_administrators_do_not_say_what_is_believed(client, city, keeper):
    client.force_login(keeper)
    assert client.get(reverse("sso:trust")).status_code == 403
    refused(NotAllowed, actions.trust_assurances, actor=get_actor(keeper.pk), provider_id=city.pk, trusted=["mfa"],
            now=clock.now())  # fmt: skip


def test_one_ties_ones_own_identity_after_the_password(client, provider, city):
    account = people.build_account("李员", password=PASSWORD)
    client.post("/accounts/login/", {"login": account.username, "password": PASSWORD})
    link = reverse("sso:link", args=["city"])
    asked = client.get(link)
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert client.post(link).url.startswith(reverse("account_reauthenticate"))
    client.post(asked.url, {"password": PASSWORD})
    page = client.get(link)
    assert provider.url in page.headers["Content-Security-Policy"].partition("form-action")[2].partition(";")[0]
    done = client.get(provider.authorize(client.post(link).url))
    assert done.url == reverse("people:security")
    identity = Identity.objects.get()
    assert (identity.account, identity.linked_by) == (account, account)
    assert provider.subject.encode() not in bytes(identity.subject_sealed) + bytes(identity.subject_index)
    assert Entry.objects.get(fact="IdentityLinked").data["is_own"]
    assert "解除关联" in client.get(reverse("people:security")).content.decode()
    client.post(reverse("sso:unlink", args=[identity.pk]))
    assert not Identity.objects.exists()


def test_a_way_begun_by_one_ties_nothing_to_another(client, provider, city):
    mine, other = people.build_account("甲", password=PASSWORD), people.build_account("乙", password=PASSWORD)
    link = reverse("sso:link", args=["city"])
    client.post("/accounts/login/", {"login": mine.username, "password": PASSWORD})
    client.post(f"/accounts/reauthenticate/?next={link}", {"password": PASSWORD})
    url = provider.authorize(client.post(link).url)
    kept = dict(client.session["sso_ways"])
    client.force_login(other)
    session = client.session
    session["sso_ways"] = kept
    session.save()
    client.get(url)
    assert not Identity.objects.exists()


def test_an_identity_opens_one_account_and_an_account_has_one_there(provider, city, keeper, clerk):
    other = people.build_account("另一位")
    said = {"actor": get_actor(keeper.pk), "provider_id": city.pk, "now": clock.now()}
    refused(IdentityTaken, actions.enter_identity, username=other.username, subject=provider.subject, **said)
    refused(IdentityTaken, actions.enter_identity, username=clerk.username, subject="S-0009", **said)
    refusal = refused(Invalid, actions.enter_identity, username="nobody", subject="S-0009", **said)
    assert "username" in refusal.fields


def test_the_owner_is_told_and_administrators_are_out_of_reach(provider, city, keeper, clerk):
    assert Notice.objects.filter(account=clerk, key__startswith="sso:").count() == 1
    for role in ("security_admin", "audit_admin"):
        administrator = people.build_account(role)
        people.give(administrator, role)
        refused(OutOfReach, actions.enter_identity, actor=get_actor(keeper.pk), provider_id=city.pk,
                username=administrator.username, subject="S-0009", now=clock.now())  # fmt: skip
    refused(OutOfReach, actions.enter_identity, actor=get_actor(keeper.pk), provider_id=city.pk,
            username=keeper.username, subject="S-0009", now=clock.now())  # fmt: skip


def test_untying_by_an_administrator_ends_what_it_opened(client, provider, city, keeper, clerk):
    client.get(provider.authorize(client.get(reverse("sso:go", args=["city"])).url))
    assert client.get(reverse("people:me")).status_code == 200
    identity = Identity.objects.get()
    refused(IdentityNotFound, actions.unlink_own_identity, actor=get_actor(keeper.pk), identity_id=identity.pk,
            now=clock.now())  # fmt: skip
    actions.unlink_identity(actor=get_actor(keeper.pk), identity_id=identity.pk, now=clock.now())
    assert client.get(reverse("people:me")).status_code == 302
    refused(IdentityNotFound, actions.unlink_identity, actor=get_actor(keeper.pk), identity_id=identity.pk,
            now=clock.now())  # fmt: skip


def test_an_erased_account_leaves_no_identity(clerk):
    forget_erased(account_id=clerk.pk)
    forget_erased(account_id=clerk.pk)
    assert not Identity.objects.exists()


def test_rules_are_changed_by_a_page_within_bounds(client, keeper):
    client.force_login(keeper)
    page = client.get(reverse("sso:rules"))
    values = {
        "attempt_minutes": 5, "timeout_s": 10, "skew_s": 60, "reread_minutes": 60, "attempts_per_minute": 20,
        "code_s": 60, "token_minutes": 10, "id_token_minutes": 5, "old_key_hours": 24,
        "token_requests_per_minute": 300,
    }  # fmt: skip
    assert page.status_code == 200
    assert client.post(reverse("sso:rules"), values).status_code == 302
    assert Entry.objects.get(fact="SingleSignOnRuleChanged").data["value"] == "5"
    assert client.post(reverse("sso:rules"), {**values, "timeout_s": 600}).status_code == 422


def test_the_page_of_signing_in_asks_nothing_more(client, city, django_assert_max_num_queries):
    client.get(reverse("account_login"))
    with django_assert_max_num_queries(2):  # the versions of policies, and none for providers
        client.get(reverse("account_login"))
