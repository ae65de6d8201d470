"""Administration of what a city decides about whistles: kinds, ladder, phrases; each save is a new version."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.organizations.values import PostKind
from haitang.whistles import actions, forms, queries
from haitang.whistles.values import KindRule, Permission, Rung, Stage
from haitang.whistles.views.page import put_on

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow(Permission.MANAGE)
def settings(request: Request) -> HttpResponse:
    """Show the rules that hold, and the versions before them."""
    rules = queries.rules()
    kinds = [
        {
            "kind": kind, "limits": [(stage.label, str(kind.limits.get(stage.value) or "—")) for stage in Stage],
            "posts": [PostKind(post).label for post in kind.approver_posts],
        }
        for kind in rules.kinds.values()
    ]  # fmt: skip
    versions = queries.list_rule_versions(viewer=request.actor)
    context = {
        "kinds": kinds, "versions": versions, "reminding": rules.reminding, "stages": [stage.label for stage in Stage],
        "ladders": [
            (_("部门超时升级"), reverse("whistles:ladder"), _steps(rules.ladder)),
            (_("街道审批、裁定超时升级"), reverse("whistles:street_ladder"), _steps(rules.street_ladder)),
        ],
    }  # fmt: skip
    return respond(request, "whistles/settings.html", None, context)


def _steps(ladder: tuple[Rung, ...]) -> list[dict[str, Any]]:
    return [
        {"rung": rung, "after": str(rung.after) if rung.after else "", "posts": [PostKind(p).label for p in rung.posts]}
        for rung in ladder
    ]


@form_page
@allow(Permission.MANAGE)
def kind(request: Request, code: str) -> HttpResponse:
    """Change a kind of whistle; those that exist keep their clocks."""
    held = queries.rules().kinds.get(code)
    if held is None:
        raise NotFound(_("没有这种哨"))
    return _kind(request, held)


@form_page
@allow(Permission.MANAGE)
def kind_new(request: Request) -> HttpResponse:
    """Add a kind of whistle."""
    return _kind(request, None)


def _kind(request: Request, held: KindRule | None) -> HttpResponse:
    form = forms.KindForm(_sent(request), kind=held)
    title = _("哨类：%(name)s") % {"name": held.name} if held else _("新增哨类")
    note = _("时限写法：30分钟、2紧急工作时（连续计时）、4工作时、3工作日、7自然日。已吹的哨不受影响。")
    return _answer(request, form, actions.change_whistle_kind, "whistles/kind.html", {"title": title, "note": note})


@form_page
@allow(Permission.MANAGE)
def ladder(request: Request) -> HttpResponse:
    """Change the ladder that missed deadlines of departments climb."""
    return _ladder(request, queries.rules().ladder, _("部门超时升级"), street=False)


@form_page
@allow(Permission.MANAGE)
def street_ladder(request: Request) -> HttpResponse:
    """Change the ladder that decisions climb which the street owes."""
    return _ladder(request, queries.rules().street_ladder, _("街道审批、裁定超时升级"), street=True)


def _ladder(request: Request, held: tuple[Rung, ...], title: str, *, street: bool) -> HttpResponse:
    form = forms.LadderForm(_sent(request), ladder=held, street=street)

    def write(*, actor: Any, now: Any, **given: Any) -> None:
        actions.change_whistle_ladder(actor=actor, now=now, rungs=given["rungs"], street=street)

    return _answer(request, form, write, "whistles/ladder.html", {"title": title})


@form_page
@allow(Permission.MANAGE)
def reminders(request: Request) -> HttpResponse:
    """Change when whoever has a task of a joint meeting is reminded."""
    form = forms.RemindersForm(_sent(request), reminding=queries.rules().reminding)
    note = _("按承办单位的工作日历，上班时提醒；填 0 不提醒。已有哨单的任务沿用草拟时的规则。")
    title = _("会商任务提醒")
    return _answer(
        request, form, actions.change_meeting_reminders, "whistles/kind.html", {"title": title, "note": note}
    )


@form_page
@allow(Permission.MANAGE)
def phrases(request: Request) -> HttpResponse:
    """Change the ready-made opinions."""
    form = forms.PhrasesForm(_sent(request), rules=queries.rules())

    def write(*, actor: Any, now: Any, **given: Any) -> None:
        if given["phrases"]:
            actions.change_whistle_phrases(actor=actor, now=now, phrases=given["phrases"])

    note = _("每行一条")
    return _answer(request, form, write, "whistles/kind.html", {"title": _("吹哨常用语"), "note": note})


def _answer(
    request: Request, form: Any, write: Callable[..., Any], template: str, context: dict[str, Any]
) -> HttpResponse:
    status, back = 200, reverse("whistles:settings")
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                write(actor=request.actor, now=clock.now(), **form.given())
            except (Invalid, Conflict) as refusal:
                put_on(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("吹哨规则已保存"))
                return redirect(back)
    return respond(request, template, None, {"form": form, "back": back, **context}, status)


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None
