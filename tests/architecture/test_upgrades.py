"""While an upgrade is rolled out, processes of the former release work on the new release's tables.

`released_schema.txt` says what the former release knows of the database: every table and column, and what may keep a
row out. The tables as they are now are held against it, however a migration was written. Expand, deploy, contract: what
is added must be silent for who does not know it, and what is dropped must have been forgotten a release earlier.
With a release it is written anew: `HAITANG_RELEASE=1 pytest tests/architecture/test_upgrades.py`; before the first one,
whenever that is easier.
"""

import os
from pathlib import Path

import pytest
from django.db import connection

SNAPSHOT = Path(__file__).with_name("released_schema.txt")
ALLOWED: dict[str, str] = {}
"""What is stricter than it was ("column cases_case.title"), and why the former release does not trip over it."""

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> ''
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
"""
_RULES = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid),
       (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum = ANY(k.conkey))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND k.contype IN ('c', 'u', 'x', 'f')
UNION ALL
SELECT c.relname, i.relname, pg_get_indexdef(i.oid),
       (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum = ANY(x.indkey::int2[]))
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND x.indisunique AND NOT x.indisprimary
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid)
UNION ALL
SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), NULL
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND NOT t.tgisinternal
"""


def schema_now() -> set[str]:
    """A line for each column, and for each rule that may keep a row out (constraint, unique index, trigger)."""
    lines = set()
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column, kind, is_required, is_filled in cursor.fetchall():
            must = "required" if is_required and not is_filled else "filled" if is_required else "optional"
            lines.add(f"column {table}.{column} {must} {kind}")
        cursor.execute(_RULES)
        for table, name, text, columns in cursor.fetchall():
            lines.add(f"rule {table}.{name} {columns or '-'} {' '.join(text.split())}")
    return lines


def objections(former: set[str], now: set[str]) -> list[str]:
    """What of the schema would trip processes that know the former one alone."""
    before, after = _columns(former), _columns(now)
    tables = {name.partition(".")[0] for name in before}
    found = []
    for name, (must, kind) in before.items():
        if name not in after:
            found.append(f"column {name}: gone, while the former release still reads it")
        elif after[name][1] != kind:
            found.append(f"column {name}: {kind} became {after[name][1]}")
        elif must == "optional" and after[name][0] != "optional":
            found.append(f"column {name}: may no longer be empty, while the former release leaves it so")
        elif must == "filled" and after[name][0] == "required":
            found.append(f"column {name}: lost its default, while the former release relies on it")
    found += [
        f"column {name}: required without db_default; the former release does not fill it"
        for name in after.keys() - before.keys()
        if name.partition(".")[0] in tables and after[name][0] == "required"
    ]
    known = {line.split(" ")[1] for line in former if line.startswith("rule ")}
    for line in now - former:
        kind, name, columns, *text = line.split(" ")
        table = name.partition(".")[0]
        is_about_new = any(f"{table}.{column}" in after.keys() - before.keys() for column in columns.split(","))
        if name in known and text[:2] == ["CREATE", "TRIGGER"]:
            continue  # what its function refuses does not stand here: its tests say that
        if kind == "rule" and table in tables and not is_about_new:
            how = "changed" if name in known else "new"
            found.append(f"rule {name}: {how}; would it refuse what the former release writes?")
    return sorted(line for line in found if line.partition(":")[0] not in ALLOWED)


def _columns(lines: set[str]) -> dict[str, tuple[str, str]]:
    split = (line.split(" ", 3) for line in lines if line.startswith("column "))
    return {name: (must, kind) for _column, name, must, kind in split}


def test_the_former_release_can_work_on_the_tables_as_they_are(db):
    if os.environ.get("HAITANG_RELEASE"):
        SNAPSHOT.write_text("\n".join(sorted(schema_now())) + "\n", "utf-8")
    found = objections(set(SNAPSHOT.read_text("utf-8").splitlines()), schema_now())
    assert not found, "\n".join([*found, "see docs/dangers/migrations.md, and the head of this file"])


def test_every_allowance_has_its_reason_and_its_use():
    former = SNAPSHOT.read_text("utf-8")
    assert all(reason for reason in ALLOWED.values())
    assert not [name for name in ALLOWED if name.split(".")[0].split(" ")[1] not in former]


FORMER = {
    "column bell.id filled bigint",
    "column bell.tone required text",
    "column bell.note optional text",
    "rule bell.bell_tone_key tone UNIQUE (tone)",
    "rule bell.guard - CREATE TRIGGER guard A",
}


@pytest.mark.parametrize(
    ("gone", "come", "said"),
    [
        (set(), set(), []),
        (set(), {"column bell.size optional integer", "column bell.weight filled integer"}, []),
        (set(), {"column rope.id required bigint", "rule rope.rope_pk id CHECK (true)"}, []),
        (set(), {"column bell.size optional integer", "rule bell.bell_size_key size UNIQUE (size)"}, []),
        ({"rule bell.bell_tone_key tone UNIQUE (tone)"}, set(), []),
        ({"column bell.note optional text"}, set(), ["column bell.note: gone"]),
        ({"column bell.note optional text"}, {"column bell.note optional bigint"},
         ["column bell.note: text became bigint"]),
        ({"column bell.note optional text"}, {"column bell.note filled text"},
         ["column bell.note: may no longer be empty"]),
        ({"column bell.id filled bigint"}, {"column bell.id required bigint"}, ["column bell.id: lost its default"]),
        ({"column bell.tone required text"}, {"column bell.tone optional text"}, []),
        (set(), {"column bell.size required integer"}, ["column bell.size: required without db_default"]),
        (set(), {"rule bell.bell_note_key note UNIQUE (note)"}, ["rule bell.bell_note_key: new"]),
        ({"rule bell.bell_tone_key tone UNIQUE (tone)"}, {"rule bell.bell_tone_key tone UNIQUE (note)"},
         ["rule bell.bell_tone_key: changed"]),
        (set(), {"rule bell.refuse - CREATE TRIGGER refuse"}, ["rule bell.refuse: new"]),
        ({"rule bell.guard - CREATE TRIGGER guard A"}, {"rule bell.guard - CREATE TRIGGER guard B"}, []),
    ],
)  # fmt: skip
def test_what_would_trip_the_former_release_is_named(gone, come, said):
    found = objections(FORMER, FORMER - gone | come)
    assert len(found) == len(said)
    assert all(line.startswith(start) for line, start in zip(found, said, strict=True))
