"""Reporting in three steps. Nothing is registered before the last one; what was typed is kept throughout."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.core import signing
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_http_methods, require_safe

from haitang.cases import actions, queries
from haitang.cases.values import PHOTOS_MAX, AskedOf, Kind, field_of, photos_in
from haitang.core import clock, files, idempotency, limits
from haitang.core.access import ANYONE, allow
from haitang.core.errors import Conflict, NotFound, Refusal, TooMany
from haitang.core.http import Request
from haitang.core.policy import read_versions
from haitang.merging.actions import note_repeat
from haitang.merging.queries import find_earlier
from haitang.portal.forms import ContactForm, MatterForm, MeTooForm, PlaceForm, PointForm, category_name
from haitang.portal.values import AGAIN_SALT, PLANNED_WORDS, STATUS_COLOURS, STATUS_WORDS, VOICE_SALT
from haitang.portal.views.session import Draft, address_of, code_for, remember
from haitang.territory.queries import locate, territory
from haitang.territory.queries import outlines as area_outlines
from haitang.territory.values import LEVELS
from haitang.territory.values import Kind as AreaKind

_HOUR_S = 3600
_MATTER, _PLACE, _CONTACT = (
    ("description", "kind", "category_code"),
    ("area_code", "place", "lon", "lat"),
    ("name", "phone"),
)
_NAME_SHOWN_MAX = 40


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(ANYONE)
def matter(request: Request) -> HttpResponse:
    """Step one: what has happened, and photos of it."""
    _require_open()
    draft = Draft(request)
    if request.method != "POST":
        return _show_matter(request, draft, MatterForm(initial=_initial(draft)))
    draft.take(request.POST, _MATTER)
    photos_only = "add" in request.POST or "remove" in request.POST
    form = MatterForm(request.POST, request.FILES, photos_only=photos_only)
    draft.photos = [photo for photo in draft.photos if photo.digest != request.POST.get("remove")]
    refused = _keep_photos(request, draft)
    is_valid = form.is_valid()
    for sentence in refused:
        form.add_error("photos", sentence)
    if not photos_only:
        draft.pass_step("matter", passed=is_valid)
    draft.hold()
    if refused or not is_valid:
        return _show_matter(request, draft, form, status=422)
    return redirect(reverse("portal:report") + "#photos" if photos_only else "portal:report_place")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(ANYONE)
def place(request: Request) -> HttpResponse:
    """Step two: where."""
    draft = Draft(request)
    if "matter" not in draft.steps:
        return redirect("portal:report")
    questions = draft.ask(_category(draft))
    if request.method != "POST":
        initial = {**_initial(draft), **{field_of(key): value for key, value in draft.answers.items()}}
        return _show_place(
            request, draft, PlaceForm(initial=initial, questions=questions, photographed=draft.answering)
        )
    draft.take(request.POST, _PLACE)
    form = PlaceForm(request.POST, request.FILES, questions=questions, photographed=draft.answering)
    is_valid = form.is_valid()
    draft.answers = form.answers()
    refused = _keep_answers(request, draft, form)
    draft.pass_step("place", passed=is_valid and not refused)
    draft.hold()
    if "back" in request.POST:
        return redirect("portal:report")
    if refused or not is_valid:
        return _show_place(request, draft, form, status=422)
    return redirect("portal:report_contact")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(ANYONE)
def contact(request: Request) -> HttpResponse:
    """Step three: how to reach the reporter; then the report is sent."""
    draft = Draft(request)
    where = PlaceForm({name: draft.typed.get(name, "") for name in _PLACE})
    if "matter" not in draft.steps:
        return redirect("portal:report")
    draft.ask(_category(draft))
    if "place" not in draft.steps or not where.is_valid():
        return redirect("portal:report_place")
    if request.method != "POST":
        return _show_contact(request, draft, where, ContactForm(initial=_initial(draft)))
    draft.take(request.POST, _CONTACT)
    draft.hold()
    if "back" in request.POST:
        return redirect("portal:report_place")
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _show_contact(request, draft, where, form, status=422)
    try:
        number, query_code = _send(request, draft, where, form)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        response = _show_contact(request, draft, where, form, status=refusal.status)
        if isinstance(refusal, TooMany):
            response["Retry-After"] = str(refusal.retry_after_s)
        return response
    draft.forget()
    remember(request, number, query_code)
    return redirect("portal:report_done", number)


@never_cache
@require_safe
@allow(ANYONE)
def done(request: Request, number: str) -> HttpResponse:
    """Show number and query code of what was just reported, and when to expect what."""
    query_code = code_for(request, number)
    case = queries.get_case_by_number(number=number, query_code=query_code) if query_code else None
    if case is None:
        raise NotFound(_("没有这个页面；如果您有案件编号和查询码，请到“查进度”查询"))
    followed = queries.follow_case(case=case)
    planned = [(words, followed.planned[stage]) for stage, words in PLANNED_WORDS.items() if stage in followed.planned]
    return render(request, "portal/done.html", {"case": followed, "query_code": query_code, "planned": planned})


@never_cache
@require_safe
@allow(ANYONE)
def draft_photo(request: Request, digest: str) -> HttpResponse:
    """Give a photo of the visitor's own unfinished report."""
    kept = next((photo for photo in Draft(request).photos if photo.digest == digest), None)
    if kept is None:
        raise NotFound(_("照片不存在"))
    return HttpResponse(files.read(kept.digest), content_type=kept.mime)


