"""Forgetting who raised, asked and stood on a list, at their wish, before the days of the settings are over."""

from datetime import datetime

from django.db import transaction

from haitang.core.access import Actor
from haitang.councils.lifecycle import DrawStatus, QuestionStatus, TopicStatus
from haitang.councils.models import DrawCandidate, Member, Question, Topic
from haitang.privacy.values import Asker, Erased


@transaction.atomic
def erase_speaker(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """Erase whose topics, questions and places on lists they were; what is not answered or drawn yet waits.

    A question that was not published loses its words as well. Seats of councils are kept: they are public.
    """
    if asker.account_id is None:
        return Erased()
    topics = Topic.objects.filter(author_id=asker.account_id)
    questions = Question.objects.filter(asker_id=asker.account_id)
    listed = DrawCandidate.objects.filter(account_id=asker.account_id)
    settled, answered = topics.exclude(status=TopicStatus.WAITING), questions.exclude(status=QuestionStatus.WAITING)
    drawn = listed.filter(draw__status=DrawStatus.DRAWN)
    subjects = (
        *(("topic", pk) for pk in settled.values_list("pk", flat=True)),
        *(("question", pk) for pk in answered.values_list("pk", flat=True)),
    )
    hidden = answered.filter(is_public=False).update(words="", asker=None)
    done = hidden + answered.update(asker=None) + settled.update(author=None)
    done += DrawCandidate.objects.filter(pk__in=list(drawn.values_list("pk", flat=True))).update(
        who_sealed=b"", account=None
    )
    kept = Member.objects.filter(account_id=asker.account_id).count()
    return Erased(done, topics.count() + questions.count() + listed.count(), kept, subjects)
