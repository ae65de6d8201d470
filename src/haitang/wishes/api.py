"""The API of wishes and claims: parse, one call, print."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Header, Path, Query, Router, Status

from haitang.core import clock, idempotency
from haitang.core.access import ANYONE, SIGNED_IN, Actor, allow
from haitang.core.schemas import NO_NUL, REFUSALS, Id
from haitang.territory.queries import territory
from haitang.wishes import actions, queries
from haitang.wishes.lifecycle import Show
from haitang.wishes.lifecycle import Status as WishStatus
from haitang.wishes.queries import WishFilter
from haitang.wishes.schemas import (
    ClaimIn,
    ClaimOut,
    ContactOut,
    DeliverIn,
    PublicPageOut,
    PublicWishOut,
    ReasonIn,
    ThanksIn,
    WishIn,
    WishOut,
    WishPageOut,
    claim_out,
    public_wish_out,
    wish_out,
)
from haitang.wishes.values import Permission

router = Router(tags=["微心愿"])
Cursor = Query("", max_length=500, pattern=NO_NUL)
Code = Query("", max_length=50, pattern=NO_NUL)
Key = Annotated[str | None, Header(alias="Idempotency-Key")]
WishId = Annotated[Id, Path()]
ClaimId = Annotated[Id, Path()]
_SHOWN = {200: WishOut, **REFUSALS}
_CLAIMED = {200: ClaimOut, **REFUSALS}
_STATUSES = ("", "todo", *WishStatus.values)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]  # see core.http.Request


def _said(request: HttpRequest) -> dict[str, Any]:
    return {"actor": _actor(request), "now": clock.now()}


def _once(request: HttpRequest, key: str | None, body: Any, write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Write once under the key, or at all without one."""
    if key is None:
        return write()
    return idempotency.once(actor=_actor(request), key=key, body=body, now=clock.now(), write=write)


def _wish(request: HttpRequest, wish_id: int) -> dict[str, Any]:
    row = queries.get_wish(viewer=_actor(request), wish_id=wish_id)
    return wish_out(queries.describe_wishes([row])[0])


def _claim(request: HttpRequest, claim_id: int) -> dict[str, Any]:
    return claim_out(queries.get_my_claim(viewer=_actor(request), claim_id=claim_id))


def _wanted(status: str, kind: str, area: str) -> WishFilter:
    found = territory().by_code(area)
    return WishFilter(status, kind, found.path if found else "")


@router.get("/wishes", operation_id="list_wishes", summary="微心愿", response={200: PublicPageOut, **REFUSALS})
@allow(ANYONE)
def list_wishes(
    request: HttpRequest,
    show: Literal[tuple(Show.values)] = Show.OPEN.value,  # type: ignore[valid-type]  # choices come from an enum
    kind: str = Code,
    street: str = Code,
    cursor: str = Cursor,
) -> Any:
    """List public wishes, open, taken or granted, the latest published first; whose they are, nobody reads.

    Open to every token. street: the code of a street or town; a narrower area is passed over.
    """
    page = queries.list_public_wishes(show=Show(show), wanted=_wanted("", kind, street), cursor=cursor)
    items = [public_wish_out(view) for view in queries.publicly(page.rows)]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.get("/wishes/{wish_id}", operation_id="get_wish", response={200: PublicWishOut, **REFUSALS}, summary="一个心愿")
@allow(ANYONE)
def get_wish(request: HttpRequest, wish_id: WishId) -> Any:
    """Show what is public of one wish; open to every token."""
    return public_wish_out(queries.get_public_wish(wish_id=wish_id))


@router.post("/wishes", operation_id="enter_wish", summary="登记心愿", response={201: WishOut, **REFUSALS})
@allow(SIGNED_IN)
def enter_wish(request: HttpRequest, given: WishIn, idempotency_key: Key = None) -> Any:
    """Enter a wish, one's own family's or as staff for a family; it is a draft until the community publishes it."""

    def write() -> dict[str, Any]:
        if given.by_family:
            return {"id": actions.ask_wish(new=given.new(), **_said(request)).pk}
        (row,) = actions.enter_wishes(news=[given.new()], channel=given.channel, **_said(request))
        return {"id": row.pk}

    made = _once(request, idempotency_key, given.model_dump(mode="json"), write)
    return Status(201, _wish(request, made["id"]))


