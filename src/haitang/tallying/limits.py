"""What keeps a project out: before anything is chosen, and beside what has been chosen so far."""

from haitang.tallying.terms import Election, Limits, Project, Reason, Why


def bars(election: Election, limits: Limits) -> dict[int, Reason]:
    """Return the projects that cannot be chosen whatever the rule, by position, each with its reason."""
    found: dict[int, Reason] = {}
    for at, project in enumerate(election.projects):
        reason = _bar(election, limits, at, project)
        if reason:
            found[at] = reason
    return found


def _bar(election: Election, limits: Limits, at: int, project: Project) -> Reason | None:
    score, count = election.scores[at], election.counts[at]
    if limits.turnout and not limits.turnout.enough:
        return Reason(Why.TURNOUT, {"voted": limits.turnout.voted, "needed": limits.turnout.needed})
    for district in sorted(project.marks.get("district", ())):
        turnout = limits.turnouts.get(district)
        if turnout and not turnout.enough:
            needed = turnout.needed
            return Reason(Why.DISTRICT_TURNOUT, {"district": district, "voted": turnout.voted, "needed": needed})
    if limits.least_score is not None and score < limits.least_score:
        lacking = limits.least_score - score
        return Reason(Why.FEW_POINTS, {"score": score, "needed": limits.least_score, "lacking": lacking})
    if limits.least_votes is not None and count < limits.least_votes:
        lacking = limits.least_votes - count
        return Reason(Why.FEW_VOTES, {"votes": count, "needed": limits.least_votes, "lacking": lacking})
    if project.cost > election.budget:
        lacking = project.cost - election.budget
        return Reason(Why.TOO_DEAR, {"cost": project.cost, "budget": election.budget, "lacking": lacking})
    return None


class Standing:
    """What has been chosen so far, as far as limits look at it. What once is kept out, stays out."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._chosen: dict[str, Project] = {}
        self._cap_cost = [0] * len(limits.caps)
        self._cap_count = [0] * len(limits.caps)
        self.cost = 0

    def take(self, project: Project) -> None:
        """Choose the project."""
        self._chosen[project.id] = project
        self.cost += project.cost
        for at, cap in enumerate(self._limits.caps):
            if cap.covers(project):
                self._cap_cost[at] += project.cost
                self._cap_count[at] += 1

    def bar(self, project: Project) -> Reason | None:
        """Return what keeps the project out beside those chosen, the money apart; None where nothing does."""
        limits = self._limits
        if limits.most_projects is not None and len(self._chosen) >= limits.most_projects:
            return Reason(Why.FULL, {"most": limits.most_projects})
        for group in limits.excluding:
            if project.id in group:
                others = sorted(each for each in group if each in self._chosen and each != project.id)
                if others:
                    return Reason(Why.EXCLUDED, {"by": others[0]})
        for at, cap in enumerate(limits.caps):
            if not cap.covers(project):
                continue
            told = {"kind": cap.kind, "value": cap.value}
            if cap.count is not None and self._cap_count[at] >= cap.count:
                return Reason(Why.CAP_COUNT, {**told, "most": cap.count})
            if cap.cost is not None and self._cap_cost[at] + project.cost > cap.cost:
                left = cap.cost - self._cap_cost[at]
                return Reason(
                    Why.CAP_COST,
                    {**told, "most": cap.cost, "left": left, "cost": project.cost, "lacking": project.cost - left},
                )
        return None
