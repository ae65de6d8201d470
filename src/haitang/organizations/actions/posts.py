"""Posts: the seats of an organization."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.organizations import facts, models, queries
from haitang.organizations.actions._common import check_exists, check_may_manage
from haitang.organizations.values import NewPost, PostIsClosed, check_post


@transaction.atomic
def create_post(
    *, actor: Actor, organization_id: int, kind: str, title: str, area_id: int | None, from_date: date, now: datetime
) -> models.Post:
    """Set up a post in the organization from that day.

    area_id: the duty area; a grid worker's post needs one, its grid.
    Raises OrganizationUnknown, NotFound (no such area), NotAllowed (over the organization),
    OrganizationInvalid (kind, title or area), OrganizationClosed.
    """
    organization = queries.lock_organization(organization_id)
    check_may_manage(actor, organization, now)
    title = title.strip()
    check_post(NewPost(kind, title, area_id))
    if area_id is not None:
        queries.area_paths([area_id])
    check_exists(organization, from_date)
    post = models.Post.objects.create(
        organization=organization, title=title, kind=kind, area_id=area_id, from_date=from_date,
        to_date=organization.valid_to,
    )  # fmt: skip
    queries.touch_organizations()
    fact = facts.PostCreated(organization_id, post.pk, kind, title, area_id, from_date.isoformat())
    history.record(actor=actor, fact=fact, at=now)
    return post


@transaction.atomic
def close_post(*, actor: Actor, post_id: int, to_date: date, now: datetime) -> None:
    """Give the post up on that day; one not yet begun never takes effect. Who holds it is told by the fact.

    Raises PostUnknown, NotAllowed (over the organization), PostIsClosed (it ended before that day).
    """
    post = queries.lock_post(post_id)
    check_may_manage(actor, queries.get_row(post.organization_id), now)
    to_date = max(post.from_date, to_date)
    if post.to_date is not None and post.to_date <= to_date:
        raise PostIsClosed(_("该岗位自 %(day)s 起已撤销") % {"day": post.to_date})
    post.to_date = to_date
    post.save(update_fields=["to_date"])
    queries.touch_organizations()
    fact = facts.PostClosed(post.organization_id, post_id, to_date.isoformat())
    history.record(actor=actor, fact=fact, at=now)