def _outlines_etag(request: Request) -> str:
    versions = read_versions()
    state = [versions.get("territory.tree", 0), versions.get("territory.boundaries", 0)]
    return f'"{hashlib.sha256(json.dumps(state).encode()).hexdigest()[:32]}"'


@require_safe
@allow(ANYONE)
@condition(etag_func=_outlines_etag)
def outlines(request: Request) -> HttpResponse:
    """Give the outlines of streets and communities as GeoJSON, to find one's place on the map. Public data."""
    features = []
    for level, look in ((LEVELS[AreaKind.COMMUNITY], {}), (LEVELS[AreaKind.STREET], {"label": True, "weight": 3})):
        kinds = [kind.value for kind in AreaKind if LEVELS[kind] == level]
        for feature in json.loads(area_outlines(parent=None, kinds=kinds))["features"]:
            properties = {"code": feature["properties"]["code"], "name": feature["properties"]["name"], **look}
            features.append({"type": "Feature", "properties": properties, "geometry": feature["geometry"]})
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    response = HttpResponse(body, content_type="application/geo+json")
    response["Cache-Control"] = "public, no-cache"
    return response


@never_cache
@require_safe
@allow(ANYONE)
def here(request: Request) -> HttpResponse:
    """Name the area of a point just picked on the map: a fragment. A point that is none names nothing."""
    form = PointForm(request.GET)
    return render(request, "portal/_here.html", _named(form.cleaned_data if form.is_valid() else {}))


def _named(point: dict[str, Any]) -> dict[str, Any]:
    """Return the template variables that say in which area a point lies."""
    if point.get("lon") is None or point.get("lat") is None:
        return {}
    area = locate(point["lon"], point["lat"])
    return {"here": territory().full_name(area.id) if area else "", "outside": area is None}


def _require_open() -> None:
    if not territory().children(None) or not queries.catalog().settings:
        raise Conflict(_("本平台还没有完成区域设置，暂时不能上报；紧急情况请拨打 110、119、120，其他诉求请拨打 12345"))


def _initial(draft: Draft) -> dict[str, Any]:
    return {name: text for name, text in draft.typed.items() if text}


def _keep_photos(request: Request, draft: Draft) -> list[str]:
    """Keep what was sent as far as it is photos, and return a sentence for every one that is not."""
    refused = []
    for upload in request.FILES.getlist("photos"):
        try:
            if len(draft.photos) >= PHOTOS_MAX:
                raise Conflict(_("最多只能上传 %(n)d 张照片") % {"n": PHOTOS_MAX})
            if (upload.size or 0) > settings.PHOTO_BYTES_MAX:
                size, most = (upload.size or 0) / 2**20, settings.PHOTO_BYTES_MAX // 2**20
                raise Conflict(_("照片有 %(size).1f MB，最大允许 %(most)d MB") % {"size": size, "most": most})
            _limit(request, "photo", times=PHOTOS_MAX)
            kept = actions.keep_photo(actor=request.actor, data=upload.read(), now=clock.now())
        except Refusal as refusal:
            name = (upload.name or "")[-_NAME_SHOWN_MAX:]
            refused.append(_("“%(name)s”没有添加：%(why)s。") % {"name": name, "why": refusal.message.rstrip("。")})
            continue
        if kept.digest not in {photo.digest for photo in draft.photos}:
            draft.photos.append(kept)
    return refused


def _limit(request: Request, what: str, *, times: int = 1) -> None:
    """Count one deed of this address against the hourly limit for reports, so many times as generous."""
    limit = queries.catalog().setting("public_reports_per_hour") * times
    limits.hit(f"portal.{what}:{address_of(request)}", limit=limit, window_s=_HOUR_S, now=clock.now())


def _send(request: Request, draft: Draft, where: Form, form: Form) -> tuple[str, str]:
    """Report the draft, once however often it is sent; return number and query code."""
    _limit(request, "report")
    now, actor = clock.now(), request.actor

    def write() -> dict[str, str]:
        case = actions.report_case_with_photos(
            actor=actor, now=now, photos=draft.photos, description=draft.typed["description"],
            kind=draft.typed.get("kind") or Kind.HELP.value, place=where.cleaned_data["place"],
            lon=where.cleaned_data["lon"], lat=where.cleaned_data["lat"], area_code=where.cleaned_data["area_code"],
            reporter_name=form.cleaned_data["name"], reporter_phone=form.cleaned_data["phone"],
            category_code=draft.asked_for, answers=draft.answers, answering=draft.answering, asked_of=AskedOf.RESIDENT,
            form_version_id=draft.form_version_id,
        )  # fmt: skip
        note_repeat(actor=actor, case_id=case.pk, phone=form.cleaned_data["phone"], account_id=actor.id, now=now)
        return {"number": case.number, "query_code": case.query_code}

    told = idempotency.once(actor=actor, key=f"portal:{draft.id}", body=draft.id, now=now, write=write)
    return told["number"], told["query_code"]


