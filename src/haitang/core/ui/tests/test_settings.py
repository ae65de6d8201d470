"""The form of settings: a field for each kind of value, and only what was changed comes out of it."""

import pytest

from haitang.core.shipped import SettingLine
from haitang.core.ui.settings import SettingsForm

HELD = {
    "is_open": True, "days": 3, "level": 1.96, "title": "a", "who": "all", "kinds": ["b", "c"], "after": [7, 30],
    "several": ["x"], "limits": {"low": 0, "high": 5},
}  # fmt: skip


class Form(SettingsForm):
    labels = {key: key for key in HELD}
    parts = {"low": "低", "high": "高"}
    choices = {"who": [("all", "全部"), ("some", "部分")], "several": [("x", "甲"), ("y", "乙")]}
    hints = {"days": "工作日"}
    number_max = 10
    text_max = 3


TYPED = {
    "is_open": "on", "days": "3", "level": "1.96", "title": "a", "who": "all", "kinds": "b\nc", "after": "7\n30",
    "several": ["x"], "limits_low": "0", "limits_high": "5",
}  # fmt: skip


def form(**typed: object) -> Form:
    return Form({**TYPED, **typed}, lines=[SettingLine(key, value, "样例", False) for key, value in HELD.items()])


def test_nothing_was_changed():
    sent = form()
    assert sent.is_valid(), sent.errors
    assert sent.changed() == {}


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        ({"is_open": ""}, {"is_open": False}),
        ({"days": "10"}, {"days": 10}),
        ({"level": "2.5"}, {"level": 2.5}),
        ({"title": "bcd"}, {"title": "bcd"}),
        ({"who": "some"}, {"who": "some"}),
        ({"kinds": " c \n\n d"}, {"kinds": ["c", "d"]}),
        ({"after": "1\r\n2\r\n"}, {"after": [1, 2]}),
        ({"several": ["x", "y"]}, {"several": ["x", "y"]}),
        ({"limits_high": "0"}, {"limits": {"low": 0, "high": 0}}),
    ],
)
def test_what_was_changed(typed, changed):
    sent = form(**typed)
    assert sent.is_valid(), sent.errors
    assert sent.changed() == changed


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("days", "0"), ("days", "11"), ("title", "abcd"), ("who", "none"), ("kinds", " "), ("after", "7\nsoon"),
        ("after", "-1"), ("several", ["z"]), ("limits_low", "-1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_stays_as_typed(name, typed):
    sent = form(**{name: typed})
    assert list(sent.errors) == [name]
    assert sent[name].value() == typed


def test_every_field_says_where_its_value_is_from():
    fields = form().fields
    assert fields["days"].help_text == "工作日 依据：样例"
    assert (fields["limits_low"].help_text, fields["limits_high"].help_text) == ("", "依据：样例")
    assert str(form()["after"]).count("7\n30") == 1
