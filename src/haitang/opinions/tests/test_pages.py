"""The pages as visitors, residents and the office see them; what is refused keeps what was typed."""

import pytest

from haitang.core.access import VISITOR
from haitang.opinions import actions, jobs, queries
from haitang.opinions.models import Conversation, Statement, Vote
from haitang.opinions.queries import GroupView
from haitang.opinions.tests.cast import SEEDS, answer, opened, resident, started, statements, two_camps
from haitang.opinions.views.picture import picture_of
from haitang.testing.actors import NOW, actor_with

pytestmark = pytest.mark.django_db


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_anybody_reads_and_signs_in_to_answer(as_, client, town):
    assert "现在没有征集" in text_of(client.get("/conversations/"))
    row = opened(town)
    as_(VISITOR)
    assert "小区的车怎么停" in text_of(client.get("/conversations/"))
    assert "登录后参加" in text_of(client.get(f"/conversations/{row.pk}/"))
    assert client.post(f"/conversations/{row.pk}/answer/", {}).status_code in (302, 401)
    assert client.get("/conversation-desk/").status_code in (302, 401)


def test_a_draft_is_nobodys_business(as_, town):
    row = started(town)
    for page in ("", "results/", "votes.csv"):
        assert as_(resident(1)).get(f"/conversations/{row.pk}/{page}").status_code == 404


def test_a_resident_answers_one_after_the_other_and_changes_their_mind(as_, town):
    row = opened(town)
    client = as_(resident(1))
    url = f"/conversations/{row.pk}/"
    for done in range(6):
        page = text_of(client.get(url))
        assert f"已表态 {done} / 6" in page
        asked = next(each for each in statements(row) if f'op-statement">{each.words}<' in page)
        assert client.post(url + "answer/", {"statement": asked.pk, "answer": "1"})["Location"] == url
    assert "都答完了" in text_of(client.get(url))
    first = statements(row)[0]
    back = client.post(url + "answer/", {"statement": first.pk, "answer": "-1", "back": "mine"})
    assert back["Location"] == url + "mine/"
    assert text_of(client.get(back["Location"])).count('aria-pressed="true"') == 6
    assert Vote.objects.filter(answer=-1).count() == 1


def test_htmx_gets_the_next_statement_alone(as_, town):
    row = opened(town)
    client = as_(resident(1))
    asked = queries.get_own_part(viewer=resident(1), conversation=row).next
    answered = {"statement": asked.pk, "answer": "0"}
    page = text_of(client.post(f"/conversations/{row.pk}/answer/", answered, headers={"HX-Request": "true"}))
    assert "<html" not in page
    assert "已表态 1 / 6" in page


def test_a_statement_is_written_and_a_bad_one_stays_in_the_field(as_, town):
    row = opened(town)
    client = as_(resident(1))
    page = text_of(client.post(f"/conversations/{row.pk}/say/", {"words": "打 13912345678 找我"}), 422)
    assert "打 13912345678 找我" in page
    assert client.post(f"/conversations/{row.pk}/say/", {"words": "晚上错峰停"}).status_code == 302
    assert "待审核" in text_of(client.get(f"/conversations/{row.pk}/"))


def test_staff_do_not_answer_what_is_for_residents(as_, town):
    row = opened(town)
    assert "这次只听居民的意见" in text_of(as_(town.secretary).get(f"/conversations/{row.pk}/"))
    first = statements(row)[0]
    refused = as_(town.secretary).post(f"/conversations/{row.pk}/answer/", {"statement": first.pk, "answer": "1"})
    assert refused.status_code == 403


