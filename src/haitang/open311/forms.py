"""What is asked for and what is sent, read with every fault at once. An argument sent empty is one not sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from haitang.cases.queries import PublishedFilter
from haitang.cases.queries.catalog import CategoryRef
from haitang.cases.values import PLACE_LENGTH_MAX, Answer
from haitang.core import clock
from haitang.core.characters import typed
from haitang.core.errors import Refusal
from haitang.core.language import in_house
from haitang.open311.queries import (
    areas_near,
    asked,
    category_ids,
    form_of,
    get_service,
    jurisdiction_of,
    setting,
)
from haitang.open311.values import (
    DEPTH_MAX,
    DESCRIPTION_LENGTH_MAX,
    IDS_MAX,
    NAME_PART_LENGTH_MAX,
    PAGE_ROWS_DEFAULT,
    PHONE_LENGTH_MAX,
    RADIUS_MAX,
    ROWS_MAX,
    SPAN_MAX,
    UPDATES_BACK,
    URL_LENGTH_MAX,
    Fault,
    Faulty,
    instant_of,
)
from haitang.territory.queries import locate, territory
from haitang.territory.values import AreaRef

_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,80})\](\[\])?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_URL = re.compile(r"https?://[^\s<>\"]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class Sent:
    """The arguments of a request, and what was found to be wrong with them."""

    def __init__(self, given: QueryDict) -> None:
        self._given = given
        self.faults: list[Fault] = []

    def text(self, name: str, most: int = 200) -> str:
        """Return the argument's text, "" where there is none; a fault where it is longer than so many characters."""
        text = typed(_UNPRINTABLE.sub("", self._given.get(name) or "")).strip()
        if len(text) > most:
            self.fault(_("%(name)s 不能超过 %(n)d 字") % {"name": name, "n": most})
            return text[:most]
        return text

    def number(self, name: str, low: float, high: float) -> float | None:
        """Return the number, None where there is none; a fault where it is no number or out of bounds."""
        text = self.text(name, 40)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:  # what is no number fails, too
            self.fault(_("%(name)s 应为 %(low)g 至 %(high)g 的数字") % {"name": name, "low": low, "high": high})
            return None
        return number

    def count(self, name: str, default: int, most: int) -> int:
        """Return the whole number from 1 on, the default where there is none."""
        text = self.text(name, 20)
        if text and not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
            self.fault(_("%(name)s 应为 1 至 %(n)d 的整数") % {"name": name, "n": most})
            return default
        return int(text) if text else default

    def instant(self, name: str) -> datetime | None:
        """Return the instant, None where there is none; a fault where it is none or names no time zone."""
        text = self.text(name, 40)
        try:
            return instant_of(text) if text else None
        except ValueError as error:
            self.fault(f"{name}：{error}")
            return None

    def words(self, name: str) -> list[str]:
        """Return what stands between commas."""
        found = (word.strip() for word in self.text(name, 100 * IDS_MAX).split(","))
        return list(dict.fromkeys(word for word in found if word))

    def is_set(self, name: str) -> bool:
        """Tell whether an opt-in is asked for."""
        return self.text(name, 10).lower() in {"true", "1", "yes"}

    def fault(self, description: str, code: int = 400) -> None:
        """Note that something is wrong."""
        self.faults.append(Fault(code, description))

    def refused(self, refusal: Refusal) -> None:
        """Note what something below has refused."""
        if isinstance(refusal, Faulty):
            self.faults += refusal.faults
        else:
            self.fault(refusal.message, 404 if refusal.status == 404 else 400)

    def check(self) -> None:
        """Raise Faulty with all that is wrong."""
        if self.faults:
            raise Faulty(self.faults)

    def jurisdiction(self) -> AreaRef | None:
        """Return the area in which the request is asked, None for the whole city; a fault where it must be named."""
        code = self.text("jurisdiction_id", 40)
        if setting("jurisdictions") and not code:
            self.fault(_("请给出辖区 jurisdiction_id"))
            return None
        try:
            return jurisdiction_of(code)
        except Refusal as refusal:
            self.refused(refusal)
            return None

    def attributes(self) -> dict[str, list[str]]:
        """Return what was answered, by the attribute's code: `attribute[CODE]` once or `attribute[CODE][]` often."""
        found: dict[str, list[str]] = {}
        for name in self._given:
            if match := _ATTRIBUTE.fullmatch(name):
                values = (typed(_UNPRINTABLE.sub("", value)).strip() for value in self._given.getlist(name))
                found.setdefault(match[1], []).extend(value for value in values if value)
        return {code: values for code, values in found.items() if values}


@dataclass(frozen=True, slots=True)
class Listing:
    """Which requests are asked for. ids: by number, and then nothing else counts but the jurisdiction.

    cursor, skipped: from where on.
    """

    ids: list[str]
    wanted: PublishedFilter
    limit: int
    cursor: str
    skipped: int
    extended: bool


