"""Every page of cases in both languages: in English nothing Chinese is left but what people wrote."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from haitang.cases import actions, queries
from haitang.cases.models import Case, Category, Phrase, RoutingRule
from haitang.cases.queries.catalog import CASE_SETTINGS
from haitang.cases.values import Permission
from haitang.core import access, clock
from haitang.core.access import EVERYWHERE, Grant
from haitang.core.models import Entry
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.testing.actors import NOW
from haitang.testing.cases import report

pytestmark = pytest.mark.django_db
CHINESE = re.compile("[\u4e00-\u9fff]+")


@pytest.fixture
def everybody(town):
    """A viewer who may do everything that the dispatcher, the secretary and the managers may."""
    every = frozenset(Grant(permission, EVERYWHERE) for permission in Permission)
    return type(town.dispatcher)("Zhou", id=14, organization_id=town.desks["HTJD"], grants=every)


def written() -> str:
    """All that people wrote, in whatever language."""
    rows = [
        *Case.objects.values_list("description", "place", "routing_reason", "deadlines"),
        *Category.objects.values_list("name", "keywords", "source", "limits"),
        *RoutingRule.objects.values_list("name", "reason"), *Phrase.objects.values_list("text"),
        *((each.value, each.source) for each in CASE_SETTINGS.lines()),
        *Entry.objects.values_list("actor_name", "organization_name", "data"),
        *((area.name,) for area in territory().descendants(None)),
        *((each.name, each.label) for each in organizations()),
        ("王* 张* 分钟 紧急工作时 工作时 工作日 自然日",),
    ]  # fmt: skip
    return " ".join(str(cell) for row in rows for cell in row)


def main_of(response) -> str:
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_the_readers_language(town, everybody, client, monkeypatch, language):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=2))
    monkeypatch.setattr(access, "VISITOR", everybody)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    case = report(town.resident, reporter_name="王阿姨", reporter_phone="13900000001")
    report(town.resident)
    actions.verify_case(actor=town.grid, case_id=case.pk, opinion="情况属实", now=NOW)
    actions.tell_missed_deadlines(actor=everybody, now=NOW + timedelta(days=1))
    rule, category = RoutingRule.objects.first(), Category.objects.first()
    pages = [("case", case.pk), ("route", rule.pk), ("category", category.pk)]
    pages += [(name,) for name in ("list", "todo", "done", "mine", "new", "categories", "category_new", "phrases")]
    pages += [(name,) for name in ("routes", "route_new", "settings")]
    answers = [(name, client.get(reverse(f"cases:{name}", args=ids))) for name, *ids in pages]
    tried = {"number": case.number}
    answers.append(("trial", client.get(reverse("cases:routes"), tried)))
    answers.append(("nothing", client.get(reverse("cases:list"), {"q": "no such", "area": "nowhere"})))
    answers.append(("refused", client.post(reverse("cases:deed", args=[case.pk, "verify"]), {"opinion": "again"})))
    answers.append(("empty", client.post(reverse("cases:new"), {})))
    _routing, steps = queries.dry_run_routing(viewer=everybody, case_id=case.pk)
    known = " ".join([written(), *(step.outcome for step in steps)])
    for name, answer in answers:
        assert answer.status_code in (200, 409, 422), name
        left = {run for run in CHINESE.findall(main_of(answer)) if run not in known}
        assert bool(left) is (language == "zh-hans"), (name, left)
