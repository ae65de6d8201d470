"""Catalogues and settings: shipped by a release, changed in the office."""

from django.db import transaction

from haitang.volunteers.models import CatalogueItem
from haitang.volunteers.queries import RULES
from haitang.volunteers.values import shipped_catalogue


@transaction.atomic
def ship_volunteer_catalogue() -> list[str]:
    """Bring the shipped catalogues to what this release's data file says, and return the codes of what changed.

    Runs after every migration, by nobody, and records nothing: the release is the record. What was changed in this
    installation is left alone, and so is a name that the office has given to something of its own.
    """
    rows = {(row.kind, row.code): row for row in CatalogueItem.objects.select_for_update(no_key=True)}
    names = {(row.kind, row.name) for row in rows.values()}
    changed = []
    for each in shipped_catalogue():
        row = rows.get((each.kind, each.code))
        if row is None and (each.kind, each.name) not in names:
            CatalogueItem.objects.create(
                kind=each.kind, code=each.code, name=each.name, group=each.group, source=each.source, is_shipped=True
            )
        elif row is not None and row.is_shipped and (row.name, row.group, row.source) != (
            each.name, each.group, each.source,
        ):  # fmt: skip
            row.name, row.group, row.source = each.name, each.group, each.source
            row.save(update_fields=["name", "group", "source"])
        else:
            continue
        changed.append(each.code)
    if changed:
        RULES.touch()
    return changed
