"""The history forgets a person and its seal still holds; nothing else of it can be changed on the way."""

from dataclasses import dataclass
from typing import Annotated

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from haitang.core import erasing, history, seal
from haitang.core.access import Actor
from haitang.core.facts import Fact
from haitang.core.history import Entry
from haitang.core.privacy import Privacy
from haitang.core.tests.test_seal import seal_now, tamper
from haitang.testing.actors import NOW

pytestmark = pytest.mark.django_db(transaction=True)

WANG, CLERK = Actor("王小明", id=7), Actor("赵强", id=8, organization_id=3, organization_name="房管局")


@dataclass(frozen=True)
class LampTold(Fact):
    subject_type = "lamp"
    lamp_id: Annotated[int, Privacy.INTERNAL]
    words: Annotated[str, Privacy.PERSONAL]
    state: Annotated[str, Privacy.INTERNAL] = "open"
    solved: Annotated[bool | None, Privacy.PERSONAL] = None


@dataclass(frozen=True)
class EntryErased(Fact):
    subject_type = "entry"
    entry_id: Annotated[int, Privacy.INTERNAL]
    rest: Annotated[str, Privacy.INTERNAL]


@pytest.fixture
def told():
    """Wang tells of a lamp, a clerk writes about him; of another lamp the clerk writes alone. Sealed."""
    ids = [
        history.record(actor=WANG, fact=LampTold(1, "我是王小明", "told", True), at=NOW),
        history.record(actor=CLERK, fact=LampTold(1, "已电话告知王小明，13800001234"), at=NOW),
        history.record(actor=CLERK, fact=LampTold(2, "王小明路的灯"), at=NOW),
        history.record(actor=WANG, fact=LampTold(3, "另一件"), at=NOW),
    ]
    seal_now()
    return ids


def forget(**wanted) -> int:
    return erasing.forget(actor=CLERK, wanted=erasing.Forgetting(**wanted), told=EntryErased, now=NOW)


def entry(pk: int) -> Entry:
    return Entry.objects.get(pk=pk)


WANTED = {"account_id": 7, "subjects": (("lamp", 1),), "hidden": ("王小明", "13800001234")}


def test_what_the_person_wrote_is_gone_and_what_counts_stays(told):
    assert forget(**WANTED) == 2
    own, others = entry(told[0]), entry(told[1])
    assert (own.actor_id, own.actor_name, own.data["words"]) == (None, erasing.FORGOTTEN, "")
    assert (own.data["state"], own.data["solved"]) == ("told", True)
    assert (others.actor_name, others.data["words"]) == ("赵强", "已电话告知***，***")
    assert entry(told[2]).data["words"] == "王小明路的灯"
    assert entry(told[3]).actor_id == 7
    assert forget(**WANTED) == 0


def test_of_a_whole_account_every_deed_is_forgotten(told):
    assert forget(everywhere=True, **WANTED) == 3
    assert not Entry.objects.filter(actor_id=7).exists()


def test_the_seal_holds_before_and_after_the_erasure_is_sealed(told):
    forget(**WANTED)
    assert not seal.verify().findings
    seal_now()
    report = seal.verify()
    assert (report.findings, report.erased, report.waiting) == ([], 2, 0)


def test_an_entry_erased_before_it_was_sealed_is_sealed_as_it_was():
    pk = history.record(actor=WANG, fact=LampTold(9, "我"), at=NOW)
    whole = next(iter(seal._entries("WHERE id = %s", [pk])))
    forget(account_id=7, subjects=(("lamp", 9),))
    seal_now()
    left = next(iter(seal._entries("WHERE id = %s", [pk])))
    assert seal.entry_hash(left) == seal.entry_hash(whole)
    assert not seal.verify().findings


def test_erased_again_it_still_verifies(told):
    forget(subjects=(("lamp", 1),), hidden=("王小明",))
    forget(**WANTED)
    seal_now()
    assert not seal.verify().findings
    assert entry(told[1]).data["words"] == "已电话告知***，***"


@pytest.mark.parametrize(
    "change",
    ["actor_name = '李四'", "data = jsonb_set(data, '{state}', '\"别的\"')", "at = at + interval '1 us'",
     "data = jsonb_set(data, '{_sealed}', to_jsonb(repeat('0', 64)))"],
)  # fmt: skip
def test_what_is_left_cannot_be_altered_unseen(told, change):
    forget(**WANTED)
    seal_now()
    tamper(f"UPDATE core_entry SET {change} WHERE id = %s", told[0])
    assert [(each.kind, each.entry_id) for each in seal.verify().findings] == [("entry_altered", told[0])]


def test_an_erasure_without_its_fact_is_named(told):
    forget(**WANTED)
    tamper("DELETE FROM core_entry WHERE fact = 'EntryErased' AND subject_id = %s", told[0])
    assert ("entry_erased", told[0]) in [(each.kind, each.entry_id) for each in seal.verify().findings]


@pytest.mark.parametrize(
    "change",
    [
        "subject_id = 99",
        "actor_name = '李四'",
        "salt = '00000000-0000-0000-0000-000000000000'",
        "data = '{\"_sealed\": \"no\"}', salt = '00000000-0000-0000-0000-000000000000'",
        "data = jsonb_build_object('_sealed', repeat('0', 64)), salt = '00000000-0000-0000-0000-000000000000'",
    ],
)
def test_the_database_takes_no_other_change(told, change):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE core_entry SET {change} WHERE id = %s", [told[0]])


def test_only_texts_of_persons_are_words():
    assert set(erasing.personal_texts(LampTold)) == {"words"}
