import csv
import io
import json
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, models

from haitang.cases import actions as cases
from haitang.cases.facts import CaseAnswered
from haitang.cases.models import Attachment, Case, Rating, Reporter
from haitang.core import crypto, files
from haitang.core.models import Entry
from haitang.opendata import actions, jobs, queries
from haitang.opendata.models import Publication
from haitang.opendata.queries import MonthReader
from haitang.opendata.tests.city import IN_JUNE, KEEPER, LAMP, WATER, fill, publish, rule
from haitang.opendata.values import COLUMNS, Format

pytestmark = pytest.mark.django_db
NAMES, PHONES = ["赵铁柱", "Zhao Tiezhu"], ["13912345678", "021-55667788"]
PLANTED = "赵铁柱 Zhao Tiezhu 13912345678 021-55667788"


@pytest.fixture
def on(town):
    rule("enabled", True)
    return town


def content(form="csv", month=None):
    row = Publication.objects.get(form=form, **({"month": month} if month else {}))
    return files.read(row.digest)


def lines():
    return list(csv.DictReader(io.StringIO(content().decode("utf-8-sig"))))


def test_nothing_is_published_until_somebody_decides_to(town):
    fill(town, 6)
    assert publish() == 0
    assert not Publication.objects.exists()
    with pytest.raises(queries.NothingPublished):
        queries.list_files()


def test_a_month_that_is_over_is_published_in_three_formats_that_say_the_same(on):
    fill(on, 6)
    assert publish() == 1
    found = lines()
    assert list(found[0]) == list(COLUMNS)
    assert {(line["month"], line["category_code"], line["state"]) for line in found} == {("2026-05", LAMP, "open")}
    assert json.loads(content("json"))[0]["reported_on"] == found[0]["reported_on"] == "2026-05-06"
    features = json.loads(content("geojson"))["features"]
    assert len(features) == len(found) == 6
    assert [str(part) for part in features[0]["geometry"]["coordinates"]] == [found[0]["lon"], found[0]["lat"]]


def test_no_column_holds_anything_of_a_person(on):
    """Names and telephones are planted in every text that a case, its reporter, its steps and ratings can hold."""
    case = fill(on, 6, reporter_name=NAMES[0], reporter_phone=PHONES[0], place=PLANTED, description=PLANTED)[0]
    cases.note_on_case(actor=on.grid, fact=CaseAnswered(case.pk, PLANTED), now=IN_JUNE)
    Attachment.objects.create(
        case=case, digest="0" * 64, mime="image/jpeg", width=1, height=1, size=1, added_at=IN_JUNE, added_by_id=7
    )
    Rating.objects.create(case=case, is_solved=True, score=5, at=IN_JUNE)
    kept = {"status", "stage", "level", "kind", "number"}  # of these the database takes certain words alone
    planted = set()
    for model in (Case, Attachment, Rating):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.TextField) and field.name not in kept and not field.unique:
                given = {field.name: PLANTED} if field.name != "external_id" else {"external_source": PLANTED}
                model.objects.filter(**({"pk": case.pk} if model is Case else {"case": case})).update(**given)
                planted.add(field.name)
            if isinstance(field, models.JSONField):
                model.objects.filter(pk=case.pk).update(**{field.name: {"note": {"text": PLANTED, "label": PLANTED}}})
                planted.add(field.name)
    assert {"description", "place", "query_code", "channel", "routing_reason", "answers", "text"} <= planted
    sealed = crypto.seal(PLANTED, "reporter.name")
    Reporter.objects.filter(case=case).update(name_sealed=sealed)
    assert Entry.objects.filter(data__icontains=NAMES[0]).exists(), "and the history holds them, too"
    assert publish() == 1
    told = "".join(content(form).decode("utf-8-sig") for form in Format.values)
    assert told.count(LAMP) == 18
    exact = [str(case.lon), str(case.lat), str(case.pk), case.number, case.query_code, *NAMES, *PHONES, "1391234"]
    assert [
        word for word in exact if word in [*told.replace('"', ",").split(",")] or (len(word) > 6 and word in told)
    ] == []


