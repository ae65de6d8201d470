"""What is given out after the close, and the rules."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core import clock
from haitang.core.access import ANYONE, allow
from haitang.core.documents import DOCX, Sheet, write_docx
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import form_page, said, sent
from haitang.core.ui.settings import settings_page
from haitang.core.ui.sheets import workbook
from haitang.owners import actions, forms, queries
from haitang.owners.values import Figures, Permission, article, spell_size


@require_safe
@allow(ANYONE)
def result(request: Request, decision_id: int) -> HttpResponse:
    """Give the result sheet for Word or WPS, to be signed and posted in the estate; it says what the page says."""
    public = queries.get_public_decision(decision_id=decision_id, now=clock.now())
    if not public.outcomes:
        raise NotFound(_("还没有公布结果"))
    decision = public.view.decision
    response = HttpResponse(write_docx(result_sheet(public)), content_type=DOCX)
    name = f"{decision.title}_{clock.local_date(decision.closed_at or clock.now()):%Y%m%d}.docx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _words(figures: Figures) -> list[str]:
    """Return the figures of one question, a line for each answer."""
    named = (
        (_("全体业主"), figures.total), (_("参与表决"), figures.took_part), (_("同意"), figures.yes),
        (_("反对"), figures.no), (_("弃权"), figures.abstain),
    )  # fmt: skip
    return [
        _("%(what)s：%(size)s 平方米，%(heads)d 人")
        % {"what": what, "size": spell_size(each.size), "heads": each.heads}
        for what, each in named
    ]  # fmt: skip


def result_sheet(public: queries.PublicDecision) -> Sheet:
    """Return the result as a sheet."""
    decision, estate = public.view.decision, public.view.estate
    sections = []
    for each in public.outcomes:
        passed = _("通过") if each.verdict.passed else _("未通过")
        lines = _words(each.figures)
        lines += [f"{check.title}：{check.demand}；{check.formula}" for check in each.verdict.checks]
        if decision.silent_follows:
            other = _("通过") if each.silent_verdict.passed else _("未通过")
            lines.append(
                _("已送达未表态 %(size)s 平方米、%(heads)d 人。按议事规则（%(basis)s）计入多数时：%(passed)s")
                % {
                    "size": spell_size(each.silent.size), "heads": each.silent.heads,
                    "basis": decision.silent_basis, "passed": other,
                }
            )  # fmt: skip
        if each.contradictions:
            lines.append(
                _("纸质票与电子票不一致 %(n)d 户，按公示的规则计票：%(rule)s")
                % {"n": each.contradictions, "rule": decision.get_precedence_display()}
            )
        sections.append((f"{each.question.number}. {each.question.text}——{passed}", lines))
    day = clock.local_date(decision.closed_at or clock.now())
    return Sheet(
        title=_("业主共同决定结果"), opening=_("%(estate)s“%(title)s”的表决结果如下：")
        % {"estate": estate.name, "title": decision.title},
        rows=[
            (_("组织单位"), str(decision.get_convener_display())),
            (_("公示"), f"{clock.local_date(decision.announced_at or decision.drafted_at)}"),
            (_("表决期"), f"{clock.local_date(decision.votes_from)} — {clock.local_date(decision.votes_until)}"),
            (_("依据"), f"{article().source}；{article().heads_source}"),
        ],
        sections=sections, signatures=[_("业主委员会"), _("社区居民委员会")], unit=estate.name,
        day=f"{day.year}年{day.month}月{day.day}日",
    )  # fmt: skip


@require_safe
@allow(Permission.CLOSE)
def ballots(request: Request, decision_id: int) -> HttpResponse:
    """Give the ballots as a workbook, by serial number and unit."""
    decision, rows = actions.export_ballots(decision_id=decision_id, **said(request))
    return workbook(_("表决票明细"), queries.ballot_columns(), rows, scope=decision.title)


@form_page
@allow(Permission.SETTINGS)
def settings(request: Request) -> HttpResponse:
    """Show and change the rules; only what was changed is written."""
    form = forms.SettingsForm(sent(request), lines=queries.list_owners_settings(viewer=request.actor))
    return settings_page(request, form, actions.change_owners_setting, "owners/settings.html", "owners:settings")
