"""What a fact is: something that has happened, in the past tense, frozen, saying ids rather than rows.

    @dataclass(frozen=True)
    class CaseDispatched(Fact):
        label = _("派遣")
        subject_type = "case"
        field_labels = {"case_id": _("案件"), "opinion": _("处理意见")}
        case_id: Annotated[int, Privacy.INTERNAL]
        opinion: Annotated[str, Privacy.PERSONAL]

The first field is the subject's id. Every field carries its privacy class; a test insists. Fields
are JSON values: text, whole numbers, booleans, None, and lists of these; instants as ISO 8601 text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from django.utils.functional import Promise

Label = str | Promise
"""What people read, in their language: usually a lazy translation."""


_by_name: dict[str, type["Fact"]] = {}


@dataclass(frozen=True)
class Fact:
    """The base of every fact.

    label: what it is called where people read the history; every fact has its own.
    subject_type: what sort of thing it happened to, in one word.
    field_labels: what its fields are called there; the first field's is the name of that sort of thing.
    field_words: by field, what its values read as, where they are words of ours.
    The last two are said once for all facts of an app, in their base.
    """

    label: ClassVar[Label] = ""
    subject_type: ClassVar[str] = ""
    field_labels: ClassVar[Mapping[str, Label]] = {}
    field_words: ClassVar[Mapping[str, Mapping[str, Label]]] = {}

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        _by_name[cls.__name__] = cls

    @property
    def subject_id(self) -> int:
        """The id of what it happened to: the first field."""
        return next(iter(vars(self).values()))

    def as_data(self) -> dict[str, Any]:
        """Return the fields as they are stored in the history and handed to reactions."""
        return dict(vars(self))  # the fields are JSON values already; `asdict` would copy each of them


def from_data(kind: type[Fact], data: Mapping[str, Any]) -> Any:
    """Return the fact that an entry's data tell; what else stands there (which notice was shown) is left out."""
    return kind(**{each.name: data[each.name] for each in fields(kind) if each.name in data})


def fact_named(name: str) -> type[Fact]:
    """Return the fact that entries of the history name so; of one that this release does not know, the base of all."""
    return _by_name.get(name, Fact)


def label_of(name: str) -> str:
    """Return what the fact of that name is called, in the reader's language; the name, where it is not known."""
    return str(fact_named(name).label or name)


def known_facts() -> list[type[Fact]]:
    """Return every fact that the apps here can record, by module and name, without bases and without those of tests.

    Complete once the apps are ready: each app's `facts` is imported then.
    """
    found = [fact for fact in _below(Fact) if ".tests." not in fact.__module__]
    bases = {base for fact in found for base in fact.__bases__}
    return sorted((fact for fact in found if fact not in bases), key=lambda fact: (fact.__module__, fact.__name__))


def _below(kind: type[Fact]) -> Iterator[type[Fact]]:
    for fact in kind.__subclasses__():
        yield fact
        yield from _below(fact)
