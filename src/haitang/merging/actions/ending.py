"""The main case has ended: what goes along ends with it, and everybody who said so is told once."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.facts import CaseAnswered
from haitang.cases.values import PUBLIC_CHANNELS, Mark
from haitang.core.access import Actor
from haitang.core.language import in_house
from haitang.merging import policies, queries
from haitang.merging.models import Join, Voice
from haitang.people.actions import send_notices

SOLVED = gettext_noop("您反映的问题已办结，请查看结果并评价：{number}")
SOLVED_TOO = gettext_noop("您说“我也遇到”的问题已办结：{number}")
REFUSED = gettext_noop("您反映的问题有了答复：{number}")


def close_along(*, actor: Actor, main_id: int, now: datetime) -> int:
    """
    End every case that goes along with a main case which has ended, with the answer given there; return how many.

    Each in a transaction of its own, so that run again it goes on where it stopped. Raises what the guards raise.
    """
    return sum(_end_one(actor, main_id, join.case_id, now) for join in queries.joins_of(main_id))


@transaction.atomic
def _end_one(actor: Actor, main_id: int, case_id: int, now: datetime) -> bool:
    cases = case_queries.lock_cases_whole([main_id, case_id])
    main, case = cases[main_id], cases[case_id]
    is_together = Join.objects.filter(case_id=case_id, main_id=main_id).exists()
    if policies.is_open(main) or not policies.is_open(case) or case.due_at is not None or not is_together:
        return False
    with in_house():
        opinion = _("随主案件 %(number)s 办结") % {"number": main.number}
    answer = case_queries.answer_of(main_id) or opinion
    if case_queries.was_refused(main):
        opinion = answer
    else:
        case_actions.note_on_case(actor=actor, fact=CaseAnswered(case_id, answer), now=now)
    case_actions.end_along(actor=actor, case_id=case_id, main_id=main_id, opinion=opinion, now=now)
    return True


@transaction.atomic
def leave_main(*, actor: Actor, case_id: int, now: datetime) -> bool:
    """
    Let a case that is done over go its own way: its reporter was not content with the common result.

    Return whether it had gone along with another. Raises CaseNotFound.
    """
    main_id = queries.main_of(case_id)
    if main_id is None:
        return False
    case_queries.lock_cases([case_id, main_id])
    left, _rows = Join.objects.filter(case_id=case_id, main_id=main_id).delete()
    if left:
        case_actions.mark_case(actor=actor, case_id=case_id, remove=[Mark.JOINED], now=now)
        if not queries.joins_of(main_id):
            case_actions.mark_case(actor=actor, case_id=main_id, remove=[Mark.MAIN], now=now)
    return bool(left)


@transaction.atomic
def tell_solved(*, actor: Actor, main_id: int, now: datetime, url_of: Callable[[str], str], voices_url: str) -> int:
    """
    Tell everybody with an account who has a part in a matter that has ended: each once; return how many were told now.

    They are the residents who reported the main case or one that goes along, if others had a part in it, and all who
    said "me too". url_of: the page on which a reporter follows the case of that number. voices_url: where an account
    finds what it said "me too" on. Those without an account find it under their number and code; all voices are noted
    as told.
    """
    main = case_queries.lock_case(main_id)
    if policies.is_open(main):
        return 0
    joins = queries.joins_of(main_id)
    ids = [main_id, *(join.case_id for join in joins)]
    voices = Voice.objects.filter(case_id__in=ids)
    if len(ids) == 1 and not voices.exists():
        return 0
    told, key, asked = 0, f"solved:{main_id}", set()
    text = REFUSED if case_queries.was_refused(main) else SOLVED
    for case_id in ids:
        case = case_queries.get_case_for_job(case_id)
        if case is None or case.reported_by_id is None or case.channel not in PUBLIC_CHANNELS:
            continue
        asked.add(case.reported_by_id)
        told += send_notices(
            actor=actor, account_ids=[case.reported_by_id], key=key, text=text, parts={"number": case.number},
            url=url_of(case.number), subject_type="case", subject_id=case.pk, now=now,
        )  # fmt: skip
    accounts = {each for each in voices.values_list("account_id", flat=True) if each is not None} - asked
    told += send_notices(
        actor=actor, account_ids=accounts, key=key, text=SOLVED_TOO if text == SOLVED else REFUSED,
        parts={"number": main.number}, url=voices_url, subject_type="case", subject_id=main_id, now=now,
    )  # fmt: skip
    voices.filter(told_at=None).update(told_at=now)
    return told
