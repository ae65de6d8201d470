"""A new field key while people write: everything stays readable, and nothing is left under the former key."""

import threading
from io import StringIO
from unittest.mock import patch

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.models import BinaryField

from haitang.cases.models import Reporter
from haitang.cases.queries.own_data import reporter_in_full
from haitang.core import crypto, resealing
from haitang.core.keyfile import KeyFile
from haitang.core.management.commands import rotate_keys
from haitang.people.models import Person
from haitang.testing.cases import report
from haitang.testing.people import build_account

FIRST = "Zmlyc3Qga2V5IG9mIGZpZWxkcywgdGhpcnR5LXR3byBieXRlcw"


@pytest.fixture
def keys(tmp_path, settings, monkeypatch) -> KeyFile:
    """A key file of this test's own; the command's waits are short."""
    path = tmp_path / "field"
    path.write_text(FIRST)
    settings.FIELD_KEYS = KeyFile(path)
    monkeypatch.setattr("haitang.core.keyfile.LOOKS_EVERY_S", 0.01)
    monkeypatch.setattr(rotate_keys, "LOOKS_EVERY_S", 0.05)
    return settings.FIELD_KEYS


def rotate(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue()


def told(town, n: int) -> list[int]:
    return [
        report(town.resident, reporter_name=f"王{each}", reporter_phone=f"1540000{each:04}").pk for each in range(n)
    ]


def test_every_column_of_sealed_values_says_for_which_context():
    columns = list(resealing.sealed_columns())
    assert len(columns) > 40
    assert len({(each.context, each.name) for each in columns}) == len(columns) - _shared(columns)
    for each in columns:
        assert isinstance(each.model._meta.get_field(each.name), BinaryField)


def _shared(columns) -> int:
    """Return how many columns share a context and a name: those of the same words in one app."""
    seen = [(each.context, each.name) for each in columns]
    return len(seen) - len(set(seen))


@pytest.mark.django_db
def test_everything_opens_after_it_and_nothing_is_under_the_former_key(town, keys):
    ids = told(town, 12)
    person = Person.objects.create(name="李明")
    person.phone, person.address = "15400009999", "春和花园3幢201"
    person.save()
    account = build_account("李明", person)
    Authenticator.objects.create(
        user=account, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}
    )
    before = dict(Reporter.objects.values_list("pk", "phone_sealed"))
    said = rotate()
    assert crypto.key_numbers(keys.text(fresh=True)) == [2]
    assert FIRST not in keys.text()
    assert [reporter_in_full(each) for each in ids] == [(f"王{n}", f"1540000{n:04}") for n in range(12)]
    assert resealing.count_old() == 0
    assert all(bytes(sealed)[0] == 2 != bytes(before[pk])[0] for pk, sealed in Reporter.objects.values_list(
        "pk", "phone_sealed") if sealed)  # fmt: skip
    person.refresh_from_db()
    assert (person.phone, person.address) == ("15400009999", "春和花园3幢201")
    assert get_adapter().decrypt(Authenticator.objects.get().data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert FIRST not in said
    assert keys.text().partition(":")[2] not in said
    rotate()
    assert crypto.key_numbers(keys.text(fresh=True)) == [3]
    assert reporter_in_full(ids[0])[0] == "王0"


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_goes_on_with_writers_all_the_while(town, keys):
    ids = told(town, 30)
    stop, made, broken = threading.Event(), [], []

    def write() -> None:
        n = 0
        try:
            while not stop.is_set():
                n += 1
                person = Person(name=f"新人{n}")
                person.phone, person.address = f"1550000{n:04}", "路1号"
                person.save()
                made.append((person.pk, person.phone))
                again = Person.objects.get(pk=made[0][0])
                again.phone = made[0][1]  # the same row over and over, while it is sealed anew
                again.save()
                if Person.objects.get(pk=person.pk).phone != person.phone:
                    broken.append(person.pk)
        except Exception as error:
            broken.append(repr(error))
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with patch.object(resealing, "BATCH", 7), pytest.raises(OperationalError):
            _killed_after(2)
        connection.close()
        assert len(crypto.key_numbers(keys.text(fresh=True))) == 2
        assert [reporter_in_full(each)[0] for each in ids] == [f"王{n}" for n in range(30)]
        assert "继续上次" in rotate()
    finally:
        stop.set()
        writer.join(30)
    assert broken == []
    assert len(made) > 1
    assert crypto.key_numbers(keys.text(fresh=True)) == [2]
    assert resealing.count_old() == 0
    assert [reporter_in_full(each) for each in ids] == [(f"王{n}", f"1540000{n:04}") for n in range(30)]
    assert {pk: Person.objects.get(pk=pk).phone for pk, _phone in made} == dict(made)


def _killed_after(batches: int) -> None:
    """Rotate, and lose the connection as the batch behind so many is sealed."""
    sealed, reseal = [], resealing.reseal

    def dying(column, **given):
        if sealed and len(sealed) >= batches:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        n, after = reseal(column, limit=7, **given)
        sealed.extend([n] if n else [])
        return n, after

    with patch.object(resealing, "reseal", dying):
        rotate()


@pytest.mark.django_db
def test_a_value_written_meanwhile_is_not_overwritten(town, keys, monkeypatch):
    (case_id,) = told(town, 1)
    column = next(each for each in resealing.sealed_columns() if each.model is Reporter and each.name == "phone_sealed")
    keys.write(f"2:{FIRST[::-1]},1:{FIRST}")
    seal = crypto.seal

    def changed_meanwhile(text, context):
        Reporter.objects.filter(pk=case_id).update(phone_sealed=seal("15499999999", "reporter.phone"))
        return seal(text, context)

    monkeypatch.setattr(crypto, "seal", changed_meanwhile)
    resealing.reseal(column)
    monkeypatch.undo()
    assert reporter_in_full(case_id)[1] == "15499999999"


@pytest.mark.django_db
def test_a_process_that_has_not_seen_the_new_key_opens_what_is_sealed_with_it(keys, monkeypatch):
    monkeypatch.setattr("haitang.core.keyfile.LOOKS_EVERY_S", 3600)
    crypto.seal("x", "a.b")
    other = KeyFile(keys.path)
    other.write(f"2:{FIRST[::-1]},1:{FIRST}")
    with patch.object(django_settings, "FIELD_KEYS", other):
        sealed = crypto.seal("13800001234", "a.b")
    assert sealed[0] == 2
    assert crypto.open_(sealed, "a.b") == "13800001234"


@pytest.mark.django_db
def test_keys_from_the_environment_are_sealed_anew_and_never_changed(town, settings):
    settings.FIELD_KEYS = FIRST
    (case_id,) = told(town, 1)
    with pytest.raises(CommandError, match="HAITANG_FIELD_KEYS"):
        rotate()
    settings.FIELD_KEYS = f"2:{FIRST[::-1]},1:{FIRST}"
    assert "没有旧密钥加密的了" in rotate("--only-reseal")
    settings.FIELD_KEYS = f"2:{FIRST[::-1]}"
    assert reporter_in_full(case_id) == ("王0", "15400000000")
