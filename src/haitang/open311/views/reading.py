"""One request, what a token stands for, and the photo of a request."""

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.core import files
from haitang.core.access import ANYONE, allow
from haitang.core.errors import NotFound, Refusal
from haitang.open311.forms import Sent
from haitang.open311.queries import (
    MEDIA_SALT,
    RequestView,
    category_name,
    find_requests,
    number_behind,
    status_words,
)
from haitang.open311.schemas import faults_written
from haitang.open311.values import MEDIA_VALID_S, PREFIX, Fault, Format, print_instant
from haitang.open311.views.answering import Answer, actor_for, answers, private, refused
from haitang.people.queries import get_actor


@answers("GET", "HEAD")
def single(request: HttpRequest, number: str) -> Answer:
    """Tell of one request; with `notes` what has happened to it, with `extensions` more than the standard has."""
    actor, sent = actor_for(request), Sent(request.GET)
    area = sent.jurisdiction()
    sent.check()
    found = find_requests(viewer=actor, numbers=[number], with_notes=sent.is_set("notes"))
    if not found or (area is not None and area.id not in found[0].area.ids):
        raise NotFound(_("没有编号为“%(number)s”的诉求（service_request_id）") % {"number": number[:40]})
    told = told_of(request, found[0], actor_id=actor.id, extended=sent.is_set("extensions"))
    if sent.is_set("notes"):
        told["notes"] = [
            {"datetime": print_instant(at), "description": f"{words}：{text}" if text else words, "type": kind}
            for at, words, kind, text in found[0].notes
        ]
    return private(Answer("service_requests", [told]))


@answers("GET", "HEAD")
def token(request: HttpRequest, token: str) -> Answer:
    """Say which request a token stands for."""
    sent = Sent(request.GET)
    sent.jurisdiction()
    sent.check()
    told = {"service_request_id": number_behind(token), "token": token}
    return Answer("service_requests", [told])


@allow(ANYONE)
def media(request: HttpRequest, sealed: str) -> HttpResponse:
    """Give the photo behind an address that was told to whoever reported the request, for a day."""
    try:
        account_id, case_id, photo_id = signing.loads(sealed, salt=MEDIA_SALT, max_age=MEDIA_VALID_S)
        photo = cases.get_photo(viewer=get_actor(account_id), case_id=case_id, photo_id=photo_id)
        data = files.read(photo.digest)
    except signing.BadSignature:
        return faults_written(Format.XML, Fault(404, _("没有这张照片，或地址已过期")))
    except Refusal as refusal:
        return refused(Format.XML, refusal)
    response = HttpResponse(data, content_type=photo.mime)
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def told_of(request: HttpRequest, view: RequestView, *, actor_id: int | None, extended: bool) -> dict[str, Any]:
    """Return a request as it is told: in the standard's order, nothing left out; what is not known is null."""
    case, status = view.case, status_words(view.case.status)
    media_url = None
    if view.photo_id is not None:
        sealed = signing.dumps([actor_id, case.pk, view.photo_id], salt=MEDIA_SALT)
        media_url = request.build_absolute_uri(f"{PREFIX}media/{sealed}.jpg")
    told = {
        "service_request_id": case.number,
        "status": "open" if view.is_open else "closed",
        "status_notes": status,
        "service_name": category_name(view.category),
        "service_code": view.category.code,
        "description": case.description if view.is_own else None,
        "agency_responsible": view.organization or None,
        "service_notice": None,
        "requested_datetime": print_instant(case.reported_at),
        "updated_datetime": print_instant(view.updated_at),
        "expected_datetime": print_instant(view.expected_at),
        "address": view.address,
        "address_id": view.area.code,
        "zipcode": None,
        "lat": view.lat,
        "long": view.lon,
        "media_url": media_url,
    }
    if extended:
        told["extended_attributes"] = {
            "detailed_status": case.status,
            "area_name": view.area.name,
            "voices": case.voices,
            "position": "exact" if view.is_own and case.lon is not None else "area",
            "answers": [{"code": code, "name": name, "values": values} for code, name, values in view.answers],
        }
    return told
