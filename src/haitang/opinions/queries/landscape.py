"""The votes of a conversation, the groups found in them, and how both are shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from haitang.clustering import Opinions, Tally, Votes, find_groups
from haitang.core.access import Actor
from haitang.opinions import policies
from haitang.opinions.lifecycle import StatementStatus, Status
from haitang.opinions.models import Conversation, Landscape, Statement, Vote
from haitang.opinions.queries.answering import get_own_part
from haitang.opinions.queries.rules import clustering_rules, rules
from haitang.opinions.values import ResultsNotShown

_PRINT = """
SELECT count(*), coalesce(bit_xor(hashtextextended(v.participant || ':' || v.statement_id || ':' || v.answer, 0)), 0)
FROM opinions_vote v JOIN opinions_statement s ON s.id = v.statement_id
WHERE s.conversation_id = %s AND s.status = %s
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What came out of the votes of a conversation. group: by number, -1 for none. found: as it is stored."""

    people: int
    votes: int
    found: dict[str, Any]
    group: dict[str, int]


@dataclass(frozen=True, slots=True)
class Share:
    """How many percent of those who answered agree, disagree, pass; None where too few did."""

    agree: int | None
    disagree: int | None
    passed: int | None
    seen: int


@dataclass(frozen=True, slots=True)
class Line:
    """A statement in the results. agrees: whether it stands there for being agreed with. groups: the largest first."""

    words: str
    agrees: bool
    everybody: Share
    groups: tuple[Share, ...]
    own: Share | None = None
    """Of the group that it tells of."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group in the results. number: from 1, the largest first. x, y: where it lies on the picture."""

    number: int
    people: int
    x: float
    y: float
    telling: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What is shown of a conversation. groups: none where people do not fall apart, or too few take part."""

    people: int
    votes: int
    enough: bool
    people_min: int
    groups: tuple[GroupView, ...]
    consensus: tuple[Line, ...]
    bridges: tuple[Line, ...]
    lines: tuple[Line, ...]
    outside: int
    landscape: Landscape | None


def print_of(conversation_id: int) -> str:
    """Return what is the same as long as no vote has come, gone or changed; it tells nothing of any of them."""
    with connection.cursor() as cursor:
        cursor.execute(_PRINT, [conversation_id, StatementStatus.ACCEPTED])
        count, mixed = cursor.fetchone()
    return f"{count}:{mixed}"


def find(conversation_id: int) -> Found:
    """Return the groups of a conversation, worked out from its votes."""
    statements = Statement.objects.filter(conversation_id=conversation_id, status=StatementStatus.ACCEPTED)
    cast = list(Vote.objects.filter(statement__in=statements).values_list("participant", "statement_id", "answer"))
    opinions = find_groups(Votes.of(cast, statements.values_list("pk", flat=True)), clustering_rules())
    group = {str(who): int(opinions.group[at]) for at, who in enumerate(opinions.people)}
    return Found(len(opinions.people), len(cast), _stored(opinions), group)


def list_anonymous_votes(conversation: Conversation) -> Iterator[tuple[str, int, str, int, int]]:
    """Return number, statement, its words, answer and group of every published vote, by number, one after the other.

    Raises ResultsNotShown before the close, and where too few took part: at once, not when the first is asked for.
    """
    if conversation.status != Status.CLOSED or not results_of(conversation).enough:
        raise ResultsNotShown(_("参与的人太少，或征集还没有结束，不公布表态"))
    return _anonymous_votes(conversation)


def _anonymous_votes(conversation: Conversation) -> Iterator[tuple[str, int, str, int, int]]:
    group = dict(conversation.standings.values_list("participant", "group"))
    rows = Vote.objects.filter(
        statement__conversation=conversation, statement__status=StatementStatus.ACCEPTED
    ).order_by("participant", "statement_id")
    for who, statement, words, answer in rows.values_list(
        "participant", "statement_id", "statement__words", "answer"
    ).iterator():
        yield who, statement, words, answer, group.get(who, -1) + 1


def get_results(*, viewer: Actor, conversation: Conversation) -> Results:
    """Return the results: of a closed conversation for anybody, of an open one for staff and who has answered enough.

    Raises ResultsNotShown.
    """
    if conversation.status == Status.CLOSED or policies.is_staff_of(viewer, conversation):
        return results_of(conversation)
    if viewer.is_known and get_own_part(viewer=viewer, conversation=conversation).sees_groups:
        return results_of(conversation)
    raise ResultsNotShown(_("先说说您的看法，再看大家怎么想"))


def results_of(conversation: Conversation) -> Results:
    """Return what came out last, as it is shown; the caller has checked who looks."""
    landscape = Landscape.objects.filter(conversation=conversation).first()
    least = rules()["people_min"]
    if landscape is None:
        return Results(0, 0, False, least, (), (), (), (), 0, None)
    people, votes, found = landscape.people, landscape.votes, landscape.found
    if people < least:
        return Results(people, votes, False, least, (), (), (), (), 0, landscape)
    words = dict(Statement.objects.filter(conversation=conversation).values_list("pk", "words"))
    tallies = {each["id"]: each for each in found["statements"]}

    def line(id_: int, *, agrees: bool, group: int | None = None) -> Line:
        tally = tallies[id_]
        groups = tuple(_share(each) for each in tally["groups"])
        return Line(words[id_], agrees, _share(tally["everybody"]), groups, None if group is None else groups[group])

    groups = tuple(
        GroupView(
            at + 1, each["people"], each["x"], each["y"],
            tuple(line(told["id"], agrees=told["agrees"], group=at) for told in each["telling"]),
        )
        for at, each in enumerate(found["groups"])
    )  # fmt: skip
    common = {
        name: tuple(line(each["id"], agrees=each["agrees"]) for each in found[name])
        for name in ("consensus", "bridges")
    }
    lines = tuple(line(id_, agrees=True) for id_ in tallies)
    outside = people - sum(each.people for each in groups)
    return Results(
        people, votes, True, least, groups if len(groups) > 1 else (), common["consensus"], common["bridges"], lines,
        outside, landscape,
    )  # fmt: skip


def _share(tally: list[int]) -> Share:
    seen = sum(tally)
    if seen < rules()["cell_min"]:
        return Share(None, None, None, seen)
    agree, disagree = (round(100 * each / seen) for each in tally[:2])
    return Share(agree, disagree, max(100 - agree - disagree, 0), seen)


def _stored(opinions: Opinions) -> dict[str, Any]:
    """Return what came out as JSON values, without anybody in it."""
    common: Mapping[str, Any] = {"consensus": opinions.consensus, "bridges": opinions.bridges}
    return {
        "groups": [
            {
                "people": group.people, "x": round(group.centre[0], 4), "y": round(group.centre[1], 4),
                "telling": [{"id": each.statement, "agrees": each.agrees} for each in group.telling],
            }
            for group in opinions.groups
        ],
        "statements": [
            {
                "id": each.id, "everybody": _tally(each.everybody), "groups": [_tally(one) for one in each.groups],
                "priority": round(each.priority, 6),
            }
            for each in opinions.statements
        ],
        **{
            name: [{"id": each.statement, "agrees": each.agrees} for each in lines] for name, lines in common.items()
        },
    }  # fmt: skip


def _tally(tally: Tally) -> list[int]:
    return [tally.agree, tally.disagree, tally.passed]
