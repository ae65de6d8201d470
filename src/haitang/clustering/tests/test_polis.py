"""Two real conversations (compdemocracy/openData, CC BY 4.0): people are where the published groups have them."""

import csv
import os
import random
from collections import Counter
from itertools import permutations
from pathlib import Path

import pytest

from haitang.clustering import Votes, find_groups

SHARED = [Path(os.environ.get("HAITANG_SHARED", "/nowhere")), Path(__file__).parents[5] / "shared"]
CONVERSATIONS = ("scoop-hivemind.biodiversity", "ssis.land-bank-farmland.2rumnecbeh.2021-08-01")


def rows(conversation, name):
    folder = next((each / "data" / "polis" for each in SHARED if (each / "data" / "polis").is_dir()), None)
    if folder is None:
        pytest.skip("the conversations are not here: ../shared/data/polis")
    with (folder / conversation / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def cast(conversation):
    """Return the last vote of each person on each statement that was not moderated out."""
    kept = {int(each["comment-id"]) for each in rows(conversation, "comments") if each["moderated"] != "-1"}
    last = {}
    for each in rows(conversation, "votes"):
        last[int(each["voter-id"]), int(each["comment-id"])] = int(each["vote"])
    return [(person, about, vote) for (person, about), vote in last.items() if about in kept]


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_people_are_in_the_published_groups(conversation):
    found = find_groups(Votes.of(cast(conversation)))
    published = {int(row["participant"]): row["group-id"] for row in rows(conversation, "participants-votes")}
    ours = {person: int(found.group[at]) for at, person in enumerate(found.people) if found.group[at] >= 0}
    both = [(ours[person], group) for person, group in published.items() if group and person in ours]
    names = sorted({group for _our, group in both})

    assert len(found.groups) == len(names)
    together = Counter(both)
    same = max(sum(together[pair] for pair in enumerate(order)) for order in permutations(names))
    assert same / len(both) >= 0.95, "87 in a hundred are asked for"
    assert abs(len(ours) - sum(group != "" for group in published.values())) <= 6


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_shuffled_and_renamed_people_are_in_the_same_groups(conversation):
    votes = cast(conversation)
    order = random.Random(5)
    people = sorted({person for person, _about, _vote in votes})
    renamed = dict(zip(people, order.sample(range(10_000), len(people)), strict=True))
    again = [(renamed[person], about, vote) for person, about, vote in order.sample(votes, len(votes))]

    first, second = find_groups(Votes.of(votes)), find_groups(Votes.of(again))

    assert first.groups == second.groups
    assert first.statements == second.statements
    was = dict(zip(first.people, first.group.tolist(), strict=True))
    now = dict(zip(second.people, second.group.tolist(), strict=True))
    assert all(was[person] == now[renamed[person]] for person in people)
