"""The pages of a family: what it wishes for, and what it says when it comes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.wishes import actions, forms, policies, queries
from haitang.wishes.lifecycle import Deed, Status, leads
from haitang.wishes.views.shared import COLOURS


@never_cache
@require_safe
@allow(SIGNED_IN)
def my_wishes(request: Request) -> HttpResponse:
    """Show what the viewer's family wishes for."""
    lines = [(view, COLOURS[view.wish.status]) for view in queries.list_own_wishes(viewer=request.actor)]
    return respond(request, "wishes/my_wishes.html", None, {"lines": lines})


@never_cache
@form_page
@allow(SIGNED_IN)
def my_wish_new(request: Request) -> HttpResponse:
    """Let a family say what it wishes for."""
    form, status = forms.WishForm(sent(request), viewer=request.actor, family=True), 200
    if request.method == "POST":
        made: list[int] = []
        status = attempt(form, lambda: made.append(actions.ask_wish(new=form.new(), **said(request)).pk))
        if not status:
            messages.success(request, _("已收到。社区看过以后发布，或告诉您不发布的原因"))
            return redirect("wishes:my_wish", made[0])
    return respond(request, "wishes/my_wish_form.html", None, {"form": form}, status)


@never_cache
@form_page
@allow(SIGNED_IN)
def my_wish_change(request: Request, wish_id: int) -> HttpResponse:
    """Let a family change a wish that is not public."""
    wish = _own(request, wish_id)
    form = forms.WishForm(sent(request), viewer=request.actor, family=True, known=wish)
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_wish(wish_id=wish_id, new=form.new(), **said(request)))
        if not status:
            messages.success(request, _("已修改，社区会再看一遍"))
            return redirect("wishes:my_wish", wish_id)
    return respond(request, "wishes/my_wish_form.html", None, {"form": form, "wish": wish}, status)


def _own(request: Request, wish_id: int) -> Any:
    wish = queries.get_wish(viewer=request.actor, wish_id=wish_id)
    if not policies.is_family(request.actor, wish):
        raise NotFound(_("没有这个心愿"))
    return wish


def _show(request: Request, wish_id: int, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    wish = _own(request, wish_id)
    page = queries.get_wish_page(viewer=request.actor, wish_id=wish_id)
    shown: dict[str, Any] = {}
    if leads(wish.status, Deed.WITHDRAW):
        shown["withdraw"] = forms.ReasonForm(auto_id="withdraw_%s")
    if leads(wish.status, Deed.CONTEST):
        shown["contest"] = forms.ReasonForm(auto_id="contest_%s")
    if wish.status == Status.GRANTED:
        shown["thank"] = forms.WordsForm(auto_id="thank_%s", initial={"words": wish.thanks})
    context = {
        "page": page, "wish": wish, "colour": COLOURS[wish.status], "forms": {**shown, **(refused or {})},
        "may_receive": leads(wish.status, Deed.RECEIVE), "may_change": leads(wish.status, Deed.CHANGE),
    }  # fmt: skip
    return respond(request, "wishes/my_wish.html", None, context, status)


@never_cache
@require_safe
@allow(SIGNED_IN)
def my_wish(request: Request, wish_id: int) -> HttpResponse:
    """Show one wish of the viewer's family."""
    return _show(request, wish_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def my_wish_deed(request: Request, wish_id: int, name: str) -> HttpResponse:
    """Do what the family can do: confirm, say that nothing came, say thank you, take the wish back."""
    _own(request, wish_id)
    given, typed = {"wish_id": wish_id, **said(request)}, sent(request)
    if name == "receive":
        actions.receive_wish(**given)
        messages.success(request, _("谢谢您的确认。想说句谢谢的话，可以写在下面"))
        return redirect("wishes:my_wish", wish_id)
    known: dict[str, tuple[Any, Any, str]] = {
        "contest": (forms.ReasonForm(typed, auto_id="contest_%s"), actions.contest_delivery, _("已告诉认领人和社区")),
        "thank": (forms.WordsForm(typed, auto_id="thank_%s"), actions.thank_for_wish, _("已转告认领人")),
        "withdraw": (forms.ReasonForm(typed, auto_id="withdraw_%s"), actions.withdraw_wish, _("心愿已撤回")),
    }  # fmt: skip
    if name not in known:
        raise NotFound(_("没有这个页面"))
    form, action, done = known[name]
    status = attempt(form, lambda: action(**form.cleaned_data, **given))
    if status:
        return _show(request, wish_id, {name: form}, status)
    messages.success(request, done)
    return redirect("wishes:my_wish", wish_id)
