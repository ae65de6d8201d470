"""Catalogues: read and compiled without gettext, and never broken."""

import gettext
import io

import pytest
from django.utils import translation

from haitang.core import catalogues

SOURCE = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"

#: somewhere
msgid ""
"多行"
"消息"
msgstr "several \"lines\"\n"

msgctxt "名词"
msgid "处置"
msgstr "handling"

msgid "%(n)d 件"
msgid_plural "%(n)d 件件"
msgstr[0] "%(n)d case"
msgstr[1] "%(n)d cases"

#, fuzzy
msgid "猜的"
msgstr "guessed"

#~ msgid "旧"
#~ msgstr "old"
"""


def test_what_is_compiled_is_what_gettext_reads(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(SOURCE, encoding="utf-8")
    read = gettext.GNUTranslations(io.BytesIO(catalogues.compiled(catalogues.read(path))))
    assert read.gettext("多行消息") == 'several "lines"\n'
    assert read.pgettext("名词", "处置") == "handling"
    assert read.ngettext("%(n)d 件", "%(n)d 件件", 1) == "%(n)d case"
    assert read.ngettext("%(n)d 件", "%(n)d 件件", 2) == "%(n)d cases"
    assert read.gettext("猜的") == "猜的"
    assert read.gettext("旧") == "旧"


def test_only_what_is_stale_is_compiled(tmp_path):
    place = tmp_path / "app" / "locale" / "en" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.po").write_text(SOURCE, encoding="utf-8")
    assert [catalogues.compile_stale(tmp_path), catalogues.compile_stale(tmp_path)] == [1, 0]


def test_another_placeholder_is_reported(tmp_path):
    path = tmp_path / "app" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE.replace('"%(n)d case"', '"%(m)d case"'), encoding="utf-8")
    assert len(catalogues.broken(path)) == 1


@pytest.mark.parametrize(
    "path", catalogues.sources(), ids=lambda path: f"{path.parents[3].name}-{path.parents[1].name}"
)
def test_no_catalogue_of_the_project_is_broken(path):
    assert not catalogues.broken(path)


def test_the_interface_speaks_both_languages():
    from django.utils.translation import gettext as _

    with translation.override("en"):
        assert _("退出") == "Sign out"
    with translation.override("zh-hans"):
        assert _("This field is required.") == "请填写此项。"
