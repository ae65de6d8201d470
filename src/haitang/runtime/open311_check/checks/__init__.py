"""The 56 checks, in the order of the operations that they are about."""

from haitang.runtime.open311_check.checks import describing, listing, posting
from haitang.runtime.open311_check.checks.register import Check, Outcome, run

CHECKS: tuple[Check, ...] = (*describing.CHECKS, *posting.CHECKS, *listing.CHECKS)
"""C1 to C56."""

__all__ = ["CHECKS", "Check", "Outcome", "run"]
