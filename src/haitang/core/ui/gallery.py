"""What the gallery at /ui/ shows: every component in all its states."""

from django import forms
from django.http import HttpRequest


class Example(forms.Form):
    """A form with every kind of control."""

    title = forms.CharField(label="标题", max_length=60, help_text="一句话说明问题")


def context(request: HttpRequest) -> dict:
    """Return the gallery's content."""
    return {"form": Example()}
