"""Asking for one's rights, and what the desk does about it."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, erasing, history, limits, wall
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.constraints import refusing
from haitang.people.actions import erase_account
from haitang.privacy import queries
from haitang.privacy.facts import (
    EntryErased,
    OwnDataTaken,
    PrivacySettingChanged,
    RightsAnswered,
    RightsAsked,
    RightsWithdrawn,
)
from haitang.privacy.models import Request
from haitang.privacy.values import (
    ACCOUNT,
    ANSWER_LENGTH_MAX,
    HOLDERS,
    TEXT_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Asker,
    Erased,
    Kind,
    Permission,
    RequestInvalid,
    RequestOpen,
    RequestOver,
    State,
    WrongKey,
    refusals,
)
from haitang.worktime.values import Limit

_GUESSES_MAX, _WINDOW_S = 10, 3600
_HISTORY_BATCHES_MAX = 100


def find_asker(*, actor: Actor, number: str, code: str, party: str, now: datetime) -> Asker:
    """Return whose data somebody without account may ask for, who knows the code of a thing.

    party: from where it is asked; wrong guesses are limited. Raises WrongKey (which of the two is not told), TooMany.
    """
    key = f"privacy.code:{party}"
    limits.hit(key, limit=_GUESSES_MAX, window_s=_WINDOW_S, now=now)
    found = queries.asker_for(number, code)
    if found is None:
        raise WrongKey(_("编号或查询码不对，请核对后重试"))
    limits.give_back(key)
    return found


@transaction.atomic
def ask_for_rights(
    *, actor: Actor, asker: Asker, kind: str, parts: Sequence[str], now: datetime, words: str = ""
) -> Request:
    """
    Ask for a correction or an erasure of one's own data; the desk answers within the days of the setting.

    asker: as the entrance knows it: the actor's own account, or what a code has opened. parts: codes of parts.
    words: what is wrong and how it should read; needed for a correction.
    Raises RequestInvalid (nothing chosen, nothing said), RequestOpen (the same is asked already).
    """
    held = {part.code for part in queries.find_parts(asker)}
    chosen = queries.ordered([code for code in parts if code in held])
    if not chosen:
        raise RequestInvalid(_("请选择要处理哪些信息"), {"parts": _("请选择要处理哪些信息")})
    words = words.strip()
    if kind not in Kind.values or len(words) > WORDS_LENGTH_MAX or "\x00" in words:
        raise RequestInvalid(_("说明不能超过 %(n)d 个字") % {"n": WORDS_LENGTH_MAX})
    if kind == Kind.CORRECT and len(words) < 2:
        raise RequestInvalid(_("请写明哪里不对、应当怎样"), {"words": _("请写明哪里不对、应当怎样")})
    taken = RequestOpen(_("同样的请求正在办理，请等待答复"))
    thing_type, thing_id = asker.thing or ("", None)
    with refusing({"privacy_request_open": taken, "privacy_request_open_thing": taken}):
        row = Request.objects.create(
            account_id=asker.account_id, thing_type=thing_type, thing_id=thing_id, kind=kind, parts=chosen, words=words,
            asked_at=now, due_on=queries.due_on(now),
        )  # fmt: skip
    history.record(actor=actor, fact=RightsAsked(row.pk, kind, chosen), at=now)
    return row


@transaction.atomic
def withdraw_rights(*, actor: Actor, asker: Asker, request_id: int, now: datetime) -> None:
    """Take a request back before it is answered. Raises RequestUnknown, RequestOver."""
    queries.get_request_of(asker, request_id)
    row = queries.lock_request(request_id)
    _check(row, State.WAITING)
    _end(row, State.WITHDRAWN, now)
    row.save()
    history.record(actor=actor, fact=RightsWithdrawn(row.pk), at=now)


@transaction.atomic
def grant_rights(*, actor: Actor, request_id: int, now: datetime, answer: str = "") -> Request:
    """
    Agree to a request: erase at once what can be erased, or say that it was corrected.

    What is still under way waits for its end (`go_on_erasing`). answer: what the person reads; needed for a correction.
    Raises NotAllowed, RequestUnknown, RequestOver, RequestInvalid, and what the parts refuse (StillInOffice).
    """
    access.require(actor, Permission.DECIDE, area_path=EVERYWHERE)
    row = queries.lock_request(request_id)
    _check(row, State.WAITING)
    row.answer, row.answered_at, row.answered_by_id = _answer(answer, row.kind == Kind.CORRECT), now, actor.id
    if row.kind == Kind.ERASE:
        _erase(actor, row, now)
    else:
        _end(row, State.DONE, now)
        row.save()
        history.record(actor=actor, fact=RightsAnswered(row.pk, row.state, ""), at=now)
    return row


@transaction.atomic
def refuse_rights(*, actor: Actor, request_id: int, refusal: str, answer: str, now: datetime) -> Request:
    """
    Say no, for a reason that the law allows. refusal: its code. answer: what it means here, for the person to read.

    Raises NotAllowed, RequestUnknown, RequestOver, RequestInvalid.
    """
    access.require(actor, Permission.DECIDE, area_path=EVERYWHERE)
    row = queries.lock_request(request_id)
    _check(row, State.WAITING)
    if refusal not in refusals():
        raise RequestInvalid(_("请选择不同意的依据"), {"refusal": _("请选择不同意的依据")})
    row.answer, row.answered_at, row.answered_by_id, row.refusal = _answer(answer, True), now, actor.id, refusal
    _end(row, State.REFUSED, now)
    row.save()
    history.record(actor=actor, fact=RightsAnswered(row.pk, row.state, refusal), at=now)
    return row


@transaction.atomic
def go_on_erasing(*, actor: Actor, request_id: int, now: datetime) -> bool:
    """Erase what has come to its end since a request was agreed to; return whether all is done now."""
    row = queries.lock_request(request_id)
    if row.state == State.GOING:
        _erase(actor, row, now)
    return row.state == State.DONE


@transaction.atomic
def note_own_data_taken(*, actor: Actor, asker: Asker, form: str, now: datetime) -> None:
    """Record that somebody took what is held about them along. form: "json" or "xlsx"."""
    history.record(actor=actor, fact=OwnDataTaken(asker.account_id or 0, form), at=now)


@transaction.atomic
def change_privacy_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule for requests, or who is named in notices. value: of the shape of the shipped one.

    Raises NotAllowed, NotFound, Invalid.
    """
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if change := queries.SETTINGS.change(key, value, _fits(key)):
        queries.RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=PrivacySettingChanged(change.row.pk, key, told), at=now)


