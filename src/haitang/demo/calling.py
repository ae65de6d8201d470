"""Call-backs of the demo city: reporters of late closures are asked, most are content, some are still to be called."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from haitang.callbacks import actions
from haitang.callbacks.values import Answer
from haitang.core.access import Actor, system
from haitang.core.models import Entry

DAYS = 35
"""Closures of so many days are called back about: enough for a month of assessment."""
_CALLED = 0.85
_FACTS = ("CaseClosed", "CaseForceClosed", "CaseRated", "CaseReopened")
_ANSWERS = (
    (0.72, Answer(True, True, "satisfied", "已经办好了，谢谢")),
    (0.86, Answer(True, True, "basically", "办了，就是等得久了一点")),
    (0.94, Answer(False, True, "basically", "没有人联系过，不过确实修好了")),
    (1.0, Answer(True, False, "dissatisfied", "来看过，问题还在")),
)
SYSTEM = system("回访")


def call_back(caller: Actor, *, seed: int, now: datetime) -> int:
    """Make the call-backs of late closures and most of the calls; return how many. Run again it makes none twice."""
    rng, made = Random(seed + 11), 0
    for entry in _late(now):
        case_id = entry.subject_id
        if entry.fact == "CaseRated":
            actions.record_answer_of_reporter(
                actor=SYSTEM, case_id=case_id, entry_id=entry.pk, solved=entry.data["solved"],
                score=entry.data["score"], now=entry.at,
            )  # fmt: skip
        elif entry.fact == "CaseReopened":
            actions.withdraw_callbacks(actor=SYSTEM, case_id=case_id, entry_id=entry.pk, now=entry.at)
        else:
            callback = actions.make_callback(actor=SYSTEM, case_id=case_id, entry_id=entry.pk, now=entry.at)
            if callback is None or callback.next_at is None:
                continue
            made += 1
            at = callback.next_at + timedelta(minutes=rng.randint(5, 400))
            if rng.random() < _CALLED and at < now and not callback.case.is_confidential:
                actions.record_call(
                    actor=caller, callback_id=callback.pk, outcome="answered", answer=_answer(rng), now=at
                )
    return made


def _late(now: datetime) -> Iterator[Entry]:
    since = now - timedelta(days=DAYS)
    return (
        Entry.objects.filter(subject_type="case", fact__in=_FACTS, at__gte=since, at__lte=now).order_by("id").iterator()
    )


def _answer(rng: Random) -> Answer:
    drawn = rng.random()
    return next(answer for below, answer in _ANSWERS if drawn <= below)
