"""The catalogue: shipped defaults loaded once, changes that take effect at once, a city's own table taken over."""

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from haitang.cases import actions, queries
from haitang.cases.models import Category, Phrase, RoutingRule
from haitang.core.errors import Invalid, NotAllowed
from haitang.testing.actors import NOW
from haitang.testing.cases import FOUNDER, report

SHARED = Path(os.environ.get("HAITANG_SHARED") or Path(__file__).parents[5] / "shared") / "data"
SAMPLE = SHARED / "cityclass_beijing_style.csv"


def test_the_shipped_catalogue_is_loaded_once_and_edits_stay(town):
    category = Category.objects.get(code="10101")
    actions.change_category(actor=FOUNDER, category_id=category.pk, name="自来水井盖", now=NOW)
    actions.remove_phrase(actor=FOUNDER, phrase_id=Phrase.objects.first().pk, now=NOW)
    before = (Category.objects.count(), Phrase.objects.count(), RoutingRule.objects.count())
    loaded = actions.load_default_catalog(actor=FOUNDER, now=NOW)
    assert (loaded.categories, loaded.phrases, loaded.rules) == (0, 0, 0)
    assert (Category.objects.count(), Phrase.objects.count(), RoutingRule.objects.count()) == before
    assert queries.catalog().category("10101").name == "自来水井盖"


def test_a_changed_limit_counts_for_the_next_case_and_leaves_running_ones(town):
    first = report(town.dispatcher, category_code="10101", channel="phone")
    category = Category.objects.get(code="10101")
    actions.change_category(actor=FOUNDER, category_id=category.pk, limits={"accept": "30分钟"}, now=NOW)
    second = report(town.dispatcher, category_code="10101", channel="phone")
    assert second.due_at == NOW + timedelta(minutes=30)
    first.refresh_from_db(fields=["due_at"])
    assert first.due_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    "limits", [{"accept": "很快"}, {"sleep": "4工作时"}, {"accept": "-3工作日"}, {"handle": "9999工作日"}]
)
def test_limits_that_cannot_be_read_or_would_never_end_are_refused(town, limits):
    category = Category.objects.get(code="10101")
    with pytest.raises(Invalid):
        actions.change_category(actor=FOUNDER, category_id=category.pk, limits=limits, now=NOW)
    assert Category.objects.get(code="10101").limits == category.limits


def test_only_those_who_may_change_the_catalogue(town):
    with pytest.raises(NotAllowed):
        actions.create_category(actor=town.leader, code="399", name="新", tree="life", now=NOW)
    with pytest.raises(NotAllowed):
        actions.change_setting(actor=town.leader, key="warn_at_percent", value=50, now=NOW)


def test_a_category_is_suggested_by_the_longest_keyword(town):
    assert queries.catalog().suggest("说不清是什么") is None
    assert report(town.resident).category_id is not None


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"no sample data beside the repository: {SAMPLE.name}")
def test_a_citys_own_table_of_130_classes_is_taken_over(db):
    done = actions.import_categories(actor=FOUNDER, path=SAMPLE, now=NOW)
    minors = Category.objects.filter(parent__isnull=False)
    assert (minors.count(), done.refused) == (130, [])
    assert Counter(minors.values_list("tree", flat=True)) == {"part": 77, "event": 53}
    assert Category.objects.get(code="10101").name == "上水井盖"
    again = actions.import_categories(actor=FOUNDER, path=SAMPLE, now=NOW)
    assert (again.made, again.unchanged) == (0, done.made)


def test_a_bad_table_gives_each_row_its_reason(db, tmp_path):
    table = tmp_path / "classes.csv"
    table.write_text(
        "类型,大类代码,大类名称,小类代码,小类名称\n部件,01,公用设施,01,上水井盖\n天气,01,晴,01,晴\n事件,,市容,01,垃圾\n"
    )
    done = actions.import_categories(actor=FOUNDER, path=table, now=NOW)
    assert done.made == 2
    assert [line for line, _reason in done.refused] == [3, 4]
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    with pytest.raises(Invalid):
        actions.import_categories(actor=FOUNDER, path=empty, now=NOW)
