"""Compiled message catalogues, made from the .po files without gettext's own tools: not every machine has them."""

from pathlib import Path

import polib

ROOT = Path(__file__).parents[1]


def compile_all(root: Path = ROOT) -> int:
    """Compile every catalogue whose source is newer than what was compiled, and return how many were."""
    compiled = 0
    for source in sorted(root.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            draft = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)
            compiled += 1
    return compiled
