"""What nobody may be asked, on whatever form: words kept as data, each with why."""

import tomllib
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

from haitang.core.errors import Invalid


@cache
def never_asked() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return what nobody may be asked about: words, and the sentence that says why."""
    text = files("haitang.core").joinpath("data", "never_asked.toml").read_text(encoding="utf-8")
    return tuple((tuple(rule["words"]), rule["why"]) for rule in tomllib.loads(text)["never"])


def check_asked(*texts: str) -> None:
    """Raise Invalid where one of the texts asks what the product never asks anybody."""
    for text in texts:
        for words, why in never_asked():
            found = next((word for word in words if word in text), None)
            if found is not None:
                raise Invalid(_("不能问“%(word)s”：%(why)s") % {"word": found, "why": why})
