"""Drawing by lot so that anybody can draw again: a pure function of a list of numbers and a seed.

Source: RFC 3797, Publicly Verifiable Nominations Committee (NomCom) Random Selection, section 4, with SHA-256 in place
of its MD5; `digest="md5"` gives the RFC's own worked example. Seats fall to strata by the method of largest
remainders (Hamilton): in exact whole numbers, ties to the larger stratum and then by name.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haitang.core.errors import Invalid
from haitang.core.tables.quoting import quote, unquote

CANDIDATES_MAX = 20_000
SEPARATOR = "/"
HEADER = ("number", "stratum")


class BadList(Invalid):
    """A published list from which nothing can be drawn."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may be drawn: a number that tells nothing, and the stratum; "" where there is one for all."""

    number: int
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came out. chosen: in the order in which they were drawn; reserves: likewise, who follows whoever declines.

    seats: by stratum. A reserve takes the place of somebody of its own stratum; where that is exhausted, the first of
    all reserves does.
    """

    chosen: tuple[Candidate, ...]
    reserves: tuple[Candidate, ...]
    seats: tuple[tuple[str, int], ...]


def commitment_of(seed: str) -> str:
    """Return the digest by which a seed is announced before the list is closed, and recognised when it is told."""
    return hashlib.sha256(seed.encode()).hexdigest()


def key_of(seed: str, witness: str = "") -> str:
    """Return what is drawn with: the office's seed, and after it what the public added once the list was closed."""
    return SEPARATOR.join([*filter(None, (seed, witness)), ""])


def permute(numbers: Iterable[int], key: str, *, digest: str = "sha256", skip: int = 0) -> list[int]:
    """Return the numbers in the order in which they are drawn.

    Each step hashes the key between two copies of the step's number (two bytes, from 0 on) and takes, of those left in
    ascending order, the one at the hash modulo how many are left. skip: steps that were taken before.
    """
    left = sorted(numbers)
    drawn = []
    for step in range(skip, skip + len(left)):
        around = step.to_bytes(2, "big")
        found = hashlib.new(digest, around + key.encode() + around, usedforsecurity=False).digest()
        drawn.append(left.pop(int.from_bytes(found, "big") % len(left)))
    return drawn


def seats_of(strata: dict[str, int], seats: int) -> dict[str, int]:
    """Return how many seats each stratum has, by its size: largest remainders, never more than it has members."""
    total = sum(strata.values())
    if not total:
        return {}
    seats = min(seats, total)
    whole = {name: seats * size // total for name, size in strata.items()}
    by_remainder = sorted(strata, key=lambda name: (-(seats * strata[name] % total), -strata[name], name))
    for name in by_remainder[: seats - sum(whole.values())]:
        whole[name] += 1
    return whole


def draw(candidates: Sequence[Candidate], seats: int, key: str, *, digest: str = "sha256") -> Drawn:
    """
    Draw so many from the list, each stratum by its share; the same for ever, whatever order the list is in.

    Everybody gets a place in one order of all; of a stratum the first in that order are chosen.
    Raises BadList (nobody, one number twice, too many, no seat).
    """
    strata: dict[str, int] = {}
    for each in candidates:
        strata[each.stratum] = strata.get(each.stratum, 0) + 1
    numbers = {each.number: each for each in candidates}
    if len(numbers) != len(candidates):
        raise BadList(_("名单中有重复的编号"))
    if not 1 <= len(candidates) <= CANDIDATES_MAX:
        raise BadList(_("名单应有 1 至 %(n)d 人") % {"n": CANDIDATES_MAX})
    if seats < 1:
        raise BadList(_("抽选人数至少为 1"))
    shares = seats_of(strata, seats)
    left = dict(shares)
    chosen, reserves = [], []
    for number in permute(numbers, key, digest=digest):
        one = numbers[number]
        if left[one.stratum]:
            left[one.stratum] -= 1
            chosen.append(one)
        else:
            reserves.append(one)
    return Drawn(tuple(chosen), tuple(reserves), tuple(sorted(shares.items())))


def successor(stratum: str, waiting: Sequence[Candidate]) -> Candidate | None:
    """Return who follows somebody of that stratum who declines: `waiting` are the reserves left, in their order."""
    return next((each for each in waiting if each.stratum == stratum), waiting[0] if waiting else None)


def listed(candidates: Iterable[Candidate]) -> str:
    """Return the list as it is published: CSV, by number, lines end in a line feed, no stratum is a formula."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n")
    write.writerow(HEADER)
    write.writerows((each.number, quote(each.stratum)) for each in sorted(candidates, key=lambda one: one.number))
    return text.getvalue()


def read_list(text: str) -> list[Candidate]:
    """Read a published list: a number a line, after a comma the stratum; with or without its header. Raises BadList."""
    found = []
    for at, line in enumerate(csv.reader(io.StringIO(text.removeprefix("\ufeff").replace("\r\n", "\n"))), start=1):
        cells = [cell.strip() for cell in line]
        if not any(cells) or tuple(cells[:2]) == HEADER:
            continue
        if not (cells[0].isascii() and cells[0].isdigit() and len(cells[0]) <= 9 and len(cells) <= 2):
            raise BadList(_("第 %(n)d 行看不懂，应写作“编号,分组”") % {"n": at})
        found.append(Candidate(int(cells[0]), unquote(cells[1]) if len(cells) > 1 else ""))
        if len(found) > CANDIDATES_MAX:
            break
    return found


def digest_of(candidates: Iterable[Candidate]) -> str:
    """Return the digest of the list as it is published, by which it is recognised."""
    return hashlib.sha256(listed(candidates).encode()).hexdigest()