@router.get(
    "/wish-desk", operation_id="list_wishes_within", summary="管辖内的心愿", response={200: WishPageOut, **REFUSALS}
)
@allow(Permission.VIEW)
def list_wishes_within(
    request: HttpRequest,
    status: Literal[_STATUSES] = "",  # type: ignore[valid-type]  # choices come from an enum
    kind: str = Code,
    area: str = Code,
    cursor: str = Cursor,
) -> Any:
    """List the wishes that the caller may see as staff, the latest entered first; `todo` waits for the community."""
    page = queries.list_wishes(viewer=_actor(request), wanted=_wanted(status, kind, area), cursor=cursor)
    items = [wish_out(view) for view in queries.describe_wishes(page.rows)]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.get(
    "/my-wishes", operation_id="list_my_wishes", summary="我家的心愿", response={200: list[WishOut], **REFUSALS}
)
@allow(SIGNED_IN)
def list_my_wishes(request: HttpRequest) -> Any:
    """List the wishes of the caller's own family."""
    return [wish_out(view) for view in queries.list_own_wishes(viewer=_actor(request))]


def _deed(request: HttpRequest, wish_id: int, action: Callable[..., Any], /, **given: Any) -> Any:
    action(**given, **_said(request))
    return _wish(request, wish_id)


@router.post("/wishes/{wish_id}/change", operation_id="change_wish", summary="修改心愿", response=_SHOWN)
@allow(SIGNED_IN)
def change_wish(request: HttpRequest, wish_id: WishId, given: WishIn) -> Any:
    """Write a wish anew that is not public, as the family or as staff; it is a draft once more."""
    return _deed(request, wish_id, actions.change_wish, wish_id=wish_id, new=given.new())


@router.post("/wishes/{wish_id}/publish", operation_id="publish_wish", summary="发布心愿", response=_SHOWN)
@allow(Permission.CHECK)
def publish_wish(request: HttpRequest, wish_id: WishId) -> Any:
    """Publish it, without whose it is."""
    return _deed(request, wish_id, actions.publish_wishes, wish_ids=[wish_id])


@router.post("/wishes/{wish_id}/deny", operation_id="deny_wish", summary="不予发布", response=_SHOWN)
@allow(Permission.CHECK)
def deny_wish(request: HttpRequest, wish_id: WishId, given: ReasonIn) -> Any:
    """Keep it from being published, with the reason."""
    return _deed(request, wish_id, actions.deny_wish, wish_id=wish_id, reason=given.reason)


@router.post("/wishes/{wish_id}/withdraw", operation_id="withdraw_wish", summary="撤回心愿", response=_SHOWN)
@allow(SIGNED_IN)
def withdraw_wish(request: HttpRequest, wish_id: WishId, given: ReasonIn) -> Any:
    """Take it back, as the family or in its place."""
    return _deed(request, wish_id, actions.withdraw_wish, wish_id=wish_id, reason=given.reason)


@router.post("/wishes/{wish_id}/receive", operation_id="receive_wish", summary="确认收到", response=_SHOWN)
@allow(SIGNED_IN)
def receive_wish(request: HttpRequest, wish_id: WishId) -> Any:
    """Confirm that it is granted, as the family or in its place."""
    return _deed(request, wish_id, actions.receive_wish, wish_id=wish_id)


@router.post("/wishes/{wish_id}/contest", operation_id="contest_delivery", summary="没有收到", response=_SHOWN)
@allow(SIGNED_IN)
def contest_delivery(request: HttpRequest, wish_id: WishId, given: ReasonIn) -> Any:
    """Say that nothing came."""
    return _deed(request, wish_id, actions.contest_delivery, wish_id=wish_id, reason=given.reason)


@router.post("/wishes/{wish_id}/thanks", operation_id="thank_for_wish", summary="致谢", response=_SHOWN)
@allow(SIGNED_IN)
def thank_for_wish(request: HttpRequest, wish_id: WishId, given: ThanksIn) -> Any:
    """Say thank you; the claimant and the community read it."""
    return _deed(request, wish_id, actions.thank_for_wish, wish_id=wish_id, words=given.words)


