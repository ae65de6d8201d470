"""Questions and comments to the grid secretary: answered within a time, told to the street where they were not."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.core import history
from haitang.core.access import Actor
from haitang.councils import policies, queries
from haitang.councils.actions.shared import (
    ANONYMOUS,
    area_of,
    audience_of,
    check_not_too_much,
    public_text_of,
    text_of,
)
from haitang.councils.facts import QuestionAnswered, QuestionAsked, QuestionEscalated
from haitang.councils.lifecycle import QuestionStatus
from haitang.councils.models import Question
from haitang.councils.values import WORDS_LENGTH_MAX, AnsweredAlready, Permission
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding

TO_ANSWER = gettext_noop("居民提问 {number} 等待答复")
HAS_ANSWER = gettext_noop("您的提问 {number} 有了答复")
OVERDUE = gettext_noop("居民提问 {number} 超过期限没有答复")


@transaction.atomic
def ask_question(
    *, actor: Actor, area_id: int, words: str, now: datetime, may_publish: bool = False
) -> Question:  # fmt: skip
    """
    Ask the grid secretary of an area, or say something; those who answer there are told.

    may_publish: whether question and answer may be shown to everybody, without the name.
    Raises NotSignedIn, BadEntry, AskedEnough.
    """
    account_id = policies.check_signed_in(actor)
    area = area_of(area_id)
    check_not_too_much(account_id, now)
    take = public_text_of if may_publish else text_of
    row = Question.objects.create(
        area_id=area.id, area_ids=list(area.ids), asker_id=account_id, asked_at=now,
        due_at=queries.after("answer_within", now), may_publish=may_publish,
        words=take(words, "words", WORDS_LENGTH_MAX, missing=_("请写下您的问题或意见")),
    )  # fmt: skip
    fact = QuestionAsked(row.pk, row.due_at.isoformat())
    history.record(actor=ANONYMOUS, fact=fact, at=now, audience=audience_of(row))
    accounts = list_accounts_holding(Permission.ANSWER, area_path=area.path)
    _tell(actor, row, accounts, "asked", TO_ANSWER, now)
    return row


@transaction.atomic
def answer_question(
    *, actor: Actor, question_id: int, answer: str, now: datetime, publish: bool = False
) -> Question:  # fmt: skip
    """
    Answer a question; who asked is told. publish: show both to everybody, where who asked has agreed.

    Raises QuestionNotFound, NotAllowed (no ANSWER there), AnsweredAlready, BadEntry.
    """
    row = queries.lock_question(question_id)
    policies.check_can_answer(actor, row)
    if row.status == QuestionStatus.ANSWERED:
        raise AnsweredAlready(_("这个提问已经答复过了"))
    row.is_public = publish and row.may_publish
    take = public_text_of if row.is_public else text_of
    row.answer = take(answer, "answer", WORDS_LENGTH_MAX, missing=_("请写答复"))
    row.status, row.answered_at = QuestionStatus.ANSWERED, now
    row.save(update_fields=["answer", "status", "answered_at", "is_public"])
    history.record(actor=actor, fact=QuestionAnswered(row.pk, row.is_public), at=now, audience=audience_of(row))
    if row.asker_id is not None:
        _tell(actor, row, [row.asker_id], "answered", HAS_ANSWER, now)
    return row


@transaction.atomic
def escalate_question(*, actor: Actor, question_id: int, now: datetime) -> bool:
    """
    Tell the street, once, that a question was not answered in time; who asked sees that it was told.

    For the clock. Returns whether it was told now. Raises QuestionNotFound.
    """
    row = queries.lock_question(question_id)
    if row.status == QuestionStatus.ANSWERED or row.escalated_at is not None or row.due_at > now:
        return False
    row.escalated_at = now
    row.save(update_fields=["escalated_at"])
    fact = QuestionEscalated(row.pk, row.due_at.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    _tell(actor, row, list_accounts_holding(Permission.SUPERVISE, area_path=row.area_path), "overdue", OVERDUE, now)
    return True


def _tell(actor: Actor, row: Question, accounts: list[int], key: str, text: str, now: datetime) -> None:
    send_notices(
        actor=actor, account_ids=accounts, key=f"council_question:{row.pk}:{key}", text=text,
        parts={"number": row.number}, url=reverse("councils:question", args=[row.pk]),
        subject_type="council_question", subject_id=row.pk, now=now,
    )  # fmt: skip
