"""The measurements of what is worked out in memory: best assignments, best plans, groups of opinion, tallies."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from haitang.bench.counting import tally_memory, tally_parse, tally_shares
from haitang.bench.dispatching import dispatch_city, dispatch_quarter
from haitang.bench.grouping import group_opinions
from haitang.bench.matching import match_city, match_lists
from haitang.bench.report import Result

if TYPE_CHECKING:
    from haitang.bench.measures import Scene

MEASURES: "dict[str, Callable[[Scene], Result]]" = {
    "dispatch_1k": dispatch_quarter,
    "dispatch_10k": dispatch_city,
    "match_lists": match_lists,
    "match_1k": match_city,
    "group_opinions": group_opinions,
    "tally_parse": tally_parse,
    "tally_shares": tally_shares,
    "tally_memory": tally_memory,
}
