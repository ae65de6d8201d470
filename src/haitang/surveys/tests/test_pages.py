"""The pages as residents and the office meet them, and the API: three steps, no script, nobody to be found out."""

import json

import pytest
from python_calamine import CalamineWorkbook

from haitang.core import clock
from haitang.core.access import VISITOR
from haitang.people import actions as people
from haitang.surveys import actions, jobs, queries
from haitang.surveys.models import Answer, Survey
from haitang.surveys.tests import cast
from haitang.surveys.values import Permission, as_text, parse
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def closed(town, survey):
    codes = cast.codes_of(town.dispatcher, survey)
    for name, numbers in (("春和社区", (6, 5, 14)), ("秋实社区", (22, 6, 0))):
        for option, count in enumerate(numbers):
            for _each in range(count):
                given = {"q0": option, "q3": "电话 15400001111 找我"} if option == 2 else {"q0": option}
                cast.answer(VISITOR, codes[name].pop(), **given)
    actions.close_survey(actor=town.dispatcher, survey_id=survey.pk, now=NOW)
    return Survey.objects.get(pk=survey.pk)


def test_what_is_typed_is_read_and_comes_back_the_same():
    assert parse(as_text(parse(cast.TEXT))) == parse(cast.TEXT)


def test_a_resident_answers_in_three_steps(as_, town, survey):
    code = cast.codes_of(town.dispatcher, survey)["春和社区"][0]
    client = as_(VISITOR)
    assert "居民满意度调查" in text_of(client.get("/surveys/"))
    assert survey.seed in text_of(client.get(f"/surveys/{survey.pk}/"))
    assert "第 1 步" in text_of(client.get("/surveys/answer/"))
    assert "请核对" in text_of(client.post("/surveys/answer/", {"code": "ABCDEFGHJK"}), 422)
    questions = text_of(client.post("/surveys/answer/", {"code": f"{code[:5]}-{code[5:]}"}))
    assert "您对社区工作总体满意吗" in questions
    again = text_of(client.post("/surveys/answer/", {"code": code, "filled": "1", "q_3": "树太密"}), 422)
    assert "树太密" in again
    done = client.post("/surveys/answer/", {"code": code, "filled": "1", "q_0": "1", "q_1": ["0", "1"], "q_2_0": "2"})
    assert done["Location"] == "/surveys/thanks/"
    assert "谢谢您" in text_of(client.get("/surveys/thanks/"))
    assert Answer.objects.get().answers == {"0": 1, "1": [0, 1], "2.0": 2}
    assert client.post("/surveys/answer/", {"code": code}).status_code == 422


def test_the_office_leads_a_survey_through_its_life(as_, town):
    client = as_(town.dispatcher)
    assert "还没有调查" in text_of(client.get("/survey-desk/"))
    typed = {
        "title": "停车问卷", "area": cast.STREET, "entry": "code", "sample": "20", "closes_on": "2026-05-30",
        "questions": "[单选] 停车难吗？\n难", "words": "", "seed": "",
    }  # fmt: skip
    assert "应有 2 至" in text_of(client.post("/survey-desk/new/", typed), 422)
    answer = client.post("/survey-desk/new/", {**typed, "questions": cast.TEXT})
    page = answer["Location"]
    assert "试填一遍以后才能开始" in text_of(client.get(page))
    assert "停车问卷" in text_of(client.get(f"{page}change/"))
    assert client.post(f"{page}try/", {"q_0": "0"}).status_code == 302
    assert client.post(f"{page}open/").status_code == 302
    sheet = client.post(f"{page}codes/")
    assert sheet["Content-Type"].startswith("application/vnd.openxml")
    assert client.get(f"{page}qr.svg")["Content-Type"] == "image/svg+xml"
    assert "录入答卷" in text_of(client.get(page))
    assert "问卷码" in text_of(client.get(f"{page}enter/"))
    assert client.post(f"{page}close/").status_code == 302
    assert client.post(f"{page}publish/").status_code == 302
    assert client.get(f"{page}enter/").status_code == 404
    assert "公开页面" in text_of(client.get(page))
    assert client.post(f"{page}repeat/", {"closes_on": "2026-06-30"}).status_code == 302


def test_results_are_public_only_when_published_and_tell_of_nobody(as_, town, survey, tmp_path):
    row = closed(town, survey)
    client = as_(town.dispatcher)
    page = text_of(client.get(f"/survey-desk/{row.pk}/"))
    assert "应答率" in page
    assert "15400001111" not in page
    sheet = tmp_path / "result.xlsx"
    sheet.write_bytes(client.get(f"/survey-desk/{row.pk}/export/").content)
    told = CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()
    assert any("*" in line for line in told)
    client = as_(VISITOR)
    assert client.get(f"/surveys/{row.pk}/").status_code == 404
    actions.publish_survey(actor=town.dispatcher, survey_id=row.pk, now=NOW)
    public = text_of(client.get(f"/surveys/{row.pk}/"))
    assert "未显示" in public or "*" in public
    assert "找我" not in public


