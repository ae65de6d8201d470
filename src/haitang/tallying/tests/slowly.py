"""The rules once more, as the papers say them, in fractions and without any haste: what the fast ones must equal."""

from fractions import Fraction


def supporters(election):
    """Return for each project the points by voter, above 0."""
    found = [{} for _ in election.projects]
    votes = election.votes
    for voter, project, points in zip(votes.voter, votes.project, votes.points, strict=True):
        if points > 0:
            found[project][int(voter)] = int(points)
    return found


def price(money, backers, cost):
    """Return the price per point at which the backers pay the cost, at most what they have; None if they cannot."""
    if sum(money[voter] for voter in backers) < cost:
        return None
    for limit in sorted({money[voter] / points for voter, points in backers.items()}):
        poor = [voter for voter, points in backers.items() if money[voter] < limit * points]
        points = sum(points for voter, points in backers.items() if voter not in poor)
        found = (cost - sum((money[voter] for voter in poor), Fraction(0))) / points
        if found <= limit:
            return found
    raise AssertionError("they have enough together")


def shares_once(election, ranks, share, worth, allowed):
    """Return what is bought with one share, in order."""
    backers = supporters(election)
    money = [Fraction(share)] * election.votes.voters
    bought = []
    while True:
        best = None
        for at, project in enumerate(election.projects):
            if at in bought or not backers[at] or not allowed(at, bought):
                continue
            each = price(money, backers[at], project.cost)
            if each is not None:
                key = (each / (project.cost if worth == "cost" and project.cost else 1), ranks[at])
                if best is None or key < best[0]:
                    best = (key, at, each)
        if best is None:
            return bought
        _, at, each = best
        bought.append(at)
        for voter, points in backers[at].items():
            money[voter] -= min(money[voter], each * points)


def equal_shares(election, ranks, *, completion="none", stop="over", worth="cost", allowed=None):
    """Return what is bought by equal shares, positions in order."""
    budget, voters = election.budget, election.votes.voters
    may = allowed or (lambda at, bought: True)

    def cost(bought):
        return sum(election.projects[at].cost for at in bought)

    def exhausted(bought):
        backers = supporters(election)
        return not any(
            cost(bought) + project.cost <= budget and backers[at] and at not in bought and may(at, bought)
            for at, project in enumerate(election.projects)
        )

    share = Fraction(budget, voters)
    found = shares_once(election, ranks, share, worth, may)
    if completion == "none":
        return found
    backers = supporters(election)

    def wanted(bought):
        return any(backers[at] and at not in bought and may(at, bought) for at in range(len(election.projects)))

    while wanted(found) and not (stop == "exhausted" and exhausted(found)):
        share += election.unit
        following = shares_once(election, ranks, share, worth, may)
        if cost(following) > budget:
            break
        found = following
    return found


def phragmen(election, ranks, *, skip, allowed=None):
    """Return what is bought by sequential Phragmén, positions in order."""
    backers = supporters(election)
    within = allowed or (lambda at, bought: True)
    loads = [Fraction(0)] * election.votes.voters
    bought, passed = [], set()
    while True:
        left = election.budget - sum(election.projects[at].cost for at in bought)
        new = {
            at: (sum((loads[voter] for voter in backers[at]), Fraction(0)) + project.cost) / len(backers[at])
            for at, project in enumerate(election.projects)
            if at not in bought and at not in passed and backers[at]
            and project.cost <= election.budget and within(at, bought)
        }  # fmt: skip
        if not new:
            return bought
        least = min(new.values())
        tied = sorted((at for at in new if new[at] == least), key=lambda at: ranks[at])
        if skip:
            fitting = [at for at in tied if election.projects[at].cost <= left]
            passed |= set(tied) - set(fitting)
            if not fitting:
                continue
            tied = fitting
        elif any(election.projects[at].cost > left for at in tied):
            return bought
        bought.append(tied[0])
        for voter in backers[tied[0]]:
            loads[voter] = least