def read_listing(sent: Sent, now: datetime) -> Listing:
    """Return which requests are asked for; raise Faulty with all that is wrong."""
    area = sent.jurisdiction()
    ids = sent.words("service_request_id")
    if len(ids) > IDS_MAX:
        sent.fault(_("service_request_id 一次最多 %(n)d 个") % {"n": IDS_MAX})
    if ids:
        sent.check()
        only = PublishedFilter(now, now, area_path=area.path if area else "")
        return Listing(ids, only, IDS_MAX, "", 0, sent.is_set("extensions"))
    from_at, to_at = _span(sent, now)
    status = set(sent.words("status"))
    if status - {"open", "closed"}:
        sent.fault(_("status 应为 open、closed，多个用逗号分开"))
    codes = sent.words("service_code")
    paged = bool(sent.text("page", 20) or sent.text("page_size", 20))
    limit = sent.count("page_size", PAGE_ROWS_DEFAULT if paged else ROWS_MAX, ROWS_MAX)
    skipped = (sent.count("page", 1, DEPTH_MAX) - 1) * limit
    if skipped + limit > DEPTH_MAX:
        sent.fault(_("page 最多翻到第 %(n)d 条，更多请用应答的 Link 头继续") % {"n": DEPTH_MAX})
    wanted = PublishedFilter(
        from_at, to_at, sent.instant("updated_after"), category_ids(codes) if codes else None,
        is_open=None if len(status) != 1 else "open" in status, areas=_near(sent),
        area_path=area.path if area else "",
    )  # fmt: skip
    cursor = sent.text("cursor", 500)
    sent.check()
    return Listing([], wanted, limit, cursor, 0 if cursor else skipped, sent.is_set("extensions"))


@dataclass(frozen=True, slots=True)
class Updates:
    """Which updates are asked for. ids: of these requests alone; none: of all. area_id: of the jurisdiction."""

    ids: list[str]
    from_at: datetime
    to_at: datetime
    area_id: int | None
    limit: int
    cursor: str


def read_updates(sent: Sent, now: datetime) -> Updates:
    """Return which updates are asked for: of the last day unless said otherwise. Raises Faulty."""
    area, ids = sent.jurisdiction(), sent.words("service_request_id")
    if len(ids) > IDS_MAX:
        sent.fault(_("service_request_id 一次最多 %(n)d 个") % {"n": IDS_MAX})
    from_at, to_at = _span(sent, now)
    if not (sent.text("start_date") or sent.text("end_date") or ids):
        from_at = now - UPDATES_BACK
    limit, cursor = sent.count("page_size", ROWS_MAX, ROWS_MAX), sent.text("cursor", 500)
    sent.check()
    return Updates(ids, from_at, to_at, area.id if area else None, limit, cursor)


def _span(sent: Sent, now: datetime) -> tuple[datetime, datetime]:
    """Return the time in which requests were made: 90 days at most, up to now unless said otherwise."""
    start, end = sent.instant("start_date"), sent.instant("end_date")
    if start is not None and end is not None:
        if start > end:
            sent.fault(_("start_date 不能晚于 end_date"))
        elif end - start > SPAN_MAX:
            sent.fault(_("start_date 至 end_date 最长 %(n)d 天") % {"n": SPAN_MAX.days})
        return start, end
    try:
        if start is not None:
            return start, max(start, min(now, start + SPAN_MAX))
        return (end or now) - SPAN_MAX, end or now
    except OverflowError:
        sent.fault(_("日期超出范围"))
        return now, now


def _near(sent: Sent) -> tuple[AreaRef, ...] | None:
    """Return the areas around the point that is asked for; None where none is."""
    lat, lon = sent.number("lat", -90, 90), sent.number("long", -180, 180)
    metres = sent.number("radius", 1, RADIUS_MAX)
    named = [name for name in ("lat", "long", "radius") if sent.text(name)]
    if named and len(named) < 3:
        sent.fault(_("按位置查询要同时给出 lat、long、radius（米）"))
    if lat is None or lon is None or metres is None:
        return None
    return areas_near(lon=lon, lat=lat, metres=metres)


@dataclass(frozen=True, slots=True)
class Report:
    """A request as it was sent, checked as far as can be without writing. given: as actions of cases take it."""

    given: dict[str, Any]
    media: list[UploadedFile] = field(default_factory=list)
    answering: dict[str, UploadedFile] = field(default_factory=dict)


