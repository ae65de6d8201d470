"""Proposals handed in by residents or entered for them, changed, joined, taken back."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from math import isfinite

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, files, history, limits
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Conflict, Invalid, Refusal
from haitang.core.photos import clean_photo
from haitang.people.values import normalize_phone
from haitang.rounds import policies, queries
from haitang.rounds.actions.shared import ANONYMOUS, check_phase, public_text_of, recorded_as, refuse, text_of, told
from haitang.rounds.facts import ProposalChanged, ProposalHandedIn, ProposalJoined, ProposalWithdrawn
from haitang.rounds.lifecycle import LIVE, MERGEABLE, PUBLIC, Deed, Status, check_move
from haitang.rounds.models import NAME, PHONE, CoProposer, MergerPart, Pot, Proposal, ProposalPhoto
from haitang.rounds.values import (
    AMOUNT_MAX,
    CO_PROPOSERS_MAX,
    NAME_LENGTH_MAX,
    PHOTOS_MAX,
    PLACE_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    AlreadyJoined,
    AlreadyMerging,
    BadProposal,
    Channel,
    NewProposal,
    Permission,
    Task,
)
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

_DAY_S = 86_400
_CHANGED = (
    "title", "words", "category", "area_id", "area_ids", "district", "place", "lon", "lat", "cost_fen", "name_sealed",
    "phone_sealed",
)  # fmt: skip


def hand_in_proposal(*, actor: Actor, new: NewProposal, now: datetime) -> Proposal:
    """
    Propose a micro-project as a resident.

    Raises NotSignedIn, NotInPhase, BadProposal (its `fields` say where), TooMany, RoundNotFound.
    """
    account_id = policies.check_signed_in(actor)
    key = f"rounds.propose:{account_id}"
    limits.hit(key, limit=queries.rules()["proposals_a_day"], window_s=_DAY_S, now=now)
    try:
        return _hand_in(actor, [new], Task.PROPOSE, Channel.ONLINE, account_id, now)[0]
    except Refusal:
        limits.give_back(key)
        raise


def enter_proposal(*, actor: Actor, new: NewProposal, channel: str, now: datetime) -> Proposal:
    """
    Enter a proposal that came on paper or by telephone, for its author.

    Raises NotAllowed (no ENTER over the pot's area), NotInPhase, BadProposal, RoundNotFound.
    """
    return enter_proposals(actor=actor, news=[new], channel=channel, now=now)[0]


def enter_proposals(*, actor: Actor, news: Sequence[NewProposal], channel: str, now: datetime) -> list[Proposal]:
    """Enter what came for one pot with a few statements for all, all or none. Raises as `enter_proposal`."""
    if channel not in (Channel.PAPER, Channel.PHONE):
        raise BadProposal(_("请选择来源"), {"channel": _("请选择来源")})
    if len({each.pot_id for each in news}) != 1:
        raise BadProposal(_("请选择资金"), {"pot": _("请选择资金")})
    return _hand_in(actor, news, Task.ENTER, channel, None, now)


@transaction.atomic
def _hand_in(
    actor: Actor, news: Sequence[NewProposal], task: Task, channel: str, account_id: int | None, now: datetime
) -> list[Proposal]:  # fmt: skip
    round_ = queries.lock_round(queries.round_of_pot(news[0].pot_id))
    pot = queries.lock_pot(news[0].pot_id)
    if account_id is None:
        policies.check_may(actor, Permission.ENTER, pot)
    check_phase(round_, task, now)
    rows = [_built(new, pot) for new in news]
    for row in rows:
        round_.numbers += 1
        row.round, row.number, row.channel, row.account_id = round_, round_.numbers, channel, account_id
        row.entered_by_id = actor.id if account_id is None else None
        row.handed_in_at, row.status = now, Status.HANDED_IN
    round_.save(update_fields=["numbers"])
    Proposal.objects.bulk_create(rows)
    CoProposer.objects.bulk_create(chain.from_iterable(map(_names, rows, news)))
    facts = [ProposalHandedIn(row.pk, row.title, row.channel) for row in rows]
    history.record_many(actor=recorded_as(actor, rows[0]), facts=facts, at=now, audience=told(pot))
    return rows


def _built(new: NewProposal, pot: Pot) -> Proposal:
    """Return the proposal as it would be written. Raises BadProposal with the first fault of a text, else with all."""
    title = public_text_of(new.title, "title", BadProposal, TITLE_LENGTH_MAX, missing=_("请写项目名称"))
    words = public_text_of(new.words, "words", BadProposal, missing=_("请写一写做什么、为什么"))
    place = public_text_of(new.place, "place", BadProposal, PLACE_LENGTH_MAX)
    name = text_of(new.name, "name", BadProposal, NAME_LENGTH_MAX, missing=_("请填写姓名"))
    try:
        phone = normalize_phone(new.phone)
    except Invalid as wrong:
        raise BadProposal(wrong.message, {"phone": wrong.message}) from wrong
    area = territory().get(new.area_id)
    refuse(BadProposal, _faults(new, pot, area, phone))
    if area is None:
        raise AssertionError("_faults refuses what lies nowhere")
    return Proposal(
        pot=pot, title=title, words=words, category=new.category, area_id=area.id, area_ids=list(area.ids),
        district=_district(area, pot), place=place, lon=new.lon, lat=new.lat, cost_fen=new.cost_fen,
        name_sealed=crypto.seal(name, NAME), phone_sealed=crypto.seal(phone, PHONE),
    )  # fmt: skip


def _faults(new: NewProposal, pot: Pot, area: AreaRef | None, phone: str) -> dict[str, str]:
    faults = {}
    if not phone:
        faults["phone"] = _("请填写电话，方便告诉您结果")
    if new.category not in queries.rules()["categories"]:
        faults["category"] = _("请选择类别")
    if area is None or not area.open or not area.path.startswith(pot.area_path):
        faults["area"] = _("请选择这笔资金所在区域里的社区或网格")
    if not 0 < new.cost_fen <= min(pot.budget_fen, AMOUNT_MAX):
        faults["cost"] = _("造价应大于零，且不超过这笔资金的总额")
    point = [each for each in (new.lon, new.lat) if each is not None and isfinite(each)]
    if len(point) not in (0, 2) or (point and not (abs(point[0]) <= 180 and abs(point[1]) <= 90)):
        faults["lon"] = _("经纬度不正确")
    if len(new.co_proposers) > CO_PROPOSERS_MAX or any(len(each) > NAME_LENGTH_MAX for each in new.co_proposers):
        faults["co_proposers"] = _("联名人最多 %(n)d 位") % {"n": CO_PROPOSERS_MAX}
    return faults


def _district(area: AreaRef, pot: Pot) -> str:
    """Return the name of the area just below the pot's in which it lies; "" where it lies in the pot's own."""
    depth = len(pot.area_ids)
    return territory().area(area.ids[depth]).name if len(area.ids) > depth else ""


def _write_names(row: Proposal, new: NewProposal) -> None:
    row.co_proposers.filter(account_id=None).delete()
    CoProposer.objects.bulk_create(_names(row, new))


def _names(row: Proposal, new: NewProposal) -> list[CoProposer]:
    named = [each.strip() for each in new.co_proposers if each.strip()]
    return [CoProposer(proposal=row, name_sealed=crypto.seal(each, NAME)) for each in named]


@transaction.atomic
def rewrite_proposal(*, actor: Actor, proposal_id: int, new: NewProposal, now: datetime) -> Proposal:
    """
    Change a proposal that has not been checked: its author, or staff for whoever has none. The pot stays.

    Raises ProposalNotFound, NotAllowed, WrongProposalState, NotInPhase, BadProposal.
    """
    row = queries.lock_proposal(proposal_id)
    _check_speaks_for(actor, row)
    check_move(row.status, Deed.CHANGE)
    check_phase(row.round, Task.PROPOSE if policies.is_author(actor, row) else Task.ENTER, now)
    built = _built(new, row.pot)
    for name in _CHANGED:
        setattr(row, name, getattr(built, name))
    row.save(update_fields=_CHANGED)
    _write_names(row, new)
    history.record(actor=recorded_as(actor, row), fact=ProposalChanged(row.pk, row.title), at=now, audience=told(row))
    return row


def _check_speaks_for(actor: Actor, row: Proposal) -> None:
    """The author speaks for a proposal; for one without an account, who enters proposals there."""
    if policies.is_author(actor, row):
        return
    policies.check_may_with(actor, Permission.ENTER, row)
    if row.account_id is not None:
        policies.check_author(actor, row)


@transaction.atomic
def join_proposal(*, actor: Actor, proposal_id: int, joins: bool = True, now: datetime) -> Proposal:
    """
    Stand behind a proposal with its author, or no longer.

    Raises NotSignedIn, ProposalNotFound, NotInPhase, AlreadyJoined (also to the author).
    """
    account_id = policies.check_signed_in(actor)
    row = queries.lock_proposal(proposal_id)
    if row.status not in PUBLIC or row.status == Status.MERGED:
        policies.check_author(actor, row)
    check_phase(row.round, Task.JOIN, now)
    if policies.is_author(actor, row):
        raise AlreadyJoined(_("这是您自己的提案"))
    if not joins:
        row.co_proposers.filter(account_id=account_id).delete()
    else:
        with refusing({"rounds_joins_once": AlreadyJoined(_("您已经联名"))}):
            CoProposer.objects.create(proposal=row, account_id=account_id)
    # Who stands behind a proposal is not kept beyond the row: the history knows how many.
    fact = ProposalJoined(row.pk, row.co_proposers.count())
    history.record(actor=ANONYMOUS, fact=fact, at=now, audience=told(row))
    return row


@transaction.atomic
def withdraw_proposal(*, actor: Actor, proposal_id: int, reason: str, now: datetime) -> Proposal:
    """
    Take a proposal back before its ballot is made; one that belongs to a merger has to leave it first.

    Raises ProposalNotFound, NotAllowed, WrongProposalState, AlreadyMerging, BadProposal.
    """
    row = queries.lock_proposal(proposal_id)
    _check_speaks_for(actor, row)
    row.status = check_move(row.status, Deed.WITHDRAW)
    if MergerPart.objects.filter(proposal=row, is_live=True, merger__status__in=LIVE).exists():
        raise AlreadyMerging(_("这个提案正在合并或已经并入了别的提案，请先取消合并"))
    row.reason = text_of(reason, "reason", BadProposal, missing=_("请写明原因"))
    row.save(update_fields=["status", "reason"])
    history.record(
        actor=recorded_as(actor, row), fact=ProposalWithdrawn(row.pk, row.reason), at=now, audience=told(row)
    )
    return row


def add_proposal_photo(*, actor: Actor, proposal_id: int, data: bytes, now: datetime) -> ProposalPhoto:
    """
    Add a photo to a proposal, written anew without metadata; the same one twice is one.

    data: what was uploaded. Raises ProposalNotFound, NotAllowed, PhotoRefused, WrongProposalState, Conflict (too many).
    """
    digest = files.store(clean_photo(data).data)
    with transaction.atomic():
        row = queries.lock_proposal(proposal_id)
        _check_speaks_for(actor, row)
        if row.status not in MERGEABLE:
            check_move(row.status, Deed.CHANGE)
        photo = ProposalPhoto.objects.filter(proposal=row, digest=digest).first()
        if photo is None:
            if row.photos.count() >= PHOTOS_MAX:
                raise Conflict(_("最多 %(n)d 张照片") % {"n": PHOTOS_MAX})
            photo = ProposalPhoto.objects.create(proposal=row, digest=digest)
            history.record(
                actor=recorded_as(actor, row), fact=ProposalChanged(row.pk, row.title), at=now, audience=told(row)
            )
    files.claim(digest)
    return photo