def test_the_desk_from_the_form_to_the_close(as_, town):
    client = as_(town.secretary)
    typed = {
        "title": "广场舞跳到几点？", "words": "", "area": "320585001001", "opens_at": "2026-05-06T09:00",
        "closes_at": "2026-05-20T18:00", "who": "residents", "seeds": "\n".join(SEEDS[:3]),
    }  # fmt: skip
    assert "截止时间应晚于开始时间" in text_of(
        client.post("/conversation-desk/new/", {**typed, "closes_at": "2026-05-01T18:00"}), 422
    )
    made = client.post("/conversation-desk/new/", typed)["Location"]
    row = Conversation.objects.get()
    assert "至少 5 条观点" in text_of(client.post(made + "open/"), 409)
    assert client.post(made + "seed/", {"seeds": "\n".join(SEEDS[3:])}).status_code == 302
    assert client.post(made + "seed/", {"seeds": " \n "}).status_code == 422
    assert client.post(made + "open/").status_code == 302
    said = actions.say_statement(actor=resident(1), conversation_id=row.pk, words="九点", now=NOW)
    page = text_of(client.get(made))
    assert "九点" in page
    assert "居民1" not in page
    refused = text_of(client.post(f"{made}statements/{said.pk}/", {"deed": "deny", "reason": ""}), 422)
    assert 'class="ht-more" open' in refused
    assert client.post(f"{made}statements/{said.pk}/", {"deed": "accept"}).status_code == 302
    assert Statement.objects.get(pk=said.pk).status == "accepted"
    assert "九点" in text_of(client.get(made + "sheet/"))
    assert client.post(made + "sheet/", {f"s{said.pk}": "1"}).status_code == 302
    assert Vote.objects.count() == 1
    assert client.post(made + "close/").status_code == 302
    assert "参与的人还太少" in text_of(client.get(f"/conversations/{row.pk}/results/"))
    assert as_(town.outsider).get(made).status_code == 404


def test_results_have_a_picture_with_words_and_a_table(as_, town):
    row = opened(town)
    two_camps(row)
    actions.find_opinion_groups(actor=jobs.CLOCK, conversation_id=row.pk, now=NOW)
    page = text_of(as_(resident(1)).get(f"/conversations/{row.pk}/results/"))
    for part in ("第 1 组 12 人", "第 2 组 8 人", "您在第 1 组", "各组都认可的", "小区应当多种树", "100% 同意"):
        assert part in page, part
    sent_back = as_(resident(77)).get(f"/conversations/{row.pk}/results/")
    assert sent_back["Location"] == f"/conversations/{row.pk}/"
    actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
    public = as_(resident(77)).get(f"/conversations/{row.pk}/", follow=True)
    assert "不记名表态" in text_of(public)
    assert "您在第" not in text_of(as_(resident(1)).get(f"/conversations/{row.pk}/results/"))
    assert as_(resident(1)).get(f"/conversations/{row.pk}/mine/").status_code == 409
    votes = b"".join(as_(resident(77)).get(f"/conversations/{row.pk}/votes.csv").streaming_content).decode("utf-8-sig")
    assert len(votes.splitlines()) == 121
    assert ",-1," in votes


def test_the_rules_are_changed_in_the_office(as_, town):
    client = as_(actor_with("opinions.settings.manage"))
    page = text_of(client.get("/admin/opinion-settings/"))
    assert "Polis" in page
    held = {
        line.key: line.value for line in queries.list_opinion_settings(viewer=actor_with("opinions.settings.manage"))
    }
    assert client.post("/admin/opinion-settings/", {**held, "people_min": 30}).status_code == 302
    assert queries.rules()["people_min"] == 30
    for key, fewer in (("group_min", 1), ("people_min", 9), ("cell_min", 2)):
        assert "格式不正确" in text_of(client.post("/admin/opinion-settings/", {**held, key: fewer}), 422), key


def test_circles_never_lie_on_one_another():
    groups = [GroupView(n, people, n / 100, -n / 50, ()) for n, people in ((1, 400), (2, 30), (3, 20), (4, 6))]
    picture = picture_of(groups, 2)
    assert [each.is_own for each in picture.circles] == [False, False, True, False]
    for at, one in enumerate(picture.circles):
        for other in picture.circles[at + 1 :]:
            assert ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 >= one.radius + other.radius
    assert picture_of(groups, 2) == picture
    assert picture_of([], None) is None


def test_answers_cost_the_same_number_of_statements_whatever_was_answered(as_, town, django_assert_max_num_queries):
    row = opened(town)
    two_camps(row)
    answer(row, resident(50), statements(row)[0], 1)
    with django_assert_max_num_queries(12):
        text_of(as_(resident(50)).get(f"/conversations/{row.pk}/"))
