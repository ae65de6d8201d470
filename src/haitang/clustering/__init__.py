"""Opinion groups: who answers alike, what each group stands for, and what all of them agree on.

A library without Django: callers bring votes on statements under any ids, and the constants of their office. Who has
not voted on a statement has no opinion of it here, in any figure. The outcome depends on the votes alone: neither on
chance, nor on earlier runs, nor on the order or the ids of people.
"""

from haitang.clustering.opinions import find_groups as find_groups
from haitang.clustering.terms import AGREE as AGREE
from haitang.clustering.terms import DISAGREE as DISAGREE
from haitang.clustering.terms import PASS as PASS
from haitang.clustering.terms import Common as Common
from haitang.clustering.terms import Group as Group
from haitang.clustering.terms import Opinions as Opinions
from haitang.clustering.terms import Rules as Rules
from haitang.clustering.terms import Statement as Statement
from haitang.clustering.terms import Tally as Tally
from haitang.clustering.terms import Telling as Telling
from haitang.clustering.votes import Votes as Votes
