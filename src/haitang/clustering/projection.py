"""From votes to places on a picture: the two directions in which people differ most.

Principal components of a matrix with holes: a missing vote stands at its statement's mean, so it pulls nobody anywhere;
and who has voted on few statements is moved outwards in proportion, √(statements / votes), lest all of them sit in the
middle.

Source: Polis
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haitang.clustering.terms import AGREE, Floats
from haitang.clustering.votes import UNKNOWN

_AT_ONCE = 4_096
"""Rows held as floating-point numbers at a time: memory stays that of the votes themselves."""
_PLACES = 6
"""Decimals of a place: what lies behind them differs between machines and means nothing."""
_ALMOST = 1e-9
_BLOCK = 8
"""Directions followed at once: two of almost the same strength are told apart by those after them."""
_ROUNDS = 100
"""Power iterations, at most; where they do not lead to the end, all directions are worked out."""


@dataclass(frozen=True, slots=True)
class Projection:
    """place: of every row, in two dimensions. pull: how far one lone agreement with each statement moves somebody."""

    place: Floats
    pull: Floats


def project(rows: NDArray[np.int8], count: Floats) -> Projection:
    """Return where rows of votes lie, each there `count` times, along the two directions in which they differ most."""
    width = rows.shape[1]
    known = (rows != UNKNOWN) * count[:, None]
    mean = (np.where(rows == UNKNOWN, 0, rows) * known).sum(0) / np.maximum(known.sum(0), 1)
    axes = _axes(rows, count, mean)
    place = np.zeros((len(rows), 2))
    for at in range(0, len(rows), _AT_ONCE):
        part = rows[at : at + _AT_ONCE]
        stretch = np.sqrt(width / np.maximum((part != UNKNOWN).sum(1), 1))
        place[at : at + _AT_ONCE] = _from_mean(part, mean) @ axes * stretch[:, None]
    lone = (AGREE - mean)[:, None] * axes * np.sqrt(width)
    # + 0.0: no negative zeros, which would sort before others
    return Projection(place.round(_PLACES) + 0.0, np.hypot(lone[:, 0], lone[:, 1]))


def _axes(rows: NDArray[np.int8], count: Floats, mean: Floats) -> Floats:
    """Return the two first principal directions, as columns; worked out over people or statements, the fewer."""
    height, width = rows.shape
    if not height or not width:
        return np.zeros((width, 2))
    if height < width:
        weighed = _from_mean(rows, mean) * np.sqrt(count)[:, None]
        axes = weighed.T @ _leading(weighed @ weighed.T)
    else:
        together = np.zeros((width, width))
        for at in range(0, height, _AT_ONCE):
            part = _from_mean(rows[at : at + _AT_ONCE], mean)
            together += (part * count[at : at + _AT_ONCE, None]).T @ part
        axes = _leading(together)
    length = np.linalg.norm(axes, axis=0)
    axes = np.divide(axes, length, out=np.zeros_like(axes), where=length > _ALMOST)
    if axes.shape[1] < 2:
        axes = np.hstack([axes, np.zeros((width, 1))])
    # A direction and its opposite are as good as one another: the first of the strongest statements points to the plus.
    strong = np.abs(axes) >= np.abs(axes).max(0) - _ALMOST
    return axes * np.where(axes[strong.argmax(0), [0, 1]] < 0, -1, 1)


def _leading(symmetric: Floats) -> Floats:
    """Return the two eigenvectors of the largest eigenvalues, as columns, beginning from the strongest columns."""
    strongest = np.argsort(-symmetric.diagonal(), kind="stable")[:_BLOCK]
    basis = np.linalg.qr(symmetric[:, strongest])[0]
    for _ in range(_ROUNDS):
        image = symmetric @ basis
        spread, turn = np.linalg.eigh(basis.T @ image)
        found, moved = basis @ turn[:, :-3:-1], image @ turn[:, :-3:-1]
        if np.abs(moved - found * spread[:-3:-1]).max() <= _ALMOST * spread[-1]:
            return found
        basis = np.linalg.qr(image)[0]
    return np.asarray(np.linalg.eigh(symmetric)[1][:, :-3:-1])


def _from_mean(rows: NDArray[np.int8], mean: Floats) -> Floats:
    return np.where(rows == UNKNOWN, 0, rows - mean)
