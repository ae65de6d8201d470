"""The staff's pages of proposals: entered from paper, checked, appraised, merged, answered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import allow, allows
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.rounds import actions, forms, policies, queries
from haitang.rounds.lifecycle import Deed, MergerStatus, leads
from haitang.rounds.values import Permission, Task
from haitang.rounds.views.public import keep_photos
from haitang.rounds.views.shared import COLOURS, followed, steps_of, today


@form_page
@allow(Permission.ENTER)
def enter(request: Request, round_id: int) -> HttpResponse:
    """Enter a proposal that came on paper or by telephone."""
    row = queries.get_round(viewer=request.actor, round_id=round_id)
    form, status = forms.EnterForm(sent(request), pots=_entered_for(request, round_id)), 200
    if request.method == "POST":
        made: list[Any] = []

        def write() -> None:
            channel = form.cleaned_data["channel"]
            made.append(actions.enter_proposal(new=form.new(), channel=channel, **said(request)))

        status = attempt(form, write)
        if not status:
            messages.success(request, _("已录入，编号 %(n)d") % {"n": made[0].number})
            return redirect("rounds:staff_proposal", made[0].pk)
    return respond(request, "rounds/enter.html", None, {"form": form, "round": row}, status)


def _entered_for(request: Request, round_id: int) -> list[Any]:
    """Return the pots for which the viewer enters proposals."""
    return [
        line for line in queries.pots_of(round_id)
        if request.actor.holds(Permission.ENTER, area_path=line.pot.area_path)
    ]  # fmt: skip


@form_page
@allow(Permission.ENTER)
def take_over(request: Request, round_id: int) -> HttpResponse:
    """Enter the projects of another platform's election as proposals."""
    row = queries.get_round(viewer=request.actor, round_id=round_id)
    files = request.FILES if request.method == "POST" else None
    form, status = forms.ImportForm(sent(request), files, pots=_entered_for(request, round_id)), 200
    if request.method == "POST":
        made: list[Any] = []

        def write() -> None:
            typed = form.cleaned_data
            made.extend(
                actions.import_proposals(
                    pot_id=int(typed["pot"]), text=typed["file"], category=typed["category"], **said(request)
                )
            )

        status = attempt(form, write)
        if not status:
            messages.success(request, _("已导入 %(n)d 件，等待初审") % {"n": len(made)})
            return redirect("rounds:staff_round", round_id)
    return respond(request, "rounds/import.html", None, {"form": form, "round": row}, status)


@never_cache
@require_safe
@allow(Permission.VIEW)
def staff_proposal(request: Request, proposal_id: int) -> HttpResponse:
    """Show a proposal to those who work with it, and what they may do."""
    return _show(request, proposal_id)


def _may(request: Request, permission: str, row: Any) -> bool:
    return allows(policies.check_may_with, request.actor, permission, row)


def _could(request: Request, page: Any, similar: Any) -> dict[str, Any]:
    """Return the forms of what the viewer may do with the proposal as it stands today."""
    row, tasks = page.proposal, queries.tasks_today(page.proposal.round, today())
    found: dict[str, Any] = {}
    checks = Task.CHECK in tasks and not page.mine and _may(request, Permission.CHECK, row)
    if checks and leads(row.status, Deed.ADMIT):
        found["admit"] = forms.AdmitForm(auto_id="admit_%s")
    if checks and leads(row.status, Deed.REFUSE):
        found["turn_down"] = forms.TurnDownForm(auto_id="turn_%s")
    if checks and leads(row.status, Deed.REOPEN):
        found["reopen"] = forms.ReasonForm(auto_id="reopen_%s")
    appraises = Task.APPRAISE in tasks and not page.mine and _may(request, Permission.APPRAISE, row)
    if appraises and leads(row.status, Deed.APPRAISE):
        organization = request.actor.organization_id
        found["appraise"] = forms.AppraiseForm(auto_id="appraise_%s", known=row, organization_id=organization)
    if Task.MERGE in tasks and leads(row.status, Deed.MERGE) and similar and _may(request, Permission.CHECK, row):
        found["merge"] = forms.MergeForm(auto_id="merge_%s", similar=similar)
    if Task.REVIEW in tasks and leads(row.status, Deed.RETURN) and _may(request, Permission.COUNCIL, row):
        found["return"] = forms.ReasonForm(auto_id="return_%s")
    if row.account_id is None and leads(row.status, Deed.WITHDRAW) and _may(request, Permission.ENTER, row):
        found["withdraw"] = forms.ReasonForm(auto_id="withdraw_%s")
        found["photos"] = forms.PhotoForm(auto_id="photos_%s")
    if page.merger is not None and _may(request, Permission.CHECK, row):
        found["undo"] = forms.ReasonForm(auto_id="undo_%s")
        waits = page.merger.merger.status == MergerStatus.WAITING and page.merger.agreed is None
        if waits and row.account_id is None:
            found["consent"] = forms.ConsentForm(auto_id="consent_%s", by_staff=True)
    return found


