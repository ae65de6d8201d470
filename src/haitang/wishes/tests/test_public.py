"""Nothing that anybody can read, on a page or by the API, tells whose wish it is; nor does the history."""

import io
import json

import pytest

from haitang.core.models import Entry
from haitang.core.tables import read_table
from haitang.testing.actors import NOW
from haitang.wishes import actions, queries
from haitang.wishes.lifecycle import Show
from haitang.wishes.queries import WishFilter
from haitang.wishes.tests.cast import SECRETS, claimed, confirmed, entered, new, opened, somebody, volunteer

pytestmark = pytest.mark.django_db
PLACES = ("春和", "第一网格")
"""Names below the street, in which a family could be guessed."""


def assert_tells_nobody(text: str) -> None:
    for secret in (*SECRETS, *PLACES):
        assert secret not in text, secret


def states_of(town) -> list[int]:
    """Return a wish in every public state."""
    ids = []
    for number, upto in enumerate(("open", "claimed", "confirmed", "preparing", "delivered", "granted")):
        wish, who = opened(town, title=f"想要第{number}号台灯"), somebody(f"好心人{number}")
        ids.append(wish.pk)
        if upto == "open":
            continue
        claim = (claimed(who, wish) if upto == "claimed" else confirmed(town, who, wish)).pk
        if upto in ("preparing", "delivered", "granted"):
            actions.start_claim(actor=who, claim_id=claim, now=NOW)
        if upto in ("delivered", "granted"):
            actions.deliver_wish(actor=who, claim_id=claim, words="交给李建国", now=NOW)
        if upto == "granted":
            actions.receive_wish(actor=town.secretary, wish_id=wish.pk, now=NOW)
            actions.thank_for_wish(actor=town.secretary, wish_id=wish.pk, words="韩梅一家谢谢您", now=NOW)
    return ids


@pytest.fixture
def read(client, call, lin):
    """Ask for a page as a visitor, or for the API with anybody's token; return the text, with its status before it."""

    def ask(path: str) -> tuple[int, str]:
        if path.startswith("/api/v1"):
            response = call(lin.id, "get", path[7:])
            return response.status_code, json.dumps(response.json(), ensure_ascii=False)
        response = client.get(path)
        return response.status_code, response.content.decode()

    return ask


def test_pages_and_api_for_anybody_tell_what_is_public_alone(read, town):
    ids = states_of(town)
    for path in (
        "/wishes/",
        "/wishes/?show=taken",
        "/wishes/?show=granted",
        "/api/v1/wishes",
        "/api/v1/wishes?show=granted",
    ):
        status, text = read(path)
        assert status == 200, (path, text)
        assert "号台灯" in text
        assert_tells_nobody(text)
    for wish_id in ids:
        for path in (f"/wishes/{wish_id}/", f"/api/v1/wishes/{wish_id}"):
            _status, text = read(path)
            assert "号台灯" in text
            assert_tells_nobody(text)
    shown = json.loads(read(f"/api/v1/wishes/{ids[0]}")[1])
    assert set(shown) == {
        "id", "number", "title", "kind", "words", "cost", "street", "status", "published_at", "ended_at", "by",
    }  # fmt: skip
    assert shown["street"] == "海棠街道"


def test_what_is_not_published_is_not_there(read, town):
    draft = entered(town)
    for path in (f"/wishes/{draft.pk}/", f"/api/v1/wishes/{draft.pk}"):
        assert read(path)[0] == 404
    assert json.loads(read("/api/v1/wishes")[1])["items"] == []


def test_the_wall_cannot_be_narrowed_below_a_street(town, read):
    opened(town)
    elsewhere = town.area("320585001002").path
    street = town.area("320585001000").path
    page = queries.list_public_wishes(show=Show.OPEN, wanted=WishFilter(area_path=elsewhere))
    assert len(page.rows) == 1
    assert len(queries.list_public_wishes(show=Show.OPEN, wanted=WishFilter(area_path=street)).rows) == 1
    assert len(json.loads(read("/api/v1/wishes?street=320585001002")[1])["items"]) == 1


def test_the_history_says_nothing_of_whose_it_is(town):
    states_of(town)
    rows = Entry.objects.filter(subject_type="family_wish").values_list("data", flat=True)
    assert_tells_nobody(json.dumps(list(rows), ensure_ascii=False))


def test_the_history_never_learns_which_account_is_the_familys(town):
    family = somebody("韩梅")
    wish = actions.ask_wish(actor=family, new=new(), now=NOW)
    actions.change_wish(actor=family, wish_id=wish.pk, new=new(title="想要一个大书包"), now=NOW)
    actions.publish_wishes(actor=town.secretary, wish_ids=[wish.pk], now=NOW)
    lin, _entry = volunteer(town)
    claim = confirmed(town, lin, wish)
    actions.deliver_wish(actor=lin, claim_id=claim.pk, minutes=30, now=NOW)
    actions.contest_delivery(actor=family, wish_id=wish.pk, reason="没有来", now=NOW)
    actions.deliver_wish(actor=lin, claim_id=claim.pk, minutes=30, now=NOW)
    actions.receive_wish(actor=family, wish_id=wish.pk, now=NOW)
    actions.thank_for_wish(actor=family, wish_id=wish.pk, words="谢谢", now=NOW)
    other = actions.ask_wish(actor=family, new=new(title="想要一盏灯"), now=NOW)
    actions.withdraw_wish(actor=family, wish_id=other.pk, reason="不用了", now=NOW)
    rows = Entry.objects.filter(subject_type="family_wish")
    assert not Entry.objects.filter(actor_id=family.id).exists()
    assert not rows.filter(actor_name="韩梅").exists()
    assert rows.filter(actor_name="家庭").count() == 7


def test_the_exported_list_names_no_family(town, as_, tmp_path):
    states_of(town)
    response = as_(town.secretary).get("/wish-desk/export/")
    path = tmp_path / "out.xlsx"
    path.write_bytes(response.content)
    rows = list(read_table(path, queries.wish_export_columns()))
    assert len(rows) == 6
    printed = "".join(str(row.raw) for row in rows)
    for secret in SECRETS:
        assert secret not in printed, secret
    assert io.BytesIO(response.content).read(2) == b"PK"
    assert Entry.objects.filter(fact="WishesExported").count() == 1
