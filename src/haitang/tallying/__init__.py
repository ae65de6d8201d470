"""How votes become decisions: outcome rules for budgets in exact arithmetic, each result with its reasons.

A library without Django: callers bring plain values (`Election`, `Rule`, …) and make sentences of the reasons. All
comparisons are of whole numbers or fractions, ties are broken as declared: the same result for ever, in any order of
input. The rules are told in docs/tallying.md.
"""

from haitang.tallying.ballots import BallotRefused as BallotRefused
from haitang.tallying.ballots import Kind as Kind
from haitang.tallying.ballots import Question as Question
from haitang.tallying.ballots import points_of as points_of
from haitang.tallying.ballots import votes_of as votes_of
from haitang.tallying.deciding import Choice as Choice
from haitang.tallying.deciding import Verdict as Verdict
from haitang.tallying.deciding import choose as choose
from haitang.tallying.deciding import council as council
from haitang.tallying.deciding import motion as motion
from haitang.tallying.explaining import Explanation as Explanation
from haitang.tallying.explaining import explain as explain
from haitang.tallying.fairness import Claim as Claim
from haitang.tallying.fairness import Fairness as Fairness
from haitang.tallying.fairness import Served as Served
from haitang.tallying.fairness import claims as claims
from haitang.tallying.fairness import fairness as fairness
from haitang.tallying.pots import Pot as Pot
from haitang.tallying.pots import PotOutcome as PotOutcome
from haitang.tallying.pots import tally_pots as tally_pots
from haitang.tallying.rules import Method as Method
from haitang.tallying.rules import Rule as Rule
from haitang.tallying.rules import tally as tally
from haitang.tallying.shares import Completion as Completion
from haitang.tallying.shares import Shares as Shares
from haitang.tallying.shares import Stop as Stop
from haitang.tallying.shares import Worth as Worth
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
