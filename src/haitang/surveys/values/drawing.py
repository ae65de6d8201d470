"""Who is asked, drawn so that anybody can draw it again: pure, from a seed published before.

A household is known here by its number in the address list that the community keeps, and by nothing else.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

Key = TypeVar("Key")


def draw(seed: str, area_code: str, households: int, wanted: int) -> list[int]:
    """Return which numbers of an address list (from 1) are asked, in the order in which they are drawn.

    A number's place is the SHA-256 of "seed:area code:number", so that everybody gets the same who has the seed,
    and a larger sample begins with the smaller one. More wanted than there are: all.
    """

    def place(number: int) -> bytes:
        return sha256(f"{seed}:{area_code}:{number}".encode()).digest()

    return sorted(range(1, households + 1), key=place)[:wanted]


def allot(total: int, sizes: Mapping[Key, int], least: int = 1) -> dict[Key, int]:
    """Return how many are drawn of each area, in proportion to its households, by largest remainder.

    least: so many of every area that has them, even where the total then grows. Ties go to the first.
    """
    everybody = sum(sizes.values())
    if not everybody:
        return dict.fromkeys(sizes, 0)
    total = min(total, everybody)
    whole = {key: total * size // everybody for key, size in sizes.items()}
    over: Sequence[Key] = sorted(sizes, key=lambda key: -(total * sizes[key] % everybody))
    for key in over[: total - sum(whole.values())]:
        whole[key] += 1
    return {key: min(sizes[key], max(whole[key], least)) for key in sizes}
