"""The office's pages: wishes by state, one wish with what is to be done about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import allow
from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.panels import HEARD_WISH, WISHES, Heard, draw_tabs
from haitang.core.ui.sheets import workbook
from haitang.wishes import actions, forms, queries
from haitang.wishes.lifecycle import LIVE, Deed, Status, leads
from haitang.wishes.values import Permission
from haitang.wishes.views.shared import CLAIM_COLOURS, COLOURS, steps_of


@require_safe
@allow(Permission.VIEW)
def desk(request: Request) -> HttpResponse:
    """Show the wishes within reach, the latest entered first, and how many stand at each state."""
    form = forms.DeskFilterForm(request.GET, viewer=request.actor)
    wanted = form.wanted()
    page = queries.list_wishes(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    counted = queries.count_wishes(viewer=request.actor, area_path=wanted.area_path)
    context = {
        "form": form, "page": page,
        "lines": [(view, COLOURS[view.wish.status]) for view in queries.describe_wishes(page.rows)],
        "counted": [(Status(status).label, n) for status, n in counted.items() if n],
        "may_enter": request.actor.holds(Permission.ENTER),
        "tabs": draw_tabs(WISHES, request.actor, "wishes:desk"),
    }  # fmt: skip
    return respond(request, "wishes/desk.html", "wishes/_desk.html", context)


@require_safe
@allow(Permission.VIEW)
def export(request: Request) -> HttpResponse:
    """Give what the list shows as a workbook, in which nothing says whose the wishes are."""
    wanted = forms.DeskFilterForm(request.GET, viewer=request.actor).wanted()
    views = actions.export_wishes(wanted=wanted, **said(request))
    return workbook(_("微心愿"), queries.wish_export_columns(), queries.wish_export_rows(views))


def _heard(request: Request) -> Heard | None:
    number = request.GET.get("heard", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    told = (tell(request.actor, int(number)) for tell in HEARD_WISH)
    return next((each for each in told if each is not None), None)


@never_cache
@form_page
@allow(Permission.ENTER)
def wish_new(request: Request) -> HttpResponse:
    """Enter a wish for a family; one that was heard at a visit (`?heard=`) is begun with what was said."""
    form, status = forms.WishForm(sent(request), viewer=request.actor, heard=_heard(request)), 200
    if request.method == "POST":
        made: list[int] = []

        def write() -> None:
            channel = form.cleaned_data["channel"]
            made.extend(row.pk for row in actions.enter_wishes(news=[form.new()], channel=channel, **said(request)))

        status = attempt(form, write)
        if not status:
            messages.success(request, _("心愿已登记，审核发布后大家可以认领"))
            return redirect("wishes:wish", made[0])
    return respond(request, "wishes/wish_form.html", None, {"form": form}, status)


@never_cache
@form_page
@allow(Permission.ENTER)
def wish_change(request: Request, wish_id: int) -> HttpResponse:
    """Change a wish that is not public; what of the family stays as it is, is not shown."""
    wish = queries.get_wish(viewer=request.actor, wish_id=wish_id)
    form, status = forms.WishForm(sent(request), viewer=request.actor, known=wish), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_wish(wish_id=wish_id, new=form.new(), **said(request)))
        if not status:
            messages.success(request, _("已修改"))
            return redirect("wishes:wish", wish_id)
    return respond(request, "wishes/wish_form.html", None, {"form": form, "wish": wish}, status)


def _show(
    request: Request, wish_id: int, *, refused: dict[str, Any] | None = None, full: Any = None, status: int = 200
) -> HttpResponse:
    page = queries.get_wish_page(viewer=request.actor, wish_id=wish_id)
    wish, claim = page.view.wish, page.view.claim
    context = {
        "page": page, "wish": wish, "view": page.view, "claim": claim, "colour": COLOURS[wish.status], "full": full,
        "steps": steps_of(page.entries), "forms": {**_forms(page), **(refused or {})},
        "claims": [(each, CLAIM_COLOURS[each.status]) for each in page.claims],
        **{
            f"may_{deed.value}": right in page.may and leads(wish.status, deed)
            for deed, right in (
                (Deed.PUBLISH, "check"), (Deed.CONFIRM, "check"), (Deed.START, "check"), (Deed.RECEIVE, "check"),
                (Deed.CHANGE, "change"),
            )
        },
    }  # fmt: skip
    return respond(request, "wishes/wish.html", None, context, status)


def _forms(page: Any) -> dict[str, Any]:
    wish, claim = page.view.wish, page.view.claim
    shown: dict[str, Any] = {}
    deeds = (
        ("deny", Deed.DENY, forms.ReasonForm), ("decline", Deed.DECLINE, forms.ReasonForm),
        ("release", Deed.RELEASE, forms.ReasonForm), ("deliver", Deed.DELIVER, forms.DeliverForm),
        ("contest", Deed.CONTEST, forms.ReasonForm), ("withdraw", Deed.WITHDRAW, forms.ReasonForm),
    )  # fmt: skip
    if "check" in page.may:
        for name, deed, form in deeds:
            if leads(wish.status, deed):
                shown[name] = form(auto_id=f"{name}_%s")
        if wish.status == Status.GRANTED and wish.erased_at is None:
            shown["thank"] = forms.WordsForm(auto_id="thank_%s", initial={"words": wish.thanks})
    if claim is None or claim.status not in LIVE:
        for name in ("decline", "release", "deliver", "contest"):
            shown.pop(name, None)
    if "unmask" in page.may and wish.erased_at is None:
        shown["unmask"] = forms.ReasonForm(auto_id="unmask_%s")
    return shown


@never_cache
@require_safe
@allow(Permission.VIEW)
def wish(request: Request, wish_id: int) -> HttpResponse:
    """Show one wish to staff."""
    return _show(request, wish_id)


@require_POST
@never_cache
@allow(Permission.UNMASK)
def wish_contact(request: Request, wish_id: int) -> HttpResponse:
    """Show whose wish it is in full, this once, for the reason given."""
    form = forms.ReasonForm(request.POST, auto_id="unmask_%s")
    full: list[Any] = []
    status = attempt(
        form, lambda: full.extend(actions.unmask_wish(wish_id=wish_id, **form.cleaned_data, **said(request)))
    )
    return _show(request, wish_id, refused={"unmask": form} if status else None, full=full, status=status or 200)


@require_POST
@never_cache
@allow(Permission.CHECK)
def wish_deed(request: Request, wish_id: int, name: str) -> HttpResponse:
    """Do what the community does with a wish, and say what the two sides tell it."""
    typed, by = sent(request), said(request)
    held = {"claim_id": queries.holding_claim_id(wish_id) or 0}
    own = {"wish_id": wish_id}
    plain: dict[str, tuple[Any, dict[str, Any], str]] = {
        "publish": (actions.publish_wishes, {"wish_ids": [wish_id]}, _("已发布，大家看不到是哪一家")),
        "confirm": (actions.confirm_claim, held, _("已确认，认领人可以查看联系方式")),
        "start": (actions.start_claim, held, _("已代为记下：正在准备")),
        "receive": (actions.receive_wish, own, _("已代家庭确认收到")),
    }
    if name in plain:
        action, about, done = plain[name]
        try:
            action(**about, **by)
        except (Invalid, Conflict) as refusal:
            messages.error(request, "；".join([refusal.message, *dict.fromkeys(refusal.fields.values())]))
            return redirect("wishes:wish", wish_id)
        messages.success(request, done)
        return redirect("wishes:wish", wish_id)
    known: dict[str, tuple[Any, Any, dict[str, Any], str]] = {
        "deny": (forms.ReasonForm, actions.deny_wish, own, _("已登记，家庭可以看到原因")),
        "decline": (forms.ReasonForm, actions.decline_claim, held, _("已登记，心愿重新开放")),
        "release": (forms.ReasonForm, actions.release_claim, held, _("心愿已重新开放")),
        "deliver": (forms.DeliverForm, actions.deliver_wish, held, _("已代为登记送达")),
        "contest": (forms.ReasonForm, actions.contest_delivery, own, _("已告诉认领人")),
        "withdraw": (forms.ReasonForm, actions.withdraw_wish, own, _("心愿已撤回")),
        "thank": (forms.WordsForm, actions.thank_for_wish, own, _("已转告认领人")),
    }
    if name not in known:
        raise NotFound(_("没有这个页面"))
    kind, action, about, done = known[name]
    form = kind(typed, auto_id=f"{name}_%s")
    status = attempt(form, lambda: action(**form.cleaned_data, **about, **by))
    if status:
        return _show(request, wish_id, refused={name: form}, status=status)
    messages.success(request, done)
    return redirect("wishes:wish", wish_id)
