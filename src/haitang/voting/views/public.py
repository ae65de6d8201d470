"""What residents see: the votes, a ballot in three steps, the receipt, the published list.

A ballot is never in an address, a session, a message or a log: it goes from the form into the box.
"""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import ANYONE, allow
from haitang.core.errors import Conflict
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, put_on, said, sent
from haitang.core.ui.pages import respond
from haitang.voting import actions, forms, queries
from haitang.voting.lifecycle import Status
from haitang.voting.values import BadBallot, VoteNotFound, Voter, as_pabulib, check_marks
from haitang.voting.views.shared import COLOURS, address_of, base_for, grouped, shown


@require_safe
@allow(ANYONE)
def votes(request: Request) -> HttpResponse:
    """Show the votes that were opened."""
    now = clock.now()
    lines = [
        (row, COLOURS[row.status], row.takes_ballots and now < row.closes_at) for row in queries.list_public_votes()
    ]
    return respond(request, "voting/votes.html", None, {"lines": lines, "base": base_for(request.actor)})


def _page(request: Request, vote: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    now = clock.now()
    counted = vote.status == Status.COUNTED
    context = {
        **shown(vote), "base": base_for(request.actor), "counted": counted,
        "is_open": vote.takes_ballots and vote.opens_at <= now < vote.closes_at, "is_early": now < vote.opens_at,
        "code": forms.CodeForm(), "find": forms.ReceiptForm(auto_id="find_%s") if counted else None,
        "results": queries.list_results(vote) if counted else [], "found": None, **more,
    }  # fmt: skip
    return respond(request, "voting/vote.html", None, context, status)


@require_safe
@allow(ANYONE)
def vote(request: Request, vote_id: int) -> HttpResponse:
    """Show a vote with its rules; open, where to begin; counted, its result with why each option was chosen or not."""
    return _page(request, queries.get_public_vote(vote_id=vote_id))


@require_POST
@never_cache
@sensitive_post_parameters()
@allow(ANYONE)
def ballot(request: Request, vote_id: int) -> HttpResponse:
    """Take a ballot in three steps: the code, the choice, a last look. Nothing is kept in between."""
    row, now = queries.get_public_vote(vote_id=vote_id), clock.now()
    code = forms.CodeForm(request.POST)
    tickets: list[Any] = []

    def read() -> None:
        tickets.append(queries.read_ticket(vote_id=vote_id, code=code.cleaned_data["code"]))

    if status := attempt(code, read):
        return _page(request, row, status=status, code=code)
    if not (row.takes_ballots and row.opens_at <= now < row.closes_at):
        return redirect("voting:vote", vote_id)
    step = request.POST.get("step", "")
    form = forms.BallotForm(request.POST if step in ("check", "cast") else None, paper=row.paper)
    context = {**shown(row), "base": base_for(request.actor), "code": code.cleaned_data["code"], "form": form,
               "ticket": tickets[0]}  # fmt: skip
    if step not in ("check", "cast"):
        return respond(request, "voting/ballot.html", None, context)
    status, receipt = _tried(request, row, form, code.cleaned_data["code"], step)
    if status:
        return respond(request, "voting/ballot.html", None, context, status)
    if receipt is None:
        marks = form.marks()
        context["chosen"] = [(label, marks[each["id"]]) for each, label in context["options"] if each["id"] in marks]
        return respond(request, "voting/check.html", None, context)
    return respond(
        request, "voting/receipt.html", None, {**context, "receipt": receipt, "shown": grouped(receipt.code)}
    )


def _tried(request: Request, row: Any, form: forms.BallotForm, code: str, step: str) -> tuple[int, Any]:
    """Check the ballot, and cast it where it was confirmed. Return the status of a refusal, or 0, and a receipt."""
    if not form.is_valid():
        return 422, None
    try:
        marks = check_marks(row.paper, form.marks())
        if step == "check":
            return 0, None
        return 0, actions.cast_ballot(vote_id=row.pk, code=code, marks=marks, **said(request))
    except (BadBallot, Conflict) as refusal:
        put_on(form, refusal)
        return refusal.status, None


@form_page
@never_cache
@sensitive_post_parameters()
@allow(ANYONE)
def register(request: Request, vote_id: int) -> HttpResponse:
    """Give a code to somebody who has none and is going to prove residence."""
    row = queries.get_public_vote(vote_id=vote_id)
    form, status, codes = forms.StrangerForm(sent(request)), 200, []

    def write() -> None:
        voter, party = Voter(**form.cleaned_data), address_of(request)
        codes.append(actions.register_stranger(vote_id=vote_id, voter=voter, party=party, **said(request)))

    if request.method == "POST":
        status = attempt(form, write)
    context = {**shown(row), "base": base_for(request.actor), "form": form, "code": grouped(codes[0]) if codes else ""}
    return respond(request, "voting/register.html", None, context, status or 200)


@require_POST
@never_cache
@sensitive_post_parameters()
@allow(ANYONE)
def find(request: Request, vote_id: int) -> HttpResponse:
    """Show the ballot that a receipt finds on the published list."""
    row, form = queries.get_public_vote(vote_id=vote_id), forms.ReceiptForm(request.POST, auto_id="find_%s")
    found, status = None, 200
    if not form.is_valid():
        status = 422
    else:
        try:
            found = queries.find_ballot(vote_id=vote_id, code=form.cleaned_data["receipt"])
        except VoteNotFound as refusal:
            put_on(form, refusal)
            status = refusal.status
    return _page(request, row, status=status, find=form, found=found)


@require_safe
@allow(ANYONE)
def file_json(request: Request, vote_id: int) -> HttpResponse:
    """Return everything that anybody needs to recompute the root and the result."""
    row = queries.get_public_vote(vote_id=vote_id)
    response = JsonResponse(queries.file_of(row), json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="vote-{row.pk}.json"'
    return response


@require_safe
@allow(ANYONE)
def file_pb(request: Request, vote_id: int) -> HttpResponse:
    """Return the counted vote as an election of Pabulib."""
    row = queries.get_public_vote(vote_id=vote_id)
    if row.status != Status.COUNTED:
        raise VoteNotFound(str(Status(row.status).label))
    response = HttpResponse(as_pabulib(queries.file_of(row)), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vote-{row.pk}.pb"'
    return response
