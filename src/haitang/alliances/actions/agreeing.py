"""A year's agreement: drawn up by one side, said yes to by the other. Links are locked before agreements, by id."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.alliances import policies, queries
from haitang.alliances.actions.linking import check_runs
from haitang.alliances.actions.shared import audience_of, number_of, text_of
from haitang.alliances.facts import DutiesAgreed, DutiesProposed, DutiesReturned
from haitang.alliances.lifecycle import Stage
from haitang.alliances.models import AgreedDuty, Agreement, Link
from haitang.alliances.queries import LineRef, rules
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    ROWS_MAX,
    TIMES_MAX,
    WORDS_LENGTH_MAX,
    YEARS,
    BadWords,
    DutiesChanged,
    Kind,
    NewAgreement,
    NewDuty,
    NotYourTurn,
    Side,
)
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date


def propose_agreement(
    *, actor: Actor, new: NewAgreement, side: str, now: datetime, version: int | None = None
) -> Agreement:
    """
    Draw the year's agreement of a link up, or change it before both have said yes: this side's yes, the other is asked.

    version: of the agreement as it was read, None for a first one. Raises as `propose_agreements`.
    """
    return propose_agreements(actor=actor, news=[new], side=side, now=now, version=version)[0]


@transaction.atomic
def propose_agreements(
    *, actor: Actor, news: Sequence[NewAgreement], side: str, now: datetime, version: int | None = None
) -> list[Agreement]:
    """
    Draw many agreements up with a few statements for all; in the order of the links.

    Raises LinkNotFound, OtherSide, LinkHasEnded, NotYourTurn (both have said yes), DutiesChanged (another version than
    the one read), BadWords (no duty, unknown or twice; numbers and texts that cannot stand): then none is drawn up.
    """
    if len(news) > ROWS_MAX or len({(new.link_id, new.year) for new in news}) < len(news):
        raise BadWords(_("一次最多 %(n)d 条，每个结对每年一份") % {"n": ROWS_MAX})
    links = queries.lock_links(new.link_id for new in news)
    known = queries.find_agreements((new.link_id, new.year) for new in news)
    catalogue = rules().of(Kind.DUTY)
    rows: list[Agreement] = []
    duties: list[AgreedDuty] = []
    for new in sorted(news, key=lambda each: (each.link_id, each.year)):
        row = _drawn_up(links[new.link_id], known.get((new.link_id, new.year)), new, actor, side, now, version)
        rows.append(row)
        duties += _duties(row, new.duties, catalogue)
    old = [row for row in rows if row.pk]
    Agreement.objects.bulk_create(row for row in rows if not row.pk)
    Agreement.objects.bulk_update(
        old, ["stage", "version", "proposed_by", "proposed_at", "community_at", "unit_at", "words", "reason"]
    )
    AgreedDuty.objects.filter(agreement__in=[row.pk for row in old]).delete()
    AgreedDuty.objects.bulk_create(duties)
    counted = Counter(each.agreement_id for each in duties)
    history.record_each(
        actor=actor, at=now,
        facts=[
            (DutiesProposed(row.link_id, row.year, side, row.version, counted[row.pk]), audience_of(row.link))
            for row in rows
        ],
    )  # fmt: skip
    return rows


def _drawn_up(
    link: Link, row: Agreement | None, new: NewAgreement, actor: Actor, side: str, now: datetime, version: int | None
) -> Agreement:
    policies.check_may_see_link(actor, link)
    policies.check_side(actor, link, side)
    check_runs(link, local_date(now))
    number_of(new.year, "year", *YEARS)
    if abs(new.year - local_date(now).year) > 1:
        raise BadWords(_("只能拟定上年、本年和下年的协议"), {"year": _("只能拟定上年、本年和下年的协议")})
    words = text_of(new.words, "words", WORDS_LENGTH_MAX)
    if row is None:
        row = Agreement(link=link, year=new.year, version=0)
    elif row.stage == Stage.AGREED:
        raise NotYourTurn(_("双方已经签订，不能再改"))
    elif version is not None and version != row.version:
        raise DutiesChanged(_("协议刚刚被改过，请看过新内容再定"))
    row.link, row.stage, row.version, row.words, row.reason = link, Stage.PROPOSED, row.version + 1, words, ""
    row.proposed_by, row.proposed_at = side, now
    row.community_at = now if side == Side.COMMUNITY else None
    row.unit_at = now if side == Side.UNIT else None
    return row


def _duties(row: Agreement, given: Sequence[NewDuty], catalogue: Sequence[LineRef]) -> list[AgreedDuty]:
    if not given:
        given = [NewDuty(line.code, line.times) for line in catalogue]
    by_code = {line.code: line for line in catalogue}
    if not given or len({each.code for each in given}) < len(given) or any(each.code not in by_code for each in given):
        raise BadWords(_("请至少选一项责任，每项一次"), {"duties": _("请至少选一项责任，每项一次")})
    return [
        AgreedDuty(
            agreement=row, code=line.code, group=line.group, name=line.name, owed=line.owed,
            times=number_of(each.times, f"times_{line.code}", 0, TIMES_MAX),
            goal=text_of(each.goal, f"goal_{line.code}", LINE_LENGTH_MAX),
        )
        for each in given if (line := by_code[each.code])
    ]  # fmt: skip


def agree_year(*, actor: Actor, agreement_id: int, side: str, version: int | None, now: datetime) -> Agreement:
    """
    Say yes for the side that is asked, to the agreement as it was read; with that it holds.

    Raises as `agree_years`, and DutiesChanged where it is not of that version any more.
    """
    return agree_years(actor=actor, agreement_ids=[agreement_id], side=side, now=now, version=version)[0]


@transaction.atomic
def agree_years(
    *, actor: Actor, agreement_ids: Sequence[int], side: str, now: datetime, version: int | None = None
) -> list[Agreement]:
    """
    Say yes for one side to many agreements that wait for it, with a few statements for all.

    Raises AgreementNotFound, OtherSide, LinkHasEnded, NotYourTurn, DutiesChanged: then none is said yes to.
    """
    rows = list(queries.lock_agreements(agreement_ids).values())
    for row in rows:
        _check_asked(actor, row, side, now, version)
        row.stage = Stage.AGREED
        row.community_at, row.unit_at = row.community_at or now, row.unit_at or now
    Agreement.objects.bulk_update(rows, ["stage", "community_at", "unit_at"])
    history.record_each(
        actor=actor, at=now,
        facts=[(DutiesAgreed(row.link_id, row.year, side), audience_of(row.link)) for row in rows],
    )  # fmt: skip
    return rows


@transaction.atomic
def return_agreement(
    *, actor: Actor, agreement_id: int, side: str, reason: str, now: datetime, version: int | None = None
) -> Agreement:
    """
    Send the agreement back to the side that drew it up, with a reason; either may draw it up anew.

    Raises AgreementNotFound, OtherSide, LinkHasEnded, NotYourTurn, DutiesChanged, BadWords (no reason).
    """
    (row,) = queries.lock_agreements([agreement_id]).values()
    _check_asked(actor, row, side, now, version)
    row.reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明退回的理由"))
    row.stage = Stage.RETURNED
    row.save(update_fields=["stage", "reason"])
    fact = DutiesReturned(row.link_id, row.year, side, row.reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row.link))
    return row


def _check_asked(actor: Actor, row: Agreement, side: str, now: datetime, version: int | None) -> None:
    policies.check_may_see_link(actor, row.link)
    policies.check_side(actor, row.link, side)
    check_runs(row.link, local_date(now))
    if row.stage != Stage.PROPOSED or row.waits_for != side:
        raise NotYourTurn(_("协议当前为“%(stage)s”，现在不等这一方确认") % {"stage": Stage(row.stage).label})
    if version is not None and version != row.version:
        raise DutiesChanged(_("协议刚刚被改过，请看过新内容再定"))
