"""Forgetting who reported a case, at their wish: the matter stays on file, without them."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from haitang.cases import queries
from haitang.cases.actions.asking import answers_text
from haitang.cases.lifecycle import STAGE_OF
from haitang.cases.models import Case, Rating, Reporter
from haitang.cases.queries.own_data import list_reported, old_reporters, reporter_in_full
from haitang.core import search
from haitang.core.access import Actor
from haitang.core.privacy import mask_text
from haitang.privacy.values import Asker, Erased


@transaction.atomic
def erase_reporter(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """
    Erase who reported the asker's cases and how to reach them, as far as these have ended; the others wait.

    Name and telephone go from what was written, too, and so does every number that looks like somebody's.
    Source: 《个人信息保护法》 art. 47.
    """
    erased, later, hidden = [], 0, []
    for found in list_reported(asker):
        case = queries.lock_case(found.pk)
        if case.status in STAGE_OF:
            later += 1
            continue
        texts = [text for text in reporter_in_full(case.pk) if len(text) > 1]
        _blank(case, found.category.name if found.category else "", texts, asker)
        hidden += texts
        erased.append(("case", case.pk))
    return Erased(len(erased), later, 0, tuple(erased), tuple(hidden))


def _blank(case: Case, category: str, texts: list[str], asker: Asker) -> None:
    case.description, case.place = _without(case.description, texts), _without(case.place, texts)
    case.answers = {key: _answer(each, texts) for key, each in case.answers.items()}
    if case.reported_by_id == asker.account_id:
        case.reported_by_id = None
    case.save(update_fields=["description", "place", "answers", "reported_by_id"])
    Reporter.objects.filter(pk=case.pk).update(name_sealed=None, phone_sealed=None, phone_index=None)
    Rating.objects.filter(case=case).update(text="")
    if asker.account_id is not None:
        case.attachments.filter(added_by_id=asker.account_id).update(added_by_id=None)
    words = (case.description, case.place, category, case.external_id, answers_text(case.answers))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET search = %s::tsvector WHERE id = %s",
            [search.vector(" ".join(filter(None, words))), case.pk],
        )


def _answer(answer: dict[str, Any], texts: list[str]) -> dict[str, Any]:
    return {key: _without(value, texts) if isinstance(value, str) else value for key, value in answer.items()}


def _without(text: str, texts: list[str]) -> str:
    for each in texts:
        text = text.replace(each, "***")
    return mask_text(text)[0]


@transaction.atomic
def clean_old_reporters(*, actor: Actor, before: datetime, limit: int, now: datetime) -> int:
    """Erase who stands in rows that have been kept for their time, at most so many; return how many."""
    ids = list(old_reporters(before).values_list("pk", flat=True)[:limit])
    return Reporter.objects.filter(pk__in=ids).update(name_sealed=None, phone_sealed=None, phone_index=None)
