"""The history only grows, with one exception: what a person may have erased can go, if the erasure is recorded with it.

Nothing else of an entry can be changed, and it can never be put back: see core.erasing and core.seal.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION core_entry_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.id, NEW.fact, NEW.subject_type, NEW.subject_id, NEW.organization_name, NEW.area_path, NEW.at,
             NEW.request_id, NEW.xid)
          = (OLD.id, OLD.fact, OLD.subject_type, OLD.subject_id, OLD.organization_name, OLD.area_path, OLD.at,
             OLD.request_id, OLD.xid)
        AND NEW.organization_id IS NOT DISTINCT FROM OLD.organization_id
        AND ((NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id AND NEW.actor_name = OLD.actor_name)
             OR (NEW.actor_id IS NULL AND NEW.actor_name = '已删除'))
        AND NEW.salt = '00000000-0000-0000-0000-000000000000'
        AND NEW.data->>'_sealed' ~ '^[0-9a-f]{64}$'
        AND (NOT OLD.data ? '_sealed' OR NEW.data->>'_sealed' = OLD.data->>'_sealed')
        AND EXISTS (
            SELECT FROM core_entry WHERE subject_type = 'entry' AND subject_id = OLD.id AND fact = 'EntryErased'
                AND xid = pg_current_xact_id()::text::bigint)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

DROP TRIGGER core_entry_append_only ON core_entry;
CREATE TRIGGER core_entry_append_only BEFORE UPDATE OR DELETE ON core_entry
    FOR EACH ROW EXECUTE FUNCTION core_entry_erasure();
"""

BACKWARD = """
DROP TRIGGER core_entry_append_only ON core_entry;
CREATE TRIGGER core_entry_append_only BEFORE UPDATE OR DELETE ON core_entry
    FOR EACH ROW EXECUTE FUNCTION core_append_only();
DROP FUNCTION core_entry_erasure();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_entry_actor")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