def _show(
    request: Request, proposal_id: int, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    page = queries.get_proposal_page(viewer=request.actor, proposal_id=proposal_id)
    if not page.is_staff:
        raise NotFound(_("没有这个提案"))
    row = page.proposal
    similar = queries.list_similar(row) if leads(row.status, Deed.MERGE) else []
    context = {
        "page": page, "proposal": row, "colour": COLOURS[row.status], "steps": steps_of(page.entries),
        "similar": [(each, int(alike * 100)) for each, alike in similar], "why": queries.explain_proposal(row),
        "follow": followed(page),
        "forms": {**_could(request, page, similar), **(refused or {})},
        "answer": forms.AnswerForm(auto_id=False) if _may(request, Permission.CHECK, row) else None,
    }  # fmt: skip
    return respond(request, "rounds/staff_proposal.html", None, context, status)


@require_POST
@never_cache
@allow(Permission.VIEW)
def staff_deed(request: Request, proposal_id: int, name: str) -> HttpResponse:
    """Do one of the deeds about a proposal; the action asks who may."""
    page = queries.get_proposal_page(viewer=request.actor, proposal_id=proposal_id)
    if not page.is_staff:
        raise NotFound(_("没有这个提案"))
    given, typed = {"proposal_id": proposal_id, **said(request)}, request.POST
    known: dict[str, tuple[Callable[[], Any], Callable[[Any], Any], str]] = {
        "admit": (
            lambda: forms.AdmitForm(typed, auto_id="admit_%s"),
            lambda form: actions.admit_proposal(**form.cleaned_data, **given), _("初审通过，提案已公开"),
        ),
        "turn_down": (
            lambda: forms.TurnDownForm(typed, auto_id="turn_%s"),
            lambda form: actions.turn_down_proposal(**form.cleaned_data, **given), _("已告诉提案人原因"),
        ),
        "reopen": (
            lambda: forms.ReasonForm(typed, auto_id="reopen_%s"),
            lambda form: actions.reopen_proposal(**form.cleaned_data, **given), _("已退回重新初审"),
        ),
        "appraise": (
            lambda: forms.AppraiseForm(typed, auto_id="appraise_%s", known=page.proposal),
            lambda form: actions.appraise_proposal(appraisal=form.appraisal(), **given), _("意见和造价已保存"),
        ),
        "return": (
            lambda: forms.ReasonForm(typed, auto_id="return_%s"),
            lambda form: actions.return_proposal(**form.cleaned_data, **given), _("已退回议事会重新评议"),
        ),
        "withdraw": (
            lambda: forms.ReasonForm(typed, auto_id="withdraw_%s"),
            lambda form: actions.withdraw_proposal(**form.cleaned_data, **given), _("已代为撤回"),
        ),
        "photos": (
            lambda: forms.PhotoForm(typed, request.FILES, auto_id="photos_%s"),
            lambda form: keep_photos(request, proposal_id, form), _("照片已处理"),
        ),
        "merge": (
            lambda: forms.MergeForm(typed, auto_id="merge_%s", similar=queries.list_similar(page.proposal)),
            lambda form: actions.begin_merger(
                target_id=proposal_id, proposal_ids=[int(each) for each in form.cleaned_data["others"]],
                reason=form.cleaned_data["reason"], **said(request),
            ), _("已征求各位提案人意见，全部同意后合并"),
        ),
        "consent": (
            lambda: forms.ConsentForm(typed, auto_id="consent_%s", by_staff=True),
            lambda form: actions.answer_merger(merger_id=_merger(page), **form.given(), **given), _("已代记"),
        ),
    }  # fmt: skip
    if name not in known:
        raise NotFound(_("没有这个操作"))
    make, write, done = known[name]
    form = make()
    status = attempt(form, lambda: write(form))
    if status:
        return _show(request, proposal_id, {name: form}, status)
    messages.success(request, done)
    return redirect("rounds:staff_proposal", proposal_id)


def _merger(page: Any) -> int:
    if page.merger is None:
        raise NotFound(_("没有这次合并"))
    return int(page.merger.merger_id)


@require_POST
@never_cache
@allow(Permission.CHECK)
def merger_deed(request: Request, merger_id: int, name: str) -> HttpResponse:
    """Undo a merger, or give one up that waits."""
    form = forms.ReasonForm(request.POST, auto_id="undo_%s")
    back = request.POST.get("proposal", "")
    if name != "undo" or not back.isascii() or not back.isdigit():
        raise NotFound(_("没有这个操作"))
    status = attempt(
        form, lambda: actions.undo_merger(merger_id=merger_id, **form.cleaned_data, **said(request))
    )  # fmt: skip
    if status:
        return _show(request, int(back), {"undo": form}, status)
    messages.success(request, _("已取消合并，各提案恢复原样"))
    return redirect("rounds:staff_proposal", int(back))


@require_POST
@never_cache
@allow(Permission.CHECK)
def remark_answer(request: Request, remark_id: int) -> HttpResponse:
    """Answer a remark; the answer is public."""
    form = forms.AnswerForm(request.POST)
    row = queries.get_remark(viewer=request.actor, remark_id=remark_id)
    status = attempt(form, lambda: actions.answer_remark(remark_id=remark_id, **form.cleaned_data, **said(request)))
    if status:
        messages.error(request, "；".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        messages.success(request, _("已答复"))
    return redirect("rounds:staff_proposal", row.proposal_id)
