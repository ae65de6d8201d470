"""Who does what, and what goes with what: proven best assignments in bare numbers, each with its reasons.

A library without Django: callers bring plain values (`Task`, `Person`, …) and the weights of their office, and make
sentences of the reasons. Costs are integers, so "best" is exact, and the same on every run and in any order of input.
"""

from haitang.matching.assigning import assign as assign
from haitang.matching.planning import Match as Match
from haitang.matching.planning import Pair as Pair
from haitang.matching.planning import Plan as Plan
from haitang.matching.planning import plan as plan
from haitang.matching.terms import Assignment as Assignment
from haitang.matching.terms import Figures as Figures
from haitang.matching.terms import Lack as Lack
from haitang.matching.terms import Parts as Parts
from haitang.matching.terms import Person as Person
from haitang.matching.terms import Proposal as Proposal
from haitang.matching.terms import Task as Task
from haitang.matching.terms import Unmet as Unmet
from haitang.matching.terms import Weights as Weights
from haitang.matching.terms import Wish as Wish
from haitang.matching.terms import minute_of as minute_of
from haitang.matching.wording import Likenesses as Likenesses
from haitang.matching.wording import shared as shared
from haitang.matching.wording import similarities as similarities
from haitang.matching.wording import similarity as similarity
