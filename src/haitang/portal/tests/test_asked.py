"""A resident answers what a category asks, without JavaScript; the form changes; the old case keeps the old one."""

import pytest
from django.test import Client
from django.urls import reverse

from haitang.cases import actions, queries
from haitang.cases.models import Attachment, Case, Category
from haitang.cases.values import CaseForm, Question
from haitang.core import access
from haitang.portal.tests.story import photo
from haitang.testing.actors import NOW
from haitang.testing.cases import FOUNDER

pytestmark = pytest.mark.django_db
LAMPS = Question("lamps", "几盏灯不亮", "number", required=True)
SINCE = Question("since", "从什么时候", "one", ("今天", "一周以上"))
POLE = Question("pole", "灯杆编号的照片", "photo")
INNER = Question("inner", "内部判断", of="staff")


def ask(*questions: Question) -> None:
    lamp = Category.objects.get(code="10113")
    actions.change_form(actor=FOUNDER, now=NOW, category_id=lamp.pk, form=CaseForm(questions))


def test_a_resident_answers_and_the_old_case_keeps_its_form(town, monkeypatch):
    ask(LAMPS, SINCE, POLE, INNER)
    client, place = Client(), reverse("portal:report_place")
    matter = {"description": "楼下很黑", "category_code": "10113", "kind": "help", "next": "1"}
    assert client.post(reverse("portal:report"), matter).status_code == 302
    page = client.get(place).content.decode()
    assert "几盏灯不亮" in page
    assert "内部判断" not in page
    where = {"area_code": town.area("320585001001").code, "next": "1"}
    missing = client.post(place, where)
    assert (missing.status_code, "请回答“几盏灯不亮”" in missing.content.decode()) == (422, True)
    sent = {**where, "answer_lamps": "3", "answer_since": "一周以上", "answer_pole": photo()}
    assert client.post(place, sent).status_code == 302
    assert "一周以上" in client.get(reverse("portal:report_contact")).content.decode()
    ask(Question("lamps", "共有几盏路灯", "line", required=True))
    assert client.post(reverse("portal:report_contact"), {"send": "1"}).status_code == 302
    case = Case.objects.latest("id")
    assert {key: held["value"] for key, held in case.answers.items()} == {"lamps": 3, "since": "一周以上"}
    assert Attachment.objects.get(case=case).question == "pole"
    assert queries.form_ref_of(case).number == 1
    monkeypatch.setattr(access, "VISITOR", town.dispatcher)
    page = Client().get(reverse("cases:case", args=[case.pk])).content.decode()
    assert "几盏灯不亮" in page
    assert "共有几盏路灯" not in page
    assert "第 1 版" in page
