"""The index of the looks at what is masked (`core.looks`); built while the office works, anew after an interruption."""

from django.db import migrations, models

LOOKS = (
    models.Q(fact__endswith="Unmasked")
    | models.Q(fact__endswith="ContactSeen")
    | models.Q(data__contains={"unmasked": True})
    | models.Q(data__contains={"in_full": True})
)
INDEX = models.Index(
    fields=["at", "id"], include=["area_path", "actor_name", "fact"], name="core_entry_looks", condition=LOOKS
)
GONE = "DROP INDEX CONCURRENTLY IF EXISTS core_entry_looks"
BUILT = (
    "CREATE INDEX CONCURRENTLY core_entry_looks ON core_entry (at, id) INCLUDE (area_path, actor_name, fact) WHERE"
    " fact LIKE '%Unmasked' OR fact LIKE '%ContactSeen'"
    """ OR data @> '{"unmasked": true}' OR data @> '{"in_full": true}'"""
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("core", "0005_lawful_erasure")]
    operations = [migrations.RunSQL([GONE, BUILT], [GONE], [migrations.AddIndex("entry", INDEX)])]
