"""What the three lists show on pages of apps below."""

from django.urls import reverse

from haitang.core.access import Actor
from haitang.exchange import queries
from haitang.exchange.values import AgreementUnknown
from haitang.projects.values import Origin, OriginPage


def origin_of(viewer: Actor, origin: str, origin_id: str) -> OriginPage | None:
    """Return the agreement that a project comes from, if it comes from one."""
    if origin != Origin.AGREEMENT or not (origin_id.isascii() and origin_id.isdigit() and len(origin_id) <= 18):
        return None
    try:
        row = queries.get_agreement(viewer=viewer, agreement_id=int(origin_id))
    except AgreementUnknown:
        return None
    return OriginPage(row.number, reverse("exchange:agreement", args=[row.pk]))
