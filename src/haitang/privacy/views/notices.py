"""What forms say about personal data, to who keeps the rules."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.privacy import actions, forms, queries
from haitang.privacy.values import Permission


@require_safe
@allow(Permission.SETTINGS)
def notices(request: Request) -> HttpResponse:
    """List what every form says about personal data, with its version."""
    return respond(request, "privacy/notices.html", None, {"lines": queries.list_notices(viewer=request.actor)})


@form_page
@allow(Permission.SETTINGS)
def notice(request: Request, code: str) -> HttpResponse:
    """Change what a form says; each change is a new version."""
    versions, text = queries.notice_versions(viewer=request.actor, code=code), queries.notice_text(code)
    form, status = forms.NoticeForm(sent(request), text=text), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_notice(code=code, **form.cleaned_data, **said(request)))
        if not status:
            messages.success(request, _("已保存"))
            return redirect("privacy:notices")
    context = {"form": form, "text": text, "name": queries.notice_title(code), "versions": versions}
    return respond(request, "privacy/notice.html", None, context, status)
