"""What of signing in has served its time."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from haitang.core.access import Actor
from haitang.people.models import ApiUse, Attempt, Notice, SignIn
from haitang.people.queries.limits import minute_of


@transaction.atomic
def tidy_up_sign_ins(*, actor: Actor, now: datetime) -> None:
    """Remove what is noted of sessions that are gone, attempts that count no more, and the API's past minutes."""
    open_ = Session.objects.filter(expire_date__gte=now).values("session_key")
    SignIn.objects.exclude(session_key__in=open_).delete()
    Attempt.objects.filter(resets_at__lt=now).delete()
    ApiUse.objects.filter(minute__lt=minute_of(now - timedelta(minutes=2))).delete()


@transaction.atomic
def clean_old_notices(*, actor: Actor, before: datetime, limit: int, now: datetime) -> int:
    """Delete notices sent before an instant, the oldest first; return how many."""
    ids = list(Notice.objects.filter(at__lt=before).order_by("at", "id").values_list("pk", flat=True)[:limit])
    return Notice.objects.filter(pk__in=ids).delete()[0]
