"""What is tied to an area follows it when the area goes on as another version, or ends."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Greatest

from haitang.core import history
from haitang.core.access import Actor
from haitang.organizations import facts, models, policies, queries


@transaction.atomic
def carry_area(*, actor: Actor, area_id: int, new_area_id: int | None, effective: date, now: datetime) -> None:
    """End every tie to the area on that day and begin it anew with the version that takes its place.

    Ties that the new version has already are kept as they are. Posts keep their id and holder and get
    the new duty area; where nothing takes the area's place, they end. Asked again, it changes nothing.

    Raises AreaNotFound, NotAllowed (over the area and the new one).
    """
    areas = [area_id] if new_area_id is None else [area_id, new_area_id]
    for path in queries.area_paths(areas).values():
        policies.check_can_tie(actor, path)
    running = Q(to_date__isnull=True) | Q(to_date__gt=effective)
    links = list(models.AreaLink.objects.select_for_update().filter(running, area_id=area_id).order_by("id"))
    links = [link for link in links if link.to_date is None or link.to_date > link.from_date]
    posts = list(models.Post.objects.select_for_update(no_key=True).filter(running, area_id=area_id).order_by("id"))
    if not links and not posts:
        return
    news: list[facts.OrganizationFact] = [
        facts.AreaUnlinked(link.organization_id, area_id, link.relation, max(link.from_date, effective).isoformat())
        for link in links
    ]
    models.AreaLink.objects.filter(pk__in=[link.pk for link in links]).update(to_date=Greatest("from_date", effective))
    if new_area_id is not None:
        models.AreaLink.objects.bulk_create(
            [
                models.AreaLink(
                    organization_id=link.organization_id, area_id=new_area_id, relation=link.relation,
                    from_date=max(link.from_date, effective), to_date=link.to_date,
                )
                for link in links
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        news += [
            facts.AreaLinked(
                link.organization_id, new_area_id, link.relation, max(link.from_date, effective).isoformat()
            )
            for link in links
        ]
        models.Post.objects.filter(pk__in=[post.pk for post in posts]).update(area_id=new_area_id)
        news += [facts.PostMoved(post.organization_id, post.pk, new_area_id) for post in posts]
    else:
        models.Post.objects.filter(pk__in=[post.pk for post in posts]).update(to_date=Greatest("from_date", effective))
        news += [
            facts.PostClosed(post.organization_id, post.pk, max(post.from_date, effective).isoformat())
            for post in posts
        ]
    queries.touch_organizations()
    history.record_many(actor=actor, facts=news, at=now)
