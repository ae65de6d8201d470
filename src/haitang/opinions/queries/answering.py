"""What one who takes part sees: the next statement, how far they are, what they answered, what they wrote."""

from dataclasses import dataclass
from hashlib import sha256
from math import log

from haitang.core.access import Actor
from haitang.opinions import policies
from haitang.opinions.lifecycle import StatementStatus
from haitang.opinions.models import Conversation, Landscape, Statement, Vote
from haitang.opinions.queries.participants import participant_of
from haitang.opinions.queries.rules import rules


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A statement and what one said of it."""

    statement: Statement
    answer: int


@dataclass(frozen=True, slots=True)
class OwnPart:
    """Somebody's part in a conversation. next: to be answered now, None where all are. answers: the given ones.

    said: their own statements. may_say: how many more. group: theirs, None in none.
    """

    next: Statement | None
    total: int
    answers: tuple[OwnAnswer, ...]
    said: tuple[Statement, ...]
    may_say: int
    group: int | None
    sees_groups: bool

    @property
    def done(self) -> int:
        """Return how many statements are answered."""
        return len(self.answers)


def get_own_part(*, viewer: Actor, conversation: Conversation) -> OwnPart:
    """Return the viewer's part in an open conversation. Raises NotSignedIn."""
    participant = participant_of(policies.check_signed_in(viewer), conversation)
    accepted = list(conversation.statements.filter(status=StatementStatus.ACCEPTED).order_by("pk"))
    given = dict(Vote.objects.filter(participant=participant).values_list("statement_id", "answer"))
    landscape = Landscape.objects.filter(conversation=conversation).first()
    standing = conversation.standings.filter(participant=participant, group__gte=0).first() if participant else None
    said = tuple(conversation.statements.filter(participant=participant).order_by("pk")) if participant else ()
    left = [each for each in accepted if each.pk not in given]
    answers = tuple(OwnAnswer(each, given[each.pk]) for each in accepted if each.pk in given)
    return OwnPart(
        _first(left, landscape, participant), len(accepted), answers, said,
        max(rules()["statements_each"] - len(said), 0), standing.group if standing else None,
        has_answered_enough(len(answers), len(accepted)),
    )  # fmt: skip


def has_answered_enough(answered: int, statements: int) -> bool:
    """Tell whether so many answers entitle to see what others think: first one's own mind, then theirs."""
    return answered >= min(rules()["votes_min"], statements) > 0


def _first(left: list[Statement], landscape: Landscape | None, participant: str) -> Statement | None:
    """Return the statement to be asked about: by chance, the more important the likelier; the same until answered.

    Source: Polis; P. S. Efraimidis, P. G. Spirakis
    """
    if not left:
        return None
    known = {each["id"]: each["priority"] for each in landscape.found["statements"]} if landscape else {}
    most = max(known.values(), default=1.0) or 1.0

    def draw(statement: Statement) -> tuple[float, int]:
        digest = sha256(f"{participant}:{statement.pk}".encode()).digest()
        chance = (int.from_bytes(digest[:6], "big") + 1) / (2**48 + 1)
        return log(chance) / max(known.get(statement.pk, most), 1e-9), -statement.pk

    return max(left, key=draw)
