"""Every component renders in all its states, and says what a screen reader needs to hear."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from haitang.core import clock
from haitang.core.paging import Page
from haitang.core.templatetags import ui
from haitang.core.ui.forms import PhotosField
from haitang.core.ui.gallery import Example


def draw(template: str, **context) -> str:
    return render_to_string(template, context, request=RequestFactory().get("/list/?status=open&cursor=old"))


def test_an_error_is_tied_to_its_field():
    html = str(Example({"title": ""}, auto_id="id_%s"))
    field = re.search(r'<input[^>]*name="title"[^>]*>', html).group()
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_title_helptext id_title_error"' in field
    assert 'id="id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'href="#id_title"' in html


def test_a_group_of_choices_is_a_fieldset_with_its_question_and_error():
    html = str(Example({}, auto_id="id_%s"))
    group = re.search(r"<fieldset.*?</fieldset>", html, re.DOTALL).group()
    assert '<legend class="form-label">来源' in group
    assert 'aria-describedby="id_channel_error"' in group


def test_controls_wear_the_site_looks_and_the_browsers_pickers():
    html = str(Example(initial={"on": datetime(2026, 11, 3, tzinfo=UTC).date()}))
    assert 'class="form-select"' in html
    assert 'type="date" name="on" value="2026-11-03"' in html
    assert 'type="datetime-local" name="at"' in html
    assert 'accept="image/*"' in html


def test_an_hour_typed_in_the_browsers_picker_is_local():
    class Appointment(forms.Form):
        at = forms.DateTimeField()

    form = Appointment({"at": "2026-11-20T14:05"})
    assert form.is_valid()
    assert form.cleaned_data["at"] == datetime(2026, 11, 20, 6, 5, tzinfo=UTC)


def test_several_photos_come_as_a_list():
    class Report(forms.Form):
        photos = PhotosField(required=False)

    two = [SimpleUploadedFile("a.jpg", b"a"), SimpleUploadedFile("b.jpg", b"b")]
    form = Report({}, MultiValueDict({"photos": two}))
    assert form.is_valid()
    assert form.cleaned_data["photos"] == two
    empty = Report({}, {})
    assert empty.is_valid()
    assert empty.cleaned_data["photos"] == []


def test_the_pager_keeps_the_filter_and_replaces_the_cursor():
    html = draw("ui/pager.html", page=Page([], 1_234_567, previous="p", next="n"))
    assert "共 1,234,567 条" in html
    assert "?status=open&amp;cursor=n" in html
    assert "cursor=old" not in html


def test_the_pager_offers_nothing_where_the_list_ends():
    assert "<a " not in draw("ui/pager.html", page=Page([], 0))


@pytest.mark.parametrize("level", ["success", "info", "warning", "error"])
def test_an_alert_announces_itself(level):
    html = draw("ui/alert.html", level=level, text="<b>")
    assert f'role="{"alert" if level in ("warning", "error") else "status"}"' in html
    assert "&lt;b&gt;" in html


def test_a_tag_of_an_unknown_colour_is_grey():
    assert "ht-tag-grey" in draw("ui/tag.html", text="x", colour='"><script>')


def test_a_timeline_without_steps_says_so():
    assert "还没有记录" in draw("ui/timeline.html", steps=[])


def test_a_map_names_its_point_and_its_inputs():
    html = draw("ui/map.html", point=(117.1, 34.2), lon_input="id_lon", lat_input="id_lat", url="/x.json")
    assert 'data-point="117.1000000,34.2000000"' in html
    assert 'data-lon-input="id_lon"' in html


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "不到1分钟"),
        (59, "不到1分钟"),
        (60, "1分钟"),
        (3_600, "1小时"),
        (86_460, "1天"),
        (183_600, "2天3小时"),
        (-90, "1分钟"),
    ],
)
def test_a_length_of_time_is_told_by_its_two_largest_units(seconds, text):
    assert ui.duration(seconds) == text
    assert ui.duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("count", "chinese", "english"),
    [(0, "0", "0"), (9_999, "9,999", "9,999"), (20_000, "2万", "20.0k"), (123_456_789, "1.23亿", "123.5M")],
)
def test_large_numbers_are_written_as_they_are_read(count, chinese, english):
    assert ui.wan(count) == chinese
    with translation.override("en"):
        assert ui.wan(count) == english


def test_an_instant_is_told_in_local_time(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    assert ">今天 00:30<" in ui.when(datetime(2026, 11, 19, 16, 30, tzinfo=UTC))
    assert ">昨天 23:59<" in ui.when(datetime(2026, 11, 19, 15, 59, tzinfo=UTC))
    assert ">2025年1月2日 08:00<" in ui.when(datetime(2025, 1, 2, tzinfo=UTC))
    assert ui.when(None) == ""
