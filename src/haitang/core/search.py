"""Full-text search of Chinese: words by rjieba and every pair of neighbouring characters, in one tsvector.

Words alone miss what the dictionary splits otherwise; pairs alone are noisy. Together they find
what a clerk types, without any extension of PostgreSQL. Positions are not kept: recall matters here.
"""

import re
from functools import lru_cache
from operator import add

import rjieba

_RUNS = re.compile(r"[㐀-鿿]+|[0-9a-z]+", re.IGNORECASE)
_TOKENS_MAX = 2000
_USUAL_LENGTH = 16


def tokens(text: str) -> list[str]:
    """Return the distinct search tokens of a text, in lower case, at most 2,000 of them."""
    found: list[str] = []
    for run in _RUNS.findall(text.lower()):
        if run[0] < "㐀":
            found.append(run[:64])
        else:
            found += _of_usual(run) if len(run) <= _USUAL_LENGTH else _of(run)
    return list(dict.fromkeys(found))[:_TOKENS_MAX]


def _of(run: str) -> tuple[str, ...]:
    """Return the words of a run of Chinese characters, then its pairs."""
    return *rjieba.cut_for_search(run), *map(add, run, run[1:])


_of_usual = lru_cache(maxsize=4_096)(_of)
"""Names of roads, estates and classes and the phrases of the telephone desk come again and again."""


def vector(text: str) -> str:
    """Return the text's tsvector in PostgreSQL's input form: `'路灯' '不亮'`. Cast it with ::tsvector."""
    found = tokens(text)
    return "'" + "' '".join(found) + "'" if found else ""


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1: twice the tokens they share over all their tokens (Dice)."""
    return likeness_of(frozenset(tokens(one)), frozenset(tokens(other)))


def likeness_of(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two texts are by their tokens, for comparing one text with many; see `likeness`.

    Source: L. R. Dice, Measures of the amount of ecologic association between species, Ecology 26 (1945).
    """
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def query(text: str) -> str:
    """Return a tsquery in input form that asks for every part of what was typed, or "" for nothing usable.

    Each run of Chinese characters asks for all its character pairs; a run of one character asks for words
    that begin with it; Latin runs and numbers match as prefixes.
    """
    parts: list[str] = []
    for run in _RUNS.findall(text.lower())[:20]:
        if run[0] < "㐀" or len(run) == 1:
            parts.append(f"'{run[:64]}':*")
        else:
            pairs = dict.fromkeys(run[start : start + 2] for start in range(len(run) - 1))
            parts += [f"'{pair}'" for pair in list(pairs)[:20]]
    return " & ".join(parts)
