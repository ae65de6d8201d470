"""The settings in force, and the papers of open votes: what is fixed is read once."""

from collections.abc import Mapping
from functools import cache, lru_cache, partial
from typing import Any

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.voting.models import Vote, VotingSetting
from haitang.voting.values import Permission, room_of

SETTINGS = Settings(cache(partial(read_shipped, "voting", "settings.toml")), VotingSetting)
RULES: Policy[Mapping[str, Any]] = Policy("voting.rules", SETTINGS.values)


def rules() -> Mapping[str, Any]:
    """Return the settings as of now: those changed in the office over those shipped."""
    return RULES.get()


def list_voting_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()


@lru_cache(maxsize=64)
def fixed_paper(vote_id: int, digest: str) -> tuple[Mapping[str, Any], tuple[bytes, bytes], int]:
    """Return an opened vote's paper, the public halves of its keys, and the room of its envelopes.

    digest: as it was read just now.
    """
    row = Vote.objects.only("paper", "key_one", "key_two").get(pk=vote_id, digest=digest)
    return row.paper, (bytes(row.key_one), bytes(row.key_two)), room_of(row.paper)
