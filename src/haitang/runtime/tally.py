"""`haitang tally`: the command of `haitang.tallying`, with the sentence of what it refuses."""

from haitang.core.errors import Refusal
from haitang.runtime.console import Unusable
from haitang.tallying.command import run


def command(arguments: list[str]) -> None:
    """Tally the file that is named. Raises Unusable where it is broken or its rule unknown."""
    try:
        run(arguments)
    except Refusal as refusal:
        raise Unusable(refusal.message) from refusal
