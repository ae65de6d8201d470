"""What residents raise, and whether it is taken up: the author is told of each step and why."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.core import files, history
from haitang.core.access import Actor
from haitang.core.errors import Conflict
from haitang.core.photos import clean_photo
from haitang.councils import policies, queries
from haitang.councils.actions.shared import (
    ANONYMOUS,
    area_of,
    audience_of,
    check_not_too_much,
    public_text_of,
    text_of,
)
from haitang.councils.facts import (
    CouncilAuthorsForgotten,
    TopicAccepted,
    TopicDenied,
    TopicPhotoAdded,
    TopicRaised,
    TopicWithdrawn,
)
from haitang.councils.lifecycle import TopicStatus
from haitang.councils.models import Question, Resolution, Topic, TopicPhoto
from haitang.councils.values import (
    LINE_LENGTH_MAX,
    PHOTOS_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    NewTopic,
    WrongTopicState,
)
from haitang.people.actions import send_notices

ACCEPTED = gettext_noop("您的提议“{title}”已采纳，等待安排议事")
DENIED = gettext_noop("您的提议“{title}”没有采纳，原因写在提议页面上")
TABLED = gettext_noop("您的提议“{title}”已列入议程：{at}")
UNTABLED = gettext_noop("您的提议“{title}”所列的会议取消了，等待重新安排")
PUBLISHED = gettext_noop("您的提议“{title}”已经议过，请看结果")
SETTLED = gettext_noop("您的提议“{title}”有了办理结果")


def tell_author(actor: Actor, topic: Topic, key: str, text: str, now: datetime, **parts: str) -> None:
    """Tell who raised a topic what became of it, once for the key; nobody where they are forgotten."""
    if topic.author_id is not None:
        send_notices(
            actor=actor, account_ids=[topic.author_id], key=f"council_topic:{topic.pk}:{key}", text=text,
            parts={"title": topic.title, **parts}, url=reverse("councils:topic", args=[topic.pk]),
            subject_type="council_topic", subject_id=topic.pk, now=now,
        )  # fmt: skip


@transaction.atomic
def raise_topic(*, actor: Actor, new: NewTopic, now: datetime) -> Topic:
    """
    Raise a matter for the councils of an area. It is read before others see it; the author follows it.

    Raises NotSignedIn, BadEntry, AskedEnough.
    """
    account_id = policies.check_signed_in(actor)
    area = area_of(new.area_id)
    check_not_too_much(account_id, now)
    row = Topic.objects.create(
        area_id=area.id, area_ids=list(area.ids), author_id=account_id, raised_at=now,
        title=public_text_of(" ".join(new.title.split()), "title", TITLE_LENGTH_MAX, missing=_("请写一句话")),
        words=public_text_of(new.words, "words", WORDS_LENGTH_MAX, missing=_("请说说情况和您的想法")),
    )  # fmt: skip
    history.record(actor=ANONYMOUS, fact=TopicRaised(row.pk), at=now, audience=audience_of(row))
    return row


def add_topic_photo(*, actor: Actor, topic_id: int, data: bytes, now: datetime) -> TopicPhoto:
    """
    Add a photo to one's own topic before it is read, written anew without metadata; the same one twice is one.

    data: what was uploaded. Raises TopicNotFound, NotYours, PhotoRefused, WrongTopicState (read already: what nobody
    has looked at is never public), Conflict (too many).
    """
    policies.check_is_author(actor, queries.get_topic(viewer=actor, topic_id=topic_id))
    digest = files.store(clean_photo(data).data)
    with transaction.atomic():
        row = queries.lock_topics([topic_id])[topic_id]
        _check(row, TopicStatus.WAITING)
        photo = TopicPhoto.objects.filter(topic=row, digest=digest).first()
        if photo is None:
            if row.photos.count() >= PHOTOS_MAX:
                raise Conflict(_("最多 %(n)d 张照片") % {"n": PHOTOS_MAX})
            photo = TopicPhoto.objects.create(topic=row, digest=digest)
            history.record(actor=ANONYMOUS, fact=TopicPhotoAdded(row.pk), at=now, audience=audience_of(row))
    files.claim(digest)
    return photo


@transaction.atomic
def accept_topics(*, actor: Actor, topic_ids: Collection[int], now: datetime) -> list[Topic]:
    """
    Take topics up: everybody may read them, and they wait for an agenda. All of them or none.

    Raises TopicNotFound, NotAllowed (no MODERATE there), WrongTopicState.
    """
    rows = list(queries.lock_topics(topic_ids).values())
    for row in rows:
        policies.check_can_moderate(actor, row)
        _check(row, TopicStatus.WAITING)
        row.status = TopicStatus.ACCEPTED
    Topic.objects.bulk_update(rows, ["status"])
    history.record_each(actor=actor, facts=[(TopicAccepted(row.pk), audience_of(row)) for row in rows], at=now)
    for row in rows:
        tell_author(actor, row, "accepted", ACCEPTED, now)
    return rows


@transaction.atomic
def deny_topic(*, actor: Actor, topic_id: int, reason: str, now: datetime) -> Topic:
    """
    Not take a topic up, or no more while it waits for an agenda; its author reads why.

    Raises TopicNotFound, NotAllowed, WrongTopicState, BadEntry (no reason).
    """
    row = queries.lock_topics([topic_id])[topic_id]
    policies.check_can_moderate(actor, row)
    _check(row, TopicStatus.WAITING, TopicStatus.ACCEPTED)
    row.reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明原因，提议人会看到"))
    row.status, row.closed_at = TopicStatus.DENIED, now
    row.save(update_fields=["status", "reason", "closed_at"])
    fact = TopicDenied(row.pk, row.reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    tell_author(actor, row, "denied", DENIED, now)
    return row


@transaction.atomic
def withdraw_topic(*, actor: Actor, topic_id: int, now: datetime) -> Topic:
    """Take one's own topic back before it is on an agenda. Raises TopicNotFound, NotYours, WrongTopicState."""
    row = queries.lock_topics([topic_id])[topic_id]
    policies.check_is_author(actor, row)
    _check(row, TopicStatus.WAITING, TopicStatus.ACCEPTED)
    row.status, row.closed_at = TopicStatus.WITHDRAWN, now
    row.save(update_fields=["status", "closed_at"])
    history.record(actor=ANONYMOUS, fact=TopicWithdrawn(row.pk), at=now, audience=audience_of(row))
    return row


@transaction.atomic
def forget_council_authors(*, actor: Actor, now: datetime) -> int:
    """Forget who raised and asked what was settled so many days ago as the settings say; return how many rows."""
    topics, questions = queries.lock_forgettable(now, queries.rules().settings["forget_days"])
    open_ones = set(
        Resolution.objects.filter(topic__in=topics, status="open").values_list("topic_id", flat=True)
    )  # fmt: skip
    topics = [row for row in topics if row.pk not in open_ones]
    for row in topics:
        row.author = None
    for asked in questions:
        asked.asker = None
    Topic.objects.bulk_update(topics, ["author"])
    Question.objects.bulk_update(questions, ["asker"])
    counts: dict[int, int] = {}
    for area_id in (*(row.area_id for row in topics), *(row.area_id for row in questions)):
        counts[area_id] = counts.get(area_id, 0) + 1
    facts = [CouncilAuthorsForgotten(area_id, count) for area_id, count in sorted(counts.items())]
    history.record_many(actor=actor, facts=facts, at=now)
    return len(topics) + len(questions)


def _check(row: Topic, *sources: TopicStatus) -> None:
    if row.status not in sources:
        raise WrongTopicState(_("提议当前为“%(status)s”") % {"status": TopicStatus(row.status).label})
