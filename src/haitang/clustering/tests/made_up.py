"""Conversations for tests: camps that answer alike, and votes of any kind."""

from math import cos, tau

from hypothesis import strategies as st

from haitang.clustering import AGREE, DISAGREE, PASS

Cast = list[tuple[int | str, int, int]]


def camps(*sizes: int, statements: int = 10) -> Cast:
    """Return votes of camps: each agrees with statements of its own and disagrees with those of the others."""
    votes: Cast = []
    person = 0
    for camp, size in enumerate(sizes):
        for _ in range(size):
            for statement in range(statements * len(sizes)):
                theirs = statement // statements == camp
                # One statement of ten is passed over, another one for each person: nobody is quite like another.
                vote = PASS if (statement + person) % 10 == 0 else AGREE if theirs else DISAGREE
                votes.append((person, statement, vote))
            person += 1
    return votes


def circle(*sizes: int, statements: int = 24) -> Cast:
    """Return votes of camps that stand around a circle, on statements that point in all directions."""
    votes: Cast = []
    person = 0
    for camp, size in enumerate(sizes):
        for _ in range(size):
            # Everybody has left out another statement: nobody is quite like another.
            for about in set(range(statements)) - {person % statements}:
                near = cos(tau * (camp / len(sizes) - about / statements))
                votes.append((person, about, AGREE if near > 0.25 else DISAGREE if near < -0.25 else PASS))
            person += 1
    return votes


def conversations(max_people: int = 14, max_statements: int = 6) -> st.SearchStrategy[Cast]:
    """Return any votes of a few people on a few statements, with holes."""
    row = st.lists(st.sampled_from([AGREE, DISAGREE, PASS, None]), min_size=max_statements, max_size=max_statements)
    return st.lists(row, max_size=max_people).map(
        lambda rows: [
            (person, about, vote) for person, votes in enumerate(rows) for about, vote in enumerate(votes)
            if vote is not None
        ]
    )  # fmt: skip