def _fits(key: str) -> Callable[[Any, Any], bool]:
    """Return what a value of that setting must be: a limit as officials write one, or a short text."""
    if key in queries.TEXTS:
        return lambda given, _like: 2 <= len(given.strip()) <= TEXT_LENGTH_MAX and "\x00" not in given
    return lambda given, _like: bool(Limit.parse(given))


@wall.opened("what is erased is the person's who asked for it, wherever it lies")
def _erase(actor: Actor, row: Request, now: datetime) -> None:
    """Have every part of the request erased, then the history; the account only when nothing else is waited for."""
    asker, outcome, done = queries.asker_of(row), dict(row.outcome), []
    holders = {holder.code: holder for holder in HOLDERS}
    for code in queries.ordered(row.parts):
        before = outcome.get(code, {})
        if code == ACCOUNT and any(each["later"] for part, each in outcome.items() if part != ACCOUNT):
            outcome[code] = {"erased": 0, "later": 1, "kept": 0}
            continue
        found = holders[code].erase(actor=actor, asker=asker, now=now)
        done.append(found)
        erased = before.get("erased", 0) + found.erased
        outcome[code] = {"erased": erased, "later": found.later, "kept": found.kept}
    entries = _forget(actor, asker, done, now)
    row.outcome = outcome
    total = {key: sum(each[key] for each in outcome.values()) for key in ("erased", "later", "kept")}
    if total["later"]:
        row.state = State.GOING
    else:
        _end(row, State.DONE, now)
    row.save()
    history.record(actor=actor, fact=RightsAnswered(row.pk, row.state, "", **total, entries=entries), at=now)


def _forget(actor: Actor, asker: Asker, done: Sequence[Erased], now: datetime) -> int:
    """Have the history forget what was erased, and return how many entries of it."""
    wanted = erasing.Forgetting(
        account_id=asker.account_id,
        subjects=tuple(subject for each in done for subject in each.subjects),
        hidden=tuple(text for each in done for text in each.hidden if len(text) > 1),
        everywhere=any(each.everywhere for each in done),
    )
    entries = 0
    for _batch in range(_HISTORY_BATCHES_MAX):
        erased = erasing.forget(actor=actor, wanted=wanted, told=EntryErased, now=now)
        entries += erased
        if not erased:
            break
    return entries


def _check(row: Request, state: State) -> None:
    if row.state != state:
        raise RequestOver(_("这个请求已经是“%(state)s”") % {"state": State(row.state).label})


def _end(row: Request, state: State, now: datetime) -> None:
    """End a request: what was to be corrected need not be kept any longer."""
    row.state, row.ended_at = state, now
    if state in (State.DONE, State.WITHDRAWN):
        row.words = ""


def _answer(answer: str, is_needed: bool) -> str:
    answer = answer.strip()
    if (is_needed and len(answer) < 2) or len(answer) > ANSWER_LENGTH_MAX or "\x00" in answer:
        raise RequestInvalid(_("请写明答复"), {"answer": _("请写明答复")})
    return answer


@transaction.atomic
def erase_own_account(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """Close the asker's account for good. Raises what `people.actions.erase_account` raises."""
    if asker.account_id is None:
        return Erased()
    was = erase_account(actor=actor, account_id=asker.account_id, now=now)
    subjects = [("account", asker.account_id), *([("person", was.person_id)] if was.person_id else [])]
    return Erased(1, subjects=tuple(subjects), hidden=was.texts, everywhere=True)
