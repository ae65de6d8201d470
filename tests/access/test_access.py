"""Who may see what, asserted door by door by real requests: docs/reference/access.md is what they give.

A city is founded once, with something in every table; every text in it that belongs to one community bears a mark. Each
viewer then asks at each door for the things of that community. Whatever the answer is, it must not hold a mark of a place
where the viewer holds nothing: not in a list, a count's list, a search, an export, an error. What is open to everybody is
found by asking as nobody, and listed on that page: a column that becomes public is seen there.
"""

import re
from collections import defaultdict
from dataclasses import replace

import pytest
from django.db import transaction

from tests.access import table
from tests.access.asking import Answer
from tests.access.doors import Door, doors
from tests.access.viewers import ALL_AT_ONCE, NEIGHBOUR, NOBODY, OTHER, RESIDENT, Viewer

EVER_NEW = {"/accounts/2fa/code/add/", "/accounts/2fa/passkey/add/"}
"""Pages that make a new secret whenever they are shown."""
TOKENS = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ?"|nonce=")[^"]*|<dcterms:\w+ [^<]*<')


def test_every_door_has_a_row_and_every_row_a_door():
    cells, _opened = table.read()
    rows = {door for door, _column in cells}
    there = {str(door) for door in doors()}
    assert sorted(there - rows) == [], "a new page or operation: write its row by `pytest -m nightly tests/access --write-table`"
    assert sorted(rows - there) == [], "rows of what is no more"



@pytest.mark.long
def test_whoever_holds_everything_over_the_neighbour_is_shown_nothing_of_this_community(site):
    """The representative form: one viewer with the permissions of all roles at once, at every door."""
    cells, opened = table.read()
    viewer = site.named(ALL_AT_ONCE, NEIGHBOUR)
    faults = []
    for door in doors():
        for path in site.things.paths(door):
            answer = site.asker.ask(viewer, door, path)
            foreign = _foreign(site, viewer, answer.marks)
            columns = {site.marks[number].column for number in foreign} - opened
            done = _done_there(site, answer)
            if columns or done or answer.bug:
                faults.append(f"{door} as {viewer}: {answer.status} {answer.bug} {sorted(columns)} {done}")
    assert not faults, "\n".join(faults)


@pytest.mark.nightly
@pytest.mark.long
def test_every_letter_of_the_table_is_what_a_request_gives(site, request):
    """The full form: every role at every door."""
    answers = _ask_everything(site)
    opened = frozenset().union(*(a.marks for (_door, who), a in answers.items() if who.role in (NOBODY, RESIDENT)))
    cells, faults = _judge(site, answers, opened)
    open_columns = sorted({site.marks[number].column for number in opened})
    if request.config.getoption("--write-table"):
        table.PAGE.write_text(table.written(doors(), cells, open_columns), "utf-8")
    held, told = table.read()
    differs = [f"{door} {column}: {held.get((door, column))} but {letters}" for (door, column), letters in cells.items() if held.get((door, column)) != letters]
    assert not faults, "\n".join(faults)
    assert not differs, "\n".join(differs)
    assert told == set(open_columns)


@pytest.mark.nightly
@pytest.mark.long
def test_no_answer_changes_with_what_is_elsewhere(site):
    """Not even a count: without anything in this community, lists, figures and exports of others are what they were.

    What also changes for whoever holds nothing is open to everybody.
    """
    listed = [door for door in doors() if door.method == "GET" and not door.names and door.path not in EVER_NEW]
    viewers = [site.named(RESIDENT), *(site.named(ALL_AT_ONCE, position) for position in (OTHER, NEIGHBOUR))]

    def ask():
        return {(door, viewer): _plain(site.asker.ask(viewer, door, door.path).said) for viewer in viewers for door in listed}

    before = ask()
    assert before == ask(), "answers differ by themselves"
    with transaction.atomic():
        left = site.things.rows.empty(site.things.home)
        after = ask()
        transaction.set_rollback(True)
    open_doors = {door for door, viewer in _changes(before, after) if viewer.role == RESIDENT}
    told = [f"{door} as {viewer}" for door, viewer in _changes(before, after) if door not in open_doors]
    assert not told, "\n".join([*told, f"(still there: {left})"])


def _plain(said: bytes) -> bytes:
    """Return what was said without what is new in every answer."""
    return TOKENS.sub(b"", said)


def _changes(before: dict, after: dict) -> list:
    return [asked for asked, said in before.items() if after[asked] != said]


def _ask_everything(site) -> dict[tuple[Door, Viewer], Answer]:
    """Ask as everybody at every door; of several addresses of a door keep the one that shows most."""
    answers: dict[tuple[Door, Viewer], Answer] = {}
    for viewer in site.viewers:
        for door in doors():
            for path in site.things.paths(door):
                answer = site.asker.ask(viewer, door, path)
                before = answers.get((door, viewer), answer)
                best = answer if answer.status < before.status else before
                answers[door, viewer] = replace(
                    best, marks=answer.marks | before.marks, done=answer.done | before.done, bug=before.bug or answer.bug
                )
    return answers


def _judge(site, answers, opened) -> tuple[table.Cells, list[str]]:
    """Return the letters, and what must not be: bugs, and what somebody is shown that is not theirs to see."""
    letters: dict[tuple[str, str], list[str]] = {}
    faults: dict[str, list[str]] = defaultdict(list)
    home = {site.things.home}
    everybody = {(door, fact) for (door, who), a in answers.items() if who.role in (NOBODY, RESIDENT) for fact, _at in a.done}
    for (door, viewer), answer in answers.items():
        if answer.bug:
            faults[f"{door}: {answer.bug}"].append(str(viewer))
        shown = answer.marks - opened
        foreign = sorted({site.marks[number].column for number in _foreign(site, viewer, shown)})
        if foreign:
            faults[f"{door} shows {', '.join(foreign)}"].append(str(viewer))
        if viewer.area_path not in ("", site.things.home):
            for fact in {fact for fact in _done_there(site, answer) if (door, fact) not in everybody}:
                faults[f"{door} does {fact} there"].append(str(viewer))
        if viewer.role == ALL_AT_ONCE:
            continue
        column, place = table.cell_of(viewer)
        cell = letters.setdefault((str(door), column), [table.NOT_ASKED] * (3 if viewer.position else 1))
        cell[place] = _letter(answer, {n for n in shown if site.marks[n].places == home})
    told = [f"{fault} -- to {', '.join(viewers)}" for fault, viewers in faults.items()]
    return {key: "".join(cell) for key, cell in letters.items()}, told


def _foreign(site, viewer: Viewer, marks) -> set[int]:
    """Return which of the marks are of places where the viewer holds nothing, neither there nor above nor below."""
    return {
        number
        for number in marks
        if not any(
            place.startswith(viewer.area_path) or viewer.area_path.startswith(place)
            for place in site.marks[number].places
        )
    } if viewer.area_path else set()


def _done_there(site, answer: Answer) -> list[str]:
    """Return the facts that an answer tells of having happened in the community that is asked for."""
    return sorted(fact for fact, path in answer.done if path.startswith(site.things.home))


def _letter(answer: Answer, seen: set[int]) -> str:
    if answer.status == 401 or (answer.status == 302 and "/accounts/login/" in answer.location):
        return table.SIGN_IN
    if answer.status == 403:
        return table.REFUSED
    if answer.status == 404:
        return table.ABSENT
    if 300 <= answer.status < 400:
        return table.LED_ON
    if 400 <= answer.status < 500:
        return table.NOT_TAKEN
    return table.SEES if seen else table.ANSWERED
