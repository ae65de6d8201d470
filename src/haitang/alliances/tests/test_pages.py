"""Pages of joint work, as a browser without JavaScript meets them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from haitang.alliances import queries
from haitang.alliances.models import Agreement, Contact, Link
from haitang.alliances.tests.playing import MANAGER, SPRING, YEAR
from haitang.alliances.tests.test_files import sheet
from haitang.core.access import VISITOR
from haitang.organizations.values import Kind
from haitang.testing import desks
from haitang.testing.actors import NOBODY, TODAY

pytestmark = pytest.mark.django_db
DECEMBER = timedelta(days=218)


def seen(client, page, *args, answers=200, **asked) -> str:
    answer = client.get(reverse(f"alliances:{page}", args=args), asked)
    assert answer.status_code == answers, answer.content.decode()[:500]
    return answer.content.decode()


def post(client, page, *args, answers=302, **sent):
    answer = client.post(reverse(f"alliances:{page}", args=args), sent)
    assert answer.status_code == answers, answer.content.decode()[-3000:]
    return answer


def test_a_year_on_the_pages(pair, as_):
    client, link = as_(pair.secretary), pair.link.pk
    assert "未签" in seen(client, "links", standing="missing")
    assert "拟定协议" in seen(client, "link", link)
    page = seen(client, "link_agreement", link, YEAR)
    assert page.count('type="checkbox"') == 9
    sent = {"use_wishes": "on", "times_wishes": "3", "goal_wishes": "十个微心愿", "use_talks": "on", "version": ""}
    refused = post(client, "link_agreement", link, YEAR, answers=422, words="留着的话")
    assert "请至少选一项责任" in refused.content.decode()
    assert "留着的话" in refused.content.decode()
    post(client, "link_agreement", link, YEAR, answers=422, **{**sent, "times_wishes": "999"})
    post(client, "link_agreement", link, YEAR, **sent)
    assert "等待单位确认" in seen(client, "links")
    client = as_(pair.unit)
    assert "等我方处理的协议" in seen(client, "unit")
    assert "十个微心愿" in seen(client, "link", link)
    post(client, "link_deed", link, YEAR, "return", reason="", version="1", answers=422)
    post(client, "link_deed", link, YEAR, "return", reason="次数太多", version="1")
    client = as_(pair.secretary)
    assert "次数太多" in seen(client, "link", link)
    page = seen(client, "link_agreement", link, YEAR)
    assert page.count("checked") == 2
    post(client, "link_agreement", link, YEAR, **{**sent, "times_wishes": "2", "version": "1"})
    client = as_(pair.unit)
    post(client, "link_deed", link, YEAR, "confirm", version="1", answers=409)
    post(client, "link_deed", link, YEAR, "confirm", version="2")
    assert Agreement.objects.get().stage == "agreed"
    post(client, "link_deed", link, YEAR, "contact", on=str(TODAY), who="八人", what="", answers=422)
    post(client, "link_deed", link, YEAR, "contact", on=str(TODAY), who="八人", what="义诊半天", duty="wishes")
    assert "义诊半天" in seen(client, "link", link)
    post(client, "link_deed", link, YEAR, "nothing", answers=404)
    row = Contact.objects.get()
    post(client, "contact_strike", link, row.pk, reason="", answers=422)
    post(client, "contact_strike", link, row.pk, reason="记错")
    assert "还没有联系记录" in seen(client, "link", link)


def test_both_judge_and_neither_sees_the_other_first(pair, as_):
    pair.agree()
    client, link = as_(pair.unit, DECEMBER), pair.link.pk
    criteria = {line.code: str(line.points - 1) for line in queries.rules().criteria_of("unit")}
    post(client, "link_deed", link, YEAR, "judge", **{**criteria, "community_needs": "99"}, answers=422)
    post(client, "link_deed", link, YEAR, "judge", **criteria, comment="需求提得准")
    client = as_(pair.secretary, DECEMBER)
    page = seen(client, "link", link)
    assert "需求提得准" not in page
    assert "96" not in seen(client, "links")
    assert "对方已经考评" in page
    criteria = {line.code: str(line.points) for line in queries.rules().criteria_of("community")}
    post(client, "link_deed", link, YEAR, "judge", **criteria)
    assert "需求提得准" in seen(client, "link", link)
    assert "好 96%" in seen(client, "links", standing="judged")


def test_links_made_ended_exported_and_in_figures(pair, as_):
    desks.enter("ZQ2", Kind.UNIT, name="实验小学")
    client = as_(pair.secretary)
    seen(client, "link_new")
    post(client, "link_new", unit="没有", area=SPRING, from_date=str(TODAY), answers=422)
    post(client, "link_new", unit="实验小学", area=SPRING, from_date=str(TODAY))
    made = Link.objects.get(unit__name="实验小学")
    assert "实验小学" in seen(client, "links", q="小学")
    again = post(client, "link_new", unit="实验小学", area=SPRING, from_date=str(TODAY), answers=409)
    assert "实验小学" in again.content.decode()
    post(client, "link_release", made.pk, to_date=str(TODAY), reason="", answers=422)
    post(client, "link_release", made.pk, to_date=str(TODAY), reason="撤并")
    assert "已解除" in seen(client, "links", ended="on")
    assert client.get(reverse("alliances:links_export")).content[:2] == b"PK"
    client = as_(pair.town.leader)
    page = seen(client, "link_figures", area="320585001000")
    assert f"?area={SPRING}&amp;year={YEAR}&amp;standing=missing" in page
    assert "海棠" in seen(client, "link_figures")
    assert client.get(reverse("alliances:link_figures"), {"format": "xlsx"}).content[:2] == b"PK"
    seen(as_(NOBODY), "link", pair.link.pk, answers=404)
    seen(as_(NOBODY), "links", answers=403)
    assert as_(VISITOR).get(reverse("alliances:links")).status_code in (302, 401, 403)


def test_a_sheet_on_its_pages(pair, as_):
    desks.enter("ZQ2", Kind.UNIT, name="实验小学")
    client = as_(pair.secretary)
    assert client.get(reverse("alliances:link_template")).content[:2] == b"PK"
    answer = post(client, "link_files", year=str(YEAR), file=SimpleUploadedFile("a.csv", sheet()))
    page = client.get(answer.url).content.decode()
    assert "行不能导入" in page
    assert client.post(answer.url + "take-in/").status_code == 302
    assert Agreement.objects.count() == 2
    post(client, "link_files", year=str(YEAR), file=SimpleUploadedFile("a.pdf", b"%PDF-1.4 x"), answers=422)
    assert as_(pair.unit).get(reverse("alliances:link_files")).status_code == 403


def test_rules_on_their_pages(pair, as_):
    client = as_(MANAGER)
    sent = {
        line.key: "\n".join(line.value) if isinstance(line.value, list) else str(line.value)
        for line in queries.list_alliance_settings(viewer=MANAGER)
    }
    post(client, "settings", **{**sent, "evaluation_from": "99-01"}, answers=422)
    post(client, "settings", **{**sent, "quiet_days": "30"})
    assert queries.rules().setting("quiet_days") == 30
    duty = {
        "code": "pets",
        "name": "文明养宠",
        "group": "共推基层治理",
        "owed": "unit",
        "times": "1",
        "is_active": "on",
    }
    post(client, "line_new", "duty", **{**duty, "group": ""}, answers=422)
    post(client, "line_new", "duty", **duty)
    post(client, "line", "duty", "pets", **{**duty, "name": "文明养宠宣传", "is_active": ""})
    assert "停用" in seen(client, "settings")
    seen(client, "line", "of_unit", "unit_duties")
    seen(client, "line", "of_unit", "pets", answers=404)
    seen(client, "line_new", "else", answers=404)
    assert as_(pair.secretary).get(reverse("alliances:settings")).status_code == 403
