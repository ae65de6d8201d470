"""A capture becomes a case once; a key is given to its owner alone, and dies with the sign-in."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from PIL import Image

from haitang.cases.lifecycle import Status
from haitang.cases.models import Attachment, Case
from haitang.core.errors import Conflict, Invalid, NotAllowed
from haitang.field import actions, jobs, queries
from haitang.field.models import CaptureSent, Phone
from haitang.field.values import Capture, OtherAccount, PhoneUnknown
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import HERE

pytestmark = pytest.mark.django_db
LAMP = "3幢楼下路灯不亮"


def picture(colour: str = "green") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "JPEG")
    return data.getvalue()


def worker(town, word="grid"):
    """The member of the cast as an account that there is: phones belong to accounts."""
    from dataclasses import replace

    return replace(getattr(town, word), id=town.account(word).pk)


def switched_on(actor):
    return actions.join_phone(actor=actor, uid=uuid4(), key="private", now=NOW).uid


def capture(**changes):
    return Capture(
        **{"key": uuid4(), "description": LAMP, "captured_at": NOW, "category_code": "20101", **HERE, **changes}
    )


def send(actor, uid, what, **more):
    return actions.send_capture(actor=actor, uid=uid, capture=what, now=NOW, **more)


def test_the_same_capture_is_one_case_after_any_time(town):
    grid = worker(town)
    uid, what = switched_on(grid), capture(captured_at=NOW + timedelta(hours=5))
    first = send(grid, uid, what)
    later = actions.send_capture(actor=grid, uid=uid, capture=what, now=NOW + timedelta(days=80))
    assert first == later
    case = Case.objects.get()
    assert (case.number, case.channel, case.occurred_at) == (first.number, "patrol", NOW)


def test_a_refusal_writes_nothing_and_the_mended_capture_goes_under_the_same_key(town):
    grid = worker(town)
    uid, what = switched_on(grid), capture(category_code="none")
    with pytest.raises(Exception, match="类别"):
        send(grid, uid, what)
    assert not CaptureSent.objects.exists()
    assert send(grid, uid, capture(key=what.key)).number == Case.objects.get().number


def test_what_was_put_in_order_at_once_comes_with_its_photo_and_is_closed(town):
    grid = worker(town)
    uid, what = switched_on(grid), capture(done="当场清理")
    with pytest.raises(Invalid, match="照片"):
        send(grid, uid, what)
    sent = send(grid, uid, what, photos=[picture()])
    assert send(grid, uid, what, photos=[picture()]) == sent
    assert Case.objects.get().status == Status.CLOSED
    assert Attachment.objects.get().purpose == "after"


def test_a_photo_under_one_key_is_one(town):
    grid = worker(town)
    uid, key = switched_on(grid), uuid4()
    case = send(grid, uid, capture())
    given = {"actor": grid, "uid": uid, "key": key, "case_id": case.case_id, "purpose": "place", "now": NOW}
    first = actions.send_photo(data=picture(), **given)
    assert actions.send_photo(data=picture(), **given) == first
    with pytest.raises(Conflict):
        actions.send_photo(data=picture("red"), **given)
    assert Attachment.objects.count() == 1


def test_nobody_sends_what_another_account_wrote_or_reads_its_key(town):
    grid, secretary = worker(town), worker(town, "secretary")
    uid = switched_on(grid)
    with pytest.raises(PhoneUnknown):
        send(secretary, uid, capture())
    with pytest.raises(PhoneUnknown):
        queries.get_phone(viewer=secretary, uid=uid)
    with pytest.raises(OtherAccount):
        actions.join_phone(actor=secretary, uid=uid, key="theirs", now=NOW)
    assert queries.get_phone(viewer=grid, uid=uid).key == "private"
    assert b"private" not in bytes(Phone.objects.get().key_sealed)


def test_only_where_one_may_report(town):
    grid = worker(town)
    uid = switched_on(grid)
    with pytest.raises(NotAllowed):
        send(grid, uid, capture(lon=HERE["lon"] + 0.02))
    assert not CaptureSent.objects.exists()


def test_a_key_dies_with_sign_out_with_the_account_and_with_time(town):
    grid = worker(town)
    assert actions.forget_phone(actor=grid, uid=switched_on(grid), now=NOW)
    uid = switched_on(grid)
    jobs.forget_phones_of_account(account_id=grid.id, reason="离职", entry_id=1)
    with pytest.raises(PhoneUnknown):
        queries.get_phone(viewer=grid, uid=uid)
    switched_on(grid)
    assert not actions.forget_expired_phones(actor=actor_with(), now=NOW + timedelta(days=89))
    assert actions.forget_expired_phones(actor=actor_with(), now=NOW + timedelta(days=91)) == 1


def test_the_list_for_the_phone_hides_denunciations_and_reporters(town):
    from haitang.testing.cases import report

    for kind in ("complaint", "denunciation"):
        report(town.resident, kind=kind, reporter_name="林阿姨", reporter_phone="15400001234")
    rows = queries.list_waiting(viewer=town.grid)
    assert len(rows) == 1
    assert "林" not in str(rows)
    assert [area.code for area in queries.list_places(viewer=town.grid)] == ["320585001001001"]


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one_case(town):
    grid = worker(town)
    uid, what = switched_on(grid), capture()

    def once(_number):
        try:
            return send(grid, uid, what)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        sent = set(pool.map(once, range(10)))
    connection.ensure_connection()
    assert len(sent) == 1
    assert Case.objects.count() == 1