def test_a_community_does_not_know_what_others_answered_before_it_is_published(as_, town, survey):
    row = closed(town, survey)
    page, client = f"/survey-desk/{row.pk}/", as_(town.secretary)
    assert "应答率" not in text_of(client.get(page))
    assert client.get(f"{page}export/").status_code == 403
    actions.publish_survey(actor=town.dispatcher, survey_id=row.pk, now=NOW)
    assert "应答率" in text_of(client.get(page))
    assert client.get(f"{page}export/").status_code == 200


def test_a_review_is_led_by_those_responsible(as_, town, survey):
    row = closed(town, survey)
    (review,) = actions.open_reviews(actor=jobs.CLOCK, survey_id=row.pk, now=NOW)
    client = as_(town.secretary)
    assert "春和社区" in text_of(client.get("/survey-reviews/"))
    page = f"/survey-reviews/{review.pk}/"
    assert "不是对社区的评定" in text_of(client.get(page))
    assert "必填" in text_of(
        client.post(f"{page}measures/", {"responsible": " ", "measures": "修路", "due_on": "2026-06-01"}), 422
    )
    client.post(f"{page}measures/", {"responsible": "王书记", "measures": "修路", "due_on": "2026-06-01"})
    client.post(f"{page}report/", {"report": "修好了"})
    assert "起草复测" in text_of(client.get(page))
    assert as_(town.outsider).get(page).status_code == 404


def test_the_rules_are_changed_for_surveys_to_come(as_, town, survey):
    client = as_(actor_with(Permission.SETTINGS))
    assert "复核线" in text_of(client.get("/admin/survey-settings/"))
    typed = {**{key: value for key, value in queries.rules().items() if key != "weights"}, "threshold_pct": 70}
    wrong = {**typed, "weights": "满意\n"}
    assert "每行写" in text_of(client.post("/admin/survey-settings/", wrong), 422)
    client.post("/admin/survey-settings/", {**typed, "weights": "满意=100\n基本满意=60\n不满意=0"})
    assert queries.rules()["weights"]["基本满意"] == 60
    assert queries.rules()["threshold_pct"] == 70
    survey.refresh_from_db()
    assert survey.rules["threshold_pct"] == 60


def test_a_named_survey_and_a_link(as_, town):
    link = cast.opened(town.dispatcher, entry="link")
    named = cast.opened(town.dispatcher, entry="named", title="实名")
    client = as_(VISITOR)
    assert client.post(f"/surveys/{link.pk}/fill/", {"q_0": "0"})["Location"] == "/surveys/thanks/"
    assert client.get(f"/surveys/{named.pk}/fill/")["Location"].startswith("/accounts/login/")
    client = as_(town.resident)
    assert client.post(f"/surveys/{named.pk}/fill/", {"q_0": "0"}).status_code == 302
    assert "已经填过" in text_of(client.post(f"/surveys/{named.pk}/fill/", {"q_0": "0"}), 409)


def test_the_api_takes_answers_and_gives_figures(client, monkeypatch, town, survey):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    codes = cast.codes_of(town.dispatcher, survey)["春和社区"]

    def ask(account, path, body=None):
        token = people.create_token(actor=FOUNDER, account_id=account.pk, name="测试", now=NOW)[1]
        more = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
        send = client.post if body else client.get
        return send(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}, **more)

    somebody, office = town.account("resident"), town.account("dispatcher")
    assert ask(somebody, "/surveys").json()[0]["title"] == "居民满意度调查"
    assert ask(somebody, "/surveys/answers", {"code": codes[0], "answers": {"0": 99}}).status_code == 422
    assert ask(somebody, "/surveys/answers", {"code": codes[0], "answers": {"0": 2, "1": [0]}}).status_code == 201
    assert ask(somebody, "/surveys/answers", {"code": codes[0], "answers": {"0": 1}}).status_code == 422
    assert ask(somebody, f"/surveys/{survey.pk}").status_code in (403, 404)
    assert ask(office, f"/surveys/{survey.pk}").status_code == 409
    for code in codes[1:12]:
        cast.answer(VISITOR, code, q0=2)
    actions.close_survey(actor=town.dispatcher, survey_id=survey.pk, now=NOW)
    actions.open_reviews(actor=jobs.CLOCK, survey_id=survey.pk, now=NOW)
    told = ask(office, f"/surveys/{survey.pk}").json()
    assert (told["answered"], told["tables"][0]["total"]["counts"]) == (12, [0, 0, 12, 0])
    assert ask(office, "/survey-reviews").json()[0]["status"] == "opened"
