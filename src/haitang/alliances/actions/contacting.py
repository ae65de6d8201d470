"""Contacts that were made, and what the two sides say of each other at the year's end."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.alliances import policies, queries
from haitang.alliances.actions.linking import check_runs
from haitang.alliances.actions.shared import audience_of, bounded, day_of, number_of, text_of
from haitang.alliances.facts import ContactMade, ContactStruck, YearJudged
from haitang.alliances.lifecycle import Stage
from haitang.alliances.models import Agreement, Contact, Evaluation
from haitang.alliances.queries import rules
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    ROWS_MAX,
    WORDS_LENGTH_MAX,
    AlreadyJudged,
    BadWords,
    NewContact,
    NewEvaluation,
    NotAgreed,
    OutsideWindow,
)
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing


def make_contact(*, actor: Actor, new: NewContact, side: str, now: datetime) -> Contact:
    """Take down that the two were in contact. Raises as `make_contacts`."""
    return make_contacts(actor=actor, news=[new], side=side, now=now)[0]


@transaction.atomic
def make_contacts(*, actor: Actor, news: Sequence[NewContact], side: str, now: datetime) -> list[Contact]:
    """
    Take many contacts down, with a few statements for all.

    Raises LinkNotFound, OtherSide, LinkHasEnded, BadWords (a day to come, no such duty, nothing said): then none is.
    """
    bounded(news)
    links = queries.lock_links(new.link_id for new in news)
    known, today = rules(), local_date(now)
    rows = []
    for new in news:
        link = links[new.link_id]
        policies.check_may_see_link(actor, link)
        policies.check_side(actor, link, side)
        day_of(new.on, "on", today, past=True)
        check_runs(link, new.on)
        if new.duty and known.duty(new.duty) is None:
            raise BadWords(_("没有这项责任"), {"duty": _("没有这项责任")})
        rows.append(
            Contact(
                link=link, on=new.on, side=side, duty=new.duty, entered_at=now, entered_by_id=actor.id,
                who=text_of(new.who, "who", LINE_LENGTH_MAX, missing=_("请写明谁参加了")),
                what=text_of(new.what, "what", WORDS_LENGTH_MAX, missing=_("请写明做了什么")),
            )
        )  # fmt: skip
    Contact.objects.bulk_create(rows)
    history.record_each(
        actor=actor, at=now,
        facts=[
            (ContactMade(row.link_id, row.pk, row.on.isoformat(), side, row.what), audience_of(row.link))
            for row in rows
        ],
    )  # fmt: skip
    return rows


@transaction.atomic
def strike_contact(*, actor: Actor, contact_id: int, reason: str, now: datetime) -> Contact:
    """
    Strike a contact out that was entered by mistake; only the side that entered it may. It counts nowhere any more.

    Raises ContactNotFound, LinkNotFound, OtherSide, BadWords (no reason).
    """
    row = queries.lock_contact(contact_id)
    policies.check_may_see_link(actor, row.link)
    policies.check_side(actor, row.link, row.side)
    reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    row.struck_at = now
    row.save(update_fields=["struck_at"])
    fact = ContactStruck(row.link_id, row.pk, reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row.link))
    return row


def judge_year(*, actor: Actor, new: NewEvaluation, now: datetime) -> Evaluation:
    """Say for one side what the other was like in a year, once. Raises as `judge_years`."""
    return judge_years(actor=actor, news=[new], now=now)[0]


@transaction.atomic
def judge_years(*, actor: Actor, news: Sequence[NewEvaluation], now: datetime) -> list[Evaluation]:
    """
    Say for one side of each of many agreements what the other was like, with a few statements for all.

    It is about offices and about no person, and neither side sees the other's word before its own is given.
    Raises AgreementNotFound, OtherSide, NotAgreed, OutsideWindow, AlreadyJudged, BadWords (a criterion without points
    or with too many): then nothing is said.
    """
    if len(news) > ROWS_MAX or max(Counter((new.agreement_id, new.side) for new in news).values(), default=0) > 1:
        raise BadWords(_("一次最多 %(n)d 条，每方每年一次") % {"n": ROWS_MAX})
    agreements = queries.lock_agreements(new.agreement_id for new in news)
    rows = [_judged(actor, agreements[new.agreement_id], new, now) for new in news]
    with refusing({"alliances_evaluation_once": AlreadyJudged(_("贵方已经考评过这一年"))}):
        Evaluation.objects.bulk_create(rows)
    history.record_each(
        actor=actor, at=now,
        facts=[
            (
                YearJudged(row.agreement.link_id, row.agreement.year, row.side, row.given, row.of),
                audience_of(row.agreement.link),
            )
            for row in rows
        ],
    )  # fmt: skip
    return rows


def _judged(actor: Actor, row: Agreement, new: NewEvaluation, now: datetime) -> Evaluation:
    policies.check_may_see_link(actor, row.link)
    policies.check_side(actor, row.link, new.side)
    if row.stage != Stage.AGREED:
        raise NotAgreed(_("协议尚未签订，不能考评"))
    first, last = rules().window(row.year)
    if not first <= local_date(now) <= last:
        raise OutsideWindow(
            _("%(year)d 年的考评时间为 %(first)s 至 %(last)s") % {"year": row.year, "first": first, "last": last}
        )
    criteria = rules().criteria_of(new.side)
    if not criteria or set(new.marks) != {line.code for line in criteria}:
        raise BadWords(_("请为每一项打分"), {line.code: _("请为每一项打分") for line in criteria})
    marks: list[dict[str, Any]] = [
        {
            "code": line.code, "name": line.name, "of": line.points,
            "given": number_of(new.marks[line.code], line.code, 0, line.points),
        }
        for line in criteria
    ]  # fmt: skip
    return Evaluation(
        agreement=row, side=new.side, marks=marks, given=sum(each["given"] for each in marks),
        of=sum(line.points for line in criteria), words=text_of(new.words, "words", WORDS_LENGTH_MAX), at=now,
        by_id=actor.id,
    )  # fmt: skip