def read_report(sent: Sent, files: Mapping[str, Sequence[UploadedFile]]) -> Report:
    """Return what is reported; raise Faulty with all that is wrong. files: the media sent along, by their field."""
    area = sent.jurisdiction()
    category = _service(sent)
    given: dict[str, Any] = {"description": _description(sent, category), **_place(sent, area)}
    given |= {"reporter_name": _name(sent), "reporter_phone": sent.text("phone", PHONE_LENGTH_MAX)}
    report = Report(given)
    if category is not None:
        version = sent.count("definition_version", 0, 2**62) or None
        given |= {"category_code": category.code, "form_version_id": version}
        given["answers"] = _answers(sent, category, version)
    questions = asked(form_of(category)) if category is not None else ()
    photographed = {question.key for question in questions if question.type == Answer.PHOTO}
    for name, uploads in files.items():
        match = _ATTRIBUTE.fullmatch(name)
        if match and match[1] in photographed:
            report.answering[match[1]] = uploads[0]
            report.media.extend(uploads[1:])
        else:
            report.media.extend(uploads)
    sent.check()
    return report


def _service(sent: Sent) -> CategoryRef | None:
    code = sent.text("service_code", 40)
    if not code:
        sent.fault(_("请给出服务编码 service_code"))
        return None
    try:
        return get_service(code)
    except Refusal as refusal:
        sent.refused(refusal)
        return None


def _description(sent: Sent, category: CategoryRef | None) -> str:
    """Return what has happened, in plain words, with the address of a picture elsewhere, which nobody fetches."""
    words = strip_tags(sent.text("description", DESCRIPTION_LENGTH_MAX)).strip()
    address = sent.text("media_url", URL_LENGTH_MAX)
    if address and not _URL.fullmatch(address):
        sent.fault(_("media_url 应为 http 或 https 网址"))
    lines = [words or (category.name if category else "")]
    if address:
        with in_house():
            lines.append(_("附图地址：%(url)s") % {"url": address})
    return "\n".join(lines)


def _name(sent: Sent) -> str:
    """Return the reporter's name in the order in which it is said in its script."""
    first, last = sent.text("first_name", NAME_PART_LENGTH_MAX), sent.text("last_name", NAME_PART_LENGTH_MAX)
    return f"{last}{first}" if _CHINESE.search(first + last) else f"{first} {last}".strip()


def _place(sent: Sent, jurisdiction: AreaRef | None) -> dict[str, Any]:
    """Return where it is: by the point, else the area whose code was given, else one that the address names."""
    lat, lon = sent.number("lat", -90, 90), sent.number("long", -180, 180)
    address, code = sent.text("address_string", PLACE_LENGTH_MAX), sent.text("address_id", 40)
    has_lat, has_lon = bool(sent.text("lat")), bool(sent.text("long"))
    if has_lat != has_lon:
        sent.fault(_("lat 和 long 要同时给出"))
    elif not (has_lat or address or code):
        sent.fault(_("请给出位置：lat 和 long，或 address_string，或 address_id"))
    named = territory().by_code(code) if code else None
    if code and named is None:
        sent.fault(_("没有编码为“%(code)s”的区域（address_id）") % {"code": code[:20]})
    if named is None and not has_lat and address:
        named = _named_in(address, jurisdiction)
    here = None
    if lat is not None and lon is not None:
        here = locate(lon, lat)
        if here is None:
            sent.fault(_("该位置不在本市范围内"))
    place = here or named or jurisdiction
    if jurisdiction is not None and place is not None and jurisdiction.id not in place.ids:
        sent.fault(_("该位置不在辖区 %(code)s 内") % {"code": jurisdiction.code})
    return {"lat": lat, "lon": lon, "place": address, "area_code": "" if here or place is None else place.code}


def _named_in(address: str, jurisdiction: AreaRef | None) -> AreaRef | None:
    """Return the narrowest area whose name stands in the address with those of all above it, where it is but one."""
    found = [
        each for each in territory().descendants(jurisdiction.id if jurisdiction else None) if each.name in address
    ]
    for level in sorted({each.level for each in found}, reverse=True):
        above = {each.id for each in found if each.level < level}
        here = [each for each in found if each.level == level and above.issubset(each.ids)]
        if len(here) == 1:
            return here[0]
    return None


def _answers(sent: Sent, category: CategoryRef, version: int | None) -> dict[str, Any]:
    """Return the answers to the category's questions; unknown codes, and missing required ones, the action refuses."""
    questions = {question.key: question for question in asked(form_of(category, version))}
    answers: dict[str, Any] = {}
    for code, values in sent.attributes().items():
        question = questions.get(code)
        if question is not None and question.type == Answer.MANY:
            answers[code] = values
        elif len(values) > 1:
            sent.fault(_("attribute[%(code)s] 只能有一个值") % {"code": code})
        elif question is not None and question.type == Answer.DATE:
            answers[code] = _day(values[0])
        else:
            answers[code] = values[0]
    return answers


def _day(text: str) -> str:
    """Return the day of an instant as it is here; a day as it stands."""
    try:
        return clock.local_date(instant_of(text)).isoformat()
    except ValueError:
        return text
