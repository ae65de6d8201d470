from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from haitang.cases import actions as cases
from haitang.cases.models import Attachment, Case, Reporter
from haitang.core import crypto
from haitang.core.models import Entry
from haitang.territory.values.coordinates import wgs84_to_gcj02
from haitang.testing.actors import NOW
from haitang.testing.cases import HERE
from haitang.wechat import actions, jobs
from haitang.wechat.models import OPENID, Contact, Dialogue, Picture
from haitang.wechat.tests import platform as wechat

pytestmark = pytest.mark.django_db
LAMP = "3幢楼下路灯不亮"


def here():
    lon, lat = wgs84_to_gcj02(HERE["lon"], HERE["lat"])
    return {"Location_X": f"{float(lat):.6f}", "Location_Y": f"{float(lon):.6f}", "Scale": 15, "Label": "春和花园3幢"}


def photo():
    out = BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG")
    return "image/jpeg", out.getvalue()


def report(phone):
    phone.write(LAMP)
    phone.send("location", **here())
    return phone.write("提交")


def fetch():
    for pk in Picture.objects.filter(standing="waiting").values_list("pk", flat=True):
        jobs.fetch_picture(picture_id=pk)


def test_words_a_place_and_a_picture_become_one_case(phone, platform, town):
    assert "位置" in phone.write(LAMP)
    assert "春和" in phone.send("location", **here())
    platform.media["m1"] = photo()
    phone.send("image", PicUrl="http://mmbiz.qpic.cn/x", MediaId="m1")
    fetch()
    assert "照片 1 张" in phone.write("请尽快")
    assert "提交" in phone.write("13900000001")
    said = phone.write("提交")
    case = Case.objects.get()
    assert case.number in said
    assert case.query_code in said
    assert (case.channel, case.description, case.place) == ("wechat", f"{LAMP}\n请尽快", "春和花园3幢")
    assert abs(case.lon - HERE["lon"]) < 1e-5
    assert case.area_id == town.areas["grid"]
    assert Attachment.objects.get(case=case).mime == "image/jpeg"
    assert crypto.open_(Reporter.objects.get(case=case).phone_sealed, "reporter.phone") == "13900000001"


def test_it_may_begin_with_a_picture_and_the_place_may_be_written(phone, platform):
    platform.media["m1"] = photo()
    assert "文字" in phone.send("image", MediaId="m1")
    assert "位置" in phone.write(LAMP)
    assert "没有认出" in phone.write("门口")
    assert "照片 1 张" in phone.write("春和社区3幢门口")
    assert "已上报" in phone.write("提交")
    assert not Attachment.objects.exists()
    fetch()  # the platform gave the picture only now
    assert Attachment.objects.count() == 1


def test_the_platform_sends_again_what_was_not_answered_and_it_counts_once(phone):
    phone.write(LAMP)
    phone.send("location", **here())
    first = phone.write("提交", number=777)
    assert phone.write("提交", number=777) == first
    assert Case.objects.count() == 1


def test_a_report_that_is_not_finished_is_given_up(phone, watch):
    phone.write(LAMP)
    watch.on(minutes=31)
    assert "文字" in phone.send("location", **here()), "what was said before is gone"
    assert "已放弃" in phone.write("取消")
    assert not Dialogue.objects.exclude(draft_sealed=b"").exists()
    assert not Case.objects.exists()


def test_progress_is_told_to_its_reporter_and_to_whoever_has_the_code(phone, platform, town, watch):
    report(phone)
    case = Case.objects.get()
    cases.refuse_case(actor=town.dispatcher, case_id=case.pk, opinion="不属本市事权", now=NOW)
    assert "不属本市事权" in phone.write("进度")
    other = wechat.Phone(watch, "oOther00000000000000000000000")
    assert case.number not in other.write("进度")
    assert "不属本市事权" in other.write(f"{case.number} {case.query_code}")
    assert "不正确" in other.write(f"{case.number} AAAAAA")


