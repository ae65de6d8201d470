"""Every form that asks for something about a resident says what for; which version it was is kept with the deed."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

import haitang
from haitang.core import access, history
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.core.ui.notices import CONSENT, FIELD, SeparateConsent, notice_of
from haitang.privacy import actions, queries
from haitang.privacy.queries import shipped_notices
from haitang.privacy.values import Permission
from haitang.testing.actors import NOW, actor_with

KEEPER = actor_with(Permission.SETTINGS, name="陈专员")
ASKS = re.compile(r"(^|_)(name|phone|address|contact|who|identity|document|household|story|birth|age|age_band)(_|$)")
"""Names of fields that ask for something about a person."""
OF_THINGS = {
    "the name of a thing": """
        alliances.StationForm cases.CategoryForm cases.NewCategory cases.RuleForm councils.CouncilForm councils.KindForm
        exchange.CategoryForm exchange.RoundForm ferry.ZoneForm indicators.IndicatorForm office.LayoutForm
        office.SaveFilterForm orders.ServiceForm orders.TypeForm owners.CommitteeForm owners.EstateForm
        patrols.ChecklistForm people.NewRoleForm people.RoleForm people.TokenForm territory.Change territory.Create
        territory.Replace volunteers.ItemForm webhooks.SubscriptionForm whistles.KindForm worktime.CalendarForm
        worktime.DayForm organizations.Base organizations.Create opinions.ConversationForm alliances.AllianceForm
        alliances.BranchForm alliances.CommitteeForm alliances.LineForm sso.ProviderChangeForm sso.ProviderForm
        sso.SystemChangeForm sso.SystemForm
    """,
    "staff in the office they hold, which is public or work data": """
        alliances.MemberForm alliances.PartnerForm alliances.SeatForm councils.MemberForm owners.MemberForm
        people.AccountForm alliances.ContactForm alliances.InstructorForm
    """,
    "a filter of a list": "people.HistorySearch privacy.LookFilterForm",
    "how a draw is made": "councils.DrawForm",
    "drawn in steps of a form that has one": "volunteers.ProfileForm",
}
"""Forms with such a field that ask nothing of a resident, by why not."""


def every_form() -> dict[str, type[forms.BaseForm]]:
    found = {}
    for module in walk_packages(haitang.__path__, "haitang."):
        if re.search(r"\.(tests|migrations|testing)(\.|$)", module.name) or ".forms" not in module.name:
            continue
        for name, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(kind, forms.BaseForm) and kind.__module__.startswith("haitang."):
                found[f"{kind.__module__.split('.')[1]}.{name}"] = kind
    return found


def test_every_form_that_asks_for_something_about_a_person_has_its_notice():
    excused = {form for each in OF_THINGS.values() for form in each.split()}
    told = {form for each in shipped_notices().values() for form in each["forms"]}
    asking = {name for name, kind in every_form().items() if any(ASKS.search(field) for field in kind.base_fields)}
    assert asking - told - excused == set(), "a notice in privacy/data/notices.toml is missing"
    assert excused - asking == set(), "excused, but asks for nothing"
    assert told - every_form().keys() == set(), "a notice of a form that there is not"
    assert excused & told == set()


def test_the_fields_of_every_notice_are_those_of_its_forms():
    known = every_form()
    for code, told in shipped_notices().items():
        for form in told["forms"]:
            fields = known[form].base_fields.keys()
            assert not told["fields"] or fields & set(told["fields"]), (code, form)
        assert set(told["fields"]) <= {field for form in told["forms"] for field in known[form].base_fields}, code
        if told.get("consent"):
            assert all(issubclass(known[form], SeparateConsent) for form in told["forms"]), code
            assert set(told["consent_for"]) <= set(told["fields"]), code


def test_no_page_draws_such_a_field_past_the_sites_own_templates():
    """A field that a template writes by hand would stand there without its notice."""
    by_hand = re.compile(r"<(input|textarea)[^>]*name=\"(name|phone|address|contact\w*|\w+_phone)\"")
    found = [
        f"{path.parent.parent.name}/{path.name}"
        for path in Path(haitang.__path__[0]).rglob("templates/**/*.html")
        if by_hand.search(path.read_text()) and "portal/contact" not in str(path)
    ]
    assert set(found) <= {"templates/_list_tools.html"}, "the name of a saved filter alone is written by hand"


@pytest.mark.django_db
def test_a_form_shows_its_notice_once_after_the_last_of_its_fields():
    class Sample(forms.Form):
        name = forms.CharField()
        phone = forms.CharField()
        other = forms.CharField()

    Sample.__module__, Sample.__name__ = "haitang.portal.forms", "ContactForm"
    drawn = str(Sample())
    assert drawn.count(f'name="{FIELD}" value="report.1"') == 1
    assert drawn.index('name="phone"') < drawn.index(f'name="{FIELD}"') < drawn.index('name="other"')
    assert "36 个月" in drawn
    assert "向您核实情况" in drawn
    assert 'href="/me/data/"' in drawn


@pytest.mark.django_db
def test_what_is_handed_in_keeps_the_version_that_was_shown(town, client):
    words = {"purpose": "办结后打电话告诉您", "voluntary": "可以不填"}
    row = actions.change_notice(actor=KEEPER, code="me_too", now=NOW, **words)
    assert row.version == 2
    with pytest.raises(NotAllowed):
        actions.change_notice(actor=town.grid, code="me_too", purpose="别的", voluntary="可以不填", now=NOW)
    with pytest.raises(Invalid):
        actions.change_notice(actor=KEEPER, code="me_too", purpose="", voluntary="可以不填", now=NOW)
    assert actions.change_notice(actor=KEEPER, code="me_too", now=NOW, **words) is None

    def shown(text: str) -> str:
        return queries.shown_notice(QueryDict(text))

    assert shown("notice=me_too.2") == "me_too.2"
    assert shown("notice=me_too.1") == "me_too.1"  # the page was open while it was changed
    assert shown("notice=wish.1&separate_consent=on") == "wish.1+"
    assert shown("notice=me_too.3&notice=report.2&notice=x.1&notice=report.1%00&notice=report") == ""


@pytest.mark.django_db
def test_the_entry_of_a_deed_bears_it_and_no_other(town, client, monkeypatch):
    monkeypatch.setattr(access, "VISITOR", KEEPER)
    kept = {key: line.value for line in queries.list_privacy_settings(viewer=KEEPER) for key in [line.key]}
    months = {line.key: line.value for line in queries.list_month_settings(viewer=KEEPER)}
    form = {**kept, **months, "contact": "某某街道办，电话 12345"}
    client.post(reverse("privacy:settings"), {**form, "notice": "report.1"})
    assert Entry.objects.get(fact="PrivacySettingChanged").data[history.NOTICE] == "report.1"
    client.post(reverse("privacy:settings"), {**form, "contact": "另一处"})
    assert history.NOTICE not in Entry.objects.filter(fact="PrivacySettingChanged").order_by("-id")[0].data
    assert history.notice.get() == ""


@pytest.mark.django_db
def test_what_is_sensitive_is_not_taken_without_the_separate_consent(town, client, monkeypatch):
    from haitang.wishes.forms import WishForm

    form = WishForm({"address": "春和花园3幢201"}, viewer=town.dispatcher, family=True)
    assert CONSENT in form.errors
    assert (
        CONSENT
        not in WishForm({"address": "春和花园3幢201", CONSENT: "on"}, viewer=town.dispatcher, family=True).errors
    )
    assert CONSENT not in WishForm({"title": "想要一副老花镜"}, viewer=town.dispatcher, family=True).errors
    assert "监护人" in notice_of(form).consent


@pytest.mark.django_db
def test_the_office_changes_the_words_on_its_pages(town, client, monkeypatch):
    monkeypatch.setattr(access, "VISITOR", KEEPER)
    assert "微实事提案" in client.get(reverse("privacy:notices")).content.decode()
    url = reverse("privacy:notice", args=["report"])
    assert client.get(url).status_code == 200
    assert client.post(url, {"purpose": "", "voluntary": "x"}).status_code == 422
    assert client.post(url, {"purpose": "只为核实", "voluntary": "都可以不填"}).status_code == 302
    page = client.get(url).content.decode()
    assert "第 2 版" in page
    assert Entry.objects.get(fact="NoticeChanged").data["changed"] == ["purpose", "voluntary"]
    assert client.get(reverse("privacy:notice", args=["nothing"])).status_code == 404
    monkeypatch.setattr(access, "VISITOR", town.grid)
    assert client.get(url).status_code == 403