def test_what_is_rare_goes_up_to_the_next_area_then_to_the_wider_class_or_stays_out(on):
    rule("area_kind", "grid")
    fill(on, 5)
    fill(on, 3, column=1.5)  # the second grid, and
    fill(on, 2, column=2.5)  # another community
    fill(on, 4, WATER)
    assert publish() == 1
    told = {}
    for line in lines():
        key = line["category_code"], line["area_code"]
        told[key] = told.get(key, 0) + 1
    areas = queries.territory()
    grid, street, city = (areas.area(on.areas[word]).code for word in ("grid", "street", "city"))
    assert told == {(LAMP, grid): 5, (LAMP, street): 5}
    assert Publication.objects.get(form="csv").left_out == 4, "four of a class, alone in the whole city"
    rule("cell_min", 2)
    publish()
    assert {(line["category_code"], line["area_code"]) for line in lines()} >= {(WATER, grid)}
    assert city


def test_a_point_is_told_only_where_the_square_holds_enough(on):
    rule("rounding_m", 100)
    fill(on, 5)
    fill(on, 2, column=0.9)  # the same grid and community, another square
    publish()
    found = {(line["lon"], line["lat"], line["location"]) for line in lines()}
    assert {location for *_point, location in found} == {"square", "area"}
    assert len(found) == 2
    rule("rounding_m", 0)
    publish()
    assert {(line["lon"], line["location"]) for line in lines()} == {("", "")}


def test_denunciations_voided_and_hidden_ones_are_not_among_them(on):
    fill(on, 5)
    fill(on, 5, kind="denunciation")
    fill(on, 5, "30401")
    for case in fill(on, 5):
        cases.void_case(actor=on.dispatcher, case_id=case.pk, opinion="误报", now=IN_JUNE)
    publish()
    assert len(lines()) == 5


def test_what_stays_the_same_keeps_its_date_and_what_is_off_is_withdrawn(on):
    made = fill(on, 6)
    assert (publish(), publish(IN_JUNE + timedelta(days=1))) == (1, 0)
    before = Publication.objects.get(form="csv")
    assert before.changed_at == IN_JUNE
    cases.refuse_case(actor=on.dispatcher, case_id=made[0].pk, opinion="不属本市事权", now=IN_JUNE)
    assert publish(IN_JUNE + timedelta(days=2)) == 1
    assert {line["result"] for line in lines()} == {"", "refused"}
    rule("enabled", False)
    publish()
    assert not Publication.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_files_that_nothing_refers_to_are_gone(settings):
    from haitang.testing.cases import build_town

    fill(build_town(), 6)
    rule("enabled", True)
    publish()
    rule("dates", "month")
    jobs.follow_rule()
    kept = {path.name for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()}
    assert kept == set(Publication.objects.values_list("digest", flat=True))


def test_the_present_month_and_those_too_old_are_not_open(on):
    fill(on, 6)
    rule("months", 1)
    assert publish(IN_JUNE - timedelta(days=5)) == 0
    assert publish() == 1
    publish(IN_JUNE + timedelta(days=31))
    assert not Publication.objects.exists()


def test_the_command_writes_what_would_be_open_with_its_catalogue(town, tmp_path):
    fill(town, 6)
    assert actions.write_open_data(actor=KEEPER, folder=tmp_path, now=IN_JUNE) == 1
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {
        "data.json", "cases-2026-05.csv", "cases-2026-05.json", "cases-2026-05.geojson"
    }  # fmt: skip
    told = json.loads((tmp_path / "data.json").read_text())
    assert [one["rows"] for one in told["distribution"]] == [6, 6, 6]
    call_command("open_data", tmp_path)


def test_a_month_of_any_size_takes_the_same_memory(town, monkeypatch):
    """What is read is made up; the reader, the spool and the writers are the real ones."""
    fill(town, 1)
    (one,) = list(queries.cases.iter_anonymous(from_at=IN_JUNE - timedelta(40), to_at=IN_JUNE, hidden_ids=()))

    def peak(count):
        monkeypatch.setattr(queries.cases, "iter_anonymous", lambda **_: (one for _n in range(count)))
        tracemalloc.start()
        with queries.read_month(IN_JUNE.date().replace(month=5, day=1)) as reader:
            assert reader.rows == count
            size = sum(len(chunk) for chunk in actions.publishing._content("geojson", reader.lines()))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size, most

    (small, first), (large, second) = peak(1_000), peak(8_000)
    assert large > 7 * small
    assert second < first + 100_000


def test_reading_a_month_is_two_statements(town, django_assert_num_queries):
    fill(town, 3)
    queries.territory(), queries.cases.catalog(), queries.open_data_rules()
    with django_assert_num_queries(8), queries.read_month(IN_JUNE.date().replace(month=5, day=1)) as reader:
        assert reader.left_out == 3
    assert isinstance(reader, MonthReader)
    assert connection.vendor == "postgresql"
