"""Draws by lot: announced with the digest of a seed, the list closed and published, drawn so that anybody can again."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.councils import policies, queries
from haitang.councils.actions.shared import ANONYMOUS, bounded, kept, public_text_of, tell, text_of
from haitang.councils.facts import (
    CandidateAnswered,
    DrawAnnounced,
    DrawCandidateStruck,
    DrawListEntered,
    DrawListFrozen,
    DrawsErased,
    LotsDrawn,
)
from haitang.councils.lifecycle import CandidateStatus, DrawStatus
from haitang.councils.models import CANDIDATE, SEED, Draw, DrawCandidate
from haitang.councils.values import (
    CANDIDATES_MAX,
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    AgeBand,
    BadEntry,
    Candidate,
    EnteredAlready,
    NewCandidate,
    WrongDrawState,
    commitment_of,
    digest_of,
    draw,
    key_of,
    successor,
)
from haitang.people.actions import send_notices

DRAWN = gettext_noop("您在“{title}”中被抽中，请确认是否参加")
_SEED_BYTES, _SEATS_MAX = 16, 500


@transaction.atomic
def announce_draw(
    *, actor: Actor, council_id: int, title: str, seats: int, now: datetime, by_area: bool = False,
    by_age: bool = False,
) -> Draw:  # fmt: skip
    """
    Announce a draw: its seed is made now and kept sealed, its digest is public before anybody is on the list.

    by_area, by_age: whether seats are spread over estates and age bands, as far as people have given them.
    Raises CouncilNotFound, NotAllowed, CouncilHasEnded, BadEntry.
    """
    council = kept(actor, queries.get_council(council_id), local_date(now))
    if not 1 <= seats <= _SEATS_MAX:
        wrong = _("抽选人数应为 1 至 %(n)d") % {"n": _SEATS_MAX}
        raise BadEntry(wrong, {"seats": wrong})
    seed = secrets.token_hex(_SEED_BYTES)
    row = Draw.objects.create(
        council=council, seats=seats, by_area=by_area, by_age=by_age, commitment=commitment_of(seed),
        seed_sealed=crypto.seal(seed, SEED), begun_at=now,
        title=public_text_of(title, "title", TITLE_LENGTH_MAX, missing=_("请填写名称")),
    )  # fmt: skip
    tell(actor, [(council, DrawAnnounced(row.pk, council.pk, row.commitment))], now)
    return row


@transaction.atomic
def enter_candidates(
    *, actor: Actor, draw_id: int, news: Sequence[NewCandidate], now: datetime
) -> list[DrawCandidate]:  # fmt: skip
    """
    Put people on the list, each under the next number, with one statement for all.

    Takes CONVENE. Raises DrawNotFound, NotAllowed, WrongDrawState (the list is closed), EnteredAlready, BadEntry.
    """
    bounded(news)
    row = _lock(actor, draw_id, DrawStatus.OPEN)
    made = _enter(row, news)
    tell(actor, [(row.council, DrawListEntered(row.pk, len(made)))], now)
    return made


@transaction.atomic
def enter_oneself(
    *, actor: Actor, draw_id: int, now: datetime, area: str = "", age_band: str = "", contact: str = ""
) -> DrawCandidate:  # fmt: skip
    """
    Put oneself on the list; estate and age band only if one wants to give them.

    Raises NotSignedIn, DrawNotFound, WrongDrawState, EnteredAlready, BadEntry.
    """
    account_id = policies.check_signed_in(actor)
    row = queries.lock_draw(draw_id)
    _check(row, DrawStatus.OPEN)
    (made,) = _enter(row, [NewCandidate(actor.name, contact, area, age_band, account_id)])
    tell(ANONYMOUS, [(row.council, DrawListEntered(row.pk, 1))], now)
    return made


@transaction.atomic
def strike_candidate(*, actor: Actor, draw_id: int, number: int, now: datetime) -> None:
    """Take somebody off the list before it is closed: by who keeps the council, or oneself. Raises as `_lock`."""
    row = queries.lock_draw(draw_id)
    found = DrawCandidate.objects.filter(draw=row, number=number).first()
    if found is None or actor.id is None or found.account_id != actor.id:
        policies.check_can_convene(actor, row.council)
    _check(row, DrawStatus.OPEN)
    if found is None:
        raise BadEntry(_("名单上没有这个编号"), {"number": _("名单上没有这个编号")})
    by = ANONYMOUS if found.account_id == actor.id else actor
    found.delete()
    tell(by, [(row.council, DrawCandidateStruck(row.pk, number))], now)


@transaction.atomic
def freeze_draw(*, actor: Actor, draw_id: int, now: datetime) -> Draw:
    """
    Close the list and publish it with its digest; from now on nobody is put on it or taken off.

    Raises DrawNotFound, NotAllowed, WrongDrawState, BadEntry (fewer people than seats).
    """
    row = _lock(actor, draw_id, DrawStatus.OPEN)
    listed = queries.candidates_of(row)
    if len(listed) < row.seats:
        raise BadEntry(_("名单上只有 %(n)d 人，少于抽选人数") % {"n": len(listed)})
    row.status, row.frozen_at, row.list_digest = DrawStatus.FROZEN, now, digest_of(listed)
    row.save(update_fields=["status", "frozen_at", "list_digest"])
    tell(actor, [(row.council, DrawListFrozen(row.pk, len(listed), row.list_digest))], now)
    return row


@transaction.atomic
def draw_lots(*, actor: Actor, draw_id: int, now: datetime, witness: str = "") -> Draw:
    """
    Tell the seed and draw. witness: words or figures that the public gives now, after the list was closed: with them
    nobody, not even who knew the seed, could know the result before.

    Raises DrawNotFound, NotAllowed, WrongDrawState (not closed, or drawn), BadEntry.
    """
    row = _lock(actor, draw_id, DrawStatus.FROZEN)
    row.witness = public_text_of(" ".join(witness.split()), "witness", LINE_LENGTH_MAX)
    row.seed, row.seed_sealed = crypto.open_(row.seed_sealed, SEED), b""
    result = draw(queries.candidates_of(row), row.seats, key_of(row.seed, row.witness))
    candidates = {each.number: each for each in queries.lock_candidates(row.pk)}
    for place, one in enumerate((*result.chosen, *result.reserves), start=1):
        candidates[one.number].place = place
        candidates[one.number].status = CandidateStatus.RESERVE
    for one in result.chosen:
        candidates[one.number].status = CandidateStatus.INVITED
    DrawCandidate.objects.bulk_update(candidates.values(), ["place", "status"])
    row.status, row.drawn_at = DrawStatus.DRAWN, now
    row.save(update_fields=["status", "drawn_at", "seed", "seed_sealed", "witness"])
    tell(actor, [(row.council, LotsDrawn(row.pk, row.seed, row.witness))], now)
    _invite(actor, row, [candidates[one.number] for one in result.chosen], now)
    return row


@transaction.atomic
def answer_draw(
    *, actor: Actor, draw_id: int, number: int, declines: bool, now: datetime
) -> DrawCandidate | None:  # fmt: skip
    """
    Say for somebody drawn whether they take part: by who keeps the council, or oneself.

    Who declines is followed by the first reserve of the same stratum; returns who follows, None for nobody.
    Raises DrawNotFound, NotAllowed, WrongDrawState, BadEntry (not drawn, or has answered).
    """
    row = queries.lock_draw(draw_id)
    rows = {each.number: each for each in queries.lock_candidates(row.pk)}
    found = rows.get(number)
    is_own = found is not None and actor.id is not None and found.account_id == actor.id
    if not is_own:
        policies.check_can_convene(actor, row.council)
    _check(row, DrawStatus.DRAWN)
    if found is None or found.status not in (CandidateStatus.INVITED, CandidateStatus.ACCEPTED):
        raise BadEntry(_("没有抽中这个编号，或已经答复"), {"number": _("没有抽中这个编号，或已经答复")})
    found.status = CandidateStatus.DECLINED if declines else CandidateStatus.ACCEPTED
    found.save(update_fields=["status"])
    fact = CandidateAnswered(row.pk, number, declines)
    tell(ANONYMOUS if is_own else actor, [(row.council, fact)], now)
    if not declines:
        return None
    reserves = sorted(
        (each for each in rows.values() if each.status == CandidateStatus.RESERVE), key=lambda each: each.place or 0
    )
    waiting = [Candidate(each.number, queries.stratum_of(row, each)) for each in reserves]
    follows = successor(queries.stratum_of(row, found), waiting)
    if follows is None:
        return None
    next_one = rows[follows.number]
    next_one.status = CandidateStatus.INVITED
    next_one.save(update_fields=["status"])
    _invite(actor, row, [next_one], now)
    return next_one


@transaction.atomic
def erase_candidates(*, actor: Actor, draw_id: int, now: datetime) -> int:
    """Erase who was behind the numbers of a draw made so many days ago as the settings say; return how many."""
    row = queries.lock_draw(draw_id)
    days = queries.rules().settings["draw_erase_days"]
    if row.drawn_at is None or row.drawn_at > now - timedelta(days=days):
        return 0
    rows = DrawCandidate.objects.filter(draw=row).exclude(who_sealed=b"")
    erased = rows.update(who_sealed=b"", account=None)
    if erased:
        history.record(actor=actor, fact=DrawsErased(row.pk, erased), at=now)
    return erased


def _lock(actor: Actor, draw_id: int, *statuses: DrawStatus) -> Draw:
    row = queries.lock_draw(draw_id)
    policies.check_can_convene(actor, row.council)
    _check(row, *statuses)
    return row


def _check(row: Draw, *statuses: DrawStatus) -> None:
    if row.status not in statuses:
        raise WrongDrawState(_("抽选当前为“%(status)s”") % {"status": DrawStatus(row.status).label})


def _enter(row: Draw, news: Sequence[NewCandidate]) -> list[DrawCandidate]:
    last = row.candidates.aggregate(last=Max("number"))["last"] or 0
    if last + len(news) > CANDIDATES_MAX:
        raise BadEntry(_("名单应有 1 至 %(n)d 人") % {"n": CANDIDATES_MAX})
    rows = []
    for number, new in enumerate(news, start=last + 1):
        if new.age_band not in AgeBand.values:
            raise BadEntry(_("年龄段看不懂：%(text)s") % {"text": new.age_band[:20]}, {"age_band": _("请选择年龄段")})
        name = text_of(new.name, "name", NAME_LENGTH_MAX, missing=_("请填写姓名"))
        contact = text_of(new.contact, "contact", LINE_LENGTH_MAX)
        rows.append(
            DrawCandidate(
                draw=row, number=number, age_band=new.age_band, account_id=new.account_id,
                area_name=public_text_of(" ".join(new.area.split()), "area", NAME_LENGTH_MAX),
                who_sealed=crypto.seal(f"{name}\n{contact}", CANDIDATE),
            )
        )  # fmt: skip
    with refusing({"councils_candidate_once": EnteredAlready(_("您已经在名单上"))}):
        return DrawCandidate.objects.bulk_create(rows)


def _invite(actor: Actor, row: Draw, invited: Sequence[DrawCandidate], now: datetime) -> None:
    send_notices(
        actor=actor, account_ids={each.account_id for each in invited if each.account_id}, key=f"council_draw:{row.pk}",
        text=DRAWN, parts={"title": row.title}, url=reverse("councils:draw", args=[row.pk]),
        subject_type="council_draw", subject_id=row.pk, now=now,
    )  # fmt: skip
