"""The API of webhooks: parse, one call, print."""

from typing import Annotated, Any, Literal

from ninja import Query, Router, Status

from haitang.core.access import allow
from haitang.core.http import Request, said
from haitang.core.paging import CURSOR_MAX
from haitang.core.schemas import REFUSALS, Id, Schema, text
from haitang.webhooks import actions, queries, schemas
from haitang.webhooks.values import Permission, Standing, kinds, label_of_kind

router = Router(tags=["webhooks"])


class DeliveryQuery(Schema):
    """Which deliveries: `dead` have failed for good and wait for a decision; "" for all."""

    standing: Literal[("", *Standing.values)] = ""  # type: ignore[valid-type]  # choices come from an enum
    cursor: Annotated[str, text(CURSOR_MAX)] = ""


@router.get("/webhooks/kinds", response={200: list[schemas.KindOut], **REFUSALS}, operation_id="list_webhook_kinds")
@allow(Permission.MANAGE)
def list_kinds(request: Request) -> list[dict[str, str]]:
    """List the kinds of events that can be subscribed to."""
    return schemas.kinds_out({kind: label_of_kind(kind) for kind in kinds()})


@router.get("/webhooks", response={200: list[schemas.SubscriptionOut], **REFUSALS}, operation_id="list_webhooks")
@allow(Permission.MANAGE)
def list_webhooks(request: Request) -> list[dict[str, Any]]:
    """List the subscriptions of the caller's areas."""
    return [schemas.subscription_out(view) for view in queries.list_subscriptions(viewer=request.actor)]


@router.post("/webhooks", response={201: schemas.MadeOut, **REFUSALS}, operation_id="make_webhook")
@allow(Permission.MANAGE)
def make_webhook(request: Request, body: schemas.SubscriptionIn) -> Status:
    """Have another system told of what happens from now on; the secret is answered this once."""
    row, secret = actions.make_subscription(**said(request), **body.given())
    return Status(201, {**_one(request, row.pk), "secret": secret})


@router.get(
    "/webhooks/{subscription_id}", response={200: schemas.SubscriptionOut, **REFUSALS}, operation_id="get_webhook"
)
@allow(Permission.MANAGE)
def get_webhook(request: Request, subscription_id: Id) -> dict[str, Any]:
    """Return one subscription."""
    return _one(request, subscription_id)


@router.put(
    "/webhooks/{subscription_id}", response={200: schemas.SubscriptionOut, **REFUSALS}, operation_id="change_webhook"
)
@allow(Permission.MANAGE)
def change_webhook(request: Request, subscription_id: Id, body: schemas.SubscriptionIn) -> dict[str, Any]:
    """Change what a subscription says."""
    actions.change_subscription(**said(request), subscription_id=subscription_id, **body.given())
    return _one(request, subscription_id)


@router.delete("/webhooks/{subscription_id}", response={204: None, **REFUSALS}, operation_id="end_webhook")
@allow(Permission.MANAGE)
def end_webhook(request: Request, subscription_id: Id) -> Status:
    """End a subscription for good."""
    actions.end_subscription(**said(request), subscription_id=subscription_id)
    return Status(204, None)


@router.post(
    "/webhooks/{subscription_id}/test", response={200: schemas.DeliveryOut, **REFUSALS}, operation_id="test_webhook"
)
@allow(Permission.MANAGE)
def test_webhook(request: Request, subscription_id: Id) -> dict[str, Any]:
    """Send a test now, and return what came of it."""
    row = actions.try_subscription(**said(request), subscription_id=subscription_id)
    return schemas.delivery_out(queries.DeliveryLine(row, ""))


@router.post(
    "/webhooks/{subscription_id}/secret", response={200: schemas.SecretOut, **REFUSALS}, operation_id="rotate_webhook"
)
@allow(Permission.MANAGE)
def rotate_webhook(request: Request, subscription_id: Id) -> dict[str, Any]:
    """Sign with another secret, which is answered this once; the one before signs for some hours, too."""
    secret = actions.rotate_secret(**said(request), subscription_id=subscription_id)
    return {"secret": secret, "old_until": _one(request, subscription_id)["old_secret_until"]}


@router.post(
    "/webhooks/{subscription_id}/pause", response={200: schemas.SubscriptionOut, **REFUSALS},
    operation_id="pause_webhook",
)  # fmt: skip
@allow(Permission.MANAGE)
def pause_webhook(request: Request, subscription_id: Id) -> dict[str, Any]:
    """Send nothing until it is resumed; its place in the history is kept."""
    actions.pause_subscription(**said(request), subscription_id=subscription_id)
    return _one(request, subscription_id)


@router.post(
    "/webhooks/{subscription_id}/resume", response={200: schemas.SubscriptionOut, **REFUSALS},
    operation_id="resume_webhook",
)  # fmt: skip
@allow(Permission.MANAGE)
def resume_webhook(request: Request, subscription_id: Id, body: schemas.ResumeIn) -> dict[str, Any]:
    """Go on from where it stood, or from now."""
    actions.resume_subscription(**said(request), subscription_id=subscription_id, skip=body.skip)
    return _one(request, subscription_id)


@router.get(
    "/webhooks/{subscription_id}/deliveries", response={200: schemas.DeliveryPageOut, **REFUSALS},
    operation_id="list_webhook_deliveries",
)  # fmt: skip
@allow(Permission.MANAGE)
def list_webhook_deliveries(request: Request, subscription_id: Id, asked: Query[DeliveryQuery]) -> dict[str, Any]:
    """List a subscription's deliveries, the newest first."""
    page = queries.list_deliveries(
        viewer=request.actor, subscription_id=subscription_id, standing=asked.standing, cursor=asked.cursor
    )
    return {
        "rows": [schemas.delivery_out(line) for line in page.rows], "total": page.total,
        "total_is_more": page.total_is_more, "previous": page.previous, "next": page.next,
    }  # fmt: skip


@router.post(
    "/webhooks/{subscription_id}/dead/resend", response={200: schemas.CountOut, **REFUSALS},
    operation_id="resend_webhook_deliveries",
)  # fmt: skip
@allow(Permission.MANAGE)
def resend_webhook_deliveries(request: Request, subscription_id: Id, body: schemas.DeadIn) -> dict[str, int]:
    """Have deliveries that failed for good sent again, in their order."""
    return {"count": actions.resend_deliveries(
        **said(request), subscription_id=subscription_id, delivery_ids=body.delivery_ids
    )}  # fmt: skip


@router.post(
    "/webhooks/{subscription_id}/dead/drop", response={200: schemas.CountOut, **REFUSALS},
    operation_id="drop_webhook_deliveries",
)  # fmt: skip
@allow(Permission.MANAGE)
def drop_webhook_deliveries(request: Request, subscription_id: Id, body: schemas.DeadIn) -> dict[str, int]:
    """Give up deliveries that failed for good, so that the later ones of their cases go on."""
    return {"count": actions.drop_deliveries(
        **said(request), subscription_id=subscription_id, delivery_ids=body.delivery_ids
    )}  # fmt: skip


def _one(request: Request, subscription_id: int) -> dict[str, Any]:
    return schemas.subscription_out(queries.get_subscription(viewer=request.actor, subscription_id=subscription_id))
