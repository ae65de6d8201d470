"""From ballots to figures: one statement for all questions of a decision."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.db.models import Sum as Total
from django.db.models.functions import Coalesce

from haitang.owners.models import Ballot, Decision, Outcome, Question, RollEntry
from haitang.owners.values import Channel, Choice, Figures, Level, Sum, Verdict, follow, judge


@dataclass(frozen=True, slots=True)
class Tally:
    """A question with what was voted on it. silent: reached by the ballot and not heard of."""

    question: Question
    figures: Figures
    silent: Sum
    contradictions: int

    @property
    def verdict(self) -> Verdict:
        """By the law alone."""
        return judge(self.figures, Level(self.question.level))

    @property
    def with_silent(self) -> Figures:
        """The figures with the silent counted with the majority."""
        return follow(self.figures, self.silent)

    @property
    def silent_verdict(self) -> Verdict:
        """With the silent counted with the majority, as the owners' own rules may say."""
        return judge(self.with_silent, Level(self.question.level))


def tally(decision: Decision) -> list[Tally]:
    """Count the ballots that count, by question. For actions, and for pages of a decision that is closed."""
    questions = list(Question.objects.filter(decision=decision).order_by("number"))
    given: dict[tuple[int, str], Sum] = {}
    rows = Ballot.objects.filter(question__in=questions, counts=True).order_by().values("question_id", "choice")
    for row in rows.annotate(size=Total("entry__size"), heads=Count("id")):
        given[row["question_id"], row["choice"]] = Sum(row["size"], row["heads"])
    total = Sum(decision.total_size, decision.total_heads)
    against = count_contradictions(decision)
    return [
        Tally(
            question,
            Figures(total, *(given.get((question.pk, choice.value), Sum()) for choice in Choice)),
            _silent(decision, question), against.get(question.pk, 0),
        )
        for question in questions
    ]  # fmt: skip


def _silent(decision: Decision, question: Question) -> Sum:
    voted = Ballot.objects.filter(entry=OuterRef("pk"), question=question, counts=True)
    found = RollEntry.objects.filter(~Exists(voted), decision=decision, delivered_at__isnull=False).aggregate(
        size=Coalesce(Total("size"), 0), heads=Count("id")
    )
    return Sum(found["size"], found["heads"])


def contradictions(decision: Decision) -> list[tuple[Ballot, Ballot]]:
    """Return every paper ballot that says something else than the electronic one of the same head, with that one."""
    papers = list(
        Ballot.objects.filter(question__decision=decision, channel=Channel.PAPER).select_related("entry", "question")
        .order_by("entry__number", "question__number")
    )  # fmt: skip
    others = {
        (each.entry_id, each.question_id): each
        for each in Ballot.objects.filter(
            question__decision=decision, channel=Channel.ELECTRONIC, entry__in={paper.entry_id for paper in papers}
        )
    }  # fmt: skip
    pairs = ((paper, others.get((paper.entry_id, paper.question_id))) for paper in papers)
    return [(paper, other) for paper, other in pairs if other is not None and other.choice != paper.choice]


def count_contradictions(decision: Decision) -> dict[int, int]:
    """Return by question how many heads have said two different things on it."""
    counted: dict[int, int] = {}
    for paper, _other in contradictions(decision):
        counted[paper.question_id] = counted.get(paper.question_id, 0) + 1
    return counted


def list_outcomes(decision: Decision) -> list[Tally]:
    """Return the result as it was kept at the close, by question; empty before."""
    rows = Outcome.objects.filter(question__decision=decision).select_related("question").order_by("question__number")
    return [
        Tally(
            row.question,
            Figures(
                Sum(row.total_size, row.total_heads), Sum(row.yes_size, row.yes_heads), Sum(row.no_size, row.no_heads),
                Sum(row.abstain_size, row.abstain_heads),
            ),
            Sum(row.silent_size, row.silent_heads), row.contradictions,
        )
        for row in rows
    ]  # fmt: skip


def count_voted(decision: Decision) -> Sum:
    """Return who has taken part so far in any question: area and heads. What they said stays unsaid until the close."""
    voted = Ballot.objects.filter(entry=OuterRef("pk"), counts=True)
    found = RollEntry.objects.filter(Exists(voted), decision=decision).aggregate(
        size=Coalesce(Total("size"), 0), heads=Count("id")
    )
    return Sum(found["size"], found["heads"])
