"""The greedy rules: projects in the order of their points, as long as money lasts."""

from haitang.tallying.limits import Standing, bars
from haitang.tallying.terms import Election, Fate, Limits, Outcome, Reason, Why


def greedy(election: Election, ranks: list[int], limits: Limits, *, skip: bool = True, name: str = "greedy") -> Outcome:
    """Return the projects chosen by points, most first.

    skip: a project that does not fit in what is left is passed over; otherwise everything ends there.
    ranks: who comes first among equals, see `ties.ranks`.
    """
    barred = bars(election, limits)
    standing = Standing(limits)
    ended: str | None = None
    fates: dict[str, Fate] = {}
    chosen: list[str] = []
    scores = election.scores
    for at in order_of(election, ranks):
        project = election.projects[at]
        left = election.budget - standing.cost
        told = {"score": scores[at], "cost": project.cost, "left": left}
        reason = barred.get(at) or standing.bar(project)
        if reason is None and ended is not None:
            reason = Reason(Why.ENDED, {**told, "by": ended})
        elif reason is None and project.cost > left:
            reason = Reason(Why.NO_ROOM, {**told, "lacking": project.cost - left})
        if not skip and ended is None and reason is not None and reason.why in (Why.NO_ROOM, Why.TOO_DEAR):
            ended = project.id
        if reason is None:
            standing.take(project)
            chosen.append(project.id)
            fates[project.id] = Fate(project.id, len(chosen), Reason(Why.CHOSEN, told))
        else:
            fates[project.id] = Fate(project.id, None, reason)
    return Outcome(name, tuple(chosen), standing.cost, fates)


def order_of(election: Election, ranks: list[int]) -> list[int]:
    """Return the positions of the projects, most points first, equals by rank."""
    return sorted(range(len(election.projects)), key=lambda at: (-election.scores[at], ranks[at]))