def test_whoever_reported_is_written_to_once_and_lately_or_by_template(phone, platform, town, watch):
    report(phone)
    case = Case.objects.get()
    jobs.tell(0)
    assert platform.sent == []
    cases.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="受理", now=NOW)
    jobs.tell(0)
    jobs.tell(0)
    (told,) = platform.texts_to(phone.openid)
    assert "待立案" in told
    watch.on(hours=49)
    cases.refuse_case(actor=town.dispatcher, case_id=case.pk, opinion="不属本市事权", now=NOW)
    from haitang.wechat.tests.conftest import KEEPER

    actions.change_wechat_rule(actor=KEEPER, key="template_id", value="TM00015", now=NOW)
    jobs.tell(0)
    assert platform.sent[-1]["template_id"] == "TM00015"
    assert platform.sent[-1]["data"]["character_string1"] == {"value": case.number}


def test_what_the_platform_does_not_take_now_is_told_later(phone, platform, town):
    report(phone)
    case = Case.objects.get()
    cases.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="受理", now=NOW)
    platform.refuses["/cgi-bin/message/custom/send"] = -1
    jobs.tell(0)
    assert platform.sent == []
    platform.refuses.clear()
    jobs.tell(0)
    assert len(platform.sent) == 1


@pytest.mark.parametrize(
    "media", [("image/jpeg", b"\xff\xd8\xff" + b"0" * 3000), ("image/png", b"PK\x03\x04bomb"), None]
)
def test_what_is_no_photo_is_refused_and_said(phone, platform, media):
    phone.write(LAMP)
    if media:
        platform.media["m1"] = media
    phone.send("image", MediaId="m1")
    fetch()
    assert Picture.objects.get().standing == "refused"
    assert "没有收下" in platform.texts_to(phone.openid)[0]


def test_an_access_token_is_asked_for_once_and_again_when_it_ends(phone, platform, watch):
    platform.media |= {f"m{n}": photo() for n in range(3)}
    phone.write(LAMP)
    for n in range(2):
        phone.send("image", MediaId=f"m{n}")
    fetch()
    assert platform.token_calls == 1
    platform.expire()
    phone.send("image", MediaId="m2")
    fetch()
    assert platform.token_calls == 2
    assert set(Picture.objects.values_list("standing", flat=True)) == {"kept"}
    watch.on(minutes=116)
    actions.asking.access_token(watch())
    assert platform.token_calls == 3


def test_an_openid_is_sealed_and_forgotten_at_a_word_and_by_night(phone, watch):
    report(phone)
    contact = Contact.objects.get()
    assert crypto.open_(contact.openid_sealed, OPENID) == phone.openid
    kept = "".join(str(list(model.objects.values())) for model in (Contact, Dialogue, Entry))
    assert phone.openid not in kept
    assert LAMP not in str(list(Dialogue.objects.values()))
    assert "清除" in phone.write("删除")
    assert not Contact.objects.exists()
    assert Case.objects.count() == 1
    phone.write("帮助")
    before = watch() + timedelta(days=1)
    assert actions.clean_old_contacts(actor=jobs.WECHAT, before=before, limit=10, now=before) == 1


def test_too_many_messages_and_reports_are_held_back(phone):
    for _number in range(5):
        assert "已上报" in report(phone)
    assert "太快" in report(phone)
    assert Case.objects.count() == 5
    for _number in range(60):
        said = phone.write("帮助")
    assert "太快" in said


def test_strangers_sentences_are_answered_and_nothing_else(phone):
    assert "上报" in phone.send("event", Event="subscribe")
    assert phone.send("event", Event="unsubscribe") == ""
    assert "暂时只能" in phone.send("voice", MediaId="v")
    assert "不在本市" in phone.send("location", Location_X="1", Location_Y="1", Label="海上")
    assert not Dialogue.objects.exists()
