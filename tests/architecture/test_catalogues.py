"""English is complete: every message of the sources stands in its app's catalogue, translated and not by guess; and a
message has one translation, whatever app it stands in."""

import os
import shutil
import subprocess
import sys
from collections import defaultdict

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


@pytest.mark.catalogue
def test_a_message_reads_the_same_wherever_it_stands():
    """Django puts all catalogues into one, in which the first app has the last word: what means something else with
    another app needs a context there."""
    said: defaultdict[tuple[str, str, str], dict[str, list[str]]] = defaultdict(dict)
    for path in sorted(SRC.glob(f"*/{CATALOGUE}")):
        for entry in polib.pofile(str(path)):
            if not entry.obsolete and entry.translated():
                english = " / ".join(entry.msgstr_plural.values()) or entry.msgstr
                key = entry.msgctxt or "", entry.msgid, entry.msgid_plural
                said[key].setdefault(english, []).append(path.relative_to(SRC).parts[0])
    differing = {key[1]: each for key, each in said.items() if len(each) > 1}
    assert not differing, "one English for one message, or a context (pgettext, context): " + repr(differing)
