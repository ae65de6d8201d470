"""The table as it stands in docs/reference/access.md: written from what requests gave, read back to be asserted."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from haitang.core.access import ANYONE, SIGNED_IN
from haitang.people.values import shipped_roles
from tests.access.doors import Door
from tests.access.viewers import ALL_AT_ONCE, NOBODY, POSITIONS, RESIDENT, Viewer, roles

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "access.md"
SEES, ANSWERED, LED_ON, NOT_TAKEN, REFUSED, ABSENT, SIGN_IN, NOT_ASKED = "●○>!-0?_"
_ON_PURPOSE = tomllib.loads((Path(__file__).parent / "accepted.toml").read_text("utf-8"))
ACCEPTED, COUNTED = _ON_PURPOSE["accepted"], _ON_PURPOSE["counted"]
PASSES, TURNED_AWAY = "+-"
VIEWERS = ((NOBODY, ""), (RESIDENT, ""), *((ALL_AT_ONCE, position) for position in POSITIONS))
"""Whose letters stand in a row, in this order."""
_HEAD = """# Who may see what

<!-- Written by `pytest -m nightly tests/access --write-table` from what requests gave. -->

Every page and every operation of the API (a door), asked for the things of one community. The first column of letters
is what five askers are given: nobody; somebody with an account and no role; and whoever holds the permissions of all
roles at once (the administrators' three aside) over that community, over its neighbour in the same street, over a
community of another street. The second has one sign for each shipped role, in the order below: `+` passes the door,
`-` is turned away at it, wherever the role is held; behind the door the place decides, as the letters say.

| Letter | The answer |
|---|---|
| `●` | shows something of that community that is not open to everybody |
| `○` | is given, and shows nothing of that community but what is open to everybody |
| `>` | leads on to another page |
| `!` | does not take what was sent (an empty form, another state) |
| `-` | refuses: 403 |
| `0` | is that of something that does not exist: 404 |
| `?` | asks to sign in |
| `_` | is not asked for: the city of the test has no such thing |

Kept by `tests/access/test_access.py`: a door without a row fails, and so does a letter that a request does not give. No
answer to anybody may show a mark of a place where the asker holds nothing, nor do anything there. Every run asks as the
neighbour who holds all permissions; `make nightly` asks as every role, over each of the three communities. The signs of
the roles are worked out from the mark on the door, which the same run compares with what it is given.
"""


def letters_of(cells: dict[Viewer, str]) -> str:
    """Return the letters of a row."""
    by_name = {(viewer.role, viewer.position): letter for viewer, letter in cells.items()}
    return "".join(by_name.get(name, NOT_ASKED) for name in VIEWERS)


def signs_of(door: Door) -> str:
    """Return which roles pass the door, one sign for each."""
    held = {role.code: set(role.permissions) for role in shipped_roles()}
    return "".join(PASSES if passes(door, held[code]) else TURNED_AWAY for code in roles())


def passes(door: Door, permissions: set[str]) -> bool:
    """Tell whether somebody with an account and these permissions is let in by the mark on the door."""
    return door.mark in (ANYONE, SIGNED_IN) or door.mark in permissions


def written(rows: dict[Door, str], opened: Iterable[str]) -> str:
    """Return the page. rows: the letters by door. opened: what everybody is shown or may do."""
    names = {role.code: role.name for role in shipped_roles()}
    lines = [_HEAD, "## Roles", "", *(f"{n}. {names[code]} (`{code}`)" for n, code in enumerate(roles(), 1))]
    lines += ["", "## Open to everybody", ""]
    lines += [
        "What nobody in particular, or whoever has an account, is shown of some rows of a community, or may do there:",
        "",
    ]
    lines += [f"- {what}" for what in opened]
    lines += ["", "## Shown elsewhere on purpose", ""]
    lines += [f"* `{each['door']}` {each['what']}: {each['why']}" for each in ACCEPTED]
    lines += ["", "## Counted from elsewhere on purpose", ""]
    lines += [f"* {', '.join(f'`{path}`' for path in each['doors'])}: {each['why']}" for each in COUNTED]
    app = ""
    for door, letters in rows.items():
        if door.app != app:
            app = door.app
            lines += ["", f"## {app}", "", "| Door | Letters | Roles |", "|---|---|---|"]
        lines.append(f"| `{door}` | `{letters}` | `{signs_of(door)}` |")
    return "\n".join(lines) + "\n"


def read() -> tuple[dict[str, tuple[str, str]], set[str]]:
    """Return letters and signs by door as they stand in the page, and what is open to everybody."""
    rows: dict[str, tuple[str, str]] = {}
    opened: set[str] = set()
    for line in PAGE.read_text("utf-8").splitlines() if PAGE.exists() else ():
        if line.startswith("| `") and line.count(" | ") == 2:
            door, letters, signs = (part.strip(" |`") for part in line.split(" | "))
            rows[door] = letters, signs
        elif line.startswith("- "):
            opened.add(line[2:])
    return rows, opened