def _show_matter(request: Request, draft: Draft, form: Form, status: int = 200) -> HttpResponse:
    room = PHOTOS_MAX - len(draft.photos)
    return render(request, "portal/matter.html", {"form": form, "draft": draft, "room": room}, status=status)


def _category(draft: Draft) -> Any:
    """Return the category chosen, or the one that the words suggest; None for neither."""
    known = queries.catalog()
    chosen = known.by_code.get(draft.typed.get("category_code", ""))
    return chosen if chosen in known.leaves else known.suggest(draft.typed.get("description", ""))


def _keep_answers(request: Request, draft: Draft, form: PlaceForm) -> bool:
    """Keep the photos that answer questions, one for each; tell whether one was refused, and say why at its field."""
    refused = False
    for key, upload in photos_in(form.cleaned_data, form.questions):
        try:
            _limit(request, "photo", times=PHOTOS_MAX)
            draft.answering[key] = actions.keep_photo(actor=request.actor, data=upload.read(), now=clock.now())
        except Refusal as refusal:
            form.add_error(field_of(key), refusal.message)
            refused = True
    return refused


def _answers_shown(draft: Draft) -> list[tuple[str, str]]:
    """Return what was answered, as it is to be looked over."""
    shown = []
    for question in draft.questions:
        value = draft.answers.get(question.key)
        if question.key in draft.answering:
            shown.append((question.label, _("1 张照片")))
        elif value not in (None, "", []):
            text = (
                "、".join(value)
                if isinstance(value, list)
                else f"{value:g}"
                if isinstance(value, float)
                else str(value)
            )
            shown.append((question.label, text))
    return shown


def _show_place(request: Request, draft: Draft, form: Form, status: int = 200) -> HttpResponse:
    typed = {name: form[name].value() for name in ("lon", "lat")}
    point = PointForm(typed)
    named = _named(point.cleaned_data) if point.is_valid() else {}
    about = {"category": category_name(_category(draft)), "answering": draft.answering}
    return render(request, "portal/place.html", {"form": form, **about, **named}, status=status)


def _show_contact(request: Request, draft: Draft, where: Form, form: Form, status: int = 200) -> HttpResponse:
    lon, lat, areas = where.cleaned_data["lon"], where.cleaned_data["lat"], territory()
    own, similar = _own_open(request, draft, lon, lat), []
    if lon is not None:
        similar = queries.list_similar_public(
            lon=lon, lat=lat, description=draft.typed["description"], now=clock.now()
        )  # fmt: skip
        similar = [found for found in similar if found.id not in {case.pk for case in own}]
    area = areas.by_code(where.cleaned_data["area_code"])
    context = {
        "form": form,
        "me_too": MeTooForm(auto_id="me_too_%s"),
        "draft": draft,
        "kind": Kind(draft.typed.get("kind") or Kind.HELP).label,
        "is_confidential": draft.typed.get("kind") == Kind.DENUNCIATION,
        "area_name": areas.full_name(area.id) if area else "",
        "place": where.cleaned_data["place"],
        "category": category_name(_category(draft)),
        "answers": _answers_shown(draft),
        "has_point": lon is not None,
        "own": [_own_row(case) for case in own],
        "similar": (rows := [_similar_row(found) for found in similar]),
        "some_open": any(row["is_open"] for row in rows),
        "similar_rule": queries.catalog().setting("similar"),
    }
    return render(request, "portal/contact.html", context, status=status)


def _own_open(request: Request, draft: Draft, lon: float | None, lat: float | None) -> list[Any]:
    """Return the open cases on the same matter that the account has reported before; never a denunciation."""
    if draft.typed.get("kind") == Kind.DENUNCIATION:
        return []
    category = _category(draft)
    found = find_earlier(
        viewer=request.actor, now=clock.now(), account_id=request.actor.id, lon=lon, lat=lat,
        category_id=category.id if category else None,
    )  # fmt: skip
    return [each.view.case for each in found if each.is_open and not each.view.case.is_confidential]


def _own_row(case: Any) -> dict[str, Any]:
    return {
        "again": signing.dumps(case.pk, salt=AGAIN_SALT), "number": case.number, "description": case.description,
        "at": case.reported_at, "status": STATUS_WORDS[case.status],
        "colour": STATUS_COLOURS.get(case.status, "blue"),
    }  # fmt: skip


def _similar_row(found: Any) -> dict[str, Any]:
    return {
        "same": signing.dumps(found.id, salt=VOICE_SALT),
        "voices": found.voices,
        "is_open": found.status not in STATUS_COLOURS,
        "category": category_name(found.category),
        "area": found.area_name,
        "at": found.reported_at,
        "status": STATUS_WORDS[found.status],
        "colour": STATUS_COLOURS.get(found.status, "blue"),
    }