@router.post(
    "/wishes/{wish_id}/claims", operation_id="claim_wish", summary="认领心愿", response={201: ClaimOut, **REFUSALS}
)
@allow(SIGNED_IN)
def claim_wish(request: HttpRequest, wish_id: WishId, given: ClaimIn, idempotency_key: Key = None) -> Any:
    """Claim it; 409 where somebody was faster."""

    def write() -> dict[str, Any]:
        return {"id": actions.claim_wish(wish_id=wish_id, **given.model_dump(), **_said(request)).pk}

    made = _once(request, idempotency_key, [wish_id, given.model_dump(mode="json")], write)
    return Status(201, _claim(request, made["id"]))


@router.get(
    "/wish-claims", operation_id="list_my_claims", summary="我认领的", response={200: list[ClaimOut], **REFUSALS}
)
@allow(SIGNED_IN)
def list_my_claims(request: HttpRequest) -> Any:
    """List what the caller has claimed, and the units they speak for."""
    return [claim_out(view) for view in queries.list_my_claims(viewer=_actor(request))]


@router.post("/wish-claims/{claim_id}/confirm", operation_id="confirm_claim", summary="确认认领", response=_SHOWN)
@allow(Permission.CHECK)
def confirm_claim(request: HttpRequest, claim_id: ClaimId) -> Any:
    """Confirm the claimant, who may see the contact from now on."""
    return _wish(request, actions.confirm_claim(claim_id=claim_id, **_said(request)).wish_id)


@router.post("/wish-claims/{claim_id}/decline", operation_id="decline_claim", summary="不确认认领", response=_SHOWN)
@allow(Permission.CHECK)
def decline_claim(request: HttpRequest, claim_id: ClaimId, given: ReasonIn) -> Any:
    """Do not confirm the claimant; the wish is open again."""
    return _wish(request, actions.decline_claim(claim_id=claim_id, reason=given.reason, **_said(request)).wish_id)


@router.post("/wish-claims/{claim_id}/release", operation_id="release_claim", summary="重新开放", response=_SHOWN)
@allow(Permission.CHECK)
def release_claim(request: HttpRequest, claim_id: ClaimId, given: ReasonIn) -> Any:
    """Open a wish again whose claimant cannot be reached."""
    return _wish(request, actions.release_claim(claim_id=claim_id, reason=given.reason, **_said(request)).wish_id)


@router.post("/wish-claims/{claim_id}/start", operation_id="start_claim", summary="开始准备", response=_CLAIMED)
@allow(SIGNED_IN)
def start_claim(request: HttpRequest, claim_id: ClaimId) -> Any:
    """Say that one has begun."""
    actions.start_claim(claim_id=claim_id, **_said(request))
    return _claim(request, claim_id)


@router.post("/wish-claims/{claim_id}/deliver", operation_id="deliver_wish", summary="登记送达", response=_CLAIMED)
@allow(SIGNED_IN)
def deliver_wish(request: HttpRequest, claim_id: ClaimId, given: DeliverIn) -> Any:
    """Say that it was delivered."""
    actions.deliver_wish(claim_id=claim_id, **given.model_dump(), **_said(request))
    return _claim(request, claim_id)


@router.post("/wish-claims/{claim_id}/give-back", operation_id="give_back_claim", summary="放弃认领", response=_CLAIMED)
@allow(SIGNED_IN)
def give_back_claim(request: HttpRequest, claim_id: ClaimId, given: ReasonIn) -> Any:
    """Give it back; it is open again."""
    actions.give_back_claim(claim_id=claim_id, reason=given.reason, **_said(request))
    return _claim(request, claim_id)


@router.post("/wish-claims/{claim_id}/feedback", operation_id="feed_back_claim", summary="反馈", response=_CLAIMED)
@allow(SIGNED_IN)
def feed_back_claim(request: HttpRequest, claim_id: ClaimId, given: ThanksIn) -> Any:
    """Say as the claimant how it was, once it is granted; the community reads it."""
    actions.feed_back_claim(claim_id=claim_id, words=given.words, **_said(request))
    return _claim(request, claim_id)


@router.post(
    "/wish-claims/{claim_id}/contact", operation_id="see_wish_contact", summary="查看联系方式",
    response={200: ContactOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def see_wish_contact(request: HttpRequest, claim_id: ClaimId) -> Any:
    """Tell the confirmed claimant whom to call; the look is recorded."""
    found = actions.see_wish_contact(claim_id=claim_id, **_said(request))
    return {"name": found.name, "phone": found.phone, "address": found.address}
