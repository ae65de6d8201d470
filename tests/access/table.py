"""The table as it stands in docs/reference/access.md: written from what requests gave, read back to be asserted."""

from collections.abc import Iterable
from pathlib import Path

from haitang.people.values import shipped_roles
from tests.access.doors import Door
from tests.access.viewers import NOBODY, POSITIONS, RESIDENT, Viewer, roles

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "access.md"
SEES, ANSWERED, LED_ON, NOT_TAKEN, REFUSED, ABSENT, SIGN_IN, NOT_ASKED = "●○>!-0?_"
Cells = dict[tuple[str, str], str]
"""By door and column; three letters for a role (own, neighbour, other street), one for who holds nothing."""
_HEAD = """# Who may see what

<!-- Written from what requests gave: `pytest -m nightly tests/access --write-table`. Change the code, not this page. -->

Every page and every operation of the API, asked for the things of one community as every shipped role: held over **that
community**, over **its neighbour** in the same street, over a community of **another street** (three letters, in this
order); and by somebody with an account and no role, and by nobody (one letter each). A role of an organization is held over
the community's committee. A page with an id is asked for rows of the first community; a list, a search, an export as it is.

| Letter | The answer |
|---|---|
| `●` | shows something of that community that is not open to everybody |
| `○` | is given, and shows nothing of that community but what is open to everybody |
| `>` | leads on to another page |
| `!` | does not take what was sent (an empty form, another method) |
| `-` | refuses: 403 |
| `0` | is that of something that does not exist: 404 |
| `?` | asks to sign in |
| `_` | is not asked for: the city of the test has no such thing |

Kept by `tests/access/test_access.py`: a page without a row fails, so does a letter that a request does not give. No answer to
the second and third viewer of any role may show what belongs to the first community alone, whatever its letter.
"""


def columns() -> list[str]:
    """Return the columns in their order."""
    return [*roles(), RESIDENT, NOBODY]


def written(doors: Iterable[Door], cells: Cells, open_columns: Iterable[str]) -> str:
    """Return the page. open_columns: which columns of tables are shown to everybody."""
    names = {role.code: role.name for role in shipped_roles()}
    lines = [_HEAD, "## Columns", "", *(f"{n}. `{code}` {names.get(code, '')}" for n, code in enumerate(columns(), 1))]
    lines += ["", "## Open to everybody", "", "What a visitor, or whoever has an account, is shown of some rows of a community:", ""]
    lines += [f"- `{column}`" for column in open_columns]
    by_app: dict[str, list[Door]] = {}
    for door in doors:
        by_app.setdefault(door.app, []).append(door)
    for app, listed in by_app.items():
        lines += ["", f"## {app}", "", "| Door | " + " | ".join(str(n) for n in range(1, len(columns()) + 1)) + " |"]
        lines.append("|" + "---|" * (len(columns()) + 1))
        for door in listed:
            letters = (f"`{cells.get((str(door), column)) or _unasked(column)}`" for column in columns())
            lines.append(f"| `{door}` | " + " | ".join(letters) + " |")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def read() -> tuple[Cells, set[str]]:
    """Return the letters as they stand in the page, and the columns that are open to everybody."""
    cells: Cells = {}
    opened: set[str] = set()
    for line in PAGE.read_text("utf-8").splitlines() if PAGE.exists() else ():
        parts = [part.strip().strip("`") for part in line.strip("|").split("|")]
        if line.startswith("| `") and len(parts) == len(columns()) + 1:
            cells |= {(parts[0], column): letters for column, letters in zip(columns(), parts[1:], strict=True)}
        elif line.startswith("- `"):
            opened.add(line[2:].strip().strip("`"))
    return cells, opened


def cell_of(viewer: Viewer) -> tuple[str, int]:
    """Return the viewer's column and the place of their letter in it."""
    return viewer.role, POSITIONS.index(viewer.position) if viewer.position else 0


def _unasked(column: str) -> str:
    return NOT_ASKED * (1 if column in (RESIDENT, NOBODY) else len(POSITIONS))
