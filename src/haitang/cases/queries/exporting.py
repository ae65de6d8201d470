"""Cases as rows of a table, however many: read by a cursor on the server, in constant memory."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Func, TextField

from haitang.cases.queries.cases import CaseFilter, filter_cases
from haitang.cases.queries.catalog import catalog
from haitang.cases.queries.columns import asked_labels
from haitang.cases.values import Stage
from haitang.core import crypto
from haitang.core.access import Actor
from haitang.core.privacy import mask_name, mask_phone
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

_CHUNK_ROWS = 2_000
_FIELDS = (
    "number", "external_source", "external_id", "kind", "channel", "category_id", "description", "place", "lon", "lat",
    "area_id", "status", "organization_id", "occurred_at", "reported_at", "closed_at", "deadlines", "is_solved",
    "score", "reporter__name_sealed", "reporter__phone_sealed", "answers",
)  # fmt: skip


def list_answered(*, viewer: Actor, wanted: CaseFilter, now: datetime) -> list[str]:
    """Return the labels of the questions that the cases of `iter_case_rows` have answered, as the catalogue asks them.

    Those that nobody asks any more come last, by name.
    """
    each = Func(
        F("answers"), template="jsonb_path_query(%(expressions)s, '$.* ? (@.text != \"\").label') #>> '{}'",
        output_field=TextField(),
    )  # fmt: skip
    rows = filter_cases(viewer=viewer, wanted=wanted, now=now).exclude(answers={}).annotate(each=each)
    found = set(rows.values_list("each", flat=True).distinct())
    asked = [label for label in asked_labels(catalog()) if label in found]
    return [*asked, *sorted(found.difference(asked))]


def iter_case_rows(
    *, viewer: Actor, wanted: CaseFilter, now: datetime, unmasked: bool, labels: Sequence[str] = ()
) -> Iterator[tuple[Any, ...]]:
    """Yield the cases that the viewer may see and the filter asks for, oldest first, as rows of `case_columns`.

    labels: questions whose answers follow in each row, in this order.
    For `actions.export_cases`, which asks whether it may and records that it was done.
    Holds a transaction open for as long as it is read.
    """
    known, areas, desks = catalog(), territory(), organizations()
    rows = filter_cases(viewer=viewer, wanted=wanted, now=now).order_by("reported_at", "id").values_list(*_FIELDS)
    with transaction.atomic():  # outside of one, the cursor would copy the whole result first
        for (
            number, source, external_id, kind, channel, category_id, description, place, lon, lat, area_id, status,
            desk_id, occurred_at, reported_at, closed_at, deadlines, is_solved, score, name_sealed, phone_sealed,
            answers,
        ) in rows.iterator(chunk_size=_CHUNK_ROWS):  # fmt: skip
            category = known.by_id.get(category_id)
            area, desk = areas.get(area_id), desks.by_id(desk_id)
            name = crypto.open_(name_sealed, "reporter.name") if name_sealed else ""
            phone = crypto.open_(phone_sealed, "reporter.phone") if phone_sealed else ""
            told = {each["label"]: each["text"] for each in answers.values()} if answers else {}
            target = deadlines.get(Stage.HANDLE.value, {}).get("due_at")
            yield (
                number, source, external_id, kind, channel, category.code if category else None,
                category.name if category else None, description, place, lon, lat, area.code if area else None,
                areas.full_name(area_id), status, desk.code if desk else None, desk.name if desk else None,
                name if unmasked else mask_name(name), phone if unmasked else mask_phone(phone), occurred_at,
                reported_at, datetime.fromisoformat(target) if target else None, closed_at, is_solved, score, None,
                *(told.get(label) for label in labels),
            )  # fmt: skip
