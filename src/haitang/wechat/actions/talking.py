"""Taking in what somebody sends: a few steps from the first words to a case, and answers about those there are."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as cases
from haitang.cases import queries as case_queries
from haitang.cases.values import AskedOf, Channel, KeptPhoto, Kind
from haitang.core import crypto, history, idempotency, limits
from haitang.core.access import Actor
from haitang.core.errors import Invalid, Refusal, TooMany
from haitang.core.tables import parse_phone
from haitang.merging.actions import note_repeat
from haitang.territory.queries import locate, territory
from haitang.territory.values.coordinates import gcj02_to_wgs84
from haitang.wechat.actions import wording
from haitang.wechat.actions.forgetting import forget_contact
from haitang.wechat.facts import WechatPictureSent
from haitang.wechat.models import DRAFT, MEDIA, OPENID, Contact, Dialogue, Picture
from haitang.wechat.queries import areas_named_in, draft_of, own_cases, wechat_rules
from haitang.wechat.values import PICTURES_MAX, PLACE_LENGTH_MAX, WORDS_MAX, Message, Standing, Step

_HOUR_S = 3600
_NUMBER = re.compile(r"(\d{8}-\d{7,19})[\s,，]*([0-9A-Za-z]{4,12})")
_HELP, _PROGRESS = {"帮助", "help", "?", "？"}, {"进度", "查询", "我的上报", "progress"}
_SEND, _CANCEL, _FORGET = {"提交", "上报", "1", "submit"}, {"取消", "cancel"}, {"删除", "delete"}


def take_message(*, actor: Actor, message: Message, now: datetime) -> str:
    """
    Take in one message, once however often the platform sends it again, and return what to answer; "" for nothing.

    A refusal is answered as a sentence: whoever writes here sees no pages. All of it is one transaction.
    """
    index = crypto.whole_index(message.sender, OPENID)
    rules = wechat_rules()
    told = idempotency.once(
        actor=actor, key=f"wechat:{index.hex()[:32]}:{message.key}", body=index.hex(), now=now,
        write=lambda: {"text": _limited(actor, message, index, rules["messages_per_hour"], now)},
    )  # fmt: skip
    return str(told["text"])


def _limited(actor: Actor, message: Message, index: bytes, limit: int, now: datetime) -> str:
    try:
        limits.hit(f"wechat.message:{index.hex()}", limit=limit, window_s=_HOUR_S, now=now)
        return _Talk(actor, message, index, now).answer()
    except TooMany:
        return _("您发得太快了，请稍后再试。")
    except Refusal as refusal:
        return refusal.message


class _Talk:
    """One message of one sender, whose row is locked while it is answered."""

    def __init__(self, actor: Actor, message: Message, index: bytes, now: datetime) -> None:
        self.actor, self.message, self.now, self.index = actor, message, now, index
        self.rules = wechat_rules()
        sealed = crypto.seal(message.sender, OPENID)
        Contact.objects.bulk_create(
            [Contact(openid_sealed=sealed, openid_index=index, first_at=now, last_at=now)], ignore_conflicts=True
        )
        self.contact = Contact.objects.select_for_update().get(openid_index=index)
        self.contact.last_at = now
        self.contact.save(update_fields=["last_at"])
        self.dialogue = self._running()
        self.draft: dict[str, Any] = draft_of(self.dialogue) if self.dialogue else {}

    def answer(self) -> str:
        """Return what to answer to the message."""
        kind, text = self.message.kind, self.message.text
        if kind == "event":
            return wording.help_text() if self.message.event == "subscribe" else ""
        if kind == "image":
            return self._picture()
        if kind == "location":
            return self._location()
        if kind != "text" or not text:
            return _("暂时只能接收文字、照片和位置。")
        word = text.strip("“”\"' 。").lower()
        if word in _HELP:
            return wording.help_text()
        if word in _PROGRESS:
            return self._own()
        if word in _FORGET:
            forget_contact(actor=self.actor, contact=self.contact, now=self.now)
            return _("您在这里留下的信息已清除。已上报的案件照常办理，凭编号和查询码可以查进度。")
        if found := _NUMBER.fullmatch(text):
            return self._one(found[1], found[2])
        if word in _CANCEL:
            return self._give_up()
        if word in _SEND and self.dialogue is not None:
            return self._send()
        return self._words(text)

    def _running(self) -> Dialogue | None:
        rows = Dialogue.objects.select_for_update(no_key=True).filter(contact=self.contact, ended_at__isnull=True)
        row = rows.first()
        if row is not None and row.expires_at <= self.now:
            self._end(row)
            return None
        return row

    def _end(self, row: Dialogue) -> None:
        row.ended_at, row.draft_sealed = self.now, b""
        row.save()

    def _hold(self) -> None:
        """Keep what was said, and find out what is still to be asked."""
        has_place = "lon" in self.draft or "area" in self.draft
        step = Step.WORDS if not self.draft.get("words") else Step.READY if has_place else Step.WHERE
        sealed = crypto.seal(json.dumps(self.draft, ensure_ascii=False), DRAFT)
        until = self.now + timedelta(minutes=self.rules["dialogue_minutes"])
        row = self.dialogue or Dialogue(contact=self.contact)
        row.step, row.draft_sealed, row.expires_at = step, sealed, until
        row.save()
        self.dialogue = row

    def _next(self) -> str:
        """Return the question for what is still missing."""
        assert self.dialogue is not None
        if self.dialogue.step == Step.WORDS:
            return wording.ask_words()
        if self.dialogue.step == Step.WHERE:
            return wording.ask_where()
        area = territory().by_code(self.draft["area"]) if "area" in self.draft else None
        count = self.dialogue.pictures.exclude(standing=Standing.REFUSED).count()
        named = territory().full_name(area.id) if area else ""
        return wording.ask_ready(named, self.draft.get("place", ""), count)

    def _words(self, text: str) -> str:
        if self.dialogue is not None and self.dialogue.step == Step.WHERE:
            return self._place(text)
        phone = _phone(text) if self.dialogue is not None else ""
        if phone:
            self.draft["phone"] = phone
        else:
            words = "\n".join(filter(None, (self.draft.get("words", ""), text)))
            if len(words) > WORDS_MAX:
                return _("说明不能超过 %(n)d 字，请分几件上报。") % {"n": WORDS_MAX}
            self.draft["words"] = words
        self._hold()
        return self._next()

    def _place(self, text: str) -> str:
        found = areas_named_in(text)
        if len(found) != 1 or len(text) > PLACE_LENGTH_MAX:
            return _("没有认出是哪个社区。请发送位置（点＋号，选“位置”），或写明社区名称。")
        self.draft |= {"area": found[0].code, "place": text}
        self._hold()
        return self._next()

    def _location(self) -> str:
        lon, lat = self.message.lon, self.message.lat
        if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
            return _("没有读出位置，请重新发送。")
        lons, lats = gcj02_to_wgs84(lon, lat)
        lon, lat = round(float(lons), 6), round(float(lats), 6)
        area = locate(lon, lat)
        if area is None:
            return _("这个位置不在本市范围内，请重新发送。")
        place = self.message.text[:PLACE_LENGTH_MAX]
        self.draft |= {"lon": lon, "lat": lat, "area": area.code, "place": place}
        self._hold()
        return self._next()

    def _picture(self) -> str:
        if not self.message.media_id:
            return _("没有读出照片，请重新发送。")
        if self.dialogue is None:
            self._hold()
        assert self.dialogue is not None
        if self.dialogue.pictures.count() >= PICTURES_MAX:
            return _("每次最多 %(n)d 张照片。") % {"n": PICTURES_MAX}
        picture = Picture.objects.create(dialogue=self.dialogue, media_sealed=crypto.seal(self.message.media_id, MEDIA))
        history.record(actor=self.actor, fact=WechatPictureSent(picture.pk), at=self.now)
        self._hold()
        return self._next()

    def _give_up(self) -> str:
        if self.dialogue is None:
            return wording.help_text()
        self._end(self.dialogue)
        return _("已放弃，没有上报。")

    def _send(self) -> str:
        assert self.dialogue is not None
        if self.dialogue.step != Step.READY:
            return self._next()
        limits.hit(
            f"wechat.report:{self.index.hex()}", limit=self.rules["reports_per_hour"], window_s=_HOUR_S, now=self.now
        )
        with transaction.atomic():
            case = self._report(self.dialogue)
        row = self.dialogue
        row.case_id, row.follow_until = case.pk, self.now + timedelta(days=self.rules["follow_days"])
        self._end(row)
        return wording.reported(case)

    def _report(self, row: Dialogue) -> Any:
        kept = Picture.objects.select_for_update().filter(dialogue=row, standing=Standing.KEPT).order_by("id")
        photos = [KeptPhoto(one.digest, one.mime, one.width, one.height, one.size) for one in kept]
        draft = self.draft
        case = cases.report_case_with_photos(
            actor=self.actor, now=self.now, photos=photos, description=draft["words"], kind=Kind.HELP.value,
            channel=Channel.WECHAT.value, place=draft.get("place", ""), lon=draft.get("lon"), lat=draft.get("lat"),
            area_code=draft["area"] if "lon" not in draft else "", reporter_phone=draft.get("phone", ""),
            asked_of=AskedOf.RESIDENT, demand_answers=False,
        )  # fmt: skip
        kept.update(standing=Standing.ATTACHED)
        note_repeat(
            actor=self.actor, case_id=case.pk, phone=draft.get("phone", ""), account_id=None, now=self.now
        )  # fmt: skip
        return case

    def _own(self) -> str:
        found = [case_queries.get_case_for_job(pk) for pk in own_cases(self.contact)]
        told = [wording.progress_of(case_queries.follow_case(case=case)) for case in found if case is not None]
        return wording.shown(told) if told else _("您还没有在这里上报过。发“编号 查询码”可以查一件。")

    def _one(self, number: str, code: str) -> str:
        case = cases.find_case_by_code(
            actor=self.actor, number=number, query_code=code, party=f"wechat:{self.index.hex()[:32]}", now=self.now
        )
        return wording.progress_of(case_queries.follow_case(case=case))


def _phone(text: str) -> str:
    """Return the telephone number that the text is, "" where it is none."""
    if not any(character.isdigit() for character in text) or len(text) > 20:
        return ""
    try:
        return str(parse_phone(text) or "")
    except Invalid:
        return ""
