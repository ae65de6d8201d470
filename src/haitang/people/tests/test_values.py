"""The shipped roles and the words they use, telephones, passwords, and the token command."""

import importlib
import pkgutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

import haitang
from haitang.core.errors import Invalid
from haitang.core.models import Entry
from haitang.people import queries, values
from haitang.testing import people as cast

NAMED = {code for named in values.permission_groups().values() for code in named}


def declared(app: str) -> set[str]:
    """The words of an app's Permission, however it spells them; nothing for an app without any."""
    try:
        module = importlib.import_module(f"haitang.{app}.values")
    except ModuleNotFoundError:
        return set()
    permission = getattr(module, "Permission", None)
    return {str(word) for name, word in vars(permission).items() if name.isupper()} if permission else set()


APPS = sorted(found.name for found in pkgutil.iter_modules(haitang.__path__) if found.ispkg and declared(found.name))


@pytest.mark.parametrize("app", APPS)
def test_every_permission_of_an_app_has_a_name_and_every_name_a_permission(app):
    assert declared(app) == {code for code in NAMED if code.startswith(f"{app}.")}


ADMINISTRATION = {
    "alliances.settings.manage", "callbacks.settings.manage", "callups.settings.manage", "cases.catalog.manage",
    "cases.routing.manage", "command.dashboard.view", "councils.settings.manage", "core.history.audit",
    "exchange.settings.manage", "ferry.zone.manage", "opendata.publication.manage", "wechat.account.manage",
    "indicators.formula.manage", "indicators.table.view", "office.layout.manage", "opinions.settings.manage",
    "organizations.organization.manage", "orders.service.manage", "orders.settings.manage", "oversight.rule.manage",
    "owners.settings.manage",
    "patrols.monitor.view", "patrols.settings.manage", "people.account.manage", "people.delegation.manage",
    "people.grant.manage", "people.person.manage", "people.person.unmask", "points.settings.manage",
    "privacy.look.view", "privacy.report.view", "privacy.settings.manage",
    "projects.settings.manage", "rounds.settings.manage", "servicedays.settings.manage", "surveys.settings.manage",
    "territory.area.manage", "territory.area.view", "volunteers.settings.manage", "voting.settings.manage",
    "sso.provider.manage", "webhooks.subscription.manage",
    "whistles.rules.manage", "wishes.settings.manage", "worktime.calendar.manage",
}  # fmt: skip


def test_every_permission_is_work_on_cases_or_administration():
    assert {code for code in NAMED if not code.startswith(values.CASE_WORK)} == ADMINISTRATION


def test_shipped_roles_use_known_permissions_and_keep_administrators_apart():
    for role in values.shipped_roles():
        assert set(role.permissions) <= NAMED, role.code
        assert len(set(role.permissions)) == len(role.permissions), role.code
        values.duty_of(set(role.permissions))


def test_the_named_cast_of_roles_is_shipped():
    codes = {role.code for role in values.shipped_roles()}
    assert codes >= {
        "resident", "grid_worker", "community_secretary", "street_dispatcher", "department_handler", "checker",
        "leader", "system_admin", "security_admin", "audit_admin", "integration",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0000-1234", "13800001234"),
        ("+86 13800001234", "13800001234"),
        ("（0512）5351 1234", "051253511234"),
        ("１３８００００１２３４", "13800001234"),
        ("12345", "12345"),
        ("  ", ""),
    ],
)
def test_a_telephone_is_kept_as_digits(typed, kept):
    assert values.normalize_phone(typed) == kept


@pytest.mark.parametrize("typed", ["12", "abc", "1380000x234", "1" * 16, "1\x00380000", "٣٣٣٣٣٣"])
def test_what_is_no_telephone_is_refused(typed):
    with pytest.raises(Invalid):
        values.normalize_phone(typed)


@pytest.mark.parametrize(("password", "kinds"), [("Haitang-1", 4), ("haitang-1", 3), ("haitang1", 2), ("", 0)])
def test_a_password_mixes_kinds_of_characters(password, kinds):
    assert values.kinds_of(password) == kinds


@pytest.mark.django_db
def test_the_token_command_prints_a_token_that_works():
    account, printed = cast.build_account(), StringIO()
    call_command("token", account.username, stdout=printed)
    assert queries.authenticate_token(printed.getvalue().strip()).id == account.pk
    with pytest.raises(CommandError, match="没有账号"):
        call_command("token", "nobody")


@pytest.mark.django_db
def test_the_first_administrators_are_made_once_and_are_three_people():
    printed = StringIO()
    call_command("first_administrators", stdout=printed)
    made = dict(line.split() for line in printed.getvalue().splitlines()[:3])
    duties = {}
    for username, password in made.items():
        account = cast.Account.objects.get(username=username)
        assert account.check_password(password)
        assert account.must_change_password
        actor = queries.get_actor(account.pk)
        duties[username] = {values.DUTY_OF[p] for p in values.DUTY_OF if actor.holds(p)}
    assert duties == {"sysadmin": {"system"}, "secadmin": {"security"}, "auditor": {"audit"}}
    with pytest.raises(CommandError, match="已有管理员"):
        call_command("first_administrators")


@pytest.mark.django_db
def test_an_administrator_who_forgot_the_password_is_helped_on_the_machine_and_on_the_record():
    account = cast.build_account()
    cast.give(account, "security_admin")
    printed = StringIO()
    call_command("reset_password", account.username, stdout=printed)
    account.refresh_from_db()
    assert account.check_password(printed.getvalue().splitlines()[0])
    assert account.must_change_password
    said = Entry.objects.filter(fact="PasswordReset").order_by("-id").first()
    assert (said.subject_id, said.actor_name) == (account.pk, "命令行")
    with pytest.raises(CommandError, match="没有账号"):
        call_command("reset_password", "nobody")
