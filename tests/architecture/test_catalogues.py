"""English is complete: every message of the sources stands in its app's catalogue, translated and not by guess."""

import os
import shutil
import subprocess
import sys

import polib
import pytest

from tests.architecture.building import APPS, SRC

CATALOGUE = "locale/en/LC_MESSAGES/django.po"


@pytest.mark.catalogue
@pytest.mark.parametrize("app", ["core", *APPS])
def test_nothing_is_left_untranslated(app, tmp_path):
    if not shutil.which("xgettext"):
        pytest.skip("gettext is not installed here; CI has it")
    copy = tmp_path / app
    shutil.copytree(SRC / app, copy, ignore=shutil.ignore_patterns("tests", "migrations", "__pycache__", "*.mo"))
    (copy / "locale").mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "en", "--no-wrap", "--no-location", "-v", "0"],
        cwd=copy,
        check=True,
        env={key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"},
        capture_output=True,
    )
    if not (copy / CATALOGUE).exists():
        return
    entries = polib.pofile(str(copy / CATALOGUE))
    missing = [entry.msgid for entry in entries if not entry.obsolete and (entry.fuzzy or not entry.translated())]
    assert not missing, f"{len(missing)} of {len(entries)}: " + " | ".join(missing)
