"""The rules of whistles as one snapshot: the version that holds, and those under which older whistles were drafted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import read_shipped
from haitang.whistles.models import RuleBook
from haitang.whistles.values import Permission, Rules


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version of the rules by its number, and the one that holds."""

    current: Rules
    by_number: Mapping[int, Rules]

    def of(self, number: int) -> Rules:
        """Return that version; the one that holds for a number that is none."""
        return self.by_number.get(number, self.current)


def shipped_rules() -> dict[str, Any]:
    """Return the content of the rules that the product ships."""
    return read_shipped("whistles", "rules.toml")


def _whole(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return rules with what the release ships in place of tables that they are too old to have."""
    return {"meeting_task": shipped_rules()["meeting_task"], **content}


def _load() -> Versions:
    kept = {row.pk: Rules.read(row.pk, _whole(row.content)) for row in RuleBook.objects.order_by("id")}
    return Versions(kept[max(kept)] if kept else Rules.read(0, shipped_rules()), kept)


RULES: Policy[Versions] = Policy("whistles.rules", _load)


def rules() -> Rules:
    """Return the rules that hold now. Cheap: a snapshot shared by all requests of the process."""
    return RULES.get().current


def rules_of(number: int) -> Rules:
    """Return that version of the rules."""
    return RULES.get().of(number)


def rule_content() -> dict[str, Any]:
    """Return the rules that hold as they are kept; the shipped ones before any were kept."""
    row = RuleBook.objects.order_by("-id").first()
    return _whole(row.content) if row else shipped_rules()


def list_rule_versions(*, viewer: Actor) -> list[RuleBook]:
    """Return the versions of the rules, newest first, at most fifty; raise NotAllowed."""
    require(viewer, Permission.MANAGE, area_path=EVERYWHERE)
    return list(RuleBook.objects.order_by("-id")[:50])
