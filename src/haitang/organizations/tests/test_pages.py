"""Pages of administration: what is shown, what a form does, what is refused."""

import pytest

from haitang.config import middleware
from haitang.core.access import VISITOR
from haitang.organizations import models
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind
from haitang.testing.actors import NOBODY, TODAY
from haitang.testing.desks import FOUNDER, enter

pytestmark = pytest.mark.django_db
ROOT = "/admin/organizations/"


@pytest.fixture
def street(areas):
    return enter("JD", Kind.STREET_OFFICE, name="海棠街道办事处", areas=(("serves", areas["street"]),))


@pytest.fixture
def community(areas, street):
    return enter(
        "SQ", Kind.COMMUNITY, name="春和社区居委会", parents={"party": "JD"}, areas=(("serves", areas["spring"]),)
    )


@pytest.fixture
def as_(client, monkeypatch):
    def enter_as(actor):
        monkeypatch.setattr(middleware, "get_actor", lambda _id: actor)
        monkeypatch.setattr(middleware.access, "VISITOR", actor)
        return client

    return enter_as


def test_the_list_and_its_fragment_are_the_same(as_, community):
    client = as_(NOBODY)
    page = client.get(ROOT)
    fragment = client.get(ROOT, headers={"HX-Request": "true"})
    assert fragment.content.decode().strip() in page.content.decode()
    assert "HX-Request" in page["Vary"]
    assert "春和社区居委会" in page.content.decode()
    assert "新建单位" not in page.content.decode()


def test_the_list_is_filtered(as_, community):
    text = as_(NOBODY).get(ROOT, {"kind": "community", "area": "320585001001", "q": "春和"}).content.decode()
    assert "春和社区居委会" in text
    assert "海棠街道办事处</a>" not in text
    assert "没有符合条件的单位" in as_(NOBODY).get(ROOT, {"q": "没有的"}).content.decode()
    assert "没有这个编码的区域" in as_(NOBODY).get(ROOT, {"area": "999"}).content.decode()


def test_a_tree_shows_who_stands_under_whom(as_, community):
    text = as_(NOBODY).get(f"{ROOT}tree/party/").content.decode()
    assert text.index("海棠街道办事处") < text.index("春和社区居委会")
    assert text.count("<details") == text.count("</details>")
    assert "还没有上下级关系" in as_(NOBODY).get(f"{ROOT}tree/grid/").content.decode()
    assert as_(NOBODY).get(f"{ROOT}tree/family/").status_code == 404


def test_the_page_of_one_offers_deeds_only_to_who_may(as_, community):
    assert "调整上级" in as_(FOUNDER).get(f"{ROOT}{community}/").content.decode()
    assert "调整上级" not in as_(NOBODY).get(f"{ROOT}{community}/").content.decode()
    assert as_(NOBODY).get(f"{ROOT}999999/").status_code == 404
    assert as_(NOBODY).get(f"{ROOT}{10**30}/").status_code == 404


def test_one_is_entered_by_a_form(as_, street):
    sent = {
        "code": "SQ2", "name": "秋实社区居委会", "short_name": "秋实社区", "kind": "community", "credit_code": "",
        "phone": "0512-53520001", "calendar_id": "", "valid_from": "2026-01-01", "parent_id": "JD",
        "relation": "serves", "area_id": "320585001002",
    }  # fmt: skip
    response = as_(FOUNDER).post(f"{ROOT}create/", sent)
    made = organizations().by_code("SQ2")
    assert (response.status_code, response["Location"]) == (302, f"{ROOT}{made.id}/")
    assert made.parent_id("administrative", TODAY) == street
    again = as_(FOUNDER).post(f"{ROOT}create/", sent)
    assert again.status_code == 422
    assert "单位代码已被使用" in again.content.decode()
    wrong = as_(FOUNDER).post(f"{ROOT}create/", {**sent, "code": "X", "credit_code": "123"})
    assert "统一社会信用代码有误" in wrong.content.decode()


def test_the_base_facts_are_changed_by_a_form(as_, street):
    form = as_(FOUNDER).get(f"{ROOT}{street}/change/")
    assert "海棠街道办事处" in form.content.decode()
    sent = {"name": "海棠镇人民政府", "short_name": "海棠镇", "kind": "street_office"}
    assert as_(FOUNDER).post(f"{ROOT}{street}/change/", sent).status_code == 302
    assert organizations().by_id(street).label == "海棠镇"


@pytest.mark.parametrize(
    ("what", "sent"),
    [
        ("parent", {"hierarchy": "grid", "parent_id": "JD", "from_date": "2026-05-06"}),
        ("area", {"relation": "contact", "area_id": "320585001002", "from_date": "2026-05-06"}),
        ("link", {"relation": "pairs", "other_id": "JD", "from_date": "2026-05-06"}),
        ("post", {"kind": "secretary", "title": "书记", "area_id": "", "from_date": "2026-05-06"}),
        ("close", {"on": "2026-05-06"}),
    ],
)
def test_every_deed_has_a_form_that_does_it(as_, community, what, sent):
    url = f"{ROOT}{community}/{what}/"
    assert as_(FOUNDER).get(url).status_code == 200
    assert as_(FOUNDER).post(url, {}).status_code == 422
    assert as_(NOBODY).get(url).status_code == 403
    assert as_(FOUNDER).post(url, sent).status_code == 302
    page = as_(FOUNDER).get(f"{ROOT}{community}/").content.decode()
    assert "2026-05-06" in page
    if what == "close":
        assert "已停用" in page


def test_a_tie_is_ended_by_a_form(as_, community):
    link = models.AreaLink.objects.get(organization=community)
    url = f"{ROOT}{community}/area/{link.pk}/end/"
    assert as_(FOUNDER).get(url).status_code == 200
    assert as_(FOUNDER).post(url, {"to_date": "2026-05-06"}).status_code == 302
    refused = as_(FOUNDER).post(url, {"to_date": "2026-05-06"})
    assert (refused.status_code, "它已经结束" in refused.content.decode()) == (422, True)


def test_a_refused_deed_says_why_in_the_form(as_, community, street):
    refused = as_(FOUNDER).post(
        f"{ROOT}{street}/parent/", {"hierarchy": "party", "parent_id": "SQ", "from_date": "2026-05-06"}
    )
    assert refused.status_code == 422
    assert "不能把单位放到它自己的下级之下" in refused.content.decode()


def test_a_visitor_is_sent_to_sign_in(as_, community):
    for path in ("", "tree/party/", "create/", f"{community}/"):
        assert as_(VISITOR).get(ROOT + path)["Location"].startswith("/accounts/login/")
