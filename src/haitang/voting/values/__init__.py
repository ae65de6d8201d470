"""The words of votes, what may stand on a ballot, the box with two locks, and what is published."""

from haitang.voting.values.ballots import Marks, check_marks, weights
from haitang.voting.values.envelopes import Box, Unopened, new_key_code, new_secret, public_half, room_of, seal_ballot
from haitang.voting.values.pabulib import as_pabulib
from haitang.voting.values.published import (
    FORMAT,
    METHODS,
    RECEIPT_LENGTH,
    Unsound,
    canonical,
    check,
    digest_of,
    election_of,
    outcome_of,
    proof_of,
    receipt_hash,
    result_of,
    root_of,
    rule_of,
)
from haitang.voting.values.words import (
    COST_FEN_MAX,
    COUNTING,
    MARKS_MAX,
    NAME_LENGTH_MAX,
    OPTIONS_MAX,
    ROLL_MAX,
    TITLE_LENGTH_MAX,
    VOID,
    WORDS_LENGTH_MAX,
    AlreadyListed,
    AlreadyVoted,
    BadBallot,
    BadVote,
    BallotKind,
    Basis,
    Both,
    Cap,
    NotReconciled,
    OptionDraft,
    Permission,
    Receipt,
    SamePerson,
    Sheet,
    Standing,
    Via,
    VoteNotFound,
    VotePlan,
    Voter,
    WrongKey,
    WrongVoteState,
    WrongVotingCode,
)

__all__ = [
    "COST_FEN_MAX", "COUNTING", "FORMAT", "MARKS_MAX", "METHODS", "NAME_LENGTH_MAX", "OPTIONS_MAX", "RECEIPT_LENGTH",
    "ROLL_MAX", "TITLE_LENGTH_MAX", "VOID", "WORDS_LENGTH_MAX", "AlreadyListed", "AlreadyVoted", "BadBallot",
    "BadVote", "BallotKind", "Basis", "Both", "Box", "Cap", "Marks", "NotReconciled", "OptionDraft", "Permission",
    "Receipt", "SamePerson", "Sheet", "Standing", "Unopened", "Unsound", "Via", "VoteNotFound", "VotePlan", "Voter",
    "WrongKey", "WrongVoteState", "WrongVotingCode", "as_pabulib", "canonical", "check", "check_marks", "digest_of",
    "election_of", "new_key_code", "new_secret", "outcome_of", "proof_of", "public_half", "receipt_hash", "result_of",
    "room_of", "root_of", "rule_of", "seal_ballot", "weights",
]  # fmt: skip
