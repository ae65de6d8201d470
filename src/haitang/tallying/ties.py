"""Tie-breaking: declared before the vote, the same for ever, and whatever the order of lines in a file."""

import hashlib
from collections.abc import Callable, Sequence

from haitang.tallying.terms import Election, Project

CHEAPER, DEARER, VOTES, EARLIER, LOT = "cheaper", "dearer", "votes", "earlier", "lot"
DEFAULT = (CHEAPER, VOTES)


def ranks(election: Election, ties: Sequence[str] = DEFAULT, seed: str = "") -> list[int]:
    """Return for each project its rank among equals, 0 first; the id decides last, so that no two are equal.

    `cheaper` and `dearer` go by cost, `votes` by ballots in favour, `earlier` by the order of handing in, `lot` by the
    SHA-256 of the published seed, a line feed and the id.

    Raises ValueError for an unknown word, or a lot without a seed.
    """
    if LOT in ties and not seed:
        raise ValueError("a lot needs a seed")
    keys: dict[str, Callable[[int, Project], int | str]] = {
        CHEAPER: lambda _at, project: project.cost,
        DEARER: lambda _at, project: -project.cost,
        VOTES: lambda at, _project: -election.counts[at],
        EARLIER: lambda _at, project: project.order,
        LOT: lambda _at, project: hashlib.sha256(f"{seed}\n{project.id}".encode()).hexdigest(),
    }
    unknown = [each for each in ties if each not in keys]
    if unknown:
        raise ValueError(f"unknown tie-break {unknown[0]}")
    found = [0] * len(election.projects)
    order = sorted(
        range(len(election.projects)),
        key=lambda at: (*(keys[each](at, election.projects[at]) for each in ties), election.projects[at].id),
    )
    for rank, at in enumerate(order):
        found[at] = rank
    return found
