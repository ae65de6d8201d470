"""What surveys under one's own name hold: the port of `privacy`. Of all others nobody knows who answered what."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from haitang.privacy.values import Asker, Item, told
from haitang.surveys.lifecycle import Status
from haitang.surveys.models import Answer
from haitang.surveys.values.questions import Question, keys_of


def answers_of(asker: Asker) -> QuerySet[Any]:
    """Return what the asker has answered under their name. For `privacy`: the asker is who they say."""
    return Answer.objects.select_related("survey").filter(account_id=asker.account_id or -1)


def held_of_answerer(asker: Asker) -> list[Item]:
    """Return what is held about the asker with surveys under their name."""
    items = []
    for row in answers_of(asker).order_by("-survey_id"):
        lines = [
            (
                f"{question.label} {question.rows[at]}" if question.rows else question.label,
                _words(question, row.answers[key]),
            )
            for number, question in enumerate(row.survey.asked)
            for at, key in enumerate(keys_of(number, question))
            if key in row.answers
        ]
        kept = "" if row.survey.status == Status.CLOSED else _("调查还没有截止，截止后可以删除")
        items.append(Item(row.survey.title, told(*lines), kept=kept))
    return items


def _words(question: Question, value: Any) -> str:
    """Return an answer as it was given: options are kept by their number."""
    given = value if isinstance(value, list) else [value]
    return "、".join(question.options[each] if isinstance(each, int) else str(each) for each in given)


def old_answers(before: datetime) -> QuerySet[Any]:
    """Return the answers under a name of surveys that closed before, the longest ago first."""
    return Answer.objects.filter(survey__closed_at__lt=before, account_id__isnull=False).order_by(
        "survey__closed_at", "pk"
    )


def count_old_answers(before: datetime, limit: int) -> int:
    """Return how many such rows there are, counted up to limit."""
    return old_answers(before)[:limit].count()
