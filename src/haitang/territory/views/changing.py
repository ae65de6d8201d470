"""Pages that change the tree. A refusal that a form can show is shown in the form, as 422."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from haitang.core.access import EVERYWHERE, allow, require
from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.http import Request, said
from haitang.territory import actions, forms, queries
from haitang.territory.values import AreaRef, Kind, Permission
from haitang.territory.views.reading import known

_form_page = require_http_methods(["GET", "HEAD", "POST"])


def _answer(
    request: Request, form: Form, write: Callable[[dict[str, Any]], Any], *,
    here: AreaRef | None, title: str, submit: str, done: str, after: Callable[[Any], str],
    template: str = "territory/form.html", over: str | None = EVERYWHERE, **more: Any,
) -> HttpResponse:  # fmt: skip
    """Show the form; when it was sent, write and go on to `after`, or show it again with what was wrong.

    over: where MANAGE is asked for when no area is meant; None leaves it to the action.
    """
    require(request.actor, Permission.MANAGE, area_path=here.path if here else over)
    if request.method == "POST" and form.is_valid():
        try:
            written = write(form.cleaned_data)
        except (Invalid, Conflict, NotFound) as refusal:
            _show_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect(after(written))
    cancel = reverse("territory:area", args=[here.id]) if here else reverse("territory:index")
    chain = queries.territory().chain(here.id) if here else ()
    context = {
        "form": form,
        "here": here,
        "chain": chain,
        "title": title,
        "submit": submit,
        "cancel_url": cancel,
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound and form.errors else 200)


def _sent(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _files(request: Request) -> Any:
    return request.FILES if request.method == "POST" else None


def _show_refusal(form: Form, refusal: Invalid | Conflict | NotFound) -> None:
    own = {name: text for name, text in getattr(refusal, "fields", {}).items() if name in form.fields}
    for name, text in own.items():
        form.add_error(name, text)
    if not own:
        form.add_error(None, refusal.message)


def _page_of(area: Any) -> str:
    return reverse("territory:area", args=[area.pk])


def _create(request: Request, parent: AreaRef | None) -> HttpResponse:
    def write(given: dict[str, Any]) -> Any:
        area = actions.create_area(parent_id=parent.id if parent else None, **given, **said(request))
        for warning in queries.code_warnings(kind=area.kind, code=area.code, parent_id=area.parent_id):
            messages.warning(request, warning)
        return area

    form = forms.Create(_sent(request), parent_kind=parent.kind if parent else None)
    return _answer(
        request, form, write, here=parent, title=_("新建区域"), submit=_("新建"), done=_("区域已建立"), after=_page_of
    )


@_form_page
@allow(Permission.MANAGE)
def create_root(request: Request) -> HttpResponse:
    """Begin a tree."""
    return _create(request, None)


@_form_page
@allow(Permission.MANAGE)
def create(request: Request, area_id: int) -> HttpResponse:
    """Begin an area under another."""
    return _create(request, known(area_id))


@_form_page
@allow(Permission.MANAGE)
def change(request: Request, area_id: int) -> HttpResponse:
    """Correct a name, or the kind within its level."""
    here = known(area_id)
    form = forms.Change(_sent(request), kind=here.kind, initial={"name": here.name, "kind": here.kind})
    return _answer(
        request, form, lambda given: actions.change_area(area_id=area_id, **given, **said(request)),
        here=here, title=pgettext("deed", "更名"), submit=_("保存"), done=_("已保存"), after=_page_of,
        note=_("更名不改变编码和归属，过往记录仍指向本区域。编码、上级或层级的变化请办理“更替”。"),
    )  # fmt: skip


@_form_page
@allow(Permission.MANAGE)
def replace(request: Request, area_id: int) -> HttpResponse:
    """Open the next version of an area and of all below it."""
    here = known(area_id)
    form = forms.Replace(_sent(request), initial={"name": here.name, "code": here.code, "kind": here.kind})
    below = len(queries.territory().descendants(here.id))
    return _answer(
        request, form, lambda given: actions.replace_area(area_id=area_id, **given, **said(request)),
        here=here, title=_("更替"), submit=_("办理更替"), done=_("更替已办理，新版本生效"), after=_page_of,
        note=_("本区域将停用，由新版本接替；其下 %(n)d 个区域一并开立新版本，边界与人口数据随之转入。") % {"n": below},
    )  # fmt: skip


@_form_page
@allow(Permission.MANAGE)
def close(request: Request, area_id: int) -> HttpResponse:
    """End an area."""
    here = known(area_id)
    return _answer(
        request, forms.Close(_sent(request)),
        lambda given: actions.close_area(area_id=area_id, **given, **said(request)),
        here=here, title=pgettext("deed", "停用"), submit=pgettext("deed", "停用"), done=_("区域已停用"),
        after=_page_of,
        note=_("停用后不能恢复；过往记录保留。其下还有有效区域时，请先移走或停用。"),
        confirm=_("确定停用“%(name)s”吗？停用后不能恢复。") % {"name": here.name},
    )  # fmt: skip


@_form_page
@allow(Permission.MANAGE)
def population(request: Request, area_id: int) -> HttpResponse:
    """Enter a population figure."""
    return _answer(
        request, forms.Population(_sent(request)),
        lambda given: actions.add_population(area_id=area_id, **given, **said(request)),
        here=known(area_id), title=_("登记人口数据"), submit=_("登记"), done=_("人口数据已登记"),
        after=lambda _figure: reverse("territory:area", args=[area_id]),
    )  # fmt: skip


@_form_page
@allow(Permission.VIEW)
def boundary(request: Request, area_id: int) -> HttpResponse:
    """Show and check the boundaries at and below an area; draw its own."""
    here = known(area_id)
    shown: dict[str, Any] = {
        "area": queries.get_area(area_id),
        "report": queries.boundary_report(area_id),
        "areas_url": f"{reverse('territory:geojson')}?parent={here.code}" if here.open else "",
        "findings_url": reverse("territory:findings", args=[area_id]),
    }
    if not request.actor.holds(Permission.MANAGE, area_path=here.path):
        chain = queries.territory().chain(here.id)
        return render(request, "territory/boundary.html", {"here": here, "chain": chain, "title": _("边界"), **shown})

    def write(given: dict[str, Any]) -> Any:
        wanted = {name: given[name] for name in ("boundary", "crs", "source")}
        return actions.set_boundary(area_id=area_id, **wanted, **said(request))

    form = forms.Boundary(_sent(request), _files(request))
    return _answer(
        request, form, write, here=here, title=_("边界"), submit=_("检查并保存边界"), done=_("边界已保存"),
        after=lambda _area: reverse("territory:boundary", args=[area_id]), template="territory/boundary.html", **shown,
    )  # fmt: skip


@_form_page
@allow(Permission.MANAGE)
def import_boundaries(request: Request) -> HttpResponse:
    """Draw many boundaries from a file; the action asks for the permission over each area named."""

    def write(given: dict[str, Any]) -> Any:
        wanted = {name: given[name] for name in ("collection", "code_property", "crs", "source")}
        areas = actions.import_boundaries(**wanted, **said(request))
        messages.success(request, _("已导入 %(n)d 个区域的边界") % {"n": len(areas)})
        return areas

    return _answer(
        request, forms.Import(_sent(request), _files(request)), write, here=None,
        title=_("批量导入边界"), submit=_("检查并导入"), done=_("全部通过检查"),
        after=lambda _areas: reverse("territory:index"), over=None,
        note=_("文件作为一个整体检查：任何一个要素有问题，全部不导入，并说明是哪一个、在哪里。"),
    )  # fmt: skip


@_form_page
@allow(Permission.MANAGE)
def codes(request: Request) -> HttpResponse:
    """Show what codes look like, and add a rule of the tenant's own."""
    rules = [{"rule": rule, "kind": Kind(rule.kind).label} for rule in queries.code_rules()]
    return _answer(
        request, forms.CodeRule(_sent(request)),
        lambda given: actions.set_code_rule(**given, **said(request)),
        here=None, title=_("编码规则"), submit=_("增加规则"), done=_("编码规则已保存"),
        after=lambda _rule: reverse("territory:codes"), template="territory/codes.html", rules=rules,
        note=_("为某一类型增加规则后，该类型的通行规则不再适用。"),
    )  # fmt: skip
