"""How votes become decisions: outcome rules for budgets in exact arithmetic, each result with its reasons.

A library without Django: callers bring plain values (`Election`, `Rule`, …) and make sentences of the reasons. All
comparisons are of whole numbers or fractions, ties are broken as declared: the same result for ever, in any order of
input.
"""

from haitang.tallying.rules import Method as Method
from haitang.tallying.rules import Rule as Rule
from haitang.tallying.rules import tally as tally
from haitang.tallying.terms import Cap as Cap
from haitang.tallying.terms import Election as Election
from haitang.tallying.terms import Fate as Fate
from haitang.tallying.terms import Limits as Limits
from haitang.tallying.terms import Outcome as Outcome
from haitang.tallying.terms import Project as Project
from haitang.tallying.terms import Reason as Reason
from haitang.tallying.terms import Turnout as Turnout
from haitang.tallying.terms import Votes as Votes
from haitang.tallying.terms import Why as Why
