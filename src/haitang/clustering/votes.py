"""`Votes`: who voted what on which statement, with the rest unknown."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haitang.clustering.terms import AGREE, DISAGREE, Floats, Id, Ints

UNKNOWN = -2


@dataclass(frozen=True, slots=True)
class Votes:
    """A row for each person, a column for each statement, both by id; every cell AGREE, PASS, DISAGREE or UNKNOWN."""

    people: tuple[Id, ...]
    statements: tuple[Id, ...]
    matrix: NDArray[np.int8]

    @classmethod
    def of(cls, votes: Iterable[tuple[Id, Id, int]], statements: Iterable[Id] = ()) -> "Votes":
        """Return the matrix of (person, statement, vote); `statements` adds those that nobody has voted on.

        Raises ValueError where somebody votes twice on a statement, or anything but agree, pass or disagree.
        """
        given = list(votes)
        people = sorted({person for person, _statement, _vote in given})
        columns = sorted({statement for _person, statement, _vote in given} | set(statements))
        row = {person: at for at, person in enumerate(people)}
        column = {statement: at for at, statement in enumerate(columns)}
        matrix = np.full((len(people), len(columns)), UNKNOWN, np.int8)
        rows = np.fromiter((row[person] for person, _statement, _vote in given), np.int64, len(given))
        places = np.fromiter((column[statement] for _person, statement, _vote in given), np.int64, len(given))
        values = np.fromiter((vote for _person, _statement, vote in given), np.int64, len(given))
        if ((values < DISAGREE) | (values > AGREE)).any():
            raise ValueError("a vote is AGREE, PASS or DISAGREE")
        matrix[rows, places] = values
        if (matrix != UNKNOWN).sum() != len(given):
            raise ValueError("somebody voted twice on the same statement")
        return cls(tuple(people), tuple(columns), matrix)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The different rows of a matrix in an order that depends on their content alone.

    rows: one each. count: how many people voted so. of: for each person, which. Whoever works on patterns cannot tell
    in which order people came, and treats those alike who voted alike.
    """

    rows: NDArray[np.int8]
    count: Floats
    of: Ints

    @classmethod
    def in_(cls, matrix: NDArray[np.int8]) -> "Patterns":
        """Return the patterns of a matrix."""
        if not matrix.size:
            return cls(matrix[: min(len(matrix), 1)], np.full(min(len(matrix), 1), float(len(matrix))), _zeros(matrix))
        keys = [row.tobytes() for row in matrix]
        first: dict[bytes, int] = {}
        for at, key in enumerate(keys):
            first.setdefault(key, at)
        order = {key: at for at, key in enumerate(sorted(first))}
        of = np.fromiter((order[key] for key in keys), np.int64, len(keys))
        rows = matrix[[first[key] for key in order]]
        return cls(rows, np.bincount(of, minlength=len(rows)).astype(float), of)


def _zeros(matrix: NDArray[np.int8]) -> Ints:
    return np.zeros(len(matrix), np.int64)
