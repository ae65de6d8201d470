"""Names for a city that does not exist: people, streets, communities, estates, roads, shops, telephone numbers.

All are made up by combining common syllables; where one is also somebody's or some place's, that is chance.

Telephone numbers cannot ring: mobile numbers begin with 154 and landlines with 0500, a number range and an area
code that the numbering plan has given to nobody (电信网编号计划, 2017).
"""

import tomllib
from importlib.resources import files
from random import Random

CITY = "海棠市"

SHIPPED = tomllib.loads(files("haitang.demo").joinpath("data/names.toml").read_text("utf-8"))


def _listed(key: str) -> tuple[str, ...]:
    return tuple(SHIPPED[key].split())


SURNAMES, GIVEN_FIRST, GIVEN_SECOND = SHIPPED["surnames"], SHIPPED["given_first"], SHIPPED["given_second"]
STREET_NAMES, TOWN_NAMES = _listed("streets"), _listed("towns")
COMMUNITY_NAMES, VILLAGE_NAMES = _listed("communities"), _listed("villages")
ESTATE_FIRST, ESTATE_LAST = _listed("estate_first"), _listed("estate_last")
HAMLET_FIRST, HAMLET_LAST = _listed("hamlet_first"), _listed("hamlet_last")
ROADS, RIVERS = _listed("roads"), _listed("rivers")
SHOP_WORDS = _listed("shop_words")
SHOP_KINDS = {kind: _listed(f"{kind}_kinds") for kind in ("shop", "eatery", "store", "club", "bar")}
SOCIAL_ORGANIZATIONS = _listed("social_organizations")

_NUMERALS = "一二三四五六七八九"


def person_name(rng: Random) -> str:
    """Return the made-up name of a person."""
    surname = rng.choice(SURNAMES)
    if rng.random() < 0.18:
        return surname + rng.choice(GIVEN_SECOND)
    return surname + rng.choice(GIVEN_FIRST) + rng.choice(GIVEN_SECOND)


def mobile_number(number: int) -> str:
    """Return the mobile number with that running number, 0 … 99,999,999: eleven digits that no operator has."""
    return f"154{number:08d}"


def office_number(number: int) -> str:
    """Return the landline with that running number, 0 … 9,999, under an area code that does not exist."""
    return f"0500-8200{number:04d}"


def numeral(number: int) -> str:
    """Return a whole number from 1 to 19 in Chinese numerals."""
    if number < 10:
        return _NUMERALS[number - 1]
    return "十" + (_NUMERALS[number - 11] if number > 10 else "")


def shop_name(rng: Random, kind: str = "shop") -> str:
    """Return the made-up name of a shop of that kind: any shop, eatery, store, club or bar."""
    return rng.choice(SHOP_WORDS) + rng.choice(SHOP_KINDS[kind])


def pairs(rng: Random, first: tuple[str, ...], last: tuple[str, ...], count: int) -> list[str]:
    """Return so many different names made of one part from each list, in an order of chance."""
    return rng.sample([one + two for one in first for two in last], count)
