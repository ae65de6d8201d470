"""What a fact is: something that has happened, in the past tense, frozen, saying ids rather than rows.

    @dataclass(frozen=True)
    class CaseDispatched(Fact):
        subject_type = "case"
        case_id: Annotated[int, Privacy.INTERNAL]
        opinion: Annotated[str, Privacy.PERSONAL]

The first field is the subject's id. Every field carries its privacy class; a test insists. Fields
are JSON values: text, whole numbers, booleans, None, and lists of these; instants as ISO 8601 text.
"""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True)
class Fact:
    """The base of every fact. subject_type: what sort of thing it happened to, in one word."""

    subject_type: ClassVar[str] = ""

    @property
    def subject_id(self) -> int:
        """The id of what it happened to: the first field."""
        return getattr(self, fields(self)[0].name)

    def as_data(self) -> dict[str, Any]:
        """Return the fields as they are stored in the history and handed to reactions."""
        return dict(vars(self))  # the fields are JSON values already; `asdict` would copy each of them
