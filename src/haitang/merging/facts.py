"""What can have happened to cases that are one matter. All are noted on cases and counted by `measures`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from haitang.cases.facts import CaseNoted
from haitang.cases.values import Channel, Priority
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]
SHOWN = 5
"""So many numbers of cases stand in a line of the timeline."""


class Together(CaseNoted):
    """What facts of merging have in common: how their fields read, and that residents have a part in them."""

    by_residents = True

    field_labels: ClassVar = {
        **CaseNoted.field_labels,
        "main_id": _("主案件"), "main_number": _("主案件编号"), "joined": _("并入的案件"), "numbers": _("案件编号"),
        "voices": _("我也遇到"), "points": _("分数"), "level": _("优先级"), "repeats": _("重复反映次数"),
        "by_rule": _("按规则标记"), "later_id": _("后来的案件"), "count": _("件数"),
    }  # fmt: skip
    field_words: ClassVar = {
        **CaseNoted.field_words,
        "level": {str(each.value): each.label for each in Priority},
        "channel": dict(Channel.choices),
    }


def _listed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return how many cases a fact names, and the first of their numbers."""
    numbers = list(data.get("numbers", ()))
    return {"n": len(numbers), "numbers": "、".join(numbers[:SHOWN]) + ("…" if len(numbers) > SHOWN else "")}


@dataclass(frozen=True)
class CaseJoined(Together):
    """The case goes along with a main case from now on (并单)."""

    label = _("并入主案件")
    main_id: Id = 0
    main_number: Word = ""
    opinion: Words = ""

    @classmethod
    def heading(cls, data: Mapping[str, Any]) -> str:
        """Return into which case."""
        return gettext("并入主案件 %(number)s") % {"number": data.get("main_number", "")}

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return that one case was merged."""
        return (("merged", 1),)


@dataclass(frozen=True)
class CaseParted(Together):
    """The case goes its own way again (拆单), with the clock it had."""

    label = _("从主案件拆出")
    main_id: Id = 0
    main_number: Word = ""
    opinion: Words = ""

    @classmethod
    def heading(cls, data: Mapping[str, Any]) -> str:
        """Return from which case."""
        return gettext("从主案件 %(number)s 拆出") % {"number": data.get("main_number", "")}

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return that one case was parted."""
        return (("parted", 1),)


@dataclass(frozen=True)
class OthersJoined(Together):
    """Others go along with this main case from now on."""

    label = _("并单")
    numbers: Annotated[list[str], Privacy.INTERNAL] = ()  # type: ignore[assignment]  # a list when it is made
    opinion: Words = ""

    @classmethod
    def heading(cls, data: Mapping[str, Any]) -> str:
        """Return how many and which."""
        said = _listed(data)
        return ngettext("并单：并入 %(n)d 件（%(numbers)s）", "并单：并入 %(n)d 件（%(numbers)s）", said["n"]) % said


@dataclass(frozen=True)
class OthersParted(Together):
    """Others that went along with this main case go their own way again."""

    label = _("拆单")
    numbers: Annotated[list[str], Privacy.INTERNAL] = ()  # type: ignore[assignment]  # a list when it is made
    opinion: Words = ""

    @classmethod
    def heading(cls, data: Mapping[str, Any]) -> str:
        """Return how many and which."""
        said = _listed(data)
        return ngettext("拆单：拆出 %(n)d 件（%(numbers)s）", "拆单：拆出 %(n)d 件（%(numbers)s）", said["n"]) % said


@dataclass(frozen=True)
class MeTooSaid(Together):
    """Somebody else meets with the same (我也遇到). voices: how many have said so by now."""

    label = _("我也遇到")
    voices: Number = 0

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return that one voice was added."""
        return (("me_too", 1),)


@dataclass(frozen=True)
class RequestRepeated(Together):
    """The same person came with the same matter again: linked, not opened anew. opinion: what they said this time.

    later_id: the case that was opened all the same, because this one had ended; 0 for none.
    """

    label = _("重复反映")
    channel: Word = ""
    repeats: Number = 0
    later_id: Id = 0
    opinion: Words = ""

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return that one request was a repeated one."""
        return (("repeat", 1),)


@dataclass(frozen=True)
class PriorityChanged(Together):
    """Voices, joined cases and repeats give the case another priority. level: of values.Priority."""

    label = _("优先级变更")
    level: Word = "0"
    points: Number = 0
    voices: Number = 0
    count: Number = 0
    repeats: Number = 0

    @classmethod
    def heading(cls, data: Mapping[str, Any]) -> str:
        """Return which priority it has now."""
        level = str(data.get("level", "0"))
        return gettext("优先级变更：%(level)s") % {"level": cls.field_words["level"].get(level, level)}


@dataclass(frozen=True)
class DifficultFlagged(Together):
    """The case proves difficult (疑难), by rule or in somebody's judgement."""

    label = _("标记疑难")
    by_rule: Annotated[bool, Privacy.INTERNAL] = False
    opinion: Words = ""

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return that one case was flagged."""
        return (("difficult", 1),)


@dataclass(frozen=True)
class DifficultUnflagged(Together):
    """The case is not held for difficult any more."""

    label = _("取消疑难")
    opinion: Words = ""
