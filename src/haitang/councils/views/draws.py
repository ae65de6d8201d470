"""Pages of draws by lot: what anybody sees and recomputes, and what the desk does."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.councils import actions, forms, policies, queries
from haitang.councils.lifecycle import CandidateStatus, DrawStatus
from haitang.councils.values import Permission, commitment_of, digest_of, key_of, listed, read_list
from haitang.councils.values import draw as draw_from
from haitang.councils.views.shared import CANDIDATE_COLOURS, DRAW_COLOURS, steps_of

_DONE = {
    "enter": gettext_lazy("已登记"), "freeze": gettext_lazy("名单已锁定并公布"),
    "draw": gettext_lazy("已抽选，种子已公布"),
    "accept": gettext_lazy("已登记参加"), "decline": gettext_lazy("已登记不参加，由候补接替"),
    "strike": gettext_lazy("已移出名单"),
}  # fmt: skip


def _context(page: Any) -> dict[str, Any]:
    row = page.row
    return {
        "page": page, "row": row, "colour": DRAW_COLOURS[row.status],
        "taken": [(view, CANDIDATE_COLOURS[view.row.status]) for view in page.taken],
    }  # fmt: skip


def _draw(request: Request, draw_id: int, form: Any = None, status: int = 200) -> HttpResponse:
    page = queries.get_draw_page(viewer=request.actor, draw_id=draw_id)
    known = request.actor.is_known and request.actor.id is not None
    may_enter = known and page.own is None and page.row.status == DrawStatus.OPEN
    context = {
        **_context(page), "form": form or (forms.EnterForm() if may_enter else None),
        "may_answer": page.own is not None and page.own.status == CandidateStatus.INVITED,
    }  # fmt: skip
    return respond(request, "councils/draw.html", None, context, status)


@never_cache
@require_safe
@allow(ANYONE)
def draw(request: Request, draw_id: int) -> HttpResponse:
    """Show a draw as anybody sees it: the digest of the seed, the list under numbers, what came out."""
    return _draw(request, draw_id)


@require_safe
@allow(ANYONE)
def draw_list(request: Request, draw_id: int) -> HttpResponse:
    """Give the list as it was published, once it is closed."""
    row = queries.get_draw(draw_id)
    if row.status == DrawStatus.OPEN:
        raise NotFound(_("名单还没有锁定"))
    response = HttpResponse(listed(queries.candidates_of(row)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.csv"'
    return response


@require_POST
@never_cache
@allow(SIGNED_IN)
def draw_own(request: Request, draw_id: int, name: str) -> HttpResponse:
    """Let somebody put themselves on the list, leave it, or say whether they take part."""
    given = {"draw_id": draw_id, **said(request)}
    if name == "enter":
        form = forms.EnterForm(request.POST)
        status = attempt(form, lambda: actions.enter_oneself(**form.cleaned_data, **given))
        if status:
            return _draw(request, draw_id, form, status)
    else:
        own = queries.get_draw_page(viewer=request.actor, draw_id=draw_id).own
        if own is None or name not in ("accept", "decline", "strike"):
            raise NotFound(_("没有这项操作"))
        if name == "strike":
            actions.strike_candidate(number=own.number, **given)
        else:
            actions.answer_draw(number=own.number, declines=name == "decline", **given)
    messages.success(request, _DONE[name])
    return redirect("councils:draw", draw_id)


@form_page
@allow(ANYONE)
def draw_again(request: Request) -> HttpResponse:
    """Let anybody draw again, from a published list, the seed and the words of the public; nothing is kept."""
    initial: dict[str, Any] = {}
    if request.GET.get("draw", "").isdecimal():
        row = queries.get_draw(int(request.GET["draw"][:18]))
        if row.status == DrawStatus.DRAWN:
            initial = {
                "listed": listed(queries.candidates_of(row)), "seats": row.seats, "seed": row.seed,
                "witness": row.witness,
            }  # fmt: skip
    form = forms.AgainForm(sent(request), initial=initial)
    status, found = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                candidates = read_list(given["listed"])
                found = draw_from(candidates, given["seats"], key_of(given["seed"], given["witness"]))
                status = 200
            except Refusal as refusal:
                form.add_error("listed", refusal.message)
    context: dict[str, Any] = {"form": form, "found": found}
    if found is not None:
        given = form.cleaned_data
        context |= {"commitment": commitment_of(given["seed"]), "digest": digest_of(candidates)}
    return respond(request, "councils/draw_again.html", None, context, status)


def _desk(request: Request, draw_id: int, shown: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    page = queries.get_draw_page(viewer=request.actor, draw_id=draw_id)
    policies.check_can_convene(request.actor, page.row.council)
    could: dict[str, Any] = {}
    if page.row.status == DrawStatus.OPEN:
        could["enter"] = forms.CandidatesForm(auto_id="enter_%s")
    if page.row.status == DrawStatus.FROZEN:
        could["draw"] = forms.WitnessForm(auto_id="draw_%s")
    context = {**_context(page), "forms": {**could, **(shown or {})}, "steps": steps_of(page.entries)}
    return respond(request, "councils/desk_draw.html", None, context, status)


@never_cache
@require_safe
@allow(Permission.CONVENE)
def desk_draw(request: Request, draw_id: int) -> HttpResponse:
    """Show a draw to who keeps the council: who is behind the numbers, and what is next."""
    return _desk(request, draw_id)


@require_POST
@never_cache
@allow(Permission.CONVENE)
def draw_deed(request: Request, draw_id: int, name: str) -> HttpResponse:
    """Put people on the list, take one off, close it, draw, or say whether somebody takes part."""
    given = {"draw_id": draw_id, **said(request)}
    if name in ("enter", "draw"):
        form: Any = (forms.CandidatesForm if name == "enter" else forms.WitnessForm)(request.POST, auto_id=f"{name}_%s")

        def write() -> None:
            if name == "enter":
                actions.enter_candidates(news=form.cleaned_data["people"], **given)
            else:
                actions.draw_lots(witness=form.cleaned_data["witness"], **given)

        status = attempt(form, write)
        if status:
            return _desk(request, draw_id, {name: form}, status)
    elif name == "freeze":
        try:
            actions.freeze_draw(**given)
        except NotFound:
            raise
        except Refusal as refusal:
            return _desk(request, draw_id, {"refused": refusal.message}, refusal.status)
    elif name in ("accept", "decline", "strike") and request.POST.get("number", "").isdecimal():
        number = int(request.POST["number"][:9])
        if name == "strike":
            actions.strike_candidate(number=number, **given)
        else:
            actions.answer_draw(number=number, declines=name == "decline", **given)
    else:
        raise NotFound(_("没有这项操作"))
    messages.success(request, _DONE[name])
    return redirect("councils:desk_draw", draw_id)
