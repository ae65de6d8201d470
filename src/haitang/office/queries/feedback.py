"""What a hotline is told of its tickets: in the columns, and in the order, that its layout names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haitang.cases import queries as case_queries
from haitang.cases.facts import CaseFedBack
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.models import Entry
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.office.models import Ticket
from haitang.office.queries.layouts import shipped_format
from haitang.office.values import AS_TOLD, EMPTY, HotlineFormat
from haitang.territory.queries import territory
from haitang.territory.values import Kind as AreaKind

_NAMED = {"area_code": "area", "organization_code": "organization", "category_code": "category"}
"""A hotline that has areas, desks and classes read by name wants to see names again."""


def feedback_words() -> dict[str, Column]:
    """Return what the feedback file can say of a ticket, by its word: our own columns, without who reported it."""
    ours = {column.name: column for column in case_queries.case_columns()}
    said = (
        "external_id", "reported_at", "number", "kind", "category", "category_code", "description", "place", "area",
        "area_code", "status", "organization", "organization_code", "closed_at", "opinion", "solved",
    )  # fmt: skip
    return {name: ours[name] for name in said} | {
        "street": Column("street", "街道（乡镇）", width=20),
        "changed_at": Column("changed_at", "更新时间", kind=Cell.INSTANT, width=20),
    }


def feedback_word(title: str) -> str:
    """Return the word of what people call so (a title, an alias, or the word itself), "" where there is none."""
    for name, column in feedback_words().items():
        if title in (name, column.title, *column.aliases):
            return name
    return ""


def feedback_columns(layout: HotlineFormat) -> tuple[Column, ...]:
    """Return the columns of the feedback file in its order, each named by the header, its name the word it holds.

    A layout that names none goes back as the shipped one does, under its own headers for what it reads.
    """
    words = feedback_words()
    return tuple(
        replace(words[word], title=header, choices={}) if word in words else Column(word, header)
        for header, word in _named(layout)
    )


def _named(layout: HotlineFormat) -> Sequence[tuple[str, str]]:
    """Return (header, word) of each column, every word settled: one of ours, AS_TOLD with the header, or EMPTY."""
    if not layout.feedback:
        own = {_NAMED.get(word, word): header for header, word in layout.columns.items()}
        return [(own.get(word, header), word) for header, word in shipped_format().feedback]
    return [(header, word or _settled(layout, header)) for header, word in layout.feedback]


def _settled(layout: HotlineFormat, header: str) -> str:
    if header in layout.kept:
        return f"{AS_TOLD}{header}"
    read_as = layout.columns.get(header, "")
    return feedback_word(_NAMED.get(read_as, read_as)) or feedback_word(header) or EMPTY


def list_feedback(
    *, viewer: Actor, layout: HotlineFormat, source: str, from_at: datetime, to_at: datetime
) -> list[tuple[Any, ...]]:
    """Return how every ticket of that source and period stands here, as `feedback_columns`, oldest first.

    What a case is (its kind) is said in the hotline's own word, and what the layout keeps as the hotline told it.
    """
    tickets = {
        ticket.case_id: ticket
        for ticket in Ticket.objects.filter(
            source=source, case__reported_at__gte=from_at, case__reported_at__lt=to_at
        ).order_by("case__reported_at", "case_id")
    }
    cases = {case.pk: case for case in case_queries.list_chosen(viewer=viewer, case_ids=list(tickets))}
    answers = Entry.objects.filter(subject_type="case", subject_id__in=list(cases), fact=CaseFedBack.__name__)
    told = dict(answers.order_by("id").values_list("subject_id", "data__opinion"))
    kinds = {kind: word for word, kind in reversed(list(layout.kinds.items()))}
    words = [column.name for column in feedback_columns(layout)]
    rows = []
    for view in case_queries.describe([cases[case_id] for case_id in tickets if case_id in cases]):
        ticket = tickets[view.case.pk].columns
        said = _said(view, kinds) | {"opinion": told.get(view.case.pk)}
        rows.append(
            tuple(
                ticket.get(word.removeprefix(AS_TOLD)) if word.startswith(AS_TOLD) else said.get(word) for word in words
            )
        )
    return rows


def _said(view: Any, kinds: dict[str, str]) -> dict[str, Any]:
    """Return what can be said of a case, by the words of the feedback file."""
    case = view.case
    desk = view.organization if case.organization_id else None
    street = next((area for area in territory().chain(case.area_id) if area.kind in _STREETS), None)
    return {
        "external_id": case.external_id, "reported_at": case.reported_at, "number": case.number,
        "kind": kinds.get(case.kind, str(case.get_kind_display())), "description": case.description,
        "category": view.category.name if view.category else None,
        "category_code": view.category.code if view.category else None, "place": case.place,
        "area": view.area.name if view.area else None, "area_code": view.area.code if view.area else None,
        "street": street.name if street else None, "status": str(case.get_status_display()),
        "organization": desk.name if desk else None, "organization_code": desk.code if desk else None,
        "changed_at": case.changed_at, "closed_at": case.closed_at, "solved": case.is_solved,
    }  # fmt: skip


_STREETS = (AreaKind.STREET, AreaKind.TOWN, AreaKind.TOWNSHIP)


def read_feedback(text: str) -> tuple[tuple[str, str], ...]:
    """Return the columns that lines name: a header, or “header = what stands in it” by our own title; raise Invalid."""
    named = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        header, equals, title = (part.strip() for part in line.replace("＝", "=").partition("="))
        word = feedback_word(title) if title else ""
        if equals and not word:
            refusal = _("“%(line)s”：本系统没有这一栏，可写：%(titles)s") % {
                "line": line, "titles": "、".join(column.title for column in feedback_words().values()),
            }  # fmt: skip
            raise Invalid(refusal, {"feedback": refusal})
        named.append((header, word))
    return tuple(named)


def feedback_lines(layout: HotlineFormat) -> str:
    """Return the columns as `read_feedback` reads them."""
    words = feedback_words()
    return "\n".join(f"{header} = {words[word].title}" if word else header for header, word in layout.feedback)
