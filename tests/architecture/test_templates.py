"""Templates: nothing inline (the Content-Security-Policy would drop it), and every icon that is named exists."""

import re

import pytest

from tests.architecture.building import SRC

TEMPLATES = sorted(SRC.rglob("templates/**/*.html"))
ICONS = {name for name in (SRC / "core/ui/icons.txt").read_text(encoding="utf-8").splitlines() if name[:1] != "#"}
INLINE = re.compile(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE)
ICON = re.compile(r"{%\s*icon\s+\"([^\"]+)\"|\bicon=\"([a-z0-9-]+)\"")
EXTERNAL = re.compile(r"(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)


def _name(path) -> str:
    return str(path.relative_to(SRC))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_holds_no_script_style_or_foreign_address(path):
    text = path.read_text(encoding="utf-8")
    assert not INLINE.findall(text)
    assert not EXTERNAL.findall(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_icon_named_in_a_template_is_in_the_sprite(path):
    named = {first or second for first, second in ICON.findall(path.read_text(encoding="utf-8"))}
    assert not named - ICONS
