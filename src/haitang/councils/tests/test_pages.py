"""The pages: three steps on a phone, the desk from a topic to a settled resolution, draws recomputed by anybody."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from haitang.cases.models import Case
from haitang.councils import actions
from haitang.councils.models import (
    Council,
    CouncilKind,
    CouncilSetting,
    Draw,
    Member,
    Question,
    Resolution,
    Session,
    Topic,
)
from haitang.councils.tests.cast import SPRING, accepted, called, held, present, raised, resident, set_up
from haitang.councils.values import NewResolution
from haitang.projects.models import Project
from haitang.testing.actors import NOBODY, NOW, TODAY, actor_with

pytestmark = pytest.mark.django_db


def seen(client, view, *args, answers=200, **query):
    response = client.get(reverse(f"councils:{view}", args=args), query)
    assert response.status_code == answers, response.content.decode()[-2000:]
    return response.content.decode()


def post(client, view, *args, answers=302, **sent):
    response = client.post(reverse(f"councils:{view}", args=args), sent)
    assert response.status_code == answers, response.content.decode()[-2000:]
    return response.content.decode()


def test_a_resident_raises_a_matter_in_three_steps(town, as_):
    client = as_(resident())
    assert "您住在哪个社区" in seen(client, "topic_new")
    post(client, "topic_new", step="1", area="", answers=422)
    page = post(client, "topic_new", step="1", area=SPRING, answers=200)
    assert f'name="area" value="{SPRING}"' in page
    page = post(client, "topic_new", step="2", area=SPRING, title="", words="吵", answers=422)
    assert f'name="area" value="{SPRING}"' in page
    page = post(client, "topic_new", step="2", area=SPRING, title="广场舞", words="晚上太吵", answers=200)
    assert "确认提交" in page
    assert "晚上太吵" in page
    assert Topic.objects.count() == 0
    back = post(client, "topic_new", step="3", back="1", area=SPRING, title="广场舞", words="晚上太吵", answers=200)
    assert 'value="广场舞"' in back
    bad = post(client, "topic_new", step="3", area=SPRING, title="广场舞", words="打 13812345678", answers=422)
    assert "请去掉电话" in bad
    assert 'name="step" value="2"' in bad
    post(client, "topic_new", step="3", area=SPRING, title="广场舞", words="晚上太吵")
    row = Topic.objects.get()
    assert "前审核" in seen(client, "topic", row.pk)
    assert "广场舞" in seen(client, "mine")
    stranger = as_(resident("孙大爷"))
    seen(stranger, "topic", row.pk, answers=404)
    post(stranger, "topic_withdraw", row.pk, answers=404)
    assert "广场舞" not in seen(stranger, "councils")


def picture(colour):
    data = BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "JPEG")
    return SimpleUploadedFile(f"{colour}.jpg", data.getvalue())


def test_photos_of_a_matter_are_seen_by_who_may_read_it(town, as_, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    who, other = resident(), resident("孙大爷")
    given = {"area": SPRING, "title": "广场舞", "words": "晚上太吵"}
    page = post(as_(who), "topic_new", step="2", answers=200, **given)
    assert "multipart/form-data" in page
    post(as_(who), "topic_new", step="3", photos=[picture("red"), SimpleUploadedFile("a.txt", b"x")], **given)
    row = Topic.objects.get()
    red = row.photos.get()
    page = seen(as_(who), "topic", row.pk)
    assert reverse("councils:topic_photo", args=[row.pk, red.pk]) in page
    assert "“a.txt”没有添加" in page
    assert seen(as_(other), "topic_photo", row.pk, red.pk, answers=404)
    post(as_(other), "topic_photos", row.pk, photos=[picture("blue")], answers=404)
    for _twice in range(2):
        post(as_(who), "topic_photos", row.pk, photos=[picture("green")])
    assert row.photos.count() == 2
    assert "有人脸、门牌的" in seen(as_(town.secretary), "desk_topic", row.pk)
    actions.accept_topics(actor=town.secretary, topic_ids=[row.pk], now=NOW)
    assert as_(NOBODY).get(reverse("councils:topic_photo", args=[row.pk, red.pk])).content[:2] == b"\xff\xd8"
    elsewhere = accepted(town, other, title="加装充电桩")
    assert seen(as_(NOBODY), "topic_photo", elsewhere.pk, red.pk, answers=404)
    post(as_(who), "topic_photos", row.pk, photos=[picture("yellow")])  # what nobody has read is not added
    assert row.photos.count() == 2


def test_the_desk_from_a_topic_to_a_settled_resolution(town, as_):
    who, council = resident(), set_up(town)
    topic = raised(town, who)
    client = as_(town.secretary)
    assert "广场舞几点结束" in seen(client, "desk_topics", status="waiting")
    assert "林阿姨" not in seen(client, "desk_topic", topic.pk)
    post(client, "desk_topic", topic.pk, reason="", answers=422)
    post(client, "desk_topic", topic.pk, deed="accept")
    assert f"topic={topic.pk}" in seen(client, "desk_topic", topic.pk)
    assert topic.number in seen(client, "session_new", council.pk)
    at = (NOW + timedelta(hours=8) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    post(client, "session_new", council.pk, title="五月议事", at=at, answers=422)
    post(client, "session_new", council.pk, title="五月议事", at=at, topics=[str(topic.pk)], items="停车")
    session = Session.objects.get()
    post(
        client,
        "session_change",
        session.pk,
        title="五月议事会",
        at=at,
        place="居委会",
        topics=[str(topic.pk)],
        items="停车",
    )
    assert "居委会" in seen(client, "desk_session", session.pk)
    here = [str(each) for each in present(council, 4)]
    told = {"minutes": "议定两件事", "present": here, "summary": "商量了广场舞"}
    line = f"{topic.number} 九点前结束 | | {TODAY} | 4\n修长椅 | HTJD | | 3"
    bad = post(
        client, "session_deed", session.pk, "hold", **{**told, "resolutions": "修长椅 | 没有的单位"}, answers=422
    )
    assert "没有名为" in bad
    bad = post(
        client, "session_deed", session.pk, "hold", **{**told, "present": here[:3], "resolutions": line}, answers=409
    )
    assert "不足 2/3" in bad
    post(client, "session_deed", session.pk, "hold", **told, resolutions=line)
    dance, bench = Resolution.objects.order_by("pk")
    assert (dance.topic_id, dance.agreed, bench.topic_id) == (topic.pk, 4, None)
    page = seen(client, "desk_session", session.pk)
    assert "应到 6 人，到会 4 人" in page
    assert "转为案件" in page
    post(client, "resolution_deed", session.pk, dance.pk, "case", words="", answers=422)
    post(client, "resolution_deed", session.pk, dance.pk, "case", words="夜间噪声扰民，请处理", place="小广场")
    post(client, "resolution_deed", session.pk, bench.pk, "project", title="长椅更新", until_on="")
    assert Project.objects.get().title == "长椅更新"
    post(client, "session_deed", session.pk, "add", resolutions="再装一盏灯 | | | 4")
    more = Resolution.objects.get(text="再装一盏灯")
    post(client, "resolution_deed", session.pk, more.pk, "settle", words="", answers=422)
    post(client, "resolution_deed", session.pk, more.pk, "settle", words="已装好")
    post(client, "resolution_deed", session.pk, more.pk, "reopen", reason="又坏了")
    post(client, "resolution_deed", session.pk, more.pk, "vote", way="x", title="y", answers=422)
    post(client, "resolution_deed", session.pk, more.pk, "vote", way="residents", title="装不装灯")
    more.refresh_from_db()
    assert more.voting_desk_url in seen(client, "desk_session", session.pk)
    post(client, "resolution_deed", session.pk, more.pk, "else", answers=404)
    post(client, "session_deed", session.pk, "publish", summary="商量了广场舞和长椅")
    post(client, "session_deed", session.pk, "off", reason="不开", answers=409)
    post(client, "session_deed", session.pk, "else", answers=404)
    case = Case.objects.get()
    assert "由议事会议定转来" in client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert "再装一盏灯" in seen(client, "resolutions", status="open")
    assert client.get(reverse("councils:resolutions_export")).content[:2] == b"PK"
    author = as_(who)
    page = seen(author, "topic", topic.pk)
    assert "按案件办理" in page
    assert "商量了广场舞和长椅" in page
    assert case.number not in page
    public = seen(as_(NOBODY), "session", session.pk)
    assert "九点前结束" in public
    assert "议定两件事" not in public
    assert "成员0" not in public


def test_councils_and_members_on_the_desk(town, as_):
    client = as_(town.secretary)
    new = {
        "kind": "morning",
        "area": SPRING,
        "name": "连心晨会",
        "organization": "春和社区居委会",
        "from_date": str(TODAY),
    }
    post(client, "desk_new", **{**new, "organization": "没有"}, answers=422)
    office = client.get(reverse("councils:desk_new")).content.decode()
    assert "每周一早上" in office
    council = set_up(town)
    assert "议事成员" in seen(client, "desk_council", council.pk)
    post(client, "council_deed", council.pk, "seat", name="", answers=422)
    post(client, "council_deed", council.pk, "seat", name="赵老师", post="convener", from_date=str(TODAY))
    held_by = Member.objects.get(name="赵老师")
    seen(client, "member", council.pk, held_by.pk)
    post(client, "member", council.pk, held_by.pk, on=str(TODAY), reason="", answers=422)
    post(client, "member", council.pk, held_by.pk, on=str(TODAY), reason="搬家")
    seen(client, "member", council.pk, held_by.pk, answers=404)
    assert client.get(reverse("councils:desk_export")).content[:2] == b"PK"
    assert council.name in seen(client, "desk", kind="council")
    post(client, "council_deed", council.pk, "else", answers=404)
    post(client, "council_deed", council.pk, "end", on=str(TODAY), reason="改选")
    assert Council.objects.get().to_date == TODAY
    assert "赵老师" not in seen(as_(NOBODY), "council", council.pk)
    seen(as_(NOBODY), "desk", answers=403)
    seen(as_(town.outsider), "desk_council", council.pk)
    assert "成员0" not in seen(as_(town.outsider), "desk_council", council.pk)


def test_a_question_and_its_answer(town, as_, monkeypatch):
    who = resident()
    client = as_(who)
    assert "5工作日" in seen(client, "question_new")
    post(client, "question_new", area=SPRING, words="", answers=422)
    post(client, "question_new", area=SPRING, words="路灯什么时候修", may_publish="on")
    row = Question.objects.get()
    assert "前答复" in seen(client, "question", row.pk)
    post(client, "question", row.pk, answer="自己答", answers=403)
    seen(as_(NOBODY), "question", row.pk, answers=404)
    desk = as_(town.secretary)
    assert "路灯什么时候修" in seen(desk, "desk_questions", status="waiting")
    post(desk, "question", row.pk, answer="", answers=422)
    post(desk, "question", row.pk, answer="本周五前", publish="on")
    assert "本周五前" in seen(as_(NOBODY), "question", row.pk)
    assert "本周五前" in seen(as_(NOBODY), "councils")
    late = actions.ask_question(actor=who, area_id=town.areas["spring"], words="长椅", now=NOW - timedelta(days=30))
    actions.escalate_question(actor=town.secretary, question_id=late.pk, now=NOW)
    page = seen(as_(who), "question", late.pk)
    assert "还没有答复" in page
    assert "报告街道" in page


def test_a_draw_on_the_pages(town, as_):
    council = set_up(town)
    client = as_(town.secretary)
    post(client, "council_deed", council.pk, "draw", title="", answers=422)
    post(client, "council_deed", council.pk, "draw", title="抽选代表", seats="2", by_area="on")
    row = Draw.objects.get()
    post(client, "draw_deed", row.pk, "freeze", answers=422)
    post(client, "draw_deed", row.pk, "enter", people="甲 | 电话 | 桃园 | 老", answers=422)
    post(client, "draw_deed", row.pk, "enter", people="甲 | 电话 | 桃园 | 60+\n乙 | | 柳苑\n丙")
    post(client, "draw_deed", row.pk, "strike", number="3")
    post(client, "draw_deed", row.pk, "draw", witness="早", answers=409)
    own = as_(resident())
    post(own, "draw_own", row.pk, "enter", area="桃园", age_band="70", answers=422)
    post(own, "draw_own", row.pk, "enter", area="桃园", age_band="60+", contact="")
    seen(own, "draw_list", row.pk, answers=404)
    assert "我的编号" in seen(own, "draw", row.pk)
    client = as_(town.secretary)
    post(client, "draw_deed", row.pk, "freeze")
    post(client, "draw_deed", row.pk, "draw", witness="3 18 22")
    page = seen(client, "desk_draw", row.pk)
    assert "乙" in page
    assert "不参加，由候补接替" in page
    number = row.candidates.get(place=1).number
    post(client, "draw_deed", row.pk, "decline", number=str(number))
    anybody = as_(NOBODY)
    page = seen(anybody, "draw", row.pk)
    row.refresh_from_db()
    assert row.seed in page
    assert row.list_digest in page
    assert "甲" not in page
    listed = seen(anybody, "draw_list", row.pk)
    again = seen(anybody, "draw_again", draw=row.pk)
    assert row.seed in again
    found = post(anybody, "draw_again", listed=listed, seats="2", seed=row.seed, witness="3 18 22", answers=200)
    assert row.commitment in found
    assert row.list_digest in found
    post(anybody, "draw_again", listed="x", seats="2", seed="s", answers=422)
    seen(anybody, "desk_draw", row.pk, answers=403)


def test_kinds_and_settings(town, as_):
    client = as_(actor_with("councils.settings.manage"))
    assert "乡间客厅" in seen(client, "settings")
    line = {"answer_within": "3工作日", "topic_within": "3工作日", "topics_a_day": "3", "forget_days": "365",
            "draw_erase_days": "180", "vote_after_days": "7", "vote_days": "7"}  # fmt: skip
    post(client, "settings", **{**line, "answer_within": "很快"}, answers=422)
    post(client, "settings", **line)
    assert CouncilSetting.objects.get().value == "3工作日"
    post(client, "kind_new", code="yard", name="院落会", quorum="3/2", is_active="on", answers=422)
    post(client, "kind_new", code="yard", name="院落会", quorum="1/2", is_active="on")
    post(client, "kind", "tea", name="周六茶叙", is_active="on")
    tea = CouncilKind.objects.get(code="tea")
    assert (tea.name, tea.is_shipped) == ("周六茶叙", False)
    assert actions.ship_council_kinds() == []
    seen(client, "kind", "nothing", answers=404)


def test_the_public_page_costs_the_same_however_much_there_is(town, as_, django_assert_max_num_queries):
    who, council = resident(), set_up(town)
    topics = [accepted(town, who, title=f"第{n}件") for n in range(3)]
    held(town, called(town, council, topics[0]), 4, NewResolution("办", None, None, 4, topics[0].pk), summary="议了")
    called(town, council, topics[1], at=NOW + timedelta(days=3))
    called(town, council, topics[2], at=NOW + timedelta(days=4))
    client = as_(NOBODY)
    seen(client, "councils")
    with django_assert_max_num_queries(16):
        seen(client, "councils")
