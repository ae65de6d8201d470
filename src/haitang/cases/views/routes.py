"""Administration of the routing rules: their order, what they say, what they would do with a past case."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from haitang.cases import actions, forms, queries
from haitang.cases.values import Channel, Kind, Permission, Tree
from haitang.cases.views.catalog import answer, form_page, said
from haitang.core.access import allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind as OrganizationKind
from haitang.territory.queries import territory


@require_safe
@allow(Permission.MANAGE_ROUTING)
def routes(request: Request) -> HttpResponse:
    """Show the rules in order with their faults; `?number=` tries them on a past case."""
    faults: dict[int, list[str]] = {}
    for rule, text in queries.list_rule_problems():
        faults.setdefault(rule.id, []).append(text)
    rules = queries.list_rules(viewer=request.actor)
    lines = [
        {
            "rule": rule, "place": place, "asks": _conditions(rule), "target": _target(rule),
            "faults": faults.get(rule.pk, []), "is_first": place == 1, "is_last": place == len(rules),
        }
        for place, rule in enumerate(rules, 1)
    ]  # fmt: skip
    form = forms.DryRun(request.GET if "number" in request.GET else None)
    context = {"lines": lines, "faulty": len(faults), "form": form, **_tried(request, form)}
    return respond(request, "cases/routes.html", None, context)


def _tried(request: Request, form: forms.DryRun) -> dict[str, Any]:
    if not form.is_bound or not form.is_valid():
        return {}
    viewer = request.actor
    try:
        case = queries.find_case(viewer=viewer, number=form.cleaned_data["number"])
        routing, steps = queries.dry_run_routing(viewer=viewer, case_id=case.pk)
    except NotFound as refusal:
        form.add_error("number", refusal.message)
        return {}
    return {"routing": routing, "trial": steps, "case": case}


def _conditions(rule: Any) -> list[tuple[str, str]]:
    asks = [
        (_("类别"), "、".join(map(_category, rule.categories))),
        (_("诉求类型"), "、".join(str(Kind(each).label) for each in rule.kinds)),
        (pgettext("case", "来源"), "、".join(str(Channel(each).label) for each in rule.channels)),
        (_("区域"), territory().full_name(rule.area_id) if rule.area_id else ""),
        (_("时段"), _hours(rule)),
    ]
    return [(label, text) for label, text in asks if text]


def _category(code: str) -> str:
    """Return what a category's code, or the beginning of codes, stands for."""
    known = queries.catalog()
    if code in known.by_code:
        return forms.category_name(known.by_code[code])
    trees = {each.tree for each in known.categories if each.code.startswith(code)}
    if len(trees) == 1 and all(each.code.startswith(code) for each in known.categories if each.tree in trees):
        return _("全部%(tree)s类") % {"tree": Tree(trees.pop()).label}
    return _("编码 %(code)s 开头") % {"code": code}


def _hours(rule: Any) -> str:
    if rule.from_minute is None:
        return ""
    return "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (rule.from_minute, rule.to_minute))


def _target(rule: Any) -> str:
    if not rule.organization_code:
        return _("属地%(kind)s") % {"kind": OrganizationKind(rule.serving).label}
    desk = organizations().by_code(rule.organization_code)
    return desk.name if desk else rule.organization_code


@form_page
@allow(Permission.MANAGE_ROUTING)
def route(request: Request, rule_id: int) -> HttpResponse:
    """Change one rule; cases already routed stay where they are."""
    rule = queries.get_rule(viewer=request.actor, rule_id=rule_id)
    area = territory().get(rule.area_id)
    same = ("name", "categories", "kinds", "channels", "serving", "post_kind", "reason", "is_active")
    initial = {name: getattr(rule, name) for name in same} | {
        "area": area.code if area else "", "organization": rule.organization_code,
        "from_time": _time(rule.from_minute), "to_time": _time(rule.to_minute),
    }  # fmt: skip
    form = forms.RuleForm(request.POST if request.method == "POST" else None, initial=initial)
    return answer(
        request, form, lambda: actions.change_routing_rule(rule_id=rule_id, **form.given(), **said(request)),
        title=_("规则：%(name)s") % {"name": rule.name}, back=reverse("cases:routes"), done=_("规则已保存"),
        note=_("已分派的案件不受影响；新上报的案件按新规则分派。"),
    )  # fmt: skip


@form_page
@allow(Permission.MANAGE_ROUTING)
def route_new(request: Request) -> HttpResponse:
    """Add a rule at the end."""
    form = forms.RuleForm(request.POST if request.method == "POST" else None)
    return answer(
        request, form, lambda: actions.create_routing_rule(**form.given(), **said(request)),
        title=_("新增规则"), back=reverse("cases:routes"), done=_("规则已添加在最后，可上移调整次序"),
    )  # fmt: skip


@require_POST
@allow(Permission.MANAGE_ROUTING)
def route_change(request: Request, rule_id: int, what: str) -> HttpResponse:
    """Move a rule up or down, switch it off or on, or take it out."""
    if what in ("up", "down"):
        actions.move_routing_rule(rule_id=rule_id, up=what == "up", **said(request))
    elif what in ("on", "off"):
        actions.change_routing_rule(rule_id=rule_id, is_active=what == "on", **said(request))
        messages.success(request, _("规则已启用") if what == "on" else _("规则已停用"))
    elif what == "remove":
        actions.remove_routing_rule(rule_id=rule_id, **said(request))
        messages.success(request, _("规则已删除"))
    else:
        raise NotFound(_("没有这项操作"))
    return redirect(f"{reverse('cases:routes')}#rule_{rule_id}")


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60 % 24, minute % 60)
