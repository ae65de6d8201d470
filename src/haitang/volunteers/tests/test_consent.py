"""The text to which people agree: versions, who agreed to which, agreeing again."""

from haitang.core import access
from haitang.core.errors import NotAllowed
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import refused
from haitang.volunteers import actions, queries
from haitang.volunteers.models import Volunteer
from haitang.volunteers.queries import RegisterFilter
from haitang.volunteers.tests.test_pages import as_, page, send
from haitang.volunteers.values import ConsentInvalid, NoConsent, Permission, VolunteerNotFound, shipped_consent

__all__ = ["as_"]
KEEPER = actor_with(Permission.SETTINGS, Permission.VIEW, account_id=900_004)
TEXT = {"purpose": "请您帮忙", "kept": "姓名、电话", "rights": "随时撤回", "source": "《个人信息保护法》"}


def changed(**more):
    return actions.change_consent(**{"actor": KEEPER, "now": NOW, **TEXT, **more})


def test_a_new_text_is_a_new_version_and_the_old_one_stays_agreed_to(town, entered, profile):
    assert queries.consent() == shipped_consent()
    assert changed().version == "2026-02"
    assert changed().version == "2026-02"
    assert changed(kept="姓名").version == "2026-03"
    refused(NotAllowed, changed, actor=town.secretary)
    refused(ConsentInvalid, changed, rights=" ")
    refused(ConsentInvalid, changed, source="长" * 1001)
    actions.register_volunteer(
        actor=access.VISITOR, profile=profile(phone="13900004444"), consented=True, now=NOW
    )  # fmt: skip
    lines = queries.list_consents(viewer=KEEPER)
    assert [(line.consent.version, line.people) for line in lines] == [("2026-03", 1), ("2026-02", 0), ("2026-01", 1)]
    wanted = RegisterFilter(consent="2026-01")
    assert queries.list_volunteers(viewer=KEEPER, wanted=wanted, today=NOW.date()).rows == [entered.volunteer]


def test_the_person_agrees_to_the_newer_text_and_nobody_for_them(town, entered):
    changed()
    ask = {"volunteer_id": entered.volunteer.pk, "now": NOW}
    refused(VolunteerNotFound, actions.consent_again, actor=town.secretary, version="2026-02", **ask)
    own = {"actor": access.VISITOR, "code": entered.code, **ask}
    refused(NoConsent, actions.consent_again, version="2026-01", **own)
    for _twice in range(2):
        actions.consent_again(version="2026-02", **own)
    assert Volunteer.objects.get().consent_version == "2026-02"


def test_the_pages_change_the_text_and_ask_again(as_, town, entered):
    client = as_(KEEPER)
    assert "2026-01" in page(client, "consent")
    assert "请填写" in send(client, "consent", {**TEXT, "kept": " "}, status=422).content.decode()
    send(client, "consent", TEXT)
    assert "2026-02" in page(client, "consent")
    assert entered.volunteer.name in page(client, "list", consent="2026-01")
    assert entered.volunteer.name not in page(client, "list", consent="2026-02")
    client = as_(access.Actor("来访者", access.Kind.VISITOR))
    assert "请您帮忙" in page(client, "front")
    send(client, "find", {"number": entered.volunteer.number, "code": entered.code})
    assert "说明有了新版本" in page(client, "mine")
    send(client, "agree", {"version": "2026-02"})
    assert "说明有了新版本" not in page(client, "mine")
