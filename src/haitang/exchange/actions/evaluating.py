"""What the two sides say of each other, after the delivery."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.scoping import path_of
from haitang.exchange import policies, queries
from haitang.exchange.actions.entering import audience_of, number_of, text_of
from haitang.exchange.facts import AgreementEvaluated
from haitang.exchange.lifecycle import AgreementDeed, check_agreement_deed
from haitang.exchange.models import Evaluation
from haitang.exchange.values import STARS_MAX, WORDS_LENGTH_MAX, AlreadyEvaluated, Side


@transaction.atomic
def evaluate_agreement(
    *, actor: Actor, agreement_id: int, side: str, stars: int, now: datetime, words: str = ""
) -> Evaluation:
    """
    Say for one side what the other was like, once: the community of the unit, the unit of the community.

    stars: 1 to 5. It is about offices and about no person.
    Raises AgreementUnknown, NotAllowed, WrongState (not delivered), AlreadyEvaluated, BadEntry.
    """
    row = queries.lock_agreement(agreement_id)
    policies.check_may_see_agreement(actor, row)
    policies.check_side(actor, row.organization_id, path_of(row.area_ids), side)
    check_agreement_deed(row.stage, AgreementDeed.EVALUATE)
    stars = number_of(stars, "stars", 1, STARS_MAX)
    words = text_of(words, "words", WORDS_LENGTH_MAX)
    with refusing({"exchange_evaluation_once": AlreadyEvaluated(_("贵方已评价过这张对接单"))}):
        made = Evaluation.objects.create(agreement=row, side=side, stars=stars, words=words, at=now, by_id=actor.id)
    about = row.organization_id if side == Side.COMMUNITY else row.community_id
    fact = AgreementEvaluated(row.pk, side, stars, words, about)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    return made
