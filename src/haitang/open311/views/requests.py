"""Requests: the list of them, a new one, and more about one of one's own."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from haitang.cases import actions as cases
from haitang.cases.queries import catalog
from haitang.cases.values import PHOTOS_MAX, AskedOf, Channel, KeptPhoto
from haitang.core import clock, idempotency, limits
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.facts import label_of
from haitang.core.paging import Page
from haitang.core.replicas import from_replica
from haitang.open311.actions import update_request
from haitang.open311.forms import Report, Sent, read_listing, read_report, read_updates
from haitang.open311.queries import find_requests, list_requests, list_updates, setting, token_of
from haitang.open311.values import DESCRIPTION_LENGTH_MAX, RETRY_MINUTES, Fault, Faulty, print_instant
from haitang.open311.views.answering import Answer, actor_for, address_of, answers, private
from haitang.open311.views.reading import told_of

_HOUR_S = 3600


@answers("GET", "HEAD", "POST")
def requests(request: HttpRequest) -> Answer:
    """List requests, or take one in."""
    return private(_take_in(request) if request.method == "POST" else _list(request, actor_for(request)))


@answers("GET", "HEAD", "POST")
def updates(request: HttpRequest) -> Answer:
    """List what has happened to requests, or take in more about one."""
    return private(_update(request) if request.method == "POST" else _list_updates(request))


def _list_updates(request: HttpRequest) -> Answer:
    actor = actor_for(request)
    asked = read_updates(Sent(request.GET), clock.now())
    page = list_updates(
        viewer=actor, ids=asked.ids, from_at=asked.from_at, to_at=asked.to_at, area_id=asked.area_id,
        limit=asked.limit, cursor=asked.cursor,
    )  # fmt: skip
    told = [
        {
            "update_id": str(step.entry_id),
            "service_request_id": step.number,
            "status": None if step.is_open is None else "open" if step.is_open else "closed",
            "updated_datetime": print_instant(step.at),
            "description": "：".join(filter(None, (step.told or label_of(step.fact), step.text))),
            "type": step.fact,
        }
        for step in page.rows
    ]
    return Answer("service_request_updates", told, headers=_following(request, page.next))


def _update(request: HttpRequest) -> Answer:
    """Take in more about a request, from the account that reported it: words, photos, or both."""
    now, actor, sent = clock.now(), _reporter(request), Sent(request.POST)
    area = sent.jurisdiction()
    number = sent.text("service_request_id", 40)
    words = sent.text("description", DESCRIPTION_LENGTH_MAX)
    uploads = [upload for _name, each in request.FILES.lists() for upload in each]
    if not number:
        sent.fault(_("请给出 service_request_id"))
    if not (words or uploads):
        sent.fault(_("请给出 description 或照片"))
    sent.check()
    _limit(request, actor, now)
    photos = _kept(actor, uploads, now)

    def write() -> dict[str, Any]:
        entry_id = update_request(
            actor=actor, number=number, words=words, photos=photos, area_path=area.path if area else "/", now=now
        )  # fmt: skip
        return {"update_id": str(entry_id), "service_request_id": number}

    told = idempotency.once(**_once(request, actor, now, photos), write=write)
    return Answer("service_request_updates", [told], 201)


@from_replica
def _list(request: HttpRequest, actor: Actor) -> Answer:
    sent = Sent(request.GET)
    asked = read_listing(sent, clock.now())
    if asked.ids:
        found = find_requests(viewer=actor, numbers=asked.ids)
        page = Page([view for view in found if view.area.path.startswith(asked.wanted.area_path)])
    else:
        page = list_requests(
            viewer=actor, wanted=asked.wanted, limit=asked.limit, cursor=asked.cursor, skipped=asked.skipped
        )  # fmt: skip
    told = [told_of(request, view, actor_id=actor.id, extended=asked.extended) for view in page.rows]
    return Answer("service_requests", told, headers=_following(request, page.next))


def _following(request: HttpRequest, cursor: str) -> dict[str, str]:
    """Return the header that leads on to the next page, none where there is none."""
    if not cursor:
        return {}
    following = request.GET.copy()
    following.pop("page", None)
    following.pop("api_key", None)
    following["cursor"] = cursor
    return {"Link": f'<{request.build_absolute_uri(request.path)}?{following.urlencode()}>; rel="next"'}


def _take_in(request: HttpRequest) -> Answer:
    """Take a request in, once however often it is sent. With `Prefer: respond-async` a token is answered for its id."""
    now, actor = clock.now(), _reporter(request)
    report = read_report(Sent(request.POST), _files(request))
    _limit(request, actor, now)
    photos = _kept(actor, report.media, now)
    answering = {key: _kept(actor, [upload], now)[0] for key, upload in report.answering.items()}
    kept = [*photos, *answering.values()]
    told = idempotency.once(
        **_once(request, actor, now, kept), write=lambda: _write(actor, report, photos, answering, now)
    )
    if "respond-async" in request.headers.get("Prefer", "").replace(" ", "").split(","):
        told = {"token": token_of(told["service_request_id"]), "service_notice": told["service_notice"]}
    return Answer("service_requests", [told], 201)


def _write(
    actor: Actor, report: Report, photos: Sequence[KeptPhoto], answering: Mapping[str, KeptPhoto], now: datetime
) -> dict[str, Any]:
    case = cases.report_case_with_photos(
        actor=actor, now=now, photos=photos, answering=answering, channel=Channel.OPEN311.value,
        asked_of=AskedOf.RESIDENT, photos_follow=True, **report.given,
    )  # fmt: skip
    notice = _("请记下查询码 %(code)s：凭编号和查询码可以查进度、评价结果。") % {"code": case.query_code}
    return {"service_request_id": case.number, "service_notice": notice, "account_id": None}


def _reporter(request: HttpRequest) -> Actor:
    """Return whose key the request bears; without a key a visitor, where visitors may report. Raises Faulty (403)."""
    actor = actor_for(request)
    if not actor.is_known and not setting("anonymous"):
        raise Faulty([Fault(403, _("请给出密钥 api_key；取得办法见 discovery 中的 key_service"))])
    return actor


def _limit(request: HttpRequest, actor: Actor, now: datetime) -> None:
    """Count one report of this key, or of this address where there is none. Raises TooMany."""
    if actor.id is not None:
        key, limit = f"open311.report:{actor.id}", setting("reports_per_hour")
    else:
        key, limit = f"open311.report:{address_of(request)}", catalog().setting("public_reports_per_hour")
    limits.hit(key, limit=limit, window_s=_HOUR_S, now=now)


def _files(request: HttpRequest) -> dict[str, list[UploadedFile]]:
    return dict(request.FILES.lists())


def _kept(actor: Actor, uploads: Sequence[UploadedFile], now: datetime) -> list[KeptPhoto]:
    """Keep the photos for now; raise Invalid where one is none, or they are too many or too large."""
    if len(uploads) > PHOTOS_MAX:
        raise Invalid(_("每个案件最多 %(n)d 张照片") % {"n": PHOTOS_MAX})
    if any((upload.size or 0) > settings.PHOTO_BYTES_MAX for upload in uploads):
        raise Invalid(_("每张照片不能超过 %(n)d MB") % {"n": settings.PHOTO_BYTES_MAX // 2**20})
    return [cases.keep_photo(actor=actor, data=upload.read(), now=now) for upload in uploads]


def _once(request: HttpRequest, actor: Actor, now: datetime, photos: Sequence[KeptPhoto]) -> dict[str, Any]:
    """Return by which key this is written once: the sender's own, else its content within the same ten minutes."""
    sent = sorted((name, values) for name, values in _plain(request.POST).items() if name != "api_key")
    body = [request.path.rpartition(".")[0], sent, [photo.digest for photo in photos]]
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        content = hashlib.sha256(json.dumps(body, ensure_ascii=False).encode(errors="replace")).hexdigest()
        key = f"{int(now.timestamp()) // (60 * RETRY_MINUTES)}:{content}"
    whose = "" if actor.is_known else f"{address_of(request)}:"
    return {"actor": actor, "key": f"open311:{whose}{key}", "body": body, "now": now}


def _plain(sent: QueryDict) -> dict[str, list[str]]:
    return {name: [str(value) for value in values] for name, values in sent.lists()}
