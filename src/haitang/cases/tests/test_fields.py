"""What fields suggest follows what it is suggested from."""

import pytest
from django import forms

from haitang.cases.forms.fields import AreaField
from haitang.territory import actions
from haitang.testing.actors import NOW
from haitang.testing.land import FOUNDER

pytestmark = pytest.mark.django_db


class Asking(forms.Form):
    area = AreaField()


def test_areas_are_suggested_by_the_names_they_bear_now(areas):
    assert "新名街道" not in str(Asking()["area"])
    actions.change_area(actor=FOUNDER, area_id=areas["street"], now=NOW, name="新名街道")
    assert "新名街道" in str(Asking()["area"])
