"""Who may see what, asserted door by door by real requests: docs/reference/access.md is what they give.

A city is founded, with something in every app; every text in it that belongs to one community bears a mark. Everybody
then asks at each door for the things of that community. Whatever the answer is, it must not hold a mark of a place
where the asker holds nothing: not in a list, a search, an export, an error. What is open to everybody is found by
asking as nobody and as somebody without a role, and listed on that page: a column that becomes public is seen there.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

import pytest
from django.db import transaction

from haitang.runtime.live import may_hear
from tests.access import table, unfiltered
from tests.access.asking import Answer
from tests.access.doors import Door, doors
from tests.access.viewers import ALL_AT_ONCE, NEIGHBOUR, NOBODY, OTHER, OWN, RESIDENT, Viewer

WRITE = "write its row by `pytest -m nightly tests/access --write-table`"
EVER_NEW = {"/accounts/2fa/code/add/", "/accounts/2fa/passkey/add/"}
"""Pages that make a new secret whenever they are shown."""
TOKENS = re.compile(
    rb'(csrfmiddlewaretoken" value="|name="key" value="|X-CSRFToken": ?"|nonce=")[^"]*|<dcterms:\w+ [^<]*<'
)
Answers = dict[tuple[Door, Viewer], Answer]


def test_every_door_has_a_row_and_every_row_a_door():
    rows, _opened = table.read()
    there = {str(door) for door in doors()}
    assert not sorted(there - set(rows)), f"a new page or operation: {WRITE}"
    assert not sorted(set(rows) - there), "rows of what is no more"


def test_the_roles_that_pass_a_door_are_those_of_its_permission():
    rows, _opened = table.read()
    wrong = [f"{door}: {table.signs_of(door)}" for door in doors() if rows[str(door)][1] != table.signs_of(door)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
@pytest.mark.django_db
def test_whoever_holds_everything_over_the_neighbour_is_shown_nothing_of_this_community(site, settings):
    """The representative form: the viewer with the permissions of all roles at once, at every door, and behind."""
    rows, opened = table.read()
    strongest = site.named(ALL_AT_ONCE, NEIGHBOUR)
    answers = _ask(site, strongest, most=1)
    seen = {what.removeprefix("shows ") for what in opened}
    faults = _faults(site, answers, seen, opened)
    place = table.VIEWERS.index((ALL_AT_ONCE, NEIGHBOUR))
    for (door, _viewer), answer in answers.items():
        letter = rows[str(door)][0][place] if door.names or door.method == "GET" else table.NOT_ASKED
        if letter in table.REFUSED + table.ABSENT and answer.status < 400:
            faults.append(f"{door}: `{letter}` in the table, {answer.status} now")
    told = [news for news in site.news if news["p"].startswith(site.things.home)]
    faults += [f"an open page hears of {news['f']}" for news in told if may_hear(strongest.actor, news)]
    assert told
    faults += _faults_of_the_second_wall(site, settings)
    assert not faults, "\n".join(faults)


def _faults_of_the_second_wall(site, settings) -> list[str]:
    """Return what a page that forgets all filters shows of the community to others, and what it keeps from its own.

    Whoever holds nothing is shown nothing at all.
    """
    names = ((NOBODY, ""), (RESIDENT, ""), *((ALL_AT_ONCE, position) for position in (OWN, NEIGHBOUR, OTHER)))
    clients = {name: site.asker.client(site.named(*name)) for name in names}
    settings.ROOT_URLCONF = unfiltered.__name__
    shown = {name: unfiltered.rows_shown_to(client) for name, client in clients.items()}
    rows, home, faults = site.things.rows, {site.things.home}, []
    for model in unfiltered.walled():
        label = model._meta.label
        of_home = {pk for pk in rows.held.get(model, ()) if rows.places(model, pk) == home}
        not_theirs = {
            "nobody": shown[NOBODY, ""][label],
            "a resident": shown[RESIDENT, ""][label],
            "the neighbour": shown[ALL_AT_ONCE, NEIGHBOUR][label] & of_home,
            "another street": shown[ALL_AT_ONCE, OTHER][label] & of_home,
        }
        faults += [f"{label}: {who} sees {len(seen)} rows" for who, seen in not_theirs.items() if seen]
        if missed := of_home - shown[ALL_AT_ONCE, OWN][label]:
            faults.append(f"{label}: {len(missed)} rows are kept from whoever holds everything there")
    return faults


@pytest.mark.nightly
@pytest.mark.long
@pytest.mark.django_db
def test_every_letter_is_what_a_request_gives_and_no_role_sees_more(site, request):
    """The full form: every role at every door, over each of the three communities.

    What is open to everybody, and what the strongest of the others are shown, is looked for in more than one row.
    """
    answers: Answers = {}
    for viewer in site.viewers:
        answers |= _ask(site, viewer, most=1)
    wide: Answers = {}
    for role, position in table.VIEWERS[:-1]:
        wide |= _ask(site, site.named(role, position))
    seen = _open(site, wide)
    rows = {door: table.letters_of(_cells(site, answers, door, seen)) for door in doors()}
    opened = sorted(_told_open(site, wide))
    if request.config.getoption("--write-table", False):
        table.PAGE.write_text(table.written(rows, opened), "utf-8")
    held, told = table.read()
    faults = _faults(site, answers, seen, opened) + _faults(site, wide, seen, opened) + _doors_that_let_in(answers)
    faults += [f"{door}: {held.get(str(door))} but {row}" for door, row in rows.items() if held[str(door)][0] != row]
    assert not faults, "\n".join(faults)
    assert sorted(told) == opened


@pytest.mark.nightly
@pytest.mark.long
@pytest.mark.django_db
def test_no_answer_changes_with_what_is_elsewhere(site):
    """Not even a count: without anything in this community, lists, figures and exports of others are what they were.

    What also changes for whoever holds nothing is open to everybody.
    """
    listed = [door for door in doors() if door.method == "GET" and not door.names and door.path not in EVER_NEW]
    viewers = [site.named(RESIDENT), *(site.named(ALL_AT_ONCE, position) for position in (OTHER, NEIGHBOUR))]

    def ask() -> dict[tuple[Door, Viewer], bytes]:
        return {
            (door, viewer): TOKENS.sub(b"", site.asker.ask(viewer, door, door.path).said)
            for viewer in viewers
            for door in listed
        }

    before = ask()
    with transaction.atomic():
        left = site.things.rows.empty(site.things.home)
        after = ask()
        transaction.set_rollback(True)
    changed = [asked for asked, said in before.items() if after[asked] != said]
    everybodys = {door for door, viewer in changed if viewer.role == RESIDENT}
    meant = {path for each in table.COUNTED for path in each["doors"]}
    told = [f"{door} as {viewer}" for door, viewer in changed if door not in everybodys and door.path not in meant]
    assert not told, "\n".join([*told, f"(still there: {left})"])


def _ask(site, viewer: Viewer, most: int = 9) -> Answers:
    """Ask as the viewer at every door; of several addresses of a door tell the best status, and all that was shown."""
    answers: Answers = {}
    for door in doors():
        for path in site.things.paths(door)[:most]:
            answer = replace(site.asker.ask(viewer, door, path), said=b"")
            before = answers.get((door, viewer), answer)
            best = answer if answer.status < before.status else before
            answers[door, viewer] = replace(
                best, marks=answer.marks | before.marks, done=answer.done | before.done, bug=before.bug or answer.bug
            )
    return answers


def _open(site, answers: Answers) -> set[str]:
    """Return the kinds of marks that everybody is shown somewhere: not row by row, since lists have pages."""
    shown = frozenset().union(*(a.marks for (_door, who), a in answers.items() if who.role in (NOBODY, RESIDENT)))
    return {site.marks[number].kind for number in shown}


def _told_open(site, answers: Answers) -> set[str]:
    """Return, as sentences, the columns that everybody is shown, and what everybody may do in the community."""
    told = {f"shows {kind}" for kind in _open(site, answers)}
    for (door, who), answer in answers.items():
        if who.role in (NOBODY, RESIDENT):
            told |= {f"{door} does {fact}" for fact in _done_there(site, answer)}
    return told


def _faults(site, answers: Answers, opened: set[str], everybodys: Collection[str]) -> list[str]:
    """Return bugs, what somebody is shown that is not theirs to see, and what somebody does where they hold nothing.

    opened: the kinds of marks that everybody is shown; everybodys: as sentences, with what everybody may do.
    """
    faults: dict[str, list[str]] = defaultdict(list)
    for (door, viewer), answer in answers.items():
        if answer.bug:
            faults[f"{door}: {answer.bug}"].append(str(viewer))
        for kind in {site.marks[number].kind for number in _foreign(site, viewer, answer.marks)} - opened:
            faults[f"{door}: shows {kind}"].append(str(viewer))
        if viewer.area_path not in ("", site.things.home):
            for fact in _done_there(site, answer):
                if f"{door} does {fact}" not in everybodys:
                    faults[f"{door}: {door} does {fact}"].append(str(viewer))
    accepted = {f"{each['door']}: {each['what']}" for each in table.ACCEPTED}
    return [
        f"{fault} -- {', '.join(dict.fromkeys(viewers))}" for fault, viewers in faults.items() if fault not in accepted
    ]


def _foreign(site, viewer: Viewer, marks) -> set[int]:
    """Return which of the marks are of places where the viewer holds nothing, neither there nor above nor below."""
    if not viewer.area_path:
        return set()
    return {
        number
        for number in marks
        if not any(
            place.startswith(viewer.area_path) or viewer.area_path.startswith(place)
            for place in site.marks[number].places
        )
    }


def _done_there(site, answer: Answer) -> list[str]:
    """Return the facts that an answer tells of having happened in the community that is asked for."""
    return sorted(fact for fact, path in answer.done if path.startswith(site.things.home))


def _doors_that_let_in(answers: Answers) -> list[str]:
    """Return the doors that did not turn away a role without their permission."""
    held = {role.code: set(role.permissions) for role in table.shipped_roles()}
    return [
        f"{door} lets in {viewer}: {answer.status}"
        for (door, viewer), answer in answers.items()
        if viewer.role in held and not table.passes(door, held[viewer.role]) and answer.status != 403
    ]


def _cells(site, answers: Answers, door: Door, opened: set[str]) -> dict[Viewer, str]:
    home = {site.things.home}
    return {
        viewer: _letter(
            answer, any(site.marks[n].places == home and site.marks[n].kind not in opened for n in answer.marks)
        )
        for viewer in site.viewers
        if (answer := answers.get((door, viewer)))
    }


def _letter(answer: Answer, sees: bool) -> str:
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
    return table.SEES if sees else table.ANSWERED
